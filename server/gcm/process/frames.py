"""What the server and a worker say to each other: frames of one kind byte, a length, and so many bytes."""

import json
import struct
from contextlib import suppress
from socket import MSG_DONTWAIT, socket
from typing import Any

from gcm.process.wakeful import Wakeful

READY = b"R"  # worker: my store is open
HEADER = b"H"  # worker: the kind of the results; no error so far
WHOLE = b"W"  # worker: the kind of the results, how many rows, a line break, and all of them
DATA = b"D"  # worker: a piece of the serialized results
END = b"E"  # worker: that was all of it; how many rows, as text
ERROR = b"X"  # worker: JSON, what went wrong; nothing follows
QUERY = b"Q"  # server: the query, as its side of the protocol writes it
LONE_QUERY = b"L"  # server: the same, when no other is under way

_HEAD = struct.Struct("!cI")

#: Bytes that are taken in at once. They have a place of their own: a `recv` of so many makes room for them
#: each time, which costs more than the frame (from 128 KiB on by three system calls).
_RECEIVE_BYTES = 65_536


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """Put a payload into a frame."""
    return _HEAD.pack(kind, len(payload)) + payload


def json_frame(kind: bytes, facts: dict[str, Any]) -> bytes:  # Any: JSON
    """Put facts into a frame, as JSON."""
    return frame(kind, json.dumps(facts).encode("utf-8"))


class Frames:
    """The frames that arrive on a socket."""

    def __init__(self, connection: socket) -> None:
        self._connection = connection
        self._place = bytearray(_RECEIVE_BYTES)
        self._received = bytearray()

    def read(self) -> tuple[bytes, bytes]:
        """Wait for the next frame: its kind and payload.

        Raises EOFError if the other side has gone, OSError if nothing can be read or nothing comes in time.
        """
        while True:
            found = self.next()
            if found:
                return found
            self._take(0)

    def read_awake(self, wakeful: Wakeful) -> tuple[bytes, bytes]:
        """Do what `read` does, but wait without sleeping at first."""
        wakeful.begin()
        while (found := self.next()) is None:
            with suppress(BlockingIOError):
                self.receive()
                continue
            if not wakeful.may_stay():
                return self.read()
        return found

    def receive(self) -> None:
        """Take in what is there; raises BlockingIOError if that is nothing, and what `read` raises."""
        self._take(MSG_DONTWAIT)

    def _take(self, flags: int) -> None:
        length = self._connection.recv_into(self._place, 0, flags)
        if not length:
            raise EOFError
        self._received += memoryview(self._place)[:length]

    def next(self) -> tuple[bytes, bytes] | None:
        """Give the next frame if it has arrived whole; never waits."""
        if len(self._received) < _HEAD.size:
            return None
        kind, length = _HEAD.unpack_from(self._received)
        end = _HEAD.size + length
        if len(self._received) < end:
            return None
        payload = bytes(memoryview(self._received)[_HEAD.size : end])
        del self._received[:end]
        return kind, payload
