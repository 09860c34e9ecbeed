"""Requests in numbers: wrk sends them, this reads what it measured."""

import json
import random
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter

from tests.benchmark.servers import RESULTS, Server

_HERE = Path(__file__).parent

#: Addresses of one kind that a run goes through, in the same order for every server.
_ADDRESSES = 2_000


@dataclass(frozen=True)
class Measured:
    """One run: requests a second, milliseconds within which half and 99 % were answered, and failures."""

    rate: float
    p50: float
    p99: float
    failed: int


@dataclass(frozen=True)
class Transfer:
    """One long answer: milliseconds to its first byte and to its last, and its size in bytes."""

    first: float
    total: float
    size: int


def queries(kind: str, *, pledges: int) -> list[str]:
    """Give the queries of a kind: each file's text in turn, about one thing after the other."""
    texts = [path.read_text("utf-8") for path in sorted((_HERE / "queries" / kind).glob("*.rq"))]
    chance = random.Random(7)
    if not any("{number}" in text for text in texts):
        return texts
    return [
        texts[index % len(texts)].replace("{number}", str(chance.randint(4, pledges)))
        for index in range(_ADDRESSES)
    ]


def measure(
    server: Server,
    paths: Sequence[str],
    *,
    connections: int,
    seconds: int,
    folder: Path,
    accept: str = RESULTS,
    distinct: bool = False,
) -> Measured:
    """Send requests for so many seconds; lines of `paths` may end in a tab and an ETag."""
    listed = folder / "requests.txt"
    listed.write_text("\n".join(paths) + "\n", encoding="utf-8")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(_HERE / "wrk.lua")]
    command += ["-H", f"Accept: {accept}", "--timeout", "30s", f"http://127.0.0.1:{server.port}"]
    command += ["--", str(listed), "distinct" if distinct else "again"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = json.loads(output.splitlines()[-1])
    rate = found["requests"] / found["microseconds"] * 1e6
    return Measured(rate, found["p50"] / 1000, found["p99"] / 1000, found["failed"])


def transfer(server: Server, path: str) -> Transfer:
    """Take one answer in, as it comes."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=120)
    started = perf_counter()
    connection.request("GET", path, headers={"Accept": "text/csv"})
    response = connection.getresponse()
    size = len(response.read(1))
    first = perf_counter() - started
    while piece := response.read(262_144):
        size += len(piece)
    total = perf_counter() - started
    connection.close()
    return Transfer(first * 1000, total * 1000, size)
