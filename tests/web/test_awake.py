"""The event loop stays awake for one query alone, and for a moment."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest
from gcm.process import wakeful
from gcm.web.awake import Awake


class Turns:
    """An event loop that does what it is told to do soon when it is told to turn."""

    def __init__(self) -> None:
        self.soon: list[Callable[[], object]] = []

    def call_soon(self, act: Callable[..., object], *arguments: Any) -> None:  # Any: as asyncio has it
        """Do it at the next turn."""
        self.soon.append(lambda: act(*arguments))

    def turn(self) -> bool:
        """Do it; tell whether it would turn again at once, instead of sleeping."""
        waiting, self.soon = self.soon, []
        for act in waiting:
            act()
        return bool(self.soon)

    def as_loop(self) -> asyncio.AbstractEventLoop:
        """Give this as what it stands for."""
        return cast(asyncio.AbstractEventLoop, self)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(wakeful, "perf_counter", lambda: now[0])
    return now


@pytest.mark.usefixtures("clock")
def test_the_loop_stays_awake_until_the_answer() -> None:
    loop, one = Turns(), Awake()
    one.begin(loop.as_loop())
    assert loop.turn()
    assert loop.turn()
    one.end()
    assert not loop.turn()


def test_the_loop_sleeps_when_an_answer_takes_long(clock: list[float]) -> None:
    loop, one = Turns(), Awake()
    one.begin(loop.as_loop())
    clock[0] += 0.0003
    assert loop.turn()
    clock[0] += 0.0003
    assert not loop.turn()
    one.end()
    one.begin(loop.as_loop())
    assert loop.turn(), "the next query has its own time"


@pytest.mark.usefixtures("clock")
def test_the_loop_sleeps_among_several_queries() -> None:
    loop, one = Turns(), Awake()
    one.begin(loop.as_loop())
    one.begin(loop.as_loop())
    assert not loop.turn()


@pytest.mark.usefixtures("clock")
def test_queries_one_after_the_other_keep_it_awake_once() -> None:
    loop, one = Turns(), Awake()
    for _ in range(10):
        one.begin(loop.as_loop())
        one.end()
    one.begin(loop.as_loop())
    assert len(loop.soon) == 1
    assert loop.turn()


@pytest.mark.usefixtures("clock")
def test_a_query_is_alone_while_no_other_is_under_way() -> None:
    loop, one = Turns(), Awake()
    assert one.is_free
    one.begin(loop.as_loop())
    assert not one.is_free
    one.end()
    assert one.is_free
