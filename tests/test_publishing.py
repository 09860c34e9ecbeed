"""A server that is asked all the time while curators publish: nobody gets an error, and no token is shown."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from shutil import rmtree
from threading import Event, Thread

import pytest
from gcm.desk import Role, Tokens
from gcm.load import current, version_id
from pyoxigraph import Literal

from tests.desk_world import Place, given_with, make_world, note
from tests.servers import Server, started, wait_until

pytestmark = pytest.mark.server

#: What clients ask meanwhile: a page, data, a query, and the list of proposals.
PATHS = ("/doc/pledge/901", "/doc/pledge/901.ttl", "/sparql.csv?query=ASK%7B%7D", "/proposals.json", "/")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Give folders with the world; its first version is built by the server itself, before it forks."""
    place = make_world(tmp_path / "place")
    rmtree(place.store)
    return place


@contextmanager
def serving(place: Place) -> Iterator[Server]:
    """Serve with a desk, as `gcm serve` does, in two processes."""
    command = [sys.executable, "-m", "gcm.cli", "serve", "--port", "0", "--workers", "2", "--only-data"]
    folders = ["--data", str(place.data), "--store", str(place.store), "--desk", str(place.folder)]
    with started([*command, *folders]) as server:
        yield server


def send(server: Server, path: str, body: bytes, token: str) -> dict[str, object]:
    """Send something as a curator; it must succeed."""
    connection = server.connect()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/turtle"}
    try:
        connection.request("POST", path, body=body, headers=headers)
        response = connection.getresponse()
        said = response.read()
    finally:
        connection.close()
    assert response.status in (200, 201), said
    found = json.loads(said)
    assert isinstance(found, dict)
    return found


class Clients:
    """Clients that ask without pause, and what they were answered."""

    def __init__(self, server: Server) -> None:
        """Take whom to ask."""
        self.statuses: Counter[int | str] = Counter()
        self._server = server
        self._end = Event()
        self._threads = [Thread(target=self._ask, args=(path,)) for path in PATHS]

    def __enter__(self) -> "Clients":
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for each in self._threads:
            each.join()

    def _ask(self, path: str) -> None:
        while not self._end.is_set():
            try:
                self.statuses[self._server.get(path)[0].status] += 1
            except (OSError, HTTPException) as error:
                self.statuses[repr(error)] += 1


def test_publishing_fails_no_request_and_shows_no_token(place: Place) -> None:
    tokens = Tokens(place.folder)
    one = tokens.issue("example-one", Role.PROPOSE, days=1)
    two = tokens.issue("example-two", Role.REVIEW, days=1)
    desk = place.desk()
    with serving(place) as server:
        with Clients(server) as clients:
            for count in range(3):
                send(server, "/proposals", given_with(desk, note(f"new {count}")).data, one)
                done = send(server, f"/proposals/{count + 1}/approve", b"", two)
                assert done["state"] == "published"
            wait_until(lambda: b"new 2" in server.get("/doc/pledge/901.nt")[1])
        assert set(clients.statuses) == {200}, clients.statuses
        assert clients.statuses[200] > len(PATHS)
        assert {each["version"] for each in versions_seen(server)} == {current(place.store).id}
    written = "".join(server.lines)
    assert "POST" in written
    assert one not in written
    assert two not in written
    assert place.agrees()


def versions_seen(server: Server) -> list[dict[str, str]]:
    """Ask several times, so that both processes answer."""
    return [{"version": server.get("/doc/pledge/901.ttl")[0].headers["GCM-Version"]} for _ in range(8)]


def test_a_server_killed_while_it_publishes_starts_with_all_that_was_confirmed(place: Place) -> None:
    tokens = Tokens(place.folder)
    one = tokens.issue("example-one", Role.PROPOSE, days=1)
    two = tokens.issue("example-two", Role.REVIEW, days=1)
    with serving(place) as server:
        send(server, "/proposals", given_with(place.desk(), note("new")).data, one)
        asker = server.connect()
        asker.request("POST", "/proposals/1/approve", headers={"Authorization": f"Bearer {two}"})
        wait_until(lambda: (place.folder / "publishing").exists() or not server.answers())
        server.process.kill()
        server.process.wait()
        asker.close()
    with serving(place) as server:
        found = json.loads(server.get("/proposals/1.json")[1])
        assert found["state"] in ("published", "open")
        is_there = f'"{Literal("new").value}"'.encode() in server.get("/doc/pledge/901.nt")[1]
        assert is_there == (found["state"] == "published")
        assert server.get("/doc/pledge/901")[0].headers["GCM-Version"] == version_id(place.sources())
    assert not (place.folder / "publishing").exists()
