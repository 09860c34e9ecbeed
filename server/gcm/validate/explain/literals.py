"""The text, number or date that was meant where one is written in a way that the field does not take."""

import re
from collections.abc import Iterable
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from gcm.fields import Field, Kind
from gcm.fields.amounts import SHARED_SIGNS, Amount, code_of, read_amounts, written
from gcm.fields.dates import read_for
from gcm.validate.explain.case import Answer, Case
from gcm.validate.explain.nearest import CURRENCY
from gcm.validate.explain.tongues import language_of, likely_languages
from gcm.validate.explain.words import XSD, candidate, shown
from gcm.validate.explain.words import written as in_turtle
from gcm.validate.lexical import is_well_formed
from gcm.validate.remedy import ReplaceObject
from gcm.vocab import PREFIXES

DECIMAL, INTEGER, BOOLEAN, DURATION = (
    NamedNode(XSD + name) for name in ("decimal", "integer", "boolean", "duration")
)
_UNIT, _PERCENT = NamedNode(PREFIXES["gcm"] + "unit"), NamedNode(PREFIXES["gcm"] + "Percent")
_MONEY = NamedNode(PREFIXES["gcms"] + "groupMoney")
_YES_NO = {
    "true": {"true", "yes", "y", "oui", "vrai", "да", "1"},
    "false": {"false", "no", "n", "non", "faux", "нет", "0"},
}
_LENGTHS = {
    "day": "D",
    "days": "D",
    "week": "W",
    "weeks": "W",
    "month": "M",
    "months": "M",
    "year": "Y",
    "years": "Y",
}
_LENGTH = re.compile(r"(?:([0-9]+)[ -](years?))?(?:,? (?:and )?)?(?:([0-9]+)[ -](months?|weeks?|days?))?")


def other_literal(case: Case, field: Field, value: NamedNode | Literal) -> Answer:
    """Find how the value should be written; sure if there is one way only."""
    found = list(dict.fromkeys(_READERS.get(field.kind, _nothing)(case, field, value)))
    fitting = [each for each in found if each != value and fits(field, each)]
    candidates = tuple(candidate(case, each) for each in fitting[:5])
    if len(fitting) != 1 or not _is_certain(case, field, value):
        return Answer(candidates)
    return Answer(candidates, ReplaceObject(_title(case, value, fitting[0]), fitting[0]))


def _title(case: Case, value: NamedNode | Literal, new: Literal) -> str:
    if isinstance(value, Literal) and value.value == new.value:
        if new.language:
            return f"Add the language tag @{new.language}"
        if value.language:
            return f"Remove the language tag @{value.language}"
    return f"Write {in_turtle(new)} for {shown(case, value)}"


def fits(field: Field, value: Literal) -> bool:
    """Tell whether a field takes a literal: its datatype, its form, its bounds, its language."""
    return (
        (not field.datatypes or value.datatype in field.datatypes)
        and is_well_formed(value)
        and all(re.search(each, value.value) for each in field.patterns)
        and (not field.languages or value.language in field.languages)
        and _is_within(field, value)
    )


def _is_within(field: Field, value: Literal) -> bool:
    if value.datatype not in (DECIMAL, INTEGER):
        return True
    number = Decimal(value.value)
    is_low = field.low is not None and number < Decimal(field.low)
    return not is_low and not (field.high is not None and number > Decimal(field.high))


def _is_certain(case: Case, field: Field, value: NamedNode | Literal) -> bool:
    """Tell whether nothing is guessed, as the language of a text, nor lost, as the unit of a number."""
    if not isinstance(value, Literal):
        return True
    if field.kind is Kind.TEXT:
        return _language(case, field, value) is not None
    return field.kind is not Kind.NUMBER or _has_its_unit(case, value)


def _has_its_unit(case: Case, value: Literal) -> bool:
    """Tell whether the unit of a number is said beside it, or was not written."""
    unit = next((each.unit for each in read_amounts(value.value)), "")
    if unit == "%":
        return _PERCENT in [each.object for each in case.statements(_UNIT)]
    said = {each.object.value for each in case.statements(CURRENCY) if isinstance(each.object, Literal)}
    return not unit or bool(said & {*SHARED_SIGNS.get(unit, ()), code_of(unit) or ""})


def _dates(_case: Case, field: Field, value: NamedNode | Literal) -> Iterable[Literal]:
    return [each for each in read_for(field, value.value) if each.datatype in field.datatypes]


def _numbers(_case: Case, field: Field, value: NamedNode | Literal) -> Iterable[Literal]:
    amounts = read_amounts(value.value)
    if field.group == _MONEY:
        amounts = tuple(each for each in amounts if each.number == round(each.number, 2)) or amounts
        amounts = amounts[:1]  # sums of money have no thousandths: "200,000" is two hundred thousand
    return [_number(field, each) for each in amounts]


def _number(field: Field, amount: Amount) -> Literal:
    is_whole = INTEGER in field.datatypes and amount.number == int(amount.number)
    return Literal(written(amount.number, is_whole=is_whole), datatype=INTEGER if is_whole else DECIMAL)


def _texts(case: Case, field: Field, value: NamedNode | Literal) -> Iterable[Literal]:
    """Give the text with its language; where that is a guess, with each language that is likely."""
    if not isinstance(value, Literal):
        return []
    found = _language(case, field, value)
    languages = (found,) if found else field.languages or likely_languages(value.value)
    free = [each for each in languages if not (field.has_unique_languages and case.texts(field.path, each))]
    return [Literal(value.value, language=each) for each in free if not value.language]


def _language(case: Case, field: Field, value: Literal) -> str | None:
    has_english = bool(case.texts(field.path, "en"))
    return language_of(value.value, allowed=field.languages, has_english=has_english)


def _codes(_case: Case, field: Field, value: NamedNode | Literal) -> Iterable[Literal]:
    """Give the code as a plain text; in capitals, with leading zeros or by its sign, if it then fits."""
    text = value.value.strip()
    if field.path == CURRENCY:
        shared = SHARED_SIGNS.get(text.casefold(), ())
        return [Literal(each) for each in (*shared, code_of(text) or "") if each]
    readings = (text, text.upper(), text.lower(), text.zfill(3), text.lstrip("0"))
    changed = [
        re.sub(pattern, other, text) for pattern, other in ((r"[\s().]", ""), (r"\s+", "-"), (r"\s+", "/"))
    ]
    return next(([Literal(each)] for each in (*readings, *changed) if fits(field, Literal(each))), [])


def _yes_no(_case: Case, _field: Field, value: NamedNode | Literal) -> Iterable[Literal]:
    words = value.value.strip().casefold()
    return [Literal(each, datatype=BOOLEAN) for each, known in _YES_NO.items() if words in known]


def _durations(_case: Case, _field: Field, value: NamedNode | Literal) -> Iterable[Literal]:
    text = value.value.strip()
    found = _LENGTH.fullmatch(text.casefold())
    if found and any(found.groups()):
        years, _, number, unit = found.groups()
        parts = (f"{years}Y" if years else "") + (f"{number}{_LENGTHS[unit]}" if number else "")
        return [Literal(f"P{parts}", datatype=DURATION)]
    return [Literal(text, datatype=DURATION)] if re.fullmatch(r"P([0-9]+[YMD])+", text) else []


def _nothing(_case: Case, _field: Field, _value: NamedNode | Literal) -> Iterable[Literal]:
    return []


_READERS = {
    Kind.DATE: _dates,
    Kind.NUMBER: _numbers,
    Kind.TEXT: _texts,
    Kind.CODE: _codes,
    Kind.YES_NO: _yes_no,
    Kind.DURATION: _durations,
}
