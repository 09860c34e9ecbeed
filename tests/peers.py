"""A client of one connection, step by step, without a server around it."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import uvloop
from gcm.limits import Limits
from gcm.web.connection import Connection
from gcm.web.exchange import Exchange

LIMITS = Limits(request_seconds=10)


class Peer:
    """A client, and the other end of its connection, whose requests wait here for their answers."""

    def __init__(self) -> None:
        self.asked: list[Exchange] = []
        self.all_of_them: set[Connection] = set()

    async def connect(self) -> None:
        """Connect through a pair of sockets."""
        here, there = socket.socketpair()
        loop = asyncio.get_running_loop()
        transport, self.connection = await loop.connect_accepted_socket(
            lambda: Connection(self.asked.append, limits=LIMITS, all_of_them=self.all_of_them), there
        )
        self.server_side = transport
        self.reader, self.writer = await asyncio.open_connection(sock=here)

    async def ask(self, data: bytes, *, in_all: int) -> Exchange:
        """Send bytes, and give the last of the requests that have been begun then."""
        self.writer.write(data)
        await until(lambda: len(self.asked) == in_all)
        return self.asked[-1]

    async def receive(self) -> bytes:
        """Give all that comes until the connection ends."""
        return await asyncio.wait_for(self.reader.read(), 5)


async def until(is_so: Callable[[], object]) -> None:
    """Let the loop go on until something is so."""
    async with asyncio.timeout(5):
        while not is_so():
            await asyncio.sleep(0.001)


def drive(act: Callable[[Peer], Awaitable[None]]) -> None:
    """Do something with a new connection; browser tests keep a loop running in this thread."""

    async def run() -> None:
        peer = Peer()
        await peer.connect()
        try:
            await act(peer)
        finally:
            peer.server_side.abort()
            peer.writer.transport.abort()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(uvloop.run, run()).result()


def answer(exchange: Exchange, body: bytes = b"ok") -> None:
    exchange.answer(200, b"content-length: %d\r\n" % len(body), body)
