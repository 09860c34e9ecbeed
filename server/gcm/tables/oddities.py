"""What a reader of a sheet should know of it: what is merged, hidden, or not read at all."""

from collections.abc import Iterator

from gcm.fields.names import fold
from gcm.tables.grid import Grid, letters_of
from gcm.tables.headings import Headings
from gcm.tables.problem import Problem

#: The sheets of a template that explain it.
OWN_SHEETS = ("Explanation", "Lists")

_OWN = {fold(each) for each in OWN_SHEETS}


def is_own(grid: Grid) -> bool:
    """Whether a sheet is one that a template brings along, which nobody fills in."""
    return fold(grid.sheet) in _OWN


def oddities(grid: Grid, headings: Headings | None) -> Iterator[Problem]:
    """Say what is odd about a sheet: whether it is read, and what in it may not be what its writer sees."""
    if headings is None:
        yield from _not_read(grid)
    elif grid.is_hidden:
        message = f"The sheet “{grid.sheet}” is hidden and is not read."
        yield Problem(grid.place(1, 1), message, "Show it if it is meant.", severity="warning")
    else:
        yield from _merged(grid, headings)
        yield from _hidden(grid, headings)


def _not_read(grid: Grid) -> Iterator[Problem]:
    if grid.cells and not grid.is_hidden:
        message = f"The sheet “{grid.sheet}” is not read: none of its rows holds headings of this table."
        yield Problem(grid.place(1, 1), message, severity="info")


def _merged(grid: Grid, headings: Headings) -> Iterator[Problem]:
    for top, left, bottom, right in grid.merged:
        if bottom >= headings.row and not headings.columns.keys().isdisjoint(range(left, right + 1)):
            column = next(each for each in range(left, right + 1) if each in headings.columns)
            area = f"{letters_of(left)}{top}:{letters_of(right)}{bottom}"
            yield Problem(
                grid.place(top, left, headings.columns[column].title),
                f"The cells {area} are merged: only the first of them has a value.",
                "Unmerge them, and write the value into each cell that it belongs to.",
            )


def _hidden(grid: Grid, headings: Headings) -> Iterator[Problem]:
    for row in sorted(grid.hidden_rows & {each for each in grid.rows if each > headings.row}):
        yield Problem(grid.place(row, 1), f"Row {row} is hidden; it is read as well.", severity="info")
    for column in sorted(grid.hidden_columns & headings.columns.keys()):
        title = headings.columns[column].title
        message = f"The column “{title}” is hidden; it is read as well."
        yield Problem(grid.place(headings.row, column, title), message, severity="info")
