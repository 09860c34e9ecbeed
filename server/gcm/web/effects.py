"""What else changes with a proposal: pages and figures, by their names, with links to both sides."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from markupsafe import Markup
from pyoxigraph import NamedNode

from gcm.describe import Graph, Link, Text, document_of, link_to
from gcm.describe.affected import Affected, Reach
from gcm.describe.changed import Sides
from gcm.describe.figures import FigureChange, Measure
from gcm.query import questions
from gcm.vocab import path_of
from gcm.web.change_words import write_proposed
from gcm.web.in_words import reveal
from gcm.web.reading import href, language, local
from gcm.web.texts import texts_in
from gcm.web.words import fill


@dataclass(frozen=True)
class PageRow:
    """A page that changes: its name, why, and its address in the preview and in the present graph."""

    name: Text
    reach: Reach
    preview: str
    present: str


@dataclass(frozen=True)
class FigureRow:
    """A figure that changes: what it counts, and the number on both sides; None where there is none."""

    label: Markup
    before: int | None
    after: int | None


def affected_rows(pages: Iterable[Affected], sides: Sides, *, root: str) -> list[PageRow]:
    """Name the pages that change; `root` is the address of the preview, "" without one."""
    return [_page_row(each, sides, root) for each in pages]


def _page_row(each: Affected, sides: Sides, root: str) -> PageRow:
    path = path_of(document_of(each.iri))
    is_there = sides.after.knows(each.iri)
    name = _name(sides, each.iri).name
    return PageRow(
        name=replace(name, text=reveal(name.text)),
        reach=each.reach,
        preview=f"{root}{path}" if root and path and is_there else "",
        present=href(each.iri) if path and sides.before.knows(each.iri) else "",
    )


def figure_rows(figures: Iterable[FigureChange], sides: Sides) -> list[FigureRow]:
    """Name the figures that change."""
    return [FigureRow(_label(each, sides), each.before, each.after) for each in figures]


def _label(change: FigureChange, sides: Sides) -> Markup:
    sentence = texts_in(language())[f"measure.{change.measure.value}"]
    if change.measure is Measure.QUESTION:
        return fill(sentence, name=_question(change.name))
    named = write_proposed(_name(sides, NamedNode(change.name))) if change.name else ""
    return fill(sentence, name=named)


def _question(name: str) -> Markup:
    title = next((each.title_in(language()) for each in questions() if each.name == name), name)
    return Markup('<a href="{}">{}</a>').format(local(f"/questions/{name}"), title)


def _name(sides: Sides, iri: NamedNode) -> Link:
    """Name a thing as it will be, or as it was where it goes."""
    side: Graph = sides.after if sides.after.knows(iri) else sides.before
    return link_to(side, iri, language=language())
