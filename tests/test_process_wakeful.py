"""Who waits awake gives way, and sleeps where others have long work."""

import os

import pytest
from gcm.process import wakeful
from gcm.process.wakeful import Wakeful


class Processor:
    """A clock, and how many seconds others take when they are let go first."""

    def __init__(self) -> None:
        self.now = 100.0
        self.taken = 0.00001
        self.given = 0

    def give_way(self) -> None:
        """Let others go first."""
        self.given += 1
        self.now += self.taken


@pytest.fixture
def processor(monkeypatch: pytest.MonkeyPatch) -> Processor:
    made = Processor()
    monkeypatch.setattr(wakeful, "perf_counter", lambda: made.now)
    monkeypatch.setattr(os, "sched_yield", made.give_way)
    return made


def stays(one: Wakeful, times: int = 1_000) -> int:
    """Wait anew, for nothing; count the looks at what has come."""
    one.begin()
    return next(number for number in range(times) if not one.may_stay())


def test_it_stays_for_its_time_and_gives_way_each_time(processor: Processor) -> None:
    assert 19 <= stays(Wakeful(0.0002)) <= 21
    assert 19 <= processor.given <= 21


def test_it_sleeps_where_others_have_long_work_and_tries_again_later(processor: Processor) -> None:
    one = Wakeful(0.0002)
    processor.taken = 0.003
    assert stays(one) == 1, "what came meanwhile is looked for"
    assert stays(one) == 0
    processor.now += 0.08
    assert stays(one) == 0
    processor.now += 0.04
    processor.taken = 0.00001
    assert stays(one) > 1


def test_short_work_of_others_changes_nothing(processor: Processor) -> None:
    one = Wakeful(0.0002)
    processor.taken = 0.0019
    assert stays(one) == 1
    assert stays(one) == 1
