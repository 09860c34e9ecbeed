"""The application, which is written for WSGI, on granian's ASGI side.

On the WSGI side an answer that breaks off is ended as if it were complete. Here it breaks the connection, so
that no client takes a part for the whole; and a client that has gone is noticed between two pieces.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

Message = MutableMapping[str, Any]  # Any: ASGI messages hold text, bytes, numbers and lists
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]  # Any: WSGI's environment holds text and streams
#: Longer bodies are sent in pieces, so that memory does not grow with their length.
_WHOLE_BYTES = 4_194_304

Application = Callable[
    [Environ, Callable[..., Any]], Iterable[bytes]
]  # Any: start_response may be called twice


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


class Bridge:
    """An ASGI application that runs a WSGI application in threads."""

    def __init__(self, application: Application, *, threads: int, body_bytes: int) -> None:
        self._application = application
        self._body_bytes = body_bytes
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="gcm-request")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        body = await _read_body(receive, at_most=self._body_bytes + 1)
        loop = asyncio.get_running_loop()
        started, whole = await loop.run_in_executor(self._threads, self._start, _environ(scope, body))
        await send({"type": "http.response.start", "status": started.status, "headers": started.headers})
        if whole is not None:
            await send({"type": "http.response.body", "body": whole})
            return
        await self._stream(started.body, receive, send)

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

    async def _stream(self, body: Iterable[bytes], receive: Receive, send: Send) -> None:
        """Send the body piece by piece; stop when the client has gone."""
        loop = asyncio.get_running_loop()
        gone = asyncio.ensure_future(receive())
        pieces = iter(body)
        try:
            while not gone.done():
                piece = await loop.run_in_executor(self._threads, _next, pieces)
                if piece is None:
                    await send({"type": "http.response.body", "body": b""})
                    return
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        finally:
            gone.cancel()
            await loop.run_in_executor(self._threads, _close, body)


async def _read_body(receive: Receive, *, at_most: int) -> bytes:
    """Read the body; of one that is too long, as much as shows that."""
    pieces: list[bytes] = []
    length = 0
    while length < at_most:
        message = await receive()
        pieces.append(message.get("body", b""))
        length += len(pieces[-1])
        if not message.get("more_body", False):
            break
    return b"".join(pieces)


def _environ(scope: Message, body: bytes) -> Environ:
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
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    return environ | _header_fields(scope["headers"]) | {"CONTENT_LENGTH": str(len(body))}


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
