"""Filled-in tables: what becomes a statement, what is told, and where. All rows here are invented."""

import pytest
from gcm.errors import SourceError
from gcm.given import Form, Given, TableAbout
from gcm.tables import Surroundings, read_table
from gcm.vocab import PREFIXES, shorten
from pyoxigraph import NamedNode

from tests.tables.tables import HEADER, csv_of, messages, read_rows, said

TWO_DOCUMENTS = HEADER.replace("document/104> .", "document/104> , <https://w3id.org/gcm/id/document/105> .")
FIRST = ("pledge identifier", "name [en]", "is made by")


def sources_of(reading: object, predicate: str = "prov:wasDerivedFrom") -> list[str]:
    statements = getattr(reading, "statements", ())
    return [
        shorten(each.triple.object) if isinstance(each.triple.object, NamedNode) else each.triple.object.value
        for each in statements
        if shorten(each.triple.predicate) == predicate
    ]


def test_rows_become_statements_with_their_cells(surroundings: Surroundings) -> None:
    reading = read_rows(
        surroundings,
        ("pledge identifier", "name [en] *", "nom [fr]", "is made by *", "is about", "date"),
        ("901", "Invented pledge", "Promesse inventée", "Turkey; MDA", "7\n8", "2024-03"),
    )
    assert messages(reading) == []
    assert said(reading) == [
        'pledge:901 skos:prefLabel "Invented pledge"@en',
        'pledge:901 skos:prefLabel "Promesse inventée"@fr',
        "pledge:901 gcm:isMadeBy place:TUR",
        "pledge:901 gcm:isMadeBy place:MDA",
        "pledge:901 gcm:isAbout objective:7",
        "pledge:901 gcm:isAbout objective:8",
        'pledge:901 dcterms:date "2024-03"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>',
    ]
    place = reading.statements[3].place
    assert (place.cell, place.line, place.heading) == ("D2", 2, "is made by")
    assert reading.rows == {NamedNode("https://w3id.org/gcm/id/pledge/901"): reading.statements[0].place}
    assert reading.dataset == NamedNode("https://w3id.org/gcm/data/invented")


def test_new_rows_get_the_next_numbers_and_keep_those_that_they_name(surroundings: Surroundings) -> None:
    rows = [("", "One", "MDA"), ("903", "Two", "MDA"), ("", "Three", "MDA")]
    reading = read_rows(surroundings, FIRST, *rows)
    assert [each.value.rpartition("/")[2] for each in reading.rows] == ["905", "903", "904"]
    assert messages(reading) == []


@pytest.mark.parametrize(
    "written", ["901", "pledge:901", "pledge/901", "/id/pledge/901", "https://w3id.org/gcm/id/pledge/901"]
)
def test_an_identifier_may_be_written_in_any_way(surroundings: Surroundings, written: str) -> None:
    reading = read_rows(surroundings, FIRST, (written, "One", "MDA"))
    assert [shorten(each) for each in reading.rows] == ["pledge:901"]


@pytest.mark.parametrize(
    ("kind", "heading", "cell", "told"),
    [
        ("pledge", "identifier", "place:MDA", "violation: “place:MDA” is no identifier of this kind."),
        ("pledge", "identifier", "x9", "violation: pledge:x9 does not follow the rule."),
        ("resolution", "identifier", "104", "violation: document:104 is there already, as: Document."),
        ("treaty", "name [en]", "Invented", "violation: This row has no identifier, and none can be made."),
        (
            "vote",
            "is cast by",
            "MDA",
            "info: By its identifier, this row is about vote:MDA, which is there already.",
        ),
    ],
)
def test_odd_addresses_are_told(
    surroundings: Surroundings, kind: str, heading: str, cell: str, told: str
) -> None:
    assert messages(read_rows(surroundings, (heading,), (cell,), kind=kind))[0] == f"A2 {told}"


@pytest.mark.parametrize(
    ("kind", "heading", "cell", "expected"),
    [
        (
            "pledge",
            "identifier",
            "x9",
            "It is made of the next number: leave the cell empty to have one made.",
        ),
        ("vote", "name [en]", "x", "Write one, or fill in what it is made of, once: “is cast by”."),
        ("treaty", "name [en]", "x", "Write one, or fill in what it is made of, once: a public code."),
    ],
)
def test_addresses_are_explained_in_the_words_of_the_table(
    surroundings: Surroundings, kind: str, heading: str, cell: str, expected: str
) -> None:
    assert read_rows(surroundings, (heading,), (cell,), kind=kind).problems[0].expected == expected


def test_a_thing_that_has_two_rows_is_told_at_the_second(surroundings: Surroundings) -> None:
    reading = read_rows(surroundings, FIRST, ("901", "One", "MDA"), ("901", "Two", "MDA"))
    assert messages(reading) == ["A3 violation: pledge:901 is here twice: the other row is at my.csv:2."]


def test_what_cannot_be_read_is_told_at_its_cell_and_left_out(surroundings: Surroundings) -> None:
    reading = read_rows(surroundings, FIRST, ("901", "One", "MDA; Portugl"))
    (problem,) = reading.problems
    assert (problem.place.cell, problem.place.heading, problem.value) == ("C2", "is made by", "Portugl")
    assert problem.focus == NamedNode("https://w3id.org/gcm/id/pledge/901")
    assert problem.predicate == NamedNode(PREFIXES["gcm"] + "isMadeBy")
    assert shorten(problem.candidates[0]) == "place:PRT"
    assert "Did you mean PRT Portugal (place:PRT)" in problem.expected
    assert "pledge:901 gcm:isMadeBy place:MDA" in said(reading)
    assert not reading.is_sound


def test_rows_may_speak_of_each_other(surroundings: Surroundings) -> None:
    reading = read_rows(
        surroundings,
        ("event identifier", "name [en]", "is part of"),
        ("", "Invented Forum", ""),
        ("", "Invented Session", "Invented Forum"),
        ("951", "Invented Panel", "event:950"),
        ("950", "Invented Hearing", ""),
        kind="event",
    )
    assert messages(reading) == []
    assert sources_of(reading, "dcterms:isPartOf") == ["event:952", "event:950"]


def test_rows_rest_on_the_document_of_the_data_set(surroundings: Surroundings) -> None:
    reading = read_rows(surroundings, FIRST, ("901", "One", "MDA"))
    assert sources_of(reading) == ["document:104"]


def test_a_place_in_the_source_is_a_passage_known_or_new(surroundings: Surroundings) -> None:
    headings = (*FIRST, "source place")
    reading = read_rows(
        surroundings,
        headings,
        ("901", "One", "MDA", "footnote 3"),  # which the data know
        ("902", "Two", "MDA", "footnote 99"),
        ("903", "Three", "MDA", "footnote 99"),
    )
    assert messages(reading) == []
    known, new, again = sources_of(reading)
    assert (known, new == again, new.startswith("passage:104.")) == ("passage:104.4", True, True)
    assert sources_of(reading, "gcm:locator") == ["footnote 99"]
    assert NamedNode(new.replace("passage:", PREFIXES["passage"])).value not in surroundings.names.addresses


@pytest.mark.parametrize(
    ("header", "why"), [(TWO_DOCUMENTS, "has several documents"), ("", "names no document")]
)
def test_a_row_without_source_is_told_where_the_header_does_not_decide(
    surroundings: Surroundings, header: str, why: str
) -> None:
    reading = read_rows(surroundings, FIRST, ("901", "One", "MDA"), header=header)
    assert messages(reading) == ["A2 violation: This row does not say on what it rests."]
    assert why in reading.problems[0].expected
    placed = read_rows(surroundings, (*FIRST, "source place"), ("901", "One", "MDA", "p. 3"), header=header)
    assert messages(placed) == ["D2 violation: It is not known of which document this is a place."]
    named = read_rows(surroundings, (*FIRST, "source"), ("901", "One", "MDA", "document:105"), header=header)
    assert messages(named) == []


def test_example_rows_and_empty_rows_are_not_read(surroundings: Surroundings) -> None:
    rows = [("EXAMPLE (this row is not read)", "x", "nobody"), ("", "", ""), ("901", "One", "MDA")]
    reading = read_rows(surroundings, FIRST, *rows)
    assert (messages(reading), len(reading.rows)) == ([], 1)


@pytest.mark.parametrize(
    ("headings", "told"),
    [
        (("name", "is made by"), "A1 violation: The heading “name” does not say its language."),
        (("name [en]", "is mad by"), "B1 violation: There is no column “is mad by” here."),
        (("name [en]", "shoe size"), "B1 violation: There is no column “shoe size” here."),
        (("name [en]", ""), "B1 violation: This column holds values and has no heading."),
        (("has level", "has level"), "B1 violation: The column “has level” is here twice."),
    ],
)
def test_odd_headings_are_told(surroundings: Surroundings, headings: tuple[str, ...], told: str) -> None:
    reading = read_rows(surroundings, ("pledge identifier", *headings), ("901", "National", "National"))
    assert told.replace("A1", "B1", 1).replace("B1", "C1" if "B1" in told else "B1", 1) in messages(reading)


def test_an_odd_column_without_values_is_passed_over(surroundings: Surroundings) -> None:
    reading = read_rows(surroundings, (*FIRST, "shoe size"), ("901", "One", "MDA", ""))
    assert messages(reading) == []


@pytest.mark.parametrize(
    ("heading", "statement"),
    [
        ("name [de]", 'pledge:901 skos:prefLabel "One"@de'),
        ("Name (en)", 'pledge:901 skos:prefLabel "One"@en'),
        ("name@en", 'pledge:901 skos:prefLabel "One"@en'),
        ("название [ru]", 'pledge:901 skos:prefLabel "One"@ru'),
        ("skos:prefLabel [en]", 'pledge:901 skos:prefLabel "One"@en'),
        ("name_en", 'pledge:901 skos:prefLabel "One"@en'),  # the name of the column in CSVW
    ],
)
def test_headings_are_known_in_many_ways(surroundings: Surroundings, heading: str, statement: str) -> None:
    reading = read_rows(surroundings, ("pledge identifier", heading, "is made by"), ("901", "One", "MDA"))
    assert (messages(reading), statement in said(reading)) == ([], True)


def test_headings_need_not_be_in_the_first_row(surroundings: Surroundings) -> None:
    reading = read_rows(surroundings, ("Our pledges",), (), ("", "as of today"), FIRST, ("901", "One", "MDA"))
    assert (messages(reading), [each.cell for each in reading.rows.values()]) == ([], ["A5"])


def test_a_table_says_what_it_is_by_the_heading_of_its_identifiers(surroundings: Surroundings) -> None:
    given = Given("my.csv", csv_of(FIRST, ("901", "One", "MDA")), Form.CSV)
    assert read_table(given, surroundings).description.kind == "pledge"
    named = Given("my.csv", csv_of(("name [en]",), ("One",)), Form.CSV, TableAbout("report", HEADER))
    assert shorten(read_table(named, surroundings).description.cls) == "gcm:VoluntaryReport"


@pytest.mark.parametrize(
    ("rows", "about", "reason"),
    [
        ([("name [en]",), ("One",)], None, "the table does not say what its rows are"),
        (
            [("what", "ever"), ("One", "")],
            TableAbout("pledge", HEADER),
            "no row holds the headings of this table",
        ),
        ([FIRST], TableAbout("promise", HEADER), "there is no kind “promise”"),
        ([FIRST], TableAbout("dataset", HEADER), "there is no kind “dataset”"),  # headers are no tables
        ([FIRST], TableAbout("sdg", HEADER), "there is no kind “sdg”"),  # two classes share it
        ([FIRST], TableAbout("pledge", "no turtle"), "mend this line"),
        ([], TableAbout("pledge", HEADER), "no row holds the headings of this table"),
    ],
)
def test_what_is_no_table_of_ours_is_refused(
    surroundings: Surroundings, rows: list[tuple[str, ...]], about: TableAbout | None, reason: str
) -> None:
    given = Given("my.csv", csv_of(*rows), Form.CSV, about)
    with pytest.raises(SourceError, match=reason):
        read_table(given, surroundings)


def test_the_turtle_is_canonical_and_holds_the_header(surroundings: Surroundings) -> None:
    text = read_rows(surroundings, FIRST, ("901", "One", "MDA")).turtle()
    assert text.endswith(
        "pledge:901\n    a gcm:Pledge ;\n    gcm:isMadeBy place:MDA ;\n"
        '    prov:wasDerivedFrom document:104 ;\n    skos:prefLabel "One"@en ;\n.\n'
    )
    assert "gcmd:invented\n    a dcat:Dataset ;" in text
