"""One version copied to two machines behind a balancer: a new one is rolled out, no request fails or mixes.

A mixed request is one whose page, and what the page leads to, are of two versions. The client here does what
ARCHITECTURE.md asks of a balancer: it leaves a machine that is not ready, and asks a second machine where the
first does not have the version yet.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest
from gcm.layout import find_sources, graph_root
from gcm.load import build, current
from gcm.web.serve import claim_port

from tests.servers import wait_until

pytestmark = pytest.mark.server

SERVE = """
import sys
from pathlib import Path
from gcm.web.serve import serve
serve(Path(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), workers=2)
"""
ROOT = graph_root()
LABEL = "SELECT ?name WHERE { <https://w3id.org/gcm/id/place/ZZA> skos:prefLabel ?name } ORDER BY ?name"


@dataclass(frozen=True)
class Reply:
    """What a machine answered."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def version(self) -> str:
        """The version that it speaks of."""
        return str(self.headers["GCM-Version"])


class Balancer:
    """Asks one machine after the other; where one has not yet heard of a version, it asks the next."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = ports
        self._turns = count()

    def get(self, path: str, **headers: str) -> Reply:
        """Ask the machine whose turn it is, and another if that one must be passed over."""
        turn = next(self._turns)
        for step in range(len(self._ports)):
            reply = ask(self._ports[(turn + step) % len(self._ports)], path, **headers)
            if reply.status not in {502, 503, 504} and not is_unknown_version(reply):
                return reply
        return reply


def is_unknown_version(reply: Reply) -> bool:
    return reply.status == 404 and "Retry-After" in reply.headers


def ask(port: int, path: str, **headers: str) -> Reply:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    reply = Reply(response.status, response.headers, response.read())
    connection.close()
    return reply


@contextmanager
def machine(store: Path) -> Iterator[int]:
    """Run a server on a folder of its own."""
    port = claim_port("127.0.0.1", 0)
    command = [sys.executable, "-c", SERVE, str(store), str(port)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ.copy())
    assert process.stderr is not None
    assert any("Serving version" in line for line in process.stderr)
    reader = Thread(target=process.stderr.read)
    reader.start()
    try:
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        reader.join()
        process.stderr.close()


def make_version(directory: Path, data: Path) -> str:
    sources = find_sources(ROOT, data=[data], with_own_data=False)
    return build(sources, directory, progress=lambda _: None).id


def copy_version(name: str, source: Path, target: Path) -> None:
    """Bring a version to a machine as ARCHITECTURE.md says: whole under another name, then in its place."""
    beside = target / f"building-{name}"
    shutil.copytree(source / "versions" / name, beside)
    beside.rename(target / "versions" / name)


def switch(name: str, target: Path) -> None:
    link = target / "current.new"
    link.symlink_to(Path("versions") / name)
    link.replace(target / "current")


@pytest.fixture
def rollout(tmp_path: Path) -> Iterator[tuple[Balancer, list[int], list[Path], tuple[str, str]]]:
    """Run two machines on copies of one version; a newer one has been built, and is on neither."""
    data = Path(shutil.copytree(ROOT / "tests" / "world", tmp_path / "data"))
    workshop = tmp_path / "workshop"
    old = make_version(workshop, data)
    stores = [tmp_path / "a", tmp_path / "b"]
    for store in stores:
        shutil.copytree(workshop, store, symlinks=True)
    places = data / "world-places.ttl"
    text = places.read_text(encoding="utf-8").replace("Exampleland", "Newexampleland")
    places.write_text(text, encoding="utf-8")
    new = make_version(workshop, data)
    with machine(stores[0]) as first, machine(stores[1]) as second:
        yield Balancer([first, second]), [first, second], [workshop, *stores], (old, new)


def visit(balancer: Balancer) -> list[Reply]:
    """Open a page, then what it leads to: all of it in the version that the page was of."""
    page = balancer.get("/doc/place/ZZA", Accept="text/html")
    pinned = f"/version/{page.version}"
    paths = [f"{pinned}/doc/place/ZZA.ttl", f"{pinned}/sparql.csv?query={quoted(LABEL)}"]
    return [page, *(balancer.get(path) for path in paths)]


def quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def test_new_version_is_rolled_out_without_a_failed_or_a_mixed_request(
    rollout: tuple[Balancer, list[int], list[Path], tuple[str, str]],
) -> None:
    balancer, ports, (workshop, *stores), (old, new) = rollout
    visits: list[list[Reply]] = []
    enough = Event()

    def go_on() -> None:
        while not enough.is_set():
            visits.append(visit(balancer))

    def wait_for_visits(more: int) -> None:
        wanted = len(visits) + more
        wait_until(lambda: len(visits) >= wanted)

    visitors = [Thread(target=go_on) for _ in range(3)]
    for visitor in visitors:
        visitor.start()
    wait_for_visits(10)
    for store in stores:  # first it is everywhere, so that no machine is asked for what it does not have
        copy_version(new, workshop, store)
    for store, port in zip(stores, ports, strict=True):
        switch(new, store)
        wait_for_visits(10)
        wait_until(lambda port=port: new in ask(port, "/ready").body.decode())  # type: ignore[misc]  # bound now
    wait_for_visits(10)
    enough.set()
    for visitor in visitors:
        visitor.join()
    assert {reply.status for each in visits for reply in each} == {200}
    assert {len({reply.version for reply in each}) for each in visits} == {1}
    assert {each[0].version for each in visits} == {old, new}
    for page, document, table in visits:
        is_new = page.version == new
        assert {b"Newexampleland" in reply.body for reply in (page, document, table)} == {is_new}
    assert {current(store).id for store in stores} == {new}


def test_machine_that_does_not_have_a_version_yet_says_when_to_come_back(
    rollout: tuple[Balancer, list[int], list[Path], tuple[str, str]],
) -> None:
    """A balancer passes on to another machine, and a client tries again: it may be a newer version."""
    balancer, ports, (workshop, *stores), (_, new) = rollout
    copy_version(new, workshop, stores[0])
    switch(new, stores[0])
    page = ask(ports[0], "/doc/place/ZZA.ttl")
    assert page.version == new
    address = f"/version/{new}/doc/place/ZZA.ttl"
    missing = ask(ports[1], address)
    assert (missing.status, missing.headers["Retry-After"]) == (404, "5")
    assert [balancer.get(address).status for _ in range(4)] == [200] * 4
