"""Where requests are received: whichever way one goes, it is answered once, written down once, and let go."""

import logging
from collections.abc import Callable
from typing import cast

import pytest
from gcm.errors import BrokenAnswerError
from gcm.query import Caller
from gcm.web.bridge import Bridge, Environ, Receive, Send
from gcm.web.clients import KEY as CALLER_KEY
from gcm.web.clients import VARIABLE, read_proxies
from gcm.web.exchange import Message
from gcm.web.kept import KeptAnswers, Whole, whole_of
from gcm.web.manner import Manner, manner_of
from gcm.web.quick import Errand, Plan, Quick
from gcm.web.reception import Reception
from gcm.web.record import Record
from gcm.web.versions import Stamp

from tests.peers import Peer, drive, until
from tests.web.test_connection import CLOSE, GET

NOW = Stamp("a1", 1)
NAMED = GET % (b"1", b"X-Request-Id: mine\r\n")
LAST = GET % (b"1", CLOSE + b"X-Request-Id: other\r\n")


def whole() -> Whole:
    fields = [(b"etag", b'"x"'), (b"content-length", b"2")]
    return whole_of(200, fields, b"ok", Record(route="/1", version="a1", query="hash"))


class Done:
    """What a worker has answered; None: it only began to."""

    def __init__(self, answer: Whole | None) -> None:
        self.answer = answer
        self.is_closed = False

    def write(self, _: Record) -> Whole | None:
        """Give the answer."""
        return self.answer

    def begun(self) -> Environ:
        """Give what the application goes on with."""
        return {"begun": self}

    def close(self) -> None:
        """Give the worker back."""
        self.is_closed = True


class Waiting(Quick):
    """The quick way, on which every request waits until the test has it answered."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Caller, Callable[[Errand], None]]] = []

    def plan(self, _scope: Message, _manner: Manner) -> Plan:
        """Take every request."""
        return cast(Plan, object())

    def begin(self, _plan: Plan, caller: Caller, _stamp: Stamp | None, end: Callable[[Errand], None]) -> None:
        """Have it wait."""
        self.waiting.append((caller, end))

    def end(self, errand: Done) -> None:
        """End the last one."""
        self.waiting[-1][1](cast(Errand, errand))


class Application:
    """The long way, which remembers what it was told."""

    def __init__(self, error: Exception | None = None) -> None:
        self.told: list[Environ] = []
        self._error = error

    async def __call__(self, _scope: Message, _receive: Receive, send: Send, begun: Environ) -> Whole | None:
        """Answer, or fail."""
        self.told.append(begun)
        if self._error is not None:
            raise self._error
        fields = [(b"content-length", b"2"), (b"x-request-id", b"long")]
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        await send({"type": "http.response.body", "body": b"ok"})
        return whole()


class Desk:
    """A reception with what it has behind it, and what it has written down."""

    def __init__(
        self, application: Application | None = None, *, quick: bool = True, proxies: str = ""
    ) -> None:
        self.noted: list[Record] = []
        self.application = application or Application()
        self.quick = Waiting()
        self.reception = Reception(
            cast(Bridge, self.application),
            proxies=read_proxies({VARIABLE: proxies}),
            note=self.noted.append,
            kept=KeptAnswers(lambda: NOW),
            quick=self.quick if quick else None,
        )

    async def take(self, peer: Peer, request: bytes) -> None:
        """Receive one more request."""
        self.reception.receive(await peer.ask(request, in_all=len(peer.asked) + 1))


def test_what_a_worker_answered_is_kept_and_given_again_with_another_name() -> None:
    async def act(peer: Peer) -> None:
        desk = Desk()
        await desk.take(peer, NAMED)
        desk.quick.end(Done(whole()))
        await desk.take(peer, LAST.replace(CLOSE, b""))
        assert len(desk.quick.waiting) == 1
        await desk.take(peer, GET % (b"2", CLOSE))
        desk.quick.end(Done(whole()))
        received = await peer.receive()
        assert received.index(b"\r\nx-request-id: mine\r\n") < received.index(b"\r\nx-request-id: other\r\n")
        first, again, _ = desk.noted
        assert (first.id, first.status, first.bytes) == ("mine", 200, 2)
        assert (again.id, again.status, again.bytes, again.route, again.query) == (
            "other",
            200,
            2,
            "/1",
            "hash",
        )

    drive(act)


def test_what_the_application_answered_is_kept() -> None:
    async def act(peer: Peer) -> None:
        desk = Desk(quick=False)
        await desk.take(peer, NAMED)
        await until(lambda: desk.noted)
        await desk.take(peer, LAST)
        assert b"\r\nx-request-id: other\r\n" in await peer.receive()
        assert len(desk.application.told) == 1

    drive(act)


def test_what_a_worker_has_begun_goes_on_in_the_application() -> None:
    async def act(peer: Peer) -> None:
        desk, errand = Desk(), Done(None)
        await desk.take(peer, LAST)
        desk.quick.end(errand)
        assert (await peer.receive()).endswith(b"ok")
        (told,) = desk.application.told
        assert (told["begun"], told[CALLER_KEY]) == (errand, desk.quick.waiting[0][0])
        assert len(desk.noted) == 1

    drive(act)


@pytest.mark.parametrize("answer", [whole(), None])
def test_client_that_goes_frees_its_worker(answer: Whole | None) -> None:
    async def act(peer: Peer) -> None:
        desk, errand = Desk(), Done(answer)
        await desk.take(peer, NAMED)
        peer.writer.transport.abort()
        await until(lambda: desk.quick.waiting[0][0].has_left)
        desk.quick.end(errand)
        assert errand.is_closed
        assert [(record.id, record.is_broken) for record in desk.noted] == [("mine", True)]
        assert desk.application.told == []

    drive(act)


@pytest.mark.parametrize(
    ("error", "lines"), [(BrokenAnswerError(), []), (RuntimeError("why"), ["a request failed"])]
)
def test_answer_that_fails_breaks_the_connection(
    caplog: pytest.LogCaptureFixture, error: Exception, lines: list[str]
) -> None:
    async def act(peer: Peer) -> None:
        desk = Desk(Application(error), quick=False)
        await desk.take(peer, NAMED)
        assert await peer.receive() == b""
        assert [record.id for record in desk.noted] == ["mine"]

    with caplog.at_level(logging.ERROR):
        drive(act)
    assert [each.getMessage() for each in caplog.records] == lines


def test_client_behind_a_proxy_of_ours_has_its_own_name() -> None:
    async def act(peer: Peer) -> None:
        names: list[str] = []
        for proxies in ("", "192.0.2.0/24"):
            desk = Desk(proxies=proxies)
            request = GET % (b"%d" % len(names), b"X-Forwarded-For: 198.51.100.7\r\n")
            exchange = await peer.ask(request, in_all=len(names) + 1)
            exchange.scope["client"] = ("192.0.2.1", 50000)
            desk.reception.receive(exchange)
            names.append(desk.quick.waiting[0][0].name)
            desk.quick.end(Done(whole()))
        assert names[0] != names[1]
        assert "198.51.100.7" in names[1]

    drive(act)


def test_field_that_stands_twice_is_one_list() -> None:
    manner = manner_of(((b"accept", b"a"), (b"host", b"x"), (b"accept", b"b")))
    assert (manner.value(b"accept"), manner.value(b"range"), manner.size) == ("a,b", "", 19)


def test_nothing_is_held_of_a_request_that_is_answered() -> None:
    async def act(peer: Peer) -> None:
        desk = Desk(quick=False)
        await desk.take(peer, NAMED)
        await until(lambda: desk.noted)
        assert not desk.reception._tasks

    drive(act)
