"""What each form of a report says."""

import csv
import io
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from gcm.given import Place
from gcm.validate.render import RENDERINGS, Checked, write_text
from gcm.validate.render.checked import short
from gcm.validate.render.sheet import Count, Line, count_files, count_rules, sheets_of
from gcm.validate.report import Report
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store
from sarif_kit import validation_errors

from tests.reports import DUPLICATE, NO_DATE, REPORT, RESULTS, UNREADABLE, WRONG_PLACE, many, text_of

CHECKED = Checked(REPORT, ("fine.ttl", "my file.ttl"), text_of)


def test_text_shows_line_mark_and_remedy() -> None:
    assert write_text(CHECKED).splitlines() == [
        "my file.ttl:3:32: violation: “place:ZZQ” is not known. [gcms:Commitment-isMadeBy]",
        "  3 | \t<http://example.org/isMadeBy> place:ZZQ ; # é",
        "    | \t" + " " * 30 + "^" * 9,
        "  expected: A State or organization.",
        "  did you mean: place:ZZA (Zedland)",
        "  fix: Write place:ZZA.",
        "my file.ttl:2: warning: Give a date. [gcms:Pledge-date]",
        "  2 | <http://example.org/pledge/1>",
        "table.xlsx:Pledges!C4: info: =Two pledges have this title. [duplicate-title]",
        '  value: "=HYPERLINK(\\"x\\")"@en',
        "  column: Title",
        "  fix: Clear the cell.",
        "broken.jsonld:7:2: violation: This is not JSON: �[31m��. [syntax]",
        "  at: /@graph/0",
    ]


def test_text_is_coloured_only_when_asked() -> None:
    coloured = write_text(CHECKED, is_coloured=True)
    assert "\x1b[1;31mviolation:\x1b[0m" in coloured
    assert "\x1b" not in write_text(CHECKED)


@pytest.mark.parametrize(
    ("line", "column", "end", "shown", "mark"),
    [
        ("国家 x", 4, 5, "国家 x", "     ^"),  # wide letters take two columns
        ("e\u0301 x", 4, 5, "e\u0301 x", "  ^"),  # a combining mark takes none
        ("short", 6, None, "short", "     ^"),  # behind the end of the line
        ("x" * 300, 201, 203, "x" * 120, " " * 30 + "^^"),  # of a long line, the part around
    ],
)
def test_text_marks_the_right_column(line: str, column: int, end: int | None, shown: str, mark: str) -> None:
    result = replace(WRONG_PLACE, place=Place("a.ttl", 1, column, 1 if end else None, end))
    written = write_text(Checked(Report((result,)), (), lambda _: line)).splitlines()
    assert written[1:3] == [f"  1 | {shown}", f"    | {mark}"]


def test_csv_has_a_row_for_each_result_and_no_formula() -> None:
    rows = [*csv.DictReader(io.StringIO(RENDERINGS["csv"].write(CHECKED)))]
    assert [row["message"] for row in rows] == [
        WRONG_PLACE.message,
        NO_DATE.message,
        "'" + DUPLICATE.message,
        UNREADABLE.message,
    ]
    assert (rows[0]["line"], rows[0]["candidates"], rows[0]["fix"]) == (
        "3",
        "place:ZZA (Zedland)",
        "Write place:ZZA.",
    )
    assert (rows[2]["cell"], rows[2]["value"]) == ("Pledges!C4", DUPLICATE.value)


SH = "http://www.w3.org/ns/shacl#"
ROWS = f"""
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <{SH}>
SELECT ?focus ?path ?value ?component ?shape ?severity ?message ?comment ?place WHERE {{
  ?report a sh:ValidationReport ; sh:conforms false ; sh:result ?result .
  ?result a sh:ValidationResult ; sh:focusNode ?focus ; sh:sourceConstraintComponent ?component ;
    sh:resultSeverity ?severity ; sh:resultMessage ?message ; rdfs:comment ?comment ;
    <http://purl.org/dc/terms/source> ?place .
  OPTIONAL {{ ?result sh:resultPath ?path }}
  OPTIONAL {{ ?result sh:value ?value }}
  OPTIONAL {{ ?result sh:sourceShape ?shape }}
}} ORDER BY ?place DESC(?component)
"""


def test_turtle_is_the_whole_standard_report() -> None:
    store = Store()
    store.load(RENDERINGS["turtle"].write(CHECKED).encode(), RdfFormat.TURTLE)
    solutions = [*store.query(ROWS)]  # type: ignore[misc]  # a SELECT
    names = ("focus", "path", "value", "component", "shape", "severity", "message", "comment", "place")
    rows = {str(row["place"]): [row[name] for name in names] for row in solutions}
    text = {place: [str(term) for term in row[1:-1]] for place, row in rows.items()}
    assert len(rows) == len(RESULTS)
    several = [row for row in solutions if str(row["place"]) == '"my file.ttl:3:32"']
    assert {row["component"].value for row in several} == {WRONG_PLACE.component, *WRONG_PLACE.also}
    assert rows['"my file.ttl:3:32"'][:6] == [
        NamedNode(WRONG_PLACE.focus),
        NamedNode(WRONG_PLACE.predicate or ""),
        NamedNode(WRONG_PLACE.value or ""),
        NamedNode(WRONG_PLACE.component or ""),
        NamedNode(WRONG_PLACE.source),
        NamedNode(f"{SH}Violation"),
    ]
    assert rows['"my file.ttl:3:32"'][6:8] == [
        Literal("Name a State or organization.", language="en"),  # as the shape says it
        Literal("“place:ZZQ” is not known. A State or organization.", language="en"),
    ]
    assert text['"my file.ttl:2"'][:2] == [f"<{NO_DATE.predicate}>", "None"]
    duplicate = rows['"table.xlsx:Pledges!C4"']
    assert isinstance(duplicate[0], BlankNode)
    assert duplicate[2] == Literal('=HYPERLINK("x")', language="en")
    assert duplicate[3:6] == [NamedNode(f"{SH}SPARQLConstraintComponent"), None, NamedNode(f"{SH}Info")]
    assert rows['"broken.jsonld:7:2"'][0] == Literal("broken.jsonld")
    assert rows['"broken.jsonld:7:2"'][6] == Literal(UNREADABLE.message, language="en")


def test_junit_counts_and_says_what_failed() -> None:
    root = ElementTree.fromstring(RENDERINGS["junit"].write(CHECKED))
    assert (root.get("tests"), root.get("failures")) == ("5", "2")
    suites = {suite.get("name"): [*suite] for suite in root}
    assert list(suites) == ["fine.ttl", "my file.ttl", "table.xlsx", "broken.jsonld"]
    assert [case.get("name") for case in suites["fine.ttl"]] == ["conforms"]
    wrong, late = suites["my file.ttl"]
    (failure,) = wrong
    assert (failure.tag, failure.get("message"), wrong.get("line")) == ("failure", WRONG_PLACE.message, "3")
    assert "did you mean: place:ZZA (Zedland)" in (failure.text or "")
    assert [each.tag for each in late] == ["system-out"]


def test_every_form_is_made_of_nothing_and_of_much() -> None:
    for rendering in RENDERINGS.values():
        assert isinstance(rendering.write(Checked(Report(()), ("fine.ttl",))), str)
        assert len(rendering.write(Checked(many(500)))) > 10_000
    assert validation_errors({"version": "2.1.0", "runs": [{}]}) != []


@pytest.mark.parametrize(
    ("term", "shown"),
    [
        ("https://w3id.org/gcm/id/place/ZZA", "place:ZZA"),
        ("http://example.org/x", "http://example.org/x"),
        ("duplicate-title", "duplicate-title"),
        ("in a cell: this", "in a cell: this"),
        ('"7"^^<http://www.w3.org/2001/XMLSchema#integer>', '"7"^^xsd:integer'),
        ('"' + "x" * 200 + '"', '"' + "x" * 118 + "…"),
    ],
)
def test_terms_are_short(term: str, shown: str) -> None:
    assert short(term) == shown


def test_page_escapes_what_strangers_wrote() -> None:
    evil = replace(WRONG_PLACE, message="<script>alert(1)</script>", place=Place("<b>.ttl", 1))
    page = RENDERINGS["html"].write(Checked(Report((evil,)), (), lambda _: "</code><script>"))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>" not in page


def test_rules_are_counted_by_weight_and_files_in_order() -> None:
    rules = count_rules(Report((NO_DATE, *RESULTS, WRONG_PLACE)))
    assert [(each.name, each.number) for each in rules] == [
        ("gcms:Commitment-isMadeBy", 2),
        ("syntax", 1),
        ("gcms:Pledge-date", 2),
        ("duplicate-title", 1),
    ]
    assert count_files(CHECKED)[:2] == (
        Count("fine.ttl", 0, "", ""),
        Count("my file.ttl", 2, "violation", WRONG_PLACE.message),
    )


def test_a_sheet_shows_lines_around_results_and_says_what_it_leaves_out() -> None:
    text = "\n".join(f"line {number}" for number in range(1, 21))
    results = tuple(replace(NO_DATE, place=Place("a.ttl", line)) for line in (9, 11, None))
    (sheet,) = sheets_of(Checked(Report(results), (), lambda _: text), results, whole=0)
    assert [line.number or line.gap for line in sheet.lines] == [0, 6, *range(7, 14), 7]
    assert sheet.lines[0] == Line(None, results=(results[2],))
    assert [line.number for line in sheet.lines if line.number and line.results] == [9, 11]
    (whole,) = sheets_of(Checked(Report(results), (), lambda _: text), results, whole=20)
    assert [line.number for line in whole.lines] == [None, *range(1, 21)]
