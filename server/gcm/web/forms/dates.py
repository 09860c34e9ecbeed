"""Dates as people write them, as precise as they are: a day, a month or a year."""

import re
from datetime import date

from pyoxigraph import Literal, NamedNode

from gcm.vocab import PREFIXES

_XSD = PREFIXES["xsd"]
DATE, MONTH, YEAR = (NamedNode(_XSD + name) for name in ("date", "gYearMonth", "gYear"))

_ISO = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2}))?)?")
_DAY_FIRST = re.compile(
    r"(?:(?P<day>[0-9]{1,2})(?P<sign>[./ ]))?(?P<month>[0-9]{1,2})(?(sign)(?P=sign)|[./ ])(?P<year>[0-9]{4})"
)


def read_date(text: str) -> Literal | None:
    """Read a date: 2024, 2024-05, 2024-05-17, or with the day first, 17.05.2024, 17/5/2024, 05/2024.

    None if it is written in no such way, or there is no such day.
    """
    found = _ISO.fullmatch(text.strip()) or _DAY_FIRST.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = found["year"], found["month"], found["day"]
    try:
        checked = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if day:
        return Literal(checked.isoformat(), datatype=DATE)
    return Literal(checked.isoformat()[:7], datatype=MONTH) if month else Literal(year, datatype=YEAR)
