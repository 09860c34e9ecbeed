"""Proposals as JSON, and as patches."""

from collections.abc import Iterable

from pyoxigraph import NamedNode

from gcm.desk import Change, Clash, Event, Proposal, Standing
from gcm.desk.statements import patch_lines
from gcm.validate.serial import as_members
from gcm.vocab import path_of

Json = dict[str, object]


def summary(proposal: Proposal) -> Json:
    """Say of a proposal what a list shows."""
    return {
        "number": proposal.number,
        "title": proposal.title,
        "state": proposal.state.value,
        "by": proposal.by,
        "at": proposal.at,
        "datasets": [each.dataset.value for each in proposal.changes],
        "violations": proposal.report.count("violation"),
        "warnings": proposal.report.count("warning"),
        "reverts": proposal.reverts,
        "replaces": proposal.replaces,
    }


def whole(proposal: Proposal, standing: Standing) -> Json:
    """Say all of a proposal."""
    return summary(proposal) | {
        "given": proposal.given,
        "new": [each.value for each in proposal.new],
        "changes": [_change(each) for each in standing.changes],
        "isRebased": standing.is_rebased,
        "clashes": [_clash(each) for each in standing.clashes],
        "duplicates": [
            vars(each) | {"new": each.new.value, "known": each.known.value} for each in proposal.duplicates
        ],
        "overlaps": [
            {"number": each.number, "by": each.by, "subjects": _values(each.subjects)}
            for each in proposal.overlaps
        ],
        "events": [_event(each) for each in proposal.events],
        "report": as_members(proposal.report),
    }


def patch(changes: Iterable[Change]) -> str:
    """Write changes as an RDF Patch: one transaction, `D` and `A` lines, each with its dataset."""
    lines = ["TX ."]
    for each in changes:
        lines += patch_lines(each.dataset, added=each.added, removed=each.removed)
    return "\n".join([*lines, "TC .", ""])


def _change(change: Change) -> Json:
    return {
        "dataset": change.dataset.value,
        "added": [f"{each} ." for each in sorted(change.added, key=str)],
        "removed": [f"{each} ." for each in sorted(change.removed, key=str)],
    }


def _clash(clash: Clash) -> Json:
    return {
        "dataset": clash.dataset.value,
        "subject": clash.subject.value,
        "predicate": clash.predicate.value if clash.predicate else None,
        "before": [str(each) for each in clash.before],
        "wanted": [str(each) for each in clash.wanted],
        "present": [str(each) for each in clash.present],
        "by": clash.by,
    }


def _event(event: Event) -> Json:
    said = vars(event) | {"act": event.act.value}
    if event.publication:
        said["address"] = path_of(NamedNode(event.publication))
    return {name: value for name, value in said.items() if value not in (None, "")}


def _values(iris: Iterable[NamedNode]) -> list[str]:
    return [each.value for each in iris]
