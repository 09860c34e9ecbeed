"""How long the check of a submission takes: `python -m tests.benchmark.submissions 95 1000`.

It asks a running server on our own data, as curators do, with invented pledges of which each tenth has a
wrong place; with --command the command, which has no limits and shares the work among the cores.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic

from gcm.vocab import PREFIXES

from tests.servers import started

_PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())

_HEADER = """
gcmd:invented a dcat:Dataset ; dcterms:conformsTo gcm:0.1.0 ; dcterms:description "Invented."@en ;
  dcterms:issued "2026-11-22"^^xsd:date ; dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
  dcterms:modified "2026-11-22"^^xsd:date ; dcterms:publisher organization:GCMKG ;
  dcterms:rights "Invented."@en ;
  dcterms:source document:90001 ; dcterms:title "Invented"@en ; gcm:readOn "2026-11-22"^^xsd:date .
document:90001 a gcm:Document ; gcm:copyRead "invented" ; skos:prefLabel "An invented document"@en .
"""

_HEADER_TRIPLES = 14

_PLEDGE = """
pledge:{number} a gcm:Pledge ; dcterms:date "2026-02-{day:02}"^^xsd:date ; gcm:isAbout objective:{objective} ;
  gcm:isMadeBy place:{place} ; gcm:objectivesKnown gcm:SomeKnown ; prov:wasDerivedFrom document:90001 ;
  skos:prefLabel "Invented pledge {number}"@en .
"""

_PLEDGE_TRIPLES = 7

_PLACES = ("MDA", "PRT", "DEU", "KAZ", "CAN", "ALB", "UZB", "FRA", "CHE", "ZZ9")


def submission(triples: int) -> str:
    """Write a dataset of so many triples, or a few less."""
    count = (triples - _HEADER_TRIPLES) // _PLEDGE_TRIPLES
    pledges = (
        _PLEDGE.format(
            number=90_000 + each,
            day=1 + each % 28,
            objective=1 + each % 23,
            place=_PLACES[each % len(_PLACES)],
        )
        for each in range(count)
    )
    return _PREFIXES + _HEADER + "".join(pledges)


def main(arguments: Sequence[str]) -> None:
    """Check submissions of each size, and say how long it took."""
    parser = argparse.ArgumentParser("python -m tests.benchmark.submissions", description=__doc__)
    parser.add_argument("triples", type=int, nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--command", action="store_true", help="by `gcm validate` instead of a server")
    given = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        if given.command:
            for each in given.triples:
                _tell(each, given.rounds, lambda text: _by_command(text, Path(folder)))
            return
        command = [
            sys.executable,
            "-m",
            "gcm.cli",
            "serve",
            "--port",
            "0",
            "--no-validate",
            "--store",
            folder,
        ]
        with started(command) as server:
            _by_server(submission(95), server.port)  # the first check starts the bench
            for each in given.triples:
                _tell(each, given.rounds, lambda text: _by_server(text, server.port))


def _tell(triples: int, rounds: int, check: Callable[[str], int]) -> None:
    text, taken = submission(triples), list[float]()
    for _ in range(rounds):
        started_at = monotonic()
        found = check(text)
        taken.append(monotonic() - started_at)
    sys.stdout.write(
        f"{triples:,} triples, {found:,} findings: {min(taken):.2f} to {max(taken):.2f} s, "
        f"middle {median(taken):.2f} s; load average {os.getloadavg()[0]:.1f}\n"
    )
    sys.stdout.flush()


def _by_server(text: str, port: int) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=600)
    headers = {"Content-Type": "text/turtle", "Accept": "application/json"}
    connection.request("POST", "/validate", body=text.encode(), headers=headers)
    response = connection.getresponse()
    body = json.loads(response.read())
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{response.status}: {body}")
    return len(body["results"])


def _by_command(text: str, folder: Path) -> int:
    path = folder / "invented.ttl"
    path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "gcm.cli", "validate", "--format", "json", str(path)]
    done = subprocess.run(command, capture_output=True, check=False)
    return len(json.loads(done.stdout)["results"])


if __name__ == "__main__":
    main(sys.argv[1:])
