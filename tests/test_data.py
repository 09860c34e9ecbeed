"""The real data: as much as the sources give, all of it sourced, none of it about private persons."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from gcm.layout import find_sources
from gcm.turtle import dataset_of, read_triples
from gcm.validate.run import validate
from gcm.vocab import DATASET, PREFIXES, expand, shorten
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "data"
FILES = sorted((ROOT / "data").glob("*.ttl"))
FAULTS = sorted((CASES / "faults").glob("*.rq"))

EXACT_MATCH = NamedNode(PREFIXES["skos"] + "exactMatch")
MAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def rows_of(name: str) -> list[dict[str, str]]:
    """Read one table of cases."""
    with (CASES / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def ask(store: Store, text: str) -> list[tuple[str, ...]]:
    """Answer a SELECT query with its rows as text."""
    found = store.query(text, prefixes=dict(PREFIXES))
    assert isinstance(found, QuerySolutions)
    return [tuple("" if term is None else str(term) for term in row) for row in found]


def place(code: str) -> NamedNode:
    """Name a place by its code."""
    found = expand(f"place:{code}")
    assert found, code
    return found


@pytest.fixture(scope="module")
def faulty_store() -> Store:
    """Hold one small file in which every fault stands once."""
    path = CASES / "faulty.ttl"
    located = read_triples(path)
    named = dataset_of(located, path=path)
    store = Store()
    for each in located:
        for graph in (named, DefaultGraph()):
            store.add(Quad(each.triple.subject, each.triple.predicate, each.triple.object, graph))
    return store


def test_there_are_cases() -> None:
    assert len(FILES) >= 50
    assert len(FAULTS) >= 8
    assert len(rows_of("counts.csv")) >= 50
    assert len(rows_of("links.csv")) >= 20


@pytest.mark.parametrize("row", rows_of("counts.csv"), ids=lambda row: row["what"])
def test_count(row: dict[str, str], real_store: Store) -> None:
    text = f"SELECT (COUNT(DISTINCT ?thing) AS ?count) WHERE {{ {row['pattern']} }}"
    ((count,),) = ask(real_store, text)
    assert count == str(Literal(int(row["count"]))), row["what"]


@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.stem)
def test_no_fault(path: Path, real_store: Store) -> None:
    assert ask(real_store, path.read_text(encoding="utf-8")) == [], path.name


@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.stem)
def test_fault_would_be_seen(path: Path, faulty_store: Store) -> None:
    assert ask(faulty_store, path.read_text(encoding="utf-8")), f"let tests/data/faulty.ttl show {path.stem}"


def test_six_conflicts_stand_in_the_graph(real_store: Store) -> None:
    rows = ask(real_store, (CASES / "conflicts.rq").read_text(encoding="utf-8"))
    found = {tuple(iri.strip("<>").rsplit("/", 1)[1] for iri in row) for row in rows}
    # Four years that do not fit the day of 2015, and two parties that the tables of 2022 do not know.
    assert len(rows) == 6
    assert {treaty for treaty, _ in found} == {"ICERD", "CRC", "CRPD", "OPCAT"}


@pytest.mark.parametrize("row", rows_of("links.csv"), ids=lambda row: f"{row['place']} {row['same_as']}")
def test_link_is_no_homonym(row: dict[str, str], real_store: Store) -> None:
    same = {quad.object for quad in real_store.quads_for_pattern(place(row["place"]), EXACT_MATCH, None)}
    assert NamedNode(row["same_as"]) in same, row["reason"]
    assert not row["not_same_as"] or NamedNode(row["not_same_as"]) not in same, row["reason"]


@each_file
def test_file_is_named_as_its_dataset(path: Path) -> None:
    assert dataset_of(read_triples(path), path=path).value == DATASET + path.stem


@each_file
def test_file_holds_no_mail_address(path: Path) -> None:
    assert not MAIL_ADDRESS.search(path.read_text(encoding="utf-8")), path.name


@pytest.mark.server
def test_data_conform_and_every_warning_has_its_reason() -> None:
    results = validate(find_sources(ROOT)).results
    assert not [result for result in results if result.severity == "violation"]
    listed = {row["source"]: int(row["things"]) for row in rows_of("warnings.csv") if row["reason"]}
    assert (
        Counter(
            shorten(NamedNode(result.source)) if ":" in result.source else result.source for result in results
        )
        == listed
    )
