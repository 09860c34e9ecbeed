"""Strangers' queries: each runs in a worker process that is ended at its limits.

A pool is bound to one version. It ends when nobody holds it any more, so that answers that have begun are
finished on the version on which they began.
"""

import logging
import weakref
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import RLock, Thread
from time import monotonic

from gcm.errors import DepartedError, GcmError, LimitError, StoreError
from gcm.limits import Limits
from gcm.query.answer import Answer
from gcm.query.asked import Question
from gcm.query.caller import Caller
from gcm.query.nursery import Nursery, Worker
from gcm.query.turns import Line, Ticket, Turns, may_run

log = logging.getLogger(__name__)


class Pool:
    """A fixed number of workers on one version; safe to use from several threads."""

    def __init__(
        self,
        version: Path,
        *,
        limits: Limits,
        turns: Turns | None = None,
        nursery: Nursery | None = None,
    ) -> None:
        self.limits = limits
        self.turns = turns or Turns(limits)
        self._version = version
        self._nursery = nursery or Nursery(limits=limits)
        self._workers: set[Worker] = set()
        self._idle: list[Worker | None] = []  # None: this place has no worker at the moment
        self._line = Line()
        self._running: Counter[str] = Counter()  # name of a client -> how many workers it holds
        self._change = RLock()
        lent = nursery is not None
        self.close = weakref.finalize(self, _shut, self._nursery, self._workers, is_lent=lent)
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
        caller = caller or Caller()
        query = Question(text, media_type, default_graphs, named_graphs).to_frame()
        worker = self._take(caller)
        if worker is None or not worker.hears(query):
            worker = self._start_again(caller, worker)
            worker.hears(query)  # if not, it is noticed by what it does not answer
        answer = Answer(worker, caller=caller, host=self)
        answer.wait()
        return answer

    def stand_in_line(self, caller: Caller, ring: Callable[[], None] | None = None) -> Ticket:
        """Take a worker that is free, or a place in the line for one; `ring` is called when it is served.

        Raises LimitError if the caller has too many queries, or too many wait.
        """
        self.turns.enter(caller)
        ticket = Ticket(caller, ring)
        with self._change:
            if self._idle and self._may_run(caller):
                self._running[caller.name] += 1
                ticket.worker, ticket.is_served = self._idle.pop(), True
                return ticket
            try:
                self.turns.begin_waiting()
            except LimitError:
                self.turns.leave(caller)
                raise
            self._line.add(ticket)
        return ticket

    def step_out(self, ticket: Ticket) -> bool:
        """Leave the line; False if its turn has come in the meantime."""
        with self._change:
            if ticket.is_served:
                return False
            self._line.remove(ticket)
            self.turns.end_waiting()
        self.turns.leave(ticket.caller)
        return True

    def ask_served(self, ticket: Ticket, question: Question, *, is_alone: bool = False) -> Answer | None:
        """Ask the worker of a ticket, without waiting for what it says.

        None if its place is without a worker that hears: the ticket is given back, and `run` starts one.
        """
        if ticket.worker is not None and ticket.worker.hears(question.to_frame(is_alone=is_alone)):
            return Answer(ticket.worker, caller=ticket.caller, host=self)
        self._forget(ticket.caller)
        self._give_back(ticket.worker)
        return None

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

    def end_turn(self, caller: Caller, worker: Worker) -> None:
        """Take a worker back from its answer."""
        self._forget(caller)
        self._give_back(worker)

    def end_turn_of_killed(self, caller: Caller, worker: Worker) -> int:
        """End a worker together with its answer, start another, and give its wait status."""
        status = self._end(worker)
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
                self._end(worker)
            self._call_next()

    def _call_next(self) -> None:
        """Hand idle workers to those who wait."""
        while self._idle and self._line:
            ticket = self._line.next(self._running, most=self.limits.client_workers)
            if ticket is None:
                return
            self._running[ticket.caller.name] += 1
            self.turns.end_waiting()
            self.turns.tally.waits.observe(monotonic() - ticket.started)
            ticket.serve(self._idle.pop())

    def _may_run(self, caller: Caller) -> bool:
        return may_run(caller, self._running, most=self.limits.client_workers)

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
        if not self.close.alive:
            raise StoreError("The version on which the query was to run is no longer served. Try again.")
        worker = self._nursery.start(self._version)
        self._workers.add(worker)
        self.turns.tally.workers["started"] += 1
        return worker

    def _end(self, worker: Worker) -> int:
        self._workers.discard(worker)
        return self._nursery.end(worker)

    def _take(self, caller: Caller) -> Worker | None:
        """Wait for a free worker, or the empty place of one.

        Raises LimitError if there is none in time or too many wait, DepartedError if the caller leaves.
        """
        ticket = self.stand_in_line(caller)
        if not ticket.is_served:
            ticket.wait(self.limits.wait_seconds)
            if self.step_out(ticket):
                raise self._explain_wait(caller)
        return ticket.worker

    def _explain_wait(self, caller: Caller) -> GcmError:
        if caller.has_left:
            return DepartedError()
        message = "All workers are busy with other queries. Try again in some seconds."
        return LimitError(message, limit="wait_seconds")

    def _start_again(self, caller: Caller, worker: Worker | None) -> Worker:
        """Start a worker in the place of one that was killed while it had nothing to do."""
        if worker is not None:
            self._end(worker)
            self.turns.tally.workers["found dead"] += 1
        try:
            return self._start()
        except StoreError:
            self._forget(caller)
            self._give_back(None)
            raise


def _shut(nursery: Nursery, workers: set[Worker], *, is_lent: bool) -> None:
    """End all workers; and the nursery too, unless others use it."""
    if not is_lent:
        nursery.close()
    while workers:
        worker = workers.pop()
        if is_lent:
            nursery.end(worker)
        else:
            worker.connection.close()
