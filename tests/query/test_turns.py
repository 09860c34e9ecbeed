"""Whose turn it is: places in the line, fair shares of clients, clients that go away."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest
from gcm.errors import DepartedError, GcmError, LimitError
from gcm.limits import Limits
from gcm.query import Caller, Pool, Turns

from tests.servers import wait_until

LIGHT = "ASK {}"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LIMITS = Limits(
    query_seconds=30, wait_seconds=10, worker_count=2, client_workers=1, waiting_queries=2, client_queries=2
)


class Asking:
    """A client that asks in a thread of its own; `ended` is its error, or the answer."""

    def __init__(self, pool: Pool, text: str, name: str) -> None:
        self.caller = Caller(name)
        self.ended: list[GcmError | bytes | None] = []
        self._thread = Thread(target=self._ask, args=(pool, text))
        self._thread.start()

    def _ask(self, pool: Pool, text: str) -> None:
        try:
            self.ended.append(pool.run(text, media_type="text/csv", caller=self.caller).whole)
        except GcmError as error:
            self.ended.append(error)

    def leave(self) -> None:
        """Go away, and wait until that is noticed."""
        self.caller.leave()
        self._thread.join(10)
        assert not self._thread.is_alive()


@pytest.fixture
def pool(small_store: Path) -> Iterator[Pool]:
    """Give a pool of two workers of which one client may have one."""
    pool = Pool(small_store / "current", limits=LIMITS)
    wait_until(lambda: pool.count_workers() == (0, 2))
    yield pool
    pool.close()


def ask(pool: Pool, name: str) -> bytes | None:
    return pool.run(LIGHT, media_type="text/csv", caller=Caller(name)).whole


def test_client_that_leaves_while_its_query_runs_frees_the_worker(pool: Pool) -> None:
    asking = [Asking(pool, ENDLESS, name) for name in ("a", "b")]
    wait_until(lambda: pool.count_workers() == (2, 0))
    started = monotonic()
    for each in asking:
        each.leave()
    assert ask(pool, "c") == b"true"
    assert monotonic() - started < 2
    assert [type(each.ended[0]) for each in asking] == [DepartedError, DepartedError]


def test_client_that_leaves_the_line_frees_its_place(pool: Pool) -> None:
    running = [Asking(pool, ENDLESS, name) for name in ("a", "b")]
    wait_until(lambda: pool.count_workers() == (2, 0))
    waiting = Asking(pool, LIGHT, "c")
    wait_until(lambda: pool.turns.waiting == 1)
    waiting.leave()
    assert pool.turns.waiting == 0
    assert isinstance(waiting.ended[0], DepartedError)
    for each in running:
        each.leave()


def test_caller_that_has_left_is_not_answered(pool: Pool) -> None:
    caller = Caller("a")
    caller.leave()
    with pytest.raises(DepartedError):
        pool.run(ENDLESS, media_type="text/csv", caller=caller)
    assert ask(pool, "a") == b"true"


def test_full_line_is_refused_at_once(pool: Pool) -> None:
    running = [Asking(pool, ENDLESS, name) for name in ("a", "b")]
    wait_until(lambda: pool.count_workers() == (2, 0))
    waiting = [Asking(pool, LIGHT, name) for name in ("c", "d")]
    wait_until(lambda: pool.turns.waiting == 2)
    started = monotonic()
    with pytest.raises(LimitError) as caught:
        ask(pool, "e")
    assert caught.value.limit == "waiting_queries"
    assert monotonic() - started < 0.5
    for each in running:
        each.leave()
    wait_until(lambda: all(each.ended == [b"true"] for each in waiting))
    assert pool.turns.tally.waits.count == 2


def test_one_client_cannot_have_all_workers(pool: Pool) -> None:
    greedy = [Asking(pool, ENDLESS, "a") for _ in range(2)]
    wait_until(lambda: pool.turns.waiting == 1)
    assert pool.count_workers() == (1, 1)
    assert ask(pool, "b") == b"true"
    for each in greedy:
        each.leave()


def test_one_client_has_so_many_queries_at_a_time(pool: Pool) -> None:
    greedy = [Asking(pool, ENDLESS, "a") for _ in range(2)]
    wait_until(lambda: pool.turns.waiting == 1)
    with pytest.raises(LimitError) as caught:
        ask(pool, "a")
    assert caught.value.limit == "client_queries"
    for each in greedy:
        each.leave()
    assert ask(pool, "a") == b"true"


def test_client_with_fewest_queries_comes_first(small_store: Path) -> None:
    """A client that came first with many gives way to one that came later with one."""
    limits = Limits(query_seconds=30, worker_count=2, client_workers=2)
    pool = Pool(small_store / "current", limits=limits)
    wait_until(lambda: pool.count_workers() == (0, 2))
    running = [Asking(pool, ENDLESS, "a") for _ in range(2)]
    wait_until(lambda: pool.count_workers() == (2, 0))
    later = Asking(pool, ENDLESS, "a")
    wait_until(lambda: pool.turns.waiting == 1)
    modest = Asking(pool, LIGHT, "b")
    wait_until(lambda: pool.turns.waiting == 2)
    running[0].leave()
    wait_until(lambda: modest.ended == [b"true"])
    for each in (running[1], later):
        each.leave()
    pool.close()


def test_nameless_callers_have_no_share(pool: Pool) -> None:
    answers = [pool.run(LIGHT, media_type="text/csv").whole for _ in range(5)]
    assert answers == [b"true"] * 5


def test_nothing_is_left_of_clients_that_have_been_answered(pool: Pool) -> None:
    for name in ("a", "b", "a"):
        ask(pool, name)
    with suppress(GcmError):
        pool.run("nonsense", media_type="text/csv", caller=Caller("c"))
    assert (pool.turns._held, pool._running, pool.turns.waiting) == ({}, {}, 0)


def test_one_account_is_for_all_pools(small_store: Path) -> None:
    """While versions change, a client has no more places than before."""
    turns = Turns(LIMITS)
    pools = [Pool(small_store / "current", limits=LIMITS, turns=turns) for _ in range(2)]
    asking = [Asking(pool, ENDLESS, "a") for pool in pools]
    wait_until(lambda: all(pool.count_workers()[0] == 1 for pool in pools))
    with pytest.raises(LimitError) as caught:
        ask(pools[0], "a")
    assert caught.value.limit == "client_queries"
    for each in asking:
        each.leave()
    for pool in pools:
        pool.close()


def test_watch_that_has_ended_is_not_called() -> None:
    caller, called = Caller("a"), []
    end_watch = caller.watch(lambda: called.append("ended"))
    caller.watch(lambda: called.append("kept"))
    end_watch()
    end_watch()
    caller.leave()
    caller.watch(lambda: called.append("late"))
    assert called == ["kept", "late"]
