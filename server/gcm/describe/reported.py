"""Figures that documents report, beside what this graph can name: unknown is not none."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from gcm.describe.graph import Graph
from gcm.describe.naming import Link, Text, choose_text, link_to
from gcm.describe.origin import Origin, origin_of
from gcm.describe.terms import (
    ABOUT,
    AS_OF,
    BODY_OF,
    COUNT,
    COUNT_OF,
    EVENT_KIND,
    IN_REGION,
    QUALIFIER,
    REPORTED_FIGURE,
    SERVICE,
    UNIT,
    VALUE,
)


@dataclass(frozen=True)
class Reported:
    """A figure of a document; `known` is how many such things the graph names, if it counts things."""

    figure: Link
    value: Text
    unit: Link | None
    qualifier: Link | None
    as_of: Text | None
    kind: Link | None
    known: int | None
    origins: tuple[Origin, ...]


def reported_figure(graph: Graph, figure: NamedNode, *, language: str) -> Reported | None:
    """Give a reported figure; None if the IRI is not one, or its value is missing."""
    value = choose_text(graph.values(figure, VALUE), language=language)
    if REPORTED_FIGURE not in graph.types(figure) or value is None:
        return None
    quads = graph.about(figure)
    datasets = dict.fromkeys(quad.graph_name for quad in quads)
    return Reported(
        figure=link_to(graph, figure, language=language),
        value=value,
        unit=_link(graph, figure, UNIT, language=language),
        qualifier=_link(graph, figure, QUALIFIER, language=language),
        as_of=choose_text(graph.values(figure, AS_OF), language=language),
        kind=_link(graph, figure, COUNT_OF, language=language),
        known=graph.remember(_known, figure),
        origins=tuple(
            origin_of(graph, quads, dataset=each, language=language)
            for each in datasets
            if isinstance(each, NamedNode)
        ),
    )


def reported_of(graph: Graph, kind: NamedNode, *, language: str) -> tuple[Reported, ...]:
    """Give the reported figures that count things of a class."""
    figures = graph.subjects(COUNT_OF, kind)
    found = (reported_figure(graph, each, language=language) for each in figures)
    return tuple(each for each in found if each and each.known is not None)


def _link(graph: Graph, figure: NamedNode, predicate: NamedNode, *, language: str) -> Link | None:
    value = graph.value(figure, predicate)
    return link_to(graph, value, language=language) if isinstance(value, NamedNode) else None


def _known(graph: Graph, figure: NamedNode) -> int | None:
    kind = graph.value(figure, COUNT_OF)
    if not isinstance(kind, NamedNode) or COUNT not in graph.values(figure, UNIT):
        return None
    things = {*graph.instances(kind), *graph.subjects(EVENT_KIND, kind)}
    return sum(_is_counted(graph, thing, figure) for thing in things)


def _is_counted(graph: Graph, thing: NamedNode, figure: NamedNode) -> bool:
    """Whether a thing is among those a figure counts: in its list, and of its region or a place there."""
    near = (thing, *_nodes_of(graph, thing))
    bodies_of = (each for node in near for each in graph.values(node, BODY_OF) if isinstance(each, NamedNode))
    places = (*near, *bodies_of)
    return all(each in near for each in _lists(graph, figure)) and all(
        any(region in graph.values(node, IN_REGION) for node in places)
        for region in graph.values(figure, IN_REGION)
    )


def _lists(graph: Graph, figure: NamedNode) -> tuple[NamedNode, ...]:
    """Give the services whose entries a figure counts, such as a repository of practices."""
    about = (each for each in graph.values(figure, ABOUT) if isinstance(each, NamedNode))
    return tuple(each for each in about if SERVICE in graph.types(each))


def _nodes_of(graph: Graph, thing: NamedNode) -> tuple[NamedNode, ...]:
    return tuple(quad.object for quad in graph.about(thing) if isinstance(quad.object, NamedNode))
