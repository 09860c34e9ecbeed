"""A server among good, heavy and hostile clients while its version changes: all good ones are to be served.

Attackers come from another address of this machine than good clients, as they would from elsewhere.
"""

import os
import random
import re
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from io import BytesIO
from pathlib import Path
from statistics import median, quantiles
from threading import Event, Thread
from time import monotonic
from urllib.parse import urlencode

from gcm.layout import find_sources, graph_root
from gcm.load import build
from gcm.query import evaluate, open_version, write
from gcm.web.serve import claim_port

GOOD, BAD = "127.0.0.1", "127.0.0.2"
SWITCHES = 10
NUMBER = "https://w3id.org/gcm/id/figure/soak"

#: Megabytes that the server process may grow from the first third of the time to the last.
GROWTH_MB = 30

QUESTIONS = (
    f"SELECT ?number WHERE {{ <{NUMBER}> <http://example.org/number> ?number }}",
    "SELECT ?class (COUNT(?s) AS ?count) WHERE { ?s a ?class } GROUP BY ?class ORDER BY ?class",
    "SELECT ?s ?name WHERE { ?s skos:prefLabel ?name FILTER (LANG(?name) = 'en') } ORDER BY ?s ?name LIMIT 9",
    "ASK { ?pledge a gcm:Pledge }",
)
PAGES = ("/doc/objective/7", "/doc/place/MDA", "/ontology/Pledge", "/", "/doc/objective/7.ttl", "/health")
HEAVY = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT ?a WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?d ?a",
    "SELECT ?a ?d WHERE { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * WHERE { ?a (!<x:y>)* ?b . ?b (!<x:y>)* ?c }",
    "SELECT * WHERE { " + "OPTIONAL { ?a ?b ?c } " * 25 + "}",
)
REFUSED = (
    f"SELECT ({'(' * 5_000}1{')' * 5_000} AS ?x) WHERE {{}}",
    "SELECT * WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "DELETE WHERE { ?s ?p ?o }",
    "SELECT * WHERE { " + "OPTIONAL { ?a ?b ?c } " * 300 + "}",
    "x" * 60_000,
)
RAW = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET / HTTP/1.1\r\nHost: a\r\nX-A: ",
    b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\nSELECT",
    b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
)


@dataclass
class Account:
    """What the clients have seen; `answers` maps a version and a question to the right answer."""

    answers: dict[tuple[str, str], bytes] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    query_seconds: list[float] = field(default_factory=list)
    page_seconds: list[float] = field(default_factory=list)
    attacks: Counter[str] = field(default_factory=Counter)
    seen: set[tuple[str, str, bytes]] = field(default_factory=set)


def main() -> int:
    """Run for so many seconds; give the exit code."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    account, until = Account(), Event()
    with tempfile.TemporaryDirectory() as folder:
        publish(Path(folder), 0, account)
        with serving(Path(folder)) as (pid, port):
            clients = [Thread(target=be_good, args=(port, account, until, seed)) for seed in range(4)]
            clients += [Thread(target=attack, args=(port, account, until, seed)) for seed in range(4)]
            for client in clients:
                client.start()
            sizes = list(watch(Path(folder), pid, account, seconds=seconds))
            until.set()
            for client in clients:
                client.join()
    return report(account, sizes)


@contextmanager
def serving(folder: Path) -> Iterator[tuple[int, int]]:
    """Run a server; give the number of its server process, and its port."""
    port = claim_port(GOOD, 0)
    code = f"""
from pathlib import Path
from gcm.web.serve import serve
serve(Path({str(folder / "store")!r}), host={GOOD!r}, port={port}, workers=1)
"""
    limits = {"GCM_QUERY_SECONDS": "5", "GCM_ANSWER_SECONDS": "5", "GCM_REQUEST_SECONDS": "2"}
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | limits, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: ask(port, "/ready", GOOD)[0] == 200)
        listed = subprocess.run(
            ["ps", "--ppid", str(process.pid), "-o", "pid="], capture_output=True, text=True, check=True
        )
        yield int(listed.stdout.split()[0]), port
    finally:
        process.terminate()
        process.wait(30)


def publish(folder: Path, number: int, account: Account) -> None:
    """Build the next version, and work out the right answers to all questions on it, without the server."""
    extra = folder / "data"
    extra.mkdir(exist_ok=True)
    (extra / "soak.ttl").write_text(
        "<https://w3id.org/gcm/data/soak> a <http://www.w3.org/ns/dcat#Dataset> .\n"
        f"<{NUMBER}> <http://example.org/number> {number} .\n",
        encoding="utf-8",
    )
    store = folder / "store"
    version = build(find_sources(graph_root(), data=[extra]), store, progress=lambda _: None)
    opened = open_version(version.path)
    for text in QUESTIONS:
        output = BytesIO()
        write(evaluate(opened.store, text), output, media_type="text/csv")
        account.answers[version.id, text] = output.getvalue()


def watch(folder: Path, pid: int, account: Account, *, seconds: float) -> Iterator[float]:
    """Publish versions in equal steps, and measure the server process meanwhile."""
    started = monotonic()
    published = 0
    while (elapsed := monotonic() - started) < seconds:
        if elapsed > (published + 0.5) * seconds / SWITCHES:
            published += 1
            publish(folder, published, account)
        yield megabytes(pid)
        Event().wait(0.5)


def megabytes(pid: int) -> float:
    """Measure the memory that is a process's own share (PSS)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    return int(re.findall(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[0]) / 1024


def be_good(port: int, account: Account, until: Event, seed: int) -> None:
    """Ask what people ask, and keep the different answers."""
    chance = random.Random(seed)
    while not until.is_set():
        text = chance.choice([*QUESTIONS, ""])
        path = f"/sparql.csv?{urlencode({'query': text})}" if text else chance.choice(PAGES)
        started = monotonic()
        try:
            status, version, body = ask(port, path, GOOD)
        except (OSError, HTTPException) as error:
            account.faults.append(f"{path}: {error!r}")
            continue
        (account.query_seconds if text else account.page_seconds).append(monotonic() - started)
        if status != 200:
            account.faults.append(f"{path}: {status} {body[:200]!r}")
        elif text:
            account.seen.add((version, text, body))


def ask(port: int, path: str, address: str) -> tuple[int, str, bytes]:
    """Ask once; give status, version and body. Raises OSError or HTTPException if that fails."""
    connection = HTTPConnection(GOOD, port, timeout=30, source_address=(address, 0))
    try:
        connection.request("GET", path)
        response: HTTPResponse = connection.getresponse()
        return response.status, response.headers.get("GCM-Version", ""), response.read()
    finally:
        connection.close()


def attack(port: int, account: Account, until: Event, seed: int) -> None:
    """Do harm in all ways that we know of, one after the other."""
    chance = random.Random(seed)
    ways: tuple[tuple[str, Callable[[], None]], ...] = (
        ("heavy", lambda: endure(port, chance.choice(HEAVY))),
        ("left", lambda: leave(port, chance.choice(HEAVY))),
        ("refused", lambda: endure(port, chance.choice(REFUSED))),
        ("raw", lambda: send_raw(port, chance.choice(RAW))),
    )
    while not until.is_set():
        name, way = chance.choice(ways)
        with suppress(OSError, HTTPException):
            way()
        account.attacks[name] += 1


def endure(port: int, text: str) -> None:
    """Ask, and take the answer until it breaks off."""
    ask(port, f"/sparql?{urlencode({'query': text})}", BAD)


def leave(port: int, text: str) -> None:
    """Ask, and go away."""
    with socket.create_connection((GOOD, port), timeout=5, source_address=(BAD, 0)) as client:
        client.sendall(f"GET /sparql?{urlencode({'query': text})} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        client.settimeout(0.1)
        client.recv(1_000)


def send_raw(port: int, data: bytes) -> None:
    """Send bytes, and wait for what comes."""
    with socket.create_connection((GOOD, port), timeout=5, source_address=(BAD, 0)) as client:
        client.sendall(data)
        client.recv(10_000)


def wait_for(is_true: Callable[[], bool]) -> None:
    """Wait for what is soon true; raises TimeoutError if it is not."""
    deadline = monotonic() + 30
    while monotonic() < deadline:
        with suppress(OSError, HTTPException):
            if is_true():
                return
        Event().wait(0.05)
    raise TimeoutError


def report(account: Account, sizes: list[float]) -> int:
    """Print the figures; give the exit code."""
    account.faults += [
        f"wrong on version {version}: {text}"
        for version, text, body in account.seen
        if account.answers.get((version, text)) != body
    ]
    third = max(1, len(sizes) // 3)
    thirds = [median(sizes[start : start + third]) for start in (0, third, len(sizes) - third)]
    total = len(account.query_seconds) + len(account.page_seconds)
    lines = [
        f"good requests: {total}, wrong or failed: {len(account.faults)}",
        f"queries: {describe(account.query_seconds)}",
        f"pages: {describe(account.page_seconds)}",
        f"attacks: {dict(sorted(account.attacks.items()))}",
        f"versions that answered: {len({each[0] for each in account.seen})}",
        f"megabytes of the server process in each third: {', '.join(f'{each:.1f}' for each in thirds)}",
        *account.faults[:10],
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if account.faults or thirds[2] - thirds[0] > GROWTH_MB else 0


def describe(seconds: list[float]) -> str:
    """Say how long requests took."""
    percent = [each * 1000 for each in quantiles(seconds, n=100)]
    return f"{len(seconds)}, milliseconds p50 {percent[49]:.1f}, p95 {percent[94]:.1f}, p99 {percent[98]:.1f}"


if __name__ == "__main__":
    sys.exit(main())
