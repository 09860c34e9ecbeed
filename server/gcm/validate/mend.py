"""Carrying out the fixes that a report suggests, each whole or not at all."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gcm.given import Edit, Form, Given
from gcm.limits import Limits
from gcm.syntax import apply
from gcm.tables import apply_to_workbook
from gcm.validate.report import Fix, Report

_MARK = b"\xef\xbb\xbf"  # UTF-8 with the byte order mark that some editors put first


@dataclass(frozen=True)
class Mended:
    """The new texts of the files that change, and of the cells of workbooks; and the fixes left out.

    Those change what another one changes, or a file that is not at hand.
    """

    texts: Mapping[str, str]
    left: tuple[Fix, ...] = ()
    cells: Mapping[str, Sequence[Edit]] = field(default_factory=dict)

    def apply_to(self, given: Given, *, limits: Limits | None = None) -> Given:
        """Give a file as it is with the fixes. Raises SourceError if a workbook has no such cell."""
        if given.name in self.cells:
            return replace(given, data=apply_to_workbook(given, self.cells[given.name], limits=limits))
        return with_text(given, self.texts[given.name]) if given.name in self.texts else given


def fixes_of(report: Report) -> tuple[Fix, ...]:
    """Give every fix that a report suggests, each once."""
    return tuple(dict.fromkeys(each.fix for each in report.results if each.fix))


def mend(
    fixes: Iterable[Fix], text_of: Callable[[str], str | None], workbooks: Collection[str] = ()
) -> Mended:
    """Carry out fixes on the texts and workbooks for which they were made; of those that overlap, the first.

    `workbooks` are the names of those that are at hand.
    """
    choice = _Choice(text_of, workbooks)
    left = tuple(each for each in fixes if not choice.takes(each))
    texts = {file: apply(choice.texts[file], edits) for file, edits in choice.edits.items()}
    return Mended(texts, left, choice.cells)


def workbooks_of(given: Iterable[Given]) -> frozenset[str]:
    """Give the names of the workbooks among files."""
    return frozenset(each.name for each in given if each.form is Form.XLSX)


def decoded(given: Given) -> str | None:
    """Give the text of a file, as positions count it; None for a workbook, and for what is not UTF-8."""
    if given.form is Form.XLSX:
        return None
    try:
        return given.data.removeprefix(_MARK).decode()
    except UnicodeDecodeError:
        return None


def with_text(given: Given, text: str) -> Given:
    """Give the same file with another text; a byte order mark stays."""
    mark = _MARK if given.data.startswith(_MARK) else b""
    return replace(given, data=mark + text.encode())


def with_edit(given: Given, text: str) -> Given:
    """Give a file as a text area of a page has it, which knows one kind of line end only.

    A text that differs in nothing else changes nothing; else the line ends of the file are kept.
    """
    own = decoded(given)
    if own is None or _even(own) == _even(text):
        return given
    return with_text(given, _even(text).replace("\n", "\r\n") if "\r\n" in own else _even(text))


def _even(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class _Choice:
    """The edits that are carried out together, and the texts that they are made for."""

    def __init__(self, text_of: Callable[[str], str | None], workbooks: Collection[str]) -> None:
        self._text_of = text_of
        self._workbooks = workbooks
        self.texts: dict[str, str] = {}
        self.edits: dict[str, list[Edit]] = defaultdict(list)
        self.cells: dict[str, list[Edit]] = defaultdict(list)
        self._done: set[tuple[Edit, ...]] = set()
        self._taken: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._taken_cells: set[tuple[str, str]] = set()

    def takes(self, fix: Fix) -> bool:
        """Take a fix, if all of it can be done beside the others."""
        if fix.edits in self._done:
            return True  # another result asks for the same
        if not all(self._is_free(edit) for edit in fix.edits):
            return False
        for edit in fix.edits:
            if edit.cell:
                self.cells[edit.file].append(edit)
                self._taken_cells.add((edit.file, edit.cell))
                continue
            self.edits[edit.file].append(edit)
            insort(self._taken[edit.file], (edit.start, edit.end))
        self._done.add(fix.edits)
        return True

    def _is_free(self, edit: Edit) -> bool:
        if edit.cell:  # a cell is written as a whole
            return edit.file in self._workbooks and (edit.file, edit.cell) not in self._taken_cells
        text = self._read(edit.file)
        if text is None or not 0 <= edit.start <= edit.end <= len(text):
            return False
        taken = self._taken[edit.file]
        at = bisect_left(taken, (edit.start, edit.end))
        is_after = at == 0 or taken[at - 1][1] <= edit.start
        return is_after and (at == len(taken) or edit.end <= taken[at][0])

    def _read(self, file: str) -> str | None:
        if file not in self.texts:
            text = self._text_of(file)
            if text is None:
                return None
            self.texts[file] = text
        return self.texts[file]
