"""How a value in a table is written anew: the change of its one cell, and the table with changes applied."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from pyoxigraph import NamedNode, Triple

from gcm.given import Edit, Form, Given, Place
from gcm.limits import Limits
from gcm.tables.comma import DELIMITERS, guarded
from gcm.tables.description import LINE_BREAK, SEMICOLON, Column
from gcm.tables.grid import number_of
from gcm.tables.problem import Problem
from gcm.tables.reading import TableReading, TableStatement
from gcm.tables.spans import quoted, spans_of
from gcm.tables.surroundings import Surroundings
from gcm.tables.values import Value, read_value, write_value

_CELL = re.compile(r"([A-Z]+)([0-9]+)")


class Mender:
    """Finds the cells of statements, and writes other values into them; nothing else is changed."""

    def __init__(self, reading: TableReading, surroundings: Surroundings) -> None:
        """Take a table that was read, and the graph in which it was."""
        self._reading = reading
        self._names = surroundings.names
        self._statements = {each.triple: each for each in reading.statements}

    def place(self, triple: Triple) -> Place | None:
        """Give the cell of a statement; None if the table does not make it."""
        found = self._statements.get(triple)
        return found.place if found else None

    def begin(self, node: NamedNode) -> Place | None:
        """Give the cell at which the row of a thing begins."""
        return self._reading.rows.get(node)

    def replace(self, triple: Triple, value: Value | None) -> tuple[Edit, ...] | None:
        """Write another value of the same property, or none, into the cell of a statement.

        None if that cannot be: the cell would not be read as that value.
        """
        found = self._statements.get(triple)
        column = self._column(found) if found else None
        if found is None or found.text is None or column is None:
            return None
        if value is None:
            return self._rewritten(found.place, found.text, None)
        text = write_value(column, value, self._names)
        is_same = read_value(column, text, self._names) == value
        return self._rewritten(found.place, found.text, text) if is_same else None

    def correct(self, problem: Problem, text: str) -> tuple[Edit, ...] | None:
        """Write a text in the place of what could not be read."""
        return self._rewritten(problem.place, problem.value or "", text)

    def _column(self, statement: TableStatement) -> Column | None:
        heading = statement.place.heading
        columns = self._reading.description.columns_of(statement.triple.predicate)
        return next((each for each in columns if each.title == heading), None)

    def _rewritten(self, place: Place, old: str, new: str | None) -> tuple[Edit, ...] | None:
        texts = list(self._reading.cells.get(place.cell or "", ())) or [old]
        if old not in texts:
            return None
        number = texts.index(old)
        texts[number : number + 1] = [] if new is None else [new]
        return self._edit(place, self._between(place, texts).join(texts))

    def _between(self, place: Place, texts: Iterable[str]) -> str:
        """Give what stands between the values of a cell: a name with a semicolon needs a line of its own."""
        columns = self._reading.description.columns
        own = next((each.separator for each in columns if each.title == place.heading), None) or LINE_BREAK
        return LINE_BREAK if own == SEMICOLON and any(";" in each for each in texts) else own

    def _edit(self, place: Place, text: str) -> tuple[Edit, ...] | None:
        if self._reading.given.form is Form.XLSX:
            return (Edit(place.file, 0, 0, text, cell=place.cell),)
        span = self._spans.get(row_and_column(place.cell or ""))
        written = quoted(guarded(text), self._reading.delimiter or DELIMITERS[0])
        return (Edit(place.file, *span, written),) if span else None

    @cached_property
    def _spans(self) -> dict[tuple[int, int], tuple[int, int]]:
        text = self._reading.given.data.decode("utf-8-sig")
        return dict(spans_of(text, self._reading.delimiter or DELIMITERS[0]))


def apply_to_workbook(given: Given, edits: Iterable[Edit], *, limits: Limits | None = None) -> bytes:
    """Write the texts of edits into the cells of a workbook.

    Raises SourceError if it is no workbook, has no such cell, or a text cannot stand in one.
    """
    from gcm.tables.cells import write_into  # not above: openpyxl takes a quarter of a second

    return write_into(given, edits, limits=limits or Limits())


def read_cells(given: Given, cells: Iterable[str], *, limits: Limits | None = None) -> Mapping[str, str]:
    """Give what cells of a workbook hold, written out; each as an edit names it.

    Raises SourceError if it is no workbook, or has no such cell.
    """
    from gcm.tables.cells import read_from  # not above, for the same reason

    return read_from(given, cells, limits=limits or Limits())


def row_and_column(name: str) -> tuple[int, int]:
    """Read the name of a cell, such as `C4`: row and column from 1; zeros if it is none."""
    found = _CELL.fullmatch(name)
    if found is None:
        return (0, 0)
    return (int(found[2]), number_of(found[1]))
