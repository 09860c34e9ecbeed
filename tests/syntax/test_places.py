"""The place of every term of every statement, in all RDF syntaxes."""

import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from gcm.errors import SourceError
from gcm.given import Form, Given, Place
from gcm.limits import Limits
from gcm.syntax import Locator, Part, Reading, form_of, read
from gcm.syntax.locate import _scribe
from gcm.syntax.trace import Pairing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from tests.syntax import documents

ROOT = Path(__file__).parents[2]
_many = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def unlocated(reading: Reading) -> list[str]:
    """Give the statements that the second walk does not find."""
    pairing = Pairing([each.triple for each in reading.statements], _scribe(reading).traces)
    pairs = zip(reading.statements, pairing.traces, strict=True)
    return [str(statement.triple) for statement, trace in pairs if trace is None]


@pytest.mark.server
@pytest.mark.parametrize("form", list(documents.OF_FORMS))
@_many
@given(data=st.data())
def test_every_statement_is_found(data: st.DataObject, form: Form) -> None:
    reading = documents.reading_of(data.draw(documents.OF_FORMS[form]), form)
    assert unlocated(reading) == []


@pytest.mark.server
@pytest.mark.parametrize("form", [Form.TURTLE, Form.TRIG, Form.N_TRIPLES, Form.N_QUADS, Form.RDF_XML])
@_many
@given(data=st.data())
def test_the_walk_gives_statements_in_the_order_of_the_parser(data: st.DataObject, form: Form) -> None:
    reading = documents.reading_of(data.draw(documents.OF_FORMS[form]), form)
    traces = _scribe(reading).traces
    assert Pairing([each.triple for each in reading.statements], traces).traces == [*traces]


FILES = sorted(
    path
    for folder in ("data", "ontology", "shapes", "tests")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".ttl", ".trig")
)


@pytest.mark.server
@pytest.mark.parametrize("folder", ["data", "ontology", "shapes", "tests"])
def test_every_statement_of_our_files_is_found(folder: str) -> None:
    files = [path for path in FILES if path.is_relative_to(ROOT / folder)]
    assert files
    for path in files:
        reading = _read(path)
        assert reading is None or unlocated(reading) == [], path


def _read(path: Path) -> Reading | None:
    """Read one of our files; None for those that tests keep broken."""
    try:
        return read(Given(path.name, path.read_bytes(), form_of(path.name, None, b"")), limits=Limits())
    except SourceError:
        assert path.is_relative_to(ROOT / "tests")
        return None


@pytest.mark.parametrize(
    ("form", "engine"), [(Form.RDF_XML, RdfFormat.RDF_XML), (Form.JSON_LD, RdfFormat.JSON_LD)]
)
def test_real_data_is_found_in_other_syntaxes(form: Form, engine: RdfFormat) -> None:
    for name in ("compact-actions.ttl", "vote-on-the-compact.ttl"):
        triples = [each.triple for each in _of(ROOT / "data" / name).statements]
        data = serialize(triples, format=engine, prefixes={"gcm": "https://w3id.org/gcm/ontology/"})
        reading = read(Given(name, data or b"", form), limits=Limits())
        assert len(reading.statements) == len(triples)
        assert unlocated(reading) == []


def _of(path: Path) -> Reading:
    reading = _read(path)
    assert reading is not None
    return reading


#: In each text, one statement `a p "x"`: where its subject, predicate and object stand.
_PLACES: Mapping[Form, tuple[str, tuple[tuple[int, int], ...]]] = {
    Form.TURTLE: ('@prefix : <http://e.org/> .\n\n:a\n  :q 1 ;\n  :p 2 , "x" .\n', ((3, 1), (5, 3), (5, 10))),
    Form.TRIG: ('@prefix : <http://e.org/> .\n:g {\n :a :p\n  "x" }', ((3, 2), (3, 5), (4, 3))),
    Form.N_TRIPLES: ('# é\n<http://e.org/a> <http://e.org/p> "x" .\n', ((2, 1), (2, 18), (2, 35))),
    Form.N_QUADS: ('<http://e.org/a> <http://e.org/p> "x" <http://e.org/g> .\n', ((1, 1), (1, 18), (1, 35))),
    Form.RDF_XML: (
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://e.org/">\n<!-- é☺ -->\n'
        '<r:Description r:about="http://e.org/a">\n  <q>é</q><p>x</p>\n</r:Description></r:RDF>',
        ((3, 25), (4, 12), (4, 14)),
    ),
    Form.JSON_LD: (
        '{"@context": {"p": "http://e.org/p"},\n "@id": "http://e.org/a",\n "p": ["é",\n  "x"]}',
        ((2, 9), (3, 2), (4, 3)),
    ),
}


@pytest.mark.parametrize("form", list(_PLACES))
def test_terms_have_line_and_column(form: Form) -> None:
    text, places = _PLACES[form]
    reading = documents.reading_of(text, form)
    locator = Locator(reading)
    statement = next(each for each in reading.statements if each.triple.object == Literal("x"))
    found = [locator.place(statement, part) for part in Part]
    assert [(place.line, place.column) for place in found] == [*places]
    assert text.splitlines()[places[2][0] - 1][places[2][1] - 1 :].startswith(("x", '"x"'))
    assert {place.file for place in found} == {"invented"}


def test_json_has_pointers() -> None:
    text = '{"@graph": [{"@id": "http://e.org/a", "http://e.org/p~/": ["é", {"@value": "x"}]}]}'
    reading = documents.reading_of(text, Form.JSON_LD)
    locator = Locator(reading)
    places = [locator.place(reading.statements[1], part).pointer for part in Part]
    assert places == ["/@graph/0/@id", "/@graph/0/http:~1~1e.org~1p~0~1", "/@graph/0/http:~1~1e.org~1p~0~1/1"]
    begin = locator.begin(NamedNode("http://e.org/a"))
    assert begin is not None
    assert (begin.pointer, begin.line, begin.column) == ("/@graph/0", 1, 13)


def test_a_node_begins_with_its_first_sentence() -> None:
    text = f"{documents.PREFIXES}:a :p [ :q 1 ] .\n:b :p :c .\n:a :q 2 ."
    reading = documents.reading_of(text, Form.TURTLE)
    locator = Locator(reading)
    blank = next(
        each.triple.subject for each in reading.statements if isinstance(each.triple.subject, BlankNode)
    )
    assert locator.begin(NamedNode("http://example.org/a")) == Place("invented", 3, 1, 3, 3)
    assert locator.begin(blank) == Place("invented", 3, 7, 3, 8)
    assert locator.begin(NamedNode("http://example.org/c")) is None


def test_a_statement_that_stands_twice_has_two_places() -> None:
    text = f"{documents.PREFIXES}:a :p 1 .\n:a :p 1 ."
    reading = documents.reading_of(text, Form.TURTLE)
    locator = Locator(reading)
    assert [locator.place(each, Part.OBJECT).line for each in reading.statements] == [3, 4]
    assert len(locator.remove(reading.statements[0]) or ()) == 2


def test_what_the_walk_does_not_see_keeps_its_line() -> None:
    text = '<http://e.org/a>\n<http://e.org/p> "x"^^ # why here\n<http://e.org/dt> .\n'
    reading = documents.reading_of(text, Form.TURTLE)
    locator = Locator(reading)
    assert locator.place(reading.statements[0], Part.OBJECT) == Place("invented", line=3)
    assert locator.edit(reading.statements[0], Part.OBJECT, Literal("y")) is None


@pytest.mark.server
@pytest.mark.parametrize(
    "engine", [RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.RDF_XML, RdfFormat.JSON_LD], ids=str
)
def test_the_time_to_find_a_statement_grows_as_the_file_does(engine: RdfFormat) -> None:
    few, many = (min(seconds_to_find_the_last(count, engine) for _ in range(2)) for count in (2_500, 20_000))
    assert many < 20 * few  # for eight times as much; a search that began anew each time would take 64 times


def seconds_to_find_the_last(count: int, engine: RdfFormat) -> float:
    """Read so many statements and find the place of the last one: seconds of processor time."""
    texts = (Literal(f"text {number}", language="en") for number in range(count))
    nodes = [NamedNode(f"http://example.org/{number}") for number in range(count // 5)]
    triples = [Triple(nodes[at // 5], nodes[at % 5], text) for at, text in enumerate(texts)]
    data = serialize(triples, format=engine, prefixes={"e": "http://example.org/"})
    begun = time.process_time()
    reading = read(Given("large", data or b"", Form(engine.media_type)), limits=Limits())
    place = Locator(reading).place(reading.statements[-1], Part.OBJECT)
    assert len(reading.statements) == count
    assert place.column is not None
    return time.process_time() - begun


@pytest.mark.parametrize(
    ("name", "media_type", "data", "form"),
    [
        ("a.TTL", "text/csv", b"", Form.TURTLE),  # the name wins
        ("a", "text/turtle; charset=utf-8", b"{}", Form.TURTLE),
        ("pasted text", "application/xml", b"", Form.RDF_XML),
        ("x", "application/json", b"", Form.JSON_LD),
        ("x", None, b"@prefix a: <http://a/> .", Form.TURTLE),
        ("x", "text/plain", b"# note\nPREFIX a: <http://a/>\na:b { a:c a:d a:e }", Form.TRIG),
        ("x", None, b"<http://a> <http://b> <http://c> <http://d> .\n", Form.N_QUADS),
        ("x", None, b"<http://a> <http://b> <http://c> .\n", Form.TURTLE),  # N-Triples is Turtle
        ("x", None, b"gcm:a a gcm:b .", Form.TURTLE),
        ("x", None, b'\xef\xbb\xbf<?xml version="1.0"?><rdf:RDF>', Form.RDF_XML),
        ("x", None, b'<rdf:RDF xmlns:rdf="x">', Form.RDF_XML),
        ("x", None, b'  [{"@id": "x"}]', Form.JSON_LD),
        ("x", None, b"{ <http://a> <http://b> <http://c> }", Form.TRIG),
        ("x", None, b"PK\x03\x04rest", Form.XLSX),
        ("x", None, b"title;date\nA;2020\n", Form.CSV),
    ],
)
def test_form_is_told_by_name_type_and_look(
    name: str, media_type: str | None, data: bytes, form: Form
) -> None:
    assert form_of(name, media_type, data) is form


def test_unknown_form_is_refused() -> None:
    with pytest.raises(SourceError, match="syntax cannot be told"):
        form_of("x.bin", "application/octet-stream", b"hello")
