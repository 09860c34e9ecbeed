"""Which things stand in which list of a page, how many there are, and which of them are shown.

The time that a page takes must not grow with the number of things that point at what it is about: at a
million statements, 30,000 point at one of our values. A short list is read whole, and sorted; of a long one,
what is shown is read, in the order of the store, and the rest is counted, up to a number.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil

from pyoxigraph import Literal, NamedNode, Quad

from gcm.describe.graph import Graph, natural_order
from gcm.describe.terms import TYPE
from gcm.query import page_query, solutions

#: If no more links point at a thing, all are read, and shown by class in the order of their addresses.
READ_LINKS = 500

#: If as many links point at a thing, they are counted before more are read: reading takes ten times longer.
READ_FIRST = 50

#: Of a longer list, no more are counted; the queries links-first.rq and links-count.rq count one more.
COUNTED_LINKS = 2_000


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
class Things:
    """The things on one page of a list, and the count of them all; `is_more` if counting ended there."""

    predicate: NamedNode
    kind: NamedNode | None
    shown: tuple[NamedNode, ...]
    count: int
    page: int
    pages: int
    is_more: bool = False


def lists_to(graph: Graph, iri: NamedNode, *, page: Page) -> tuple[Things, ...]:
    """Give what points at a thing, by property and class, or by property alone where that is much.

    The members of a class are not listed here.
    """
    links = graph.links_to(iri)
    few = tuple(islice(links, min(READ_FIRST, READ_LINKS)))
    if len(few) >= READ_FIRST and sum(graph.remember(_first_links, iri).values()) > READ_LINKS:
        return tuple(_long_list(graph, iri, each, page=page) for each in _linking(graph, iri))
    lists: dict[tuple[NamedNode, NamedNode | None], list[NamedNode]] = {}
    for (predicate, thing), kind in _kinds(graph, iri, (*few, *links)).items():
        lists.setdefault((predicate, kind), []).append(thing)
    return tuple(
        page_of(sorted(things, key=natural_order), predicate=predicate, kind=kind, page=page)
        for (predicate, kind), things in lists.items()
    )


def page_of(
    things: Sequence[NamedNode], *, predicate: NamedNode, kind: NamedNode | None, page: Page
) -> Things:
    """Give the page that is asked for of these things; the last page if there are not so many."""
    number, pages = _place(len(things), predicate, kind, page)
    shown = things[(number - 1) * page.size : number * page.size]
    return Things(predicate, kind, tuple(shown), len(things), number, pages)


def page_read(
    quads: Iterable[Quad], *, count: int, predicate: NamedNode, kind: NamedNode | None, page: Page
) -> Things:
    """Give the page that is asked for of the subjects of these statements, which are not read further."""
    number, pages = _place(count, predicate, kind, page)
    subjects = (quad.subject for quad in quads if isinstance(quad.subject, NamedNode))
    shown = tuple(islice(subjects, (number - 1) * page.size, number * page.size))
    return Things(predicate, kind, shown, count, number, pages)


def _place(count: int, predicate: NamedNode, kind: NamedNode | None, page: Page) -> tuple[int, int]:
    pages = ceil(count / page.size)
    return min(page.of(predicate, kind), pages), pages


def _kinds(
    graph: Graph, iri: NamedNode, few: Iterable[Quad]
) -> dict[tuple[NamedNode, NamedNode], NamedNode | None]:
    """Give the first class of each thing that points here, asking the engine once."""
    links = [
        (quad.predicate, quad.subject)
        for quad in few
        if quad.predicate != TYPE and isinstance(quad.subject, NamedNode)
    ]
    if not links:
        return {}
    kinds: dict[object, NamedNode] = {}
    for row in solutions(graph.store, page_query("links"), bind={"value": iri}):
        kind = row["class"]
        if isinstance(kind, NamedNode):
            kinds.setdefault(row["thing"], kind)
    return {link: kinds.get(link[1]) for link in links}


def _first_links(graph: Graph, value: NamedNode) -> Mapping[NamedNode, int]:
    """Count the links to a thing by their property, without reading them; of very many, the first."""
    rows = solutions(graph.store, page_query("links-first"), bind={"value": value})
    return {row["property"]: _number(row["count"]) for row in rows if isinstance(row["property"], NamedNode)}


def _are_all(first: Mapping[NamedNode, int]) -> bool:
    return sum(first.values()) <= COUNTED_LINKS


def _linking(graph: Graph, iri: NamedNode) -> Iterator[NamedNode]:
    """Give the properties that lead to a thing: all of its links if they were counted, else all there are."""
    first = graph.remember(_first_links, iri)
    more = () if _are_all(first) else graph.remember(_joining, "")
    known = {*first, *more} - {TYPE}
    for each in sorted(known, key=lambda one: one.value):
        if any(isinstance(quad.subject, NamedNode) for quad in graph.links_to(iri, predicate=each)):
            yield each


def _joining(graph: Graph, _: str) -> tuple[NamedNode, ...]:
    """Give the properties that join things, of those that the ontology and the shapes know."""
    found = (row["property"] for row in solutions(graph.store, page_query("links-properties"), bind={}))
    return tuple(each for each in found if isinstance(each, NamedNode))


def _long_list(graph: Graph, iri: NamedNode, predicate: NamedNode, *, page: Page) -> Things:
    count, is_more = graph.remember(_count, (iri, predicate))
    quads = graph.links_to(iri, predicate=predicate)
    found = page_read(quads, count=count, predicate=predicate, kind=None, page=page)
    return Things(predicate, None, found.shown, count, found.page, found.pages, is_more)


def _count(graph: Graph, link: tuple[NamedNode, NamedNode]) -> tuple[int, bool]:
    """Count the things with an IRI that are joined to one, up to a number, and say whether there are more.

    The engine counts without reading; to see which nodes have an IRI, it would read each. Its order puts
    those that have none last: where the last one counted has an IRI, all have.
    """
    first = graph.remember(_first_links, link[0])
    if not _are_all(first) and _has_iri(graph, link, row=COUNTED_LINKS):
        return COUNTED_LINKS, True
    counted = first[link[1]] if _are_all(first) else _ask_count(graph, link, "links-count")
    if not _has_iri(graph, link, row=counted - 1):
        counted = _ask_count(graph, link, "links-count-named")
    return min(counted, COUNTED_LINKS), counted > COUNTED_LINKS


def _has_iri(graph: Graph, link: tuple[NamedNode, NamedNode], *, row: int) -> bool:
    value, predicate = link
    bound = {"value": value, "property": predicate}
    found = solutions(graph.store, page_query("links-row"), bind=bound, row=row)
    return any(isinstance(each["thing"], NamedNode) for each in found)


def _ask_count(graph: Graph, link: tuple[NamedNode, NamedNode], query: str) -> int:
    value, predicate = link
    (row,) = solutions(graph.store, page_query(query), bind={"value": value, "property": predicate})
    return _number(row["count"])


def _number(term: object) -> int:
    assert isinstance(term, Literal)  # the query counts
    return int(term.value)
