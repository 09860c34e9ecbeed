"""What honest clients keep while two others attack: `python -m tests.benchmark.attack --help`."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import quantiles
from threading import Event, Thread
from time import monotonic, perf_counter
from urllib.parse import quote

from tests.benchmark.load import Measured, measure, queries
from tests.benchmark.servers import Server, ours, running

#: What runs until it is stopped, or is refused: a product, a path, a plan of many joins, deep brackets.
ATTACKS = {
    "product": "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "path": "SELECT (COUNT(*) AS ?n) WHERE { ?a (!<urn:x>|^!<urn:x>)* ?b . ?b (!<urn:x>|^!<urn:x>)* ?c }",
    "plan": "SELECT * WHERE { ?s ?p ?o "
    + " ".join(f"OPTIONAL {{ ?s ?p{n} ?o{n} }}" for n in range(30))
    + " }",
    "brackets": f"SELECT ({'(' * 99}1{')' * 99} AS ?x) "
    "WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i",
}


class Attacker:
    """Asks one runaway query after the other from an address of its own, and notes how long each took."""

    def __init__(self, server: Server, address: str, start: int) -> None:
        self._server = server
        self._address = address
        self._number = start
        self._stopped = Event()
        self.answers: list[tuple[float, int, str]] = []  # seconds, status, name of the attack
        self._thread = Thread(target=self._attack)
        self._thread.start()

    def stop(self) -> None:
        """Ask no more when the last answer is here."""
        self._stopped.set()
        self._thread.join()

    def _attack(self) -> None:
        while not self._stopped.is_set():
            name = list(ATTACKS)[self._number % len(ATTACKS)]
            started = monotonic()
            status = self._ask(f"{ATTACKS[name]} # {self._number}")
            self.answers.append((monotonic() - started, status, name))
            self._number += 1

    def _ask(self, text: str) -> int:
        """Give the status of the answer; 0 if it broke off."""
        connection = HTTPConnection(
            "127.0.0.1", self._server.port, timeout=60, source_address=(self._address, 0)
        )
        try:
            connection.request("GET", f"/sparql.csv?query={quote(text)}")
            response = connection.getresponse()
            response.read()
            return response.status
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()


@contextmanager
def attacked(server: Server) -> Iterator[list[Attacker]]:
    """Have two attackers at work until the block ends."""
    attackers = [Attacker(server, f"127.0.0.{number}", number) for number in (2, 3)]
    try:
        yield attackers
    finally:
        for attacker in attackers:
            attacker.stop()


def main(arguments: Sequence[str]) -> None:
    """Measure honest clients alone and under attack, in turns, and say what they keep."""
    parser = argparse.ArgumentParser("python -m tests.benchmark.attack", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="data as tests.benchmark.synthetic writes")
    parser.add_argument("--store", type=Path, required=True, help="where the version is, or is built")
    parser.add_argument("--folder", type=Path, required=True, help="where the list of requests is put")
    parser.add_argument("--pledges", type=int, default=4_000, help="how many pledges the data have")
    parser.add_argument("--seconds", type=int, default=12, help="how long each single run takes")
    given = parser.parse_args(arguments)
    command, endpoint = ours(given.data, given.store, workers=1)
    with running("ours", command, endpoint=endpoint) as server:
        alone = [_honest(server, given)]
        pages_alone = _pages(server, given.seconds)
        with attacked(server) as attackers:
            under = _honest(server, given)
            pages = _pages(server, given.seconds)
        alone.append(_honest(server, given))
    _report(alone, under, pages_alone, pages, attackers)


def _honest(server: Server, given: argparse.Namespace) -> Measured:
    paths = [server.address(text) for text in queries("light", pledges=given.pledges)]
    return measure(server, paths, connections=8, seconds=given.seconds, folder=given.folder, distinct=True)


def _pages(server: Server, seconds: float) -> list[float]:
    """Ask for pages of entities, each new, one after the other; milliseconds of each."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    taken, end, number = [], perf_counter() + seconds, 4
    while perf_counter() < end:
        started = perf_counter()
        connection.request("GET", f"/doc/pledge/Q{number}.html?{started}")
        response = connection.getresponse()
        response.read()
        assert response.status == 200, response.status
        taken.append((perf_counter() - started) * 1000)
        number = number % 1_000 + 4
    return taken


def _report(
    alone: Sequence[Measured],
    under: Measured,
    pages_alone: Sequence[float],
    pages: Sequence[float],
    attackers: Sequence[Attacker],
) -> None:
    rate = sum(each.rate for each in alone) / len(alone)
    say = sys.stdout.write
    say(f"{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}\n")
    say(f"light queries, 8 connections: {rate:.0f} a second alone (p99 {alone[0].p99:.1f} ms), ")
    say(f"{under.rate:.0f} under attack (p99 {under.p99:.1f} ms): kept {under.rate / rate:.2f}; ")
    say(f"failed {under.failed}\n")
    for name, taken in (("alone", pages_alone), ("under attack", pages)):
        cuts = quantiles(taken, n=20)
        say(f"entity pages {name}: {len(taken)}, p50 {cuts[9]:.1f} ms, p95 {cuts[18]:.1f} ms\n")
    answers = [each for attacker in attackers for each in attacker.answers]
    say(f"attacks: {len(answers)}; the longest of each, in seconds, with its status (0: broken off):\n")
    longest = {name: (seconds, status) for seconds, status, name in sorted(answers)}
    for name, (seconds, status) in longest.items():
        say(f"  {name} {seconds:.2f} ({status})\n")


if __name__ == "__main__":
    main(sys.argv[1:])
