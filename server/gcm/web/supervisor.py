"""The main process: it owns the sockets that are listened on, and replaces server processes that end.

A process is replaced as often as `process_restarts` allows, and its socket stays open meanwhile: who connects
waits a moment instead of being refused. SIGHUP replaces all processes, one after the other, each when the
next one answers. SIGTERM and SIGINT end them.
"""

import logging
import os
import signal
import socket
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import wait
from time import monotonic

from gcm.errors import ServerError
from gcm.web.listening import BACKLOG

log = logging.getLogger(__name__)

#: Seconds over which deaths are counted.
_PERIOD_SECONDS = 60.0

#: So many processes are replaced at once; after that the machine gets a pause before each.
_AT_ONCE = 5

_PAUSE_SECONDS = 1.0

#: Seconds beyond `stop_seconds` after which a process that does not end is killed.
_GRACE_SECONDS = 1.0

#: Seconds after which a reload does not wait any longer for a new process to answer.
_START_SECONDS = 30.0

#: What the main process is told: to end, or to reload.
_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})

#: What a server process does: serve on a socket, and call what it is given once it answers.
Work = Callable[[socket.socket, Callable[[], object]], None]


class Deaths:
    """When server processes ended in the last minute."""

    def __init__(self, at_most: float, *, now: Callable[[], float] = monotonic) -> None:
        self._at_most = at_most
        self._now = now
        self._moments: deque[float] = deque()

    def note(self) -> float | None:
        """Note one more; give the seconds to wait before it is replaced, None if too many died."""
        now = self._now()
        self._moments.append(now)
        while self._moments[0] < now - _PERIOD_SECONDS:
            self._moments.popleft()
        if len(self._moments) > self._at_most:
            return None
        return 0.0 if len(self._moments) <= _AT_ONCE else _PAUSE_SECONDS


class _Process:
    """A server process that has been started, and the pipe on which it says that it answers."""

    def __init__(self, act: Callable[[int], None]) -> None:
        self.answers, told = os.pipe()
        self.inner = get_context("fork").Process(target=act, args=(told,))
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)  # until it knows what to do about them
        self.inner.start()
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        os.close(told)

    def close(self) -> None:
        """Forget it."""
        os.close(self.answers)
        self.inner.close()


class Supervisor:
    """Keeps so many server processes at work on one port."""

    def __init__(
        self, work: Work, *, host: str, port: int, count: int, restarts: float, stop_seconds: float
    ) -> None:
        self._work = work
        self._restarts = restarts
        self._stop_seconds = stop_seconds
        self._deaths = Deaths(restarts)
        self._listeners = [_listen(host, port) for _ in range(count)]
        self._processes: list[_Process] = []
        self._told: deque[int] = deque()
        self._heard, self._bell = os.pipe()
        os.set_blocking(self._heard, False)
        os.set_blocking(self._bell, False)

    def run(self, announce: Callable[[], object]) -> None:
        """Serve until a signal ends it; `announce` is called when the first process answers.

        Raises ServerError if server processes die too often.
        """
        for each in _SIGNALS:
            signal.signal(each, lambda number, _: self._told.append(number))
        signal.set_wakeup_fd(self._bell, warn_on_full_buffer=False)
        try:
            self._processes = [self._start(index) for index in range(len(self._listeners))]
            self._watch(announce)
        finally:
            for listener in self._listeners:
                listener.close()
            self._end(self._processes)

    def _watch(self, announce: Callable[[], object]) -> None:
        """Replace what ends, and reload, until the end is told; say so when the first process answers."""
        is_announced = False
        while True:
            for index, process in enumerate(self._processes):
                if not process.inner.is_alive():
                    self._replace(index)
            while self._told:
                if self._told.popleft() != signal.SIGHUP:
                    return
                self._reload()
            answers = [] if is_announced else [each.answers for each in self._processes]
            if self._wait(answers):
                is_announced = True
                announce()

    def _wait(self, answers: Sequence[int]) -> bool:
        """Wait for a signal, the end of a process or a word on one of these pipes; tell whether that came."""
        sentinels = [each.inner.sentinel for each in self._processes]
        happened = wait([self._heard, *answers, *sentinels])
        with suppress(BlockingIOError):
            os.read(self._heard, 1_024)
        return any(each in happened and os.read(each, 1) for each in answers)

    def _start(self, index: int) -> _Process:
        return _Process(partial(self._begin, index))

    def _begin(self, index: int, told: int) -> None:
        """In a server process: serve on its own socket; the main process sees to signals from a terminal."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for each in (signal.SIGINT, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        listener = self._listeners.pop(index)
        for other in self._listeners:
            other.close()
        self._work(listener, partial(os.write, told, b"."))

    def _replace(self, index: int) -> None:
        code = self._processes[index].inner.exitcode
        pause = self._deaths.note()
        if pause is None:
            raise ServerError(
                f"More than {self._restarts:g} server processes ended within {_PERIOD_SECONDS:g} seconds. "
                "The lines above say why. Start the server again when that is mended."
            )
        log.error("a server process ended (exit code %s); another takes its place", code)
        wait([self._heard], pause)
        self._processes[index].close()
        self._processes[index] = self._start(index)

    def _reload(self) -> None:
        """Replace all processes, one after the other, each when the next one answers."""
        for index, old in enumerate(self._processes):
            new = self._start(index)
            wait([new.answers], _START_SECONDS)
            self._processes[index] = new
            self._end([old])

    def _end(self, processes: Sequence[_Process]) -> None:
        """Have processes answer what they have been asked, and end; who takes too long is killed."""
        for each in processes:
            each.inner.terminate()
        deadline = monotonic() + self._stop_seconds + _GRACE_SECONDS
        for each in processes:
            each.inner.join(max(0.0, deadline - monotonic()))
            if each.inner.is_alive():
                log.warning("a server process did not end in time, and is killed")
                each.inner.kill()
                each.inner.join()
            each.close()


def _listen(host: str, port: int) -> socket.socket:
    """Open a socket of its own for a server process: on one port, the kernel shares connections out."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    return listener
