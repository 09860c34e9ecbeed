"""The merge of several graphs: what two of them state, it holds once (SPARQL 1.1 Query section 13.1)."""

import pytest
from gcm.errors import QueryError
from gcm.query.clauses import graphs_of
from gcm.query.dataset import evaluate_merged
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

EXAMPLE = "http://example.org/"
GRAPHS = tuple(f"{EXAMPLE}g{number}" for number in range(3))


def node(name: str) -> NamedNode:
    return NamedNode(EXAMPLE + name)


def count(store: Store, text: str = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", *graphs: str) -> int:
    results = evaluate_merged(store, text, default_graphs=graphs, named_graphs=())
    assert isinstance(results, QuerySolutions)
    return int(next(iter(results))["n"].value)


STATEMENTS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.integers(0, 2)), max_size=20
)


@given(STATEMENTS, st.lists(st.sampled_from(GRAPHS), min_size=1, max_size=4))
def test_default_graph_is_the_set_of_what_its_graphs_state(
    statements: list[tuple[str, str, int]], asked: list[str]
) -> None:
    store = Store()
    for subject, value, place in statements:
        store.add(Quad(node(subject), node("p"), Literal(value), NamedNode(GRAPHS[place])))
    expected = {(subject, value) for subject, value, place in statements if GRAPHS[place] in asked}
    clauses = " ".join(f"FROM <{each}>" for each in asked)
    assert count(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", *asked) == len(expected)
    assert count(store, f"SELECT (COUNT(*) AS ?n) {clauses} {{ ?s ?p ?o }}") == len(expected)


def test_merge_keeps_blank_nodes_and_hides_all_else() -> None:
    store = Store()
    blank = BlankNode()
    for graph in GRAPHS[:2]:
        store.add(Quad(blank, node("p"), Literal(1), NamedNode(graph)))
    store.add(Quad(blank, node("p"), Literal(2), DefaultGraph()))
    text = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . GRAPH ?g { ?s ?p ?o } }"
    results = evaluate_merged(store, text, default_graphs=GRAPHS[:2], named_graphs=GRAPHS[:1])
    assert isinstance(results, QuerySolutions)
    assert next(iter(results))["n"].value == "1"


@pytest.mark.parametrize(
    ("text", "default", "named"),
    [
        ("SELECT * { ?s ?p 'FROM <http://e/>' } # FROM <http://e/>", (), ()),
        ("ASK FROM <http://e/> {}", ("http://e/",), ()),
        ("ASK FROM NAMED <http://e/> {}", (), ("http://e/",)),
        ("PREFIX x: <http://e/> ask from x:a FROM named x:b {}", ("http://e/a",), ("http://e/b",)),
        ("BASE <http://e/> CONSTRUCT {} FROM <a> FROM <b> WHERE {}", ("http://e/a", "http://e/b"), ()),
        ("PREFIX select: <http://e/> SELECT * FROM select:a {}", ("http://e/a",), ()),
        ("SELECT * FROM nothing:a FROM <b> {}", (), ()),  # no SPARQL: the engine says why
        ("SELECT * FROM", (), ()),
        ("SELECT * FROM NAMED", (), ()),
        ("ASK FROM<http://e/>FROM NAMED<http://f/>{}", ("http://e/",), ("http://f/",)),
        ("ASK FROM#a comment\n<http://e/> {}", ("http://e/",), ()),
        ("PREFIX : <http://e/> SELECT(1 AS ?x)FROM :a{}", ("http://e/a",), ()),
        ("PREFIX from: <http://e/> SELECT (from:a AS ?x) FROM from:b { ?s from:c ?o }", ("http://e/b",), ()),
        (
            "PREFIX named: <http://e/> ASK FROM named:a FROM NAMED named:b {}",
            ("http://e/a",),
            ("http://e/b",),
        ),
        ("PREFIX FROM: <http://e/> DESCRIBE ?x FROM:a FROM FROM:b {}", ("http://e/b",), ()),
        ("PREFIX a: <http://e/> ASK { ?s a:FROM ?from . ?s a:x 'FROMx:a', 1@from }", (), ()),
    ],
)
def test_graphs_of_a_query(text: str, default: tuple[str, ...], named: tuple[str, ...]) -> None:
    assert graphs_of(text) == (default, named)


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX x: <http://e/> SELECT * FROMx:a FROMx:b { ?s ?p ?o }",
        "PREFIX : <http://e/> ASK FROM:a {}",
        "PREFIX x: <http://e/> SELECT * FROM NAMEDx:a {}",
        "PREFIX x: <http://e/> SELECT * FROMNAMEDx:a {}",
        "ASK FROMNAMED <http://e/> {}",
        "ASKFROM <http://e/> FROM <http://f/> {}",
        "CONSTRUCTFROM <http://e/> WHERE { ?s ?p ?o }",
        "PREFIX x: <http://e/> DESCRIBE ?s FROMx:a { ?s ?p ?o }",
        "PREFIX x: <http://e/> PREFIX FROMx: <http://f/> SELECT * FROMx:a {}",  # two ways to read it
    ],
)
def test_keywords_run_together_are_a_mistake(text: str) -> None:
    with pytest.raises(QueryError, match="run together") as caught:
        evaluate_merged(Store(), text, default_graphs=(), named_graphs=())
    assert (caught.value.line, "FROM" in caught.value.near or "NAMED" in caught.value.near) == (1, True)


def test_disjoint_graphs_are_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gcm.query.dataset._merge", lambda *_: pytest.fail("nothing states anything twice"))
    store = Store()
    for number, graph in enumerate(GRAPHS):
        store.add(Quad(node("a"), node("p"), Literal(number), NamedNode(graph)))
    assert count(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", *GRAPHS) == 3


def test_mistake_is_told_before_graphs_are_copied() -> None:
    with pytest.raises(QueryError, match="Line 1"):
        evaluate_merged(Store(), "SELECT nonsense", default_graphs=GRAPHS[:2], named_graphs=())
