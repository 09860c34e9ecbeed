"""One query in this process: graphs, errors with their place, forms."""

import csv
from io import BytesIO, StringIO
from pathlib import Path
from unittest import mock
from xml.etree import ElementTree

import pytest
from gcm.errors import QueryError
from gcm.query import evaluate, kind_of, write
from gcm.query.engine import may_make_commas
from gcm.query.well_formed import WellFormed
from gcm.vocab import DATASET, PREFIXES
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

ALL = "SELECT * WHERE { ?s ?p ?o }"
ONE, TWO, NONE = f"{DATASET}one", f"{DATASET}two", f"{DATASET}none"


@pytest.fixture(scope="module")
def store(small_store: Path) -> Store:
    return Store.read_only(str(small_store / "current" / "store"))


def count(store: Store, text: str, **graphs: list[str]) -> int:
    results = evaluate(store, text, **graphs)  # type: ignore[arg-type]  # two of its parameters
    assert isinstance(results, QuerySolutions)
    return len(list(results))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("SELECT * WHERE { ?s <http://example.org/p> ?o }", 1),  # said twice, one triple of the merge
        ("SELECT ?g WHERE { GRAPH ?g { ?s <http://example.org/p> ?o } }", 2),  # said by two
        (f"SELECT * FROM <{ONE}> WHERE {{ ?s ?p ?o }}", 1),
        (f"SELECT * FROM <{NONE}> WHERE {{ ?s ?p ?o }}", 0),  # not ours: empty, not everything
        (f"SELECT * FROM NAMED <{ONE}> WHERE {{ ?s ?p ?o }}", 0),  # no FROM: the default graph is empty
        (f"SELECT ?g FROM NAMED <{ONE}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}", 1),
    ],
)
def test_graphs_of_the_query(store: Store, text: str, rows: int) -> None:
    assert count(store, text) == rows


@pytest.mark.parametrize(
    ("default", "named", "plain", "inside"),
    [
        ([ONE], [], 1, 0),  # SPARQL 1.1 Protocol section 2.1.4: exactly the dataset that was asked for
        ([], [ONE, TWO], 0, 2),
        ([ONE], [TWO], 1, 1),
        ([NONE], [NONE], 0, 0),
    ],
)
def test_graphs_of_the_request_replace_those_of_the_query(
    store: Store, default: list[str], named: list[str], plain: int, inside: int
) -> None:
    graphs = {"default_graphs": default, "named_graphs": named}
    many = f"FROM <{DATASET}many> FROM NAMED <{DATASET}many>"
    assert count(store, f"SELECT * {many} WHERE {{ ?s ?p ?o }}", **graphs) == plain
    assert count(store, f"SELECT * {many} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}", **graphs) == inside


def test_graph_must_be_an_iri(store: Store) -> None:
    with pytest.raises(QueryError, match="absolute IRI"):
        evaluate(store, ALL, default_graphs=["not an iri"])


@pytest.mark.parametrize("name", PREFIXES)
@pytest.mark.parametrize("text", ["ASK {{ ?s ?p {}:x }}", "ASK{{?s(^{0}:x/!{0}:y)*{0}:z}}"])
def test_each_of_our_prefixes_is_found(store: Store, name: str, text: str) -> None:
    assert kind_of(evaluate(store, text.format(name))) == "ask"


def test_our_prefixes_need_no_declaration(store: Store) -> None:
    assert count(store, "SELECT * FROM gcmd:one WHERE { ?s ?p ?o }") == 1


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("SELCT * WHERE { ?s ?p ?o }", 1, 1, "near “SELCT"),
        ("SELECT * WHERE {\n  ?s ?p ?o .\n  FILTR(?s = 1)\n}", 3, 3, "near “FILTR(?s = 1)”"),
        ("SELECT * WHERE {\n  ?s a gcm:Pledge\n  ?s gcm:date ?o\n}", 3, 3, "near “?s gcm:date"),
        ("SELECT * WHERE { FILTER(?x > ) }", 1, 30, "near “) }”"),
        ("SELECT * WHERE { ?s ?p ?o } ORDER ?s", 1, 35, "near “?s”"),
        ("SELECT * WHERE { ?s ?p ?o } LIMIT ten", 1, 35, "near “ten”"),
        ("SELECT * WHERE { ?s ?p ?o }}", 1, 28, "near “}”"),
        ("SELECT * WHERE { ?s ?p ?o", 1, 26, "the text ends: this is not SPARQL; expected , or . or ; or"),
        ("SELECT *\nWHERE { ?s nope:p ?o }", 2, 12, "near “nope:p ?o }”: the prefix"),
        ("SELECT *\nWHERE { ?s <http://a b> ?o }", 2, 12, "near “<http://a b> ?o }”: this is not an IRI"),
        ("SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o }", 1, 41, "GROUP BY"),
        ("", 1, 1, "the text ends"),
    ],
)
def test_syntax_error_has_its_place(store: Store, text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(QueryError) as caught:
        evaluate(store, text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "kind", "media_type", "start"),
    [
        (ALL, "select", "text/csv", b"o,p,s"),
        ("ASK { ?s ?p ?o }", "ask", "text/csv", b"true"),
        ("ASK { ?s ?p ?o }", "ask", "application/sparql-results+json", b'{"head":{},"boolean":true}'),
        ("DESCRIBE <http://example.org/a>", "graph", "application/n-triples", b"<http://example.org/a>"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "graph", "application/ld+json", b"["),
    ],
)
def test_engine_writes_each_kind(store: Store, text: str, kind: str, media_type: str, start: bytes) -> None:
    results = evaluate(store, text)
    output = BytesIO()
    assert kind_of(results) == kind
    write(results, output, media_type=media_type)
    assert output.getvalue().startswith(start)


def test_csv_is_read_back_whatever_the_values_hold() -> None:
    store, subject, says = (
        Store(),
        NamedNode("http://example.org/Convention,_1997"),
        NamedNode("http://example.org/p"),
    )
    values: list[NamedNode | Literal] = [
        NamedNode("http://example.org/a,b"),
        Literal('“a”, "b"\r\nc', language="en"),
        Literal(""),
        Literal(" 7"),
    ]
    store.extend(Quad(subject, says, value) for value in values)
    output = BytesIO()
    write(evaluate(store, "SELECT ?s ?o ?none { ?s ?p ?o }"), output, media_type="text/csv")
    head, *rows = csv.reader(StringIO(output.getvalue().decode(), newline=""))
    assert head == ["s", "o", "none"]
    assert sorted(rows) == sorted([subject.value, value.value, ""] for value in values)


def test_csv_without_commas_in_addresses_is_the_same_from_the_engine(world_store: Store) -> None:
    written = []
    for has_commas in (True, False):
        output = BytesIO()
        results = evaluate(world_store, "SELECT * { ?s ?p ?o OPTIONAL { ?o ?q ?r } }")
        write(results, output, media_type="text/csv", has_commas=has_commas)
        written.append(output.getvalue())
    assert written[0].count(b"\n") > 1000
    assert written[0] == written[1]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (<http://example.org/a,b> AS ?x) {}",
        "PREFIX x: <http://example.org/,> SELECT (x:y AS ?x) {}",
        "SELECT (gcm:a\\,b AS ?x) {}",
        "SELECT (<http://example.org/\\u002C> AS ?x) {}",
        'SELECT (IRI("http://example.org/a,b") AS ?x) {}',
        'SELECT (uri # why\n("http://example.org/a,b") AS ?x) {}',
        'SELECT (\\u0049RI("http://example.org/a,b") AS ?x) {}',
        "SELECT (TRIPLE(gcm:a, gcm:b, 1) AS ?x) {}",
        "SELECT (<<( gcm:a gcm:b 1 )>> AS ?x) {}",
    ],
)
def test_queries_that_make_addresses_with_commas_are_known(text: str) -> None:
    assert may_make_commas(text)


@pytest.mark.parametrize("text", ["SELECT ?iri $uri { ?iri ?p 'a,b' , 3 }", "ASK { gcm:a a gcm:Triples }"])
def test_other_queries_are_left_to_the_engine(text: str) -> None:
    assert not may_make_commas(text)


def test_long_csv_comes_in_pieces(store: Store) -> None:
    pieces: list[bytes] = []
    output = mock.Mock(write=lambda piece: pieces.append(bytes(piece)))
    numbers = " ".join(map(str, range(3000)))
    write(evaluate(store, f"SELECT * {{ VALUES ?number {{ {numbers} }} }}"), output, media_type="text/csv")
    assert len(pieces) == 3
    assert b"".join(pieces).split() == [b"number", *(str(number).encode() for number in range(3000))]


@pytest.mark.parametrize(("text", "media_type"), [(ALL, "text/turtle"), ("DESCRIBE <x:y>", "text/csv")])
def test_kind_without_such_a_form_is_a_query_error(store: Store, text: str, media_type: str) -> None:
    with pytest.raises(QueryError, match="cannot be written as"):
        write(evaluate(store, text), BytesIO(), media_type=media_type)


XML = "application/sparql-results+xml"
RDF_XML = "application/rdf+xml"


@pytest.mark.parametrize(
    ("text", "media_type"),
    [
        ('SELECT ("\\u0001" AS ?sign) {}', XML),
        ('SELECT ("\\u0000" AS ?sign) {}', XML),
        ('SELECT ("\\u001F" AS ?sign) {}', XML),
        ('SELECT ("\\uFFFE" AS ?sign) {}', XML),
        ('SELECT ("\\uFFFF" AS ?sign) {}', XML),
        ('CONSTRUCT { <x:y> <x:z> "\\u0008" } {}', RDF_XML),
        ("CONSTRUCT { <x:y> <http://example.org/1> 1 } {}", RDF_XML),
        ("CONSTRUCT { <x:y> <http://example.org/> 1 } {}", RDF_XML),
        ("CONSTRUCT { <x:y> a <http://example.org/1> } {}", RDF_XML),
    ],
)
def test_results_that_xml_cannot_hold_are_a_query_error(store: Store, text: str, media_type: str) -> None:
    """XML 1.0 section 2.2 (the characters), RDF 1.1 XML Syntax section 5.1 (the names)."""
    with pytest.raises(QueryError, match="Ask for another form"):
        write(evaluate(store, text), BytesIO(), media_type=media_type)


@pytest.mark.parametrize(
    ("text", "media_type"),
    [
        ('SELECT ("\\t\\n\\r\\u007F\\u0085\\uFFFD\\U0001F600<oxprefix: a>" AS ?signs) {}', XML),
        ('CONSTRUCT { <x:y> <x:z> "\\t\\n\\r\\u0085<oxprefix: a>" ; <http://e/1_a> _:b } {}', RDF_XML),
    ],
)
def test_what_xml_can_hold_is_read_back(store: Store, text: str, media_type: str) -> None:
    output = BytesIO()
    write(evaluate(store, text), output, media_type=media_type)
    signs = next(
        each for each in ElementTree.fromstring(output.getvalue()).iter() if "<oxprefix" in (each.text or "")
    )
    assert (signs.text or "").startswith("\t\n\r")


@pytest.mark.parametrize("at", range(8150, 8200, 3))
def test_what_xml_cannot_hold_is_found_between_pieces(store: Store, at: int) -> None:
    text = f'CONSTRUCT {{ <x:y> <x:z> "{"a" * (at - 300)}" . <x:z> <http://example.org/1> 1 }} {{}}'
    with pytest.raises(QueryError, match="cannot name"):
        write(evaluate(store, text), BytesIO(), media_type=RDF_XML)


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff"])
def test_sign_that_comes_in_two_pieces_is_found(sign: str) -> None:
    output = WellFormed(BytesIO())
    output.write(b"<x>" + sign.encode()[:2])
    with pytest.raises(QueryError, match="character"):
        output.write(sign.encode()[2:])
