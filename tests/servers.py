"""Real servers for tests: started on a free port, asked over real sockets, watched from outside.

Nothing here needs pytest, so that what is run by hand (`tests/benchmark`, `tests/soak`) uses it too.
"""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import IO
from urllib.parse import urlencode

#: Seconds in which whatever is waited for happens, on a machine with much else to do.
PATIENCE_SECONDS = 60.0

#: Runs a server on a free port, as `gcm serve` does once the version is built.
SERVE = """
import logging, sys
from pathlib import Path
from gcm.web.serve import claim_port, serve
logging.basicConfig(level=logging.INFO, stream=sys.stderr)
free = claim_port("127.0.0.1", 0)
serve(Path(sys.argv[1]), host="127.0.0.1", port=free, workers=int(sys.argv[2]))
"""

_SERVING = re.compile(r"Serving version \S+ at (http://127\.0\.0\.1:(\d+)/)")


@dataclass(frozen=True)
class Server:
    """A running server: its process, its port, and the lines that it writes."""

    process: subprocess.Popen[str]
    port: int
    lines: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it is, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> HTTPConnection:
        """Open a connection."""
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)

    def get(self, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        """Ask once, on a connection of its own; `If_None_Match` is the header If-None-Match."""
        connection = self.connect()
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request("GET", path, headers=fields)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def ask(self, text: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        """Ask the endpoint, for CSV."""
        return self.get(query_path(text), **headers)

    def answers(self, text: str = "ASK {}") -> bool:
        """Tell whether the endpoint answers a query at the moment."""
        try:
            return self.ask(text)[0].status == 200
        except (OSError, HTTPException):
            return False

    def send(self, data: bytes) -> socket.socket:
        """Send bytes as they are, on a connection that stays open."""
        client = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS)
        client.sendall(data)
        return client

    def begin(self, text: str) -> socket.socket:
        """Ask the endpoint, and leave the answer for later."""
        return self.send(f"GET {query_path(text)} HTTP/1.1\r\nHost: example.org\r\n\r\n".encode())

    def gauge(self, name: str) -> float:
        """Read one number of /metrics."""
        body = re.sub(r',?process="\d+"', "", self.get("/metrics")[1].decode())
        (found,) = re.findall(rf"^{re.escape(name)} (\S+)$", body, re.MULTILINE)
        return float(found)

    def is_listening(self) -> bool:
        """Tell whether new connections are taken."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


def query_path(text: str, suffix: str = "csv") -> str:
    """Give the path that asks a query."""
    return f"/sparql.{suffix}?{urlencode({'query': text})}"


@contextmanager
def running(directory: Path, *, workers: int = 1, files: int = 4096, **settings: str) -> Iterator[Server]:
    """Serve the versions of a folder, with so many files to open; `query_seconds` is GCM_QUERY_SECONDS."""
    environment = {f"GCM_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-c", SERVE, str(directory), str(workers)]
    with started(command, environment=environment, files=files) as server:
        yield server


@contextmanager
def started(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    files: int = 4096,
) -> Iterator[Server]:
    """Run a command that serves and says where; it is interrupted when the block ends.

    Raises RuntimeError with what it wrote if it ends before it serves.
    """
    process = subprocess.Popen(
        ["prlimit", f"--nofile={files}:{files}", *command],  # which then becomes the command
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env=os.environ | dict(environment or {}),
    )
    assert process.stdout is not None
    lines: list[str] = []
    reader = Thread(target=_drain, args=(process.stdout, lines), daemon=True)
    reader.start()
    try:
        wait_until(lambda: bool(_ports(lines)) or process.poll() is not None)
        if not _ports(lines):
            raise RuntimeError(f"the server did not start:\n{''.join(lines)}")
        yield Server(process, _ports(lines)[0], lines)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_SECONDS)
        reader.join(PATIENCE_SECONDS)


def _ports(lines: Sequence[str]) -> list[int]:
    return [int(found[2]) for line in [*lines] if (found := _SERVING.search(line))]


def _drain(stream: IO[str], lines: list[str]) -> None:
    """Read what a server writes for as long as it does: a full pipe would hold it up."""
    with stream:
        for line in stream:
            lines.append(line)  # one by one, so that tests see them as they come


def wait_until(is_true: Callable[[], bool], *, seconds: float = PATIENCE_SECONDS) -> None:
    """Look again and again until something is true; fails if that takes so many seconds."""
    deadline = monotonic() + seconds
    while not is_true():
        assert monotonic() < deadline, f"waited for {seconds:g} seconds"
        Event().wait(0.01)


def runs(pid: int) -> bool:
    """Tell whether a process or one of its threads runs; one that waits for its parent does not."""
    try:
        return _state(pid)[0] != "Z" or len([*Path(f"/proc/{pid}/task").iterdir()]) > 1
    except OSError:
        return False


def children(pid: int) -> list[int]:
    """List the processes that a process has started and that have not ended, the oldest first."""
    return [each for each, (state, parent) in _processes().items() if parent == pid and state != "Z"]


def descendants(pid: int) -> list[int]:
    """List the children of a process, their children, and so on."""
    found = children(pid)
    return [*found, *(each for child in found for each in descendants(child))]


def memory_of(pid: int) -> int:
    """Measure the memory of a process in bytes, shared pages divided among those who share them (PSS)."""
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text("ascii"), re.M)
    except OSError:  # it has ended
        return 0
    return int(found[1]) * 1024 if found else 0


def seconds_of(pid: int) -> float:
    """Give the processor time that a process has taken until now: proc(5), utime and stime."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:  # it has ended
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _processes() -> dict[int, tuple[str, int]]:
    found = {}
    for pid in sorted(int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()):
        with suppress(OSError):
            found[pid] = _state(pid)
    return found


def _state(pid: int) -> tuple[str, int]:
    """Read the state of a process, one letter, and the number of its parent: proc(5)."""
    state, parent = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[:2]
    return state, int(parent)
