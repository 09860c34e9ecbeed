"""What a process does that forks others: it has imported what they need and has no threads: forks are quick.

It serves one server process over a socket, ends with it, and takes those it forked along. Its commands, one a
line:

    start "an argument"  answer the new process's id, and pass a socket to it
    end 4711             kill this process if it still runs; answer how it ended, as a wait status
"""

import json
import os
import signal
import sys
import traceback
from contextlib import suppress
from socket import AF_UNIX, SOCK_STREAM, send_fds, socket, socketpair
from types import TracebackType

from gcm.process.sandbox import end_with_parent


def fork_for(control: socket) -> tuple[socket, str] | None:
    """Obey the server until it goes; in a forked process return at once: its socket, and the argument."""
    forked: set[int] = set()
    begun = _attend(control, forked)
    if begun is None:
        for pid in forked:
            _end(pid)
    else:
        control.close()
        sys.excepthook = _give_up
    return begun


def _attend(control: socket, forked: set[int]) -> tuple[socket, str] | None:
    with control.makefile("r") as commands, suppress(ConnectionError):
        for command in commands:
            name, _, argument = command.strip().partition(" ")
            if name == "start":
                connection = _start(control, forked)
                if connection is not None:
                    return connection, json.loads(argument)
            else:
                pid = int(argument)
                status = _end(pid) if pid in forked else -1
                forked.discard(pid)
                control.sendall(f"{status}\n".encode("ascii"))
    return None


def _start(control: socket, forked: set[int]) -> socket | None:
    """Fork a process and pass its socket to the server; in the process, return the other end of it."""
    servers_end, own_end = socketpair(AF_UNIX, SOCK_STREAM)
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        end_with_parent(parent)
        servers_end.close()
        return own_end
    forked.add(pid)
    own_end.close()
    send_fds(control, [f"{pid}\n".encode("ascii")], [servers_end.fileno()])
    servers_end.close()
    return None


def _end(pid: int) -> int:
    """Kill a process and give its wait status; -1 if it is not ours."""
    try:
        os.kill(pid, signal.SIGKILL)
        return os.waitpid(pid, 0)[1]
    except (ProcessLookupError, ChildProcessError):
        return -1


def _give_up(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what ended a process, and end it before its socket is closed: who sees that finds the status."""
    traceback.print_exception(kind, error, trace)
    sys.stderr.flush()
    os._exit(os.EX_SOFTWARE)
