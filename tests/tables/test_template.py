"""Templates: what a person finds in one, and that an untouched one says nothing."""

import io
import re
from pathlib import Path

import pytest
from gcm.given import Form, Given, TableAbout
from gcm.tables import Surroundings, read_table, write_template
from gcm.tables.example import MARK
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tests.tables.tables import HEADER, messages


def template_of(surroundings: Surroundings, name: str) -> bytes:
    return write_template(surroundings.forms[name], surroundings, things={}, to=Form.XLSX)


@pytest.fixture(scope="module")
def pledges(surroundings: Surroundings) -> Workbook:
    return load_workbook(io.BytesIO(template_of(surroundings, "pledge")))


def sheet_of(workbook: Workbook, name: str) -> Worksheet:
    sheet = workbook[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def column_of(sheet: Worksheet, heading: str) -> str:
    headings = [str(cell.value) for cell in sheet[1]]
    return get_column_letter(headings.index(heading) + 1)


def test_headings_have_help_and_marks(pledges: Workbook) -> None:
    sheet = sheet_of(pledges, "Pledge")
    headings = {str(cell.value): cell.comment.text for cell in sheet[1] if cell.comment}
    assert len(headings) == sheet.max_column
    marked = [each for each in headings if each.endswith(" *")]
    assert marked == ["name [en] *", "has objectives known *", "is made by *"]
    assert "Name at least one actor" in headings["is made by *"]
    assert sheet.freeze_panes == "B2"


def test_help_speaks_of_tables_and_not_of_turtle(pledges: Workbook) -> None:
    sheet = sheet_of(pledges, "Pledge")
    helps = {str(cell.value): cell.comment.text for cell in sheet[1] if cell.comment}
    for heading in ("name [en] *", "note [fr]", "date", "as of", "web page", "same elsewhere", "withdrawn"):
        said = re.findall("tag|datatype|brackets|quotation", helps[heading])
        assert (heading, said, helps[heading] != "") == (heading, [], True)
    assert "Choose the nature: Process-Oriented, Material or Financial." in helps["has pledge nature"]
    assert not [heading for heading, text in helps.items() if "gcm:" in text]


def test_long_texts_can_be_read_where_they_stand(pledges: Workbook) -> None:
    sheet, explanation = sheet_of(pledges, "Pledge"), sheet_of(pledges, "Explanation")
    assert sheet.column_dimensions["B"].alignment.wrap_text  # of what will be typed
    assert explanation.freeze_panes == "B5"
    rows = enumerate(explanation.iter_rows(min_row=5), start=5)
    at, means = next((at, row[2]) for at, row in rows if row[0].value == "source place")
    lines = len(str(means.value)) / explanation.column_dimensions["C"].width
    assert means.alignment.wrap_text
    assert (explanation.row_dimensions[at].height or 0) >= 15 * lines


def test_the_example_looks_like_one(pledges: Workbook) -> None:
    sheet = sheet_of(pledges, "Pledge")
    assert {(cell.font.italic, cell.font.color.rgb) for cell in sheet[2] if cell.value} == {
        (True, "00757575")
    }
    assert not sheet["A3"].font.italic


@pytest.mark.parametrize(
    ("heading", "offered", "is_closed"),
    [
        ("has pledge type", "Individual Pledge", True),
        ("has pledge nature", "Material", False),  # several may be chosen, with semicolons
        ("is about", "7 Address and reduce vulnerabilities in migration", False),
        ("is made by *", "MDA Republic of Moldova", False),
        ("is implemented in", "KGZ Kyrgyzstan", False),
        ("withdrawn", "true", False),  # yes, oui and да are read as well
    ],
)
def test_closed_sets_are_offered_as_lists(
    pledges: Workbook, heading: str, offered: str, is_closed: bool
) -> None:
    sheet, lists = sheet_of(pledges, "Pledge"), sheet_of(pledges, "Lists")
    letter = column_of(sheet, heading)
    (rule,) = (each for each in sheet.data_validations.dataValidation if f"{letter}2" in each.sqref)
    assert (rule.type, bool(rule.showErrorMessage)) == ("list", is_closed)
    area = str(rule.formula1).removeprefix("Lists!").replace("$", "")
    assert offered in [row[0].value for row in lists[area]]


def test_dates_stay_as_they_are_typed(pledges: Workbook) -> None:
    sheet = sheet_of(pledges, "Pledge")
    assert sheet.column_dimensions[column_of(sheet, "date")].number_format == "@"


def test_a_sheet_explains_every_column(pledges: Workbook) -> None:
    sheet, explanation = sheet_of(pledges, "Pledge"), sheet_of(pledges, "Explanation")
    explained = {str(row[0].value): [cell.value for cell in row] for row in explanation.iter_rows(min_row=5)}
    assert {str(cell.value).removesuffix(" *") for cell in sheet[1]} == set(explained)
    assert explained["is made by"][1] == "yes"
    assert explained["name [en]"][1] == "in one language at least"
    assert explained["date"][3] == "2024-03-15, 2024-03 or 2024, as precise as the source"
    assert explained["pledge identifier"][3] == "as it stands in the address; or nothing"
    assert explained["source place"][3] == "as people look for it, such as para. 16, or page 3"
    assert explained["is about"][5] == "https://w3id.org/gcm/ontology/isAbout"


def test_a_hidden_sheet_says_what_it_is(pledges: Workbook) -> None:
    hidden = sheet_of(pledges, "gcm")
    assert hidden.sheet_state == "veryHidden"
    said = {str(row[0].value): row[1].value for row in hidden.iter_rows()}
    assert (said["form"], said["class"]) == ("pledge", "https://w3id.org/gcm/ontology/Pledge")
    assert said["ontology"] == "0.1.0"


@pytest.mark.parametrize("name", ["pledge", "status-report"])
def test_the_example_is_not_read(surroundings: Surroundings, name: str) -> None:
    check_example(surroundings, name)


@pytest.mark.server
def test_no_example_is_read(surroundings: Surroundings) -> None:
    for name in surroundings.forms:
        check_example(surroundings, name)


def check_example(surroundings: Surroundings, name: str) -> None:
    data = template_of(surroundings, name)
    assert load_workbook(io.BytesIO(data)).worksheets[0]["A2"].value == MARK
    reading = read_table(Given("new.xlsx", data, Form.XLSX), surroundings)
    assert (messages(reading), reading.statements) == ([], ()), name


def test_the_example_can_be_read_when_its_mark_is_taken_away(surroundings: Surroundings) -> None:
    """What it shows is right: everywhere but where a code or a composed identifier must be made up."""
    for name in ("pledge", "event"):
        workbook = load_workbook(io.BytesIO(template_of(surroundings, name)))
        workbook.worksheets[0]["A2"].value = None
        saved = io.BytesIO()
        workbook.save(saved)
        given = Given("new.xlsx", saved.getvalue(), Form.XLSX, TableAbout(name, HEADER))
        reading = read_table(given, surroundings)
        assert (messages(reading), len(reading.rows)) == ([], 1), name


def test_the_same_template_is_the_same_bytes(surroundings: Surroundings) -> None:
    assert template_of(surroundings, "event") == template_of(surroundings, "event")


def test_a_formula_in_the_data_is_written_as_text(surroundings: Surroundings, tmp_path: Path) -> None:
    from gcm.tables import describe_table
    from gcm.tables.workbook import write_workbook

    described = describe_table(surroundings.forms["pledge"])
    row = ["901", "=1+1", *[""] * (len(described.columns) - 2)]
    data = write_workbook(described, [row], names=surroundings.names, about={})
    (tmp_path / "x.xlsx").write_bytes(data)
    cell = load_workbook(tmp_path / "x.xlsx").worksheets[0]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
