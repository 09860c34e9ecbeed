"""Findings as a page shows them: lines of a file with what is wrong marked, and below them what to do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from gcm.validate.render import Checked
from gcm.validate.render.checked import rule_of, safe, short
from gcm.validate.render.sheet import Line, sheets_of
from gcm.validate.report import Candidate, Result
from gcm.vocab import BASE
from gcm.web.fixes import Change, changes_of, is_applicable, write_fix
from gcm.web.reading import href

#: Lines of a file that is shown from end to end.
WHOLE_LINES = 400


@dataclass(frozen=True)
class Finding:
    """A result with what a page adds: links, the value of its button, and what that changes."""

    result: Result
    rule: str
    rule_address: str
    about: str
    candidates: tuple[tuple[Candidate, str], ...]
    button: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class MarkedLine:
    """A line: its number, and its parts, each with whether it is marked."""

    number: int
    parts: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Block:
    """Lines in a row, with the findings of the last; `gap` lines are left out before them."""

    gap: int
    lines: tuple[MarkedLine, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Listing:
    """One file."""

    file: str
    blocks: tuple[Block, ...]


def blocks_of(checked: Checked, results: Sequence[Result]) -> tuple[Listing, ...]:
    """Put results into their files."""
    return tuple(
        Listing(sheet.file, tuple(_blocks(sheet.lines, checked)))
        for sheet in sheets_of(checked, results, whole=WHOLE_LINES)
    )


def _blocks(lines: Iterable[Line], checked: Checked) -> Iterator[Block]:
    gap, run = 0, list[MarkedLine]()
    for line in lines:
        if line.gap:
            if run:
                yield Block(gap, tuple(run), ())
            gap, run = line.gap, []
            continue
        if line.number is not None:
            run.append(_marked(line.number, line))
        if line.results:
            yield Block(gap, tuple(run), tuple(_finding(each, checked) for each in line.results))
            gap, run = 0, []
    if run or gap:
        yield Block(gap, tuple(run), ())


def _marked(number: int, line: Line) -> MarkedLine:
    """Mark the characters that results are about."""
    marked = [False] * len(line.text)
    for result in line.results:
        place = result.place
        if place.column:
            is_one_line = place.end_line in (None, number) and place.end_column
            last = place.end_column - 1 if is_one_line and place.end_column else len(marked)
            marked[place.column - 1 : last] = [True] * len(marked[place.column - 1 : last])
    parts: list[tuple[str, bool]] = []
    for sign, is_marked in zip(line.text, marked, strict=True):
        if parts and parts[-1][1] == is_marked:
            parts[-1] = (parts[-1][0] + sign, is_marked)
        else:
            parts.append((sign, is_marked))
    return MarkedLine(number, tuple(parts))


def _finding(result: Result, checked: Checked) -> Finding:
    term = result.value or result.focus
    fix = result.fix if result.fix and is_applicable(result.fix, checked) else None
    return Finding(
        result,
        rule=rule_of(result),
        rule_address=_address_of(result.source),
        about=safe(short(term)) if term else "",
        candidates=tuple((each, _address_of(each.iri)) for each in result.candidates),
        button=write_fix(fix) if fix else "",
        changes=changes_of(fix, checked) if fix else (),
    )


def _address_of(iri: str) -> str:
    """Give the address of a thing of ours; of literals, names of checks and the like there is none."""
    return href(NamedNode(iri)) if iri.startswith(BASE) else ""
