"""The rows of a sheet as they are written: the pieces of each cell, read as far as the graph alone allows."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from gcm.fields import Kind
from gcm.fields.names import Names, fold
from gcm.given import Place
from gcm.tables.description import Column, Description
from gcm.tables.grid import Grid
from gcm.tables.headings import Headings
from gcm.tables.problem import Problem
from gcm.tables.values import Trouble, Value, read_value, split

#: How the identifier of the example row of a template begins: such rows are not read.
EXAMPLE = "example"

#: Where decimals begin with a comma, spreadsheets put this between cells, and perhaps points into numbers.
_OF_DECIMAL_COMMAS = ";"
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")


@dataclass
class Piece:
    """One value of a cell: what it says, or why it cannot be read."""

    column: Column
    place: Place
    text: str
    value: Value | Trouble


@dataclass
class Row:
    """One row: its place, the text of its identifier, its values; `iri` once it is known."""

    place: Place
    identifier: str
    pieces: list[Piece] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    iri: NamedNode | None = None

    def values(self) -> Mapping[NamedNode, Sequence[Value]]:
        """Give what could be read, by property."""
        found: dict[NamedNode, list[Value]] = {}
        for piece in self.pieces:
            if piece.column.path is not None and not isinstance(piece.value, Trouble):
                found.setdefault(piece.column.path, []).append(piece.value)
        return found


def rows_of(grid: Grid, headings: Headings, description: Description, names: Names) -> Iterator[Row]:
    """Read the rows below the headings, but for empty ones and the example."""
    identifiers = [number for number, each in headings.columns.items() if each == description.identifier]
    place_of_identifier = identifiers[0] if identifiers else min(headings.columns)
    reader = _Reader(names)
    for number in sorted(each for each in grid.rows if each > headings.row):
        cells = [cell for cell in grid.row(number) if cell.column in headings.columns]
        identifier = grid.text(number, identifiers[0]) if identifiers else ""
        if cells and not fold(identifier).startswith(EXAMPLE):
            place = grid.place(number, place_of_identifier, headings.columns[place_of_identifier].title)
            row = Row(place, identifier)
            for cell in cells:
                column = headings.columns[cell.column]
                where = grid.place(number, cell.column, column.title)
                if cell.fault:
                    row.problems.append(Problem(where, f"The cell {cell.fault}.", value=cell.text))
                elif column != description.identifier:
                    row.pieces.extend(reader.pieces(column, where, cell.text))
            if grid.delimiter == _OF_DECIMAL_COMMAS:
                row.problems.extend(_perhaps_thousands(row.pieces))
            yield row


def _perhaps_thousands(pieces: Iterable[Piece]) -> Iterator[Problem]:
    """Say of numbers such as 1.250 how they are read, where others would write a thousand so."""
    for each in pieces:
        if each.column.kind is Kind.NUMBER and _GROUPED.fullmatch(each.text):
            plain = each.text.replace(".", "")
            message = f"“{each.text}” is read with a point before decimals, not as {plain}."
            yield Problem(each.place, message, f"Write {plain} if that is meant.", "warning", each.text)


class _Reader:
    """Reads cells; what stands in many of them is looked up once."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._read: dict[tuple[str, str], Value | Trouble] = {}

    def pieces(self, column: Column, place: Place, text: str) -> Iterator[Piece]:
        """Take a cell apart, and read each of its values."""
        for each in split(column, text, self._names):
            key = (column.title, each)
            if key not in self._read:
                self._read[key] = read_value(column, each, self._names)
            yield Piece(column, place, each, self._read[key])
