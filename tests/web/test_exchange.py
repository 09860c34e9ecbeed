"""One request and its answer on a connection, as bytes (RFC 9112)."""

import json

import pytest
from gcm.errors import BrokenAnswerError, BrokenBodyError
from gcm.web import exchange as exchange_module
from gcm.web.exchange import Exchange

from tests.peers import Peer, drive, until
from tests.web.test_connection import CLOSE, GET, POST, Server, bodies, say

ONE = GET % (b"1", b"")
LAST = GET % (b"", CLOSE)


def test_body_keeps_its_bytes_when_it_comes_by_itself() -> None:
    assert bodies(Server().talk(POST + CLOSE + b"Content-Length: 2\r\n\r\n", "é".encode())) == [
        "/ é".encode()
    ]


def test_leave_to_send_may_be_asked_for_in_any_case() -> None:
    """RFC 9110 section 10.1.1: the expectation is compared without regard to case."""
    received = Server().talk(POST + CLOSE + b"Content-Length: 3\r\nExpect: 100-Continue\r\n\r\n", b"abc")
    assert received.startswith(b"HTTP/1.1 100 Continue\r\n\r\n")


def test_leave_to_send_is_given_once() -> None:
    received = Server().talk(POST + CLOSE + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n", b"a", b"b")
    assert received.count(b"100 Continue") == 1


def test_leave_to_send_is_not_given_within_an_answer() -> None:
    async def begin_first(exchange: Exchange) -> None:
        fields = [(b"content-length", b"4")]
        await exchange.send({"type": "http.response.start", "status": 200, "headers": fields})
        await exchange.send({"type": "http.response.body", "body": b"be", "more_body": True})
        await exchange.receive()
        await exchange.send({"type": "http.response.body", "body": b"go"})

    request = POST + CLOSE + b"Content-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    assert bodies(Server(begin_first).talk(request, b"abc")) == [b"bego"]


def test_http_1_0_gets_one_answer_on_a_connection() -> None:
    received = Server().talk(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    assert b"\r\nconnection: close\r\n" in received


def test_body_is_no_part_of_the_next_head() -> None:
    body = b"x" * 200_000
    server = Server()
    received = server.talk(POST + b"Content-Length: 200000\r\n\r\n", body, LAST[:7], LAST[7:])
    assert bodies(received) == [b"/ " + body, b"/"]


def test_only_the_first_line_is_percent_encoded() -> None:
    server = Server()
    fields = b"Content-Length: 2\r\nX-Name: \xe9\r\n"
    received = server.talk((POST + CLOSE + fields + b"\r\n").replace(b"/ ", b"/\xe9 ", 1) + "é".encode())
    assert bodies(received) == [b"/%E9 " + "é".encode()]
    assert (b"x-name", b"\xe9") in server.asked[0]["headers"]


def test_answer_may_end_its_connection() -> None:
    async def end(exchange: Exchange) -> None:
        fields = [(b"content-length", b"0"), (b"connection", b"Close")]
        await exchange.send({"type": "http.response.start", "status": 200, "headers": fields})
        await exchange.send({"type": "http.response.body"})

    received = Server(end).talk(ONE)
    assert received.lower().count(b"\r\nconnection: ") == 1


def test_broken_body_is_told_to_whoever_reads_it() -> None:
    """RFC 9112 section 6.3: a request whose body has no readable framing is answered with 400."""

    async def act(peer: Peer) -> None:
        exchange = await peer.ask(POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n", in_all=1)
        assert (await exchange.receive())["body"] == b"a"
        peer.writer.write(b"nonsense\r\n")
        with pytest.raises(BrokenBodyError):
            await exchange.receive()

    drive(act)


def test_answer_shorter_than_promised_is_broken() -> None:
    async def act(peer: Peer) -> None:
        exchange = await peer.ask(ONE, in_all=1)
        with pytest.raises(BrokenAnswerError):
            await say(exchange, b"ab", length=3)
        exchange.break_off()
        assert exchange.is_over
        assert b"content-length: 3" in await peer.receive()

    drive(act)


def test_date_is_that_of_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_module, "time", lambda: 0.5)
    first = exchange_module.write_whole(200, b"", b"", is_lasting=True)
    monkeypatch.setattr(exchange_module, "time", lambda: 1.0)
    second = exchange_module.write_whole(200, b"", b"", is_lasting=True)
    assert b"\r\ndate: Thu, 01 Jan 1970 00:00:00 GMT\r\n" in first
    assert b"\r\ndate: Thu, 01 Jan 1970 00:00:01 GMT\r\n" in second


@pytest.mark.parametrize("begun", [b"", b"GET / HT"])
def test_refusal_ends_the_connection_though_its_client_keeps_it_open(begun: bytes) -> None:
    async def act(peer: Peer) -> None:
        peer.writer.write(b"nonsense\r\n\r\n")
        head, _, body = (await peer.receive()).partition(b"\r\n\r\n")
        assert (head[:12], json.loads(body)["status"]) == (b"HTTP/1.1 405", 405)
        peer.writer.write(begun)
        await until(lambda: not peer.all_of_them)

    drive(act)
