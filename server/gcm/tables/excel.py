"""Reading workbooks: each sheet as a grid of texts."""

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.cell import Cell as ExcelCell
from openpyxl.cell import MergedCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gcm.errors import SourceError
from gcm.given import Given
from gcm.limits import Limits
from gcm.tables.grid import ABOUT, Book, Cell, Grid
from gcm.tables.guard import check_workbook

_FORMULA = "is a formula; put its value there (copy the cells, then paste as values)"
#: How LibreOffice saves yes and no in cells of texts.
_YES_NO = {"=TRUE()": "true", "=FALSE()": "false"}
_ERROR = "is an error of the spreadsheet; write the value"
_PERCENTAGE = "is shown as a percentage, and holds {}; write the number that is meant, as a text"

#: What a number format holds beside its codes: texts, single signs, colours and languages (ECMA-376 18.8.30).
_BESIDE_CODES = re.compile(r'"[^"]*"|[\\_*].|\[[^\]]*\]')


def read_workbook(given: Given, *, limits: Limits) -> Book:
    """Read the sheets of a workbook; formulas are never run, nothing that it points to is opened.

    Raises SourceError if it is no workbook, or larger or odder than one may be.
    """
    return _book(open_workbook(given, limits=limits), given.name, limits)


def open_workbook(given: Given, *, limits: Limits) -> Workbook:
    """Open a workbook, formulas as they are written.

    Raises SourceError if it is none, or larger or odder than one may be.
    """
    check_workbook(given.data, name=given.name, limits=limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # what of a workbook openpyxl would not write again
            return load_workbook(io.BytesIO(given.data), data_only=False, keep_links=False)
    except (
        InvalidFileException,
        ParseError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        zipfile.BadZipFile,
    ) as error:  # what openpyxl raises for broken parts
        message = f"the workbook is damaged ({type(error).__name__}); open it, save it anew, and try again."
        raise SourceError(message, path=Path(given.name)) from None


def _book(workbook: Workbook, name: str, limits: Limits) -> Book:
    grids: list[Grid] = []
    about: dict[str, str] = {}
    for sheet in workbook.worksheets:
        grid = _grid(sheet, name)
        if sheet.title == ABOUT and grid.is_hidden:
            about = {grid.text(row, 1): grid.text(row, 2) for row in grid.rows}
        else:
            grids.append(grid)
    if sum(len(grid.cells) for grid in grids) > limits.table_cells:
        message = (
            f"the workbook has more than {limits.table_cells:.0f} cells (table_cells); send it in parts."
        )
        raise SourceError(message, path=Path(name))
    return Book(tuple(grids), about)


def _grid(sheet: Worksheet, name: str) -> Grid:
    areas = (each.bounds for each in sheet.merged_cells.ranges)
    return Grid(
        file=name,
        sheet=sheet.title,
        cells={(cell.row, cell.column): cell for cell in _cells(sheet)},
        hidden_rows=frozenset(row for row, kept in sheet.row_dimensions.items() if kept.hidden),
        hidden_columns=frozenset(_hidden_columns(sheet)),
        merged=tuple((top, left, bottom, right) for left, top, right, bottom in areas),
        is_hidden=sheet.sheet_state != "visible",
    )


def _hidden_columns(sheet: Worksheet) -> Iterator[int]:
    for kept in sheet.column_dimensions.values():
        if kept.hidden and kept.min and kept.max:
            yield from range(kept.min, min(kept.max, sheet.max_column) + 1)


def _cells(sheet: Worksheet) -> Iterator[Cell]:
    """Give the cells that hold something.

    From the table behind the sheet: its public methods go over the whole rectangle, which may be billions.
    """
    for cell in sheet._cells.values():
        if not isinstance(cell, MergedCell) and cell.value is not None:
            text = text_of(cell)
            if text.strip():
                yield Cell(cell.row, cell.column, text, fault=_fault(cell))


def _fault(cell: ExcelCell) -> str:
    if cell.data_type == "n" and "%" in _codes(cell):
        return _PERCENTAGE.format(text_of(cell))
    is_yes_no = str(cell.value) in _YES_NO
    return "" if is_yes_no else {"f": _FORMULA, "e": _ERROR}.get(cell.data_type, "")


def text_of(cell: ExcelCell) -> str:
    """Write a value as our tables have it as text: dates as precise as they are shown, numbers plainly."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime | datetime.date):
        return _date(value, _codes(cell))
    if cell.data_type == "f":
        return _YES_NO.get(str(value), str(value))
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    return str(value)


def _codes(cell: ExcelCell) -> str:
    """Give the codes of a cell's number format, without what only stands between them."""
    return _BESIDE_CODES.sub("", cell.number_format).lower()


def _date(value: datetime.datetime | datetime.date, codes: str) -> str:
    """Write a day, a month or a year: what the format of the cell shows of it."""
    if "d" in codes or "y" not in codes:
        return value.strftime("%Y-%m-%d")
    return value.strftime("%Y-%m") if "m" in codes else value.strftime("%Y")
