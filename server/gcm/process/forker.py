"""The server's side of a process that forks others: started here, asked, started again if it was killed."""

import json
import subprocess
import sys
from contextlib import suppress
from socket import recv_fds, socket, socketpair
from threading import Lock

from gcm.errors import StoreError

#: Seconds in which such a process answers a command, on a machine with much to do.
PATIENCE_SECONDS = 20.0

#: The wait status of a process about which nothing is known.
UNKNOWN_STATUS = -1


class Forker:
    """Runs a module as a process that forks others, as `gcm.process.forking` does it; safe for threads."""

    def __init__(self, module: str, *arguments: str, patience: float = PATIENCE_SECONDS) -> None:
        """Start `python -m module SOCKET arguments…`, which answers a command within `patience` seconds."""
        self._command = [sys.executable, "-P", "-m", module]
        self._arguments = arguments
        self._patience = patience
        self._lock = Lock()
        self._is_closed = True
        self._process, self._control = self._spawn()
        self._is_closed = False

    @property
    def pid(self) -> int:
        """The id of the process that forks."""
        return self._process.pid

    def start(self, argument: str) -> tuple[int, socket]:
        """Have a process forked for an argument: its id, and the socket to it.

        Raises StoreError if none can be started.
        """
        with self._lock:
            if self._is_closed:
                raise StoreError("The server is being stopped. Try again.")
            try:
                return self._ask(argument)
            except (OSError, EOFError):
                self._renew()
            try:
                return self._ask(argument)
            except (OSError, EOFError) as error:
                raise StoreError("No process can be started for this. Try again later.") from error

    def end(self, pid: int) -> int:
        """End a forked process, and give the wait status it ended with: its own, if it had ended before.

        Who does not say so in time is ended with all that it forked: it could say it when asked for more.
        """
        with self._lock:
            try:
                self._control.sendall(f"end {pid}\n".encode("ascii"))
                return int(self._reply()[0])
            except (OSError, EOFError):
                self._process.kill()
                self._control.close()
                return UNKNOWN_STATUS

    def close(self) -> None:
        """End the process, and with it all that it forked."""
        with self._lock:
            if not self._is_closed:
                self._is_closed = True
                _stop(self._process, self._control)

    def __del__(self) -> None:
        self.close()

    def _ask(self, argument: str) -> tuple[int, socket]:
        self._control.sendall(f"start {json.dumps(argument)}\n".encode())
        pid, descriptors = self._reply()
        return int(pid), socket(fileno=descriptors[0])

    def _reply(self) -> tuple[bytes, list[int]]:
        """Read one line from the process; raises EOFError if it has gone."""
        line, descriptors, _, _ = recv_fds(self._control, 64, 1)
        while line and not line.endswith(b"\n"):
            line += self._control.recv(64) or b"\n"
        if not line.strip():
            raise EOFError
        return line, descriptors

    def _renew(self) -> None:
        self._process.kill()  # it may be stopped
        _stop(self._process, self._control)
        self._process, self._control = self._spawn()

    def _spawn(self) -> tuple[subprocess.Popen[bytes], socket]:
        ours, theirs = socketpair()
        ours.settimeout(self._patience)
        with theirs:
            number = theirs.fileno()
            process = subprocess.Popen(
                [*self._command, str(number), *self._arguments],
                pass_fds=[number],
                stdin=subprocess.DEVNULL,
                process_group=0,  # Ctrl-C is for us; a session of its own would be scheduled apart from us
            )
        return process, ours


def _stop(process: subprocess.Popen[bytes], control: socket) -> None:
    """Let the process end by itself, since its server has gone; kill it if it does not."""
    control.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(PATIENCE_SECONDS)
    process.kill()
    process.wait()
