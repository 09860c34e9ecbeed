"""The connections of a server process: taken from its socket, cut off when too slow, ended in peace."""

import asyncio
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from gcm.limits import Limits
from gcm.web.connection import Begin, Connection, Note

#: Seconds between two looks for clients that are too slow, and for the last answers of a process.
_SWEEP_SECONDS, _LOOK_SECONDS = 0.5, 0.01

#: Connections that wait for a process to take them.
BACKLOG = 1_024


async def answer(
    listener: socket.socket, begin: Begin, *, limits: Limits, begun: Callable[[], object], note: Note
) -> None:
    """Answer who connects to a socket, until SIGTERM; then end what has begun, within `stop_seconds`.

    `begun` is called when connections are taken, `note` with what is refused before it is a request.
    """
    loop = asyncio.get_running_loop()
    is_over = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, is_over.set)
    connections: set[Connection] = set()
    make = partial(Connection, begin, limits=limits, all_of_them=connections, note=note)
    server = await loop.create_server(make, sock=listener, backlog=BACKLOG)
    begun()
    while not is_over.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(is_over.wait(), _SWEEP_SECONDS)
        _sweep(connections, loop.time())
    server.close()
    for connection in [*connections]:
        connection.end()
    deadline = loop.time() + limits.stop_seconds
    while connections and loop.time() < deadline:
        await asyncio.sleep(_LOOK_SECONDS)
        _sweep(connections, loop.time())


def _sweep(connections: set[Connection], now: float) -> None:
    for connection in [*connections]:
        connection.sweep(now)
