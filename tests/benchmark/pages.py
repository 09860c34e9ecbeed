"""How long the pages of entities take in the server, each new to it: p50, p95, and the slowest by name.

    PYTHONPATH=server python -m tests.benchmark.pages STORE

opens the current version of STORE and asks the application itself, without a socket, for pages of things
drawn by chance: of all things alike, then equally many of every class, and all of a class that has fewer, so
that the things with the most incoming links are among them. Then it asks for the same pages again, and with
their validators.
"""

import argparse
import os
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, thread_time

from flask import Flask
from gcm.describe import Graph, class_counts, document_of
from gcm.limits import Limits
from gcm.vocab import path_of
from gcm.web import create_app
from gcm.web.versions import site
from pyoxigraph import NamedNode
from werkzeug.test import EnvironBuilder

#: Seeds the choice of things.
SEED = 2018

#: What a browser sends.
_FIELDS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en-GB,en;q=0.5",
}


@dataclass(frozen=True)
class Timed:
    """One answer: what was asked, how long it took, by the clock and of a processor, and what came."""

    path: str
    milliseconds: float
    worked: float
    status: int
    tag: str
    length: int


def main(arguments: Sequence[str]) -> None:
    """Measure, and print what was measured."""
    given = _read(arguments)
    app = create_app(given.store, limits=Limits(worker_count=1))
    with app.test_request_context():
        graph = site().serving().graph
        anything, paths = list(_choose_any(graph, given.pages)), list(_choose(graph, given.pages))
        site().pool().close()
    ask(app, "/limits")  # what every process does once: templates, names of the menu
    _say(f"{len(anything)} and {len(paths)} pages, load average {os.getloadavg()[0]:.1f}")
    _tell("any", [ask(app, path) for path in anything])
    first = [ask(app, path) for path in paths if path not in anything]
    _tell("new", first)
    paths = [each.path for each in first]
    _tell("again", [ask(app, path) for path in paths])
    _tell("304", [ask(app, each.path, tag=each.tag) for each in first])
    for each in sorted(first, key=lambda one: -one.milliseconds)[:10]:
        _say(f"  {each.milliseconds:8.2f} ms  {each.length:7} bytes  {each.path}")


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("tests.benchmark.pages", description=__doc__)
    parser.add_argument("store", type=Path, help="the folder of built versions")
    parser.add_argument("--pages", type=int, default=500, help="how many, about")
    return parser.parse_args(arguments)


def _choose(graph: Graph, pages: int) -> Iterator[str]:
    """Draw as many things of each class as make up `pages`; a class that has fewer leaves more to others."""
    chance = random.Random(SEED)
    kinds = sorted(class_counts(graph, language="en"), key=lambda each: each.count)
    left = pages
    for place, kind in enumerate(kinds):
        things = graph.subjects(_TYPE, kind.kind.iri)
        drawn = chance.sample(things, min(len(things), left // (len(kinds) - place)))
        left -= len(drawn)
        yield from (path for thing in drawn if (path := path_of(document_of(thing))))


def _choose_any(graph: Graph, pages: int) -> Iterator[str]:
    """Draw from all things, of whatever class."""
    kinds = class_counts(graph, language="en")
    things = [thing for kind in kinds for thing in graph.subjects(_TYPE, kind.kind.iri)]
    drawn = random.Random(SEED).sample(things, min(pages, len(things)))
    yield from (path for thing in drawn if (path := path_of(document_of(thing))))


def ask(app: Flask, path: str, *, tag: str = "") -> Timed:
    """Ask the application for one page, and read the answer to its end."""
    fields = _FIELDS | ({"If-None-Match": tag} if tag else {})
    environ = EnvironBuilder(path, headers=list(fields.items())).get_environ()
    said: list[tuple[str, dict[str, str]]] = []

    def start(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], object]:
        said.append((status, dict(headers)))
        return lambda written: written

    began, started = thread_time(), perf_counter()
    body = app(environ, start)
    length = sum(map(len, body))
    milliseconds = (perf_counter() - started) * 1000
    worked = (thread_time() - began) * 1000
    status, headers = said[0]
    return Timed(path, milliseconds, worked, int(status[:3]), headers.get("ETag", ""), length)


def _tell(name: str, answers: Sequence[Timed]) -> None:
    times, worked = [each.milliseconds for each in answers], [each.worked for each in answers]
    statuses = sorted({each.status for each in answers})
    _say(
        f"{name:6} p50 {median(times):6.2f} ms  p95 {_p95(times):6.2f}  most {max(times):7.2f}   processor: "
        f"p50 {median(worked):6.2f} ms  p95 {_p95(worked):6.2f}  most {max(worked):7.2f}   status {statuses}"
    )


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

if __name__ == "__main__":
    main(sys.argv[1:])
