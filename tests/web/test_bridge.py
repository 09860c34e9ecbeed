"""The bridge from ASGI to WSGI: what the application is told of a request."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from gcm.errors import BrokenAnswerError
from gcm.limits import Limits
from gcm.web.bridge import Bridge, Environ, Receive
from gcm.web.exchange import Message
from gcm.web.record import KEY as RECORD_KEY
from gcm.web.record import Record

from tests.peers import run_apart

SCOPE: Message = {
    "type": "http",
    "method": "POST",
    "path": "/é",
    "raw_path": b"/%C3%A9%FF",
    "query_string": b"a=%20",
    "http_version": "1.1",
    "scheme": "https",
    "server": ("example.org", 443),
    "client": ("192.0.2.1", 50000),
    "headers": [],
}


def answer(scope: Message, *pieces: bytes, body_bytes: int = 100) -> Environ:
    """Send a request with a body in pieces through a bridge; give what the application was told."""
    told: list[Environ] = []
    messages: list[Message] = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages.append({"type": "http.request", "body": b"", "more_body": False})
    waiting = iter(messages)
    sent: list[Message] = []

    def application(environ: Environ, start: Any) -> Iterable[bytes]:  # Any: WSGI's start_response
        told.append(environ | {"body": environ["wsgi.input"].read()})
        start("200 OK", [("Content-Length", "2"), ("X-Name", "é")])
        return [b"o", b"k"]

    async def receive() -> Message:
        return next(waiting, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        sent.append(message)

    bridge = Bridge(application, threads=1, limits=Limits(body_bytes=body_bytes))
    run_apart(bridge(scope, receive, send, {RECORD_KEY: Record(id="mine")}))
    headers = [(b"content-length", b"2"), (b"x-name", "é".encode("latin-1")), (b"x-request-id", b"mine")]
    assert sent == [
        {"type": "http.response.start", "status": 200, "headers": headers},
        {"type": "http.response.body", "body": b"ok"},
    ]
    return told[0]


def test_address_is_told_as_bytes() -> None:
    environ = answer(SCOPE)
    assert environ["PATH_INFO"].encode("latin-1") == b"/\xc3\xa9\xff"
    assert (environ["QUERY_STRING"], environ["wsgi.url_scheme"]) == ("a=%20", "https")
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"], environ["REMOTE_ADDR"]) == (
        "example.org",
        "443",
        "192.0.2.1",
    )


def test_body_comes_whole() -> None:
    environ = answer(SCOPE, b"one ", b"two")
    assert (environ["body"], environ["CONTENT_LENGTH"]) == (b"one two", "7")


@pytest.mark.parametrize(("pieces", "length"), [(2, 20), (3, 30), (9, 30)])
def test_body_that_is_too_long_is_read_until_that_shows(pieces: int, length: int) -> None:
    environ = answer(SCOPE, *([b"x" * 10] * pieces), body_bytes=20)
    assert int(environ["CONTENT_LENGTH"]) == length


@pytest.mark.parametrize(
    ("body_bytes", "word", "read"), [(20, b"100-Continue", 0), (21, b"100-continue", 21), (20, b"", 21)]
)
def test_body_that_is_too_long_is_not_read_if_it_waits_for_leave(
    body_bytes: int, word: bytes, read: int
) -> None:
    headers = [(b"content-length", b"21"), (b"expect", word)]
    environ = answer({**SCOPE, "headers": headers}, b"x" * 21, body_bytes=body_bytes)
    assert (len(environ["body"]), environ["CONTENT_LENGTH"]) == (read, "21")


def test_fields_keep_apart_what_is_apart() -> None:
    headers = [
        *SCOPE["headers"],
        (b"accept", b"text/csv"),
        (b"accept", b"text/html"),
        (b"content-type", b"text/plain"),
        (b"content_type", b"text/evil"),
        (b"content-length", b"999"),
        (b"transfer-encoding", b"chunked"),
    ]
    environ = answer({**SCOPE, "headers": headers}, b"x")
    assert environ["HTTP_ACCEPT"] == "text/csv,text/html"
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/plain", "1")
    assert "HTTP_TRANSFER_ENCODING" not in environ


class Stalled:
    """A client that takes the head of its answer and `pieces` pieces, and nothing more."""

    def __init__(self, pieces: int) -> None:
        self.left = pieces + 1
        self.record = Record()

    def ask(self, body: Iterable[bytes], *headers: tuple[str, str]) -> None:
        """Ask for a body, which it will have to take in a tenth of a second."""

        def application(_: Environ, start: Any) -> Iterable[bytes]:  # Any: WSGI's start_response
            start("200 OK", [*headers])
            return body

        bridge = Bridge(application, threads=1, limits=Limits(answer_seconds=0.1))
        run_apart(bridge(SCOPE, self._receive(), self._send, {RECORD_KEY: self.record}))

    def _receive(self) -> Receive:
        messages = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive() -> Message:
            for message in messages:
                return message
            await asyncio.Event().wait()
            raise AssertionError

        return receive

    async def _send(self, _: Message) -> None:
        self.left -= 1
        if self.left < 0:
            await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("body", "headers", "taken"),
    [
        ([b"x" * 1_000_000], [("Content-Length", "1000000")], 524_288),  # a whole answer, in four pieces
        ([b"one", b"two", b"three"], [], 6),  # a stream
    ],
)
def test_answer_that_is_not_taken_breaks_off(
    body: list[bytes], headers: list[tuple[str, str]], taken: int
) -> None:
    client = Stalled(2)
    with pytest.raises(BrokenAnswerError):
        client.ask(body, *headers)
    record = client.record
    assert (record.limit, record.is_broken, record.bytes) == ("answer_seconds", True, taken)


def test_short_answer_that_is_not_taken_breaks_off() -> None:
    client = Stalled(0)
    with pytest.raises(BrokenAnswerError):
        client.ask([b"x" * 200_000], ("Content-Length", "200000"))
    assert (client.record.limit, client.record.bytes) == ("answer_seconds", 0)


def test_answer_that_is_taken_in_time_is_whole() -> None:
    client = Stalled(4)
    client.ask([b"x" * 1_000_000], ("Content-Length", "1000000"))
    record = client.record
    assert (record.limit, record.is_broken, record.bytes) == ("", False, 1_000_000)
