"""A graph as it would be: the statements of a version, and a change that was not made to it.

Names and descriptions of what is only proposed are read here, without a store of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from gcm.describe.graph import UNION
from gcm.query import Statements

Subject = NamedNode | BlankNode | Triple
Object = NamedNode | BlankNode | Literal | Triple
GraphName = NamedNode | BlankNode | DefaultGraph


@dataclass(frozen=True)
class Difference:
    """Statements that come and statements that go, each in the graph of its dataset."""

    added: frozenset[Quad] = frozenset()
    removed: frozenset[Quad] = frozenset()

    def reversed(self) -> "Difference":
        """Give the change that takes this one back."""
        return Difference(self.removed, self.added)

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return bool(self.added or self.removed)


class Overlay:
    """The statements of a store with a change made to them; the store stays as it is."""

    def __init__(self, store: Statements, change: Difference) -> None:
        self._store = store
        self._gone = change.removed - change.added
        self._added = tuple(_with_merge(change.added))
        self._by_subject = _index(self._added, lambda quad: quad.subject)
        self._by_object = _index(self._added, lambda quad: quad.object)
        self._lost = frozenset(quad.triple for quad in self._gone if not self._is_said_elsewhere(quad))

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: NamedNode | None,
        object: Object | None,  # noqa: A002  # pyoxigraph's own name
        graph_name: GraphName | None = None,
    ) -> Iterator[Quad]:
        """Give the statements that match; None matches everything."""
        wanted = (subject, predicate, object, graph_name)
        seen = set()
        for quad in self._store.quads_for_pattern(*wanted):
            if not self._is_gone(quad):
                seen.add(quad)
                yield quad
        for quad in self._candidates(subject, object):
            if quad not in seen and _fits(quad, wanted):
                yield quad

    def query(self, *_: object, **__: object) -> NoReturn:
        """Refuse: what is only proposed is read by pattern. Raises RuntimeError, as an engine does."""
        raise RuntimeError("Statements that are only proposed are read by pattern, not by a query")

    def _candidates(self, subject: Subject | None, value: Object | None) -> Sequence[Quad]:
        if subject is not None:
            return self._by_subject.get(subject, ())
        return self._added if value is None else self._by_object.get(value, ())

    def _is_gone(self, quad: Quad) -> bool:
        return quad.triple in self._lost if quad.graph_name == UNION else quad in self._gone

    def _is_said_elsewhere(self, quad: Quad) -> bool:
        """Whether another dataset states what this one no longer does."""
        others = self._store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        return any(each.graph_name != UNION and each not in self._gone for each in others) or any(
            each.triple == quad.triple for each in self._by_subject.get(quad.subject, ())
        )


def _with_merge(quads: Iterable[Quad]) -> dict[Quad, None]:
    """Give each statement in its dataset and in the merge, once."""
    ordered = sorted(quads, key=str)
    return dict.fromkeys(each for quad in ordered for each in (quad, _merged(quad)))


def _merged(quad: Quad) -> Quad:
    return Quad(quad.subject, quad.predicate, quad.object, UNION)


def _index(quads: Iterable[Quad], part: Callable[[Quad], object]) -> dict[object, list[Quad]]:
    found: dict[object, list[Quad]] = {}
    for quad in quads:
        found.setdefault(part(quad), []).append(quad)
    return found


def _fits(
    quad: Quad, wanted: tuple[Subject | None, NamedNode | None, Object | None, GraphName | None]
) -> bool:
    parts = (quad.subject, quad.predicate, quad.object, quad.graph_name)
    return all(asked is None or asked == part for asked, part in zip(wanted, parts, strict=True))
