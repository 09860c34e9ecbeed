"""Connections from their beginning to their end: what waits for what, and when which of them ends."""

import asyncio
import gc
import weakref

import pytest
from gcm.web import connection as connection_module

from tests.peers import LIMITS, Peer, answer, drive, until
from tests.web.test_connection import CLOSE, GET, POST, bodies, say

#: More than lies in the buffers between a server and its client.
MUCH = 4_000_000

ONE = GET % (b"1", b"")
TWO = GET % (b"2", b"")
THREE = GET % (b"3", b"")
LAST = GET % (b"", CLOSE)


# What waits


def test_next_request_waits_until_the_client_has_taken_the_answer() -> None:
    async def act(peer: Peer) -> None:
        first = await peer.ask(ONE + LAST, in_all=1)
        answer(first, b"x" * MUCH)
        await asyncio.sleep(0)
        assert len(peer.asked) == 1
        head = await peer.reader.readuntil(b"\r\n\r\n")
        assert len(head + await peer.reader.readexactly(MUCH)) > MUCH
        await until(lambda: len(peer.asked) == 2)
        answer(peer.asked[-1])
        assert bodies(await peer.receive()) == [b"ok"]

    drive(act)


def test_piece_waits_until_the_client_has_taken_those_before() -> None:
    async def act(peer: Peer) -> None:
        exchange = await peer.ask(LAST, in_all=1)
        telling = asyncio.ensure_future(say(exchange, b"x" * MUCH, b"end", length=MUCH + 3))
        await asyncio.wait([telling], timeout=0.1)
        assert not telling.done()
        received = await peer.receive()
        await telling
        assert received.endswith(b"xend")

    drive(act)


def test_who_asks_ahead_is_read_when_his_turn_has_come() -> None:
    async def act(peer: Peer) -> None:
        first = await peer.ask(ONE + TWO + THREE, in_all=1)
        await until(lambda: not peer.server_side.is_reading())
        await first.receive()
        assert not peer.server_side.is_reading()
        for each in (1, 2, 3):
            await until(lambda each=each: len(peer.asked) == each)  # type: ignore[misc]  # mypy infers no default
            answer(peer.asked[-1])
        answer(await peer.ask(LAST, in_all=4))
        assert len(bodies(await peer.receive())) == 4

    drive(act)


def test_body_that_nobody_reads_waits_with_its_client() -> None:
    async def act(peer: Peer) -> None:
        exchange = await peer.ask(POST + b"Content-Length: %d\r\n\r\n" % MUCH + b"x" * MUCH, in_all=1)
        await until(lambda: not peer.server_side.is_reading())
        read, message = 0, await exchange.receive()
        assert len(message["body"]) < MUCH / 4
        while message["more_body"]:
            read += len(message["body"])
            message = await asyncio.wait_for(exchange.receive(), 5)
        assert read + len(message["body"]) == MUCH

    drive(act)


def test_answer_before_the_end_of_a_body_reaches_who_sends_it() -> None:
    """RFC 9112 section 9.6: what still comes is taken, since a connection that is closed upon it breaks."""

    async def act(peer: Peer) -> None:
        exchange = await peer.ask(POST + b"Content-Length: %d\r\n\r\n" % MUCH + b"x" * MUCH, in_all=1)
        await until(lambda: not peer.server_side.is_reading())
        answer(exchange)
        assert peer.server_side.is_reading()
        assert bodies(await peer.receive()) == [b"ok"]

    drive(act)


# Who goes


def test_who_works_for_a_client_learns_that_it_has_gone() -> None:
    async def act(peer: Peer) -> None:
        told: list[str] = []
        exchange = await peer.ask(ONE, in_all=1)
        exchange.when_left(lambda: told.append("left"))
        assert (await exchange.receive())["more_body"] is False
        waiting = asyncio.ensure_future(exchange.receive())
        peer.writer.transport.abort()
        assert await asyncio.wait_for(waiting, 5) == {"type": "http.disconnect"}
        assert (told, exchange.has_left, peer.all_of_them) == (["left"], True, set())

    drive(act)


def test_client_that_goes_after_its_answer_is_not_told_of() -> None:
    async def act(peer: Peer) -> None:
        told: list[str] = []
        exchange = await peer.ask(ONE, in_all=1)
        exchange.when_left(lambda: told.append("left"))
        await exchange.receive()
        waiting = asyncio.ensure_future(exchange.receive())
        await asyncio.sleep(0)
        answer(exchange)
        assert await asyncio.wait_for(waiting, 5) == {
            "type": "http.disconnect"
        }  # there is nothing more to do
        peer.writer.transport.abort()
        await until(lambda: not peer.all_of_them)
        exchange.leave()
        assert told == []

    drive(act)


@pytest.mark.parametrize(
    ("asked", "requests", "is_answered"),
    [
        (b"", 0, False),
        (ONE, 1, True),
        (ONE, 1, False),
        (ONE + TWO, 1, False),  # the second waits for its turn
        (POST + b"Content-Length: 2\r\n\r\nx", 1, False),
    ],
)
def test_nothing_is_held_of_a_connection_that_has_gone(
    asked: bytes, requests: int, is_answered: bool
) -> None:
    async def act(peer: Peer) -> None:
        peer.writer.write(asked)
        await until(lambda: len(peer.asked) == requests)
        if is_answered:
            answer(peer.asked[0])
        held = weakref.ref(peer.connection)
        del peer.connection
        peer.asked.clear()
        peer.server_side.abort()
        await until(lambda: not peer.all_of_them)
        await asyncio.sleep(0)
        assert held() is None

    gc.disable()
    try:
        drive(act)
    finally:
        gc.enable()


# Time


def test_time_to_ask_begins_with_the_request() -> None:
    async def act(peer: Peer) -> None:
        loop = asyncio.get_running_loop()
        before = loop.time()
        await asyncio.sleep(0.01)
        peer.writer.write(LAST[:7])
        await until(lambda: peer.connection._is_in_head)
        peer.connection.sweep(before + LIMITS.request_seconds)
        answer(await peer.ask(LAST[7:], in_all=1))
        assert bodies(await peer.receive()) == [b"ok"]

    drive(act)


def test_time_that_an_answer_takes_is_not_its_clients() -> None:
    async def act(peer: Peer) -> None:
        loop = asyncio.get_running_loop()
        first = await peer.ask(ONE, in_all=1)
        before = loop.time()
        peer.connection.sweep(before + 2 * LIMITS.request_seconds)  # it is not at fault
        await asyncio.sleep(0.01)
        answer(first)
        peer.connection.sweep(before + LIMITS.request_seconds)
        answer(await peer.ask(LAST, in_all=2))
        assert bodies(await peer.receive()) == [b"ok", b"ok"]

    drive(act)


def test_client_that_does_not_take_its_last_answer_is_cut_off() -> None:
    async def act(peer: Peer) -> None:
        answer(await peer.ask(LAST, in_all=1), b"x" * MUCH)
        assert peer.all_of_them
        peer.connection.sweep(asyncio.get_running_loop().time() + LIMITS.request_seconds)
        await until(lambda: not peer.all_of_them)

    drive(act)


# The end of a process


def test_process_that_ends_hears_who_has_just_connected() -> None:
    async def act(peer: Peer) -> None:
        peer.connection.end()
        answer(await peer.ask(ONE, in_all=1))
        received = await peer.receive()
        assert bodies(received) == [b"ok"]
        assert b"\r\nconnection: close\r\n" in received

    drive(act)


def test_process_that_ends_hears_who_was_here_before_once_more() -> None:
    async def act(peer: Peer) -> None:
        answer(await peer.ask(ONE, in_all=1))
        peer.connection.end()
        answer(await peer.ask(TWO, in_all=2))
        received = await peer.receive()
        assert len(bodies(received)) == 2
        assert received.count(b"\r\nconnection: close\r\n") == 1

    drive(act)


def test_process_that_ends_waits_for_nobody_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "_HEARING_SECONDS", 0.01)

    async def act(peer: Peer) -> None:
        answer(await peer.ask(ONE, in_all=1))
        peer.connection.end()
        assert len(bodies(await peer.receive())) == 1
        assert peer.server_side.is_closing()

    drive(act)


def test_process_that_ends_answers_what_it_works_on() -> None:
    async def act(peer: Peer) -> None:
        first = await peer.ask(ONE + TWO, in_all=1)
        peer.connection.end()
        answer(first)
        await until(lambda: len(peer.asked) == 2 or peer.server_side.is_closing())
        received = await peer.receive()
        assert len(bodies(received)) == 1
        assert b"\r\nconnection: close\r\n" in received

    drive(act)


def test_process_that_ends_answers_who_still_takes_the_answer_before() -> None:
    async def act(peer: Peer) -> None:
        answer(await peer.ask(ONE + TWO, in_all=1), b"x" * MUCH)
        peer.connection.end()
        await peer.reader.readuntil(b"\r\n\r\n")
        await peer.reader.readexactly(MUCH)
        await until(lambda: len(peer.asked) == 2)
        answer(peer.asked[-1])
        received = await peer.receive()
        assert bodies(received) == [b"ok"]
        assert b"\r\nconnection: close\r\n" in received

    drive(act)


def test_process_that_ends_lets_a_head_come_in() -> None:
    async def act(peer: Peer) -> None:
        answer(await peer.ask(ONE, in_all=1))
        peer.writer.write(TWO[:7])
        await until(lambda: peer.connection._is_in_head)
        peer.connection.end()
        answer(await peer.ask(TWO[7:], in_all=2))
        assert len(bodies(await peer.receive())) == 2

    drive(act)
