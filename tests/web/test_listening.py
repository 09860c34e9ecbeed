"""The connections of a server process: taken, cut off when too slow, and ended in peace."""

import asyncio
import os
import signal
import socket
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

import pytest
import uvloop
from gcm.limits import Limits
from gcm.web.exchange import Exchange
from gcm.web.listening import answer
from gcm.web.record import Record

from tests.servers import wait_until
from tests.web.test_connection import GET, HOST, POST, read, say

pytestmark = pytest.mark.server

#: Seconds in which a process ends that has nothing to wait for; far fewer than its limits allow.
SOON = 5.0

WAITING = POST + b"Content-Length: 2\r\n\r\n"


@dataclass(frozen=True)
class Process:
    """A process that answers requests with their bodies on a port, and where it writes what was refused."""

    process: BaseProcess
    port: int
    noted: int

    def send(self, data: bytes) -> socket.socket:
        """Send bytes on a connection that stays open."""
        client = socket.create_connection(("127.0.0.1", self.port), timeout=SOON)
        client.sendall(data)
        return client

    def tell_to_end(self) -> None:
        """Have it end, and wait until it has heard that: it takes no connection then."""
        self.process.terminate()
        wait_until(lambda: not self._takes_connections())

    def _takes_connections(self) -> bool:
        try:
            self.send(b"").close()
        except ConnectionError:
            return False
        return True

    def is_over(self) -> bool:
        """Tell whether it ends soon, and as it should."""
        self.process.join(SOON)
        return self.process.exitcode == 0


@contextmanager
def listening(**limits: float) -> Iterator[Process]:
    """Have a process answer connections; it is killed at the end if it has not ended."""
    begun, told = os.pipe()
    noted, note = os.pipe()
    os.set_blocking(noted, False)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        process = get_context("fork").Process(target=run, args=(listener, Limits(**limits), told, note))
        process.start()
    try:
        assert os.read(begun, 1) == b"."
        yield Process(process, port, noted)
    finally:
        process.kill()
        process.join()
        for each in (begun, told, noted, note):
            os.close(each)


def run(listener: socket.socket, limits: Limits, told: int, noted: int) -> None:
    """In the process: answer until SIGTERM."""
    tasks: set[asyncio.Future[None]] = set()

    async def echo(exchange: Exchange) -> None:
        body = await read(exchange)
        await say(exchange, body, length=len(body))

    def begin(exchange: Exchange) -> None:
        tasks.add(asyncio.ensure_future(echo(exchange)))

    def begun() -> None:
        os.write(told, b".")

    def note(record: Record) -> None:
        os.write(noted, b"%d" % record.status)

    warnings.simplefilter("default")  # as in a server: here they are errors, which uvloop would not survive
    uvloop.run(answer(listener, begin, limits=limits, begun=begun, note=note))


def test_process_ends_at_once_when_nobody_waits_for_an_answer() -> None:
    """Also with a client who may ask for more."""
    with listening() as server, server.send(GET % (b"", b"")) as client:
        assert client.recv(1_000).startswith(b"HTTP/1.1 200")
        server.process.terminate()
        assert server.is_over()
        assert client.recv(1_000) == b""


def test_process_that_ends_takes_no_connection_and_answers_what_it_was_asked() -> None:
    with listening() as server, server.send(WAITING + b"o") as client:
        server.tell_to_end()
        client.sendall(b"k")
        received = client.recv(1_000)
        assert received.endswith(b"\r\nconnection: close\r\n\r\nok"), received
        assert server.is_over()


def test_process_that_ends_gives_answers_so_much_time_and_no_more() -> None:
    with listening(stop_seconds=0.1) as server, server.send(WAITING):
        server.tell_to_end()
        assert server.is_over()


def test_process_that_ends_cuts_off_who_is_too_slow() -> None:
    with listening(stop_seconds=60, request_seconds=0.1) as server, server.send(b"GET / HT") as client:
        server.tell_to_end()
        assert client.recv(1_000).startswith(b"HTTP/1.1 408")
        assert server.is_over()


def test_client_that_asks_nothing_in_time_is_cut_off() -> None:
    with listening(request_seconds=0.1) as server, server.send(b"") as client:
        assert client.recv(1_000) == b""


def test_what_is_refused_is_noted() -> None:
    with listening() as server, server.send(b"BREW / HTTP/1.1\r\n" + HOST + b"\r\n") as client:
        assert client.recv(1_000).startswith(b"HTTP/1.1 405")
        server.process.terminate()
        assert server.is_over()
        assert os.read(server.noted, 100) == b"405"


def test_many_may_connect_while_the_process_is_busy() -> None:
    with listening() as server, ExitStack() as stack:
        os.kill(server.process.pid or 0, signal.SIGSTOP)
        for _ in range(300):
            stack.enter_context(server.send(b""))
        os.kill(server.process.pid or 0, signal.SIGCONT)
