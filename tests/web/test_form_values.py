"""What is typed into fields: read as terms, refused with the remedy, written back as it may be changed."""

from pathlib import Path

import pytest
from gcm.fields import Field, Fields, read_fields
from gcm.fields.names import Names
from gcm.layout import find_sources
from gcm.turtle import read_triples
from gcm.vocab import expand, shorten
from gcm.web.forms.dates import read_date
from gcm.web.forms.entered import Row, read_entered
from gcm.web.forms.terms import Fault, offer, read_row, write_row
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def fields() -> Fields:
    return read_fields(find_sources(ROOT))


@pytest.fixture(scope="module")
def names() -> Names:
    paths = [*(ROOT / "ontology").glob("*.ttl"), *(ROOT / "tests" / "world").glob("*.ttl")]
    return Names(each.triple for path in sorted(paths) for each in read_triples(path))


def field_of(fields: Fields, form: str, path: str) -> Field:
    return next(each for each in fields.forms[form].fields if shorten(each.path) == path)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024", '"2024"^^xsd:gYear'),
        ("2024-05", '"2024-05"^^xsd:gYearMonth'),
        ("2024-5", '"2024-05"^^xsd:gYearMonth'),
        ("2024-05-17", '"2024-05-17"^^xsd:date'),
        (" 17.05.2024 ", '"2024-05-17"^^xsd:date'),
        ("17/5/2024", '"2024-05-17"^^xsd:date'),
        ("05/2024", '"2024-05"^^xsd:gYearMonth'),
        ("29.2.2024", '"2024-02-29"^^xsd:date'),
        ("29.2.2023", None),  # no such day
        ("2023-13", None),
        ("17.05/2024", None),  # two signs: which is which?
        ("05/17/2024", None),  # the month first
        ("24", None),
        ("0000", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates_are_read_as_precise_as_they_are(text: str, date: str | None) -> None:
    found = read_date(text)
    written = str(found).replace("<http://www.w3.org/2001/XMLSchema#", "xsd:").replace(">", "")
    assert (written if found else None) == date


@given(st.text(max_size=12))
def test_no_text_is_a_date_by_accident(text: str) -> None:
    found = read_date(text)
    assert found is None or read_date(found.value) == found


@pytest.mark.parametrize(
    ("form", "path", "row", "term"),
    [
        ("pledge", "gcm:isMadeBy", Row("ZZA"), "place:ZZA"),
        ("pledge", "gcm:isMadeBy", Row("exampleland"), "place:ZZA"),
        ("pledge", "gcm:isMadeBy", Row("https://w3id.org/gcm/id/place/ZZA"), "place:ZZA"),
        ("pledge", "gcm:isAbout", Row("7"), "objective:7"),
        ("pledge", "gcm:isAbout", Row("objective 7"), "objective:7"),
        ("pledge", "gcm:pledgeType", Row("gcm:CommonPledge"), "gcm:CommonPledge"),
        ("pledge", "skos:prefLabel", Row(" Deux\r\nmots ", "FR"), '"Deux\nmots"@fr'),
        ("pledge", "skos:notation", Row("9001"), '"9001"'),
        ("pledge", "gcm:amount", Row("1 500 000.50"), '"1500000.50"^^xsd:decimal'),
        ("pledge", "owl:deprecated", Row("true"), '"true"^^xsd:boolean'),
        ("pledge", "foaf:page", Row("https://example.org/é"), "<https://example.org/é>"),
        ("project", "gcm:duration", Row("P30M"), '"P30M"^^xsd:duration'),
        ("dataset", "dcterms:license", Row("https://example.org/cc"), "<https://example.org/cc>"),
    ],
)
def test_what_is_typed_becomes_a_term(
    fields: Fields, names: Names, form: str, path: str, row: Row, term: str
) -> None:
    found = read_row(field_of(fields, form, path), row, names)
    assert not isinstance(found, Fault), found.message
    assert in_short(found) == term


@pytest.mark.parametrize(
    ("form", "path", "row", "message", "meant"),
    [
        ("pledge", "gcm:isMadeBy", Row("Exampland"), "nothing called “Exampland”", ["place:ZZA"]),
        ("pledge", "gcm:isAbout", Row("vulnerab"), "Choose what is meant", ["objective:7"]),
        ("pledge", "gcm:isAbout", Row("ZZA"), "Name only objectives", []),  # a State is no objective
        ("pledge", "gcm:pledgeType", Row("gcm:NoneKnown"), "not in the list", []),
        ("pledge", "skos:prefLabel", Row("Mots", "français"), "language of “Mots”", []),
        ("pledge", "skos:prefLabel", Row("Mots"), "language of “Mots”", []),
        ("pledge", "skos:prefLabel", Row("Mots", "fr-a"), "language of “Mots”", []),
        ("pledge", "foaf:page", Row("https://[x"), "no web address", []),
        ("pledge", "foaf:page", Row("https://e.org/" + "é " * 500), "é …” is no web address", []),
        ("pledge", "dcterms:date", Row("soon"), "is no date", []),
        ("dataset", "gcm:readOn", Row("2024"), "is no day", []),
        ("pledge", "gcm:amount", Row("1,500"), "no commas", []),
        ("pledge", "gcm:amount", Row("1.500.000"), "is no number", []),
        ("pledge", "owl:deprecated", Row("perhaps"), "neither yes nor no", []),
        ("pledge", "foaf:page", Row("javascript:alert(1)"), "no web address", []),
        ("pledge", "foaf:page", Row("https://example.org/a b"), "no web address", []),
        ("project", "gcm:duration", Row("two years"), "P2Y for two years", []),
        ("project", "gcm:duration", Row("P"), "is no length of time", []),
    ],
)
def test_what_is_no_value_is_told_with_the_remedy(
    fields: Fields, names: Names, form: str, path: str, row: Row, message: str, meant: list[str]
) -> None:
    field = field_of(fields, form, path)
    fault = read_row(field, row, names)
    assert isinstance(fault, Fault)
    found = offer(field, row, fault, names)
    assert message in found.message
    assert [shorten(each) for each in found.candidates][: len(meant) or None] == meant


def test_words_that_name_several_things_are_never_guessed(fields: Fields) -> None:
    field = field_of(fields, "event", "gcm:isAbout")  # of any class
    two = Names([*_named("a"), *_named("b")])
    ambiguous = read_row(field, Row("Twin"), two)
    assert isinstance(ambiguous, Fault)
    assert "several things" in ambiguous.message
    assert [each.value[-1] for each in ambiguous.candidates] == ["a", "b"]


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_a_thing_is_written_so_that_it_is_read_again(fields: Fields, names: Names, language: str) -> None:
    field = field_of(fields, "pledge", "gcm:isMadeBy")
    members = names.members(field.classes)
    assert len(members) > 10
    for thing in members:
        row = write_row(field, thing, names, language=language)
        assert row is not None
        assert read_row(field, row, names) == thing


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("skos:notation", Literal("7", language="en")),  # a code has no language
        ("skos:notation", Literal(" 7")),  # blanks would be lost
        ("dcterms:date", Literal("2024-05-17")),  # a text, not a date
        ("gcm:amount", Literal("01.0", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#double"))),
        ("gcm:pledgeType", NamedNode("http://example.org/other")),
        ("gcm:isMadeBy", NamedNode("http://example.org/unknown")),
    ],
)
def test_what_a_field_cannot_give_back_unchanged_is_not_shown_in_it(
    fields: Fields, names: Names, path: str, value: NamedNode | Literal
) -> None:
    assert write_row(field_of(fields, "pledge", path), value, names, language="en") is None


def test_inputs_are_read_as_rows_in_their_order() -> None:
    entered = read_entered(
        [
            ("gcm:isAbout.10", ["last"]),
            ("gcm:isAbout.2", ["first"]),
            ("skos:prefLabel.0", ["Nom"]),
            ("skos:prefLabel.0.lang", ["fr"]),
            ("gcm:isMadeBy.0", ["typed"]),
            ("gcm:isMadeBy.0.pick", ["place:ZZA", "", "place:ZZB"]),
            ("dataset", ["gcmd:x"]),
        ]
    )
    assert entered.of("gcm:isAbout") == (Row("first"), Row("last"))
    assert entered.of("skos:prefLabel") == (Row("Nom", "fr"),)
    assert entered.of("gcm:isMadeBy") == (Row("place:ZZA"), Row("place:ZZB"))  # in place of what was typed
    assert entered.setting("dataset") == "gcmd:x"


@given(st.lists(st.tuples(st.text(max_size=30), st.lists(st.text(max_size=5), max_size=3)), max_size=5))
def test_any_input_is_read(inputs: list[tuple[str, list[str]]]) -> None:
    entered = read_entered(inputs)
    assert sum(len(rows) for rows in entered.rows.values()) <= sum(len(values) for _, values in inputs) + len(
        inputs
    )


def _named(name: str) -> list[Triple]:
    thing = NamedNode(f"https://w3id.org/gcm/id/event/{name}")
    label, kind = expand("skos:prefLabel"), expand("rdf:type")
    assert label is not None
    assert kind is not None
    return [
        Triple(thing, label, Literal("Twin", language="en")),
        Triple(thing, kind, NamedNode("http://e.org/C")),
    ]


def in_short(term: NamedNode | Literal) -> str:
    if isinstance(term, NamedNode):
        short = shorten(term)
        return short if short != term.value else str(term)
    kind = "" if term.language or term.datatype.value.endswith("#string") else f"^^{shorten(term.datatype)}"
    return f'"{term.value}"' + (f"@{term.language}" if term.language else kind)
