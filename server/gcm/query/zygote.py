"""The process that forks workers: `python -m gcm.query.zygote CONTROL LIMITS`.

It has imported the engine and has no threads, so that a fork is quick and safe. It serves one server process
over the socket with the file descriptor CONTROL, ends with it, and takes its workers along. Its commands,
one a line:

    start "/srv/store"   answer the new worker's process id, and pass a socket to it; it opens this store
    end 4711             kill this worker if it still runs; answer how it ended, as a wait status
"""

import gc
import json
import os
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from socket import AF_UNIX, SOCK_STREAM, send_fds, socket, socketpair
from types import TracebackType

from gcm.limits import Limits
from gcm.process.sandbox import end_with_parent
from gcm.query.worker import serve


def main(control_number: str, limits: str) -> None:
    """Fork workers for as long as the server lives."""
    control = socket(fileno=int(control_number))
    gc.freeze()
    workers: set[int] = set()
    begun = _attend(control, workers)
    if begun is None:
        for pid in workers:
            _end(pid)
    else:
        control.close()
        sys.excepthook = _give_up
        connection, store = begun
        serve(connection, store, limits=Limits(**json.loads(limits)))


def _attend(control: socket, workers: set[int]) -> tuple[socket, Path] | None:
    """Obey the server until it goes; in a new worker, return at once with its socket and its store."""
    with control.makefile("r") as commands, suppress(ConnectionError):
        for command in commands:
            name, _, argument = command.strip().partition(" ")
            if name == "start":
                connection = _start(control, workers)
                if connection is not None:
                    return connection, Path(json.loads(argument))
            else:
                workers.discard(int(argument))
                control.sendall(f"{_end(int(argument))}\n".encode("ascii"))
    return None


def _start(control: socket, workers: set[int]) -> socket | None:
    """Fork a worker and pass its socket to the server; in the worker, return the other end of it."""
    servers_end, workers_end = socketpair(AF_UNIX, SOCK_STREAM)
    zygote = os.getpid()
    pid = os.fork()
    if pid == 0:
        end_with_parent(zygote)
        servers_end.close()
        return workers_end
    workers.add(pid)
    workers_end.close()
    send_fds(control, [f"{pid}\n".encode("ascii")], [servers_end.fileno()])
    servers_end.close()
    return None


def _end(pid: int) -> int:
    """Kill a worker and give its wait status; -1 if it is not ours."""
    try:
        os.kill(pid, signal.SIGKILL)
        return os.waitpid(pid, 0)[1]
    except (ProcessLookupError, ChildProcessError):
        return -1


def _give_up(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what ended a worker, and end it before its socket is closed: who sees that finds the status."""
    traceback.print_exception(kind, error, trace)
    sys.stderr.flush()
    os._exit(os.EX_SOFTWARE)


if __name__ == "__main__":
    main(*sys.argv[1:])
