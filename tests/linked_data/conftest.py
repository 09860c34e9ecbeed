"""A real server over the invented world, and a client that sends what it is told, byte for byte."""

import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPResponse
from pathlib import Path

import pytest

from tests.servers import started, wait_until

WORLD = Path(__file__).parents[1] / "world"


@dataclass(frozen=True)
class Reply:
    """What came back: the status, the header fields, and the body as it was sent."""

    status: int
    headers: Message
    body: bytes
    address: tuple[str, int]

    def field(self, name: str) -> str:
        """Give a header field, its lines joined (RFC 9110 section 5.3); empty if there is none."""
        return ", ".join(self.headers.get_all(name) or [])

    def members(self, name: str) -> set[str]:
        """Give the members of a list field, in small letters."""
        return {each.strip().lower() for each in self.field(name).split(",") if each.strip()}


Ask = Callable[..., Reply]


def exchange(port: int, target: str, *, method: str = "GET", **fields: str) -> Reply:
    """Send one request, its target as it stands; `If_None_Match` is the header If-None-Match."""
    fields = {"Host": f"127.0.0.1:{port}", "Connection": "close"} | fields
    lines = [f"{method} {target} HTTP/1.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("utf-8"))
        response = HTTPResponse(connection, method=method)
        response.begin()
        with response:
            return Reply(response.status, response.headers, response.read(), ("127.0.0.1", port))


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Ask a server of the world."""
    directory = tmp_path_factory.mktemp("served")
    options = ["--no-validate", "--only-data", "--data", str(WORLD), "--store", str(directory)]
    command = [sys.executable, "-m", "gcm.cli", "serve", "--port", "0", *options]
    with started(command) as server:
        # the catalogue changes once, when the dumps are made
        wait_until(lambda: exchange(server.port, "/data").field("Cache-Control") == "no-cache")
        yield lambda target, **fields: exchange(server.port, target, **fields)
