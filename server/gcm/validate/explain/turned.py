"""Statements that stand the wrong way round: place:MDA is made by pledge:8."""

from dataclasses import replace

from pyoxigraph import NamedNode, Triple

from gcm.validate.explain.case import Answer, Case
from gcm.validate.explain.words import short_address, shown
from gcm.validate.remedy import TurnRound


def missing_side(case: Case) -> Answer:
    """Find the missing statement where it stands the wrong way round: place:MDA is made by pledge:8."""
    path, classes = case.finding.predicate, case.field.classes if case.field else ()
    found = [
        each
        for each in case.around.references(case.finding.focus)
        if each.predicate == path and case.is_one_of(each.subject, classes) and not _is_a_field(case, each)
    ]
    if len(found) != 1 or not classes:
        return Answer()
    return Answer((), _turn_round(case, found[0]))


def turned_reference(case: Case, path: NamedNode, cls: NamedNode) -> Answer:
    """Find the one statement in which a thing of a class names the thing in question, and not the reverse."""
    references = case.around.references(case.finding.focus)
    found = [each for each in references if each.predicate == path and case.is_one_of(each.subject, [cls])]
    return Answer((), _turn_round(case, found[0])) if len(found) == 1 else Answer()


def _turn_round(case: Case, wrong: Triple) -> TurnRound:
    name = case.fields.properties.get(wrong.predicate, {}).get("en", short_address(wrong.predicate))
    title = f"Turn it round: {shown(case, wrong.object)} “{name}” {shown(case, wrong.subject)}"
    return TurnRound(title, statement=wrong)


def _is_a_field(case: Case, statement: Triple) -> bool:
    forms = [form for each in case.types(statement.subject) if (form := case.fields.form(each))]
    return any(each.path == statement.predicate for form in forms for each in form.fields)


def turned_round(case: Case) -> TurnRound | None:
    """Find that the value is what has this field, and the thing in question is what it takes.

    Only where the class does not have the property can that be told: of a property that both sides can have,
    either may be wrong.
    """
    focus, predicate, value = case.finding.focus, case.finding.predicate, case.finding.value
    if not (isinstance(focus, NamedNode) and isinstance(value, NamedNode) and predicate is not None):
        return None
    if not any(_has_field(case, each, predicate, focus) for each in case.types(value)):
        return None
    return replace(_turn_round(case, Triple(focus, predicate, value)), statement=None)


def _has_field(case: Case, cls: NamedNode, predicate: NamedNode, value: NamedNode) -> bool:
    form = case.fields.form(cls)
    fields = [each for each in form.fields if each.path == predicate] if form else []
    return any(each.classes and case.is_one_of(value, each.classes) for each in fields)
