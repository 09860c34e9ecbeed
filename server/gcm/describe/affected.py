"""Which pages a change reaches: those of the things that it speaks of, and those that show these things.

A page names what it links to and what links to it, lists and counts what points at it, and cites datasets and
documents; so a change of one statement can be seen on many pages. Pages that may change are found by these
links; each is then described twice, with and without the change, and listed if both differ.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import chain, islice

from pyoxigraph import Literal, NamedNode, Quad

from gcm.describe.changed import Sides, changed_things
from gcm.describe.entity import describe
from gcm.describe.graph import Graph, natural_order
from gcm.describe.lists import READ_LINKS, Page
from gcm.describe.naming import name_of
from gcm.describe.overview import contents_of, instances_of, kind_listed_at
from gcm.describe.reported import reported_figure, reported_of
from gcm.describe.terms import COUNT_OF, DERIVED_FROM, PART_OF, SOURCE, TARGET_CLASS, TYPE

#: Languages of the pages: what changes in any of them is a change.
LANGUAGES = ("en", "fr", "ru")

#: So many things that show a renamed one are looked at; a State is shown by thousands.
_NEIGHBOURS = 2_000

#: Lists are compared as far as they are read whole, not page by page.
_WHOLE = Page(size=READ_LINKS)


class Reach(Enum):
    """How a change reaches a page, the strongest first."""

    NEW = "new"
    REMOVED = "removed"
    SAID = "said"
    LINKED = "linked"
    LISTED = "listed"
    SHOWN = "shown"


@dataclass(frozen=True)
class Affected:
    """A page that changes, by what it is about, and the strongest reason."""

    iri: NamedNode
    reach: Reach


@dataclass(frozen=True)
class AffectedPages:
    """The pages that change; `unseen` more may do so, but were too many to be compared."""

    pages: tuple[Affected, ...]
    unseen: int


def affected_pages(sides: Sides, *, most: int) -> AffectedPages:
    """List the pages that a change reaches, the strongest reasons first; at most so many are compared."""
    reasons: dict[NamedNode, Reach] = {}
    for iri, reach in chain(_said(sides), _linked(sides), _listed(sides), _shown(sides)):
        reasons.setdefault(iri, reach)
    order = {reach: place for place, reach in enumerate(Reach)}
    ordered = sorted(reasons, key=lambda each: (order[reasons[each]], natural_order(each)))
    languages = _languages(sides)
    pages = [
        Affected(each, reasons[each]) for each in ordered[:most] if _differs(sides, each, languages=languages)
    ]
    return AffectedPages(tuple(pages), max(0, len(ordered) - most))


Found = Iterator[tuple[NamedNode, Reach]]


def _said(sides: Sides) -> Found:
    """Give the things of which something else is said."""
    for each in changed_things(sides.difference):
        if not sides.before.knows(each):
            yield each, Reach.NEW
        else:
            yield each, Reach.SAID if sides.after.knows(each) else Reach.REMOVED


def _linked(sides: Sides) -> Found:
    """Give what things begin or cease to point at."""
    for quad in _quads(sides):
        if isinstance(quad.object, NamedNode) and quad.predicate != TYPE:
            yield quad.object, Reach.LINKED


def _listed(sides: Sides) -> Found:
    """Give the datasets, classes and reported figures that list or count other things than before."""
    for quad in _quads(sides):
        if isinstance(quad.graph_name, NamedNode):
            yield quad.graph_name, Reach.LISTED
        if quad.predicate == TYPE and isinstance(quad.object, NamedNode):
            yield from ((each, Reach.LISTED) for each in _classes(sides, quad.object))
    for graph in _graphs(sides):
        for quad in graph.store.quads_for_pattern(None, COUNT_OF, None, None):
            for each in (quad.subject, quad.object):
                if isinstance(each, NamedNode):
                    yield each, Reach.LISTED


def _classes(sides: Sides, kind: NamedNode) -> Iterator[NamedNode]:
    """Give a class, those above it, and the shapes whose pages list such things."""
    for graph in _graphs(sides):
        for each in graph.superclasses(kind):
            yield each
            yield from graph.subjects(TARGET_CLASS, each)


def _shown(sides: Sides) -> Found:
    """Give what shows the changed things: links to them, is linked from them, or rests on them."""
    for thing in _with_renamed(sides):
        for graph in _graphs(sides):
            yield from ((each, Reach.SHOWN) for each in islice(_neighbours(graph, thing), _NEIGHBOURS))
            yield from ((each, Reach.SHOWN) for each in islice(_resting_on(graph, thing), _NEIGHBOURS))
            yield from ((each, Reach.SHOWN) for each in _listing(sides, graph, thing))


def _with_renamed(sides: Sides) -> tuple[NamedNode, ...]:
    """Give the changed things, and those whose names are made of the names of these, and so on."""
    found = dict.fromkeys(changed_things(sides.difference))
    waiting = [*found]  # a code or a date may stand in the names of others, too
    while waiting:
        thing = waiting.pop()
        pointing = (each for graph in _graphs(sides) for each in _pointing_at(graph, thing))
        for each in islice(pointing, _NEIGHBOURS):
            if each not in found and _is_renamed(sides, each):
                found[each] = None
                waiting.append(each)
    return tuple(found)


def _is_renamed(sides: Sides, thing: NamedNode) -> bool:
    return any(
        name_of(sides.before, thing, language=each) != name_of(sides.after, thing, language=each)
        for each in LANGUAGES
    )


def _neighbours(graph: Graph, thing: NamedNode) -> Iterator[NamedNode]:
    yield from _pointing_at(graph, thing)
    yield from (quad.object for quad in graph.about(thing) if isinstance(quad.object, NamedNode))


def _pointing_at(graph: Graph, thing: NamedNode) -> Iterator[NamedNode]:
    return (quad.subject for quad in graph.links_to(thing) if isinstance(quad.subject, NamedNode))


def _listing(sides: Sides, graph: Graph, thing: NamedNode) -> Iterator[NamedNode]:
    """Give what lists a thing by its name: the datasets that speak of it, and its classes."""
    for kind in graph.types(thing):
        yield from _classes(sides, kind)
    yield from (quad.graph_name for quad in graph.about(thing) if isinstance(quad.graph_name, NamedNode))


def _resting_on(graph: Graph, source: NamedNode) -> Iterator[NamedNode]:
    """Give what cites a document by its passages, and what datasets say that have it as their source."""
    for passage in graph.subjects(PART_OF, source):
        yield from graph.subjects(DERIVED_FROM, passage)
    for dataset in (source, *graph.subjects(SOURCE, source)):
        quads = graph.store.quads_for_pattern(None, None, None, dataset)
        yield from dict.fromkeys(quad.subject for quad in quads if isinstance(quad.subject, NamedNode))


def _graphs(sides: Sides) -> tuple[Graph, Graph]:
    return sides.before, sides.after


def _quads(sides: Sides) -> Iterable[Quad]:
    return sorted(sides.difference.added | sides.difference.removed, key=str)


def _languages(sides: Sides) -> tuple[str, ...]:
    """Give English, and the other languages in which something changes."""
    tags = {quad.object.language for quad in _quads(sides) if isinstance(quad.object, Literal)}
    starts = {tag.lower().partition("-")[0] for tag in tags if tag}
    return tuple(each for each in LANGUAGES if each == LANGUAGES[0] or each in starts)


def _differs(sides: Sides, iri: NamedNode, *, languages: Iterable[str]) -> bool:
    """Whether a page is another one with the change than without; of what nobody describes there is none."""
    is_there = [graph.knows(iri) for graph in _graphs(sides)]
    if not all(is_there):
        return any(is_there)
    return _counts_differ(sides, iri) or any(
        _content(sides.before, iri, language=each) != _content(sides.after, iri, language=each)
        for each in languages
    )


def _counts_differ(sides: Sides, dataset: NamedNode) -> bool:
    """Whether a dataset has more or fewer statements than before."""
    counts = [
        sum(quad.graph_name == dataset for quad in quads)
        for quads in (sides.difference.added, sides.difference.removed)
    ]
    return counts[0] != counts[1]


def _content(graph: Graph, iri: NamedNode, *, language: str) -> tuple[object, ...]:
    """Give all that the page of an IRI shows."""
    kind = kind_listed_at(graph, iri)
    return (
        describe(graph, iri, language=language, page=_WHOLE),
        reported_figure(graph, iri, language=language),
        instances_of(graph, kind, language=language, page=_WHOLE) if kind else None,
        reported_of(graph, kind, language=language) if kind else (),
        contents_of(graph, iri, language=language, page=_WHOLE) if iri in graph.datasets else (),
    )
