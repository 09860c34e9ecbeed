"""Dates as people write them, and what days, months and years they can mean."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime

from pyoxigraph import Literal, NamedNode

from gcm.fields import Field
from gcm.vocab import PREFIXES

DAY, MONTH, YEAR = (NamedNode(PREFIXES["xsd"] + name) for name in ("date", "gYearMonth", "gYear"))
MOMENT = NamedNode(PREFIXES["xsd"] + "dateTime")

#: The months in English, French and Russian (in a date, and alone), without accents.
_MONTHS = (
    ("january", "janvier", "января", "январь"),
    ("february", "fevrier", "февраля", "февраль"),
    ("march", "mars", "марта", "март"),
    ("april", "avril", "апреля", "апрель"),
    ("may", "mai", "мая", "маи"),
    ("june", "juin", "июня", "июнь"),
    ("july", "juillet", "июля", "июль"),
    ("august", "aout", "августа", "август"),
    ("september", "septembre", "сентября", "сентябрь"),
    ("october", "octobre", "октября", "октябрь"),
    ("november", "novembre", "ноября", "ноябрь"),
    ("december", "decembre", "декабря", "декабрь"),
)
_ACCENTS = str.maketrans("éèûôй", "eeuoи")
_WORDS_BESIDE = {"of", "de", "du", "le", "г", "года", "год", "the"}
_PART = re.compile(r"[0-9]+|[^\W\d_]+")
_ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th|er|-?го|-?е)\b", re.IGNORECASE)
_MIDNIGHT = re.compile(r" 0?0:00(:00)?\Z")
#: A moment as computers write it, with or without its seconds and its zone.
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2})(:[0-9]{2}(?:\.[0-9]+)?)?"
    r"(?: ?([Zz]|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]))?"
)


def read_for(field: Field, text: str) -> tuple[Literal, ...]:
    """Give every moment that a text can mean, if the field takes moments; else, or if none, every date."""
    return (MOMENT in field.datatypes and read_moments(text)) or read_dates(text)


def read_moments(text: str) -> tuple[Literal, ...]:
    """Give the moment that a text means (XML Schema 1.1 part 2, section 3.3.7), if there is such a one."""
    found = _MOMENT.fullmatch(text.strip())
    if not found:
        return ()
    day, minute, second, zone = found.groups(default="")
    try:
        datetime.fromisoformat(f"{day}T{minute}{second[:3]}")
    except ValueError:
        return ()  # no such day, or no such hour
    return (Literal(f"{day}T{minute}{second or ':00'}{zone.upper()}", datatype=MOMENT),)


def read_dates(text: str) -> tuple[Literal, ...]:
    """Give every date that a text can mean, none that does not exist, none twice.

    "2024-5-1" is one; "03/04/2024" is two, since both orders are in use; "31.12.2024" is one, since a dot
    stands only where the day comes first. Midnight behind a day is how spreadsheets write days.
    """
    plain = _MIDNIGHT.sub("", text.strip())
    for pattern, readings in _NUMERIC:
        if found := re.fullmatch(pattern, plain):
            return tuple(dict.fromkeys(readings(*found.groups())))
    return tuple(dict.fromkeys(_in_words(plain)))


def _day(year: str, month: str, day: str) -> Iterator[Literal]:
    try:
        yield Literal(date(int(year), int(month), int(day)).isoformat(), datatype=DAY)
    except ValueError:
        return  # no such day


def _month(year: str, month: str) -> Iterator[Literal]:
    if 1 <= int(month) <= 12:
        yield Literal(f"{year}-{int(month):02}", datatype=MONTH)


def _year(year: str) -> Iterator[Literal]:
    yield Literal(year, datatype=YEAR)


def _both_orders(first: str, second: str, year: str) -> Iterator[Literal]:
    yield from _day(year, second, first)
    yield from _day(year, first, second)


_NUMERIC: tuple[tuple[str, Callable[..., Iterator[Literal]]], ...] = (
    (r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9:.]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?", _day),
    (r"([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})", _day),
    (r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})", _day),
    (r"([0-9]{4})[-/.]([0-9]{1,2})", _month),
    (r"([0-9]{4})", _year),
    (r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", lambda day, month, year: _day(year, month, day)),
    (r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})", _both_orders),
    (r"([0-9]{1,2})[-/.]([0-9]{4})", lambda month, year: _month(year, month)),
)


def _in_words(text: str) -> Iterator[Literal]:
    """Read "1 May 2024", "May 1, 2024", "mai 2024", "1er mai 2024", or in Russian."""
    parts = _PART.findall(_ORDINAL.sub("", text.casefold()))
    months = [month for part in parts if (month := _month_of(part))]
    numbers = [part for part in parts if part.isdecimal()]
    others = [part for part in parts if not part.isdecimal() and not _month_of(part)]
    years = [each for each in numbers if len(each) == 4]
    if len(months) != 1 or len(years) != 1 or not {*others} <= _WORDS_BESIDE:
        return
    days = [each for each in numbers if each not in years]
    if not days:
        yield from _month(years[0], str(months[0]))
    elif len(days) == 1 and len(days[0]) <= 2:
        yield from _day(years[0], str(months[0]), days[0])


def _month_of(word: str) -> int | None:
    """Tell the month by its name or by what it begins with, from three letters on, if only one does."""
    plain = word.translate(_ACCENTS)
    found = {
        number
        for number, names in enumerate(_MONTHS, start=1)
        if len(plain) >= 3 and any(name.startswith(plain) for name in names)
    }
    return found.pop() if len(found) == 1 else None
