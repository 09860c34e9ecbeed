"""How long a published batch takes until every client sees it: `python -m tests.benchmark.publish --help`."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import monotonic

from gcm.layout import find_sources, graph_root
from gcm.load import build

from tests.benchmark.servers import Server, ours, running

#: Seconds after which a change that nobody saw is taken for lost.
_PATIENCE_SECONDS = 30

_BATCH = 1_000


class Client:
    """Asks without pause on one connection, and notes when it first saw which version, and what failed."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._stopped = Event()
        self.seen: dict[str, float] = {}
        self.asked = 0
        self.failed: list[str] = []
        self._thread = Thread(target=self._ask, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask no more."""
        self._stopped.set()
        self._thread.join()

    def _ask(self) -> None:
        connection = HTTPConnection("127.0.0.1", self._server.port, timeout=_PATIENCE_SECONDS)
        while not self._stopped.is_set():
            path = self._server.address(f"ASK {{ ?a ?b {self.asked} }}")
            try:
                connection.request("GET", path)
                response = connection.getresponse()
                response.read()
            except (OSError, HTTPException) as error:
                self.failed.append(repr(error))
                continue
            self.asked += 1
            if response.status != 200:
                self.failed.append(f"status {response.status}")
            self.seen.setdefault(response.headers["GCM-Version"], monotonic())


def main(arguments: Sequence[str]) -> None:
    """Publish batch after batch into the folder of data, and say what each took."""
    parser = argparse.ArgumentParser("python -m tests.benchmark.publish", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="data as tests.benchmark.synthetic writes them"
    )
    parser.add_argument("--store", type=Path, required=True, help="the folder of versions")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", type=int, default=4)
    given = parser.parse_args(arguments)
    _publish(given.data, given.store)
    command, endpoint = ours(given.data, given.store, workers=1)
    with running("ours", command, endpoint=endpoint) as server, _clients(server, given.clients) as clients:
        rounds = [_round(number, given.data, given.store, clients) for number in range(given.rounds)]
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
    started = monotonic()
    version = _publish(data, store)
    built = monotonic()
    while not all(version in each.seen for each in clients):
        if monotonic() > built + _PATIENCE_SECONDS:
            raise RuntimeError(f"version {version} was not seen by all clients")
    seen = max(each.seen[version] for each in clients)
    _say(f"built {(built - started) * 1000:.0f} ms, seen by all {(seen - started) * 1000:.0f} ms")
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
