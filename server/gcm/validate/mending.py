"""Remedies as fixes: where in the text of a submission to write what."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pyoxigraph import BlankNode, NamedNode

from gcm.given import Edit
from gcm.syntax import Part, Statement
from gcm.syntax.apply import is_apart
from gcm.validate.finding import Finding
from gcm.validate.places import Blame, Places, triple_of
from gcm.validate.remedy import (
    Add,
    Remedy,
    Remove,
    ReplaceObject,
    ReplacePredicate,
    ReplaceSubject,
    SwapValues,
    TurnRound,
)
from gcm.validate.report import Fix
from gcm.validate.submission import Locating

Edits = tuple[Edit, ...] | None


class Mender:
    """Writes remedies as edits of the documents in which the blamed statements stand."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def fix(self, remedy: Remedy, finding: Finding, blame: Blame) -> Fix | None:
        """Say how to carry a remedy out; None if that would change more than it says."""
        edits = self._edits(remedy, finding, blame)
        return Fix(remedy.title, edits) if edits and is_apart(edits) else None

    def _edits(self, remedy: Remedy, finding: Finding, blame: Blame) -> Edits:
        if isinstance(remedy, Add):
            return self._add(remedy, finding, blame)
        triple = remedy.statement or (blame.statement.triple if blame.statement else triple_of(finding))
        found = self._places.find(triple) if triple is not None else None
        if found is None:
            return None
        document, statement = found
        return _EDITS[type(remedy)](self, document.locator, statement, remedy)

    def _add(self, remedy: Add, finding: Finding, blame: Blame) -> Edits:
        if blame.document is None:
            return None
        return blame.document.locator.add(finding.focus, remedy.predicate, remedy.object)

    def _replace_object(self, locator: Locating, statement: Statement, remedy: ReplaceObject) -> Edits:
        return locator.edit(statement, Part.OBJECT, remedy.new)

    def _replace_predicate(self, locator: Locating, statement: Statement, remedy: ReplacePredicate) -> Edits:
        return locator.edit(statement, Part.PREDICATE, remedy.new)

    def _replace_subject(self, locator: Locating, statement: Statement, remedy: ReplaceSubject) -> Edits:
        return locator.edit(statement, Part.SUBJECT, remedy.new)

    def _remove(self, locator: Locating, statement: Statement, _: Remove) -> Edits:
        return locator.remove(statement)

    def _swap_values(self, locator: Locating, statement: Statement, remedy: SwapValues) -> Edits:
        found = self._places.find(remedy.other)
        if found is None:
            return None
        document, other = found
        return _together(
            locator.edit(statement, Part.OBJECT, remedy.other.object),
            document.locator.edit(other, Part.OBJECT, statement.triple.object),
        )

    def _turn_round(self, locator: Locating, statement: Statement, _: TurnRound) -> Edits:
        subject, predicate, value = statement.triple
        if not isinstance(value, NamedNode | BlankNode):
            return None
        in_place = _together(
            locator.edit(statement, Part.SUBJECT, value), locator.edit(statement, Part.OBJECT, subject)
        )
        return in_place or _together(locator.remove(statement), locator.add(value, predicate, subject))


#: How each remedy is carried out. Any: each takes the remedy that it is listed under.
_EDITS: Mapping[type, Callable[[Mender, Locating, Statement, Any], Edits]] = {
    ReplaceObject: Mender._replace_object,
    ReplacePredicate: Mender._replace_predicate,
    ReplaceSubject: Mender._replace_subject,
    Remove: Mender._remove,
    SwapValues: Mender._swap_values,
    TurnRound: Mender._turn_round,
}


def _together(*edits: Edits) -> Edits:
    """Join edits, if all of them can be made."""
    found = [each for each in edits if each is not None]
    return tuple(_sorted(each for part in found for each in part)) if len(found) == len(edits) else None


def _sorted(edits: Iterable[Edit]) -> list[Edit]:
    return sorted(set(edits), key=lambda each: (each.file, each.start, each.end))
