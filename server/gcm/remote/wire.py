"""Requests to a remote store over connections that are kept, each with a time that nothing can stretch.

Of the standard library's client, since a connection must be cut from another thread when a client leaves,
and a trickle of bytes must not begin the time anew. No redirect is followed, no proxy asked.
"""

import io
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from gcm.errors import BackendError, BackendTimeoutError
from gcm.remote.credentials import Credentials
from gcm.remote.endpoint import Endpoint

#: Connections that are kept open while nobody uses them.
_IDLE_CONNECTIONS = 16

#: Seconds for a connection to be made: longer, and the machine is down or the network is.
_CONNECT_SECONDS = 2.0

#: Bytes that are read of an error's text.
_ERROR_BYTES = 8_192

#: Bytes that are read at once.
_PIECE_BYTES = 65_536

_Done = TypeVar("_Done")
_Body = bytes | io.BufferedIOBase


@dataclass
class Clock:
    """The time of a request: `seconds` are spent waiting for the store, `limit` is what they are called.

    It stands still while nobody reads; `last_moment` is the end whatever happens.
    """

    seconds: float
    limit: str
    last_moment: float = float("inf")

    def left(self) -> float:
        """Give the seconds that are left; raises BackendTimeoutError if there are none."""
        left = min(self.seconds, self.last_moment - monotonic())
        if left <= 0:
            raise self.over()
        return left

    def over(self) -> BackendTimeoutError:
        """Say that the time is over."""
        return BackendTimeoutError(f"The store was given up at the limit {self.limit}.", limit=self.limit)

    def spend(self, started: float) -> None:
        """Count the time since `started` as spent."""
        self.seconds -= monotonic() - started


@dataclass(frozen=True)
class Request:
    """What is sent: a path with its query (empty: that of the endpoint), a body, header fields."""

    target: str
    method: str = "POST"
    body: _Body = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class _TimedSocket:
    """A socket as http.client uses it, whose every wait is charged to the clock of the request."""

    def __init__(self, plain: socket.socket) -> None:
        self._plain = plain
        self._readers = 0
        self._is_closing = False
        self.clock = Clock(_CONNECT_SECONDS, "store_seconds")

    def makefile(self, *_: object, **__: object) -> io.BufferedReader:
        """Give what answers are read from."""
        self._readers += 1
        return io.BufferedReader(_Incoming(self), _PIECE_BYTES)

    def sendall(self, data: bytes) -> None:
        """Send, within the time of the request."""
        self._wait(lambda: self._plain.sendall(data))

    def receive_into(self, buffer: Any) -> int:  # Any: whatever io.BufferedReader reads into
        """Receive what is there, within the time of the request."""
        return self._wait(lambda: self._plain.recv_into(buffer))

    def _wait(self, act: Callable[[], _Done]) -> _Done:
        started = monotonic()
        self._plain.settimeout(self.clock.left())
        try:
            return act()
        except TimeoutError as error:
            raise self.clock.over() from error
        finally:
            self.clock.spend(started)

    def cut(self) -> None:
        """End both directions at once; who reads sees the end."""
        with suppress(OSError):
            self._plain.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the socket when nobody reads from it any more."""
        self._is_closing = True
        if not self._readers:
            self._plain.close()

    def let_go(self) -> None:
        """Have one reader less."""
        self._readers -= 1
        if self._is_closing:
            self.close()


class _Incoming(io.RawIOBase):
    """The bytes that come in; closing it leaves the socket open for the next request."""

    def __init__(self, line: _TimedSocket) -> None:
        self._line = line

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: Any) -> int:  # Any: as above
        """Read what is there."""
        return self._line.receive_into(buffer)

    def close(self) -> None:
        """Let go of the socket."""
        if not self.closed:
            super().close()
            self._line.let_go()


class Reply:
    """An answer whose body is read in pieces; `close` it, and its connection is used again or cut."""

    def __init__(self, response: HTTPResponse, line: _TimedSocket, give_back: Callable[[bool], None]) -> None:
        self.status = response.status
        self.headers: Mapping[str, str] = {name.lower(): value for name, value in response.getheaders()}
        self.media_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        self.has_length = response.chunked or response.length is not None
        self._response = response
        self._line = line
        self._give_back: Callable[[bool], None] | None = give_back
        self._is_whole = False

    def read(self, size: int = -1) -> bytes:
        """Give the next piece, as soon as there is one; nothing at the end.

        Raises BackendError if the body breaks off, BackendTimeoutError if it takes too long.
        """
        if self._is_whole:
            return b""
        with _explained():
            piece = self._response.read1(_PIECE_BYTES if size < 0 else size)
        if not piece:
            if self._response.length:  # http.client does not say so itself when it reads in pieces
                raise BackendError("The answer of the store broke off.")
            self._is_whole = True
        return piece

    def text(self) -> str:
        """Give the beginning of the body as text: what an error says."""
        pieces = b""
        while len(pieces) < _ERROR_BYTES and (piece := self.read(_ERROR_BYTES)):
            pieces += piece
        return pieces.decode("utf-8", "replace")

    def allow(self, clock: Clock) -> None:
        """Charge what is still to be read to another clock."""
        self._line.clock = clock

    def cut(self) -> None:
        """End the connection from another thread: nobody waits for the rest."""
        self._line.cut()

    def close(self) -> None:
        """Give the connection back if all was read, else end it."""
        give_back, self._give_back = self._give_back, None
        if give_back is not None:
            if not self._is_whole and self._response.isclosed():  # an answer without a body
                self._is_whole = True
            self._response.close()
            give_back(self._is_whole)


class Wire:
    """The connections to one store; safe to use from several threads."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._credentials = Credentials(endpoint)
        self._idle: list[HTTPConnection] = []
        self._lock = Lock()
        self._tls = ssl.create_default_context() if endpoint.scheme == "https" else None

    def send(
        self, request: Request, clock: Clock, *, watch: Callable[[Callable[[], None]], object] | None = None
    ) -> Reply:
        """Send a request, and give its answer as soon as it begins; `watch` is given what cuts it off.

        Raises BackendError if the store cannot be reached or does not speak HTTP, or sends elsewhere.
        """
        with _explained():
            target = request.target or self.endpoint.path
            known = self._credentials.known(method=request.method, target=target)
            reply = self._send(request, clock, watch, {"Authorization": known} if known else {})
            if reply.status == 401:
                challenge = reply.headers.get("www-authenticate", "")
                known = self._credentials.answer(challenge, method=request.method, target=target)
                if known is not None:
                    reply.text()
                    reply.close()
                    reply = self._send(_again(request), clock, watch, {"Authorization": known})
        if 300 <= reply.status < 400:
            reply.close()
            raise BackendError(f"The store sends elsewhere ({reply.status}), which is not followed.")
        return reply

    def close(self) -> None:
        """Close the connections that nobody uses."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def __del__(self) -> None:
        self.close()

    def _send(
        self,
        request: Request,
        clock: Clock,
        watch: Callable[[Callable[[], None]], object] | None,
        more: Mapping[str, str],
    ) -> Reply:
        kept = self._take()
        if kept is not None:
            with suppress(ConnectionError, HTTPException):  # closed by the store while nobody used it
                return self._exchange(kept, request, clock, watch, more)
            kept.close()
            request = _again(request)
        return self._exchange(self._connect(clock), request, clock, watch, more)

    def _exchange(
        self,
        connection: HTTPConnection,
        request: Request,
        clock: Clock,
        watch: Callable[[Callable[[], None]], object] | None,
        more: Mapping[str, str],
    ) -> Reply:
        line = connection.sock
        assert isinstance(line, _TimedSocket)  # `_connect` has put it there
        line.clock = clock
        if watch is not None:
            watch(line.cut)
        try:
            headers = {"Accept-Encoding": "identity", "User-Agent": "gcm", **request.headers, **more}
            with suppress(BrokenPipeError, ConnectionResetError):  # it may answer before it has read all
                connection.request(
                    request.method, request.target or self.endpoint.path, body=request.body, headers=headers
                )
            response = connection.getresponse()
        except BaseException:
            connection.close()
            raise
        return Reply(response, line, lambda is_whole: self._give_back(connection, is_whole))

    def _take(self) -> HTTPConnection | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _give_back(self, connection: HTTPConnection, is_whole: bool) -> None:
        with self._lock:
            if is_whole and connection.sock is not None and len(self._idle) < _IDLE_CONNECTIONS:
                self._idle.append(connection)
                return
        connection.close()

    def _connect(self, clock: Clock) -> HTTPConnection:
        host, port = self.endpoint.host, self.endpoint.port
        seconds = min(_CONNECT_SECONDS, clock.left())
        made = HTTPConnection(host, port) if self._tls is None else HTTPSConnection(host, port)
        plain = socket.create_connection((host, port), timeout=seconds)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls is not None:
            plain = self._tls.wrap_socket(plain, server_hostname=host)
        made.sock = _TimedSocket(plain)
        made.auto_open = 0  # a connection that has ended is never opened again without its clock
        return made


class _explained:  # noqa: N801  # used like contextlib's functions
    """Turn what the library and the system say of a connection into an error of ours."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if isinstance(error, TimeoutError):
            message = "The store has not answered in time."
            raise BackendTimeoutError(message, limit="store_seconds") from error
        if isinstance(error, OSError | HTTPException | ValueError):
            raise BackendError(f"The store cannot be asked: {type(error).__name__}: {error}") from error


def _again(request: Request) -> Request:
    """Give a request that can be sent once more."""
    if isinstance(request.body, io.BufferedIOBase):
        request.body.seek(0)
    return request
