"""Strangers' submissions: each is checked in a process of its own, which is ended at its limits.

For each version there is one process that knows its rules and names (`gcm.validate.workshop`); it is started
when it is first needed, and forks one process for each submission.
"""

import json
import logging
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from threading import Event, Lock
from typing import Protocol

from gcm.errors import DepartedError, GcmError, LimitError
from gcm.given import Given
from gcm.limits import Limits
from gcm.process.forker import Forker
from gcm.process.frames import Frames
from gcm.validate import talk
from gcm.validate.options import Options, Progress
from gcm.validate.report import Outcome

log = logging.getLogger(__name__)

#: Seconds in which a process learns the names of a version, on a machine with much to do.
_WARMING_SECONDS = 120.0
#: Seconds after its time in which a process that is being ended must be gone.
_GRACE_SECONDS = 2.0
_DEFAULTS = Options()


class Leaver(Protocol):
    """Whoever waits for an outcome, and may go away meanwhile."""

    has_left: bool

    def watch(self, act: Callable[[], None]) -> Callable[[], None]:
        """Have `act` called when they leave, at once if they have; give what ends the watch."""


class Bench:
    """Checks submissions in the version that is current; safe to use from several threads."""

    def __init__(self, current: Callable[[], Path], *, limits: Limits) -> None:
        """Take what tells the folder of the current version."""
        self._current = current
        self._limits = limits
        self._line = _Line(limits)
        self._lock = Lock()
        self._workshop: _Workshop | None = None

    def check(
        self,
        given: Sequence[Given],
        *,
        options: Options = _DEFAULTS,
        leaver: Leaver | None = None,
        progress: Progress | None = None,
    ) -> Outcome:
        """Check a submission as `gcm.validate.run.check` does.

        Raises LimitError if it takes too long or needs too much memory, or too many others wait; StoreError
        if no process can be started, DepartedError if whoever waits has left.
        """
        with self._line.turn(leaver), self._borrowed() as workshop:
            return _Validation(workshop, leaver, self._limits).run(given, options, progress)

    def warm(self) -> None:
        """Begin to make ready for the current version, before anybody has to wait for that."""
        with self._borrowed():
            pass

    @property
    def waiting(self) -> int:
        """How many submissions wait for their turn."""
        return self._line.count_waiting()

    def close(self) -> None:
        """End all processes."""
        with self._lock:
            if self._workshop is not None:
                self._workshop.forker.close()
                self._workshop = None

    @contextmanager
    def _borrowed(self) -> "Iterator[_Workshop]":
        """Lend the workshop of the current version; that of an older one ends when nobody uses it."""
        workshop = self._enter()
        try:
            yield workshop
        finally:
            with self._lock:
                workshop.users -= 1
            self._clear(workshop)

    def _enter(self) -> "_Workshop":
        version = self._current().resolve()
        with self._lock:
            old = self._workshop
            if old is None or old.version != version:
                self._workshop = _Workshop(version, _forker(version, self._limits))
            assert self._workshop is not None
            workshop = self._workshop
            workshop.users += 1
        if old is not None:
            self._clear(old)
        return workshop

    def _clear(self, workshop: "_Workshop") -> None:
        with self._lock:
            is_over = workshop is not self._workshop and not workshop.users
        if is_over:
            workshop.forker.close()


@dataclass(eq=False)
class _Workshop:
    """The process of one version, and how many validations it has running."""

    version: Path
    forker: Forker
    users: int = 0


def _forker(version: Path, limits: Limits) -> Forker:
    settings = json.dumps(asdict(limits))
    return Forker("gcm.validate.workshop", str(version), settings, patience=_WARMING_SECONDS)


class _Validation:
    """One submission on its way through a process."""

    def __init__(self, workshop: _Workshop, leaver: Leaver | None, limits: Limits) -> None:
        self._forker = workshop.forker
        self._leaver = leaver
        self._limits = limits
        self._pid, self._connection = self._forker.start("")
        self._status: int | None = None

    def run(self, given: Sequence[Given], options: Options, progress: Progress | None) -> Outcome:
        end_watch = self._leaver.watch(partial(_kill, self._pid)) if self._leaver else None
        try:
            return self._ask(given, options, progress)
        except (EOFError, OSError) as error:
            raise self._explain_end() from error
        finally:
            if end_watch is not None:
                end_watch()
            self._end()

    def _ask(self, given: Sequence[Given], options: Options, progress: Progress | None) -> Outcome:
        self._connection.settimeout(self._limits.validation_seconds + _GRACE_SECONDS)
        incoming = Frames(self._connection)
        self._connection.sendall(talk.request(given, options))
        while True:
            kind, payload = incoming.read()
            if kind != talk.PROGRESS:
                return talk.read_outcome(kind, payload)
            if progress is not None:
                progress(payload.decode())

    def _end(self) -> int:
        """End the process, if that has not been done, and give its wait status."""
        if self._status is None:
            self._connection.close()
            self._status = self._forker.end(self._pid)
        return self._status

    def _explain_end(self) -> GcmError:
        """Say why there is no outcome."""
        status = self._end()
        if self._leaver is not None and self._leaver.has_left:
            return DepartedError()
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        log.warning("validation stopped (wait status %d)", status)
        if number == signal.SIGALRM:
            seconds = f"{self._limits.validation_seconds:g}"
            message = f"The validation was stopped after {seconds} seconds. Send less at once."
            return LimitError(message, limit="validation_seconds")
        if number in (signal.SIGABRT, signal.SIGKILL):
            most = f"{self._limits.validation_memory_bytes:.0f}"
            message = f"The validation was stopped: it needs more than {most} bytes. Send less at once."
            return LimitError(message, limit="validation_memory_bytes")
        return GcmError("The validation failed; the fault is ours and is logged. Try again later.")


def _kill(pid: int) -> None:
    """End the validation of somebody who has left; who reads from it sees that."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class _Line:
    """So many validations run, so many wait, first come first served."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._running = 0
        self._waiting: deque[Event] = deque()
        self._lock = Lock()

    @contextmanager
    def turn(self, leaver: Leaver | None) -> Iterator[None]:
        """Wait for a turn, and have it. Raises LimitError if too many wait, or for too long."""
        self._enter(leaver)
        try:
            yield
        finally:
            self._leave()

    def count_waiting(self) -> int:
        """Count those who wait."""
        with self._lock:
            return len(self._waiting)

    def _enter(self, leaver: Leaver | None) -> None:
        with self._lock:
            if self._running < self._limits.validation_count:
                self._running += 1
                return
            if len(self._waiting) >= self._limits.waiting_validations:
                raise self._refusal()
            bell = Event()
            self._waiting.append(bell)
        self._wait(bell, leaver)

    def _wait(self, bell: Event, leaver: Leaver | None) -> None:
        end_watch = leaver.watch(bell.set) if leaver is not None else None
        bell.wait(self._limits.validation_seconds)
        if end_watch is not None:
            end_watch()
        with self._lock:
            if bell not in self._waiting:
                return  # its turn has come
            self._waiting.remove(bell)
        raise DepartedError if leaver is not None and leaver.has_left else self._refusal()

    def _leave(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()  # who leaves gives the place to the next
            else:
                self._running -= 1

    def _refusal(self) -> LimitError:
        message = "As many validations run and wait as may. Try again in some seconds."
        return LimitError(message, limit="waiting_validations")
