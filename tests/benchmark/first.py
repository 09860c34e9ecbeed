"""How long a server takes from its start to its first answers: `python -m tests.benchmark.first --help`."""

import argparse
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median
from time import monotonic, sleep

from gcm.layout import find_sources, graph_root
from gcm.load import build

from tests.benchmark.servers import Server, ours

#: Seconds after which a server that does not answer is taken for broken.
_PATIENCE_SECONDS = 60

_PAGE = "/doc/place/Q1.html"
_QUERY = "SELECT ?place WHERE { ?place a gcm:State } LIMIT 1"


def main(arguments: Sequence[str]) -> None:
    """Start the server on a version that is built, again and again, and say when it answered."""
    parser = argparse.ArgumentParser("python -m tests.benchmark.first", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="data as tests.benchmark.synthetic writes them"
    )
    parser.add_argument("--store", type=Path, required=True, help="the folder of versions")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args(arguments)
    sources = find_sources(graph_root(), data=[given.data], with_own_data=False)
    build(sources, given.store, progress=lambda _: None)
    rounds = [_start(given.data, given.store, path) for _ in range(given.rounds) for path in _paths()]
    for index, name in enumerate(("query", "page")):
        found = sorted(rounds[index::2])
        sys.stdout.write(
            f"first {name}: {found[0]:.2f} to {found[-1]:.2f} s, middle {median(found):.2f} s; "
            f"load average {os.getloadavg()[0]:.1f}; {_how_imported()}\n"
        )


def _how_imported() -> str:
    """Say whether every start compiles all modules first, as PYTHONDONTWRITEBYTECODE has it."""
    return "every module compiled at each start" if sys.dont_write_bytecode else "modules compiled once"


def _paths() -> tuple[str, str]:
    return Server("", 0, 0, "/sparql").address(_QUERY), _PAGE


def _start(data: Path, store: Path, path: str) -> float:
    """Start a server, ask until it answers, and give the seconds that this took."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [each.replace("{port}", str(port)) for each in ours(data, store, workers=1)[0]]
    started = monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while monotonic() < started + _PATIENCE_SECONDS:
            if _answers(port, path):
                return monotonic() - started
            sleep(0.005)
        raise RuntimeError(f"no answer: {command!r}")
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    main(sys.argv[1:])
