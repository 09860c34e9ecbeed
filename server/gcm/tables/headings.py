"""Which column of a table is which: by its heading, in any language of the form, with or without marks."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from gcm.fields import Kind
from gcm.fields.names import fold
from gcm.tables.description import Column, Description, in_language
from gcm.tables.grid import Grid
from gcm.tables.problem import Problem

#: So many rows from the top may stand above the headings.
_SEARCHED = 40

#: So many headings in one row make it the row of headings.
_ENOUGH = 2

_TAGGED = re.compile(r"(.+?)\s*[\[(@]\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\s*[\])]?\s*\*?")


@dataclass(frozen=True)
class Headings:
    """The row of headings of a sheet, and the column of the description for each of its columns."""

    row: int
    columns: Mapping[int, Column]
    problems: tuple[Problem, ...]


class HeadingIndex:
    """The columns of a description by their headings."""

    def __init__(self, description: Description) -> None:
        """Take all headings that a column may have."""
        self._columns: dict[str, Column] = {}
        self._texts: dict[str, Column] = {}
        for column in description.columns:
            for title in (*column.titles, column.name):
                self._columns.setdefault(fold(title), column)
                if column.kind is Kind.TEXT:
                    self._texts.setdefault(fold(title.partition(" [")[0]), column)
        self._titles = {fold(each.title): each.title for each in description.columns}

    def find(self, text: str) -> Column | None:
        """Find the column of a heading; a text in any language has one."""
        found = self._columns.get(fold(text))
        tagged = _TAGGED.fullmatch(text.strip())
        if found is None and tagged and (text_column := self._texts.get(fold(tagged[1]))):
            return in_language(text_column, tagged[2].lower())
        return found

    def lacks_language(self, text: str) -> Column | None:
        """Find the column that a heading would be if it said its language."""
        return self._texts.get(fold(text))

    def near(self, text: str) -> str | None:
        """Find the heading that was perhaps meant."""
        found = get_close_matches(fold(text), list(self._columns), n=1, cutoff=0.6)
        return self._columns[found[0]].title if found else None

    def score(self, texts: Sequence[str]) -> int:
        """Count the headings in a row."""
        return sum(1 for text in texts if text.strip() and self._is_known(text))

    def _is_known(self, text: str) -> bool:
        return self.find(text) is not None or self.lacks_language(text) is not None


def find_headings(grid: Grid, index: HeadingIndex) -> Headings | None:
    """Find the row of headings of a sheet; None if there is none."""
    rows = sorted(grid.rows)[:_SEARCHED]
    scores = {row: index.score([cell.text for cell in grid.row(row)]) for row in rows}
    best = max(rows, key=lambda row: (scores[row], -row), default=None)
    if best is None or scores[best] < min(_ENOUGH, len(grid.row(best))) or not scores[best]:
        return None
    columns: dict[int, Column] = {}
    problems: list[Problem] = []
    for cell in grid.row(best):
        column = index.find(cell.text)
        if column is None:
            problems.extend(_unknown(grid, best, cell.column, index))
        elif column in columns.values() and column.separator is None:
            problems.append(_twice(grid, best, cell.column, column))
        else:
            columns[cell.column] = column
    problems.extend(_nameless(grid, best, {cell.column for cell in grid.row(best)}))
    return Headings(best, columns, tuple(problems))


def _unknown(grid: Grid, row: int, column: int, index: HeadingIndex) -> Iterable[Problem]:
    heading = grid.text(row, column)
    if not _is_used(grid, row, column):
        return
    place = grid.place(row, column, heading)
    meant = index.lacks_language(heading)
    near = index.near(heading)
    if meant is not None:
        expected = f"Write it with the language in brackets, such as “{meant.title}”."
        yield Problem(
            place, f"The heading “{heading}” does not say its language.", expected, written=meant.title
        )
    elif near is not None:
        expected = f"Did you mean “{near}”? Correct the heading, or remove the column."
        yield Problem(place, f"There is no column “{heading}” here.", expected, written=near)
    else:
        expected = "Remove the column, or say it in the column “note [en]”."
        yield Problem(place, f"There is no column “{heading}” here.", expected)


def _twice(grid: Grid, row: int, column: int, known: Column) -> Problem:
    place = grid.place(row, column, known.title)
    return Problem(place, f"The column “{known.title}” is here twice.", "Keep one of both.")


def _nameless(grid: Grid, row: int, named: set[int]) -> Iterable[Problem]:
    for column in sorted({column for _, column in grid.cells} - named):
        if _is_used(grid, row, column):
            yield Problem(
                grid.place(row, column),
                "This column holds values and has no heading.",
                "Write its heading above them, or remove them.",
            )


def _is_used(grid: Grid, row: int, column: int) -> bool:
    return any(place[0] > row and place[1] == column for place in grid.cells)
