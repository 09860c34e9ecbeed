"""One request on a connection and its answer, written as HTTP/1.1 has it (RFC 9112).

To the application it is what ASGI calls a scope, a `receive` and a `send`. An answer that is there as a whole
is sent at once by `answer`, without waiting for anything.
"""

import asyncio
from collections.abc import Callable, Iterable, MutableMapping, Sequence
from email.utils import formatdate
from http import HTTPStatus
from time import time
from typing import TYPE_CHECKING, Any

from gcm.errors import BrokenAnswerError, BrokenBodyError

if TYPE_CHECKING:
    from gcm.web.connection import Connection

Message = MutableMapping[str, Any]  # Any: ASGI messages hold text, bytes, numbers and lists
Fields = Sequence[tuple[bytes, bytes]]

#: Bytes of a body that wait to be read here; more wait with the client.
_WAITING_BYTES = 65_536

#: Statuses of answers without a body (RFC 9110 sections 15.3.5 and 15.4.5).
_BARE = frozenset({204, 304})

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_LINES = {each.value: f"HTTP/1.1 {each.value} {each.phrase}\r\n".encode() for each in HTTPStatus}


class Exchange:
    """A request and the way of its answer. For the thread of the event loop only."""

    __slots__ = (
        "_body",
        "_connection",
        "_departure",
        "_fault",
        "_head",
        "_is_chunked",
        "_is_told",
        "_is_wanted",
        "_left",
        "_waiter",
        "has_left",
        "is_begun",
        "is_lasting",
        "is_over",
        "is_read",
        "scope",
    )

    def __init__(self, connection: "Connection", scope: Message, *, is_lasting: bool) -> None:
        self.scope = scope
        self.is_lasting = is_lasting  # whether the connection stays open for another request
        self.is_read = False  # whether the body is here to its end
        self.is_begun = False  # whether something of the answer has been sent
        self.is_over = False
        self.has_left = False
        self._connection = connection
        self._body = b""
        self._is_wanted = False  # whether the application has asked for the body
        self._fault = ""  # why no more of the body can be read
        self._is_told = False  # whether the application knows all of the request
        self._waiter: asyncio.Future[None] | None = None
        self._departure: Callable[[], None] | None = None
        self._head = b""  # what is to go before the first piece
        self._is_chunked = False
        self._left: int | None = 0  # bytes that are still to be sent; None: as many as there are

    def add(self, piece: bytes) -> bool:
        """Take in a piece of the body; False if enough of it waits to be read."""
        self._body += piece
        self._wake()
        return len(self._body) < _WAITING_BYTES

    def complete(self) -> None:
        """Learn that the body is here to its end."""
        self.is_read = True
        self._wake()

    def spoil(self, fault: str) -> None:
        """Learn why the rest of the body cannot be read."""
        self._fault = fault
        self._wake()

    def leave(self) -> None:
        """Learn that the client has gone."""
        self.has_left = True
        self._wake()
        if self._departure is not None:
            self._departure()

    def when_left(self, act: Callable[[], None]) -> None:
        """Have `act` called if the client goes before its answer is out."""
        self._departure = act

    async def receive(self) -> Message:
        """Give the next piece of the body, and after the last wait until the client goes (ASGI).

        Raises BrokenBodyError if what follows cannot be read.
        """
        if not self._is_wanted and not self.is_begun and waits_for_leave(self.scope):
            self._connection.write(_CONTINUE)
        self._is_wanted = True
        while not (self.has_left or self.is_over):
            if self._body or (self.is_read and not self._is_told):
                return self._next_piece()
            if self._fault:
                raise BrokenBodyError(self._fault)
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return {"type": "http.disconnect"}

    def _next_piece(self) -> Message:
        piece, self._body, self._is_told = self._body, b"", self.is_read
        self._connection.read_on()
        return {"type": "http.request", "body": piece, "more_body": not self.is_read}

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def answer(self, status: int, head: bytes, body: bytes) -> None:
        """Send a whole answer; `head` holds all its header fields, as lines."""
        self.is_begun = True
        self._connection.write(write_whole(status, head, body, is_lasting=self.is_lasting))
        self._finish()

    async def send(self, message: Message) -> None:
        """Send the head or a piece of an answer (ASGI); wait while the client takes nothing.

        Raises BrokenAnswerError if the pieces are not as long together as Content-Length says.
        """
        if message["type"] == "http.response.start":
            self._begin(message["status"], message["headers"])
            return
        is_last = not message.get("more_body", False)
        self._send_piece(message.get("body", b""), is_last=is_last)
        await self._connection.drain()
        if is_last:
            self._finish()

    def _begin(self, status: int, fields: Fields) -> None:
        """Write the head, which goes with the first piece."""
        given = dict(fields)
        self._left = _promised(given.get(b"content-length"))
        if self.scope["method"] == "HEAD" or status in _BARE:
            self._left = 0
        elif self._left is None and self.scope["http_version"] == "1.1":
            self._is_chunked = True
        elif self._left is None:  # HTTP/1.0 knows no chunks: the end of the connection is the end
            self.is_lasting = False
        self.is_lasting = self.is_lasting and given.get(b"connection", b"").lower() != b"close"
        own = b"transfer-encoding: chunked\r\n" if self._is_chunked else b""
        if not self.is_lasting and b"connection" not in given:
            own += b"connection: close\r\n"
        self._head = b"".join((_LINES[status], write_fields(fields), _CLOCK.field(), own, b"\r\n"))

    def _send_piece(self, piece: bytes, *, is_last: bool) -> None:
        if self.scope["method"] == "HEAD":
            piece = b""
        if self._left is not None:
            self._left -= len(piece)
            if self._left < 0 or (is_last and self._left):
                raise BrokenAnswerError
        elif self._is_chunked:
            end = b"0\r\n\r\n" if is_last else b""
            piece = b"%x\r\n%b\r\n%b" % (len(piece), piece, end) if piece else end
        head, self._head = self._head, b""
        if head or piece:
            self.is_begun = True
            self._connection.write(head + piece if head else piece)

    def _finish(self) -> None:
        self.is_over = True
        self._departure = None
        self._wake()
        self._connection.finish(self)

    def break_off(self) -> None:
        """End the connection in the middle of the answer, as a client notices it."""
        self.is_over = True
        self._connection.abort()


def write_whole(status: int, head: bytes, body: bytes, *, is_lasting: bool) -> bytes:
    """Write an answer that is there as a whole; `head` holds its own header fields, as lines."""
    connection = b"" if is_lasting else b"connection: close\r\n"
    return b"".join((_LINES[status], head, _CLOCK.field(), connection, b"\r\n", body))


def write_fields(fields: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Write header fields as lines. Raises ValueError if one would be more than a line."""
    lines = [b"%b: %b\r\n" % field for field in fields]
    written = b"".join(lines)
    if written.count(b"\n") != len(lines) or written.count(b"\r") != len(lines) or b"\0" in written:
        raise ValueError("a header field holds a line break or a null character")
    return written


def waits_for_leave(scope: Message) -> bool:
    """Tell whether a client sends its body only when it is told to go on (RFC 9110 section 10.1.1).

    One of HTTP/1.0 does not wait: it would take that word for the answer.
    """
    fields: dict[bytes, bytes] = dict(scope["headers"])
    return fields.get(b"expect", b"").lower() == b"100-continue" and scope["http_version"] == "1.1"


def _promised(length: bytes | None) -> int | None:
    return None if length is None else int(length)


class _Clock:
    """The field Date, written anew each second (RFC 9110 section 6.6.1)."""

    def __init__(self) -> None:
        self._second = 0
        self._field = b""

    def field(self) -> bytes:
        """Give the field as a line."""
        second = int(time())
        if second != self._second:
            self._second, self._field = second, b"date: %b\r\n" % formatdate(second, usegmt=True).encode()
        return self._field


_CLOCK = _Clock()
