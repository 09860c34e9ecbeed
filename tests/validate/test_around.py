"""What a submission touches is all that decides: the same is found as by a check of everything."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from gcm.errors import SourceError
from gcm.load import read_graph_file
from gcm.turtle import read_triples
from gcm.validate.checks import run_check
from gcm.validate.context import Context, Rules
from gcm.validate.engine import Engine
from gcm.validate.finding import Finding, Term
from gcm.validate.overlay import Overlay, View, store_of
from gcm.validate.shacl import find_faults
from gcm.validate.ways import follow, read_way
from gcm.vocab import DATASET, ONTOLOGY, PREFIXES, SHAPES
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from tests.validate.graph import ROOT, WORLD

CASES = sorted((ROOT / "tests" / "shapes").glob("*/*.ttl"))
OF_CHECKS = [path for path in CASES if path.parent.name == "checks"]
#: The cases of the checks that look further than at what is submitted and its values.
LOOKING_AROUND = [
    path
    for path in OF_CHECKS
    if "#+ around:" in (ROOT / "shapes" / "checks" / f"{path.stem.removeprefix('invalid.')}.rq").read_text()
]
SUBMITTED = NamedNode(DATASET + "submitted")
OTHER = NamedNode(DATASET + "other")

Quads = frozenset[Quad]


@dataclass(frozen=True)
class World:
    """The tiny invented graph and our rules."""

    rules: Rules
    quads: tuple[Quad, ...]


@pytest.fixture(scope="module")
def world() -> World:
    """Read the tiny world of the tests."""
    files = [read_graph_file(path, sources=WORLD) for path in WORLD.files]
    rules = Context.of_files(files, checks=WORLD.checks, folder=ROOT / "shapes").rules
    stored = store_of(placed(each.triple, file.graph) for file in files for each in file.triples)
    return World(rules, tuple(sorted(stored, key=str)))  # numbers as a store spells them


@dataclass(frozen=True)
class Split:
    """What the graph holds before, what is submitted to it, and the graph that this makes."""

    name: str
    before: Quads
    submitted: Quads
    after: Quads


@dataclass(frozen=True)
class Share:
    """What of a case is submitted, what stands in the graph, what an edition before said, and where from."""

    graph: NamedNode
    submitted: Quads
    rest: Quads
    moved: Quads = frozenset()
    old: Quads = frozenset()


def share(path: Path, world: World, random: Random) -> Share:
    """Share the statements of a case out: some things stand in the graph, some are submitted.

    Half of the submissions are new; half are a new edition of a dataset that said something else: it had
    other values, and spoke of things that are gone now.
    """
    graph = NamedNode(f"{SUBMITTED.value}-{path.parent.name}-{path.stem}")
    things = by_subject(each.triple for each in read_triples(path))
    chosen = [subject for subject in things if random.random() < 0.5] or [next(iter(things))]
    submitted = frozenset(placed(triple, graph) for subject in chosen for triple in things[subject])
    others = [subject for subject in things if subject not in chosen]
    rest = frozenset(placed(triple, OTHER) for subject in others for triple in things[subject])
    if random.random() >= 0.5:
        return Share(graph, submitted, rest)
    gone = frozenset(each for each in sorted(rest, key=str) if random.random() < 0.7)
    kept = frozenset(each for each in sorted(submitted, key=str) if random.random() < 0.7)
    moved = frozenset(random.sample([each for each in world.quads if is_of_data(each)], 10))
    old = frozenset(placed(each.triple, graph) for each in gone | kept | moved)
    return Share(graph, submitted, rest - gone, moved, old)


def splits(paths: Iterable[Path], world: World, *, seed: str = "") -> Iterator[Split]:
    """Submit each of some cases to the graph in which all others stand: no two cases share a thing.

    They all make the same graph, so that what is found in all of it need be asked only once.
    """
    shares = [share(path, world, Random(f"{seed}{path.stem}")) for path in paths]
    data = frozenset(world.quads).difference(*(each.moved for each in shares))
    after = data.union(*(each.rest | each.submitted for each in shares))
    for each in shares:
        yield Split(each.graph.value, (after - each.submitted) | each.old, each.submitted, after)


def groups(paths: Sequence[Path]) -> list[Sequence[Path]]:
    """Put some twelve cases of several areas together."""
    count = -(-len(paths) // 12)
    return [paths[first::count] for first in range(count)]


def is_of_data(quad: Quad) -> bool:
    return quad.graph_name not in (ONTOLOGY, SHAPES) and not isinstance(quad.subject, BlankNode)


def by_subject(triples: Iterable[Triple]) -> dict[Term, list[Triple]]:
    found: dict[Term, list[Triple]] = {}
    for triple in triples:
        found.setdefault(triple.subject, []).append(triple)
    return found


def placed(triple: Triple, graph: NamedNode) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def engine_of(case: Split, world: World) -> Engine:
    context = Context(world.rules, open_store=lambda: store_of(case.before))
    return Engine(case.submitted, context, rules=world.rules, progress=lambda _: None)


class Everything:
    """What is found by looking at all of a graph, which a look around a submission is compared with.

    Of several submissions that make one graph, this is looked at once.
    """

    def __init__(self, world: World) -> None:
        self._rules = world.rules
        self._after: Quads = frozenset()
        self._by_checks: set[Finding] = set()
        self._by_shapes: list[Finding] | None = None

    def of_checks(self, case: Split, nodes: frozenset[Term]) -> set[Finding]:
        """Run the checks on everything: before, after, and without what is replaced."""
        self._look_at(case.after)
        if all(each.focus in nodes for each in self._by_checks):
            return self._by_checks
        graphs = {each.graph_name for each in case.submitted}
        rest = frozenset(each for each in case.before if each.graph_name not in graphs)
        old = self._run_checks(case.before)
        if rest != case.before:
            old &= self._run_checks(rest)
        return {each for each in self._by_checks if each.focus in nodes or each not in old}

    def of_shapes(self, case: Split, nodes: frozenset[Term]) -> set[Finding]:
        """Check every node of the graph as it is after the submission."""
        self._look_at(case.after)
        if self._by_shapes is None:
            data = dict.fromkeys(each.triple for each in case.after if each.graph_name != SHAPES)
            self._by_shapes = find_faults(data, self._rules.shapes, folder=ROOT)
        return {each for each in self._by_shapes if each.focus in nodes or each.value in nodes}

    def _look_at(self, after: Quads) -> None:
        if after is not self._after:
            self._after, self._by_shapes = after, None
            self._by_checks = self._run_checks(after)

    def _run_checks(self, quads: Quads) -> set[Finding]:
        store = store_of(quads)
        return {found for check in self._rules.checks for found in run_check(store, check)}


def test_checks_find_around_a_submission_what_they_find_in_everything(world: World) -> None:
    everything = Everything(world)
    for case in splits(LOOKING_AROUND, world):
        engine = engine_of(case, world)
        assert set(engine.run_checks()) == everything.of_checks(case, engine.nodes), case.name


@pytest.mark.server  # slow: some 100 checks of everything
@pytest.mark.parametrize("path", OF_CHECKS, ids=lambda path: path.stem)
def test_checks_find_around_each_thing_what_they_find_in_everything(path: Path, world: World) -> None:
    """Each thing of a case is submitted alone, and the rest stands in the graph."""
    things = by_subject(each.triple for each in read_triples(path))
    for subject in things:
        submitted = frozenset(placed(triple, SUBMITTED) for triple in things[subject])
        others = frozenset(
            placed(triple, OTHER) for each in things if each != subject for triple in things[each]
        )
        before = others.union(world.quads)
        case = Split(str(subject), before, submitted, before | submitted)
        engine = engine_of(case, world)
        assert set(engine.run_checks()) == Everything(world).of_checks(case, engine.nodes), case.name


@pytest.mark.server  # slow: each case is checked, and everything for each group of them
@pytest.mark.parametrize("paths", groups(CASES), ids=lambda paths: f"{paths[0].parent.name}-{paths[0].stem}")
def test_rules_find_around_a_submission_what_they_find_in_everything(
    paths: Sequence[Path], world: World
) -> None:
    everything = Everything(world)
    for case in splits(paths, world, seed="rules "):
        engine = engine_of(case, world)
        assert set(engine.run_checks()) == everything.of_checks(case, engine.nodes), case.name
        assert set(engine.run_shapes()) == everything.of_shapes(case, engine.nodes), case.name


@pytest.mark.server  # slow: each is a check of everything
@pytest.mark.parametrize("seed", range(12))
def test_rules_find_in_shuffled_worlds_what_they_find_in_everything(seed: int, world: World) -> None:
    """A few statements of the world have a value of another one, and many stand in the submission."""
    random = Random(seed)
    data = [each for each in world.quads if is_of_data(each)]
    values = [each.object for each in data]
    wrong = [
        Quad(each.subject, each.predicate, random.choice(values), each.graph_name)
        for each in random.sample(data, 8)
    ]
    things = {each.subject for each in random.sample(data, 15)} | {each.subject for each in wrong}
    submitted = frozenset(
        placed(each.triple, SUBMITTED) for each in [*data, *wrong] if each.subject in things
    )
    old = random.sample(sorted(submitted, key=str), len(submitted) // 2) if seed % 2 else []
    case = Split(str(seed), frozenset(world.quads).union(old), submitted, frozenset(world.quads) | submitted)
    engine, everything = engine_of(case, world), Everything(world)
    assert set(engine.run_checks()) == everything.of_checks(case, engine.nodes)
    assert set(engine.run_shapes()) == everything.of_shapes(case, engine.nodes)


def iri(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def quads(text: str) -> Iterator[Quad]:
    """Write quads as `event:1 dcterms:isPartOf event:2 gcmd:a`, one a line."""
    for line in text.strip().splitlines():
        subject, predicate, value, graph = map(iri, line.split())
        yield Quad(subject, predicate, value, graph)


CHAIN = """
event:1 dcterms:isPartOf event:2 gcmd:a
event:2 dcterms:isPartOf event:3 gcmd:b
event:3 dcterms:isPartOf event:1 gcmd:c
event:4 dcterms:isPartOf event:2 gcmd:c
"""


@pytest.mark.parametrize(
    ("way", "reached"),
    [
        ("dcterms:isPartOf", {"event:2"}),
        ("^dcterms:isPartOf", {"event:3"}),
        ("dcterms:isPartOf+", {"event:2", "event:3", "event:1"}),  # a circle ends
        ("dcterms:isPartOf/^dcterms:isPartOf", {"event:2", "event:1", "event:4"}),  # all on the way
        ("dcterms:title", set()),
    ],
)
def test_ways_lead_to_what_they_say(way: str, reached: set[str]) -> None:
    view = View(store_of(quads(CHAIN)))
    assert follow(read_way(way, path=ROOT), [iri("event:1")], view) == {iri(each) for each in reached}


@pytest.mark.parametrize("text", ["isPartOf", "nobody:isPartOf", "dcterms:isPartOf//dcterms:title", "+"])
def test_a_way_of_unknown_steps_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="is no step of a way"):
        read_way(text, path=ROOT)


def test_an_overlay_shows_each_state_of_the_graph() -> None:
    submitted = [*quads("event:2 dcterms:isPartOf event:9 gcmd:b")]
    overlay = Overlay(store_of(quads(CHAIN)), submitted)
    states = (overlay.before, overlay.after, overlay.rest, overlay.both)
    wholes = [{quad.object for quad in view.about(iri("event:2"))} for view in states]
    assert wholes == [{iri("event:3")}, {iri("event:9")}, set(), {iri("event:3"), iri("event:9")}]
    assert [len([*view.all()]) for view in states] == [4, 4, 3, 5]
    assert [len([*view.references(iri("event:3"))]) for view in states] == [1, 0, 0, 1]
    assert overlay.removed() == {iri("event:2")}
    assert overlay.replaced == {iri("gcmd:b")}


def test_a_number_that_two_datasets_spell_in_two_ways_is_one() -> None:
    amount = iri("gcm:amount")
    spelt = [Literal(text, datatype=iri("xsd:decimal")) for text in ("1.50", "1.5")]
    first, second = (
        Quad(iri("pledge:1"), amount, value, iri(graph))
        for value, graph in zip(spelt, ("gcmd:a", "gcmd:b"), strict=True)
    )
    overlay = Overlay(store_of([second]), [first])
    assert [each.object for each in overlay.after.about(iri("pledge:1"))] == [spelt[0]]
    assert [each.object for each in overlay.rest.about(iri("pledge:1"))] == [spelt[1]]
