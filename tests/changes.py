"""Changes of the invented world for tests: drawn at random with a seed, or written as Turtle."""

import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from gcm.describe.overlay import Difference
from gcm.vocab import DATASET, PREFIXES
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

_PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())


def quads_of(text: str, *, dataset: str = "world-commitments") -> frozenset[Quad]:
    """Read statements of a dataset; the prefixes of the graph are known."""
    found = parse((_PREFIXES + text).encode(), RdfFormat.TURTLE)
    graph = NamedNode(DATASET + dataset)
    return frozenset(Quad(each.subject, each.predicate, each.object, graph) for each in found)


def claims(store: Store) -> Sequence[Quad]:
    """Give the statements of the datasets, in a fixed order."""
    graphs = (quad for quad in store if isinstance(quad.graph_name, NamedNode))
    return sorted((quad for quad in graphs if quad.graph_name.value.startswith(DATASET)), key=str)


def draw(store: Store, *, seed: int, count: int = 2) -> Difference:
    """Change some statements at random: other words, another thing, or nothing in their place."""
    rng = random.Random(seed)
    known = claims(store)
    removed = rng.sample(known, count)
    added = frozenset(one for each in removed if (one := _instead(each, known, rng)))
    return Difference(added - frozenset(removed), frozenset(removed) - added)


def _instead(quad: Quad, known: Iterable[Quad], rng: random.Random) -> Quad | None:
    if isinstance(quad.object, Literal) and quad.object.language:
        words = Literal(f"{quad.object.value} or so", language=quad.object.language)
        return Quad(quad.subject, quad.predicate, words, quad.graph_name)
    others = [
        each.object for each in known if each.predicate == quad.predicate and each.object != quad.object
    ]
    if isinstance(quad.object, NamedNode) and others:
        return Quad(quad.subject, quad.predicate, rng.choice(others), quad.graph_name)
    return None


def changed_store(store: Store, difference: Difference, *, folder: Path) -> Store:
    """Make the store that the change leads to, as a version is: each statement also in the merge."""
    named = {quad for quad in store if quad.graph_name != DefaultGraph()}
    named = (named - difference.removed) | difference.added
    made = Store(str(folder))
    made.bulk_extend(named)
    made.bulk_extend({Quad(each.subject, each.predicate, each.object) for each in named})
    return made
