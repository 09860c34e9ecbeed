"""Tables as workbooks for people: headings with help, lists to choose from, and a sheet that explains."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from math import ceil

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from gcm.fields import Kind
from gcm.fields.names import Names
from gcm.tables.description import PLACE_IN_SOURCE, Column, Description
from gcm.tables.example import MARK
from gcm.tables.grid import ABOUT
from gcm.tables.oddities import OWN_SHEETS
from gcm.tables.values import read_value, wanted, write_value
from gcm.vocab import expand

#: A list longer than this is no help to choose from: it is left out.
LONGEST_LIST = 1_000

#: Rows for which a template offers lists and text formats.
PREPARED_ROWS = 1_000

#: ZIP archives know no earlier moment; the same table is thus always the same bytes.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_MOMENT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")

_TEXT = "@"  # the number format of texts: dates and codes stay as they are typed
_HOW = {
    Kind.DATE: "2024-03-15, 2024-03 or 2024, as precise as the source",
    Kind.NUMBER: "digits, with a point before decimals and nothing between thousands",
    Kind.YES_NO: "true or false",
    Kind.ADDRESS: "a web address that begins with https:// or http://",
    Kind.DURATION: "P18M for 18 months, P2Y for two years",
    Kind.CODE: "a code as its source writes it",
}
_HOW_TO_IDENTIFY = "as it stands in the address; or nothing"
_HOW_TO_CITE = "as people look for it, such as para. 16, or page 3"
_COLUMNS = ("column", "must be filled in", "what it means", "how to write it", "several values", "property")
_WIDTHS = (28, 16, 72, 50, 30, 50)

_BOLD = Font(name="Calibri", size=11, bold=True)
_PALE = Font(name="Calibri", size=11, italic=True, color="757575")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
#: The height of a line in points, and so many of one cell are shown in a table of things.
_LINE, _SHOWN_LINES = 15, 5
_TERM = re.compile(r"\bgcm:[A-Z]\w+")


def write_workbook(
    description: Description,
    rows: Iterable[Sequence[str]],
    *,
    names: Names,
    about: Mapping[str, str],
) -> bytes:
    """Write rows under the headings of a description, and explain them; `about` says what the table is."""
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = re.sub(r"[\\/*?:\[\]]", " ", description.label)[:31]
    _fill(sheet, [[each.heading for each in description.columns], *rows])
    _dress(sheet, description, names)
    _explain(workbook.create_sheet(OWN_SHEETS[0]), description, names)
    _offer(workbook.create_sheet(OWN_SHEETS[1]), sheet, description, names)
    hidden = workbook.create_sheet(ABOUT)
    _fill(hidden, list(about.items()))
    hidden.sheet_state = "veryHidden"
    return _packed(workbook)


def _fill(sheet: Worksheet, rows: Iterable[Sequence[str]]) -> None:
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            if text:
                cell = sheet.cell(number, column)
                cell.value = text
                cell.data_type = "s"  # a text, even if it looks like a formula
                cell.number_format = _TEXT
                cell.alignment = _WRAPPED


def _dress(sheet: Worksheet, description: Description, names: Names) -> None:
    """Make headings stand out, give them their help, and keep what is typed below as text."""
    sheet.freeze_panes = "B2"
    widths = [40 if column.kind in (Kind.TEXT, Kind.ENTITY) else 22 for column in description.columns]
    for number, (column, width) in enumerate(zip(description.columns, widths, strict=True), start=1):
        heading = sheet.cell(1, number)
        heading.font = _BOLD
        heading.fill = PatternFill("solid", fgColor="DDEBF7" if column.is_marked else "EEEEEE")
        heading.comment = _comment(_help(column, names))
        kept = sheet.column_dimensions[get_column_letter(number)]
        kept.width = width
        kept.number_format = _TEXT
        kept.alignment = _WRAPPED
    _fit(sheet, widths, most=_SHOWN_LINES)
    if sheet["A2"].value == MARK:
        for cell in sheet[2]:
            cell.font = _PALE
    sheet.page_setup.orientation = "landscape"
    sheet.print_title_rows, sheet.print_title_cols = "1:1", "A:A"


def _fit(sheet: Worksheet, widths: Sequence[int], *, first: int = 1, most: int | None = None) -> None:
    """Make rows as high as their texts need: not every program does so by itself."""
    for number, row in enumerate(sheet.iter_rows(min_row=first), start=first):
        texts = ((str(cell.value), width) for cell, width in zip(row, widths, strict=True) if cell.value)
        lines = max((_count_lines(*each) for each in texts), default=1)
        if lines > 1:
            sheet.row_dimensions[number].height = _LINE * min(lines, most or lines)


def _count_lines(text: str, width: int) -> int:
    return sum(max(1, ceil(len(part) / width)) for part in text.splitlines())


def _comment(text: str) -> Comment:
    """Make a note as high as its text needs; both lengths are pixels."""
    return Comment(text, "GCM knowledge graph", width=320, height=60 + 20 * (len(text) // 45))


def _help(column: Column, names: Names) -> str:
    """Give the help of a column with the names of a list's words, as the list has them."""
    return _TERM.sub(lambda found: _name_of(found[0], names), column.help)


def _name_of(term: str, names: Names) -> str:
    iri = expand(term)
    return names.title_of(iri) if iri is not None and names.has_name(iri) else term


def _explain(sheet: Worksheet, description: Description, names: Names) -> None:
    lines = [
        (f"{description.label}: {description.help}",),
        ("Fill in one row for each thing. Columns with * must be filled in; others may stay empty.",),
        ("A name that nothing has, or several things have, is told at its cell: nothing is guessed.",),
        _COLUMNS,
    ]
    _fill(sheet, [*lines, *(_explanation(each, names) for each in description.columns)])
    for number, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    _fit(sheet, _WIDTHS, first=len(lines))
    for cell in sheet["A"][: len(lines) - 1]:
        cell.alignment = Alignment(wrap_text=False)
    for cell in sheet[len(lines)]:
        cell.font = _BOLD
    sheet.freeze_panes = f"B{len(lines) + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0  # as many pages as it takes, one wide


def _explanation(column: Column, names: Names) -> tuple[str, ...]:
    several = {None: "no", "\n": "yes, each on a line of its own (Alt+Enter)"}
    required = "yes" if column.is_required else "in one language at least" if column.is_marked else "no"
    return (
        column.title,
        required,
        _help(column, names),
        _how(column, names),
        several.get(column.separator, "yes, with semicolons between them"),
        column.path.value if column.path else "",
    )


def _how(column: Column, names: Names) -> str:
    if column.path is None:
        return _HOW_TO_CITE if column.title == PLACE_IN_SOURCE else _HOW_TO_IDENTIFY
    if column.has_things:
        return wanted(column, names)
    return f"a text in the language “{column.language}”" if column.language else _HOW.get(column.kind, "")


def _offer(lists: Worksheet, sheet: Worksheet, description: Description, names: Names) -> None:
    """Write the lists to choose from, and tie them to their columns.

    Where a cell may hold several values the list is an offer: other texts are allowed.
    """
    number = 0
    lists.freeze_panes = "A2"
    for place, column in enumerate(description.columns, start=1):
        offered = _choices(column, names)
        if offered:
            number += 1
            letter = get_column_letter(number)
            for row, text in enumerate((column.title, *offered), start=1):
                lists.cell(row, number, text).data_type = "s"
            lists.column_dimensions[letter].width = 40
            lists.cell(1, number).font = _BOLD
            area = f"{OWN_SHEETS[1]}!${letter}$2:${letter}${len(offered) + 1}"
            _tie(sheet, place, area, is_closed=column.kind is Kind.CHOICE and column.separator is None)


def _tie(sheet: Worksheet, column: int, area: str, *, is_closed: bool) -> None:
    validation = DataValidation("list", formula1=area, allow_blank=True, showErrorMessage=is_closed)
    validation.error = "Choose one of the list."
    validation.add(f"{get_column_letter(column)}2:{get_column_letter(column)}{PREPARED_ROWS}")
    sheet.add_data_validation(validation)


def _choices(column: Column, names: Names) -> list[str]:
    """Give what a column may hold, as it is written there; nothing if that is too much, or anything."""
    if column.kind is Kind.YES_NO:
        return ["true", "false"]
    if not column.has_things:
        return []
    members = names.members(column.classes) if column.classes else ()
    values = column.choices or tuple(each for each in members if names.has_name(each))
    if not 0 < len(values) <= LONGEST_LIST:
        return []
    return [
        text for each in values if read_value(column, text := write_value(column, each, names), names) == each
    ]


def _packed(workbook: Workbook) -> bytes:
    """Save a workbook so that the same content is the same bytes: no moment of writing stands in it."""
    saved = io.BytesIO()
    workbook.save(saved)
    packed = io.BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = _MOMENT.sub(rb"\g<1>1980-01-01T00:00:00Z", source.read(part))
            info = zipfile.ZipInfo(part.filename, _LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    return packed.getvalue()
