"""The server's side of the zygote: it is asked for workers, each on the version it is started for."""

import json
import os
import signal
import struct
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from socket import SHUT_RDWR, SO_RCVTIMEO, SOL_SOCKET, socket

from gcm.limits import Limits
from gcm.process.forker import PATIENCE_SECONDS, Forker
from gcm.process.frames import Frames
from gcm.query.version import store_path


@dataclass(eq=False)
class Worker:
    """A worker process, the socket to it, and the frames that come from it."""

    pid: int
    connection: socket
    frames: Frames
    is_ready: bool = False  # it has said that its store is open
    is_slowed: bool = False  # its query took long, so it runs after others

    def hears(self, query: bytes) -> bool:
        """Send it a query; False if it no longer holds its end of the socket, or did not take all of it."""
        try:
            self.connection.sendall(query)
        except OSError:
            with suppress(OSError):
                self.connection.shutdown(SHUT_RDWR)  # nothing may follow on half a query
            return False
        return True

    def kill(self) -> None:
        """End the process in the middle; who reads from it sees that."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

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
        self._forker = Forker("gcm.query.zygote", json.dumps(asdict(limits)))

    @property
    def pid(self) -> int:
        """The process id of the zygote."""
        return self._forker.pid

    def start(self, version: Path) -> Worker:
        """Start a worker; it opens the store of a version while we go on.

        Raises StoreError if no process can be started.
        """
        pid, connection = self._forker.start(str(store_path(version)))
        worker = Worker(pid, connection, Frames(connection))
        worker.wait_at_most(PATIENCE_SECONDS)
        return worker

    def end(self, worker: Worker) -> int:
        """End a worker, and give the wait status it ended with: its own, if it had ended before."""
        worker.connection.close()
        return self._forker.end(worker.pid)

    def close(self) -> None:
        """End the zygote, and with it all its workers."""
        self._forker.close()
