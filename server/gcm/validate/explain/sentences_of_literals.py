"""What is wrong with a text, a number or a date, as the second half of a sentence."""

import re
from collections.abc import Callable, Mapping

from pyoxigraph import Literal

from gcm.fields import Field, Kind
from gcm.fields.amounts import read_amounts
from gcm.fields.dates import read_for
from gcm.validate.explain.words import (
    STRING,
    datatype_name,
    language_name,
    one_of,
    value_in_words,
)
from gcm.validate.lexical import is_well_formed

#: What a field takes, as the second half of a sentence: "…, where … should stand".
TAKES = {
    Kind.ADDRESS: "a web address",
    Kind.DATE: "a day, a month or a year",
    Kind.NUMBER: "a number",
    Kind.TEXT: "a text with its language",
    Kind.CODE: "a code in quotation marks",
    Kind.YES_NO: "true or false",
    Kind.DURATION: "a length of time",
}


def what_literal_lacks(field: Field, value: Literal) -> str:
    """Say why a field does not take a literal: "… is a day written as a plain text"."""
    return _LITERALS.get(field.kind, _is_unfit)(field, value)


def _is_no_text(_field: Field, value: Literal) -> str:
    return (
        "has no language" if value.datatype.value == STRING else "is not written as a text with its language"
    )


def _is_no_code(_field: Field, value: Literal) -> str:
    if value.language:
        return f"is marked as {language_name(value.language)}; the field takes a text without a language"
    return f"is written as a {datatype_name(value.datatype)}, where a text in quotation marks should stand"


def _is_no_date(field: Field, value: Literal) -> str:
    readings = read_for(field, value.value)
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
    return f"is not written as {TAKES.get(field.kind, 'this value')} should be"


_LITERALS: Mapping[Kind, Callable[[Field, Literal], str]] = {
    Kind.TEXT: _is_no_text,
    Kind.CODE: _is_no_code,
    Kind.DATE: _is_no_date,
    Kind.NUMBER: _is_no_number,
    Kind.YES_NO: _is_neither,
}
