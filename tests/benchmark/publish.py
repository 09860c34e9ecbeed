"""How long a published batch takes until every client sees it: `python -m tests.benchmark.publish --help`."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from threading import Condition, Event, Thread
from time import monotonic, process_time

from gcm.layout import find_sources, graph_root
from gcm.load import build

from tests.benchmark.servers import Server, ours, running

#: Seconds after which a change that nobody saw is taken for lost.
_PATIENCE_SECONDS = 30

_BATCH = 1_000


class Client:
    """Asks without pause on one connection, and notes when it first saw which version, and what failed.

    It is a process of its own: as threads, clients would hold up the build, which is Python too.
    """

    def __init__(self, server: Server) -> None:
        self._seen: dict[str, float] = {}
        self._heard = Condition()
        self.asked = 0
        self.failed: list[str] = []
        context = get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_ask, args=(server, theirs), daemon=True)
        self._process.start()
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask no more."""
        self._ours.send(None)
        self._thread.join()
        self._process.join()

    def first_saw(self, version: str) -> float:
        """Wait until it has seen a version, and give the moment. Raises RuntimeError if that takes long."""
        with self._heard:
            if not self._heard.wait_for(lambda: version in self._seen, _PATIENCE_SECONDS):
                raise RuntimeError(f"version {version} was not seen by all clients")
            return self._seen[version]

    def _listen(self) -> None:
        while True:
            said = self._ours.recv()
            if isinstance(said, Asked):
                self.asked, self.failed = said.count, said.failed
                return
            version, moment = said
            with self._heard:
                self._seen[version] = moment
                self._heard.notify()


@dataclass(frozen=True)
class Asked:
    """How often a client has asked, and what failed."""

    count: int
    failed: list[str]


def _ask(server: Server, parent: Connection) -> None:
    """Ask until told to stop; tell when a version is first seen, by a clock that all processes share."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=_PATIENCE_SECONDS)
    count, seen, failed = 0, "", list[str]()
    while not parent.poll():
        try:
            connection.request("GET", server.address(f"ASK {{ ?a ?b {os.getpid()}{count} }}"))
            response = connection.getresponse()
            response.read()
        except (OSError, HTTPException) as error:
            failed.append(repr(error))
            continue
        count += 1
        if response.status != 200:
            failed.append(f"status {response.status}")
        version = response.headers["GCM-Version"]
        if version != seen:
            parent.send((version, monotonic()))
            seen = version
    parent.send(Asked(count, failed))


def main(arguments: Sequence[str]) -> None:
    """Publish batch after batch into the folder of data, and say what each took."""
    parser = argparse.ArgumentParser("python -m tests.benchmark.publish", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="data as tests.benchmark.synthetic writes them"
    )
    parser.add_argument("--store", type=Path, required=True, help="the folder of versions")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument(
        "--pause", type=float, default=0, help="seconds between two batches: the server prepares meanwhile"
    )
    given = parser.parse_args(arguments)
    _publish(given.data, given.store)
    command, endpoint = ours(given.data, given.store, workers=1)
    with running("ours", command, endpoint=endpoint) as server, _clients(server, given.clients) as clients:
        rounds = []
        for number in range(given.rounds):
            rounds.append(_round(number, given.data, given.store, clients))
            Event().wait(given.pause)
    built, seen = (median(each) for each in zip(*rounds, strict=True))
    asked, failed = sum(each.asked for each in clients), [text for each in clients for text in each.failed]
    _say(f"middle: built {built:.0f} ms, seen by all {seen:.0f} ms")
    _say(f"{asked:,} requests, {len(failed)} failed {failed[:3]}; load average {os.getloadavg()[0]:.1f}")


@contextmanager
def _clients(server: Server, count: int) -> Iterator[list[Client]]:
    clients = [Client(server) for _ in range(count)]
    try:
        yield clients
    finally:
        for each in clients:
            each.stop()


def _round(number: int, data: Path, store: Path, clients: Sequence[Client]) -> tuple[float, float]:
    """Publish a batch; give the milliseconds until it was built, and until the last client saw it."""
    _write_batch(data, number)
    started, worked = monotonic(), process_time()
    version = _publish(data, store)
    built, worked = monotonic(), process_time() - worked
    seen = max(each.first_saw(version) for each in clients)
    _say(
        f"built {(built - started) * 1000:.0f} ms ({worked * 1000:.0f} of a processor), "
        f"seen by all {(seen - started) * 1000:.0f} ms"
    )
    _remove_batch(data, number - 1)
    return (built - started) * 1000, (seen - started) * 1000


def _publish(data: Path, store: Path) -> str:
    sources = find_sources(graph_root(), data=[data], with_own_data=False)
    return build(sources, store, progress=lambda _: None).id


def _write_batch(data: Path, number: int) -> None:
    name = f"batch-{os.getpid()}-{number}"
    lines = [f"<https://w3id.org/gcm/data/{name}> a <http://www.w3.org/ns/dcat#Dataset> ."]
    lines += [
        f'<http://example.org/{name}/{each}> <http://example.org/p> "{each}"@en .'
        for each in range(_BATCH - 1)
    ]
    beside = data / f".{name}"
    beside.write_text("\n".join(lines), encoding="utf-8")
    beside.replace(data / f"{name}.ttl")


def _remove_batch(data: Path, number: int) -> None:
    (data / f"batch-{os.getpid()}-{number}.ttl").unlink(missing_ok=True)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
