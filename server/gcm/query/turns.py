"""Who may ask, and how many may wait: one account for all pools of a server process.

A thread of the server waits with each query, so their number is bounded: what is cheap never finds all
threads waiting for what is heavy. And one client cannot take all places.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, RLock

from gcm.errors import LimitError
from gcm.limits import Limits
from gcm.query.caller import Caller
from gcm.query.nursery import Worker
from gcm.query.tally import Tally


class Ticket:
    """A place in the line for a worker."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.is_served = False
        self.worker: Worker | None = None  # also when served: its place may be without a worker at the moment
        self._bell = Event()

    def serve(self, worker: Worker | None) -> None:
        """Hand over a worker, or the empty place of one."""
        self.worker = worker
        self.is_served = True
        self._bell.set()

    def wait(self, seconds: float) -> None:
        """Wait until this is served or its caller leaves, at most so long."""
        end_watch = self.caller.watch(self._bell.set)
        self._bell.wait(seconds)
        end_watch()


class Turns:
    """The account of all queries that run or wait; safe to use from several threads."""

    def __init__(self, limits: Limits) -> None:
        self.tally = Tally()
        self.waiting = 0
        self._limits = limits
        self._held: Counter[str] = Counter()
        self._lock = RLock()

    def enter(self, caller: Caller) -> None:
        """Count one more query of a client; raises LimitError if it has too many."""
        with self._lock:
            if caller.name and self._held[caller.name] >= self._limits.client_queries:
                message = (
                    f"You have {self._held[caller.name]} queries running and waiting, which is the most "
                    "that one client may have. Wait for an answer before you ask again."
                )
                raise LimitError(message, limit="client_queries")
            self._held[caller.name] += 1

    def leave(self, caller: Caller) -> None:
        """Count one query of a client less."""
        with self._lock:
            self._held[caller.name] -= 1
            if not self._held[caller.name]:
                del self._held[caller.name]

    @contextmanager
    def waiting_place(self) -> Iterator[None]:
        """Hold a place in the line; raises LimitError if all are taken."""
        with self._lock:
            if self.waiting >= self._limits.waiting_queries:
                message = "As many queries wait for a worker as may wait. Try again in some seconds."
                raise LimitError(message, limit="waiting_queries")
            self.waiting += 1
        try:
            yield
        finally:
            with self._lock:
                self.waiting -= 1
