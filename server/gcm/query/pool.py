"""Strangers' queries: each runs in a worker process that is ended at its limits.

A pool is bound to one version. It ends when nobody holds it any more, so that answers that have begun are
finished on the version on which they began.
"""

import logging
import weakref
from collections.abc import Sequence
from pathlib import Path
from socket import MSG_DONTWAIT, MSG_PEEK
from threading import Condition, Thread

from gcm.errors import LimitError, StoreError
from gcm.limits import Limits
from gcm.query import frames
from gcm.query.answer import Answer
from gcm.query.nursery import Nursery, Worker

log = logging.getLogger(__name__)


class Pool:
    """A fixed number of workers on one version; safe to use from several threads."""

    def __init__(self, version: Path, *, limits: Limits) -> None:
        self.limits = limits
        self._nursery = Nursery(version, limits=limits)
        self._idle: list[Worker | None] = []  # None: this place has no worker at the moment
        self._change = Condition()
        self.close = weakref.finalize(self, _shut, self._nursery, self._idle)
        Thread(target=self._fill, name="gcm-pool", daemon=True).start()

    def run(
        self,
        text: str,
        *,
        media_type: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> Answer:
        """Start a query and wait for the first piece of its answer, in `media_type`.

        Raises QueryError if it is not SPARQL or the engine cannot run it, LimitError if it passes a limit or
        no worker is free in time, StoreError if none can be started.
        """
        request = {
            "text": text,
            "media_type": media_type,
            "default_graphs": [*default_graphs],
            "named_graphs": [*named_graphs],
        }
        answer = Answer(self._take(), limits=self.limits, give_back=self._give_back, replace=self._replace)
        answer.begin(frames.json_frame(frames.QUERY, request))
        return answer

    def _give_back(self, worker: Worker | None) -> None:
        """Make a worker, or the empty place of one, free for the next query."""
        with self._change:
            if self.close.alive or worker is None:
                self._idle.append(worker)
            else:
                worker.connection.close()
            self._change.notify()

    def _replace(self, worker: Worker) -> int:
        """End a worker and start another in its place; give the wait status it ended with."""
        status = self._nursery.end(worker)
        if self.close.alive:
            self._add()
        return status

    def _fill(self) -> None:
        for _ in range(int(self.limits.worker_count)):
            self._add()

    def _add(self) -> None:
        """Start a worker; where that fails, the next query for its place tries again."""
        try:
            self._give_back(self._nursery.start())
        except StoreError as error:
            log.error("%s", error, exc_info=error)
            self._give_back(None)

    def _take(self) -> Worker:
        """Wait for a free worker; raises LimitError if there is none in time."""
        with self._change:
            if not self._change.wait_for(lambda: self._idle, timeout=self.limits.wait_seconds):
                message = "All workers are busy with other queries. Try again in some seconds."
                raise LimitError(message, limit="wait_seconds")
            worker = self._idle.pop()
        if worker is not None and _lives(worker):
            return worker
        return self._start_again(worker)

    def _start_again(self, worker: Worker | None) -> Worker:
        """Start a worker in the place of one that was killed while it had nothing to do."""
        if worker is not None:
            self._nursery.end(worker)
        try:
            return self._nursery.start()
        except StoreError:
            self._give_back(None)
            raise


def _shut(nursery: Nursery, idle: list[Worker | None]) -> None:
    nursery.close()
    while idle:
        worker = idle.pop()
        if worker is not None:
            worker.connection.close()


def _lives(worker: Worker) -> bool:
    """Tell whether the worker still holds its end of the socket."""
    try:
        return worker.connection.recv(1, MSG_PEEK | MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
