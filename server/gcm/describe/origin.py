"""Who says so: the dataset that makes a statement, and the places in documents that it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from gcm.describe.graph import Graph
from gcm.describe.naming import Link, Text, choose_text, link_to, name_of, short_name_of
from gcm.describe.terms import DERIVED_FROM, LOCATOR, PAGE, PART_OF, SOURCE


@dataclass(frozen=True)
class Passage:
    """A place in a document."""

    iri: NamedNode
    locator: Text


@dataclass(frozen=True)
class Citation:
    """A document, the places in it that are meant (none: all of it), and its address on the web, if any."""

    document: Link
    title: Text
    page: NamedNode | None
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Origin:
    """A dataset and what it cites for one thing."""

    dataset: Link
    citations: tuple[Citation, ...]


def origin_of(graph: Graph, quads: Iterable[Quad], *, dataset: NamedNode, language: str) -> Origin:
    """Give what a dataset cites for the thing `quads` are about: passages or documents, else its source."""
    cited = [
        quad.object
        for quad in quads
        if quad.graph_name == dataset
        and quad.predicate == DERIVED_FROM
        and isinstance(quad.object, NamedNode)
    ]
    cited = cited or [each for each in graph.values(dataset, SOURCE) if isinstance(each, NamedNode)]
    return Origin(link_to(graph, dataset, language=language), _citations(graph, cited, language=language))


def _citations(graph: Graph, cited: Iterable[NamedNode], *, language: str) -> tuple[Citation, ...]:
    by_document: dict[NamedNode, list[Passage]] = {}
    for each in cited:
        document = graph.value(each, PART_OF)
        locator = choose_text(graph.values(each, LOCATOR), language=language)
        if isinstance(document, NamedNode) and locator:
            by_document.setdefault(document, []).append(Passage(each, locator))
        else:
            by_document.setdefault(each, [])
    return tuple(
        _citation(graph, document, passages=passages, language=language)
        for document, passages in by_document.items()
    )


def _citation(graph: Graph, document: NamedNode, *, passages: Iterable[Passage], language: str) -> Citation:
    page = graph.value(document, PAGE)
    return Citation(
        document=Link(document, short_name_of(graph, document, language=language)),
        title=name_of(graph, document, language=language),
        page=page if isinstance(page, NamedNode) else None,
        passages=tuple(sorted(passages, key=lambda each: each.locator.text)),
    )
