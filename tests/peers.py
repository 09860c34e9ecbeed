"""A client of one connection, step by step, without a server around it."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import uvloop
from gcm.limits import Limits
from gcm.web.connection import Connection
from gcm.web.exchange import Exchange

LIMITS = Limits(request_seconds=10)

Result = TypeVar("Result")


class Peer:
    """A client, and the other end of its connection, whose requests wait here for their answers."""

    def __init__(self) -> None:
        self.asked: list[Exchange] = []
        self.all_of_them: set[Connection] = set()

    async def connect(self) -> None:
        """Connect through a pair of sockets."""
        self.connection = Connection(self.asked.append, limits=LIMITS, all_of_them=self.all_of_them)
        self.server_side, self.reader, self.writer = await connect(self.connection)

    async def ask(self, data: bytes, *, in_all: int) -> Exchange:
        """Send bytes, and give the last of the requests that have been begun then."""
        self.writer.write(data)
        await until(lambda: len(self.asked) == in_all)
        return self.asked[-1]

    async def receive(self) -> bytes:
        """Give all that comes until the connection ends."""
        return await asyncio.wait_for(self.reader.read(), 5)


async def connect(
    connection: Connection,
) -> tuple[asyncio.Transport, asyncio.StreamReader, asyncio.StreamWriter]:
    """Give a connection a client; give its transport, and what its client reads from and writes to."""
    here, there = socket.socketpair()
    transport, _ = await asyncio.get_running_loop().connect_accepted_socket(lambda: connection, there)
    reader, writer = await asyncio.open_connection(sock=here)
    return transport, reader, writer


async def settle() -> None:
    """Let all happen that needs no time: both ends are in one loop, which looks at them in each turn."""
    for _ in range(50):
        await asyncio.sleep(0)


async def until(is_so: Callable[[], object]) -> None:
    """Let the loop go on until something is so."""
    async with asyncio.timeout(5):
        while not is_so():
            await asyncio.sleep(0.001)


def drive(act: Callable[[Peer], Awaitable[None]]) -> None:
    """Do something with a new connection."""

    async def run() -> None:
        peer = Peer()
        await peer.connect()
        try:
            await act(peer)
        finally:
            peer.server_side.abort()
            peer.writer.transport.abort()

    run_apart(run())


def run_apart(work: Coroutine[Any, Any, Result]) -> Result:  # Any: it is only run to its end
    """Run in a thread of its own: browser tests keep a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(uvloop.run, work).result()


def answer(exchange: Exchange, body: bytes = b"ok") -> None:
    exchange.answer(200, b"content-length: %d\r\n" % len(body), body)
