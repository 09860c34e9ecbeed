"""Findings explained to people who know their subject and not SHACL: what is wrong, expected, meant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Triple

from gcm.fields import Fields, Kind
from gcm.fields.names import Names
from gcm.validate.explain.addresses import other_address
from gcm.validate.explain.case import Answer, Case, Surroundings
from gcm.validate.explain.checked import addition, answer_of_check
from gcm.validate.explain.counted import one_too_many
from gcm.validate.explain.literals import other_literal
from gcm.validate.explain.nearest import MOST
from gcm.validate.explain.properties import missing_value, other_property
from gcm.validate.explain.sentences import what_is_wrong
from gcm.validate.explain.things import other_thing
from gcm.validate.explain.words import with_labels
from gcm.validate.finding import Finding
from gcm.validate.remedy import Remedy
from gcm.validate.report import Candidate

__all__ = ["Explanation", "Surroundings", "explain"]


@dataclass(frozen=True)
class Explanation:
    """What is wrong, what is expected, what may have been meant (best first), the one right remedy if any."""

    message: str
    expected: str
    candidates: tuple[Candidate, ...] = ()
    remedy: Remedy | None = None


def explain(
    finding: Finding, *, statement: Triple | None, fields: Fields, names: Names, context: Surroundings
) -> Explanation:
    """Explain a finding that blames `statement`; None if something is missing.

    `context` knows what was given and the graph in which it stands. A remedy is given only where one alone is
    right by rule; else there are candidates at most, or nothing.
    """
    case = Case(finding, statement, fields, names, context)
    answer = _answer(case)
    return Explanation(
        message=what_is_wrong(case),
        expected=with_labels(case, finding.message),
        candidates=answer.candidates[:MOST],
        remedy=answer.remedy,
    )


def _answer(case: Case) -> Answer:
    if not case.is_of_a_shape:
        return answer_of_check(case)
    return _ANSWERS.get(case.component, _other_value)(case)


def _other_value(case: Case) -> Answer:
    """Find another value for one that does not fit its field."""
    field, value = case.field, case.finding.value
    if field is None or value is None or isinstance(value, BlankNode | Triple):
        return Answer()
    if field.kind in (Kind.ENTITY, Kind.CHOICE):
        return other_thing(case, field, value)
    return (
        other_address(case, field, value) if field.kind is Kind.ADDRESS else other_literal(case, field, value)
    )


_ANSWERS: Mapping[str, Callable[[Case], Answer]] = {
    "Closed": other_property,
    "HasValue": addition,
    "MaxCount": one_too_many,
    "MinCount": missing_value,
    "UniqueLang": one_too_many,
}
