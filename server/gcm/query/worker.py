"""A process that answers one stranger's query after the other, and can do nothing else.

It cannot make a connection or start a program (`gcm.process.sandbox`). The kernel ends it by SIGALRM when a
query has run for its time, and lets it have no more memory than its limit.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path
from socket import MSG_DONTWAIT, socket
from time import monotonic
from typing import IO, cast

from pyoxigraph import Store

from gcm.errors import QueryError, RefusedQueryError
from gcm.limits import Limits
from gcm.process import frames
from gcm.process.sandbox import confine
from gcm.process.wakeful import Wakeful
from gcm.query.asked import read_question
from gcm.query.dataset import evaluate_merged
from gcm.query.engine import CSV, Kind, kind_of, may_make_commas, write
from gcm.query.mistakes import facts_of
from gcm.query.rows import RowCount
from gcm.query.version import read_manifest

#: A long answer goes in pieces of so many bytes, or of what there is after so many seconds: the engine's own,
#: of 8 KiB, cost the server five times as much.
_PIECE_BYTES, _PIECE_SECONDS = 65_536, 0.02

#: After the answer to a query that was alone, the next one is waited for so long without sleeping.
_AWAKE_SECONDS = 0.0002


def serve(connection: socket, store_path: Path, *, limits: Limits) -> None:
    """Answer queries from `connection` until the server closes it."""
    has_commas = read_manifest(store_path.parent).has_commas
    store = Store.read_only(str(store_path))
    confine(memory_bytes=limits.worker_bytes)
    incoming, wakeful = frames.Frames(connection), Wakeful(_AWAKE_SECONDS)
    is_alone = False
    with suppress(EOFError, ConnectionError):
        connection.sendall(frames.frame(frames.READY))
        while True:
            kind, payload = incoming.read_awake(wakeful) if is_alone else incoming.read()
            is_alone = kind == frames.LONE_QUERY
            try:
                _answer(store, payload, has_commas=has_commas, connection=connection, limits=limits)
            except OSError:
                if not (store_path / "CURRENT").is_file():  # the engine's own name for what is in force
                    os._exit(os.EX_IOERR)  # the store has gone, and this is no fault of the query
                raise


def _answer(store: Store, payload: bytes, *, has_commas: bool, connection: socket, limits: Limits) -> None:
    output = _Output(connection, limits=limits)
    text, media_type, default_graphs, named_graphs = read_question(payload)
    try:
        results = evaluate_merged(store, text, default_graphs=default_graphs, named_graphs=named_graphs)
        output.expect(kind_of(results), media_type)
        write(
            results,
            cast(IO[bytes], output),  # it uses write and flush
            media_type=media_type,
            has_commas=has_commas or (media_type == CSV and may_make_commas(text)),
        )
        output.end()
    except (QueryError, RefusedQueryError) as error:
        output.fail(frames.json_frame(frames.ERROR, facts_of(error)))
    except MemoryError:
        os.kill(os.getpid(), signal.SIGABRT)  # as the engine does itself when it gets no memory


class _Output:
    """The way of one answer to the server; its clock ends the process.

    The time of the query runs while the engine works and stands still while the reader is slow; the answer
    has its own time. What came last is held back, so that a small answer is sent at once, in one frame.
    """

    _kind: Kind  # this and the next are known from `expect` on
    _rows: RowCount

    def __init__(self, connection: socket, *, limits: Limits) -> None:
        signal.setitimer(signal.ITIMER_REAL, limits.query_seconds)
        self._connection = connection
        self._last_moment = monotonic() + limits.answer_seconds
        self._held = bytearray()
        self._sent_at = 0.0
        self._is_begun = False

    def expect(self, kind: Kind, media_type: str) -> None:
        """Learn what the results are, before the first piece of them."""
        self._kind = kind
        self._rows = RowCount(kind, media_type)

    def write(self, piece: bytes) -> int:
        """Take a piece of the results from the engine."""
        self._rows.add(piece)
        if self._held and self._is_time():
            self._send(self._header() + self._take(frames.DATA))
            self._sent_at = monotonic()
        self._held += piece
        return len(piece)

    def flush(self) -> None:
        """Do nothing: the engine calls this at its end, and the last piece goes with ours."""

    def end(self) -> None:
        """Send what is held, say that it was the last, and stop the clock."""
        if self._is_begun:
            end = frames.frame(frames.END, str(self._rows).encode())
            self._send(self._take(frames.DATA) + end)
        else:
            self._send(self._take(frames.WHOLE, f"{self._kind} {self._rows}\n".encode()))
        signal.setitimer(signal.ITIMER_REAL, 0)

    def fail(self, error: bytes) -> None:
        """Send an error instead of what is held, and stop the clock."""
        self._send(error)
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _is_time(self) -> bool:
        """Tell whether what is held is to be sent; the first piece always is."""
        return len(self._held) >= _PIECE_BYTES or monotonic() - self._sent_at >= _PIECE_SECONDS

    def _take(self, kind: bytes, head: bytes = b"") -> bytes:
        """Put what is held into a frame, and hold no more."""
        taken = frames.frame(kind, head + self._held)
        self._held.clear()
        return taken

    def _header(self) -> bytes:
        """Say what the results are, before the first of them."""
        if self._is_begun:
            return b""
        self._is_begun = True
        return frames.frame(frames.HEADER, self._kind.encode())

    def _send(self, data: bytes) -> None:
        try:
            sent = self._connection.send(data, MSG_DONTWAIT)
        except BlockingIOError:
            sent = 0
        if sent < len(data):
            left, _ = signal.setitimer(signal.ITIMER_REAL, max(self._last_moment - monotonic(), 0.001))
            self._connection.sendall(data[sent:])
            signal.setitimer(signal.ITIMER_REAL, left)
