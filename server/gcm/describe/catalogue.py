"""Lists of what the graph is made of: its datasets, the terms of its ontology, its shapes."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from gcm.describe.graph import Graph, natural_order
from gcm.describe.naming import Link, Text, choose_text, link_to, short_name_of
from gcm.describe.overview import count_of
from gcm.describe.terms import (
    CLASS,
    DATATYPE_PROPERTY,
    DEFINITION,
    DESCRIPTION,
    LICENCE,
    NODE_SHAPE,
    OBJECT_PROPERTY,
    READ_ON,
    SHAPE_PROPERTY,
    SOURCE,
    SUBCLASS_OF,
    TARGET_CLASS,
)
from gcm.vocab import ONTOLOGY, TERM


@dataclass(frozen=True)
class DatasetEntry:
    """A dataset, with what its header says of where it comes from."""

    dataset: Link
    sources: tuple[Link, ...]
    read_on: Text | None
    licence: NamedNode | None


@dataclass(frozen=True)
class TermEntry:
    """A term of the ontology; `above` are its superclasses, `count` the known things or values of a class."""

    term: Link
    definition: Text | None
    above: tuple[Link, ...]
    count: int


@dataclass(frozen=True)
class ShapeEntry:
    """A node shape, the classes it is for, and how many property shapes it has."""

    shape: Link
    targets: tuple[Link, ...]
    properties: int


def dataset_entries(graph: Graph, *, language: str) -> tuple[DatasetEntry, ...]:
    """List the datasets by title."""
    entries = (_dataset(graph, each, language=language) for each in graph.datasets)
    return tuple(sorted(entries, key=lambda each: each.dataset.name.text))


def class_entries(graph: Graph, *, language: str) -> tuple[TermEntry, ...]:
    """List the classes of the ontology by name."""
    return _terms(graph, graph.subjects_of(CLASS, dataset=ONTOLOGY), language=language)


def property_entries(graph: Graph, *, language: str) -> tuple[TermEntry, ...]:
    """List the properties of the ontology by name."""
    kinds = (OBJECT_PROPERTY, DATATYPE_PROPERTY)
    found = [each for kind in kinds for each in graph.subjects_of(kind, dataset=ONTOLOGY)]
    return _terms(graph, found, language=language)


def value_entries(graph: Graph, *, language: str) -> tuple[tuple[Link, tuple[TermEntry, ...]], ...]:
    """List the values that the ontology itself defines, by their class."""
    kinds = [each.term for each in class_entries(graph, language=language)]
    lists = ((kind, _values(graph, kind.iri, language=language)) for kind in kinds)
    return tuple((kind, values) for kind, values in lists if values)


def shape_entries(graph: Graph, *, language: str) -> tuple[ShapeEntry, ...]:
    """List the node shapes by name."""
    shapes = graph.instances(NODE_SHAPE)
    return tuple(
        sorted(
            (_shape(graph, each, language=language) for each in shapes), key=lambda each: each.shape.iri.value
        )
    )


def _dataset(graph: Graph, dataset: NamedNode, *, language: str) -> DatasetEntry:
    licence = graph.value(dataset, LICENCE)
    return DatasetEntry(
        dataset=link_to(graph, dataset, language=language),
        sources=tuple(
            Link(each, short_name_of(graph, each, language=language))
            for each in graph.values(dataset, SOURCE)
            if isinstance(each, NamedNode)
        ),
        read_on=choose_text(graph.values(dataset, READ_ON), language=language),
        licence=licence if isinstance(licence, NamedNode) else None,
    )


def _values(graph: Graph, kind: NamedNode, *, language: str) -> tuple[TermEntry, ...]:
    return _terms(graph, graph.subjects_of(kind, dataset=ONTOLOGY), language=language)


def _terms(graph: Graph, terms: Iterable[NamedNode], *, language: str) -> tuple[TermEntry, ...]:
    entries = (_term(graph, each, language=language) for each in terms if each.value.startswith(TERM))
    return tuple(
        sorted(entries, key=lambda each: (each.term.name.text.casefold(), natural_order(each.term.iri)))
    )


def _term(graph: Graph, term: NamedNode, *, language: str) -> TermEntry:
    words = (*graph.values(term, DEFINITION), *graph.values(term, DESCRIPTION))
    above = (each for each in graph.values(term, SUBCLASS_OF) if isinstance(each, NamedNode))
    return TermEntry(
        term=link_to(graph, term, language=language),
        definition=choose_text(words, language=language),
        above=tuple(link_to(graph, each, language=language) for each in above),
        count=count_of(graph, term) or len(graph.subjects_of(term, dataset=ONTOLOGY)),
    )


def _shape(graph: Graph, shape: NamedNode, *, language: str) -> ShapeEntry:
    targets = (each for each in graph.values(shape, TARGET_CLASS) if isinstance(each, NamedNode))
    return ShapeEntry(
        shape=link_to(graph, shape, language=language),
        targets=tuple(link_to(graph, each, language=language) for each in targets),
        properties=len(graph.values(shape, SHAPE_PROPERTY)),
    )
