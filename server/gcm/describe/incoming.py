"""What points at a thing: its incoming links by property and class, counted, and shown page by page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from pyoxigraph import NamedNode, Quad

from gcm.describe.graph import Graph, natural_order
from gcm.describe.naming import Link, Text, link_to, property_name
from gcm.describe.outline import outlines_of
from gcm.describe.terms import TYPE


@dataclass(frozen=True)
class Page:
    """Which page of a long list is asked for, counted from 1, and how many links a page holds.

    `predicate` and `kind` name the list; the others show their first page.
    """

    size: int
    number: int = 1
    predicate: NamedNode | None = None
    kind: NamedNode | None = None

    def of(self, predicate: NamedNode, kind: NamedNode | None) -> int:
        """Give the number of the page to show of this list."""
        return self.number if (self.predicate, self.kind) == (predicate, kind) else 1


@dataclass(frozen=True)
class Listing:
    """One page of the things of a class that a property joins to a thing, and the count of them all."""

    predicate: NamedNode
    name: Text
    kind: Link | None
    count: int
    links: tuple[Link, ...]
    page: int
    pages: int


def incoming_of(graph: Graph, iri: NamedNode, *, language: str, page: Page) -> tuple[Listing, ...]:
    """Give the incoming links of a thing, the lists in the order of class and property names."""
    lists = sources_by_list(graph, graph.links_to(iri))
    found = (
        listing_of(graph, things, predicate=predicate, kind=kind, language=language, page=page)
        for (predicate, kind), things in lists.items()
    )
    return tuple(sorted(found, key=lambda each: (each.kind.name.text if each.kind else "~", each.name.text)))


def sources_by_list(
    graph: Graph, quads: Iterable[Quad]
) -> dict[tuple[NamedNode, NamedNode | None], tuple[NamedNode, ...]]:
    """Give the subjects of these statements by property and class; members of a class are not listed here."""
    lists: dict[tuple[NamedNode, NamedNode | None], set[NamedNode]] = {}
    for quad in quads:
        if quad.predicate != TYPE and isinstance(quad.subject, NamedNode):
            kind = next(iter(graph.types(quad.subject)), None)
            lists.setdefault((quad.predicate, kind), set()).add(quad.subject)
    return {key: tuple(sorted(things, key=natural_order)) for key, things in lists.items()}


def page_of(things: Sequence[NamedNode], *, number: int, size: int) -> Sequence[NamedNode]:
    """Give the things on one page; none beyond the last."""
    return things[(number - 1) * size : number * size]


def listing_of(
    graph: Graph,
    things: Sequence[NamedNode],
    *,
    predicate: NamedNode,
    kind: NamedNode | None,
    language: str,
    page: Page,
) -> Listing:
    """Give the page that is asked for of these things; the last page if there are not so many."""
    pages = ceil(len(things) / page.size)
    number = min(page.of(predicate, kind), pages)
    shown = page_of(things, number=number, size=page.size)
    outlines = outlines_of(graph, [kind] if kind else [])
    return Listing(
        predicate=predicate,
        name=property_name(graph, predicate, outline=outlines.get(predicate), language=language),
        kind=link_to(graph, kind, language=language) if kind else None,
        count=len(things),
        links=tuple(link_to(graph, each, language=language) for each in shown),
        page=number,
        pages=pages,
    )
