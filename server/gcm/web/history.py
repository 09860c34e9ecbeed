"""What was published: all of it, and what became of one thing or dataset, with the differences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from flask import Response, render_template
from pyoxigraph import NamedNode

from gcm.describe import Graph, Link, link_to
from gcm.describe.changed import ActorChanges, Sides, changed_things, describe_changes
from gcm.describe.overlay import Difference, Overlay
from gcm.errors import UnknownIriError
from gcm.load import changed_graphs
from gcm.vocab import iri_of
from gcm.web.answers import Resource, answer
from gcm.web.archive import Kept
from gcm.web.curators import desk as find_desk
from gcm.web.differences import difference_of
from gcm.web.memento import in_order
from gcm.web.negotiate import HTML
from gcm.web.reading import graph, language
from gcm.web.steps import Step, statements_of, steps_of
from gcm.web.versions import site

if TYPE_CHECKING:  # a server without a desk does without all that
    from gcm.desk import Event, Proposal


@dataclass(frozen=True)
class Row:
    """A publication: when, which version it made (if that is kept), by which proposal (if by one)."""

    at: str
    version: Kept | None
    proposal: "Proposal | None"
    approved: "Event | None"
    datasets: tuple[Link, ...]


@dataclass(frozen=True)
class Entry:
    """A change of one thing or dataset: the publication, and what it did; all of it has `things` in all."""

    row: Row
    groups: tuple[ActorChanges, ...]
    added: int
    removed: int
    things: int


def show_history() -> Response:
    """List all publications that are known, the newest first."""
    done = _published()
    rows = _rows(done)
    return answer(
        Resource("/history", (HTML,)),
        HTML,
        lambda: render_template("history.html", rows=rows),
        is_chosen=True,
        state=_state(done),
    )


def show_history_of(rest: str) -> Response:
    """Show what became of a thing, a term or a dataset. Raises UnknownIriError if nothing is known of it."""
    iri = iri_of(rest)
    done = [each for each in _published() if _touches(each, iri)]
    steps = steps_of(statements_of(iri, is_dataset=iri in graph().datasets))
    if not (graph().knows(iri) or steps or done):
        raise UnknownIriError(iri.value)
    entries = _entries(steps, done, iri)
    return answer(
        Resource(f"/history/{rest}", (HTML,)),
        HTML,
        lambda: render_template(
            "history_of.html",
            iri=iri,
            thing=_link(iri, steps),
            entries=entries,
            limits_shown=int(site().limits.shown_changes),
        ),
        is_chosen=True,
        state=_state(done),
    )


def _published() -> "Sequence[Proposal]":
    desk = find_desk()
    return desk.published() if desk else ()


def _state(done: "Iterable[Proposal]") -> tuple[str, ...]:
    """Give what else these pages rest on: which versions are kept, and what happened to proposals."""
    return (*(each.id for each in in_order()), *(f"{each.number} {each.tag}" for each in done))


def _touches(proposal: "Proposal", iri: NamedNode) -> bool:
    difference = difference_of(proposal.changes)
    return iri in changed_things(difference) or iri in {each.dataset for each in proposal.changes}


def _rows(done: "Iterable[Proposal]") -> list[Row]:
    kept = in_order()
    changed = {newer.id: changed_graphs(older.path, newer.path) for older, newer in pairwise(kept)}
    by_version = {event.version: each for each in done if (event := each.published)}
    newest_first = reversed(kept)
    rows = [_row(each, by_version.get(each.id), changed.get(each.id) or ()) for each in newest_first]
    names = {each.id for each in kept}
    rows += [
        _row(None, each, {change.dataset for change in each.changes})
        for version, each in by_version.items()
        if version not in names
    ]
    return sorted(rows, key=lambda each: each.at, reverse=True)


def _row(version: Kept | None, proposal: "Proposal | None", datasets: Iterable[NamedNode]) -> Row:
    event = proposal.published if proposal else None
    at = event.at if event else version.built.isoformat() if version else ""
    links = (link_to(graph(), each, language=language()) for each in sorted(datasets, key=str))
    return Row(_moment(at), version, proposal, event, tuple(links))


def _moment(at: str) -> str:
    """Write a moment in one way, so that all can be sorted."""
    return datetime.fromisoformat(at).isoformat(timespec="seconds") if at else ""


def _link(iri: NamedNode, steps: Sequence[Step]) -> Link:
    """Name what a history is about as the newest version does that knows it."""
    known = [graph(), *(side for each in steps for side in (each.sides.after, each.sides.before))]
    naming = next((each for each in known if each.knows(iri)), graph())
    return link_to(naming, iri, language=language())


def _entries(steps: Iterable[Step], done: "Sequence[Proposal]", iri: NamedNode) -> list[Entry]:
    by_version = {event.version: each for each in done if (event := each.published)}
    entries = [
        _entry(_row(each.newer, by_version.pop(each.newer.id, None), ()), each.sides) for each in steps
    ]
    entries += [_entry(_row(None, each, ()), _past_sides(each, iri)) for each in by_version.values()]
    return sorted(entries, key=lambda each: each.row.at, reverse=True)


def _past_sides(proposal: "Proposal", iri: NamedNode) -> Sides:
    """Give the sides of a publication whose version is no longer kept, named by what is known now."""
    whole = difference_of(proposal.changes)
    if iri not in {each.dataset for each in proposal.changes}:
        added, removed = (
            frozenset(quad for quad in quads if quad.subject == iri) for quads in (whole.added, whole.removed)
        )
        whole = Difference(added, removed)
    before, after = (Graph(Overlay(graph().store, each)) for each in (whole.reversed(), whole))
    return Sides(before, after, whole)


def _entry(row: Row, sides: Sides) -> Entry:
    things = changed_things(sides.difference)
    shown = things[: int(site().limits.shown_changes)]
    return Entry(
        row=row,
        groups=describe_changes(sides, shown, language=language()),
        added=len(sides.difference.added),
        removed=len(sides.difference.removed),
        things=len(things),
    )
