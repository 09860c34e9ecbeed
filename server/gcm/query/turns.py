"""Who may ask, and how many may wait: one account for all pools of a server process.

A thread of the server waits with each query, so their number is bounded: what is cheap never finds all
threads waiting for what is heavy. And one client cannot take all places.
"""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from itertools import count
from threading import Event, RLock
from time import monotonic

from gcm.errors import LimitError
from gcm.limits import Limits
from gcm.query.caller import Caller
from gcm.query.nursery import Worker
from gcm.query.tally import Tally


class Ticket:
    """A place in the line for a worker; `ring` is called when it is served, in any thread."""

    def __init__(self, caller: Caller, ring: Callable[[], None] | None = None) -> None:
        self.caller = caller
        self.is_served = False
        self.worker: Worker | None = None  # also when served: its place may be without a worker at the moment
        self.started = monotonic()
        self._bell = None if ring else Event()  # dear to make, and who brings a ring needs none
        self._ring = ring

    def serve(self, worker: Worker | None) -> None:
        """Hand over a worker, or the empty place of one."""
        self.worker = worker
        self.is_served = True
        if self._ring is not None:
            self._ring()
        if self._bell is not None:
            self._bell.set()

    def wait(self, seconds: float) -> None:
        """Wait until this is served or its caller leaves, at most so long; for who has brought no ring."""
        assert self._bell is not None
        end_watch = self.caller.watch(self._bell.set)
        self._bell.wait(seconds)
        end_watch()


class Line:
    """Those who wait for a worker, in the order of their coming and by client."""

    def __init__(self) -> None:
        self._waiting: dict[
            object, deque[tuple[int, Ticket]]
        ] = {}  # by client; each stands alone without name
        self._numbers = count()

    def add(self, ticket: Ticket) -> None:
        """Put a ticket at the end."""
        self._waiting.setdefault(_key(ticket), deque()).append((next(self._numbers), ticket))

    def remove(self, ticket: Ticket) -> None:
        """Take out a ticket, wherever it stands."""
        own = self._waiting[_key(ticket)]
        own.remove(next(each for each in own if each[1] is ticket))
        self._forget_if_empty(ticket)

    def __bool__(self) -> bool:
        """Tell whether anybody waits."""
        return bool(self._waiting)

    def next(self, running: Mapping[str, int], *, most: float) -> Ticket | None:
        """Take out who is next: of the clients with the fewest workers, and fewer than `most`, the first."""
        heads = [own[0] for own in self._waiting.values() if may_run(own[0][1].caller, running, most=most)]
        if not heads:
            return None
        _, ticket = min(heads, key=lambda head: (running[head[1].caller.name], head[0]))
        self._waiting[_key(ticket)].popleft()
        self._forget_if_empty(ticket)
        return ticket

    def _forget_if_empty(self, ticket: Ticket) -> None:
        if not self._waiting[_key(ticket)]:
            del self._waiting[_key(ticket)]


def _key(ticket: Ticket) -> object:
    return ticket.caller.name or ticket


def may_run(caller: Caller, running: Mapping[str, int], *, most: float) -> bool:
    """Tell whether a client has fewer than `most` workers; one without a name always may."""
    return not caller.name or running[caller.name] < most


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

    def begin_waiting(self) -> None:
        """Count one more query in the line; raises LimitError if as many wait as may."""
        with self._lock:
            if self.waiting >= self._limits.waiting_queries:
                message = "As many queries wait for a worker as may wait. Try again in some seconds."
                raise LimitError(message, limit="waiting_queries")
            self.waiting += 1

    def end_waiting(self) -> None:
        """Count one query in the line less."""
        with self._lock:
            self.waiting -= 1
