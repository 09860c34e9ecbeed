"""The first sentence of a message about what a check found."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from pyoxigraph import NamedNode

from gcm.validate.explain.case import START, Case
from gcm.validate.explain.words import (
    both,
    class_name,
    field_name,
    in_its_field,
    short_address,
    shown,
)


def what_check_found(case: Case) -> str:
    """Say what a check found: in its own words, else by its title and the value."""
    title, value = case.finding.title.rstrip("."), case.finding.value
    if case.finding.source in _CHECKS:
        return _CHECKS[case.finding.source](case)
    if case.finding.predicate is None or value is None:
        return f"{title}."
    if value == case.finding.focus:
        return f"{title} (field {field_name(case)})."
    return f"{title}: {field_name(case)} says {shown(case, value)}."


def _has_another_address(case: Case) -> str:
    return f"The address {shown(case, case.finding.focus)} is not one for {_class(case)}."


def _is_described_nowhere(case: Case) -> str:
    return f"{in_its_field(case)} is not known: nothing describes it."


def _is_also_wider(case: Case) -> str:
    others = [
        class_name(case.fields, each) for each in case.types(case.finding.focus) if each != case.finding.value
    ]
    focus = shown(case, case.finding.focus)
    return f"{focus} need not be called {_class(case)}: it is {both(others) if others else 'one anyway'}."


def _is_no_term(case: Case) -> str:
    predicate, value = case.finding.predicate, case.finding.value
    if predicate is not None and case.has_unknown_property:
        return f"The ontology has no property {short_address(predicate)}."
    name = shown(case, value) if value is not None else "This"
    return f"The ontology has no term {name}, which stands in the field {field_name(case)}."


def _has_no_class(case: Case) -> str:
    return f"Something is said about {shown(case, case.finding.focus)}, but not what kind of thing it is."


def _ends_too_early(case: Case) -> str:
    name = field_name(replace(case, finding=replace(case.finding, predicate=START)))
    starts = [shown(case, each.object) for each in case.statements(START)]
    value = case.finding.value
    says = f"{field_name(case)} says {shown(case, value)}" if value is not None else field_name(case)
    return f"{shown(case, case.finding.focus)} ends before it begins: {says}, {name} says {both(starts)}."


def _is_private(case: Case) -> str:
    return f"An e-mail address stands in the field {field_name(case)}."


def _class(case: Case) -> str:
    value = case.finding.value
    return class_name(case.fields, value) if isinstance(value, NamedNode) else "such a thing"


_CHECKS: Mapping[str, Callable[[Case], str]] = {
    "address-of-another-kind": _has_another_address,
    "end-before-start": _ends_too_early,
    "link-to-nothing": _is_described_nowhere,
    "private-address": _is_private,
    "superfluous-type": _is_also_wider,
    "thing-without-type": _has_no_class,
    "undeclared-term": _is_no_term,
}
