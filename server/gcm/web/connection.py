"""A connection of a client: bytes become requests, and one is answered after the other (RFC 9112).

httptools, the parser of Node, says what the bytes mean. Here is what time and room they may take, and in what
order the answers go. Who sends nothing, or the head of a request too slowly, is cut off by `sweep`, which the
process calls every now and then: a timer for each request would cost more than reading it.
"""

import asyncio
import re
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from typing import cast
from urllib.parse import unquote

import httptools

from gcm.limits import Limits
from gcm.web.errors import Problem
from gcm.web.exchange import Exchange, Message, write_fields, write_whole
from gcm.web.kinds import KINDS, METHOD, MISTAKE, TARGET
from gcm.web.record import ID_HEADER, Record
from gcm.web.refusals import fields_of

#: Bytes of a request's first line and header fields. What is too long for the application it refuses itself,
#: by name (`path_bytes`, `header_bytes`).
_HEAD_BYTES = 131_072

#: Bytes of an address. Others take less (RFC 9110 section 4.1 asks for 8,000); a longer query goes by POST.
_ADDRESS_BYTES = 65_534

#: Seconds in which what a client still sends is thrown away, so that it can read the last answer.
_LINGER_SECONDS = 1.0

#: Seconds in which a client that is connected may ask once more when the process is to end: a connection that
#: is closed while a request is on its way fails it.
_HEARING_SECONDS = 1.0

#: The scheme and the host of an absolute address (RFC 9112 section 3.2.2).
_AUTHORITY = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)")

_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")

#: What some address here has; each says itself which (RFC 9110 section 15.5.6).
_METHODS = "GET, HEAD, OPTIONS, POST, QUERY"
_NO_METHOD = "No address has this method, or it is no method at all. Use one of those that Allow names."

#: Fields of an offer to go on in another protocol.
_OF_UPGRADES = frozenset({b"connection", b"upgrade", b"http2-settings"})

Begin = Callable[[Exchange], None]
Note = Callable[[Record], None]


class Connection(asyncio.Protocol):
    """The connection of one client; `begin` is given each request when its turn has come.

    `note` writes the line of what was refused before it was a request.
    """

    _transport: asyncio.Transport

    def __init__(
        self, begin: Begin, *, limits: Limits, all_of_them: set["Connection"], note: Note = Record.end
    ) -> None:
        self._begin = begin
        self._note = note
        self._limits = limits
        self._all = all_of_them
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._target = b""
        self._incoming: Exchange | None = None  # the request whose body is coming in
        self._turns: deque[Exchange] = deque()  # requests that wait for the answer before theirs
        self._current: Exchange | None = None  # the request that is being answered
        self._since = self._loop.time()  # when the connection, or the last thing on it, began or ended
        self._head_bytes = 0  # what has arrived since the last request was whole
        self._is_in_head = False
        self._is_line_open = True  # whether the first line of a request is still to come
        self._is_reading = True
        self._is_advancing = False
        self._is_last = False  # whether no further request is taken
        self._is_ending = False
        self._drained: asyncio.Future[None] | None = None  # there while the client takes nothing

    # What the event loop tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Learn who the client is."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class
        self._client = transport.get_extra_info("peername") or ("", 0)
        self._server = transport.get_extra_info("sockname") or ("localhost", 80)
        self._all.add(self)

    def connection_lost(self, _: Exception | None) -> None:
        """Tell those who work for the client that it has gone, and let go of what holds the connection.

        Left to the garbage collector, connections and their last heads would stay for thousands of others.
        """
        self._is_ending = True
        self._all.discard(self)
        self._turns.clear()
        self.resume_writing()
        current, self._current, self._incoming = self._current, None, None
        if current is not None:
            current.leave()
        del self._parser

    def pause_writing(self) -> None:
        """Learn that the client takes nothing at the moment."""
        self._drained = self._loop.create_future()

    def resume_writing(self) -> None:
        """Learn that the client takes more."""
        drained, self._drained = self._drained, None
        if drained is not None and not drained.done():
            drained.set_result(None)
        self._advance()

    def data_received(self, data: bytes) -> None:
        """Read what has arrived, and begin what has become a request."""
        if self._is_ending:  # the last answer is out: what comes now is for nobody
            return
        if self._is_line_open and not data.isascii():
            data = _encode_line(data)
        self._head_bytes += len(data)
        self._read(data)
        self._advance()

    def _read(self, data: bytes) -> None:
        try:
            while data:
                data = self._feed(data)
        except httptools.HttpParserInvalidMethodError:
            allowed = {"Allow": _METHODS}
            self._refuse(Problem(HTTPStatus.METHOD_NOT_ALLOWED, METHOD, _NO_METHOD, {}, allowed))
        except httptools.HttpParserInvalidURLError:
            detail = "What is asked for is no address. Begin it with “/”; this server is no proxy."
            self._refuse(Problem(HTTPStatus.BAD_REQUEST, TARGET, detail))
        except httptools.HttpParserError as error:
            detail = f"What was sent is not a request of HTTP/1.1: {error}. Send it as RFC 9112 says."
            self._refuse(Problem(HTTPStatus.BAD_REQUEST, MISTAKE, detail))
        else:
            self._check_length()

    def _check_length(self) -> None:
        """Refuse an address or a head that is too long to be handed on."""
        if len(self._target) > _ADDRESS_BYTES:
            detail = f"The address has more than {_ADDRESS_BYTES} bytes. Send a long query by POST."
            self._refuse_for("query_bytes", HTTPStatus.REQUEST_URI_TOO_LONG, detail)
        elif self._is_in_head and self._head_bytes > _HEAD_BYTES:
            detail = f"The head of the request has more than {_HEAD_BYTES} bytes. Send a shorter one."
            self._refuse_for("header_bytes", HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail)

    def _feed(self, data: bytes) -> bytes:
        """Have the parser read; give what is to be read again as a request without an offer to upgrade.

        No other protocol is known here (RFC 9110 section 7.8). Clients of Java send that offer with their
        first request, also where a body follows, which the parser would leave out.
        """
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            if self._parser.get_method() == b"CONNECT":  # whatever its fields, it is for a proxy
                raise httptools.HttpParserInvalidURLError from None
            fields = [each for each in self._fields if each[0] not in _OF_UPGRADES]
            version = self._parser.get_http_version().encode()
            line = b"%b %b HTTP/%b\r\n" % (self._parser.get_method(), self._target, version)
            self._parser = httptools.HttpRequestParser(self)
            return line + write_fields(fields) + b"\r\n" + data[upgrade.args[0] :]
        return b""

    # What the parser tells

    def on_message_begin(self) -> None:
        """Begin to read a request."""
        self._target = b""
        self._fields: list[tuple[bytes, bytes]] = []
        self._since = self._loop.time()
        self._is_in_head = True

    def on_url(self, part: bytes) -> None:
        """Take in the address that is asked for."""
        self._target += part
        self._is_line_open = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take in a header field; what follows a body is none, and is dropped (RFC 9110 section 6.5.1)."""
        if self._is_in_head:
            self._fields.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Make a request of what has been read, unless it is read again without its offer to upgrade."""
        self._is_in_head = False
        if self._parser.should_upgrade() or len(self._target) > _ADDRESS_BYTES:
            return  # it is read again, or refused
        version = self._parser.get_http_version()
        lasts = version == "1.1" and not self._is_last and self._parser.should_keep_alive()
        scope = self._scope(self._parser.get_method().decode("ascii"), version)
        self._incoming = Exchange(self, scope, is_lasting=lasts)
        self._turns.append(self._incoming)

    def on_body(self, piece: bytes) -> None:
        """Take in a piece of a body."""
        if self._incoming is not None and not self._incoming.add(piece):
            self._stop_reading()

    def on_message_complete(self) -> None:
        """Learn that a request is whole."""
        self._is_line_open, self._head_bytes = True, 0
        if self._incoming is not None:
            self._incoming.complete()
            self._incoming = None

    def _scope(self, method: str, version: str) -> Message:
        """Write the request as ASGI has it."""
        target = self._target.partition(b"#")[0]
        if not target.startswith(b"/") and (found := _AUTHORITY.match(target)):
            target = target[found.end() :]
            target = target if target.startswith(b"/") else b"/" + target
            self._fields = [each for each in self._fields if each[0] != b"host"] + [(b"host", found[1])]
        path, _, query = target.partition(b"?")
        return {
            "type": "http",
            "http_version": version,
            "method": method,
            "scheme": "http",
            "path": unquote(path.decode("ascii")) if b"%" in path else path.decode("ascii"),
            "raw_path": path,
            "query_string": query,
            "headers": self._fields,
            "client": self._client,
            "server": self._server[:2],
        }

    # The answers

    def _advance(self) -> None:
        """Begin the next request, unless an answer is under way or the client takes none."""
        if self._is_advancing:
            return
        self._is_advancing = True
        while self._turns and self._current is None and self._drained is None and not self._is_ending:
            self._current = self._turns.popleft()
            self._begin(self._current)
        self._is_advancing = False
        if self._turns:
            self._stop_reading()

    def finish(self, exchange: Exchange) -> None:
        """Learn that an answer is out; its client may ask for more, or not."""
        self._current = None
        self._since = self._loop.time()
        if not exchange.is_read:
            self._linger()
        elif not exchange.is_lasting:
            self._close()
        else:
            self.read_on()
            self._advance()

    def write(self, data: bytes) -> None:
        """Send bytes; they wait here as long as the client takes none."""
        if not self._transport.is_closing():
            self._transport.write(data)

    async def drain(self) -> None:
        """Wait until the client takes more."""
        if self._drained is not None:
            await asyncio.shield(self._drained)

    def read_on(self) -> None:
        """Take in more."""
        if not self._is_reading and not self._turns and not self._transport.is_closing():
            self._is_reading = True
            self._transport.resume_reading()

    def _stop_reading(self) -> None:
        if self._is_reading and not self._transport.is_closing():
            self._is_reading = False
            self._transport.pause_reading()

    # The end

    def sweep(self, now: float) -> None:
        """Cut off a client that has had its time: to ask, or to take its last answer."""
        if self._current is not None or now - self._since < self._limits.request_seconds:
            return
        if self._is_ending or self._drained is not None:
            self._transport.abort()
        elif self._is_in_head:
            detail = "The head of the request did not arrive in time. Send it again."
            self._refuse_for("request_seconds", HTTPStatus.REQUEST_TIMEOUT, detail)
        else:
            self._close()

    def end(self) -> None:
        """Take no further request, but those that are on their way."""
        self._is_last = True
        for exchange in self._turns:
            exchange.is_lasting = False
        if self._current is not None:
            self._current.is_lasting = False
        else:
            self._loop.call_later(_HEARING_SECONDS, self._close_if_idle)

    def abort(self) -> None:
        """Break the connection, so that the client notices."""
        self._is_ending = True
        self._transport.abort()

    def _close_if_idle(self) -> None:
        if self._current is None and not self._turns and not self._is_in_head:
            self._close()

    def _close(self) -> None:
        self._is_ending = True
        self._transport.close()

    def _linger(self) -> None:
        """Close our side, and the other one a little later.

        A connection that is closed while its client sends breaks, and the client may lose the answer
        (RFC 9112 section 9.6).
        """
        self._is_ending = True
        if not self._transport.is_closing():
            if not self._is_reading:
                self._transport.resume_reading()
            self._transport.write_eof()
            self._loop.call_later(_LINGER_SECONDS, self._transport.abort)

    def _refuse_for(self, limit: str, status: HTTPStatus, detail: str) -> None:
        self._refuse(Problem(status, KINDS[limit], detail, {"limit": limit}))

    def _refuse(self, problem: Problem) -> None:
        """Answer what is no request, and end the connection; answers that are under way go first."""
        if self._incoming is not None:  # who reads its body refuses it
            self._incoming.spoil(problem.detail)
        elif self._current is not None or self._turns:
            self.end()
            self._stop_reading()
        else:
            body = problem.to_json().encode()
            record = self._record_of(problem, len(body))
            self.write(_refusal(problem, body, record.id))
            self._linger()
            self._note(record)

    def _record_of(self, problem: Problem, length: int) -> Record:
        """Write down what is known of a request that is none: where its address has come in, that and how."""
        path = unquote(self._target.partition(b"?")[0].decode("ascii", "replace"))
        method = self._parser.get_method().decode("ascii") if path else ""
        limit = str(problem.facts.get("limit", ""))
        return Record(method, path, status=int(problem.status), bytes=length, limit=limit)


def _refusal(problem: Problem, body: bytes, name: str) -> bytes:
    """Write a problem as who has said nothing of what he accepts gets it (`gcm.web.errors`)."""
    fields = fields_of(problem, media_type="application/problem+json", length=len(body))
    head = write_fields([*fields, (ID_HEADER.lower().encode(), name.encode())])
    return write_whole(int(problem.status), head, body, is_lasting=False)


def _encode_line(data: bytes) -> bytes:
    """Percent-encode what is beyond ASCII in a first line: RFC 3986 has no such bytes, yet they are sent."""
    line, end, rest = data.partition(b"\n")
    return _BEYOND_ASCII.sub(lambda found: b"%%%02X" % found[0][0], line) + end + rest
