"""Only what changes is looked at: the same is found of it as by a check of the whole dataset."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

import pytest
from gcm.layout import find_sources
from gcm.load import read_graph_file
from gcm.validate import Options
from gcm.validate.context import Context
from gcm.validate.engine import Engine
from gcm.validate.finding import Finding, Term
from gcm.validate.run import check
from gcm.vocab import BASE, DATASET, PREFIXES
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from tests.validate.graph import ROOT, WORLD
from tests.validate.submissions import DATASET as DATASET_HEADER
from tests.validate.submissions import HEADER, PLEDGE, turtle

SOURCES = find_sources(ROOT)
SUBMITTED = NamedNode(DATASET + "submitted")
PLEDGES = NamedNode(PREFIXES["gcm"] + "Pledge")
TYPE = NamedNode(PREFIXES["rdf"] + "type")
UNSOURCED = "8001 Thing-wasDerivedFrom"
OTHER = PLEDGE.replace("8001", "8002").replace("look further", "look nearer")

SOURCE, REPLACED = "prov:wasDerivedFrom document:901", "dcterms:isReplacedBy pledge:8002"
PUBLISHED = HEADER + DATASET_HEADER + PLEDGE.replace(SOURCE, REPLACED) + OTHER

Quads = frozenset[Quad]


@dataclass(frozen=True)
class Real:
    """Our own graph."""

    context: Context
    datasets: dict[NamedNode, Quads]
    before: Callable[[NamedNode], set[Finding]]


@pytest.fixture(scope="module")
def real() -> Real:
    """Read our own graph; `before` is what a check of each whole dataset says of it as it is."""
    files = [read_graph_file(path, sources=SOURCES) for path in SOURCES.files]
    context = Context.of_files(files, checks=SOURCES.checks, folder=ROOT / "shapes")
    data = [each for each in files if each.graph.value.startswith(DATASET)]
    graphs = {
        each.graph: frozenset(context.store.quads_for_pattern(None, None, None, each.graph)) for each in data
    }
    return Real(context, graphs, cache(lambda graph: found_in(context, graphs[graph])))


def found_in(context: Context, quads: Quads, *, only_changes: bool = False) -> set[Finding]:
    return set(engine_of(context, quads, only_changes=only_changes).find())


def engine_of(context: Context, quads: Quads, *, only_changes: bool = False) -> Engine:
    return Engine(quads, context, rules=context.rules, progress=lambda _: None, only_changes=only_changes)


def edited(quads: Quads, random: Random) -> Quads:
    """Make one to three random changes, most of them faults."""
    for _ in range(random.randint(1, 3)):
        quads = random.choice(EDITS)(quads, random)
    return quads


def chosen(quads: Quads, random: Random) -> Quad:
    return random.choice(sorted(quads, key=str))


def without_statement(quads: Quads, random: Random) -> Quads:
    return quads - {chosen(quads, random)}


def with_other_value(quads: Quads, random: Random) -> Quads:
    old, other = chosen(quads, random), chosen(quads, random)
    return (quads - {old}) | {placed(old, other.object)}


def placed(old: Quad, value: Term) -> Quad:
    return Quad(old.subject, old.predicate, value, old.graph_name)


def without_thing(quads: Quads, random: Random) -> Quads:
    """Take away what is said of something that others refer to, if anything is."""
    values = {each.object for each in quads}
    things = {each for each in quads if each.subject in values and each.predicate == TYPE} or quads
    gone = chosen(frozenset(things), random).subject
    return frozenset(each for each in quads if each.subject != gone)


def with_double(quads: Quads, random: Random) -> Quads:
    """Say all that is said of one thing of another, new one too."""
    first = chosen(quads, random).subject
    second = NamedNode(f"{BASE}id/pledge/{random.randint(90_000, 99_999)}")
    double = (each for each in quads if each.subject == first)
    return quads | {Quad(second, each.predicate, each.object, each.graph_name) for each in double}


def with_other_type(quads: Quads, random: Random) -> Quads:
    old = chosen(frozenset(each for each in quads if each.predicate == TYPE), random)
    return (quads - {old}) | {placed(old, PLEDGES)}


EDITS = (without_statement, with_other_value, without_thing, with_double, with_other_type)


def expected(real: Real, graph: NamedNode, after: Quads, touched: frozenset[Term]) -> Iterator[Finding]:
    """Give what a check of the whole dataset says of what is touched, and whatever it did not say before."""
    for each in found_in(real.context, after):
        is_of_a_shape = each.component is not None
        is_about = each.focus in touched or (is_of_a_shape and each.value in touched)
        if is_about or each not in real.before(graph):
            yield each


@pytest.mark.server  # slow: whole datasets are checked
@pytest.mark.parametrize("seed", range(40))
def test_of_changes_the_same_is_found_as_by_a_check_of_the_dataset(seed: int, real: Real) -> None:
    random = Random(seed)
    small = sorted((each for each, quads in real.datasets.items() if len(quads) < 800), key=str)
    graph = random.choice(small)
    after = edited(real.datasets[graph], random)
    engine = engine_of(real.context, after, only_changes=True)
    assert set(engine.find()) == set(expected(real, graph, after, engine.nodes))
    touched = {each.subject for each in after ^ real.datasets[graph]}
    assert engine.nodes == touched | {graph}


@pytest.fixture(scope="module")
def published() -> Context:
    """Take the tiny world, and in it a dataset of a pledge without a source, and of another one."""
    files = [read_graph_file(path, sources=WORLD) for path in WORLD.files]
    context = Context.of_files(files, checks=WORLD.checks, folder=ROOT / "shapes")
    triples = parse(PUBLISHED, format=RdfFormat.TURTLE)
    context.store.extend(Quad(each.subject, each.predicate, each.object, SUBMITTED) for each in triples)
    return context


def rules_told(text: str, context: Context, *, only_changes: bool) -> set[str]:
    """Name the thing and the rule of each result."""
    report = check([turtle(text)], context, options=Options(only_changes=only_changes)).report
    return {f"{last_step(each.focus)} {last_step(each.source)}" for each in report.results}


def last_step(iri: str) -> str:
    return iri.rpartition("/")[2]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("", "", set()),  # what is there was told when it was published
        ("nearer", "nearest", set()),
        ('"Submitted"@en', '"Submitted again"@en', set()),  # the dataset is not empty
        (
            "place:ZZA",
            "place:QQQ",
            {"8001 link-to-nothing", "8001 Commitment-isMadeBy", UNSOURCED},
        ),
        (OTHER, "", {"8001 link-to-nothing"}),  # what referred to it is told, though it stays
    ],
)
def test_what_stays_is_told_only_of_what_the_change_brings(
    old: str, new: str, told: set[str], published: Context
) -> None:
    text = PUBLISHED.replace(old, new, 1) if old else PUBLISHED
    assert rules_told(text, published, only_changes=True) == told
    assert rules_told(text, published, only_changes=False) >= {*told, UNSOURCED}
