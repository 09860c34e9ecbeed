"""Everything said about one IRI, laid out for a reader: property by property, with who says so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from gcm.describe.graph import Graph, natural_order
from gcm.describe.incoming import Listing, incoming_of
from gcm.describe.lists import Page
from gcm.describe.naming import FALLBACK, Link, Text, choose_text, link_to, name_of, property_name, text_of
from gcm.describe.origin import Origin, origin_of
from gcm.describe.outline import Outline, outlines_of, place_of
from gcm.describe.terms import DERIVED_FROM, SHAPE_DESCRIPTION, TYPE
from gcm.errors import UnknownIriError

#: Shown in places of their own: types above the title, sources beside each statement.
_SHOWN_ELSEWHERE = (TYPE, DERIVED_FROM)


@dataclass(frozen=True)
class Assertion:
    """Values of one property that the same sources state."""

    values: tuple[Link | Text, ...]
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Property:
    """One property of a thing, with all its values."""

    iri: NamedNode
    name: Text
    description: Text | None
    assertions: tuple[Assertion, ...]


@dataclass(frozen=True)
class Section:
    """A group of properties, under the heading that the shapes give it; the rest have no heading."""

    name: Text | None
    properties: tuple[Property, ...]


@dataclass(frozen=True)
class Entity:
    """What the graph says about one IRI."""

    iri: NamedNode
    name: Text
    types: tuple[Link, ...]
    sections: tuple[Section, ...]
    origins: tuple[Origin, ...]
    incoming: tuple[Listing, ...]


def describe(graph: Graph, iri: NamedNode, *, language: str = "en", page: Page) -> Entity:
    """Lay out everything said about one IRI for a reader of `language`.

    Raises UnknownIriError if no dataset says anything about it.
    """
    quads = graph.about(iri)
    if not quads:
        raise UnknownIriError(iri.value)
    sections = _sections(graph, quads, types=graph.types(iri), language=language)
    return Entity(
        iri=iri,
        name=name_of(graph, iri, language=language),
        types=tuple(link_to(graph, each, language=language) for each in graph.types(iri)),
        sections=sections,
        origins=_origins(sections),
        incoming=incoming_of(graph, iri, language=language, page=page),
    )


def _origins(sections: Iterable[Section]) -> tuple[Origin, ...]:
    """Give each origin once, in the order in which a reader meets them."""
    assertions = (each for section in sections for one in section.properties for each in one.assertions)
    return tuple(dict.fromkeys(origin for each in assertions for origin in each.origins))


def _sections(
    graph: Graph, quads: Sequence[Quad], *, types: Iterable[NamedNode], language: str
) -> tuple[Section, ...]:
    outlines = outlines_of(graph, types)
    origins = {
        each: origin_of(graph, quads, dataset=each, language=language)
        for each in dict.fromkeys(quad.graph_name for quad in quads)
        if isinstance(each, NamedNode)
    }
    shown = sorted(
        {quad.predicate for quad in quads if quad.predicate not in _SHOWN_ELSEWHERE},
        key=lambda each: place_of(graph, outlines.get(each), each),
    )
    properties = {
        each: _property(
            graph, quads, iri=each, origins=origins, outline=outlines.get(each), language=language
        )
        for each in shown
    }
    groups = groupby(shown, key=lambda each: outlines[each].group if each in outlines else None)
    return tuple(
        Section(
            name_of(graph, group, language=language) if group else None,
            tuple(properties[each] for each in members),
        )
        for group, members in groups
    )


def _property(
    graph: Graph,
    quads: Sequence[Quad],
    *,
    iri: NamedNode,
    origins: Mapping[NamedNode, Origin],
    outline: Outline | None,
    language: str,
) -> Property:
    descriptions = graph.values(outline.shape, SHAPE_DESCRIPTION) if outline else ()
    return Property(
        iri=iri,
        name=property_name(graph, iri, outline=outline, language=language),
        description=choose_text(descriptions, language=language),
        assertions=_assertions(
            graph, [quad for quad in quads if quad.predicate == iri], origins=origins, language=language
        ),
    )


def _assertions(
    graph: Graph, quads: Sequence[Quad], *, origins: Mapping[NamedNode, Origin], language: str
) -> tuple[Assertion, ...]:
    stated_in: dict[NamedNode | BlankNode | Literal, list[NamedNode]] = {}
    for quad in quads:
        if not isinstance(quad.object, Triple) and isinstance(quad.graph_name, NamedNode):
            stated_in.setdefault(quad.object, []).append(quad.graph_name)
    values_of: dict[frozenset[NamedNode], list[NamedNode | BlankNode | Literal]] = {}
    for value in sorted(stated_in, key=lambda each: _value_order(each, language)):
        values_of.setdefault(frozenset(stated_in[value]), []).append(value)
    return tuple(
        Assertion(
            values=tuple(
                _shown(graph, member, language=language)
                for value in values
                for member in graph.members(value)
            ),
            origins=tuple(origins[each] for each in sorted(datasets, key=natural_order)),
        )
        for datasets, values in values_of.items()
    )


def _value_order(value: NamedNode | BlankNode | Literal, language: str) -> tuple[bool, bool, str, object]:
    if isinstance(value, Literal):
        tag = value.language or ""
        return (tag != language, tag != FALLBACK, tag, ((1, 0, value.value),))
    return (True, True, "", natural_order(value) if isinstance(value, NamedNode) else ())


def _shown(graph: Graph, value: NamedNode | BlankNode | Literal, *, language: str) -> Link | Text:
    if isinstance(value, Literal):
        return text_of(value, language=language)
    if isinstance(value, NamedNode):
        return link_to(graph, value, language=language)
    return name_of(graph, value, language=language)
