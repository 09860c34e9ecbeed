"""Things as rows of a table, so that reading the rows gives the same statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from gcm.fields import Kind
from gcm.fields.names import Names
from gcm.tables.description import LINE_BREAK, Column, Description
from gcm.tables.surroundings import TYPE
from gcm.tables.values import Value, read_value, split, write_value
from gcm.vocab import shorten

#: What spreadsheets take in a cell, in characters (Excel specifications and limits); the rest they cut off.
MOST_CHARACTERS = 32_767

#: The statements of things: the values of each property of each.
Things = Mapping[NamedNode, Mapping[NamedNode, Sequence[Value]]]


@dataclass(frozen=True)
class Rows:
    """The rows of a table without its headings, and the statements that no column can hold."""

    description: Description
    rows: tuple[tuple[str, ...], ...]
    left_out: tuple[Triple, ...]


def things_of(triples: Iterable[Triple], cls: NamedNode) -> Things:
    """Collect what is said of the members of a class."""
    found: dict[NamedNode, dict[NamedNode, list[Value]]] = {}
    members = set()
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            values = found.setdefault(triple.subject, {}).setdefault(triple.predicate, [])
            if triple.object not in values:
                values.append(triple.object)
            if triple.predicate == TYPE and triple.object == cls:
                members.add(triple.subject)
    return {each: found[each] for each in sorted(members, key=_order)}


def rows_of_things(things: Things, description: Description, names: Names) -> Rows:
    """Write things as rows; a text in another language than the description has gets a column of its own."""
    described = description.with_languages(_languages(things))
    rows, left_out = [], []
    for iri, values in things.items():
        row, rest = _row(iri, values, described, names)
        rows.append(row)
        left_out.extend(rest)
    return Rows(described, tuple(rows), tuple(left_out))


def _languages(things: Things) -> Mapping[NamedNode, set[str]]:
    used: dict[NamedNode, set[str]] = {}
    for values in things.values():
        for path, literals in values.items():
            tags = {each.language for each in literals if isinstance(each, Literal) and each.language}
            used.setdefault(path, set()).update(tags)
    return used


def _row(
    iri: NamedNode, values: Mapping[NamedNode, Sequence[Value]], description: Description, names: Names
) -> tuple[tuple[str, ...], list[Triple]]:
    cells = [iri.value.removeprefix(description.start)]
    left = {(path, value) for path, each in values.items() if path != TYPE for value in each}
    for column in description.columns[1:]:
        fitting = [each for each in values.get(column.path, ()) if _fits(column, each)] if column.path else []
        text, written = _cell(column, fitting, names)
        cells.append(text)
        left -= {(column.path, each) for each in written if column.path is not None}
    return tuple(cells), [Triple(iri, path, value) for path, value in left]


def _fits(column: Column, value: Value) -> bool:
    if column.kind is Kind.TEXT:
        return isinstance(value, Literal) and value.language == column.language
    return True


def _cell(column: Column, values: Sequence[Value], names: Names) -> tuple[str, list[Value]]:
    """Write values into one cell, and say which of them will be read from it as they are."""
    between = column.separator or LINE_BREAK
    ordered = sorted(values, key=_order)
    text = between.join(write_value(column, each, names) for each in ordered)
    if len(text) > MOST_CHARACTERS and column.has_things:
        text = between.join(shorten(each) for each in ordered if isinstance(each, NamedNode))
    if len(text) > MOST_CHARACTERS:
        return "", []
    again = [read_value(column, each, names) for each in split(column, text, names)] if text else []
    return text, [each for each in ordered if each in again]


def _order(value: Value) -> tuple[tuple[int, str], ...]:
    """Put numbers by their value, everything else by its letters."""
    head, _, last = value.value.rpartition("/")
    return ((0, head), (int(last), "") if last.isdecimal() else (0, last))
