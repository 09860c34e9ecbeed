"""A sheet of cells as it was given, whatever it was written in: texts, with what is odd about them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from gcm.given import Place

#: The name of the hidden sheet that says what a table of ours is: rows of a name and a value.
ABOUT = "gcm"


@dataclass(frozen=True)
class Cell:
    """A cell that is not empty, as text; rows and columns count from 1.

    `line` is the line of a text file on which its row begins. `fault` says why the text is not to be trusted
    (a formula, an error of the spreadsheet); its cell is told and not read.
    """

    row: int
    column: int
    text: str
    line: int | None = None
    fault: str = ""


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet: `sheet` is its name, "" in a text file.

    `merged` are the areas of merged cells, as first and last row and column; `delimiter` is that of a text.
    """

    file: str
    sheet: str
    cells: Mapping[tuple[int, int], Cell]
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    is_hidden: bool = False
    delimiter: str = ""
    rows: Mapping[int, tuple[Cell, ...]] = field(init=False)

    def __post_init__(self) -> None:
        """Put the cells in rows."""
        rows: dict[int, list[Cell]] = {}
        for place in sorted(self.cells):
            rows.setdefault(place[0], []).append(self.cells[place])
        object.__setattr__(self, "rows", {row: tuple(cells) for row, cells in rows.items()})

    def text(self, row: int, column: int) -> str:
        """Give the text of a cell, without space around it; "" if it is empty."""
        found = self.cells.get((row, column))
        return found.text.strip() if found else ""

    def row(self, row: int) -> tuple[Cell, ...]:
        """Give the cells of a row that are not empty."""
        return self.rows.get(row, ())

    def place(self, row: int, column: int, heading: str | None = None) -> Place:
        """Give the place of a cell for reports: `Pledges!C4`, or `C4` in a text file, with its line."""
        cells = self.row(row)
        line = cells[0].line if cells else None
        name = f"{letters_of(column)}{row}"
        return Place(
            file=self.file, line=line, cell=f"{self.sheet}!{name}" if self.sheet else name, heading=heading
        )


def letters_of(column: int) -> str:
    """Give the letters by which spreadsheets call a column: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def number_of(letters: str) -> int:
    """Give the number of a column that spreadsheets call so."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def cells_of(table: Iterator[tuple[int, int, list[str]]]) -> dict[tuple[int, int], Cell]:
    """Make cells of records with their rows and lines."""
    return {
        (row, column): Cell(row, column, text, line)
        for row, line, record in table
        for column, text in enumerate(record, start=1)
        if text.strip()
    }


@dataclass(frozen=True)
class Book:
    """The sheets of a workbook, and what it says of itself."""

    grids: tuple[Grid, ...]
    about: Mapping[str, str]
