"""The first sentence of a message: what is wrong, in the words of the form."""

import re
from collections.abc import Callable, Mapping

from pyoxigraph import Literal, NamedNode

from gcm.fields import Field, Kind
from gcm.validate.explain.amounts import read_amounts
from gcm.validate.explain.case import Case
from gcm.validate.explain.dates import read_dates
from gcm.validate.explain.words import (
    STRING,
    both,
    class_name,
    datatype_name,
    field_name,
    is_blank,
    language_name,
    one_of,
    quoted,
    short_address,
    shown,
    value_in_words,
)
from gcm.validate.terms import is_well_formed

#: What a field takes, as the second half of a sentence: "…, where … should stand".
_TAKES = {
    Kind.ADDRESS: "a web address",
    Kind.DATE: "a day, a month or a year",
    Kind.NUMBER: "a number",
    Kind.TEXT: "a text with its language",
    Kind.CODE: "a code in quotation marks",
    Kind.YES_NO: "true or false",
    Kind.DURATION: "a length of time",
}


def what_is_wrong(case: Case) -> str:
    """Say what is wrong in one sentence."""
    if not case.is_of_a_shape:
        return _found_by_check(case)
    return _SENTENCES.get(case.component, _does_not_fit)(case)


def _found_by_check(case: Case) -> str:
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
    return f"{_where(case)} is not known: nothing describes it."


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


def _is_private(case: Case) -> str:
    return f"An e-mail address stands in the field {field_name(case)}."


def _class(case: Case) -> str:
    value = case.finding.value
    return class_name(case.fields, value) if isinstance(value, NamedNode) else "such a thing"


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
        return f"{_where(case)} is a text, where the identifier of {wanted} should stand."
    if isinstance(value, NamedNode):
        types = [class_name(case.fields, each) for each in case.types(value)]
        if types:
            return f"{_where(case)} is {both(types)}, not {wanted}."
        return f"{_where(case)} is not known; it should be {wanted}."
    return (
        f"The field {field_name(case)} describes its value on the spot; it takes the identifier of {wanted}."
    )


def _wanted(case: Case, field: Field) -> str:
    return one_of([class_name(case.fields, each) for each in field.classes]) if field.classes else "a thing"


def _is_no_address(case: Case) -> str:
    value = case.finding.value
    takes = "a web address" if case.field and case.field.kind is Kind.ADDRESS else "the identifier of a thing"
    if is_blank(value):
        return f"The field {field_name(case)} describes its value on the spot; it takes {takes}."
    return f"{_where(case)} is a text, where {takes} should stand."


def _is_written_otherwise(case: Case) -> str:
    return f"{_where(case)} is not written as it should be."


def _is_of_another_datatype(case: Case) -> str:
    field, value = case.field, case.finding.value
    if field is None or value is None:
        return _does_not_fit(case)
    if isinstance(value, Literal):
        return f"{_where(case)} {_LITERALS.get(field.kind, _is_unfit)(field, value)}."
    what = "an identifier" if isinstance(value, NamedNode) else "a description on the spot"
    return f"{_where(case)} is {what}, where {_TAKES.get(field.kind, 'a value')} should stand."


def _is_no_text(_field: Field, value: Literal) -> str:
    return (
        "has no language" if value.datatype.value == STRING else "is not written as a text with its language"
    )


def _is_no_code(_field: Field, value: Literal) -> str:
    if value.language:
        return f"is marked as {language_name(value.language)}; the field takes a text without a language"
    return f"is written as a {datatype_name(value.datatype)}, where a text in quotation marks should stand"


def _is_no_date(field: Field, value: Literal) -> str:
    readings = read_dates(value.value)
    if not readings:
        return _is_no_date_at_all(field, value)
    meant = readings[0].datatype
    named = datatype_name(meant)
    if meant not in field.datatypes:
        return f"is a {named}, where {_datatypes(field)} should stand"
    if len(readings) > 1:
        return f"can be read as {one_of([value_in_words(each) for each in readings])}"
    if readings[0].value != value.value:
        return f"is a {named}, but not written as {readings[0].value}"
    return f"is a {named} {_marked(value)}"


def _is_no_date_at_all(field: Field, value: Literal) -> str:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.value):
        return "is a day that does not exist"
    return f"is not {_datatypes(field)}"


def _marked(value: Literal) -> str:
    if value.datatype.value == STRING:
        return "written as a plain text"
    name = datatype_name(value.datatype)
    return f"{'marked' if name in ('day', 'month', 'year', 'moment') else 'written'} as a {name}"


def _datatypes(field: Field) -> str:
    return one_of([f"a {datatype_name(each)}" for each in field.datatypes])


def _is_no_number(field: Field, value: Literal) -> str:
    takes = _datatypes(field)
    as_meant = Literal(value.value, datatype=field.datatypes[0]) if field.datatypes else value
    if value.datatype.value == STRING and is_well_formed(as_meant):
        return f"is written as a text, not as {takes}"
    if is_well_formed(as_meant) and value.datatype not in field.datatypes:
        return f"is written as a {datatype_name(value.datatype)}, not as {takes}"
    return "is not written as a plain number" if read_amounts(value.value) else f"is not {takes}"


def _is_neither(_field: Field, value: Literal) -> str:
    return "is written as a text" if value.value in ("true", "false") else "is neither true nor false"


def _is_unfit(field: Field, _value: Literal) -> str:
    return f"is not written as {_TAKES.get(field.kind, 'this value')} should be"


def _is_in_another_language(case: Case) -> str:
    value, field = case.finding.value, case.field
    if not isinstance(value, Literal) or not value.language:
        return _is_of_another_datatype(case)
    takes = one_of([language_name(each) for each in field.languages]) if field else "another language"
    return f"{_where(case)} is in {language_name(value.language)}; the field takes only {takes}."


def _is_out_of_bounds(case: Case) -> str:
    field, value = case.field, case.finding.value
    if field is None or not isinstance(value, Literal):
        return _does_not_fit(case)
    if value.datatype not in field.datatypes or not is_well_formed(value):
        return _is_of_another_datatype(case)
    is_low = case.component.startswith("Min")
    bound = f"the least is {field.low}" if is_low else f"the most is {field.high}"
    return f"{_where(case)} is too {'small' if is_low else 'great'}: {bound}."


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
    return f"{_where(case)} does not fit."


def _where(case: Case) -> str:
    """Begin a sentence about the value: “Moldova” in the field “is made by”."""
    value = case.finding.value
    name = shown(case, value) if value is not None else "What stands"
    return f"{name} in the field {field_name(case)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_LITERALS: Mapping[Kind, Callable[[Field, Literal], str]] = {
    Kind.TEXT: _is_no_text,
    Kind.CODE: _is_no_code,
    Kind.DATE: _is_no_date,
    Kind.NUMBER: _is_no_number,
    Kind.YES_NO: _is_neither,
}
_CHECKS: Mapping[str, Callable[[Case], str]] = {
    "address-of-another-kind": _has_another_address,
    "link-to-nothing": _is_described_nowhere,
    "private-address": _is_private,
    "superfluous-type": _is_also_wider,
    "thing-without-type": _has_no_class,
    "undeclared-term": _is_no_term,
}
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
