"""Workbooks as people fill them in: dates, numbers, merged and hidden cells, formulas, several sheets."""

import datetime
import io

import pytest
from gcm.given import Form, Given
from gcm.limits import Limits
from gcm.tables import Surroundings, read_table, write_template
from gcm.tables.excel import read_workbook
from openpyxl import load_workbook
from openpyxl.comments import Comment

from tests.tables.tables import bytes_of, messages, read_sheets, said, workbook_of

HEADINGS = ("pledge identifier", "name [en]", "is made by", "date")
MARCH = datetime.datetime(2024, 3, 15)


@pytest.mark.parametrize(
    ("shown", "date"),
    [
        ("yyyy-mm-dd", '"2024-03-15"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("d mmmm yyyy", '"2024-03-15"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("mmm yyyy", '"2024-03"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'),
        ("mm/yy", '"2024-03"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'),
        ("yyyy", '"2024"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        ("[$-409]mmmm yyyy;@", '"2024-03"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'),
        ("[$-de-DE]mmmm yyyy", '"2024-03"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'),  # no day in “de”
        ('[Red]yyyy" (printed)"', '"2024"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        (r"mm/dd/yy\ hh:mm\ AM/PM", '"2024-03-15"^^<http://www.w3.org/2001/XMLSchema#date>'),  # LibreOffice
    ],
)
def test_dates_are_as_precise_as_they_are_shown(surroundings: Surroundings, shown: str, date: str) -> None:
    workbook, sheet = workbook_of(HEADINGS, (901, "One", "MDA", MARCH))
    sheet["D2"].number_format = shown
    reading = read_sheets(surroundings, workbook)
    assert messages(reading) == []
    assert f"pledge:901 dcterms:date {date}" in said(reading)


def test_a_number_in_a_column_of_dates_is_a_year(surroundings: Surroundings) -> None:
    reading = read_sheets(surroundings, workbook_of(HEADINGS, (901, "One", "MDA", 2024))[0])
    assert 'pledge:901 dcterms:date "2024"^^<http://www.w3.org/2001/XMLSchema#gYear>' in said(reading)


@pytest.mark.parametrize(
    ("value", "text"),
    [(7, "7"), (7.0, "7"), (1250.5, "1250.5"), (1e-7, "0.0000001"), (True, "true"), ("  7 ", "  7 ")],
)
def test_values_are_read_as_plain_text(value: object, text: str) -> None:
    given = Given("my.xlsx", bytes_of(workbook_of((value,))[0]), Form.XLSX)
    (grid,) = read_workbook(given, limits=Limits()).grids
    assert grid.cells[1, 1].text == text


def test_yes_and_no_as_libreoffice_saves_them_are_no_formulas(surroundings: Surroundings) -> None:
    workbook, _ = workbook_of((*HEADINGS[:2], "withdrawn"), (901, "One", "=TRUE()"), (902, "Two", "=1=1"))
    reading = read_sheets(surroundings, workbook)
    assert [each.place.cell for each in reading.problems] == ["Pledges!C3"]
    assert 'pledge:901 owl:deprecated "true"^^<http://www.w3.org/2001/XMLSchema#boolean>' in said(reading)


def test_formulas_and_errors_are_told_and_not_read(surroundings: Surroundings) -> None:
    workbook, sheet = workbook_of(HEADINGS, (901, '=CONCATENATE("a","b")', "MDA", "x"))
    sheet["D2"].value = "#REF!"
    sheet["D2"].data_type = "e"
    reading = read_sheets(surroundings, workbook)
    assert [(each.place.cell, each.place.heading) for each in reading.problems] == [
        ("Pledges!B2", "name [en]"),
        ("Pledges!D2", "date"),
    ]
    assert reading.problems[0].message.startswith("The cell is a formula;")
    assert reading.problems[1].message.startswith("The cell is an error of the spreadsheet;")
    assert said(reading) == ["pledge:901 gcm:isMadeBy place:MDA"]


def test_percentages_are_told_and_not_read(surroundings: Surroundings) -> None:
    """What is seen is 12 %, what is stored 0.12: nobody knows which of them belongs into the graph."""
    workbook, sheet = workbook_of((*HEADINGS[:2], "amount"), (901, "One", 0.12), (902, "Two", 12))
    sheet["C2"].number_format = "0.00%"
    sheet["C3"].number_format = r'#,##0.00_);\(#,##0.00\)" %"'  # a text beside the number
    reading = read_sheets(surroundings, workbook)
    assert messages(reading) == [
        "Pledges!C2 violation: The cell is shown as a percentage, and holds 0.12; write the number that is "
        "meant, as a text."
    ]
    assert 'pledge:902 gcm:amount "12"^^<http://www.w3.org/2001/XMLSchema#decimal>' in said(reading)


def test_a_template_that_another_program_has_saved_is_read(surroundings: Surroundings) -> None:
    """LibreOffice writes out cells that have only a style, and knows one way of hiding sheets."""
    data = write_template(surroundings.forms["pledge"], surroundings, things={}, to=Form.XLSX)
    workbook = load_workbook(io.BytesIO(data))
    sheet = workbook.worksheets[0]
    headings = {str(cell.value): at for at, cell in enumerate(sheet[1], start=1)}
    for row in range(3, 1_001):
        sheet.cell(row, sheet.max_column).number_format = "@"
    workbook["gcm"].sheet_state = "hidden"
    for heading, value in (("name [en] *", "One"), ("withdrawn", True), ("date", MARCH)):
        sheet.cell(3, headings[heading]).value = value
    sheet.cell(3, headings["withdrawn"]).number_format = '"TRUE";"TRUE";"FALSE"'
    reading = read_table(Given("saved.xlsx", bytes_of(workbook), Form.XLSX), surroundings)
    assert [each for each in said(reading) if "Label" not in each] == [
        'pledge:12 dcterms:date "2024-03-15"^^<http://www.w3.org/2001/XMLSchema#date>',
        'pledge:12 owl:deprecated "true"^^<http://www.w3.org/2001/XMLSchema#boolean>',
    ]


def test_merged_cells_below_the_headings_are_told(surroundings: Surroundings) -> None:
    workbook, sheet = workbook_of(
        ("Our pledges", "", "", ""), HEADINGS, (901, "One", "MDA", ""), (902, "Two", "", "")
    )
    sheet.merge_cells("A1:D1")  # a title: nobody minds
    sheet.merge_cells("C3:C4")
    reading = read_sheets(surroundings, workbook)
    assert messages(reading) == [
        "Pledges!C3 violation: The cells C3:C4 are merged: only the first of them has a value."
    ]


def test_hidden_rows_and_columns_are_read_and_told(surroundings: Surroundings) -> None:
    workbook, sheet = workbook_of(HEADINGS, (901, "One", "MDA", ""), (902, "Two", "KGZ", ""))
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    reading = read_sheets(surroundings, workbook)
    assert messages(reading) == [
        "Pledges!A3 info: Row 3 is hidden; it is read as well.",
        "Pledges!C1 info: The column “is made by” is hidden; it is read as well.",
    ]
    assert "pledge:902 gcm:isMadeBy place:KGZ" in said(reading)
    assert reading.is_sound


def test_every_sheet_with_headings_is_read_and_others_are_told(surroundings: Surroundings) -> None:
    workbook, _ = workbook_of(HEADINGS, (901, "One", "MDA", ""))
    second = workbook.create_sheet("More")
    for row in (HEADINGS, (902, "Two", "KGZ", "")):
        second.append(row)
    workbook.create_sheet("Notes").append(["Call them back"])
    hidden = workbook.create_sheet("Old")
    for row in (HEADINGS, (903, "Three", "KGZ", "")):
        hidden.append(row)
    hidden.sheet_state = "hidden"
    workbook.create_sheet("Empty")
    reading = read_sheets(surroundings, workbook)
    assert [each.cell for each in reading.rows.values()] == ["More!A2", "Pledges!A2"]
    assert messages(reading) == [
        "Notes!A1 info: The sheet “Notes” is not read: none of its rows holds headings of this table.",
        "Old!A1 warning: The sheet “Old” is hidden and is not read.",
    ]


def test_comments_and_formats_change_nothing(surroundings: Surroundings) -> None:
    workbook, sheet = workbook_of(HEADINGS, (901, "One", "MDA", "2024"))
    sheet["B2"].comment = Comment("Is this its name?", "Somebody invented")
    sheet["XFD1048576"].number_format = "0.00"  # far away, empty, and yet a cell
    reading = read_sheets(surroundings, workbook)
    assert (messages(reading), len(reading.statements)) == ([], 5)
