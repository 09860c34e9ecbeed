"""What points at a thing: its incoming links by property and class, counted, and shown page by page."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from gcm.describe.graph import Graph
from gcm.describe.lists import Page, Things, lists_to
from gcm.describe.naming import Link, Text, link_to, property_name
from gcm.describe.outline import outlines_of


@dataclass(frozen=True)
class Listing:
    """One page of the things of a class that a property joins to a thing, and the count of them all.

    `is_more` says that there are more than were counted.
    """

    predicate: NamedNode
    name: Text
    kind: Link | None
    count: int
    links: tuple[Link, ...]
    page: int
    pages: int
    is_more: bool = False


def incoming_of(graph: Graph, iri: NamedNode, *, language: str, page: Page) -> tuple[Listing, ...]:
    """Give the incoming links of a thing, the lists in the order of class and property names."""
    found = (listing_of(graph, each, language=language) for each in lists_to(graph, iri, page=page))
    return tuple(sorted(found, key=lambda each: (each.kind.name.text if each.kind else "~", each.name.text)))


def listing_of(graph: Graph, things: Things, *, language: str) -> Listing:
    """Name the things of a list, its property as the shape of its class does."""
    outlines = outlines_of(graph, (things.kind,) if things.kind else ())
    return Listing(
        predicate=things.predicate,
        name=property_name(
            graph, things.predicate, outline=outlines.get(things.predicate), language=language
        ),
        kind=link_to(graph, things.kind, language=language) if things.kind else None,
        count=things.count,
        links=tuple(link_to(graph, each, language=language) for each in things.shown),
        page=things.page,
        pages=things.pages,
        is_more=things.is_more,
    )
