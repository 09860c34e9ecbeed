"""The servers that are compared: each a process on a free port, on data of its own making."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from urllib.parse import quote

from tests.servers import descendants, memory_of, seconds_of

#: Seconds that a server has to answer for the first time; rdflib reads its files first.
_PATIENCE_SECONDS = 120

#: Processor time between two looks that still counts as none, and the seconds between them.
_IDLE_SECONDS, _LOOK_SECONDS = 0.1, 4

#: What every server is asked to answer with.
RESULTS = "application/sparql-results+json"


@dataclass(frozen=True)
class Server:
    """A running server: its name in the tables, its process, its port, and the path of its endpoint."""

    name: str
    pid: int
    port: int
    endpoint: str

    def address(self, query: str) -> str:
        """Give the path that asks a query."""
        return f"{self.endpoint}?query={quote(query)}"

    def get(self, path: str) -> tuple[int, Mapping[str, str], bytes]:
        """Ask once."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_SECONDS)
        connection.request("GET", path, headers={"Accept": RESULTS})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, dict(response.headers), body

    def processor_seconds(self) -> float:
        """Give the processor time that the server and all its processes have taken until now."""
        return sum(seconds_of(pid) for pid in (self.pid, *descendants(self.pid)))

    def memory(self) -> int:
        """Give the memory of the server and all its processes, shared pages divided among them, in bytes."""
        return sum(memory_of(pid) for pid in (self.pid, *descendants(self.pid)))


@dataclass
class Memory:
    """The memory of a server, in bytes: at first, and the most that was seen."""

    first: int
    most: int


@contextmanager
def watched(server: Server) -> Iterator[Memory]:
    """Look at the memory of a server twice a second until the block ends."""
    memory = Memory(server.memory(), server.memory())
    is_over = Event()

    def look() -> None:
        while not is_over.wait(0.5):
            memory.most = max(memory.most, server.memory())

    watcher = Thread(target=look)
    watcher.start()
    try:
        yield memory
    finally:
        is_over.set()
        watcher.join()


@contextmanager
def running(name: str, command: Sequence[str], *, endpoint: str, **settings: str) -> Iterator[Server]:
    """Run a server until the block ends; `{port}` in the command stands for its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments = [each.replace("{port}", str(port)) for each in command]
    process = subprocess.Popen(
        arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | settings
    )
    server = Server(name, process.pid, port, endpoint)
    try:
        _wait_for(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def ours(data: Path, store: Path, *, workers: int) -> tuple[Sequence[str], str]:
    """Give the command of this server on a version that is built already, and its endpoint."""
    command = [sys.executable, "-m", "gcm.cli", "serve", "--no-validate", "--only-data", "--data", str(data)]
    command += ["--store", str(store), "--port", "{port}", "--workers", str(workers)]
    return command, "/sparql"


def oxigraph(location: Path) -> tuple[Sequence[str], str]:
    """Give the command of the Oxigraph server, read-only, and its endpoint."""
    program = Path(sys.executable).with_name("oxigraph")
    return [str(program), "serve-read-only", "-l", str(location), "-b", "127.0.0.1:{port}"], "/query"


def rdflib_endpoint(files: Sequence[Path]) -> tuple[Sequence[str], str]:
    """Give the command of rdflib-endpoint with its files in memory, and its endpoint."""
    program = Path(sys.executable).with_name("rdflib-endpoint")
    return [str(program), "serve", "--host", "127.0.0.1", "--port", "{port}", *map(str, files)], "/"


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = monotonic() + _PATIENCE_SECONDS
    while monotonic() < deadline and process.poll() is None:
        try:
            server.get(server.address("ASK { ?a ?b ?c }"))
        except OSError:
            sleep(0.05)
        else:
            _wait_until_idle(server)
            return
    raise RuntimeError(f"{server.name} does not answer; its command: {process.args!r}")


def _wait_until_idle(server: Server) -> None:
    """Wait until a server has done what it does after its start, also what it begins some seconds later."""
    before, now = 0.0, server.processor_seconds()
    while now - before > _IDLE_SECONDS:
        sleep(_LOOK_SECONDS)
        before, now = now, server.processor_seconds()
