"""Strangers' queries: each runs in a worker process that is ended at its limits.

A pool is bound to one version. It ends when nobody holds it any more, so that answers that have begun are
finished on the version on which they began.
"""

import logging
import weakref
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from select import poll
from threading import RLock, Thread
from time import monotonic

from gcm.errors import DepartedError, LimitError, StoreError
from gcm.limits import Limits
from gcm.query import frames
from gcm.query.answer import Answer
from gcm.query.caller import Caller
from gcm.query.nursery import Nursery, Worker
from gcm.query.turns import Ticket, Turns

log = logging.getLogger(__name__)


class Pool:
    """A fixed number of workers on one version; safe to use from several threads."""

    def __init__(self, version: Path, *, limits: Limits, turns: Turns | None = None) -> None:
        self.limits = limits
        self.turns = turns or Turns(limits)
        self._nursery = Nursery(version, limits=limits)
        self._idle: list[Worker | None] = []  # None: this place has no worker at the moment
        self._line: list[Ticket] = []
        self._running: Counter[str] = Counter()  # name of a client -> how many workers it holds
        self._change = RLock()
        self.close = weakref.finalize(self, _shut, self._nursery, self._idle)
        Thread(target=self._fill, name="gcm-pool", daemon=True).start()

    def run(
        self,
        text: str,
        *,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        caller: Caller | None = None,
    ) -> Answer:
        """Start a query and wait for the first piece of its answer, in `media_type`.

        Raises QueryError if it is not SPARQL or the engine cannot run it, LimitError if it passes a limit or
        no worker is free in time, StoreError if none can be started, DepartedError if the caller leaves.
        """
        request = {
            "text": text,
            "media_type": media_type,
            "default_graphs": [*default_graphs],
            "named_graphs": [*named_graphs],
        }
        caller = caller or Caller()
        answer = Answer(
            self._take(caller),
            caller=caller,
            limits=self.limits,
            give_back=partial(self._end_turn, caller),
            replace=partial(self._end_turn_of_killed, caller),
        )
        answer.begin(frames.json_frame(frames.QUERY, request))
        return answer

    def count_workers(self) -> tuple[int, int]:
        """Count the workers that run a query, and those that wait for one."""
        with self._change:
            return sum(self._running.values()), len(self._idle)

    def is_answering(self) -> bool:
        """Tell whether strangers' queries can be run: an idle worker answers one, or all are at work."""
        with self._change:
            if not self._idle:
                return True
        try:
            return self.run("ASK {}", media_type="text/csv").whole == b"true"
        except (StoreError, LimitError):
            return False

    def _end_turn(self, caller: Caller, worker: Worker) -> None:
        self._forget(caller)
        self._give_back(worker)

    def _end_turn_of_killed(self, caller: Caller, worker: Worker) -> int:
        status = self._nursery.end(worker)
        self.turns.tally.workers["killed"] += 1
        self._forget(caller)
        if self.close.alive:
            self._add()
        return status

    def _forget(self, caller: Caller) -> None:
        with self._change:
            self._running[caller.name] -= 1
            if not self._running[caller.name]:
                del self._running[caller.name]
        self.turns.leave(caller)

    def _give_back(self, worker: Worker | None) -> None:
        """Make a worker, or the empty place of one, free for the next query."""
        with self._change:
            if self.close.alive or worker is None:
                self._idle.append(worker)
            else:
                worker.connection.close()
            self._call_next()

    def _call_next(self) -> None:
        """Hand idle workers to those who wait: first to clients that have fewest, of these to the first."""
        while self._idle:
            ready = [ticket for ticket in self._line if self._may_run(ticket.caller)]
            if not ready:
                return
            ticket = min(ready, key=lambda each: self._running[each.caller.name])
            self._line.remove(ticket)
            self._running[ticket.caller.name] += 1
            ticket.serve(self._idle.pop())

    def _may_run(self, caller: Caller) -> bool:
        return not caller.name or self._running[caller.name] < self.limits.client_workers

    def _fill(self) -> None:
        for _ in range(int(self.limits.worker_count)):
            self._add()

    def _add(self) -> None:
        """Start a worker; where that fails, the next query for its place tries again."""
        try:
            self._give_back(self._start())
        except StoreError as error:
            log.error("%s", error, exc_info=error)
            self._give_back(None)

    def _start(self) -> Worker:
        worker = self._nursery.start()
        self.turns.tally.workers["started"] += 1
        return worker

    def _take(self, caller: Caller) -> Worker:
        """Wait for a free worker.

        Raises LimitError if there is none in time or too many wait, DepartedError if the caller leaves.
        """
        self.turns.enter(caller)
        try:
            worker = self._take_place(caller)
        except (LimitError, DepartedError):
            self.turns.leave(caller)
            raise
        return worker if worker is not None and _lives(worker) else self._start_again(caller, worker)

    def _take_place(self, caller: Caller) -> Worker | None:
        started = monotonic()
        with self._change:
            if self._idle and self._may_run(caller):
                self._running[caller.name] += 1
                return self._idle.pop()
        with self.turns.waiting_place():
            worker = self._wait_in_line(Ticket(caller))
        self.turns.tally.waits.observe(monotonic() - started)
        return worker

    def _wait_in_line(self, ticket: Ticket) -> Worker | None:
        with self._change:
            self._line.append(ticket)
            self._call_next()
        ticket.wait(self.limits.wait_seconds)
        with self._change:
            if ticket.is_served:
                return ticket.worker
            self._line.remove(ticket)
        if ticket.caller.has_left:
            raise DepartedError
        message = "All workers are busy with other queries. Try again in some seconds."
        raise LimitError(message, limit="wait_seconds")

    def _start_again(self, caller: Caller, worker: Worker | None) -> Worker:
        """Start a worker in the place of one that was killed while it had nothing to do."""
        if worker is not None:
            self._nursery.end(worker)
            self.turns.tally.workers["found dead"] += 1
        try:
            return self._start()
        except StoreError:
            self._forget(caller)
            self._give_back(None)
            raise


def _shut(nursery: Nursery, idle: list[Worker | None]) -> None:
    nursery.close()
    while idle:
        worker = idle.pop()
        if worker is not None:
            worker.connection.close()


def _lives(worker: Worker) -> bool:
    """Tell whether the worker still holds its end of the socket, whatever it has sent before."""
    line = poll()
    line.register(worker.connection, 0)
    return not line.poll(0)  # nothing but the end of the line is reported
