"""What a change does, in the words of the forms: thing by thing, property by property, old and new value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from gcm.describe.graph import Graph, Value, natural_order
from gcm.describe.naming import Link, Text, link_to, name_of, property_name, short_name_of, text_of
from gcm.describe.outline import outlines_of, place_of
from gcm.describe.overlay import Difference
from gcm.describe.terms import ABOUT, ACTOR, NOTATION, TYPE


class Deed(Enum):
    """What happens to a thing: it is new, it is said otherwise, or nothing is said of it any more."""

    NEW = "new"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class PropertyChange:
    """A property of a thing: the values that go and those that come."""

    iri: NamedNode
    name: Text
    old: tuple[Link | Text, ...]
    new: tuple[Link | Text, ...]


@dataclass(frozen=True)
class Topics:
    """What a thing is about, of one class; things with public numbers are named by these."""

    kind: Link
    are_numbers: bool
    links: tuple[Link, ...]


@dataclass(frozen=True)
class ThingChange:
    """What happens to one thing. `datasets` are those that say so; `restated` if only they change."""

    thing: Link
    deed: Deed
    kinds: tuple[Link, ...]
    topics: tuple[Topics, ...]
    properties: tuple[PropertyChange, ...]
    datasets: tuple[Link, ...]
    restated: bool


@dataclass(frozen=True)
class ActorChanges:
    """What happens to the things that the same actors give, make or are; without actors to all others."""

    actors: tuple[Link, ...]
    things: tuple[ThingChange, ...]


@dataclass(frozen=True)
class Sides:
    """The graph without a change and with it, and the change."""

    before: Graph
    after: Graph
    difference: Difference

    def reversed(self) -> "Sides":
        """Give the same for who takes the change back."""
        return Sides(self.after, self.before, self.difference.reversed())


def changed_things(difference: Difference) -> tuple[NamedNode, ...]:
    """List the things of which something is said, or no longer said, in the order of their addresses."""
    quads = (*difference.added, *difference.removed)
    found = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
    return tuple(sorted(found, key=natural_order))


def describe_changes(sides: Sides, things: Iterable[NamedNode], *, language: str) -> tuple[ActorChanges, ...]:
    """Say what happens to these things, those of the same actors together, by the names of the actors."""
    wanted = frozenset(things)
    quads = _by_thing(sides.difference, wanted)
    found = [
        (_actors(sides, thing, language=language), _thing(sides, thing, quads[thing], language=language))
        for thing in sorted(quads, key=natural_order)
    ]
    found.sort(key=lambda each: (not each[0], [link.name.text for link in each[0]]))
    return tuple(
        ActorChanges(actors, tuple(thing for _, thing in members))
        for actors, members in groupby(found, key=lambda each: each[0])
    )


_Quads = tuple[list[Quad], list[Quad]]  # those that go, those that come


def _by_thing(difference: Difference, wanted: frozenset[NamedNode]) -> dict[NamedNode, _Quads]:
    found: dict[NamedNode, _Quads] = {}
    for place, quads in enumerate((difference.removed, difference.added)):
        for quad in quads:
            if isinstance(quad.subject, NamedNode) and quad.subject in wanted:
                found.setdefault(quad.subject, ([], []))[place].append(quad)
    return found


def _thing(sides: Sides, thing: NamedNode, quads: _Quads, *, language: str) -> ThingChange:
    removed, added = quads
    kept = {quad.triple for quad in removed} & {quad.triple for quad in added}
    deed = _deed(sides, thing)
    graph = sides.before if deed is Deed.REMOVED else sides.after
    predicates = {quad.predicate for quad in (*removed, *added) if quad.triple not in kept}
    if deed is not Deed.CHANGED:
        predicates -= {TYPE}  # its class is said in its heading
    datasets = {quad.graph_name for quad in (*removed, *added) if isinstance(quad.graph_name, NamedNode)}
    return ThingChange(
        thing=link_to(graph, thing, language=language),
        deed=deed,
        kinds=tuple(link_to(graph, each, language=language) for each in graph.types(thing)),
        topics=_topics(graph, thing, language=language),
        properties=_properties(sides, graph, thing, predicates, quads, language=language),
        datasets=tuple(
            link_to(sides.after, each, language=language) for each in sorted(datasets, key=natural_order)
        ),
        restated=not predicates and bool(kept),
    )


def _deed(sides: Sides, thing: NamedNode) -> Deed:
    if not sides.before.knows(thing):
        return Deed.NEW
    return Deed.CHANGED if sides.after.knows(thing) else Deed.REMOVED


def _properties(
    sides: Sides,
    graph: Graph,
    thing: NamedNode,
    predicates: Iterable[NamedNode],
    quads: _Quads,
    *,
    language: str,
) -> tuple[PropertyChange, ...]:
    outlines = outlines_of(graph, graph.types(thing))
    ordered = sorted(predicates, key=lambda each: place_of(graph, outlines.get(each), each))
    removed, added = quads
    return tuple(
        PropertyChange(
            iri=each,
            name=property_name(graph, each, outline=outlines.get(each), language=language),
            old=_values(sides.before, removed, each, without=added, language=language),
            new=_values(sides.after, added, each, without=removed, language=language),
        )
        for each in ordered
    )


def _values(
    graph: Graph, quads: Sequence[Quad], predicate: NamedNode, *, without: Sequence[Quad], language: str
) -> tuple[Link | Text, ...]:
    """Give the values on one side; what the other side has too is only said by another dataset."""
    others = {quad.triple for quad in without}
    chosen = (quad for quad in quads if quad.predicate == predicate and quad.triple not in others)
    values = {each.object for each in chosen if isinstance(each.object, NamedNode | BlankNode | Literal)}
    return tuple(_shown(graph, each, language=language) for each in sorted(values, key=_value_order))


def _value_order(value: Value) -> tuple[int, object]:
    return (1, natural_order(value)) if isinstance(value, NamedNode) else (0, str(value))


def _shown(graph: Graph, value: Value, *, language: str) -> Link | Text:
    if isinstance(value, Literal):
        return text_of(value, language=language)
    if isinstance(value, NamedNode):
        return link_to(graph, value, language=language)
    return name_of(graph, value, language=language)


def _actors(sides: Sides, thing: NamedNode, *, language: str) -> tuple[Link, ...]:
    """Give the actors that a thing belongs to: itself, or the values of the first property that has some."""
    graph = sides.after if sides.after.knows(thing) else sides.before
    if _is_actor(graph, thing):
        return (link_to(graph, thing, language=language),)
    outlines = outlines_of(graph, graph.types(thing)).values()
    for each in sorted(outlines, key=lambda one: (not one.is_required, place_of(graph, one, one.path))):
        values = graph.values(thing, each.path)
        actors = [one for one in values if isinstance(one, NamedNode) and _is_actor(graph, one)]
        if actors:
            return tuple(link_to(graph, one, language=language) for one in sorted(actors, key=natural_order))
    return ()


def _is_actor(graph: Graph, thing: NamedNode) -> bool:
    return any(ACTOR in graph.superclasses(each) for each in graph.types(thing))


def _topics(graph: Graph, thing: NamedNode, *, language: str) -> tuple[Topics, ...]:
    """Give what a thing is about, by class; what has no class is passed over."""
    found: dict[NamedNode, list[NamedNode]] = {}
    about = (each for each in graph.values(thing, ABOUT) if isinstance(each, NamedNode))
    for topic in sorted(about, key=natural_order):
        for kind in graph.types(topic)[:1]:
            found.setdefault(kind, []).append(topic)
    return tuple(
        _of_kind(graph, kind, topics, language=language)
        for kind, topics in sorted(found.items(), key=lambda each: natural_order(each[0]))
    )


def _of_kind(graph: Graph, kind: NamedNode, topics: Sequence[NamedNode], *, language: str) -> Topics:
    are_numbers = all(graph.values(each, NOTATION) for each in topics)
    name = short_name_of if are_numbers else name_of
    links = tuple(Link(each, name(graph, each, language=language)) for each in topics)
    return Topics(link_to(graph, kind, language=language), are_numbers, links)
