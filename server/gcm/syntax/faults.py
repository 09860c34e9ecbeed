"""All syntax errors of a broken Turtle-like text, each at its place and in plain words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from pyoxigraph import parse

from gcm.errors import SourceError
from gcm.given import Form, Given
from gcm.syntax.forms import FORMATS
from gcm.syntax.text import Lines
from gcm.syntax.words import Stumble, in_plain_words

#: So many faults of one file are told; whoever mends these can ask again.
_MOST = 100
#: So many characters before a fault are searched for the statement that it follows.
_LOOK_BACK = 10_000
#: So often a text is read anew behind something that has no end, each time without that.
_ROUNDS = 5
_ENDLESS = re.compile(r"Line jumps|Unexpected end of file")
_NO_DOT = re.compile(r"A dot is expected|'\.' is expected at the end of a graph block")
#: What is whole on a line; and a quotation mark that none closes there.
_ON_LINE = re.compile(r'"(?:[^"\\\n]|\\.)*+"|' + r"'(?:[^'\\\n]|\\.)*+'|" + r"<[^<>\s]*+>|(?P<open>[\"'])")
_SENTENCE_END = re.compile(r"\.[ \t]*(?:#[^\n]*)?\r?\n")
#: A subject alone on its line, as the canonical form writes it, and what begins to be said of it.
_SUBJECT_ABOVE = re.compile(
    r"[;,][ \t]*(?:#[^\n]*)?\s*\n(?:[ \t]*#[^\n]*\n)*[^\s#]+[ \t]*\n[ \t]+(?:\S+[ \t]+)?\Z"
)
_NEW_SUBJECT = re.compile(r"[;,][ \t]*(?:#[^\n]*)?\s*\n\Z")


def fault_in(given: Given, text: str) -> SourceError:
    """Give the first fault of a text that its parser has refused, and the further ones with it."""
    has_lines = given.form in (Form.N_TRIPLES, Form.N_QUADS)
    lines, path = Lines(text), Path(given.name)
    stumbles = _by_line(given.form, text) if has_lines else _all(given.form, text, lines)
    faults = _told_once(_fault(stumble, lines, path) for stumble in stumbles)
    if not faults:
        return SourceError(f"this is no {given.form.value}; check the file.", path=path)
    first = faults[0]
    return SourceError(first.reason, path=path, line=first.line, column=first.column, further=faults[1:])


def _told_once(faults: Iterable[SourceError]) -> list[SourceError]:
    """Leave out what one declaration mends: the second and further uses of an unknown prefix."""
    told: dict[object, SourceError] = {}
    for fault in faults:
        told.setdefault(fault.reason if "write before it: @prefix" in fault.reason else fault, fault)
    return list(told.values())


def _fault(stumble: Stumble, lines: Lines, path: Path) -> SourceError:
    line, column = lines.at(_blamed(stumble))
    return SourceError(_message(stumble), path=path, line=line, column=column)


def _message(stumble: Stumble) -> str:
    if _left_open(stumble) is not None:
        return "a new statement begins on a line below; end this one with a dot."
    return in_plain_words(stumble)


def _blamed(stumble: Stumble) -> int:
    """Give the offset to blame: for a sign that is missing at a line's end, that end."""
    left_open = _left_open(stumble)
    if left_open is not None:
        return left_open
    if not stumble.text[stumble.start :].strip():
        end = _end_before(stumble.text, stumble.start)
        return end if "\n" in stumble.text[end : stumble.start] else stumble.start
    if not _NO_DOT.search(stumble.said):
        return stumble.start
    return stumble.start if stumble.before.strip() else _end_before(stumble.text, stumble.start)


def _left_open(stumble: Stumble) -> int | None:
    """Give the offset of the ; or comma where a statement above should have ended with a dot."""
    is_unended = bool(_NO_DOT.search(stumble.said))
    if is_unended and _begins_sentence(stumble):
        return _end_before(stumble.text, stumble.start - len(stumble.before)) - 1
    if is_unended or stumble.word == "a":
        skipped = max(0, stumble.start - _LOOK_BACK)
        found = _SUBJECT_ABOVE.search(stumble.text[skipped : stumble.start])
        return skipped + found.start() if found else None
    return None


def _end_before(text: str, offset: int) -> int:
    """Find the end of what stands before a place, white space and comments aside."""
    above = text[max(0, offset - _LOOK_BACK) : offset].rstrip()
    while (line := above.rpartition("\n")[2]).lstrip().startswith("#"):
        above = above[: len(above) - len(line)].rstrip()
    skipped = max(0, offset - _LOOK_BACK)
    comment = line.rfind(" #")
    end = len(above) if comment < 0 else len(above) - len(line) + len(line[:comment].rstrip())
    return skipped + end if above else offset


def _begins_sentence(stumble: Stumble) -> bool:
    """Whether the line looks like a new statement after one that was left open with ; or a comma."""
    before = stumble.before
    above = stumble.text[: stumble.start - len(before)]
    return bool(before.strip()) and not before[0].isspace() and bool(_NEW_SUBJECT.search(above[-200:]))


def _all(form: Form, text: str, lines: Lines) -> list[Stumble]:
    """Read on behind each fault; what has no end is blanked, and the rest read again."""
    endless: list[Stumble] = []
    hidden: list[tuple[int, int]] = []
    readable = text
    for _ in range(_ROUNDS):
        stumbles = [each for each in _stumbles(form, readable, text, lines) if not _is_in(each.start, hidden)]
        without_end = next((each for each in stumbles if _ENDLESS.search(each.said)), None)
        if without_end is None:
            return _first_of_lines([*endless, *stumbles])
        endless.append(replace(without_end, start=_opening(without_end)))
        end = _SENTENCE_END.search(text, without_end.start)
        if end is None:
            break
        hidden.append((endless[-1].start, end.start()))
        readable = _blanked(readable, *hidden[-1])
    return _first_of_lines([*endless, *(each for each in stumbles if each.start < endless[-1].start)])


def _opening(stumble: Stumble) -> int:
    """Give the quotation mark that nothing closes on its line; the parser complains at the line's end."""
    begin = stumble.start - len(stumble.before)
    found = (each.start() for each in _ON_LINE.finditer(stumble.text, begin, stumble.start) if each["open"])
    return next(found, stumble.start)


def _is_in(offset: int, hidden: list[tuple[int, int]]) -> bool:
    return any(start <= offset <= end for start, end in hidden)


def _blanked(text: str, start: int, end: int) -> str:
    """Put an empty text in the place of what has no end; all else stays where it is."""
    blank = re.sub(r"[^\n]", " ", text[start:end])
    return text[:start] + (blank.replace("  ", '""', 1) if blank.startswith("  ") else blank) + text[end:]


def _by_line(form: Form, text: str) -> list[Stumble]:
    """Read each line by itself: in N-Triples and N-Quads none has to do with another."""
    found: list[Stumble] = []
    start = 0
    for line in text.split("\n"):
        in_line = _first_of_lines([*_stumbles(form, line, line, Lines(line))])[:1]
        found += [Stumble(each.start + start, each.end + start, each.said, text) for each in in_line]
        start += len(line) + 1
        if len(found) == _MOST:
            break
    return found


def _stumbles(form: Form, readable: str, text: str, lines: Lines) -> Iterator[Stumble]:
    for error in islice(_errors(form, readable), _MOST):
        start = lines.offset(error.lineno or 1, error.offset or 1)
        end = lines.offset(error.end_lineno or 1, error.end_offset or 1)
        yield Stumble(min(start, len(text)), max(start, end), error.msg, text)


def _errors(form: Form, text: str) -> Iterator[SyntaxError]:
    """Give what the parser complains of; it goes on behind each fault."""
    parser = parse(text.encode(), format=FORMATS[form])
    while True:
        try:
            if next(parser, None) is None:
                return
        except SyntaxError as error:
            yield error


def _first_of_lines(stumbles: list[Stumble]) -> list[Stumble]:
    """Keep the first fault of each line: the others mostly follow from it."""
    by_place = {
        each.start: each for each in stumbles
    }  # of several at one place the parser says the cause last
    by_line: dict[int, Stumble] = {}
    for start in sorted(by_place):
        if not (by_line and _is_echo(by_place[start])):
            by_line.setdefault(start - len(by_place[start].before), by_place[start])
    return list(by_line.values())


def _is_echo(stumble: Stumble) -> bool:
    """Whether it only follows from another fault: with that, the parser has left the graph that ends here."""
    return stumble.text.startswith("}", stumble.start) and "is not a valid subject" in stumble.said
