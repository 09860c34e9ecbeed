"""A server among good, heavy and hostile clients while its version changes: all good ones are to be served.

Attackers come from another address of this machine than good clients, as they would from elsewhere.
"""

import random
import socket
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
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

from tests.servers import Server, children, memory_of, query_path, running

GOOD, BAD = "127.0.0.1", "127.0.0.2"
SWITCHES = 10
NUMBER = "https://w3id.org/gcm/id/figure/soak"

#: Megabytes that all processes but workers together may grow from the first third of the time to the last.
#: What a worker has depends on what it is asked at the moment; it ends at its limit.
GROWTH_MB = 30

#: So many versions are kept: fewer than are made, so that some are removed meanwhile.
KEPT = 5

LIMITS = {"query_seconds": "5", "worker_bytes": "500e6", "answer_seconds": "5", "request_seconds": "2"}

QUESTIONS = (
    f"SELECT ?number WHERE {{ <{NUMBER}> <http://example.org/number> ?number }}",
    "SELECT ?class (COUNT(?s) AS ?count) WHERE { ?s a ?class } GROUP BY ?class ORDER BY ?class",
    "SELECT ?s ?name WHERE { ?s skos:prefLabel ?name FILTER (LANG(?name) = 'en') } ORDER BY ?s ?name LIMIT 9",
    "ASK { ?pledge a gcm:Pledge }",
)
LONG = (
    "SELECT ?s ?name WHERE { ?s skos:prefLabel ?name } ORDER BY ?s ?name LIMIT 3000",
    "SELECT ?class (COUNT(DISTINCT ?o) AS ?values) WHERE { ?s a ?class ; ?p ?o } "
    "GROUP BY ?class ORDER BY ?class",
)
PAGES = ("/doc/objective/7", "/doc/place/MDA", "/ontology/Pledge", "/", "/doc/objective/7.ttl", "/health")
HEAVY = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",  # a cross product
    "SELECT ?a WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?d ?a",  # more than memory holds
    "SELECT ?a ?d WHERE { ?a ?b ?c . ?d ?e ?f }",  # more rows than anybody reads
    "SELECT * WHERE { ?a (!<x:y>)* ?b . ?b (!<x:y>)* ?c }",  # exponential paths
    "SELECT * WHERE { " + "OPTIONAL { ?a ?b ?c } " * 25 + "}",  # a planning bomb
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
    versions: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    attacks: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    seen: set[tuple[str, str, bytes]] = field(default_factory=set)
    sizes: list[dict[str, float]] = field(default_factory=list)


def main() -> int:
    """Run for so many seconds; give the exit code."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    account, until = Account(), Event()
    with tempfile.TemporaryDirectory() as folder:
        publish(Path(folder), 0, account)
        with running(Path(folder) / "store", workers=1, files=4096, **LIMITS) as server:
            clients = [Thread(target=be_good, args=(server.port, account, until, seed)) for seed in range(4)]
            clients += [Thread(target=attack, args=(server.port, account, until, seed)) for seed in range(4)]
            for client in clients:
                client.start()
            watch(Path(folder), server, account, seconds=seconds)
            until.set()
            for client in clients:
                client.join()
            account.faults += tracebacks(server.lines)
    return report(account)


def tracebacks(lines: Sequence[str]) -> list[str]:
    """Give the tracebacks of a log, each with the lines that follow it."""
    starts = [number for number, line in enumerate(lines) if "Traceback" in line]
    return ["".join(lines[start : start + 30]) for start in starts]


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
    sources = find_sources(graph_root(), data=[extra])
    version = build(sources, store, progress=lambda _: None, kept=KEPT)
    opened = open_version(version.path)
    for text in (*QUESTIONS, *LONG):
        output = BytesIO()
        write(evaluate(opened.store, text), output, media_type="text/csv")
        account.answers[version.id, text] = digest(output.getvalue())
    account.versions.append(version.id)


def digest(body: bytes) -> bytes:
    """Keep of an answer what tells whether it is another."""
    return sha256(body).digest()


def watch(folder: Path, server: Server, account: Account, *, seconds: float) -> None:
    """Publish versions in equal steps, and measure all processes meanwhile."""
    started = monotonic()
    published = 0
    while (elapsed := monotonic() - started) < seconds:
        if elapsed > (published + 0.5) * seconds / SWITCHES:
            published += 1
            publish(folder, published, account)
        account.sizes.append(dict(megabytes(server.process.pid)))
        Event().wait(0.5)


def megabytes(main_process: int) -> Iterator[tuple[str, float]]:
    """Measure the memory of each kind of process, that which is shared divided among those who share it."""
    served = children(main_process)
    zygotes = [each for process in served for each in children(process)]
    workers = [each for zygote in zygotes for each in children(zygote)]
    kinds = {"main": [main_process], "server": served, "zygote": zygotes, "worker": workers}
    for kind, processes in kinds.items():
        yield kind, sum(memory_of(each) for each in processes) / 1e6


def be_good(port: int, account: Account, until: Event, seed: int) -> None:
    """Ask what people ask, and check each answer."""
    chance = random.Random(seed)
    ways: tuple[tuple[str, Callable[[], None]], ...] = (
        ("light query", lambda: question(port, account, chance.choice(QUESTIONS))),
        ("light query", lambda: question(port, account, chance.choice(QUESTIONS))),
        ("long query", lambda: question(port, account, chance.choice(LONG))),
        ("page", lambda: page(port, account, chance.choice(PAGES))),
        ("page", lambda: page(port, account, chance.choice(PAGES))),
        ("pinned query", lambda: pinned(port, account, chance.choice(QUESTIONS))),
        ("dump", lambda: dump(port, account)),
        ("conditional", lambda: conditional(port, account, query_path(chance.choice(QUESTIONS)))),
        ("conditional", lambda: conditional(port, account, chance.choice(PAGES[:-1]))),
    )
    while not until.is_set():
        name, way = chance.choice(ways)
        started = monotonic()
        try:
            way()
        except (OSError, HTTPException) as error:
            account.faults.append(f"{name}: {error!r}")
        account.seconds[name].append(monotonic() - started)


def question(port: int, account: Account, text: str) -> None:
    """Ask the newest version."""
    status, version, body = ask(port, query_path(text), GOOD)
    if status == 200:
        account.seen.add((version, text, digest(body)))
    else:
        account.faults.append(f"{status} for {text}: {body[:200]!r}")


def pinned(port: int, account: Account, text: str) -> None:
    """Ask the version before the newest, which is certainly still kept when the next one comes."""
    version = account.versions[-2:][0]
    status, named, body = ask(port, f"/version/{version}{query_path(text)}", GOOD)
    if (status, named, digest(body)) != (200, version, account.answers[version, text]):
        account.faults.append(f"{status} for {text} on {version}: {body[:200]!r}")


def page(port: int, account: Account, path: str) -> None:
    """Read a page or a document."""
    status, _, body = ask(port, path, GOOD)
    if status != 200 or not body:
        account.faults.append(f"{status} for {path}: {body[:200]!r}")


def dump(port: int, account: Account) -> None:
    """Fetch a dataset of one version, and compare it with the checksum that the server states."""
    address = f"/dumps/{account.versions[-1]}/soak.ttl"
    status, _, body = ask(port, address, GOOD)
    stated = ask(port, f"{address}.sha256", GOOD)[2].decode().partition(" ")[0]
    if status != 200 or sha256(body).hexdigest() != stated:
        account.faults.append(f"{status} for {address}: {body[:200]!r}")


def conditional(port: int, account: Account, path: str) -> None:
    """Ask again for what has not changed: 304, unless the version has."""
    first = fetch(port, path, GOOD)
    second = fetch(port, path, GOOD, {"If-None-Match": first[0].headers.get("ETag", "")})
    is_same = first[0].headers.get("GCM-Version") == second[0].headers.get("GCM-Version")
    if (second[0].status, second[1]) != (304, b"") and is_same:
        account.faults.append(f"{second[0].status} instead of 304 for {path}")


def fetch(
    port: int, path: str, address: str, fields: dict[str, str] | None = None
) -> tuple[HTTPResponse, bytes]:
    """Ask once; raises OSError or HTTPException if that fails."""
    connection = HTTPConnection(GOOD, port, timeout=30, source_address=(address, 0))
    try:
        connection.request("GET", path, headers=fields or {})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def ask(port: int, path: str, address: str) -> tuple[int, str, bytes]:
    """Ask once; give status, version and body."""
    response, body = fetch(port, path, address)
    return response.status, response.headers.get("GCM-Version", ""), body


def attack(port: int, account: Account, until: Event, seed: int) -> None:
    """Do harm in all ways that we know of, one after the other."""
    chance = random.Random(seed)
    ways: tuple[tuple[str, Callable[[], None]], ...] = (
        ("heavy", lambda: endure(port, account, chance.choice(HEAVY))),
        ("heavy", lambda: endure(port, account, chance.choice(HEAVY))),
        ("left", lambda: leave(port, chance.choice(HEAVY))),
        ("refused", lambda: endure(port, account, chance.choice(REFUSED))),
        ("raw", lambda: send_raw(port, chance.choice(RAW))),
        ("slow", lambda: read_slowly(port, until)),
        ("idle", lambda: crowd(port)),
    )
    while not until.is_set():
        name, way = chance.choice(ways)
        with suppress(OSError, HTTPException):
            way()
        account.attacks[name] += 1


def endure(port: int, account: Account, text: str) -> None:
    """Ask, and take the answer until it breaks off."""
    try:
        status, _, _ = ask(port, f"/sparql?{urlencode({'query': text})}", BAD)
    except HTTPException:
        account.ends["broken off"] += 1
        raise
    account.ends[str(status)] += 1


def read_slowly(port: int, until: Event) -> None:
    """Ask for a long answer, and take a byte now and then."""
    with socket.create_connection((GOOD, port), timeout=1, source_address=(BAD, 0)) as client:
        client.sendall(f"GET {query_path(HEAVY[2])} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        for _ in range(20):
            client.recv(1)
            if until.wait(0.5):
                return


def crowd(port: int) -> None:
    """Open many connections and say nothing."""
    clients = [socket.create_connection((GOOD, port), timeout=5, source_address=(BAD, 0)) for _ in range(100)]
    for client in clients:
        with suppress(OSError):
            client.recv(1)
        client.close()


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


def report(account: Account) -> int:
    """Print the figures; give the exit code."""
    account.faults += [
        f"wrong on version {version}: {text}"
        for version, text, found in account.seen
        if account.answers.get((version, text)) != found
    ]
    third = max(1, len(account.sizes) // 3)
    starts = (0, (len(account.sizes) - third) // 2, len(account.sizes) - third)
    memory = {
        kind: [median(each[kind] for each in account.sizes[start : start + third]) for start in starts]
        for kind in account.sizes[0]
    }
    growth = sum(sizes[2] - sizes[0] for kind, sizes in memory.items() if kind != "worker")
    total = sum(len(each) for each in account.seconds.values())
    refused = {end: count for end, count in sorted(account.ends.items()) if end != "200"}
    lines = [
        f"good requests: {total}, wrong or failed: {len(account.faults)}",
        f"attacks: {sum(account.attacks.values())} {dict(sorted(account.attacks.items()))}; ended: {refused}",
        f"versions made: {len(account.versions)}, that answered: {len({each[0] for each in account.seen})}",
        f"{'milliseconds':14} {'requests':>8} {'p50':>8} {'p95':>8} {'p99':>8}",
        *(describe(name, seconds) for name, seconds in sorted(account.seconds.items())),
        f"{'megabytes':14} {'start':>8} {'middle':>8} {'end':>8}",
        *(f"{kind:14} " + " ".join(f"{each:8.1f}" for each in sizes) for kind, sizes in memory.items()),
        f"grown without workers by {growth:.1f} MB; at most {GROWTH_MB} are allowed",
        *account.faults[:10],
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if account.faults or growth > GROWTH_MB else 0


def describe(name: str, seconds: list[float]) -> str:
    """Say how long requests took."""
    percent = [each * 1000 for each in quantiles([*seconds, *seconds], n=100)]
    return f"{name:14} {len(seconds):8} {percent[49]:8.1f} {percent[94]:8.1f} {percent[98]:8.1f}"


if __name__ == "__main__":
    sys.exit(main())
