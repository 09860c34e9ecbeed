"""Single cells of workbooks, read and written; all else stays, but what openpyxl cannot write again.

That are charts, and lists to choose from if Excel has saved them in its own way.
"""

import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.workbook import Workbook

from gcm.errors import SourceError
from gcm.given import Edit, Given
from gcm.limits import Limits
from gcm.tables.excel import open_workbook, text_of
from gcm.tables.mending import row_and_column


def write_into(given: Given, edits: Iterable[Edit], *, limits: Limits) -> bytes:
    """Write the texts of edits into their cells, as texts.

    Raises SourceError if it is no workbook, has no such cell, or a text cannot stand in one.
    """
    workbook = open_workbook(given, limits=limits)
    for edit in edits:
        cell = _cell_of(workbook, edit.cell, given.name)
        if ILLEGAL_CHARACTERS_RE.search(edit.text):
            message = f"what is to be written into {edit.cell} holds signs that no cell can hold."
            raise SourceError(message, path=Path(given.name))
        cell.value, cell.data_type, cell.number_format = edit.text, "s", "@"
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def read_from(given: Given, cells: Iterable[str], *, limits: Limits) -> Mapping[str, str]:
    """Give what cells hold, written out.

    Raises SourceError if it is no workbook, or has no such cell.
    """
    workbook = open_workbook(given, limits=limits)
    return {each: text_of(_cell_of(workbook, each, given.name)) for each in cells}


def _cell_of(workbook: Workbook, name: str | None, file: str) -> Cell:
    """Find a cell that can be written: one within its sheet, and not covered by a merged one."""
    title, _, place = (name or "").rpartition("!")
    sheet = next((each for each in workbook.worksheets if each.title == title), None)
    row, column = row_and_column(place)
    if sheet is not None and 1 <= row <= sheet.max_row and 1 <= column <= sheet.max_column:
        cell = sheet.cell(row, column)
        if isinstance(cell, Cell):
            return cell
    raise SourceError(f"there is no cell {name} in the workbook.", path=Path(file))
