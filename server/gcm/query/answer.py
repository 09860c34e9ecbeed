"""One answer on its way from a worker, whole or in pieces."""

import json
import logging
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread
from time import monotonic
from typing import Protocol, cast

from gcm.errors import DepartedError, GcmError, LimitError, QueryError, RefusedQueryError, StoreError
from gcm.limits import Limits
from gcm.process import frames
from gcm.process.forker import UNKNOWN_STATUS
from gcm.query.caller import Caller
from gcm.query.engine import Kind
from gcm.query.mistakes import error_of
from gcm.query.nursery import Worker

log = logging.getLogger(__name__)

#: Seconds beyond query_seconds that a worker is waited for. Its own clock has ended it by then, and what may
#: still take long is to free its memory.
_GRACE_SECONDS = 0.05

#: Seconds after which a query gives way to all that is quicker.
QUICK_SECONDS = 0.2

#: Longer answers are not gathered by somebody who must not wait.
LISTENED_BYTES = 65_536

#: How much its process then steps back: `nice` of a process counts from 0 to 19.
_STEP_BACK = 10


class Host(Protocol):
    """Whose worker it is that answers; safe to use from several threads."""

    limits: Limits

    def end_turn(self, caller: Caller, worker: Worker) -> None:
        """Take a worker back that has answered."""

    def end_turn_of_killed(self, caller: Caller, worker: Worker) -> int:
        """End a worker in the middle of its answer, and give its wait status."""


class Answer:
    """The serialized results of one query: iterate over them once, or close them; then the worker is free.

    `kind` says what they are; `whole` holds all of them if they came at once. An error after the first
    piece is raised by the iteration: what was given out before must then not be ended like an answer.
    """

    def __init__(
        self,
        worker: Worker,
        *,
        caller: Caller,
        host: Host,
    ) -> None:
        self.kind: Kind = "select"
        self.whole: bytes | None = None
        self.rows = ""  # how many, as `RowCount` writes it; known at the end
        self._worker = worker
        self._caller = caller
        self._host = host
        self._end_watch = caller.watch(worker.kill)
        self._pieces: list[bytes] = []
        self._asked_at = self._waiting_since = monotonic()
        self._is_over = False
        self._failure: QueryError | RefusedQueryError | None = None

    @property
    def source(self) -> int:
        """The descriptor that can be read when more has arrived."""
        return self._worker.connection.fileno()

    def listen(self) -> bool | None:
        """Take in what has arrived, without waiting for more; None if there is more to come.

        True says that all of it is in `whole`; False that this is nothing for somebody who must not wait: it
        is long, or has gone wrong. Then `wait` goes on from here.
        """
        try:
            self._worker.frames.receive()
            self._accept_arrived()
        except BlockingIOError:
            return None
        except (QueryError, RefusedQueryError) as error:
            self._failure = error
            return False
        except (EOFError, OSError):
            return False
        if self._is_over:
            self.whole = b"".join(self._pieces)
            return True
        return None if sum(map(len, self._pieces)) <= LISTENED_BYTES else False

    def wait(self) -> None:
        """Wait for the first piece of the results.

        Raises QueryError, RefusedQueryError, LimitError, StoreError or DepartedError; see `Pool.run`.
        """
        if self._failure is not None:
            raise self._failure
        self._worker.connection.setblocking(True)  # a loop that listened may have left it otherwise
        while not self._pieces and not self._is_over:
            self._gather()
        if self._is_over:
            self.whole = b"".join(self._pieces)

    def __iter__(self) -> Iterator[bytes]:
        """Give the results in pieces; raises LimitError or QueryError where they break off."""
        try:
            while self._pieces:
                piece = b"".join(self._pieces)
                self._pieces.clear()
                yield piece
                self._waiting_since = monotonic()
                if not self._is_over:
                    self._slow_down_if_long()
                    self._gather()
        finally:
            self.close()

    def close(self) -> None:
        """End the worker if it is not done: nobody waits for the rest."""
        if not self._is_over:
            self._is_over = True
            self._end_watch()
            self._replace()

    def __del__(self) -> None:
        self.close()

    def _gather(self) -> None:
        """Collect the pieces that have arrived; wait if there is none."""
        self._accept(*self._receive())
        self._accept_arrived()

    def _accept_arrived(self) -> None:
        """Take in whole frames; after the last one the worker is somebody else's."""
        while not self._is_over and (found := self._worker.frames.next()):
            self._accept(*found)

    def _accept(self, kind: bytes, payload: bytes) -> None:
        if kind == frames.DATA:
            self._pieces.append(payload)
        elif kind == frames.HEADER:
            self.kind = cast(Kind, payload.decode())
        elif kind == frames.WHOLE:
            head, _, results = payload.partition(b"\n")
            name, _, self.rows = head.decode().partition(" ")
            self.kind = cast(Kind, name)
            self._pieces.append(results)
            self._let_go()
        elif kind == frames.READY:
            self._worker.is_ready = True
            self._waiting_since = monotonic()
            self._worker.wait_at_most(QUICK_SECONDS)
        else:
            self._end(kind, payload)

    def _end(self, kind: bytes, payload: bytes) -> None:
        """Let the worker go; raises QueryError or RefusedQueryError if it has reported one."""
        self._let_go()
        if kind == frames.END:
            self.rows = payload.decode()
        if kind == frames.ERROR:
            raise error_of(json.loads(payload))

    def _let_go(self) -> None:
        self._is_over = True
        self._end_watch()
        if self._worker.is_slowed:  # only the administrator may speed it up again
            self._replace()
        else:
            self._host.end_turn(self._caller, self._worker)

    def _replace(self) -> int:
        return self._host.end_turn_of_killed(self._caller, self._worker)

    def _replace_later(self) -> int:
        """Kill the worker, and replace it when it has given its memory back, which may take a while."""
        self._worker.kill()
        Thread(target=self._replace, name="gcm-replace", daemon=True).start()
        return signal.SIGKILL

    def _receive(self) -> tuple[bytes, bytes]:
        """Wait for a frame; raises the error that the worker's end stands for, if it ends instead."""
        try:
            return self._worker.frames.read()
        except BlockingIOError as error:
            if self._worker.is_slowed or not self._worker.is_ready:
                raise self._explain_end(is_stuck=True) from error
        except (EOFError, OSError) as error:
            raise self._explain_end(is_stuck=False) from error
        self._slow_down()
        return self._receive()

    def _slow_down_if_long(self) -> None:
        """Let quick queries go first also where an answer comes steadily, but without end."""
        if not self._worker.is_slowed and monotonic() - self._asked_at > QUICK_SECONDS:
            self._slow_down()

    def _slow_down(self) -> None:
        """Let quick queries go first, and wait on for this one; what came before may be its reader's time."""
        self._worker.is_slowed = True
        used = monotonic() - self._waiting_since
        self._worker.wait_at_most(max(self._host.limits.query_seconds - used, 0) + _GRACE_SECONDS)
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self._worker.pid, _STEP_BACK)

    def _explain_end(self, *, is_stuck: bool) -> GcmError:
        """Replace a worker that has ended or does not answer, and say why."""
        self._is_over = True
        self._end_watch()
        status = self._replace_later() if is_stuck else self._replace()
        if self._caller.has_left:
            return DepartedError()
        if not self._worker.is_ready or (os.WIFEXITED(status) and os.WEXITSTATUS(status) == os.EX_IOERR):
            return StoreError("The process that was to run the query cannot open the store. Try again later.")
        number = signal.SIGALRM if is_stuck else os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        error = self._error_of(number, is_known=status != UNKNOWN_STATUS)
        log.warning("query stopped: %s (wait status %d)", getattr(error, "limit", "engine failed"), status)
        return error

    def _error_of(self, number: int, *, is_known: bool) -> GcmError:
        """Say what the signal that ended a worker means for its query."""
        limits = self._host.limits
        if number == signal.SIGALRM:
            seconds = f"{limits.query_seconds:g}"
            message = (
                f"The query was stopped after {seconds} seconds. Ask for less, or add more precise patterns."
            )
            return LimitError(message, limit="query_seconds")
        if number == signal.SIGABRT:
            message = f"The query was stopped because it needs more than {limits.worker_bytes:.0f} bytes."
            return LimitError(
                f"{message} Ask for less at once, or sort and group less.", limit="worker_bytes"
            )
        if number == signal.SIGKILL or not is_known:
            message = (
                "The process that ran the query was ended from outside, as when memory is short. Try again."
            )
            return LimitError(message, limit="worker_bytes")
        return QueryError("The engine cannot run this query. Write it in a simpler way.")
