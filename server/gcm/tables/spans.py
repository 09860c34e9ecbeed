"""Where the cells of a text table stand in it, character by character (RFC 4180 section 2)."""

import re
from collections.abc import Iterator

#: A cell in quotation marks, in which each of them stands twice; or one without.
_QUOTED = r'"(?:[^"]|"")*"[^{delimiter}\r\n]*'
_PLAIN = r"[^{delimiter}\r\n]*"


def spans_of(text: str, delimiter: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Give row and column of each cell, from 1, and its first character and the one behind it, from 0."""
    sign = re.escape(delimiter)
    cell = re.compile(f"{_QUOTED}|{_PLAIN}".replace("{delimiter}", sign))
    row, column, place = 1, 1, 0
    while place < len(text):
        found = cell.match(text, place)
        assert found is not None  # a cell may be empty
        yield (row, column), found.span()
        place = found.end()
        if text.startswith(delimiter, place):
            place, column = place + len(delimiter), column + 1
            if place == len(text):
                yield (row, column), (place, place)
        elif place < len(text):
            place += 2 if text.startswith("\r\n", place) else 1
            row, column = row + 1, 1


def quoted(text: str, delimiter: str) -> str:
    """Write a text as a cell: in quotation marks where it needs them."""
    needs = any(sign in text for sign in (delimiter, '"', "\n", "\r"))
    return '"' + text.replace('"', '""') + '"' if needs else text
