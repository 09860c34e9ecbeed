"""What holds for a whole version and is counted once: things by class, contents of datasets, designations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import Literal, NamedNode, QuerySolutions, Triple

from gcm.describe.graph import UNION, Graph
from gcm.describe.incoming import Listing, listing_of
from gcm.describe.lists import Page, Things, page_of, page_read
from gcm.describe.naming import Link, Text, link_to, text_of
from gcm.describe.terms import (
    ALTERNATIVE_LABEL,
    CLASS,
    DESIGNATION_NOTE,
    PREFERRED_LABEL,
    TARGET_CLASS,
    TYPE,
)
from gcm.query import page_query, solutions
from gcm.vocab import BASE

#: If no more things are of a class (in a dataset), they are shown in the order of their addresses.
READ_MEMBERS = 2_000


@dataclass(frozen=True)
class ClassCount:
    """A class and how many things the graph knows whose own class it is.

    `page` is where they are listed: the class, or the shape for a class of others.
    """

    kind: Link
    page: NamedNode
    count: int


def class_counts(graph: Graph, *, language: str) -> tuple[ClassCount, ...]:
    """Count the things of each class that has some, the largest class first."""
    counts = graph.remember(_class_counts, "classes")
    found = (
        ClassCount(link_to(graph, kind, language=language), _page_of(graph, kind), count)
        for kind, count in counts.items()
    )
    return tuple(sorted(found, key=lambda each: (-each.count, each.kind.iri.value)))


def count_of(graph: Graph, kind: NamedNode) -> int:
    """Count the things of a class and of the classes below it."""
    counts = graph.remember(_class_counts, "classes")
    return sum(counts.get(each, 0) for each in graph.subclasses(kind))


def instances_of(graph: Graph, kind: NamedNode, *, language: str, page: Page) -> Listing:
    """List the things of a class and of the classes below it."""
    return listing_of(graph, _instances(graph, kind, page=page), language=language)


def _instances(graph: Graph, kind: NamedNode, *, page: Page) -> Things:
    count = count_of(graph, kind)
    if count <= READ_MEMBERS:
        return page_of(graph.remember(Graph.instances, kind), predicate=TYPE, kind=None, page=page)
    quads = chain.from_iterable(graph.links_to(each, predicate=TYPE) for each in graph.subclasses(kind))
    return page_read(quads, count=count, predicate=TYPE, kind=None, page=page)


def kind_listed_at(graph: Graph, iri: NamedNode) -> NamedNode | None:
    """Give the class whose things the page of an IRI lists: itself, or that of others a shape is for."""
    if CLASS in graph.types(iri):
        return iri
    target = graph.value(iri, TARGET_CLASS)
    return target if isinstance(target, NamedNode) and not target.value.startswith(BASE) else None


def contents_of(graph: Graph, dataset: NamedNode, *, language: str, page: Page) -> tuple[Listing, ...]:
    """List the things whose class a dataset says, by class."""
    found = (
        _contents(graph, dataset, kind, count=count, page=page)
        for kind, count in graph.remember(_counted_contents, dataset).items()
    )
    return tuple(listing_of(graph, each, language=language) for each in found)


def _contents(graph: Graph, dataset: NamedNode, kind: NamedNode, *, count: int, page: Page) -> Things:
    if count <= READ_MEMBERS:
        return page_of(graph.subjects_of(kind, dataset=dataset), predicate=TYPE, kind=kind, page=page)
    quads = graph.store.quads_for_pattern(None, TYPE, kind, dataset)
    return page_read(quads, count=count, predicate=TYPE, kind=kind, page=page)


def designation_notes(graph: Graph, *, language: str) -> tuple[Text, ...]:
    """Give the notes that go with certain names, each once."""
    notes = graph.remember(_noted, "designations")
    return tuple(text_of(each, language=language) for each in dict.fromkeys(notes.values()))


def is_noted(graph: Graph, words: str) -> bool:
    """Whether these words hold a name that a designation note goes with, and are not that note."""
    notes = graph.remember(_noted, "designations")
    return any(name in words and words != note.value for name, note in notes.items())


def _page_of(graph: Graph, kind: NamedNode) -> NamedNode:
    return kind if kind.value.startswith(BASE) else next(iter(graph.subjects(TARGET_CLASS, kind)), kind)


def _class_counts(graph: Graph, _: str) -> Mapping[NamedNode, int]:
    return _counts(solutions(graph.store, page_query("class-counts"), bind={}))


def _counted_contents(graph: Graph, dataset: NamedNode) -> Mapping[NamedNode, int]:
    return _counts(solutions(graph.store, page_query("contents"), bind={"dataset": dataset}))


def _counts(found: QuerySolutions) -> Mapping[NamedNode, int]:
    return {
        kind: int(count.value)
        for kind, count in ((each["class"], each["count"]) for each in found)
        if isinstance(kind, NamedNode) and isinstance(count, Literal)
    }


def _noted(graph: Graph, _: str) -> Mapping[str, Literal]:
    return dict(_noted_names(graph))


def _noted_names(graph: Graph) -> Iterator[tuple[str, Literal]]:
    for quad in graph.store.quads_for_pattern(None, DESIGNATION_NOTE, None, UNION):
        for predicate in (PREFERRED_LABEL, ALTERNATIVE_LABEL):
            for name in graph.values(quad.subject, predicate) if not isinstance(quad.subject, Triple) else ():
                if isinstance(name, Literal) and isinstance(quad.object, Literal):
                    yield name.value.rstrip(" *"), quad.object
