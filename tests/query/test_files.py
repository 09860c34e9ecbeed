"""Our .rq files: their headers, and parameters bound to terms."""

from pathlib import Path

import pytest
from gcm.errors import QueryError, SourceError
from gcm.query import Param, Query, page_query, read_query, solutions
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

EXAMPLE = "http://example.org/"
P = NamedNode(EXAMPLE + "p")

WHO = """\
#+ title: Who says what?
#+ title-fr: Qui dit quoi ?
#+ param: who  an IRI such as place:MDA
#+ group: People
#+ example: who=place:MDA
#+ use: home

SELECT ?who ?what WHERE { ?who <http://example.org/p> ?what } ORDER BY ?who ?what
"""


@pytest.fixture
def store() -> Store:
    store = Store()
    store.extend(Quad(NamedNode(EXAMPLE + name), P, Literal(name)) for name in ("a", "b"))
    return store


def read(folder: Path, text: str) -> Query:
    path = folder / "who-says-what.rq"
    path.write_text(text, encoding="utf-8")
    return read_query(path)


def test_header_is_read(tmp_path: Path) -> None:
    query = read(tmp_path, WHO)
    assert query == Query(
        name="who-says-what",
        title="Who says what?",
        text="SELECT ?who ?what WHERE { ?who <http://example.org/p> ?what } ORDER BY ?who ?what\n",
        params=(Param("who", "an IRI such as place:MDA"),),
        titles={"fr": "Qui dit quoi ?"},
        group="People",
        examples={"who": "place:MDA"},
        notes=(("use", "home"),),
    )


def test_title_falls_back_to_english(tmp_path: Path) -> None:
    query = read(tmp_path, WHO)
    assert (query.title_in("fr"), query.title_in("ru")) == ("Qui dit quoi ?", "Who says what?")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("#+ title\nSELECT * {}", 1),  # no colon
        ("#+ title: Who?\n#+ : x\n", 2),  # no key
        ("SELECT * {}", None),  # no title at all
    ],
)
def test_broken_header_is_named_with_its_line(tmp_path: Path, text: str, line: int | None) -> None:
    with pytest.raises(SourceError) as caught:
        read(tmp_path, text)
    assert (caught.value.path.name, caught.value.line) == ("who-says-what.rq", line)


def test_missing_query_is_a_source_error() -> None:
    with pytest.raises(SourceError, match=r"none-such\.rq"):
        page_query("none-such")


def test_one_row_alone_is_asked_for(store: Store, tmp_path: Path) -> None:
    query = read(tmp_path, WHO)
    rows = [tuple(each) for each in solutions(store, query, bind={})]
    asked = [
        [tuple(each) for each in solutions(store, query, bind={}, row=row)] for row in range(len(rows) + 1)
    ]
    assert asked == [*([each] for each in rows), []]


def test_bound_parameter_filters(store: Store, tmp_path: Path) -> None:
    rows = solutions(store, read(tmp_path, WHO), bind={"who": NamedNode(EXAMPLE + "b")})
    assert [row["what"] for row in rows] == [Literal("b")]


def test_free_parameter_lists_all(store: Store, tmp_path: Path) -> None:
    rows = solutions(store, read(tmp_path, WHO), bind={})
    assert [row["what"] for row in rows] == [Literal("a"), Literal("b")]


@pytest.mark.parametrize(
    ("header", "form", "bound", "words"),
    [
        ("#+ param: who x", "SELECT ?who ?o WHERE { ?who ?p ?o }", "o", "its parameters are: who"),
        ("#+ group: x", "SELECT ?who WHERE { ?who ?p ?o }", "who", "its parameters are: none"),
        ("#+ param: o x", "SELECT ?who WHERE { ?who ?p ?o }", "o", "SELECT projection"),
        ("#+ param: who x", "CONSTRUCT WHERE { ?who ?p ?o }", "who", "SELECT"),
    ],
)
def test_unfit_parameter_is_a_query_error(
    store: Store, tmp_path: Path, header: str, form: str, bound: str, words: str
) -> None:
    query = read(tmp_path, f"#+ title: t\n{header}\n{form}")
    with pytest.raises(QueryError, match=words):
        solutions(store, query, bind={bound: Literal("x")})


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_bound_text_changes_the_query(text: str) -> None:
    store = Store()
    store.extend(Quad(NamedNode(EXAMPLE + name), P, Literal(name)) for name in ("a", "b"))
    store.add(Quad(NamedNode(EXAMPLE + "sought"), P, Literal(text)))
    query = Query(
        name="q", title="t", text="SELECT ?who ?what { ?who ?p ?what }", params=(Param("what", "a text"),)
    )
    found = {row["what"] for row in solutions(store, query, bind={"what": Literal(text)})}
    assert found == {Literal(text)}
