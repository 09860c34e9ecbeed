"""What an approval will do, planned before anything is written."""

from collections.abc import Sequence
from dataclasses import replace

from gcm.desk.publishing import Plan
from gcm.desk.record import (
    PUBLISHER,
    Publication,
    add_publication,
    next_publication,
    sources_of,
    taken_away,
    touched,
)
from gcm.desk.room import Room
from gcm.desk.standing import explain_clashes
from gcm.desk.submission import PUBLICATIONS
from gcm.desk.values import Act, Change, Curator, Proposal
from gcm.errors import ConflictError


def plan(room: Room, proposal: Proposal, by: Curator, comment: str) -> Plan:
    """Plan what approval does. Raises ConflictError if others have changed the same, or done it already."""
    standing = room.stand(proposal.changes, proposal.new, since=proposal.at, number=proposal.number)
    if standing.clashes:
        raise ConflictError(explain_clashes(standing))
    if not standing.changes:
        raise ConflictError(f"Nothing of proposal {proposal.number} is left to do: others have done it.")
    publication = _publication(room, proposal, by, standing.changes)
    changes = (*standing.changes, _record(room, publication))
    published = replace(room.event(Act.PUBLISHED, by), publication=publication.iri.value)
    events = [(proposal.number, room.event(Act.APPROVED, by, comment)), (proposal.number, published)]
    if proposal.reverts is not None:
        events.append((proposal.reverts, room.event(Act.REVERTED, by, proposal=proposal.number)))
    paths = tuple(room.shelf.path_for(each.dataset) for each in changes)
    return Plan(proposal.number, changes, paths, tuple(events))


def _publication(room: Room, proposal: Proposal, by: Curator, changes: Sequence[Change]) -> Publication:
    taken_back = room.proposals.read(proposal.reverts) if proposal.reverts is not None else None
    return Publication(
        iri=next_publication(room.version().store),
        proposed_by=proposal.by,
        approved_by=by.handle,
        proposed_at=proposal.at,
        approved_at=room.moment(),
        generated=touched(changes),
        invalidated=taken_away(changes, room.version().store),
        used=sources_of(changes),
        reverts=taken_back.publication if taken_back else None,
    )


def _record(room: Room, publication: Publication) -> Change:
    """Add to the dataset of publications, which begins with the first."""
    before = room.texts().get(PUBLICATIONS, "")
    knows = any(room.version().store.quads_for_pattern(PUBLISHER, None, None, None))
    return Change(PUBLICATIONS, before, add_publication(before, publication, knows_publisher=knows))
