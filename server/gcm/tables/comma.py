"""Tables as text: CSV in the dialects that spreadsheets write, and CSV as we write it (RFC 4180).

Spreadsheets run a cell of a text file that begins with = + - @ as a formula (OWASP, "CSV Injection"). So an
apostrophe is written before such a text, unless it is a number, and taken away again when the file is read:
whatever is exported and imported is the same.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from gcm.errors import SourceError
from gcm.given import Given
from gcm.limits import Limits
from gcm.tables.grid import Grid, cells_of

#: What stands between the cells of a row, the likeliest first.
DELIMITERS = (",", ";", "\t", "|")

_MARK = "﻿"
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SAID = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # how a first line tells spreadsheets the delimiter
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")

#: So much of a file, in characters, is looked at to find its delimiter.
_SAMPLE = 20_000

Record = tuple[int, int, list[str]]


def read_text_table(given: Given, *, score: Callable[[Sequence[str]], int], limits: Limits) -> Grid:
    """Read a text table; its delimiter is the one with which `score` finds most headings in one row.

    Raises SourceError with the line if it is not UTF-8, has an open quotation mark, or too many cells.
    """
    text = _decoded(given, limits)
    said = _SAID.match(text)
    delimiter = said[1] if said else _delimiter(text[:_SAMPLE], score)
    records = _records(text, delimiter, given.name, limits)
    cells = cells_of(records if not said else _without_first(records))
    return Grid(file=given.name, sheet="", cells=cells, delimiter=delimiter)


def _without_first(records: Iterable[Record]) -> Iterator[Record]:
    return (each for each in records if each[0] > 1)


def write_text_table(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows as CSV in UTF-8, with a byte order mark, by which spreadsheets know it."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return (_MARK + written.getvalue()).encode()


def guarded(text: str) -> str:
    """Write a text so that no spreadsheet runs it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """Give the text that was guarded."""
    return text[1:] if _GUARDED.match(text) else text


def _decoded(given: Given, limits: Limits) -> str:
    path = Path(given.name)
    if len(given.data) > limits.upload_bytes:
        message = (
            f"the file has {len(given.data)} bytes, the limit is {limits.upload_bytes:.0f} (upload_bytes)"
        )
        raise SourceError(f"{message}; send it in parts.", path=path)
    if given.data.startswith(_WIDE):
        message = "this is UTF-16 (“Unicode text”), not UTF-8; save the table as “CSV UTF-8”, or as XLSX."
        raise SourceError(message, path=path, line=1)
    try:
        text = given.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = given.data.count(b"\n", 0, error.start) + 1
        message = "this line is not UTF-8; save the table as “CSV UTF-8”, or as XLSX."
        raise SourceError(message, path=path, line=line) from None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise SourceError("this line holds a zero byte; save the table as “CSV UTF-8”.", path=path, line=line)
    return text


def _delimiter(sample: str, score: Callable[[Sequence[str]], int]) -> str:
    return max(DELIMITERS, key=lambda each: _best_score(sample, each, score))


def _best_score(sample: str, delimiter: str, score: Callable[[Sequence[str]], int]) -> int:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    best = 0
    try:
        for record in reader:
            best = max(best, score(record))
    except csv.Error:  # the sample may end anywhere; faults are told when all is read
        return best
    return best


def _records(text: str, delimiter: str, name: str, limits: Limits) -> Iterator[Record]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row, line, cells = 0, 1, 0
    try:
        for record in reader:
            row += 1
            cells += len(record)
            if cells > limits.table_cells:
                message = (
                    f"the table has more than {limits.table_cells:.0f} cells (table_cells); send it in parts."
                )
                raise SourceError(message, path=Path(name), line=line)
            yield row, line, [unguarded(cell) for cell in record]
            line = reader.line_num + 1
    except csv.Error as error:
        message = (
            f"{error}: the quotation marks of this row do not match; write each one inside a cell twice."
        )
        raise SourceError(message, path=Path(name), line=line) from None
