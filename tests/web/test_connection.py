"""Connections: bytes become requests and answers as RFC 9112 and RFC 9110 say, and nothing else."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence

import pytest
from gcm.errors import BrokenAnswerError
from gcm.limits import Limits
from gcm.web import SECURITY_HEADERS
from gcm.web.connection import Connection
from gcm.web.exchange import Exchange, Message, write_fields
from gcm.web.record import Record
from gcm.web.sharing import SHARED

from tests.peers import connect, run_apart, settle

HOST = b"Host: example.org\r\n"
GET = b"GET /%b HTTP/1.1\r\n" + HOST + b"%b\r\n"
POST = b"POST / HTTP/1.1\r\n" + HOST

Work = Callable[[Exchange], Awaitable[None]]


async def say(exchange: Exchange, *pieces: bytes, status: int = 200, length: int | None = None) -> None:
    """Answer in pieces."""
    fields = [] if length is None else [(b"content-length", b"%d" % length)]
    await exchange.send({"type": "http.response.start", "status": status, "headers": fields})
    for piece in pieces:
        await exchange.send({"type": "http.response.body", "body": piece, "more_body": True})
    await exchange.send({"type": "http.response.body", "body": b""})


async def read(exchange: Exchange) -> bytes:
    """Read the body of a request to its end."""
    body, message = b"", await exchange.receive()
    while message["more_body"]:
        body += message["body"]
        message = await exchange.receive()
    return body + bytes(message["body"])


class Server:
    """Connections whose requests are told, and answered by `work`; by default with their path."""

    def __init__(self, work: Work | None = None, *, request_seconds: float = 10) -> None:
        self.asked: list[Message] = []
        self.noted: list[Record] = []
        self._work = work or self._echo
        self._limits = Limits(request_seconds=request_seconds)
        self._tasks: set[asyncio.Future[None]] = set()
        self.connections: set[Connection] = set()

    async def _echo(self, exchange: Exchange) -> None:
        body = await read(exchange)
        text = exchange.scope["raw_path"] + (b" " + body if body else b"")
        await say(exchange, text, length=len(text))

    def _begin(self, exchange: Exchange) -> None:
        self.asked.append(exchange.scope)
        self._tasks.add(asyncio.ensure_future(self._run(exchange)))

    async def _run(self, exchange: Exchange) -> None:
        try:
            await self._work(exchange)
        except BrokenAnswerError:
            exchange.break_off()

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Give what a new client reads from and writes to."""
        connection = Connection(
            self._begin, limits=self._limits, all_of_them=self.connections, note=self.noted.append
        )
        _, reader, writer = await connect(connection)
        return reader, writer

    def talk(self, *pieces: bytes, sweeps: bool = False) -> bytes:
        """Send pieces, each when the one before has been read, and give all that comes back."""
        return run_apart(self._talk(pieces, sweeps=sweeps))

    async def _talk(self, pieces: Sequence[bytes], *, sweeps: bool) -> bytes:
        reader, writer = await self.connect()
        for piece in pieces:
            writer.write(piece)
            await settle()
        while sweeps and self.connections:
            for each in [*self.connections]:
                each.sweep(asyncio.get_running_loop().time())
            await asyncio.sleep(0.01)
        received = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        return received


def bodies(received: bytes) -> list[bytes]:
    """Give the bodies of answers that have their length."""
    found = []
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        found.append(rest[:length])
        received = rest[length:]
    return found


CLOSE = b"Connection: close\r\n"


def test_requests_on_one_connection_are_answered_in_their_order() -> None:
    """Also those that are sent before the answer to the first is here (RFC 9112 section 9.3.2)."""

    async def slowest_first(exchange: Exchange) -> None:
        await asyncio.sleep(0.05 if exchange.scope["raw_path"] == b"/1" else 0)
        await say(exchange, exchange.scope["raw_path"], length=2)

    server = Server(slowest_first)
    assert bodies(server.talk(GET % (b"1", b"") + GET % (b"2", b"") + GET % (b"3", CLOSE))) == [
        b"/1",
        b"/2",
        b"/3",
    ]


def test_request_may_come_byte_by_byte() -> None:
    request = POST + CLOSE + b"Content-Length: 3\r\n\r\nabc"
    server = Server()
    assert bodies(server.talk(*[bytes([each]) for each in request])) == [b"/ abc"]


def test_body_may_come_in_chunks() -> None:
    request = POST + CLOSE + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    assert bodies(Server().talk(request)) == [b"/ abcde"]


def test_answer_without_length_comes_in_chunks() -> None:
    received = Server(lambda exchange: say(exchange, b"one", b"", b"three")).talk(GET % (b"", CLOSE))
    assert b"\r\ntransfer-encoding: chunked\r\n" in received
    assert received.endswith(b"\r\n\r\n3\r\none\r\n5\r\nthree\r\n0\r\n\r\n")


def test_http_1_0_gets_no_chunks_and_the_end_of_the_connection() -> None:
    received = Server(lambda exchange: say(exchange, b"one", b"three")).talk(b"GET / HTTP/1.0\r\n\r\n")
    assert b"chunked" not in received
    assert received.endswith(b"\r\nconnection: close\r\n\r\nonethree")


@pytest.mark.parametrize(("method", "status"), [(b"HEAD", 200), (b"GET", 204), (b"GET", 304)])
def test_answers_without_a_body_have_none(method: bytes, status: int) -> None:
    server = Server(lambda exchange: say(exchange, status=status, length=7 if status == 200 else None))
    received = server.talk(method + b" / HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")
    assert received.endswith(b"\r\n\r\n")
    assert b"transfer-encoding" not in received


@pytest.mark.parametrize("pieces", [(b"ab",), (b"abcd",)])
def test_answer_that_is_not_as_long_as_promised_breaks_the_connection(pieces: tuple[bytes, ...]) -> None:
    received = Server(lambda exchange: say(exchange, *pieces, length=3)).talk(GET % (b"", b""))
    assert len(received.partition(b"\r\n\r\n")[2]) < 3  # and no more comes


def test_client_that_waits_for_leave_to_send_gets_it() -> None:
    """RFC 9110 section 10.1.1."""
    received = Server().talk(POST + CLOSE + b"Content-Length: 3\r\nExpect: 100-continue\r\n\r\n", b"abc")
    word, _, answer = received.partition(b"\r\n\r\n")
    assert word == b"HTTP/1.1 100 Continue"
    assert bodies(answer) == [b"/ abc"]


def test_http_1_0_is_not_told_to_go_on() -> None:
    """RFC 9110 section 10.1.1: such a client would take that for the answer."""
    request = b"POST / HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc"
    received = Server().talk(request)
    assert received.startswith(b"HTTP/1.1 200 ")
    assert bodies(received) == [b"/ abc"]


def test_fields_after_a_body_are_none_of_the_request() -> None:
    """RFC 9110 section 6.5.1."""
    server = Server()
    server.talk(POST + CLOSE + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-After: b\r\n\r\n")
    assert [name for name, _ in server.asked[0]["headers"]] == [b"host", b"connection", b"transfer-encoding"]


def test_offer_of_another_protocol_is_passed_over() -> None:
    """The body still belongs to the request (RFC 9110 section 7.8), and the connection goes on."""
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n"
    server = Server()
    received = server.talk(POST + offer + b"Content-Length: 3\r\n\r\nabc" + GET % (b"2", CLOSE))
    assert bodies(received) == [b"/ abc", b"/2"]
    assert [name for name, _ in server.asked[0]["headers"]] == [b"host", b"content-length"]


def test_absolute_address_names_the_host() -> None:
    """RFC 9112 section 3.2.2."""
    server = Server()
    server.talk(b"GET http://example.com:8?a=b#c HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")
    (asked,) = server.asked
    assert (asked["raw_path"], asked["query_string"]) == (b"/", b"a=b")
    assert (b"host", b"example.com:8") in asked["headers"]
    assert (b"host", b"example.org") not in asked["headers"]


def test_bytes_beyond_ascii_count_as_percent_encoded() -> None:
    server = Server()
    server.talk(
        POST.replace(b"/ ", "/é?ø ".encode(), 1) + CLOSE + b"Content-Length: 2\r\n\r\n" + "é".encode()
    )
    (asked,) = server.asked
    assert (asked["raw_path"], asked["path"], asked["query_string"]) == (b"/%C3%A9", "/é", b"%C3%B8")


@pytest.mark.parametrize(
    ("request_bytes", "line"),
    [
        (b"nonsense\r\n\r\n", b"405 Method Not Allowed"),
        (b"BREW / HTTP/1.1\r\n" + HOST + b"\r\n", b"405 Method Not Allowed"),
        (b"CONNECT example.org:80 HTTP/1.1\r\n" + HOST + b"\r\n", b"400 Bad Request"),
        (b"GET example.org:80 HTTP/1.1\r\n" + HOST + b"\r\n", b"400 Bad Request"),
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", b"400 Bad Request"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", b"400 Bad Request"),
        (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", b"400 Bad Request"),
        (POST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", b"400 Bad Request"),
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", b"414 "),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 140_000, b"431 Request Header Fields Too Large"),
    ],
)
def test_what_is_no_request_is_refused_in_plain_words(request_bytes: bytes, line: bytes) -> None:
    server = Server()
    received = server.talk(request_bytes)
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 " + line)
    assert b"\r\nconnection: close" in head
    assert (b"\r\nallow: GET," in head) == line.startswith(b"405")
    problem = json.loads(body)
    assert problem["type"].startswith("https://w3id.org/gcm/problems#")
    assert problem["status"] == int(line[:3])
    assert problem["detail"].endswith(".")
    assert not server.asked


@pytest.mark.parametrize(
    ("pieces", "noted"),
    [
        ((b"nonsense\r\n\r\n",), ("", "", 405, "")),
        ((b"GET example.org:80 HTTP/1.1\r\n" + HOST + b"\r\n",), ("", "", 400, "")),
        ((b"POST /a%20b?c=d HTTP/1.1\r\nHost : a\r\n\r\n",), ("POST", "/a b", 400, "")),
        ((b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n",), ("GET", "/" + "x" * 70_000, 414, "query_bytes")),
        ((b"HEAD /a HTTP/1.1\r\nX: " + b"x" * 140_000,), ("HEAD", "/a", 431, "header_bytes")),
        ((b"QUERY /a HTTP/1.1\r\nX",), ("QUERY", "/a", 408, "request_seconds")),
        ((GET % (b"1", b""), b"nonsense\r\n\r\n"), ("", "", 405, "")),  # nothing of the request before
        ((GET % (b"1", b""), b"G"), ("", "", 408, "request_seconds")),
    ],
)
def test_what_is_no_request_is_written_down_and_answered_with_the_fields_of_all_answers(
    pieces: tuple[bytes, ...], noted: tuple[str, str, int, str]
) -> None:
    server = Server(request_seconds=0.05)
    received = server.talk(*pieces, sweeps=noted[2] == 408)
    head, _, body = received[received.rindex(b"HTTP/1.1 ") :].partition(b"\r\n\r\n")
    (record,) = server.noted
    assert (record.method, record.path, record.status, record.limit) == noted
    assert record.bytes == len(body)
    for name, value in {**SECURITY_HEADERS, **SHARED, "X-Request-Id": record.id}.items():
        assert head.count(f"\r\n{name.lower()}: {value}".encode()) == 1


def test_what_is_refused_as_a_request_is_written_down_by_who_answers_it() -> None:
    server = Server()
    assert bodies(server.talk(GET % (b"1", b"") + GET % (b"2", CLOSE))) == [b"/1", b"/2"]
    assert not server.noted


def test_answers_that_are_due_go_before_the_end_of_a_broken_connection() -> None:
    assert bodies(Server().talk(GET % (b"1", b"") + b"nonsense\r\n\r\n")) == [b"/1"]


def test_answer_reaches_a_client_that_still_sends() -> None:
    """RFC 9112 section 9.6: a connection is not closed under what is still coming."""
    server = Server(lambda exchange: say(exchange, b"no", length=2))
    assert bodies(server.talk(POST + b"Content-Length: 500000\r\n\r\n", *[b"x" * 100_000] * 3)) == [b"no"]


@pytest.mark.parametrize(("begun", "line"), [(b"", b""), (b"GET / HT", b"HTTP/1.1 408 Request Timeout")])
def test_client_that_does_not_ask_in_time_is_cut_off(begun: bytes, line: bytes) -> None:
    received = Server(request_seconds=0.05).talk(begun, sweeps=True)
    assert received.startswith(line)
    assert bool(received) == bool(line)


def test_client_that_takes_nothing_holds_up_its_own_requests_only() -> None:
    """Who asks again and again without reading does not fill the memory with answers."""
    server = Server(lambda exchange: say(exchange, b"x" * 1_000_000, length=1_000_000), request_seconds=0.05)

    async def ask() -> int:
        _, writer = await server.connect()
        writer.write(GET % (b"", b"") * 50)
        await settle()
        writer.close()
        return len(server.asked)

    assert run_apart(ask()) == 1


@pytest.mark.parametrize("value", [b"a\r\nset-cookie: b", b"a\nb", b"a\0b"])
def test_field_that_would_be_more_than_one_is_not_written(value: bytes) -> None:
    with pytest.raises(ValueError, match="line break"):
        write_fields([(b"x", value)])
