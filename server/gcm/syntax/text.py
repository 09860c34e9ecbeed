"""The text of what was given, and the line and column of each character."""

from bisect import bisect_right
from itertools import accumulate
from pathlib import Path

from gcm.errors import SourceError
from gcm.given import Given, Place
from gcm.limits import Limits

_MARK = b"\xef\xbb\xbf"  # some editors begin a UTF-8 file with these three bytes; they mean nothing
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def text_of(given: Given, *, limits: Limits) -> str:
    """Decode what was given, without a byte order mark.

    Raises SourceError with the line if it is longer than `limits.upload_bytes`, is not UTF-8, or has NUL
    characters, which no text has.
    """
    path = Path(given.name)
    if len(given.data) > limits.upload_bytes:
        message = (
            f"this is larger than {limits.upload_bytes:.0f} bytes (limit upload_bytes); give it in parts."
        )
        raise SourceError(message, path=path)
    data = given.data.removeprefix(_MARK)
    zero = data.find(b"\0")
    if data.startswith(_WIDE) or zero >= 0:
        message = "there is a NUL character here, as in files that are UTF-16 or no text; save it as UTF-8."
        raise SourceError(message, path=path, line=data.count(b"\n", 0, max(zero, 0)) + 1)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = "this line is not UTF-8; save the file with that encoding."
        begin = data.rfind(b"\n", 0, error.start) + 1
        column = len(data[begin : error.start].decode()) + 1
        raise SourceError(message, path=path, line=line, column=column) from None


class Lines:
    """Where lines begin in a text: from an offset to a line and a column, both counted from 1."""

    def __init__(self, text: str) -> None:
        self._begins = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]

    def at(self, offset: int) -> tuple[int, int]:
        """Give the line and the column of the character at `offset`."""
        line = bisect_right(self._begins, offset, hi=len(self._begins) - 1)
        return line, offset - self._begins[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """Give the offset of a line and a column; of the end of the text for lines that it has not."""
        return self._begins[min(line, len(self._begins)) - 1] + column - 1

    def place(self, file: str, start: int, end: int, *, pointer: str | None = None) -> Place:
        """Give the place of the characters from `start` up to `end`."""
        (line, column), (end_line, end_column) = self.at(start), self.at(end)
        return Place(
            file, line=line, column=column, end_line=end_line, end_column=end_column, pointer=pointer
        )
