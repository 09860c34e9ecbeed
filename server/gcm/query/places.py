"""How many strangers' queries run on a remote store at once, and who is next, as with our own workers."""

from collections import Counter
from threading import RLock
from time import monotonic

from gcm.errors import DepartedError, LimitError
from gcm.limits import Limits
from gcm.query.caller import Caller
from gcm.query.turns import Line, Ticket, Turns, may_run


class Places:
    """As many places as there would be workers; safe to use from several threads."""

    def __init__(self, *, limits: Limits, turns: Turns) -> None:
        self._limits = limits
        self._turns = turns
        self._line = Line()
        self._running: Counter[str] = Counter()
        self._change = RLock()

    def count(self) -> tuple[int, int]:
        """Count the places that are taken, and those that are free."""
        with self._change:
            taken = self._running.total()
            return taken, int(self._limits.worker_count) - taken

    def take(self, caller: Caller) -> None:
        """Wait for a place.

        Raises LimitError if there is none in time or too many wait, DepartedError if the caller leaves.
        """
        self._turns.enter(caller)
        try:
            self._wait(caller)
        except (LimitError, DepartedError):
            self._turns.leave(caller)
            raise

    def leave(self, caller: Caller) -> None:
        """Give a place back, to the next in line: of those who wait, to a client that has fewest."""
        with self._change:
            self._running[caller.name] -= 1
            if not self._running[caller.name]:
                del self._running[caller.name]
            self._call_next()
        self._turns.leave(caller)

    def _wait(self, caller: Caller) -> None:
        started = monotonic()
        with self._change:
            if self._is_free() and may_run(caller, self._running, most=self._limits.client_workers):
                self._running[caller.name] += 1
                return
        self._turns.begin_waiting()
        try:
            self._wait_in_line(Ticket(caller))
        finally:
            self._turns.end_waiting()
        self._turns.tally.waits.observe(monotonic() - started)

    def _wait_in_line(self, ticket: Ticket) -> None:
        with self._change:
            self._line.add(ticket)
            self._call_next()
        ticket.wait(self._limits.wait_seconds)
        with self._change:
            if ticket.is_served:
                return
            self._line.remove(ticket)
        if ticket.caller.has_left:
            raise DepartedError
        message = "As many queries run as may run at once. Try again in some seconds."
        raise LimitError(message, limit="wait_seconds")

    def _call_next(self) -> None:
        while self._is_free():
            ticket = self._line.next(self._running, most=self._limits.client_workers)
            if ticket is None:
                return
            self._running[ticket.caller.name] += 1
            ticket.serve(None)

    def _is_free(self) -> bool:
        return self._running.total() < self._limits.worker_count
