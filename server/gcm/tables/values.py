"""What a cell says: from its text to values of the graph, and back."""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from gcm.fields import Kind
from gcm.fields.amounts import read_amounts
from gcm.fields.dates import read_dates
from gcm.fields.names import Names, fold
from gcm.tables.description import LINE_BREAK, SEMICOLON, Column
from gcm.vocab import PREFIXES, shorten

Value = NamedNode | Literal

_XSD = PREFIXES["xsd"]
_DATE, _MONTH, _YEAR, _DECIMAL, _INTEGER, _BOOLEAN, _DURATION = (
    NamedNode(_XSD + each)
    for each in ("date", "gYearMonth", "gYear", "decimal", "integer", "boolean", "duration")
)
_PRECISIONS = ((10, _DATE, "%Y-%m-%d"), (7, _MONTH, "%Y-%m"), (4, _YEAR, "%Y"))
_PLAIN_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")

#: How spreadsheets end lines in a cell; other separators of Unicode are part of a value.
_LINE_END = re.compile(r"\r\n?|\n")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]+)?|\.[0-9]+)")
_ISO_DURATION = re.compile(
    r"P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?"
)
_YES = dict.fromkeys(("true", "yes", "oui", "vrai", "да", "истина", "1"), "true")
_NO = dict.fromkeys(("false", "no", "non", "faux", "нет", "ложь", "0"), "false")

#: So many things that may have been meant are named.
_NAMED = 5


@dataclass(frozen=True)
class Trouble:
    """Why a text, or one of several values in it, could not be read, and what could stand there."""

    message: str
    expected: str
    value: str
    candidates: tuple[NamedNode, ...] = ()
    written: str | None = None


def split(column: Column, text: str, names: Names) -> list[str]:
    """Take apart a cell of several values: by line breaks; things and dates by semicolons too.

    A table with a description of its own may have a separator of its own.
    """
    if column.separator is None:
        return [text.strip()]
    if column.separator not in (SEMICOLON, LINE_BREAK):
        text = text.replace(column.separator, LINE_BREAK)
    pieces = [each.strip() for each in _LINE_END.split(text)]
    if column.separator != LINE_BREAK:
        pieces = [part.strip() for piece in pieces for part in _by_semicolons(column, piece, names)]
    return [each for each in pieces if each]


def _by_semicolons(column: Column, piece: str, names: Names) -> list[str]:
    """Split at semicolons, unless the whole is the name of a thing and holds one."""
    named = names.find(piece, column.classes) if column.has_things and ";" in piece else ()
    return [piece] if any(";" in names.title_of(each) for each in named) else piece.split(";")


def read_value(column: Column, text: str, names: Names) -> Value | Trouble:
    """Read one value, without space around it, as the column has it."""
    if column.has_things:
        return _thing(column, text, names)
    if column.language is not None:
        return Literal(text, language=column.language)
    reader = _READERS.get(column.kind, _code)
    return reader(column, text)


def _thing(column: Column, text: str, names: Names) -> Value | Trouble:
    found: list[Value] = list(names.find(text, column.classes))
    if column.choices:
        literals = [each for each in column.choices if isinstance(each, Literal)]
        found = [each for each in found if each in column.choices]
        found += [each for each in literals if fold(each.value) == fold(text)]
    if len(found) == 1:
        return found[0]
    known = tuple(each for each in found if isinstance(each, NamedNode))
    if known:
        message = f"“{text}” is the name of {len(known)} things here."
        return Trouble(message, f"Write one of: {listed(known, names)}.", text, known)
    return _unknown(column, text, names)


def _unknown(column: Column, text: str, names: Names) -> Trouble:
    what = wanted(column, names)
    elsewhere = names.find(text) if column.classes else ()
    if elsewhere:
        kinds = sorted({names.label_of(each) for iri in elsewhere for each in names.types(iri)})
        message = f"“{text}” is of another kind: {', '.join(kinds)}."
        return Trouble(message, f"Write {what}.", text)
    choices = tuple(each for each in column.choices if isinstance(each, NamedNode))
    near = names.near(text, column.classes, count=_NAMED) or choices[:_NAMED]
    hint = f" Did you mean {listed(near, names)}?" if near else ""
    sure = names.meant(text, column.classes) if column.classes else None
    written = write_value(column, sure, names) if sure else None
    return Trouble(f"Nothing is called “{text}” here.", f"Write {what}.{hint}", text, near, written)


def wanted(column: Column, names: Names) -> str:
    """Say what a column of things takes, in words."""
    kinds = [names.label_of(each) for each in column.classes] or ["Thing"]
    return f"the name, code or address of: {', '.join(kinds)}"


def listed(things: Iterable[NamedNode], names: Names) -> str:
    """Name things with their codes and short addresses."""
    return "; ".join(f"{names.title_of(each)} ({shorten(each)})" for each in things)


def _date(column: Column, text: str) -> Value | Trouble:
    plain = _PLAIN_DATE.fullmatch(text) and _as_date(text)
    allowed = column.datatypes or (_DATE, _MONTH, _YEAR)
    if plain and plain.datatype in allowed:
        return plain
    if plain:
        return Trouble(f"“{text}” is not precise enough, or too precise.", f"Write {_dates(allowed)}.", text)
    meant = [each.value for each in read_dates(text) if each.datatype in allowed]
    if len(meant) > 1:
        expected = f"Write {meant[0]} if the day stands first, {meant[1]} if the month does."
        return Trouble(f"“{text}” is no date.", expected, text)
    return Trouble(f"“{text}” is no date.", f"Write {_dates(allowed)}.", text, written=_only(meant))


def _as_date(text: str) -> Literal | None:
    _, datatype, form = next(each for each in _PRECISIONS if each[0] == len(text))
    try:
        datetime.datetime.strptime(text, form)
    except ValueError:
        return None
    return Literal(text, datatype=datatype)


def _dates(allowed: Sequence[NamedNode]) -> str:
    words = {
        _DATE: "a day such as 2024-03-15",
        _MONTH: "a month such as 2024-03",
        _YEAR: "a year such as 2024",
    }
    return ", or ".join(words[each] for each in (_DATE, _MONTH, _YEAR) if each in allowed)


def _only(meant: Sequence[str]) -> str | None:
    """Give what was meant, if it can be only one."""
    return meant[0] if len(meant) == 1 else None


def _number(column: Column, text: str) -> Value | Trouble:
    allowed = column.datatypes or (_DECIMAL,)
    if plain := _as_number(text, allowed):
        return plain
    what = "a number such as 1250.5" if _DECIMAL in allowed else "a whole number such as 1250"
    readings = [f"{each.number:f}" for each in read_amounts(text) if not each.unit]
    meant = [each for each in readings if _as_number(each, allowed)]
    if len(meant) > 1:
        expected = f"Write {', or '.join(meant)}, as it is meant."
    else:
        expected = f"Write {what}: digits, with a point before decimals and nothing between thousands."
    return Trouble(f"“{text}” is no such number.", expected, text, written=_only(meant))


def _as_number(text: str, allowed: Sequence[NamedNode]) -> Literal | None:
    kinds = (_DECIMAL,) if "." in text else (_INTEGER, _DECIMAL)
    datatype = next((each for each in kinds if each in allowed), None)
    return Literal(text, datatype=datatype) if datatype and _NUMBER.fullmatch(text) else None


def _yes_no(_: Column, text: str) -> Value | Trouble:
    found = (_YES | _NO).get(text.casefold())
    if found:
        return Literal(found, datatype=_BOOLEAN)
    return Trouble(f"“{text}” is neither yes nor no.", "Write true or false.", text)


def _address(_: Column, text: str) -> Value | Trouble:
    try:
        if re.match(r"https?://[^\s]+$", text):
            return NamedNode(text)
    except ValueError:
        pass
    written = f"https://{text}" if re.fullmatch(r"www\.[^\s]+", text) else None
    return Trouble(f"“{text}” is no web address.", "Write it whole: https://…", text, written=written)


def _duration(_: Column, text: str) -> Value | Trouble:
    if _ISO_DURATION.fullmatch(text):
        return Literal(text, datatype=_DURATION)
    expected = "Write P18M for 18 months, P2Y for two years, P10D for ten days."
    return Trouble(f"“{text}” is no length of time.", expected, text)


def _code(column: Column, text: str) -> Value | Trouble:
    datatype = column.datatypes[0] if column.datatypes else NamedNode(_XSD + "string")
    return Literal(text, datatype=datatype)


_READERS = {
    Kind.DATE: _date,
    Kind.NUMBER: _number,
    Kind.YES_NO: _yes_no,
    Kind.ADDRESS: _address,
    Kind.DURATION: _duration,
}


def write_value(column: Column, value: Value, names: Names) -> str:
    """Write a value so that it is read as the same: a thing by code and name if no other has them."""
    if isinstance(value, Literal):
        return value.value
    if column.kind is Kind.ADDRESS:
        return value.value
    title = names.title_of(value)
    is_plain = ";" not in title and title == " ".join(title.split())
    if is_plain and names.has_name(value) and read_value(column, title, names) == value:
        return title
    short = shorten(value)
    return short if read_value(column, short, names) == value else value.value
