"""The first sentence of a message: what is wrong, in the words of the form."""

from collections.abc import Callable, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode

from gcm.fields import Field, Kind
from gcm.validate.explain.case import Case
from gcm.validate.explain.sentences_of_checks import what_check_found
from gcm.validate.explain.sentences_of_literals import TAKES, what_literal_lacks
from gcm.validate.explain.words import (
    both,
    class_name,
    field_name,
    in_its_field,
    is_number,
    language_name,
    one_of,
    quoted,
    short_address,
    shown,
)
from gcm.validate.lexical import is_well_formed


def what_is_wrong(case: Case) -> str:
    """Say what is wrong in one sentence."""
    if not case.is_of_a_shape:
        return what_check_found(case)
    return _SENTENCES.get(case.component, _does_not_fit)(case)


def _is_empty(case: Case) -> str:
    return f"The field {field_name(case)} is empty for {shown(case, case.finding.focus)}."


def _has_too_many(case: Case) -> str:
    path = case.finding.predicate
    values = [shown(case, each.object) for each in case.statements(path)] if path else []
    most = case.field.maximum if case.field else 1
    listed = f": {both(values)}" if 1 < len(values) <= 5 else ""
    takes = "only one" if most == 1 else f"at most {most}"
    return f"The field {field_name(case)} takes {takes} value, and has {len(values) or 'more'}{listed}."


def _is_repeated(case: Case) -> str:
    path = case.finding.predicate
    texts = [each.object for each in case.statements(path)] if path else []
    literals = [each for each in texts if isinstance(each, Literal) and each.language]
    by_language = {
        each.language or "": [one for one in literals if one.language == each.language] for each in literals
    }
    several = {tag: found for tag, found in by_language.items() if len(found) > 1}
    says = [
        f"in {language_name(tag)} {both([quoted(each.value) for each in found])}"
        for tag, found in several.items()
    ]
    told = f": {'; '.join(says)}" if says else ""
    return f"The field {field_name(case)} takes one text for each language, and has several{told}."


def _is_of_another_class(case: Case) -> str:
    field, value = case.field, case.finding.value
    if field is None or value is None:
        return _does_not_fit(case)
    wanted = _wanted(case, field)
    if isinstance(value, Literal):
        return f"{in_its_field(case)} is {_a_literal(value)}, where the identifier of {wanted} should stand."
    if isinstance(value, NamedNode):
        types = [class_name(case.fields, each) for each in case.types(value)]
        if types:
            return f"{in_its_field(case)} is {both(types)}, not {wanted}."
        return f"{in_its_field(case)} is not known; it should be {wanted}."
    return (
        f"The field {field_name(case)} describes its value on the spot; it takes the identifier of {wanted}."
    )


def _wanted(case: Case, field: Field) -> str:
    return one_of([class_name(case.fields, each) for each in field.classes]) if field.classes else "a thing"


def _is_no_address(case: Case) -> str:
    value = case.finding.value
    takes = "a web address" if case.field and case.field.kind is Kind.ADDRESS else "the identifier of a thing"
    if isinstance(value, BlankNode):
        return f"The field {field_name(case)} describes its value on the spot; it takes {takes}."
    return f"{in_its_field(case)} is {_a_literal(value)}, where {takes} should stand."


def _a_literal(value: object) -> str:
    return "a number" if isinstance(value, Literal) and is_number(value) else "a text"


def _is_written_otherwise(case: Case) -> str:
    return f"{in_its_field(case)} is not written as it should be."


def _is_of_another_datatype(case: Case) -> str:
    field, value = case.field, case.finding.value
    if field is None or value is None:
        return _does_not_fit(case)
    if isinstance(value, Literal):
        return f"{in_its_field(case)} {what_literal_lacks(field, value)}."
    what = "an identifier" if isinstance(value, NamedNode) else "a description on the spot"
    return f"{in_its_field(case)} is {what}, where {TAKES.get(field.kind, 'a value')} should stand."


def _is_in_another_language(case: Case) -> str:
    value, field = case.finding.value, case.field
    if not isinstance(value, Literal) or not value.language:
        return _is_of_another_datatype(case)
    takes = one_of([language_name(each) for each in field.languages]) if field else "another language"
    return f"{in_its_field(case)} is in {language_name(value.language)}; the field takes only {takes}."


def _is_out_of_bounds(case: Case) -> str:
    field, value = case.field, case.finding.value
    if field is None or not isinstance(value, Literal):
        return _does_not_fit(case)
    if value.datatype not in field.datatypes or not is_well_formed(value):
        return _is_of_another_datatype(case)
    is_low = case.component.startswith("Min")
    bound = f"the least is {field.low}" if is_low else f"the most is {field.high}"
    return f"{in_its_field(case)} is too {'small' if is_low else 'great'}: {bound}."


def _is_not_named(case: Case) -> str:
    choices = [shown(case, each) for each in case.field.choices] if case.field else []
    names = f" {one_of(choices)}" if choices else " what it must"
    return f"The field {field_name(case)} of {shown(case, case.finding.focus)} does not name{names}."


def _has_no_such_field(case: Case) -> str:
    form, predicate = case.form, case.finding.predicate
    whose = class_name(case.fields, form.cls) if form else "This thing"
    if predicate is None:
        return f"{_capital(whose)} has a field too many."
    name = case.fields.properties.get(predicate, {}).get("en")
    return f"{_capital(whose)} has no field {short_address(predicate)}{f' (“{name}”)' if name else ''}."


def _fits_none(case: Case) -> str:
    """Say of sh:or, whose ways are classes of things or datatypes, what its field takes."""
    has_classes = case.field is not None and bool(case.field.classes)
    return _is_of_another_class(case) if has_classes else _is_of_another_datatype(case)


def _does_not_fit(case: Case) -> str:
    if case.finding.value is None:
        return f"The field {field_name(case)} of {shown(case, case.finding.focus)} does not fit."
    return f"{in_its_field(case)} does not fit."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_SENTENCES: Mapping[str, Callable[[Case], str]] = {
    "Class": _is_of_another_class,
    "Closed": _has_no_such_field,
    "Datatype": _is_of_another_datatype,
    "HasValue": _is_not_named,
    "In": _is_of_another_class,
    "LanguageIn": _is_in_another_language,
    "MaxCount": _has_too_many,
    "MaxExclusive": _is_out_of_bounds,
    "MaxInclusive": _is_out_of_bounds,
    "MinCount": _is_empty,
    "MinExclusive": _is_out_of_bounds,
    "MinInclusive": _is_out_of_bounds,
    "NodeKind": _is_no_address,
    "Or": _fits_none,
    "Pattern": _is_written_otherwise,
    "UniqueLang": _is_repeated,
}
