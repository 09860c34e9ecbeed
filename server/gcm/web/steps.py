"""The steps from version to version: what each changed of a thing or of a dataset."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from pyoxigraph import NamedNode, Quad

from gcm.describe import Graph
from gcm.describe.changed import Sides
from gcm.describe.overlay import Difference
from gcm.errors import UnknownVersionError
from gcm.web.archive import Kept
from gcm.web.memento import in_order
from gcm.web.versions import site


@dataclass(frozen=True)
class Step:
    """From one kept version to the next: what was changed of what the history is about."""

    older: Kept
    newer: Kept
    sides: Sides


Statements = Callable[[Graph], frozenset[Quad]]


def statements_of(iri: NamedNode, *, is_dataset: bool) -> Statements:
    """Give what reads the statements of a dataset, or those about a thing, in one version."""
    if is_dataset:
        return lambda graph: frozenset(graph.store.quads_for_pattern(None, None, None, iri))
    return lambda graph: frozenset(graph.about(iri))


def steps_of(statements: Statements) -> tuple[Step, ...]:
    """List the steps between kept versions that changed these statements, the newest first."""
    return tuple(reversed([*_steps(statements)]))


def _steps(statements: Statements) -> Iterator[Step]:
    read = [(kept, graph, statements(graph)) for kept, graph in _graphs()]
    for (older, before, had), (newer, after, has) in pairwise(read):
        if had != has:
            yield Step(older, newer, Sides(before, after, Difference(has - had, had - has)))


def _graphs() -> Iterator[tuple[Kept, Graph]]:
    """Give the kept versions, the oldest first; those that are removed at this moment are passed over."""
    for each in in_order():
        try:
            yield each, site().kept(each.id).graph
        except UnknownVersionError:
            continue
