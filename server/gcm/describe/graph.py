"""The statements of one version, read by pattern.

This is the one place where descriptions touch the engine.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import TypeVar, cast

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from gcm.describe.terms import DATASET, FIRST, REST, SUBCLASS_OF, TYPE
from gcm.query import Statements

Value = NamedNode | BlankNode | Literal
Node = NamedNode | BlankNode

#: How many answers of each kind are remembered; a version never changes, so they stay true.
REMEMBERED = 16_384

#: How many things' statements are remembered; reading all of a thing at once costs half of reading its parts.
REMEMBERED_THINGS = 4_096

#: The store keeps every statement twice: in the graph of its dataset, and here, where each stands once.
UNION = DefaultGraph()

#: Of how many things it is remembered who states what: a page asks twice for its own.
REMEMBERED_WHOLE = 256

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")

#: Longer numbers are read in parts: Python reads no numbers of thousands of digits.
_DIGITS = re.compile("([0-9]{1,18})")


class Graph:
    """One version's statements; what does not change with the reader is remembered.

    In `folder` may lie what was counted of them (`gcm.describe.counted`).
    """

    def __init__(self, store: Statements, *, folder: Path | None = None) -> None:
        self.store = store
        self.folder = folder
        self._find: Callable[[Callable[[Graph, Key], object], Key], object] = lru_cache(REMEMBERED)(
            lambda find, key: find(self, key)
        )
        self.properties: Callable[[Node], Mapping[NamedNode, tuple[Value, ...]]] = lru_cache(
            REMEMBERED_THINGS
        )(self._read_properties)
        self.about: Callable[[Node], tuple[Quad, ...]] = lru_cache(REMEMBERED_WHOLE)(self._about)
        self.types: Callable[[Node], tuple[NamedNode, ...]] = lru_cache(REMEMBERED_THINGS)(self._types)
        self.superclasses: Callable[[NamedNode], tuple[NamedNode, ...]] = lru_cache(REMEMBERED)(
            self._superclasses
        )

    def remember(self, find: Callable[["Graph", Key], Found], key: Key) -> Found:
        """Give what `find` finds for this key, asking again only when much else was asked since."""
        return cast(Found, self._find(find, key))  # what `find` returns is what is remembered for it

    def _about(self, subject: Node) -> tuple[Quad, ...]:
        """Every statement with this subject, once for each dataset that makes it."""
        quads = self.store.quads_for_pattern(subject, None, None, None)
        return tuple(quad for quad in quads if isinstance(quad.graph_name, NamedNode))

    def links_to(self, value: Value, *, predicate: NamedNode | None = None) -> Iterator[Quad]:
        """Every statement with this value, once, whoever makes it; read as far as the caller goes."""
        return iter(self.store.quads_for_pattern(None, predicate, value, UNION))

    def knows(self, iri: NamedNode) -> bool:
        """Whether any dataset says something about this IRI."""
        return bool(self.properties(iri))

    def values(self, subject: Node, predicate: NamedNode) -> tuple[Value, ...]:
        """Give the values of a property, each once, in the engine's order."""
        return self.properties(subject).get(predicate, ())

    def value(self, subject: Node, predicate: NamedNode) -> Value | None:
        """Give the first value of a property, in the engine's order."""
        return next(iter(self.values(subject, predicate)), None)

    def with_parts(self, node: Node) -> tuple[Quad, ...]:
        """Every statement with this subject, and with the nodes without a name that it leads to."""
        nodes = [node]
        found: list[Quad] = []
        for each in nodes:
            quads = self.about(each)
            found.extend(quads)
            objects = (quad.object for quad in quads)
            nodes.extend(one for one in objects if isinstance(one, BlankNode) and one not in nodes)
        return tuple(found)

    def members(self, node: Value) -> tuple[Value, ...]:
        """Give the members of an RDF list; of anything else, itself."""
        found: list[Value] = []
        passed = {node}
        while isinstance(node, BlankNode) and (first := self.value(node, FIRST)) is not None:
            found.append(first)
            following = self.value(node, REST)
            if following is None or following in passed:
                break
            passed.add(following)
            node = following
        return tuple(found) or (node,)

    def subjects(self, predicate: NamedNode, value: Value) -> tuple[NamedNode, ...]:
        """Give the things with this value of the property, each once, in the order of their addresses."""
        found = {quad.subject for quad in self.links_to(value, predicate=predicate)}
        return tuple(sorted((each for each in found if isinstance(each, NamedNode)), key=natural_order))

    def subjects_of(self, kind: NamedNode, *, dataset: NamedNode) -> tuple[NamedNode, ...]:
        """Give the things that one dataset says are of this class, in the order of their addresses."""
        found = {quad.subject for quad in self.store.quads_for_pattern(None, TYPE, kind, dataset)}
        return tuple(sorted((each for each in found if isinstance(each, NamedNode)), key=natural_order))

    def instances(self, kind: NamedNode) -> tuple[NamedNode, ...]:
        """Give the things of this class and of the classes below it, in the order of their addresses."""
        found = {thing for each in self.subclasses(kind) for thing in self.subjects(TYPE, each)}
        return tuple(sorted(found, key=natural_order))

    def subclasses(self, kind: NamedNode) -> tuple[NamedNode, ...]:
        """Give the class itself and all classes below it."""
        return _closure(kind, lambda each: self.subjects(SUBCLASS_OF, each))

    @cached_property
    def datasets(self) -> tuple[NamedNode, ...]:
        """The datasets that make up this version, in the order of their addresses."""
        return self.subjects(TYPE, DATASET)

    def _read_properties(self, subject: Node) -> Mapping[NamedNode, tuple[Value, ...]]:
        found: dict[NamedNode, list[Value]] = {}
        for quad in self.store.quads_for_pattern(subject, None, None, UNION):
            value = quad.object
            if not isinstance(value, Triple):
                found.setdefault(quad.predicate, []).append(value)
        return {predicate: tuple(values) for predicate, values in found.items()}

    def _types(self, subject: Node) -> tuple[NamedNode, ...]:
        return tuple(each for each in self.values(subject, TYPE) if isinstance(each, NamedNode))

    def _superclasses(self, kind: NamedNode) -> tuple[NamedNode, ...]:
        """Give the class itself and all classes above it, the nearest first."""
        return _closure(kind, lambda each: _nodes(self.values(each, SUBCLASS_OF)))


def _nodes(values: Iterable[Value]) -> tuple[NamedNode, ...]:
    return tuple(each for each in values if isinstance(each, NamedNode))


def _closure(start: NamedNode, step: Callable[[NamedNode], Iterable[NamedNode]]) -> tuple[NamedNode, ...]:
    found = [start]
    for each in found:
        found.extend(other for other in step(each) if other not in found)
    return tuple(found)


def natural_order(iri: NamedNode) -> tuple[list[str | int], str]:
    """Give a sorting key that puts objective/2 before objective/10; words and numbers take turns in it."""
    parts: list[str | int] = [*_DIGITS.split(iri.value)]
    parts[1::2] = map(int, islice(parts, 1, None, 2))
    return parts, iri.value
