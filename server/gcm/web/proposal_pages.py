"""The pages of proposals: the list, and each with all that a curator decides on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from flask import Response, g, render_template, request
from pyoxigraph import Literal, NamedNode

from gcm.describe import Graph, Link, Text, link_to, text_of
from gcm.describe.changed import ActorChanges, Sides, changed_things, describe_changes
from gcm.describe.overlay import Overlay
from gcm.desk import Clash, Curator, Proposal, Standing, State
from gcm.desk.statements import Term
from gcm.web.curators import current_curator, open_desk, who_reads
from gcm.web.curators import desk as find_desk
from gcm.web.differences import difference_of
from gcm.web.effects import affected_rows, figure_rows
from gcm.web.in_words import in_plain_words
from gcm.web.pinned import mount_point
from gcm.web.preview_site import Shown, preview_of
from gcm.web.reading import graph, language
from gcm.web.texts import texts_in
from gcm.web.versions import site

#: What a list can be narrowed to: all, those that wait, or those in one state.
_ANY, _WAITING = "", "waiting"

#: What can be done with a proposal: the last step of the address, and the words of the button.
_DECISIONS = (("approve", "approve"), ("ask", "ask_changes"), ("reject", "reject"))
_WITHDRAWAL = (("withdraw", "withdraw"),)
_REVERSAL = (("revert", "revert"),)


@dataclass(frozen=True)
class Asked:
    """Which proposals a list shows: in a state, of a handle; which page of them, counted from 1."""

    state: str
    by: str
    page: int


@dataclass(frozen=True)
class Obstacle:
    """What stands in the way of a proposal, by names; without a property it is the thing as a whole."""

    thing: Link
    property: Link | None
    before: tuple[Link | Text, ...]
    wanted: tuple[Link | Text, ...]
    present: tuple[Link | Text, ...]
    by: tuple[int, ...]


def list_page() -> str:
    """List proposals by state, the newest first."""
    found = find_desk()
    every = found.proposals() if found else ()
    asked = _asked()
    size = int(site().limits.page_links)
    chosen = [each for each in every if _is_in(each, asked.state) and asked.by in ("", each.by)]
    pages = max(1, ceil(len(chosen) / size))
    place = min(asked.page, pages)
    return render_template(
        "proposals.html",
        **who_reads(),
        asked=Asked(asked.state, asked.by, place),
        counts=_counts(every),
        rows=chosen[(place - 1) * size : place * size],
        pages=pages,
    )


def _asked() -> Asked:
    state = request.args.get("state", _ANY)
    known = {_ANY, _WAITING, *(each.value for each in State)}
    return Asked(state if state in known else _ANY, request.args.get("by", "")[:100].strip(), _page())


def _page() -> int:
    """Read the number of the page that the address asks for, counted from 1."""
    number = request.args.get("page", "1")
    return max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else 1


def _is_in(proposal: Proposal, state: str) -> bool:
    if state == _WAITING:
        return proposal.state.is_waiting
    return state in (_ANY, proposal.state.value)


def _counts(every: Sequence[Proposal]) -> Mapping[str, int]:
    """Count the proposals of each state that has some."""
    states = (_ANY, _WAITING, *(each.value for each in State))
    counted = {name: sum(_is_in(each, name) for each in every) for name in states}
    return {name: count for name, count in counted.items() if count or name in (_ANY, _WAITING)}


def proposal_page(proposal: Proposal) -> str:
    """Show a proposal: report, difference, duplicates, effects, events, and what its reader may do."""
    curator = current_curator()
    standing = open_desk().standing(proposal.number)
    shown = preview_of(proposal, standing) if curator else Shown(None)
    root = _preview_root(proposal, shown)
    g.preview_root = root
    sides = sides_of(proposal, standing)
    return render_template(
        "proposal.html",
        **who_reads(),
        proposal=proposal,
        standing=standing,
        clashes=[_obstacle(each) for each in standing.clashes],
        results=proposal.report.results[: int(site().limits.shown_changes)],
        duplicates=_duplicates(proposal, sides.after),
        overlaps=[(each, _links(each.subjects)) for each in proposal.overlaps],
        shown=shown,
        preview_root=root,
        acts=_acts(proposal, standing, curator),
        reasons=_reasons(proposal, curator),
        **_words(sides),
        **_effects(shown, sides, root),
    )


def sides_of(proposal: Proposal, standing: Standing) -> Sides:
    """Give the graph without and with what a proposal does, or did: the present one with a change on it."""
    difference = difference_of(standing.changes)
    store = graph().store
    if proposal.published:
        return Sides(
            Graph(Overlay(store, difference.reversed())), Graph(Overlay(store, difference)), difference
        )
    return Sides(graph(), Graph(Overlay(store, difference)), difference)


def show_words(number: int) -> Response:
    """Say what a proposal does, as plain text."""
    desk = open_desk()
    sides = sides_of(desk.proposal(number), desk.standing(number))
    groups = describe_changes(sides, changed_things(sides.difference), language=language())
    text = in_plain_words(groups, texts_in(language()))
    response = Response(text, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.content_language.add(language())
    return response


def _preview_root(proposal: Proposal, shown: Shown) -> str:
    """Give the address of the preview; "" if there is none to be seen now."""
    is_there = shown.outcome is not None and proposal.state.is_waiting
    return f"{mount_point()}/proposals/{proposal.number}/preview" if is_there else ""


def _words(sides: Sides) -> dict[str, object]:
    """Give one page of the changes in words."""
    things = changed_things(sides.difference)
    size = int(site().limits.shown_changes)
    pages = max(1, ceil(len(things) / size))
    page = min(_page(), pages)
    groups: Sequence[ActorChanges] = describe_changes(
        sides, things[(page - 1) * size : page * size], language=language()
    )
    return {
        "groups": groups,
        "things": len(things),
        "added": len(sides.difference.added),
        "removed": len(sides.difference.removed),
        "page": page,
        "pages": pages,
    }


def _effects(shown: Shown, sides: Sides, root: str) -> dict[str, object]:
    """Give the pages and figures that change, as many as a page holds."""
    if shown.outcome is None:
        return {}
    pages = shown.outcome.pages
    most = int(site().limits.shown_rows)
    return {
        "affected": affected_rows(pages.pages[:most], sides, root=root),
        "affected_count": len(pages.pages),
        "unseen": pages.unseen + max(0, len(pages.pages) - most),
        "figures": figure_rows(shown.outcome.figures, sides),
    }


def _acts(proposal: Proposal, standing: Standing, curator: Curator | None) -> list[tuple[str, str]]:
    """Give what the reader may do beside commenting."""
    if curator is None:
        return []
    is_own = proposal.by == curator.handle
    if proposal.state is State.PUBLISHED:
        return [*_REVERSAL]
    if not proposal.state.is_waiting:
        return []
    is_approvable = proposal.report.conforms and not standing.clashes
    decisions = [each for each in _DECISIONS if is_approvable or each[0] != "approve"]
    return [*(decisions if curator.role.can_review and not is_own else ()), *(_WITHDRAWAL if is_own else ())]


def _reasons(proposal: Proposal, curator: Curator | None) -> list[str]:
    """Give why the reader may not do more: keys of texts."""
    if curator is None or not proposal.state.is_waiting:
        return []
    is_own = proposal.by == curator.handle
    reasons = ["own_proposal"] if is_own else [] if curator.role.can_review else ["only_review"]
    return [*reasons, *([] if proposal.report.conforms else ["not_approvable"])]


def _duplicates(proposal: Proposal, after: Graph) -> list[tuple[Link, Link, float]]:
    rows = ((each.new, each.known, each.ratio) for each in proposal.duplicates)
    return [
        (link_to(after, new, language=language()), link_to(after, known, language=language()), ratio)
        for new, known, ratio in rows
    ]


def _obstacle(clash: Clash) -> Obstacle:
    return Obstacle(
        thing=link_to(graph(), clash.subject, language=language()),
        property=link_to(graph(), clash.predicate, language=language()) if clash.predicate else None,
        before=_values(clash.before),
        wanted=_values(clash.wanted),
        present=_values(clash.present),
        by=clash.by,
    )


def _values(terms: Iterable[Term]) -> tuple[Link | Text, ...]:
    return tuple(_value(each) for each in terms)


def _value(term: Term) -> Link | Text:
    if isinstance(term, NamedNode):
        return link_to(graph(), term, language=language())
    return text_of(term, language=language()) if isinstance(term, Literal) else Text(str(term))


def _links(iris: Iterable[NamedNode]) -> tuple[Link, ...]:
    return tuple(link_to(graph(), each, language=language()) for each in iris)
