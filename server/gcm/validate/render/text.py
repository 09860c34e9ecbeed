"""A report as lines for a terminal: the place that editors jump to, the line with a caret, what to do."""

import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from gcm.given import Place
from gcm.validate.render.checked import Checked, lines_of, rule_of, safe, short
from gcm.validate.report import Result

#: Characters of a source line that are shown; of a longer one, the part around the fault.
_WIDTH = 120

#: What a part of the output is -> its colour, as terminals are told (ECMA-48 section 8.3.117).
_COLOURS: Mapping[str, str] = MappingProxyType(
    {"place": "1", "violation": "1;31", "warning": "1;33", "info": "1;36", "caret": "1;31", "remedy": "32"}
)


def write_text(checked: Checked, *, is_coloured: bool = False) -> str:
    """Write every result as `file:line:column: severity: message [rule]`, with the line and the remedy."""
    writer = _Writer(checked, is_coloured=is_coloured)
    return "".join(f"{line}\n" for result in checked.report.results for line in writer.lines(result))


class _Writer:
    def __init__(self, checked: Checked, *, is_coloured: bool) -> None:
        self._checked = checked
        self._is_coloured = is_coloured
        self._lines: dict[str, list[str]] = {}
        self._place: Place | None = None

    def lines(self, result: Result) -> Iterator[str]:
        place = self._paint(safe(str(result.place)), "place")
        severity = self._paint(f"{result.severity}:", result.severity)
        yield f"{place}: {severity} {safe(result.message)} [{safe(rule_of(result))}]"
        if result.place != self._place:  # what was just shown needs not be shown again
            yield from [*self._excerpt(result.place)] or _about(result)
            yield from _context(result.place)
        self._place = result.place
        if result.expected:
            yield f"  expected: {safe(result.expected)}"
        for each in result.candidates:
            yield f"  did you mean: {safe(each.written)}" + (f" ({safe(each.label)})" if each.label else "")
        if result.fix:
            yield self._paint(f"  fix: {safe(result.fix.title)}", "remedy")

    def _excerpt(self, place: Place) -> Iterator[str]:
        """Show the line to blame, and below it a mark from the column to the end of what is wrong."""
        lines = self._lines_of(place.file)
        if place.line is None or not 0 < place.line <= len(lines):
            return
        start, line = clip(lines[place.line - 1], place.column or 1, width=_WIDTH)
        margin = len(str(place.line))
        yield f"  {place.line} | {safe(line)}"
        if place.column:
            first = place.column - 1 - start
            is_one_line = place.end_line in (None, place.line)
            last = place.end_column - 1 - start if place.end_column and is_one_line else len(line)
            mark = "^" * max(1, _columns(line[first:last]))
            yield f"  {' ' * margin} | {_blank(line[:first])}{self._paint(mark, 'caret')}"

    def _lines_of(self, file: str) -> list[str]:
        if file not in self._lines:
            text = self._checked.text_of(file)
            self._lines[file] = [] if text is None else lines_of(text)
        return self._lines[file]

    def _paint(self, words: str, name: str) -> str:
        return f"\x1b[{_COLOURS[name]}m{words}\x1b[0m" if self._is_coloured else words


def clip(line: str, column: int, *, width: int) -> tuple[int, str]:
    """Take the part of a line to show around a column: where it begins, and its characters."""
    start = 0 if column <= width * 3 // 4 else column - 1 - width // 4
    return start, line[start : start + width]


def _about(result: Result) -> Iterator[str]:
    """Say what a result is about where no line can show it."""
    term = result.value or result.focus
    if term:
        yield f"  {'value' if result.value else 'about'}: {safe(short(term))}"


def _context(place: Place) -> Iterator[str]:
    if place.heading:
        yield f"  column: {safe(place.heading)}"
    if place.pointer is not None:
        yield f"  at: {safe(place.pointer) or '(the whole document)'}"


def _columns(text: str) -> int:
    """Count the columns that a text takes on a terminal."""
    return sum(_column(sign) for sign in text)


def _column(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _blank(text: str) -> str:
    """Give as much white space as a text takes; a tab stays one."""
    return "".join(sign if sign == "\t" else " " * _column(sign) for sign in text)
