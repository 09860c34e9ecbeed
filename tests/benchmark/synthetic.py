"""Invented data that look like ours, in any amount, to measure with: nothing in them is a fact.

    python -m tests.benchmark.synthetic FOLDER 1000000

writes about so many triples as Turtle files, one dataset each, in the shape of `data/`: places with names in
six languages and codes, treaties, statuses under them with dates and a passage, pledges about objectives made
by places, documents and their passages. The same number always gives the same files.

Of each 100 statuses and 75 pledges, 25 passages are the source. There are 200 places and 24 treaties at every
size, as in the world: what grows is what is said about them, so the pages of places have ever more links.
"""

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from gcm.vocab import PREFIXES

#: Seeds the choice of dates and links.
SEED = 2018

PLACES = 200
TREATIES = 24
OBJECTIVES = 23

#: Triples that one unit (four statuses, three pledges, one passage) has on average, measured.
_TRIPLES_OF_A_UNIT = 69

#: Units in one file, which is one dataset.
_UNITS_OF_A_FILE = 1_500

_STATUSES_OF_A_UNIT = 4
_PLEDGES_OF_A_UNIT = 3
_LANGUAGES = {
    "en": "Invented",
    "fr": "Inventé",
    "es": "Inventado",
    "ru": "Вымышленный",
    "ar": "مخترع",
    "zh": "虚构",
}
_WORDS = [
    "support",
    "skills",
    "data",
    "return",
    "family",
    "labour",
    "border",
    "children",
    "health",
    "housing",
    "rights",
    "regular",
]


@dataclass(frozen=True)
class Amounts:
    """How many things were written."""

    files: int
    statuses: int
    pledges: int


def write_data(folder: Path, triples: int) -> Amounts:
    """Write about `triples` triples into `folder` as files of one dataset each."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(SEED)
    _write(folder / "places.ttl", ("places", *_places()))
    units = max(1, (triples - PLACES * 12) // _TRIPLES_OF_A_UNIT)
    numbers = count(1)
    starts = range(0, units, _UNITS_OF_A_FILE)
    for number, start in enumerate(starts, 1):
        size = min(_UNITS_OF_A_FILE, units - start)
        blocks = (block for _ in range(size) for block in _unit(next(numbers), number, chance))
        _write(folder / f"statements-{number}.ttl", (f"statements-{number}", *blocks))
    return Amounts(1 + len(starts), units * _STATUSES_OF_A_UNIT, units * _PLEDGES_OF_A_UNIT)


def _write(path: Path, content: tuple[str, ...]) -> None:
    name, *blocks = content
    prefixes = "".join(f"@prefix {each}: <{iri}> .\n" for each, iri in sorted(PREFIXES.items()))
    header = _block(
        f"gcmd:invented-{name}",
        "dcat:Dataset",
        f'dcterms:title "Invented data, {name}: made to measure with, not facts"@en',
        "dcterms:license <https://creativecommons.org/licenses/by/4.0/>",
        "dcterms:publisher organization:GCMKG",
        f"dcterms:source document:{_number_of(name)}",
    )
    document = _block(
        f"document:{_number_of(name)}", "gcm:Document", f'skos:prefLabel "Invented document of {name}"@en'
    )
    path.write_text("".join((prefixes, "\n", header, document, *blocks)), encoding="utf-8")


def _number_of(name: str) -> int:
    return 900_000 + int(name.rpartition("-")[2] if "-" in name else 0)


def _block(subject: str, kind: str, *statements: str) -> str:
    lines = " ;\n    ".join((f"a {kind}", *statements))
    return f"{subject}\n    {lines} ;\n.\n\n"


def _places() -> Iterator[str]:
    """Give the places and the treaties; their codes cannot be taken for real ones."""
    for number in range(1, PLACES + 1):
        names = " , ".join(f'"{word} {number}"@{language}' for language, word in _LANGUAGES.items())
        yield _block(
            f"place:Q{number}",
            "gcm:State",
            f"skos:prefLabel {names}",
            f'gcm:iso3 "Q{number}"',
            "gcm:isInRegion region:UNECE",
            "prov:wasDerivedFrom document:900000",
        )
    for number in range(1, TREATIES + 1):
        yield _block(f"treaty:Q{number}", "gcm:Treaty", f'skos:prefLabel "Invented treaty {number}"@en')


def _unit(number: int, file: int, chance: random.Random) -> Iterator[str]:
    """Give a passage, and the statuses and pledges that rest on it."""
    passage = f"passage:{900_000 + file}.{number}"
    document = f"document:{900_000 + file}"
    yield _block(passage, "gcm:Passage", f"dcterms:isPartOf {document}", f'gcm:locator "row {number}"@en')
    for offset in range(_STATUSES_OF_A_UNIT):
        yield _status(number * _STATUSES_OF_A_UNIT + offset, passage, chance)
    for offset in range(_PLEDGES_OF_A_UNIT):
        yield _pledge(number * _PLEDGES_OF_A_UNIT + offset, passage, chance)


def _status(number: int, passage: str, chance: random.Random) -> str:
    return _block(
        f"treaty-status:Q{number}",
        "gcm:TreatyStatus",
        f'gcm:actionDate "{_day(chance)}"^^xsd:date',
        f'gcm:asOf "{chance.randint(2015, 2024)}-03-14"^^xsd:date',
        f"gcm:isStatusOf place:Q{chance.randint(1, PLACES)}",
        f"gcm:isUnder treaty:Q{chance.randint(1, TREATIES)}",
        f"gcm:status gcm:{chance.choice(('Party', 'Party', 'Signatory', 'NotParty'))}",
        f"gcm:treatyAction gcm:{chance.choice(('Accession', 'Ratification', 'Succession'))}",
        f"prov:wasDerivedFrom {passage}",
    )


def _pledge(number: int, passage: str, chance: random.Random) -> str:
    place = f"place:Q{chance.randint(1, PLACES)}"
    about = " , ".join(
        f"objective:{each}" for each in chance.sample(range(1, OBJECTIVES + 1), chance.randint(1, 6))
    )
    words = " ".join(chance.sample(_WORDS, 4))
    return _block(
        f"pledge:Q{number}",
        "gcm:Pledge",
        f'dcterms:date "{_day(chance)}"^^xsd:date',
        "gcm:confidence gcm:High",
        f"gcm:isAbout {about}",
        f"gcm:isImplementedIn {place}",
        f"gcm:isMadeBy {place}",
        f"prov:wasDerivedFrom {passage}",
        f'skos:note "Invented: {words}, number {number}."@en',
        f'skos:prefLabel "Pledge {number}: {words}"@en',
    )


def _day(chance: random.Random) -> str:
    return f"{chance.randint(1990, 2024)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


if __name__ == "__main__":
    sys.stdout.write(f"{write_data(Path(sys.argv[1]), int(sys.argv[2]))}\n")
