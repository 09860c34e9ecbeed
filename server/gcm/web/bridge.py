"""The application, which is written for WSGI, as one for ASGI.

WSGI cannot say that an answer breaks off. Here it breaks the connection, so that no client takes a part for
the whole; and a client that has gone is noticed between two pieces.
"""

import asyncio
import sys
from collections.abc import (
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Iterator,
    Sequence,
)
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from gcm.errors import BrokenAnswerError, BrokenBodyError, DepartedError, GcmError, LimitError
from gcm.limits import Limits
from gcm.query import Caller
from gcm.web.clients import KEY as CALLER_KEY
from gcm.web.errors import LIMIT_STATUS, RETRY_SECONDS, Problem
from gcm.web.exchange import Message, waits_for_leave
from gcm.web.kept import Whole, whole_of
from gcm.web.kinds import KINDS, MISTAKE
from gcm.web.record import ID_HEADER, Record
from gcm.web.record import KEY as RECORD_KEY
from gcm.web.refusals import fields_of
from gcm.web.uploads import Uploads, body_limit, is_upload

Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]  # Any: WSGI's environment holds text and streams
#: Longer bodies are sent in pieces, so that memory does not grow with their length.
_WHOLE_BYTES = 4_194_304

Application = Callable[
    [Environ, Callable[..., Any]], Iterable[bytes]
]  # Any: start_response may be called twice

#: How many bytes of an answer are sent at a time.
_PIECE_BYTES = 262_144


def _seconds_limit(scope: Message) -> str:
    """Name the limit of the time in which a request arrives."""
    return "upload_seconds" if is_upload(scope["path"], scope["method"]) else "request_seconds"


def _too_slow(limit: str) -> Problem:
    """Describe that a request does not arrive (RFC 9110 section 15.5.9)."""
    detail = "The request did not arrive in time. Send it again."
    return Problem(HTTPStatus.REQUEST_TIMEOUT, KINDS[limit], detail, {"limit": limit})


def _crowded(error: LimitError) -> Problem:
    """Describe that too many send files at the same time."""
    status, waits = LIMIT_STATUS[error.limit], {"Retry-After": RETRY_SECONDS[error.limit]}
    return Problem(status, KINDS[error.limit], str(error), {"limit": error.limit}, waits)


@dataclass
class _Started:
    """What the application said before its body, and the body."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: Iterable[bytes]

    @property
    def is_whole(self) -> bool:
        """Whether the length is known and small, so that all of it can be read; 204 and 304 have no body."""
        lengths = [int(value) for name, value in self.headers if name == b"content-length"]
        return self.status in {204, 304} or any(length <= _WHOLE_BYTES for length in lengths)


class _Body(NamedTuple):
    """What has been read of the body of a request, and how long it is, as far as is known."""

    content: bytes
    length: int
    is_whole: bool


class Bridge:
    """An ASGI application that runs a WSGI application in threads, and cuts off who is too slow for it."""

    def __init__(self, application: Application, *, threads: int, limits: Limits) -> None:
        self._application = application
        self._limits = limits
        self._uploads = Uploads(limits)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="gcm-request")

    async def __call__(
        self, scope: Message, receive: Receive, send: Send, begun: Environ | None = None
    ) -> Whole | None:
        """Answer one request; give the answer if it is there as a whole.

        `begun` is what is known of the request already, in WSGI's environment: its record, its caller, and
        what a worker has begun to answer. Raises BrokenAnswerError if the answer breaks off.
        """
        known: Environ = {RECORD_KEY: Record(scope["method"], scope["path"]), CALLER_KEY: Caller()}
        known |= begun or {}
        reply = _Reply(send, known[RECORD_KEY], seconds=self._limits.answer_seconds)
        return await self._admit(scope, receive, reply, known)

    async def _admit(self, scope: Message, receive: Receive, reply: "_Reply", begun: Environ) -> Whole | None:
        """Have the application answer, unless too many are sending files."""
        if not is_upload(scope["path"], scope["method"]):
            return await self._apply(scope, receive, reply, begun)
        try:
            with self._uploads.room(begun[CALLER_KEY].name):
                return await self._apply(scope, receive, reply, begun)
        except LimitError as error:
            await reply.refuse(_crowded(error))
        return None

    async def _apply(self, scope: Message, receive: Receive, reply: "_Reply", begun: Environ) -> Whole | None:
        """Have the application answer, when the body of the request is here."""
        try:
            body = await self._read_body(scope, receive)
        except TimeoutError:
            await reply.refuse(_too_slow(_seconds_limit(scope)))
        except BrokenBodyError as error:
            await reply.refuse(Problem(HTTPStatus.BAD_REQUEST, MISTAKE, str(error)))
        except DepartedError:
            reply.note_break()
        else:
            departure = _departure(receive, begun[CALLER_KEY]) if body.is_whole else None
            return await self._answer(_environ(scope, body) | begun, reply, departure)
        return None

    async def _read_body(self, scope: Message, receive: Receive) -> _Body:
        """Read the body; raises TimeoutError if it comes too slowly.

        Nothing is read of one that is too long and waits for leave to come (RFC 9110 section 10.1.1): the
        application refuses it by its length. Who sends at once would miss an answer while he still sends.
        """
        most = int(getattr(self._limits, body_limit(scope["path"], scope["method"])))
        length = _awaited_length(scope)
        if length > most:
            return _Body(b"", length, is_whole=False)
        async with asyncio.timeout(getattr(self._limits, _seconds_limit(scope))):
            return await _read_body(receive, at_most=most + 1)

    async def _answer(
        self, environ: Environ, reply: "_Reply", departure: Coroutine[None, None, None] | None
    ) -> Whole | None:
        """Have the application answer, while we watch whether the client is still there."""
        watch = asyncio.ensure_future(departure) if departure else None
        loop = asyncio.get_running_loop()
        try:
            started, body = await loop.run_in_executor(self._threads, self._start, environ)
            if body is None:
                await self._stream(started, reply, environ[CALLER_KEY])
                return None
            await reply.send_whole(started.status, started.headers, body)
            return whole_of(started.status, started.headers, body, environ[RECORD_KEY])
        finally:
            if watch is not None:
                watch.cancel()

    def _start(self, environ: Environ) -> tuple[_Started, bytes | None]:
        """Call the application; read its body to the end if its length is known."""
        said: list[tuple[str, list[tuple[str, str]]]] = []
        body = self._application(environ, lambda status, headers, _=None: said.append((status, headers)))
        status, headers = said[-1]
        encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        started = _Started(int(status[:3]), encoded, body)
        if not started.is_whole and environ["REQUEST_METHOD"] != "HEAD":
            return started, None
        try:
            return started, b"".join(body)
        finally:
            _close(body)

    async def _stream(self, started: _Started, reply: "_Reply", caller: Caller) -> None:
        """Send the body piece by piece; stop when the client has gone."""
        loop = asyncio.get_running_loop()
        pieces = iter(started.body)
        try:
            await reply.start(started.status, started.headers)
            while not caller.has_left:
                piece = await loop.run_in_executor(self._threads, _next, pieces)
                if piece is None:
                    await reply.end()
                    return
                await reply.send_piece(piece)
            reply.note_break()
        except GcmError as error:
            reply.note_break(getattr(error, "limit", ""))
            raise BrokenAnswerError from None
        finally:
            await loop.run_in_executor(self._threads, _close, started.body)


class _Reply:
    """The way of one answer to its client, which has so many seconds to take it."""

    def __init__(self, send: Send, record: Record, *, seconds: float) -> None:
        self._send = send
        self._record = record
        self._seconds = seconds
        self._deadline = 0.0

    async def start(self, status: int, headers: Sequence[tuple[bytes, bytes]]) -> None:
        """Send the status and the header fields, with the request's name among them."""
        self._record.status = status
        self._deadline = asyncio.get_running_loop().time() + self._seconds
        named = [*headers, (ID_HEADER.lower().encode(), self._record.id.encode())]
        await self._send({"type": "http.response.start", "status": status, "headers": named})

    async def send_whole(self, status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> None:
        """Send an answer that is there; a large one in pieces: a slow client is noticed between them."""
        await self.start(status, headers)
        for start in range(0, len(body) - _PIECE_BYTES, _PIECE_BYTES):
            await self.send_piece(body[start : start + _PIECE_BYTES])
        rest = body[self._record.bytes :]
        await self._send_in_time({"type": "http.response.body", "body": rest})
        self._record.bytes += len(rest)

    async def send_piece(self, piece: bytes) -> None:
        """Send a piece that others follow."""
        await self._send_in_time({"type": "http.response.body", "body": piece, "more_body": True})
        self._record.bytes += len(piece)

    async def end(self) -> None:
        """Say that there is no more."""
        await self._send_in_time({"type": "http.response.body", "body": b""})

    async def refuse(self, problem: Problem) -> None:
        """Answer a client whose body we do not read to its end; the connection is of no more use."""
        self._record.limit = str(problem.facts.get("limit", ""))
        body = problem.to_text().encode()
        fields = fields_of(problem, media_type="text/plain; charset=utf-8", length=len(body))
        await self.send_whole(int(problem.status), [*fields, (b"connection", b"close")], body)

    def note_break(self, limit: str = "") -> None:
        """Note that the answer does not end well."""
        self._record.is_broken = True
        self._record.limit = self._record.limit or limit

    async def _send_in_time(self, message: Message) -> None:
        """Send; raises BrokenAnswerError if the client does not take it in time."""
        try:
            async with asyncio.timeout_at(self._deadline):
                await self._send(message)
        except TimeoutError:
            self.note_break("answer_seconds")
            raise BrokenAnswerError from None


async def _departure(receive: Receive, caller: Caller) -> None:
    """Wait until the client goes, and say so to those who work for it."""
    while (await receive())["type"] != "http.disconnect":
        pass
    caller.leave()


def _awaited_length(scope: Message) -> int:
    """Give the length of a body that comes only if the client is told to go on; 0 of any other."""
    if not waits_for_leave(scope):
        return 0
    fields = dict(scope["headers"])
    return 0 if b"transfer-encoding" in fields else int(fields.get(b"content-length", 0))


async def _read_body(receive: Receive, *, at_most: int) -> _Body:
    """Read the body; of one that is too long, as much as shows that.

    Raises DepartedError if the client goes in the middle, BrokenBodyError if the rest cannot be read: half a
    query must not pass for one.
    """
    pieces: list[bytes] = []
    length = 0
    is_read = False
    while length < at_most and not is_read:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DepartedError
        pieces.append(message.get("body", b""))
        length += len(pieces[-1])
        is_read = not message.get("more_body", False)
    return _Body(b"".join(pieces), length, is_whole=is_read)


def _environ(scope: Message, body: _Body) -> Environ:
    """Write the request as WSGI has it (PEP 3333): text that stands for bytes is Latin-1."""
    server, port = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": _raw_path(scope).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "REQUEST_URI": _as_sent(scope),
        "SERVER_NAME": server,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(body.content),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    return environ | _header_fields(scope["headers"]) | {"CONTENT_LENGTH": str(body.length)}


def _as_sent(scope: Message) -> str:
    """Give the path as the client wrote it, which PATH_INFO does not tell; empty if the server does not."""
    return bytes(scope.get("raw_path") or b"").decode("latin-1")


def _raw_path(scope: Message) -> bytes:
    raw = scope.get("raw_path")
    return unquote_to_bytes(raw) if raw else scope["path"].encode("utf-8")


def _header_fields(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Name the fields as WSGI does; a name with an underscore could pass for another and is left out."""
    fields: dict[str, str] = {}
    for raw_name, raw_value in headers:
        if b"_" in raw_name or raw_name.lower() == b"transfer-encoding":  # the body is here, with its length
            continue
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
        value = raw_value.decode("latin-1")
        fields[key] = f"{fields[key]},{value}" if key in fields else value
    return fields


def _next(pieces: Iterator[bytes]) -> bytes | None:
    """Give the next piece that holds something; None at the end, since StopIteration cannot cross threads."""
    for piece in pieces:
        if piece:
            return piece
    return None


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()
