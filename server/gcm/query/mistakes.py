"""The engine's syntax errors, put into words for the person who wrote the query."""

import re
from collections.abc import Mapping
from typing import Any

from gcm.errors import QueryError, RefusedQueryError

#: Characters of the query that a message shows from the mistake on.
_SHOWN = 30

#: With more possibilities than these, naming them helps nobody.
_MOST_SIGNS = 8


def explain(message: str, text: str) -> QueryError:
    """Turn the parser's `error at LINE:COLUMN: expected ...` into an error that shows the mistake."""
    found = re.match(r"error at (\d+):(\d+): expected (?:one of )?(.*)", message, re.DOTALL)
    if not found:
        return QueryError(f"This is not a SPARQL 1.1 query: {message}.")
    reported = _offset(text, int(found[1]), int(found[2]))
    return mistake_at(text, *_diagnose(text, reported, found[3]))


def mistake_at(text: str, offset: int, reason: str) -> QueryError:
    """Say what is wrong from this place of a query on, counted in characters from 0."""
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    shown = text[offset : offset + _SHOWN].partition("\n")[0].strip()
    where = f"near “{shown}”" if shown else "where the line or the text ends"
    return QueryError(
        f"Line {line}, column {column}, {where}: {reason}", line=line, column=column, near=shown
    )


def _offset(text: str, line: int, column: int) -> int:
    before = text.split("\n")[: line - 1]
    return min(sum(len(each) + 1 for each in before) + column - 1, len(text))


def _diagnose(text: str, reported: int, expected: str) -> tuple[int, str]:
    """Find where the mistake begins, and what to say of it."""
    if "Prefix not found" in expected:
        return _start_of_word(text, reported), "the prefix of this name is not declared."
    if "IRI parsing failed" in expected:
        return max(text.rfind("<", 0, reported), 0), "this is not an IRI; check its characters."
    if "unbound" in expected:
        reason = "a selected variable is neither grouped nor aggregated; add it to GROUP BY."
        return reported, reason
    signs = re.findall(r'"((?:\\.|[^"\\])+)"', expected)
    if 0 < len(signs) <= _MOST_SIGNS:
        return reported, f"this is not SPARQL; expected {' or '.join(signs)}."
    return _skip_blanks(text, max(reported - _overshoot(expected), 0)), "this is not SPARQL."


def _overshoot(expected: str) -> int:
    """Tell how far behind the mistake the parser stands: it steps over a keyword's length to compare it."""
    if re.search(r"\[(?!_])|\"", expected):  # it also expected a character, right where it stands
        return 0
    keywords = re.findall(r"[A-Za-z0-9]{2,}", expected)
    return min(map(len, keywords), default=1)


def _start_of_word(text: str, end: int) -> int:
    found = re.search(r"\S+\s*\Z", text[:end])
    return found.start() if found else end


def _skip_blanks(text: str, offset: int) -> int:
    return offset + len(text[offset:]) - len(text[offset:].lstrip())


def facts_of(error: QueryError | RefusedQueryError) -> dict[str, object]:
    """Give an error as what can be sent from a worker to the server."""
    if isinstance(error, RefusedQueryError):
        return {"message": str(error), "is_refused": True}
    return {"message": str(error), "line": error.line, "column": error.column, "near": error.near}


def error_of(facts: Mapping[str, Any]) -> QueryError | RefusedQueryError:  # Any: it comes as JSON
    """Give the error that was sent: the reverse of `facts_of`."""
    if facts.get("is_refused"):
        return RefusedQueryError(facts["message"])
    return QueryError(facts["message"], line=facts["line"], column=facts["column"], near=facts["near"])
