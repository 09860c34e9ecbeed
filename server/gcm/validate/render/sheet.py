"""Many results made readable: how many of each rule and file, and a part of them at the lines of a file."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from gcm.validate.render.checked import Checked, lines_of, rule_of
from gcm.validate.report import Report, Result

#: Lines that are shown before and after one with a result.
_AROUND = 2

_GRAVITY = ("violation", "warning", "info", "")

#: Characters of a line that are shown; longer ones are cut where no result stands.
LONGEST_LINE = 300


@dataclass(frozen=True)
class Count:
    """How many results a rule or a file has, with the first one's message."""

    name: str
    number: int
    severity: str
    message: str


@dataclass(frozen=True)
class Line:
    """A line of a file, with what is wrong on it. `number` is None for what has no line, or a gap.

    `gap` is how many lines are left out here; the text is cut where it is long.
    """

    number: int | None
    text: str = ""
    results: tuple[Result, ...] = ()
    gap: int = 0


@dataclass(frozen=True)
class Sheet:
    """The part of one file that has results: its lines in their order."""

    file: str
    lines: tuple[Line, ...]


def count_rules(report: Report) -> tuple[Count, ...]:
    """Count the results of each rule, the gravest and most frequent first."""
    numbers = Counter(rule_of(each) for each in report.results)
    first = {rule_of(each): each for each in reversed(report.results)}
    found = [Count(name, numbers[name], each.severity, each.message) for name, each in first.items()]
    return tuple(sorted(found, key=lambda each: (_GRAVITY.index(each.severity), -each.number, each.name)))


def count_files(checked: Checked) -> tuple[Count, ...]:
    """Count the results of each file, in the order of the files; one without results has 0."""
    return tuple(
        Count(file, len(results), _gravest(results), results[0].message if results else "")
        for file, results in checked.by_file.items()
    )


def _gravest(results: Sequence[Result]) -> str:
    return min((each.severity for each in results), key=_GRAVITY.index, default="")


def sheets_of(checked: Checked, results: Sequence[Result], *, whole: int) -> tuple[Sheet, ...]:
    """Put results at the lines of their files; files of up to `whole` lines are shown from end to end."""
    grouped = groupby(sorted(results, key=lambda each: each.place.file), lambda each: each.place.file)
    found = {file: [*members] for file, members in grouped}
    return tuple(
        Sheet(file, tuple(_lines(checked.text_of(file), found[file], whole=whole)))
        for file in checked.by_file
        if file in found
    )


def _lines(text: str | None, results: Sequence[Result], *, whole: int) -> Iterator[Line]:
    """Give the lines with results and those around them, gaps between, and before all what has no line."""
    lines = lines_of(text) if text is not None else []
    at: dict[int, list[Result]] = {}
    for each in results:
        number = each.line if each.line is not None and each.line <= len(lines) else 0
        at.setdefault(number, []).append(each)
    if 0 in at:
        yield Line(None, results=tuple(at[0]))
    before = 0
    for number in _shown(at, len(lines), whole=whole):
        if number > before + 1:
            yield Line(None, gap=number - before - 1)
        yield Line(number, _cut(lines[number - 1]), tuple(at.get(number, ())))
        before = number
    if before < len(lines):
        yield Line(None, gap=len(lines) - before)


def _shown(at: Mapping[int, object], last: int, *, whole: int) -> Sequence[int]:
    if last <= whole:
        return range(1, last + 1)
    wanted = {line for number in at if number for line in range(number - _AROUND, number + _AROUND + 1)}
    return sorted(line for line in wanted if 1 <= line <= last)


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…"
