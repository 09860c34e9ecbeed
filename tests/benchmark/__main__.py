"""Compare the server with the Oxigraph server and with rdflib-endpoint: see `tests/benchmark/run --help`."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter

from gcm.layout import find_sources, graph_root
from gcm.load import build
from pyoxigraph import QueryBoolean, RdfFormat, Store

from tests.benchmark.load import Measured, measure, queries, transfer
from tests.benchmark.servers import Server, ours, oxigraph, rdflib_endpoint, running, watched
from tests.benchmark.synthetic import write_data

#: rdflib holds its graphs in Python objects: more than this takes minutes to read.
_RDFLIB_TRIPLES = 150_000

#: Beyond, a join of everything takes minutes, and what a server does not stop disturbs what is measured next.
_HEAVY_TRIPLES = 150_000

_CONNECTIONS = (1, 8, 64)


@dataclass(frozen=True)
class Bench:
    """What a run works with."""

    folder: Path
    seconds: int
    pledges: int
    triples: int
    workers: int

    @property
    def store(self) -> Path:
        """Where our versions lie."""
        return self.folder / "store"

    @property
    def peer(self) -> Path:
        """Where the Oxigraph server's data lie."""
        return self.folder / "oxigraph"


def main(arguments: Sequence[str]) -> None:
    """Write the data, start the servers, measure, and say what was found."""
    given = _read(arguments)
    amounts = write_data(given.folder / "data", given.triples)
    bench = Bench(given.folder, given.seconds, amounts.pledges, given.triples, given.workers)
    _say(f"{given.triples:,} triples, {os.cpu_count()} processors, load average {_load()}\n")
    _say(_loading(bench))
    with ExitStack() as servers:
        names = ("ours", "oxigraph", "rdflib-endpoint")
        started = [servers.enter_context(_start(name, bench)) for name in names if _is_started(name, bench)]
        watches = [servers.enter_context(watched(each)) for each in started]
        _compare(bench, started)
        _say("\nMemory (PSS of all processes), idle and at most:")
        for each, watch in zip(started, watches, strict=True):
            _say(f"  {each.name:16} {watch.first // 1_000_000} MB, {watch.most // 1_000_000} MB")
    _say(f"in process, light queries one after the other: {_in_process(bench):,.0f} a second")
    _say(f"load average {_load()}\n")


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("tests/benchmark/run", description=__doc__)
    parser.add_argument("--triples", type=int, default=100_000, help="10000, 1000000 or 10000000, about")
    parser.add_argument("--seconds", type=int, default=2, help="how long each single run takes")
    parser.add_argument("--workers", type=int, default=1, help="web processes of our server")
    parser.add_argument("--folder", type=Path, required=True, help="where data and stores are put")
    return parser.parse_args(arguments)


def _is_started(name: str, bench: Bench) -> bool:
    return name != "rdflib-endpoint" or bench.triples <= _RDFLIB_TRIPLES


def _start(name: str, bench: Bench) -> AbstractContextManager[Server]:
    commands = {
        "ours": lambda: ours(bench.folder / "data", bench.store, workers=bench.workers),
        "oxigraph": lambda: oxigraph(bench.peer),
        "rdflib-endpoint": lambda: rdflib_endpoint(sorted((bench.folder / "data").glob("*.ttl"))),
    }
    command, endpoint = commands[name]()
    return running(name, command, endpoint=endpoint)


def _loading(bench: Bench) -> str:
    """Build our version and the peer's store, and compare how long it takes."""
    root = graph_root()
    sources = find_sources(root, data=[bench.folder / "data"], with_own_data=False)
    started = monotonic()
    version = build(sources, bench.store, progress=lambda _: None)
    built = monotonic() - started
    files = sorted(map(str, (bench.folder / "data").glob("*.ttl")))
    plain = _load_peer(bench.folder / "plain", files)
    dump = bench.folder / "dump.nq"
    Store.read_only(str(version.path / "store")).dump(str(dump), RdfFormat.N_QUADS)
    same = _load_peer(bench.peer, [str(dump)])
    return (
        f"building: gcm load {built:.1f} s, each triple stored twice; oxigraph load {plain:.1f} s "
        f"for the same files, once each (rate {plain / built:.2f}); {same:.1f} s for the same store "
        f"({same / built:.2f})\n"
    )


def _load_peer(location: Path, files: Sequence[str]) -> float:
    program = str(Path(sys.executable).with_name("oxigraph"))
    started = monotonic()
    subprocess.run([program, "load", "-l", str(location), "-f", *files], check=True, capture_output=True)
    return monotonic() - started


def _compare(bench: Bench, servers: Sequence[Server]) -> None:
    for connections in _CONNECTIONS:
        _table(f"light queries, each new, {connections} connections", servers, _light(bench, connections))
    for connections in _CONNECTIONS:
        _table(f"the same light queries again, {connections}", servers, _again(bench, connections))
    for connections in _CONNECTIONS:
        title = f"light queries, If-None-Match (who has no validators answers in full), {connections}"
        _table(title, servers[:2], _known(bench, connections))
    heavy = queries("heavy", pledges=bench.pledges) if bench.triples <= _HEAVY_TRIPLES else []
    for number, text in enumerate(heavy):
        title = text.partition("\n")[0].removeprefix("#+ title: ")
        for connections in (1, 8):
            _table(f"heavy {number + 1}, {connections}: {title}", servers[:2], _one(bench, text, connections))
    _table("entity pages, each new, 1", servers[:1], _pages(bench, 1))
    _table("entity pages, each new, 8", servers[:1], _pages(bench, 8))
    _rows(servers)


Run = Callable[[Server], Measured]


def _light(bench: Bench, connections: int) -> Run:
    def run(server: Server) -> Measured:
        paths = [server.address(text) for text in queries("light", pledges=bench.pledges)]
        return _run(bench, server, paths, connections, distinct=True)

    return run


def _again(bench: Bench, connections: int) -> Run:
    def run(server: Server) -> Measured:
        paths = [server.address(text) for text in queries("light", pledges=bench.pledges)[:50]]
        return _run(bench, server, paths, connections)

    return run


def _known(bench: Bench, connections: int) -> Run:
    """Ask for what the client has; a server without validators answers in full."""

    def run(server: Server) -> Measured:
        paths = [server.address(text) for text in queries("light", pledges=bench.pledges)[:50]]
        tags = [{k.lower(): v for k, v in server.get(path)[1].items()}.get("etag", "") for path in paths]
        lines = [f"{path}\t{tag}" for path, tag in zip(paths, tags, strict=True)]
        return _run(bench, server, lines, connections)

    return run


def _one(bench: Bench, text: str, connections: int) -> Run:
    def run(server: Server) -> Measured:
        return _run(bench, server, [server.address(text)], connections, distinct=True)

    return run


def _pages(bench: Bench, connections: int) -> Run:
    def run(server: Server) -> Measured:
        step = max(1, bench.pledges // 4_000)
        paths = [f"/doc/pledge/Q{number}.html?x" for number in range(4, bench.pledges, step)]
        paths += [f"/doc/place/Q{number}.html?x" for number in range(1, 200)]
        return measure(
            server,
            paths,
            connections=connections,
            seconds=bench.seconds,
            folder=bench.folder,
            accept="text/html",
            distinct=True,
        )

    return run


def _run(
    bench: Bench, server: Server, paths: Sequence[str], connections: int, *, distinct: bool = False
) -> Measured:
    return measure(
        server,
        paths,
        connections=connections,
        seconds=bench.seconds,
        folder=bench.folder,
        distinct=distinct,
    )


def _table(title: str, servers: Sequence[Server], run: Run) -> None:
    """Run all servers in turn, twice, and print what each did beside the Oxigraph server."""
    rounds = [[run(server) for server in servers] for _ in range(2)]
    _say(f"\n{title}  (load average {_load()})")
    _say(f"  {'':16} {'a second':>10} {'ratio':>6} {'p50 ms':>9} {'p99 ms':>9} {'failed':>6}")
    found = [_middle([each[index] for each in rounds]) for index in range(len(servers))]
    base = next((found[i].rate for i, server in enumerate(servers) if server.name == "oxigraph"), 0)
    for server, one in zip(servers, found, strict=True):
        ratio = f"{one.rate / base:.2f}" if base else ""
        _say(f"  {server.name:16} {one.rate:10,.0f} {ratio:>6} {one.p50:9.2f} {one.p99:9.2f} {one.failed:6}")


def _middle(runs: Sequence[Measured]) -> Measured:
    return Measured(
        median(each.rate for each in runs),
        median(each.p50 for each in runs),
        median(each.p99 for each in runs),
        sum(each.failed for each in runs),
    )


def _rows(servers: Sequence[Server]) -> None:
    text = (Path(__file__).parent / "queries" / "rows.rq").read_text("utf-8")
    _say(f"\n100,000 rows as CSV, middle of three  (load average {_load()})")
    for server in servers:
        runs = [transfer(server, server.address(f"{text} # {number}")) for number in range(3)]
        first, total = median(each.first for each in runs), median(each.total for each in runs)
        size = runs[0].size
        _say(f"  {server.name:16} first byte {first:.0f} ms, all {total:.0f} ms, {size:,} bytes")


def _in_process(bench: Bench) -> float:
    """Ask the engine itself, without any server: the limit of what any can reach on one processor."""
    store = Store.read_only(str(bench.store / "current" / "store"))
    texts = queries("light", pledges=bench.pledges)
    started = perf_counter()
    asked = 0
    while perf_counter() - started < bench.seconds:
        results = store.query(texts[asked % len(texts)])
        asked += 1
        if not isinstance(results, QueryBoolean):
            list(results)
    return asked / (perf_counter() - started)


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
