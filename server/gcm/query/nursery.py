"""The server's side of the zygote: it is started here, asked for workers, started again if it was killed."""

import json
import struct
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from socket import SO_RCVTIMEO, SOL_SOCKET, recv_fds, socket, socketpair
from threading import Lock

from gcm.errors import StoreError
from gcm.limits import Limits
from gcm.process.frames import Frames
from gcm.query.version import store_path

#: Seconds in which the zygote answers a command, and a worker opens the store, on a machine with much to do.
_PATIENCE_SECONDS = 20.0

#: The wait status of a process about which nothing is known.
UNKNOWN_STATUS = -1


@dataclass(eq=False)
class Worker:
    """A worker process, the socket to it, and the frames that come from it."""

    pid: int
    connection: socket
    frames: Frames
    is_ready: bool = False  # it has said that its store is open
    is_slowed: bool = False  # its query took long, so it runs after others

    def wait_at_most(self, seconds: float) -> None:
        """Let reading from the worker fail with BlockingIOError after so many seconds.

        The kernel watches the time; a time-out of Python's would cost a system call more for each frame.
        """
        whole, part = divmod(seconds, 1)
        value = struct.pack("@ll", int(whole), int(part * 1_000_000))
        self.connection.setsockopt(SOL_SOCKET, SO_RCVTIMEO, value)


class Nursery:
    """Starts and ends workers, each on the version it is started for; safe to use from several threads."""

    def __init__(self, *, limits: Limits) -> None:
        self._limits = json.dumps(asdict(limits))
        self._lock = Lock()
        self._is_closed = True
        self._process, self._control = self._spawn()
        self._is_closed = False

    def start(self, version: Path) -> Worker:
        """Start a worker; it opens the store of a version while we go on.

        Raises StoreError if no process can be started.
        """
        with self._lock:
            if self._is_closed:
                raise StoreError("The server is being stopped. Try again.")
            try:
                return self._ask_for_worker(version)
            except (OSError, EOFError):
                self._renew()
            try:
                return self._ask_for_worker(version)
            except (OSError, EOFError) as error:
                raise StoreError("No process can be started to run the query. Try again later.") from error

    def end(self, worker: Worker) -> int:
        """End a worker, and give the wait status it ended with: its own, if it had ended before."""
        worker.connection.close()
        with self._lock:
            try:
                self._control.sendall(f"end {worker.pid}\n".encode("ascii"))
                return int(self._reply()[0])
            except (OSError, EOFError):
                return UNKNOWN_STATUS

    def close(self) -> None:
        """End the zygote, and with it all its workers."""
        with self._lock:
            if not self._is_closed:
                self._is_closed = True
                _stop(self._process, self._control)

    def __del__(self) -> None:
        self.close()

    def _ask_for_worker(self, version: Path) -> Worker:
        self._control.sendall(f"start {json.dumps(str(store_path(version)))}\n".encode())
        pid, descriptors = self._reply()
        connection = socket(fileno=descriptors[0])
        worker = Worker(int(pid), connection, Frames(connection))
        worker.wait_at_most(_PATIENCE_SECONDS)
        return worker

    def _reply(self) -> tuple[bytes, list[int]]:
        """Read one line from the zygote; raises EOFError if it has gone."""
        line, descriptors, _, _ = recv_fds(self._control, 64, 1)
        while line and not line.endswith(b"\n"):
            line += self._control.recv(64) or b"\n"
        if not line.strip():
            raise EOFError
        return line, descriptors

    def _renew(self) -> None:
        _stop(self._process, self._control)
        self._process, self._control = self._spawn()

    def _spawn(self) -> tuple[subprocess.Popen[bytes], socket]:
        ours, theirs = socketpair()
        ours.settimeout(_PATIENCE_SECONDS)
        with theirs:
            number = theirs.fileno()
            command = [sys.executable, "-P", "-m", "gcm.query.zygote", str(number), self._limits]
            process = subprocess.Popen(
                command, pass_fds=[number], stdin=subprocess.DEVNULL, start_new_session=True
            )
        return process, ours


def _stop(process: subprocess.Popen[bytes], control: socket) -> None:
    """Let the zygote end by itself, since its server has gone; kill it if it does not."""
    control.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE_SECONDS)
    process.kill()
    process.wait()
