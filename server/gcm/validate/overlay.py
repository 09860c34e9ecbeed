"""A submission laid over the graph that it stands in, without copying either."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeGuard

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from gcm.validate.finding import Term


def is_node(term: Term) -> TypeGuard[NamedNode | BlankNode]:
    """Tell whether something can be said about a term: literals have no statements."""
    return isinstance(term, NamedNode | BlankNode)


def store_of(quads: Iterable[Quad]) -> Store:
    """Put statements into a store in memory."""
    store = Store()
    store.bulk_extend(quads)
    return store


class Index:
    """Statements in memory, by their subjects, by their values and by their graphs.

    `respelt` are those that a store would spell otherwise, as it spells them: 1.50 becomes 1.5.
    """

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.quads = frozenset(quads)
        self.respelt = _respelt(self.quads)
        self.about: dict[Term, list[Quad]] = defaultdict(list)
        self.references: dict[Term, list[Quad]] = defaultdict(list)
        self.graphs: dict[object, list[Quad]] = defaultdict(list)
        for quad in self.quads:
            self.about[quad.subject].append(quad)
            self.references[quad.object].append(quad)
            self.graphs[quad.graph_name].append(quad)


def _respelt(quads: Iterable[Quad]) -> frozenset[Triple]:
    typed = [quad for quad in quads if isinstance(quad.object, Literal) and not quad.object.language]
    return frozenset(quad.triple for quad in store_of(typed)) - {quad.triple for quad in typed}


@dataclass(frozen=True)
class View:
    """One state of the graph: a store without the graphs that are `hidden`, and what is `added` to it.

    Only named graphs count: the default graph of a version repeats them all.
    """

    store: Store
    hidden: frozenset[NamedNode] = frozenset()
    added: Index | None = None
    _about: dict[Term, Sequence[Quad]] = field(default_factory=dict)

    def about(self, node: Term) -> Sequence[Quad]:
        """Give what is said about a node; a number that is spelt in two ways is there as it was given."""
        if node not in self._about:
            self._about[node] = [*self._find_about(node)]
        return self._about[node]

    def _find_about(self, node: Term) -> Iterator[Quad]:
        respelt = self.added.respelt if self.added is not None else frozenset()
        if is_node(node):
            stored = self._shown(self.store.quads_for_pattern(node, None, None, None))
            yield from (quad for quad in stored if quad.triple not in respelt)
        if self.added is not None:
            yield from self.added.about.get(node, ())

    def references(self, node: Term) -> Iterator[Quad]:
        """Give the statements that have a node as their value."""
        yield from self._shown(self.store.quads_for_pattern(None, None, node, None))
        if self.added is not None:
            yield from self.added.references.get(node, ())

    def having(self, predicate: NamedNode, value: Term) -> Iterator[Quad]:
        """Give the statements that have a value for a property."""
        yield from self._shown(self.store.quads_for_pattern(None, predicate, value, None))
        if self.added is not None:
            yield from (each for each in self.added.references.get(value, ()) if each.predicate == predicate)

    def with_predicate(self, predicate: NamedNode) -> Iterator[Quad]:
        """Give the statements of the store that have a property."""
        return self._shown(self.store.quads_for_pattern(None, predicate, None, None))

    def of_graph(self, graph: NamedNode) -> Iterator[Quad]:
        """Give the statements of one graph."""
        if graph not in self.hidden:  # else all of it would be read, and passed over
            yield from self.store.quads_for_pattern(None, None, None, graph)
        if self.added is not None:
            yield from self.added.graphs.get(graph, ())

    def all(self) -> Iterator[Quad]:
        """Give all statements."""
        yield from self._shown(self.store.quads_for_pattern(None, None, None, None))
        if self.added is not None:
            yield from self.added.quads

    def _shown(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        for quad in quads:
            if quad.graph_name not in self.hidden and not isinstance(quad.graph_name, DefaultGraph):
                yield quad


class Overlay:
    """The states of a graph that a submission makes: before, after, and with what it replaces taken away."""

    def __init__(self, store: Store, quads: Iterable[Quad]) -> None:
        """Lay statements over a store; their graphs take the place of those of the same names."""
        added = Index(quads)
        given = (each for each in added.graphs if isinstance(each, NamedNode))
        self.replaced = frozenset(each for each in given if store.contains_named_graph(each))
        self.before = View(store)
        self.after = View(store, self.replaced, added)
        self.rest = View(store, self.replaced) if self.replaced else self.before
        self.both = View(store, frozenset(), added)

    def changed(self) -> frozenset[Term]:
        """Collect the nodes about which the submission says something new, and its datasets themselves.

        A number that is spelt otherwise is new, and so is each blank node, which has another name.
        """
        added = self.after.added
        assert added is not None  # an overlay always has it
        new = added.quads - self._old
        graphs = (each for each in added.graphs if isinstance(each, NamedNode))
        return frozenset((*(each.subject for each in new), *graphs))

    def removed(self) -> frozenset[Term]:
        """Collect the nodes about which the submission no longer says something that its graphs said.

        Blank nodes are left out: they have new names in each reading.
        """
        added = self.after.added
        assert added is not None  # an overlay always has it
        return frozenset(
            quad.subject
            for quad in self._old
            if quad not in added.quads and isinstance(quad.subject, NamedNode)
        )

    @cached_property
    def _old(self) -> frozenset[Quad]:
        """What the graphs of the submission say before it."""
        return frozenset(quad for graph in self.replaced for quad in self.before.of_graph(graph))
