"""A desk over a copy of the invented world, for the tests of desks."""

import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from gcm.desk import Checked, Checker, Curator, Desk, Role, StatementEdit
from gcm.desk.statements import read_statements
from gcm.errors import ConflictError
from gcm.given import Form, Given
from gcm.layout import Sources, find_sources, graph_root
from gcm.load import build, current, version_id
from gcm.turtle import canonical_text, dataset_of, parse_triples
from gcm.validate import Report
from gcm.vocab import DATASET, PREFIXES, THING
from pyoxigraph import Literal, NamedNode, Triple

WORLD = Path(__file__).parent / "world"
SMALL = Path(__file__).parent / "small"
COMMITMENTS = NamedNode(DATASET + "world-commitments")
PLEDGE = NamedNode(THING + "pledge/901")
OTHER_PLEDGE = NamedNode(THING + "pledge/902")
NOTE = NamedNode(PREFIXES["skos"] + "note")
LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")

#: Handles, invented for tests.
ONE = Curator("example-one", Role.PROPOSE)
TWO = Curator("example-two", Role.REVIEW)
THREE = Curator("example-three", Role.REVIEW)


@dataclass(frozen=True)
class Place:
    """Folders for a desk: the data, the versions, the desk's own. Rules are ours, or small ones."""

    root: Path
    rules: Path = SMALL

    @property
    def data(self) -> Path:
        """Where the files of the data lie."""
        return self.root / "data"

    @property
    def store(self) -> Path:
        """Where versions lie."""
        return self.root / "store"

    @property
    def folder(self) -> Path:
        """Where proposals lie."""
        return self.root / "desk"

    def sources(self) -> Sources:
        """Find the files of the graph."""
        return find_sources(self.rules, data=[self.data], with_own_data=False)

    def desk(self, check: Checker | None = None) -> Desk:
        """Open a desk; without `check`, what is sent is really validated."""
        return Desk(self.folder, sources=self.sources, store=self.store, data=self.data, check=check)

    def agrees(self) -> bool:
        """Tell whether the version that serves is that of the files, hash for hash."""
        return current(self.store).id == version_id(self.sources())


def make_small(root: Path) -> Place:
    """Build the version of one file of the world, beside small rules: quickly."""
    place = Place(root)
    place.data.mkdir(parents=True)
    shutil.copy(WORLD / "world-commitments.ttl", place.data)
    build(place.sources(), place.store, progress=lambda _: None)
    return place


def make_world(root: Path) -> Place:
    """Copy the world and build its version, with our own rules."""
    place = Place(root, rules=graph_root())
    shutil.copytree(WORLD, place.data)
    build(place.sources(), place.store, progress=lambda _: None)
    return place


def copy_place(place: Place, root: Path) -> Place:
    """Copy folders that were made before."""
    shutil.copytree(place.root, root, symlinks=True)
    return Place(root, rules=place.rules)


def lenient(given: Sequence[Given], *, without: Collection[Path] = (), with_datasets: bool = True) -> Checked:
    """Read what is given, and find nothing wrong."""
    assert not set(without) & {Path(each.name) for each in given}
    datasets = {}
    for each in given:
        path = Path(each.name)
        dataset = dataset_of(parse_triples(each.data, path=path), path=path)
        if with_datasets:
            datasets[dataset] = canonical_text(each.data.decode(), path=path)
    return Checked(Report(()), datasets)


def note(text: str, thing: NamedNode = PLEDGE) -> Triple:
    """Say something about a thing."""
    return Triple(thing, NOTE, Literal(text, language="en"))


def add_note(text: str, thing: NamedNode = PLEDGE) -> list[StatementEdit]:
    """Add a note in the dataset of commitments."""
    return [StatementEdit(COMMITMENTS, add=frozenset({note(text, thing)}))]


def label(text: str) -> Triple:
    """Name the pledge."""
    return Triple(PLEDGE, LABEL, Literal(text, language="en"))


def relabel(desk: Desk, text: str) -> list[StatementEdit]:
    """Give the pledge another name."""
    said = read_statements(desk.texts().get(COMMITMENTS, ""))
    old = {each for each in said if (each.subject, each.predicate) == (PLEDGE, LABEL)}
    return [StatementEdit(COMMITMENTS, add=frozenset({label(text)}), remove=frozenset(old))]


def given_with(desk: Desk, *triples: Triple, name: str = "mine.ttl") -> Given:
    """Give the dataset of commitments as a file, with more statements."""
    text = desk.texts().get(COMMITMENTS, "") + "".join(f"{each} .\n" for each in triples)
    return Given(name, text.encode(), Form.TURTLE)


def says(desk: Desk, triple: Triple, dataset: NamedNode = COMMITMENTS) -> bool:
    """Tell whether the file of a dataset says something."""
    return triple in read_statements(desk.texts().get(dataset, ""))


def approve_all(place: Place, numbers: Sequence[int]) -> list[int]:
    """Approve what can be approved, and say what that was; may run in a process of its own."""
    desk = place.desk(lenient)
    done = []
    for number in numbers:
        try:
            desk.approve(TWO, number)
        except ConflictError:
            continue
        done.append(number)
    return done
