"""Queries on a remote store take turns as those on our own workers do."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from gcm.errors import LimitError
from gcm.limits import Limits
from gcm.query import Caller, Turns
from gcm.query.places import Places

from tests.servers import wait_until

LIMITS = Limits(worker_count=2, client_workers=1, wait_seconds=10)


def places(limits: Limits = LIMITS) -> tuple[Places, Turns]:
    turns = Turns(limits)
    return Places(limits=limits, turns=turns), turns


@contextmanager
def taking(found: Places, name: str, served: list[str]) -> Iterator[None]:
    """Have a client wait for a place; it notes when it has one."""

    def take() -> None:
        found.take(Caller(name))
        served.append(name)

    thread = Thread(target=take)
    thread.start()
    yield
    thread.join()


def test_a_client_with_all_its_places_gives_way_to_one_that_came_later() -> None:
    found, turns = places()
    served: list[str] = []
    a, b = Caller("a"), Caller("b")
    found.take(a)
    found.take(b)
    with taking(found, "a", served):
        wait_until(lambda: turns.waiting == 1)
        with taking(found, "c", served):
            wait_until(lambda: turns.waiting == 2)
            found.leave(b)
            wait_until(lambda: served == ["c"])
        found.leave(a)
    assert served == ["c", "a"]
    assert (found.count(), turns.waiting, turns.tally.waits.count) == ((2, 0), 0, 2)


def test_nothing_is_left_of_clients_that_have_gone() -> None:
    found, turns = places()
    for name in ("a", "b", "a"):
        caller = Caller(name)
        found.take(caller)
        found.leave(caller)
    assert (found._running, turns._held, found.count()) == ({}, {}, (0, 2))


def test_who_finds_no_place_in_time_is_told_so() -> None:
    found, turns = places(Limits(worker_count=1, wait_seconds=0.05))
    found.take(Caller("a"))
    with pytest.raises(LimitError) as caught:
        found.take(Caller("b"))
    assert caught.value.limit == "wait_seconds"
    assert (found.count(), turns.waiting) == ((1, 0), 0)
