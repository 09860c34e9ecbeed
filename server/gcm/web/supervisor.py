"""The main process: it owns the sockets that are listened on, and replaces server processes that end.

granian gives up when one server process dies twice within 5.5 seconds, and the connections that wait for a
process die with it. Here a process is replaced as often as `process_restarts` allows, and its socket stays
open meanwhile: who connects waits a moment instead of being refused. SIGHUP replaces all processes, one
after the other, each when the next one answers. A process that stops closes connections on which nothing has
been asked yet, also new ones; so it takes no new ones for a while before.
"""

import logging
import multiprocessing
import os
import signal
import socket
from collections import deque
from collections.abc import Callable
from functools import partial
from time import monotonic, sleep
from typing import Any

from granian._granian import SocketHolder
from granian.server.mp import MPServer, WorkerProcess

from gcm.errors import ServerError

log = logging.getLogger(__name__)

#: Seconds over which deaths are counted.
_PERIOD_SECONDS = 60.0

#: So many processes are replaced at once; after that the machine gets a pause before each.
_AT_ONCE = 5

_PAUSE_SECONDS = 1.0

#: Seconds in which a client that is connected has sent what it asks.
_HEARING_SECONDS = 1.0

#: Tells a server process to take no more connections.
_HEAR_NO_MORE = signal.SIGUSR1

#: Seconds between two looks for what has happened, should its signal have been missed.
_LOOK_SECONDS = 1.0

#: Any: granian's own functions, passed through.
_Passed = Callable[..., Any]


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


class Supervisor(MPServer):
    """granian's server, with sockets and a patience of its own."""

    def __init__(self, target: str, *, restarts: float, **settings: Any) -> None:  # Any: as granian has them
        super().__init__(target, **settings)
        self.deaths = Deaths(restarts)
        self._restarts = restarts
        self._has_given_up = False
        self._listeners: list[socket.socket] = []

    def run(self, load: _Passed) -> None:
        """Serve until a signal ends it; raises ServerError if server processes die too often."""
        self.serve(target_loader=load, wrap_loader=False)
        if self._has_given_up:
            raise ServerError(
                f"More than {self._restarts:g} server processes ended within {_PERIOD_SECONDS:g} seconds. "
                "The lines above say why. Start the server again when that is mended."
            )

    def _init_shared_socket(self) -> None:
        """Open a socket for each server process, all on one port: the kernel shares connections out."""
        family = socket.AF_INET6 if ":" in self.bind_addr else socket.AF_INET
        self._sso = None
        for _ in range(self.workers):
            listener = socket.socket(family)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            listener.bind((self.bind_addr, self.bind_port))
            listener.listen(self.backlog)
            self._listeners.append(listener)

    def _drop_shared_socket(self) -> None:
        """Take no more connections, once the server processes do not either."""
        for listener in self._listeners:
            listener.close()

    def _spawn_worker(  # type: ignore[override]  # granian's base class names a parameter that none passes
        self, idx: int, target: _Passed, callback_loader: _Passed
    ) -> WorkerProcess:
        """Make a server process that listens on the socket of its place, and on no other."""
        number = self._listeners[idx].fileno()
        self._shd: Any = SocketHolder(number, False, self.backlog)  # type: ignore[call-arg]  # not in granian's stub
        return super()._spawn_worker(idx, target, partial(self._load_alone, idx, callback_loader))

    def _load_alone(self, index: int, callback_loader: _Passed) -> _Passed:
        """In a server process: leave its socket to granian, which closes it to stop, and close the others."""
        number = self._listeners.pop(index).detach()
        signal.signal(_HEAR_NO_MORE, partial(_hear_no_more, number))
        self._drop_shared_socket()
        application: _Passed = callback_loader()
        return application

    def _serve_loop(self, spawn_target: _Passed, target_loader: _Passed) -> None:
        """Replace what ends until a signal comes; granian's own loop can miss a death."""
        while not self.interrupt_signal and not self._has_given_up:
            self.main_loop_interrupt.wait(_LOOK_SECONDS)
            self.main_loop_interrupt.clear()
            if self.reload_signal and not self.interrupt_signal:
                self._reload(spawn_target, target_loader)
            while self.interrupt_children and not self.interrupt_signal and not self._has_given_up:
                self._replace(self.interrupt_children.pop(0), spawn_target, target_loader)

    def _reload(self, spawn_target: _Passed, target_loader: _Passed) -> None:
        """Replace all processes, one after the other; what waits to be taken in is left to the next one."""
        self.reload_signal = False
        for index, old in enumerate([*self.wrks]):
            self.wrks[index] = self._spawn_worker(index, spawn_target, target_loader)
            self.wrks[index].start()  # type: ignore[no-untyped-call]  # granian's, as below
            sleep(self.respawn_interval)
            self._end(old)

    def _end(self, process: WorkerProcess) -> None:
        """Have a process answer what it has been asked, and end; it is killed if that takes too long."""
        if process.is_alive():  # type: ignore[no-untyped-call]
            os.kill(process.inner.pid, _HEAR_NO_MORE)
            sleep(_HEARING_SECONDS)
        process.terminate()  # type: ignore[no-untyped-call]
        process.join(self.workers_kill_timeout)  # type: ignore[no-untyped-call]
        if process.is_alive():  # type: ignore[no-untyped-call]
            log.warning("a server process did not end in time, and is killed")
            process.kill()  # type: ignore[no-untyped-call]

    def _replace(self, index: int, spawn_target: _Passed, target_loader: _Passed) -> None:
        code = self.wrks[index].inner.exitcode
        pause = self.deaths.note()
        if pause is None:
            self._has_given_up = True
            return
        log.error("a server process ended (exit code %s); another takes its place", code)
        self.main_loop_interrupt.wait(pause)
        if not self.interrupt_signal:
            self._respawn_workers([index], spawn_target, target_loader)


def _hear_no_more(number: int, *_: object) -> None:
    """Put a socket that nobody knows in the place of the one that is listened on, which others still have."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as deaf:
        deaf.setblocking(False)
        os.dup2(deaf.fileno(), number, inheritable=False)


def use_fork() -> None:
    """Have server processes forked: they inherit the sockets, and need not import everything anew."""
    multiprocessing.set_start_method("fork", force=True)
