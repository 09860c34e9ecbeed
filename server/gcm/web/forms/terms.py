"""One typed value as a term of the graph, and a term as a person may change it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode

from gcm.fields import Field, Kind
from gcm.fields.names import Names
from gcm.vocab import PREFIXES, shorten
from gcm.web.forms.dates import DATE, read_date
from gcm.web.forms.entered import Row

_XSD = PREFIXES["xsd"]
_BOOLEAN = NamedNode(_XSD + "boolean")
_INTEGER = NamedNode(_XSD + "integer")
_DECIMAL = NamedNode(_XSD + "decimal")
_DURATION = NamedNode(_XSD + "duration")

#: Numbers: thousands may be told apart by spaces, never by commas or points, which mean two things.
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_SPACES = re.compile(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9]{3}(?:\D|$))")
_ISO_DURATION = re.compile(
    r"P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?=.)(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+S)?)?"
)
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")

#: So many valid things are shown where words may mean several.
CANDIDATES = 8

#: Of longer texts so many characters are compared with names, and quoted in messages.
COMPARED, QUOTED = 200, 80

Value = NamedNode | Literal


@dataclass(frozen=True)
class Fault:
    """Why a typed value is no value of its field: what is wrong, what to do, what may have been meant."""

    message: str
    candidates: tuple[NamedNode, ...] = ()


def read_row(field: Field, row: Row, names: Names) -> Value | Fault:
    """Read a typed value as a value of its field; what it may hold, the shapes say later."""
    return _READERS[field.kind](field, row, names)


def offer(field: Field, row: Row, fault: Fault, names: Names) -> Fault:
    """Give a fault with what may have been meant, where the words of a thing name nothing."""
    found = candidates(field, row.text, names) if field.kind is Kind.ENTITY and not fault.candidates else ()
    if not found:
        return fault
    message = (
        f"The graph knows nothing called “{_cut(row.text)}” here. Choose what is meant, or search again."
    )
    return Fault(message, found)


def write_row(field: Field, value: Value, names: Names, *, language: str) -> Row | None:
    """Give a value as a person may change it; None if it would not be read back as exactly the same."""
    row = _row(field, value, names, language)
    return row if row is not None and read_row(field, row, names) == value else None


def written(thing: NamedNode, field: Field, names: Names, *, language: str) -> str:
    """Give the words that stand for a thing: code and name if they name it alone, else its address."""
    title = names.title_of(thing, language)
    return title if names.find(title, field.classes) == (thing,) else shorten(thing)


def candidates(field: Field, text: str, names: Names, *, count: int = CANDIDATES) -> tuple[NamedNode, ...]:
    """Find what words may mean: what they name exactly, then names that hold them, else like ones."""
    text = text[:COMPARED]
    ways = (names.find(text, field.classes), names.holding(text, field.classes, count=count))
    found = tuple(dict.fromkeys(each for way in ways for each in way))
    return found[:count] or names.near(text, field.classes, count=count)


def _row(field: Field, value: Value, names: Names, language: str) -> Row | None:
    if isinstance(value, NamedNode):
        is_thing = field.kind is Kind.ENTITY
        text = written(value, field, names, language=language) if is_thing else value.value
        return Row(shorten(value) if field.kind is Kind.CHOICE else text)
    return Row(value.value, value.language or "")


def _entity(field: Field, row: Row, names: Names) -> Value | Fault:
    found = names.find(row.text, field.classes)
    if len(found) == 1:
        return found[0]
    if found:
        return Fault(
            f"“{_cut(row.text)}” names several things. Choose the one that is meant.", found[:CANDIDATES]
        )
    elsewhere = _web_address(row.text) if not field.classes else None
    if elsewhere is not None:
        return elsewhere
    return Fault(f"The graph knows nothing called “{_cut(row.text)}” here. {field.message}")


def _choice(field: Field, row: Row, names: Names) -> Value | Fault:  # noqa: ARG001
    text = row.text.strip()
    for each in field.choices:
        if text in (shorten(each) if isinstance(each, NamedNode) else each.value, str(each)):
            return each
    return Fault(f"“{_cut(row.text)}” is not in the list. {field.message}")


def _text(field: Field, row: Row, names: Names) -> Value | Fault:  # noqa: ARG001  # readers are alike
    fault = Fault(f"Name the language of “{_cut(row.text)}” by its code, such as en, fr or uk.")
    if not _LANGUAGE.fullmatch(row.language.strip()):
        return fault
    try:
        return Literal(_clean(row.text), language=row.language.strip().lower())
    except ValueError:  # what looks like a tag may be none (BCP 47 section 2.1)
        return fault


def _code(field: Field, row: Row, names: Names) -> Value | Fault:  # noqa: ARG001
    return Literal(_clean(row.text))


def _date(field: Field, row: Row, names: Names) -> Value | Fault:  # noqa: ARG001
    found = read_date(row.text)
    if found is None:
        return Fault(
            f"“{_cut(row.text)}” is no date. Write a year, a month or a day: 2024, 2024-05, 2024-05-17; or, "
            "with the day first, 17.05.2024."
        )
    if field.datatypes == (DATE,) and found.datatype != DATE:
        return Fault(f"“{_cut(row.text)}” is no day. Write year, month and day: 2024-05-17.")
    return found


def _number(field: Field, row: Row, names: Names) -> Value | Fault:  # noqa: ARG001
    plain = _SPACES.sub("", row.text.strip())
    if not _NUMBER.fullmatch(plain):
        return Fault(
            f"“{_cut(row.text)}” is no number. Write digits, with a point before decimals and no commas: "
            f"1500000.50."
        )
    is_whole = _INTEGER in field.datatypes and ("." not in plain or _DECIMAL not in field.datatypes)
    return Literal(plain, datatype=_INTEGER if is_whole else _DECIMAL)


def _yes_no(field: Field, row: Row, names: Names) -> Value | Fault:  # noqa: ARG001
    if row.text.strip() not in ("true", "false"):
        return Fault(f"“{_cut(row.text)}” is neither yes nor no. {field.message}")
    return Literal(row.text.strip(), datatype=_BOOLEAN)


def _address(field: Field, row: Row, names: Names) -> Value | Fault:  # noqa: ARG001
    found = _web_address(row.text)
    return found or Fault(
        f"“{_cut(row.text)}” is no web address. Begin it with https:// and leave no blanks in it."
    )


def _duration(field: Field, row: Row, names: Names) -> Value | Fault:  # noqa: ARG001
    if not _ISO_DURATION.fullmatch(row.text.strip()):
        return Fault(f"“{_cut(row.text)}” is no length of time. Write P30M for 30 months, P2Y for two years.")
    return Literal(row.text.strip(), datatype=_DURATION)


def _other(field: Field, row: Row, names: Names) -> Value | Fault:  # noqa: ARG001
    datatype = field.datatypes[0] if field.datatypes else None
    return Literal(_clean(row.text), datatype=datatype) if datatype else Literal(_clean(row.text))


def _web_address(text: str) -> NamedNode | None:
    try:
        return NamedNode(text.strip()) if _WEB_ADDRESS.fullmatch(text.strip()) else None
    except ValueError:  # what looks like an address may be none (RFC 3987)
        return None


def _cut(text: str) -> str:
    """Quote so much of what was typed that it is known again."""
    return text if len(text) <= QUOTED else text[:QUOTED] + "…"


def _clean(text: str) -> str:
    """Give a text as it is meant: line breaks as in Turtle files, no blanks around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


_READERS: Mapping[Kind, Callable[[Field, Row, Names], Value | Fault]] = MappingProxyType(
    {
        Kind.ENTITY: _entity,
        Kind.CHOICE: _choice,
        Kind.TEXT: _text,
        Kind.CODE: _code,
        Kind.DATE: _date,
        Kind.NUMBER: _number,
        Kind.YES_NO: _yes_no,
        Kind.ADDRESS: _address,
        Kind.DURATION: _duration,
        Kind.OTHER: _other,
    }
)
