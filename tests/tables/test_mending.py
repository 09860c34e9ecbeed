"""Mending a table changes one cell, whatever stands around it. All tables here are invented."""

import io

import pytest
from gcm.errors import SourceError
from gcm.given import Edit, Form, Given, TableAbout
from gcm.tables import Mender, Surroundings, TableReading, apply_to_workbook, read_cells, read_table
from gcm.tables.spans import quoted, spans_of
from gcm.vocab import expand
from hypothesis import given as example
from hypothesis import settings, strategies
from openpyxl import load_workbook
from pyoxigraph import Literal, NamedNode, Triple

from tests.tables.tables import HEADER, bytes_of, messages, said, workbook_of

TEXT = """\
\ufeffOur pledges;;;
pledge identifier;name [en];is made by;date
901;"One; or ""two"", who knows";MDA; 2024
902;Two;"MDA
 Portugl";31.12.2023
"""


def term(name: str) -> NamedNode:
    found = expand(name)
    assert found is not None
    return found


def read(surroundings: Surroundings, text: str = TEXT) -> tuple[TableReading, Mender]:
    given = Given("my.csv", text.encode(), Form.CSV, TableAbout("pledge", HEADER))
    reading = read_table(given, surroundings)
    return reading, Mender(reading, surroundings)


def apply(text: str, edits: tuple[Edit, ...] | None) -> str:
    assert edits is not None
    plain = text.removeprefix("\ufeff")
    for edit in edits:
        plain = plain[: edit.start] + edit.text + plain[edit.end :]
    return plain


@pytest.mark.parametrize(
    ("predicate", "old", "new", "before", "after"),
    [
        ("gcm:isMadeBy", "place:MDA", "place:KGZ", ";MDA; 2024", ";KGZ Kyrgyzstan; 2024"),
        ("gcm:isMadeBy", "place:MDA", "", ";MDA; 2024", ";; 2024"),
        ("dcterms:date", '"2024"^^gYear', '"2023-05"^^gYearMonth', ";MDA; 2024", ";MDA;2023-05"),
        (
            "skos:prefLabel",
            '"One; or "two", who knows"@en',
            '"=1; x"@en',
            '"One; or ""two"", who knows"',
            '"\'=1; x"',
        ),
    ],
)
def test_a_value_is_replaced_in_its_cell(
    surroundings: Surroundings, predicate: str, old: str, new: str, before: str, after: str
) -> None:
    reading, mender = read(surroundings)
    triple = Triple(term("pledge:901"), term(predicate), value(old))
    edits = mender.replace(triple, value(new) if new else None)
    plain = TEXT.removeprefix("\ufeff")
    assert apply(TEXT, edits) == plain.replace(before, after, 1)
    assert mender.place(triple) in [each.place for each in reading.statements]


def value(text: str) -> NamedNode | Literal:
    """Read a value as these tests write it."""
    if not text.startswith('"'):
        return term(text)
    content, _, tail = text[1:].rpartition('"')
    return (
        Literal(content, language="en")
        if tail == "@en"
        else Literal(content, datatype=term(f"xsd:{tail[2:]}"))
    )


def test_what_could_not_be_read_is_corrected_and_then_is_read(surroundings: Surroundings) -> None:
    reading, mender = read(surroundings)
    name, date = reading.problems
    assert (name.value, date.written) == ("Portugl", "2023-12-31")
    text = apply(TEXT, mender.correct(date, date.written or ""))
    assert text == TEXT.removeprefix("\ufeff").replace("31.12.2023", "2023-12-31")
    _, mender = read(surroundings, text)
    text = apply(text, mender.correct(name, "PRT"))
    assert text.count("MDA; PRT") == 1
    assert messages(read(surroundings, text)[0]) == []


def test_what_the_table_does_not_say_is_not_replaced(surroundings: Surroundings) -> None:
    _, mender = read(surroundings)
    here = Triple(term("pledge:901"), term("gcm:isMadeBy"), term("place:MDA"))
    there = Triple(term("pledge:901"), term("gcm:isMadeBy"), term("place:KGZ"))
    assert (mender.place(there), mender.replace(there, None)) == (None, None)
    assert mender.replace(here, term("objective:7")) is None  # is not read as a maker of pledges
    assert mender.replace(Triple(here.subject, term("rdf:type"), term("gcm:Pledge")), None) is None
    begin = mender.begin(term("pledge:901"))
    assert begin is not None
    assert (begin.cell, begin.line) == ("A3", 3)


def test_a_workbook_is_mended_in_its_cell(surroundings: Surroundings) -> None:
    headings = ("pledge identifier", "is made by", "date", "other name [en]")
    workbook, sheet = workbook_of(headings, (901, "MDA; KGZ", "31.12.2023", "One\nTwo"))
    sheet["Z9"] = "left alone"
    given = Given("my.xlsx", bytes_of(workbook), Form.XLSX, TableAbout("pledge", HEADER))
    reading = read_table(given, surroundings)
    mender = Mender(reading, surroundings)
    triple = Triple(term("pledge:901"), term("gcm:isMadeBy"), term("place:KGZ"))
    edits = mender.replace(triple, term("place:PRT"))
    (date,) = (each for each in reading.problems if each.written)
    dated = mender.correct(date, date.written or "")
    assert edits == (Edit("my.xlsx", 0, 0, "MDA; PRT Portugal", cell="Pledges!B2"),)
    named = mender.replace(Triple(triple.subject, term("skos:altLabel"), value('"Two"@en')), value('"2"@en'))
    mended = apply_to_workbook(given, [*edits, *(dated or ()), *(named or ())])
    again = read_table(Given("my.xlsx", mended, Form.XLSX, given.about), surroundings)
    assert {"pledge:901 gcm:isMadeBy place:PRT", 'pledge:901 skos:altLabel "2"@en'} <= set(said(again))
    assert [each for each in messages(again) if "is no date" in each] == []
    assert load_workbook(io.BytesIO(mended))["Pledges"]["Z9"].value == "left alone"


def merged() -> Given:
    workbook, sheet = workbook_of(("x", "y"), ("a", "b"), ("c", 4))
    sheet.merge_cells("A2:B2")
    return Given("my.xlsx", bytes_of(workbook), Form.XLSX)


@pytest.mark.parametrize(
    "cell", ["Nowhere!A1", "Pledges!", "A1", None, "Pledges!A4", "Pledges!C1", "Pledges!ZZZZZ1", "Pledges!B2"]
)
def test_cells_that_are_not_there_are_refused(cell: str | None) -> None:
    with pytest.raises(SourceError, match="no cell"):
        apply_to_workbook(merged(), [Edit("my.xlsx", 0, 0, "y", cell=cell)])
    with pytest.raises(SourceError, match="no cell"):
        read_cells(merged(), [cell or ""])


def test_a_text_that_no_cell_can_hold_is_refused() -> None:
    with pytest.raises(SourceError, match="signs that no cell can hold"):
        apply_to_workbook(merged(), [Edit("my.xlsx", 0, 0, "\x00", cell="Pledges!A1")])


def test_cells_are_read_as_they_are() -> None:
    cells = ["Pledges!A2", "Pledges!B3"]
    assert read_cells(merged(), cells) == {"Pledges!A2": "a", "Pledges!B3": "4"}


@settings(deadline=None, max_examples=50)
@example(strategies.lists(strategies.lists(strategies.text('ab";\n\r,'), min_size=1), min_size=1))
def test_every_cell_is_found_where_it_was_written(rows: list[list[str]]) -> None:
    text = "\r\n".join(";".join(quoted(cell, ";") for cell in row) for row in rows)
    spans = dict(spans_of(text, ";"))
    for row, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells, start=1):
            start, end = spans.get((row, column), (0, 0))
            assert text[start:end] == quoted(cell, ";") or not cell
