"""The answers of a remote store, read as they come: refused where they are none, set right where need be."""

from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from typing import IO, TypeVar, cast

from pyoxigraph import (
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from gcm.errors import BackendError, LimitError
from gcm.remote.dialect import Dialect, cut_rows, is_partial
from gcm.remote.wire import Reply

TABLE = "application/sparql-results+json"
GRAPH = "application/n-triples"

Found = TypeVar("Found")

#: What engines call these two.
_NAMES = {TABLE: (TABLE, "application/json"), GRAPH: (GRAPH, "text/plain")}


class Incoming:
    """The body of an answer as a file to read; `passed_on` is called when something of it is written.

    Raises BackendError when more than `most_bytes` come before anything can be passed on.
    """

    def __init__(self, reply: Reply, dialect: Dialect, *, most_bytes: float) -> None:
        self._reply = reply
        self._dialect = dialect
        self._most_bytes = most_bytes
        self._unfinished: list[bytes] = []  # the beginning of a line
        self._ready = b""
        self._pending = 0

    def passed_on(self) -> None:
        """Know that the reader keeps nothing back."""
        self._pending = 0

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes, set right, at most so many; nothing at the end."""
        if not self._ready:
            self._ready = self._more()
        given = self._ready if size < 0 else self._ready[:size]
        self._ready = self._ready[len(given) :]
        return given

    def read_ahead(self, size: int) -> bool:
        """Read so many bytes before they are asked for; tell whether that was all."""
        pieces = [self._ready]
        is_over = False
        while not is_over and sum(map(len, pieces)) < size:
            pieces.append(self._more())
            is_over = not pieces[-1]
        self._ready = b"".join(pieces)
        return is_over

    def close(self) -> None:
        """Read no more."""
        self._reply.close()

    def _more(self) -> bytes:
        return self._lines() if self._dialect.rewrites else self._count(self._reply.read())

    def _lines(self) -> bytes:
        """Read on until there is a whole line, or the end."""
        while piece := self._count(self._reply.read()):
            whole, line_end, rest = piece.rpartition(b"\n")
            self._unfinished.append(whole + line_end)
            if line_end:
                return self._set_right(rest)
            self._unfinished.append(rest)
        return self._set_right(b"")

    def _set_right(self, rest: bytes) -> bytes:
        lines = b"".join(self._unfinished).split(b"\n")
        self._unfinished = [rest]
        return b"\n".join(map(self._dialect.set_right, lines))

    def _count(self, piece: bytes) -> bytes:
        self._pending += len(piece)
        if self._pending > self._most_bytes:
            raise BackendError("The store sends more than can be held, and nothing that can be passed on.")
        return piece


def check_reply(reply: Reply, wanted: str, *, seconds: float) -> None:
    """Refuse what is not the answer that was asked for, before any of it is read.

    Raises BackendError for another type, LimitError for an answer that its engine has cut short.
    """
    if is_partial(reply.headers):
        raise stopped(seconds)
    if rows := cut_rows(reply.headers):
        message = (
            f"The store behind this server gives at most {rows} rows at once. Ask with LIMIT and OFFSET."
        )
        raise LimitError(message, limit="store_rows")
    if reply.media_type not in _NAMES[wanted]:
        raise BackendError(f"The store answers with {reply.media_type or 'no type'} instead of {wanted}.")
    if wanted == GRAPH and not reply.has_length:
        raise BackendError("The store sends a graph whose end cannot be told from a broken connection.")


def stopped(seconds: float) -> LimitError:
    """Say that a query has run for its time, in the words of our own workers."""
    message = f"The query was stopped after {seconds:g} seconds. Ask for less, or add more precise patterns."
    return LimitError(message, limit="query_seconds")


def read_table(body: Incoming | BytesIO) -> QuerySolutions | QueryBoolean:
    """Read SPARQL results in JSON; raises BackendError if they do not begin like that."""
    return understood(lambda: parse_query_results(cast(IO[bytes], body), QueryResultsFormat.JSON))


def read_rows(body: Incoming | BytesIO) -> Iterator[tuple[object, ...]]:
    """Give the rows of a table; raises BackendError where it is none."""
    results = read_table(body)
    if isinstance(results, QueryBoolean):
        raise BackendError("The store answers yes or no instead of a table.")
    try:
        while (row := understood(partial(next, results, None))) is not None:
            yield tuple(row)
    finally:
        del results  # a trace of an error must not carry it into another thread: it would not be freed


def check_table(body: bytes) -> None:
    """Raise BackendError if somewhere in a table, or in yes and no, is a mistake."""
    results = read_table(BytesIO(body))
    try:
        while isinstance(results, QuerySolutions) and understood(partial(next, results, None)) is not None:
            pass
    finally:
        del results  # as above


def read_statements(incoming: Incoming) -> Iterator[Quad]:
    """Read N-Triples; raises BackendError where they are none."""
    statements = iter(parse(cast(IO[bytes], incoming), RdfFormat.N_TRIPLES))
    while True:
        found = understood(partial(next, statements, None))
        if found is None:
            return
        yield found


def understood(read: Callable[[], Found]) -> Found:
    """Give what is read; raises BackendError where the parser finds that it is not what it should be."""
    try:
        return read()
    except (SyntaxError, ValueError, MemoryError) as error:  # the parser's buffer has an end, too
        failure = BackendError(f"The answer of the store is broken: {error}")
    finally:
        del read  # as in `read_rows`
    raise failure
