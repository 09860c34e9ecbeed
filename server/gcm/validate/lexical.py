"""The texts that a datatype allows (XML Schema 1.1 Part 2)."""

import re
from datetime import date

from pyoxigraph import Literal

from gcm.vocab import PREFIXES

_XSD = PREFIXES["xsd"]
_DATE = _XSD + "date"
_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?"
_YEAR = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_MONTH = r"(?:0[1-9]|1[0-2])"
#: Lexical forms of datatypes (XML Schema 1.1 Part 2) for which rdflib accepts more, or does not look at all.
_FORMS = {
    _XSD + "boolean": re.compile(r"true|false|1|0"),
    _DATE: re.compile(rf"{_YEAR}-{_MONTH}-(?:0[1-9]|[12][0-9]|3[01]){_ZONE}"),
    _XSD + "decimal": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    _XSD + "gYear": re.compile(_YEAR + _ZONE),
    _XSD + "gYearMonth": re.compile(f"{_YEAR}-{_MONTH}{_ZONE}"),
    _XSD + "integer": re.compile(r"[+-]?[0-9]+"),
}
_DAY = re.compile(r"-?[0-9]*([0-9]{4})-([0-9]{2})-([0-9]{2})")


def is_well_formed(literal: Literal) -> bool:
    """Tell whether the text of a literal is one that its datatype allows: 2024-02-30 is no xsd:date."""
    form = _FORMS.get(literal.datatype.value)
    if form is None:
        return True
    fits = form.fullmatch(literal.value) is not None
    return fits and (literal.datatype.value != _DATE or _is_day(literal.value))


def _is_day(text: str) -> bool:
    parts = _DAY.match(text)
    if parts is None:
        return False
    year, month, day = (int(part) for part in parts.groups())
    try:
        date(year % 400 + 2000, month, day)  # any year, also those Python does not know: the calendar repeats
    except ValueError:
        return False
    return True
