"""Filled-in tables with one fault each: a cell that names nothing, or holds what its column cannot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from random import Random

from gcm.fields import Kind
from gcm.fields.names import Names
from gcm.given import Form, Given, TableAbout
from gcm.layout import Sources
from gcm.tables import Column, Surroundings, describe_table, rows_of_things
from gcm.tables.comma import write_text_table
from gcm.tables.workbook import write_workbook
from gcm.turtle import read_triples
from gcm.validate import Result
from gcm.validate.context import Context
from gcm.vocab import shorten
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from tests.corpus.bases import HEADER, LABEL, SOURCE, Base, moved
from tests.corpus.faults import misspelt
from tests.corpus.measure import results_of, speaks_of

#: The first row of a table of ours holds headings.
ROW = 2
#: Where tables begin to be numbered, behind all other files of the corpus.
FIRST = 50_000
#: The numbers that belong to one base.
NUMBERS = 101


@dataclass(frozen=True)
class TableCase:
    """A table with one fault, and the cell in which that is; "" if nothing is wrong."""

    kind: str
    given: Given
    cell: str
    path: NamedNode | None


@dataclass(frozen=True)
class TableOutcome:
    """What is said of a table: at its cell, and elsewhere."""

    case: TableCase
    at_cell: tuple[Result, ...]
    elsewhere: tuple[Result, ...]


def surroundings_of(sources: Sources, context: Context) -> Surroundings:
    """Read the names of the graph, by which the cells of tables are written."""
    paths = (*sources.ontology, *sources.data)
    triples = [each.triple for path in paths for each in read_triples(path)]
    return Surroundings.of(context.fields, Names(triples), triples)


def make_tables(
    bases: Sequence[Base], around: Surroundings, context: Context, random: Random
) -> tuple[list[TableCase], list[TableCase]]:
    """Write a right table of each base, and wrong ones with a fault in each column that can have it.

    Left out is what has an address made of codes, which no number replaces, and what there can be once only.
    """
    bases = [each for each in bases if not shorten(each.thing).startswith(("place:", "document:"))]
    numbers = count(FIRST, NUMBERS)
    right = [_case("right", base, around, number) for base, number in zip(bases, numbers, strict=False)]
    outcomes = measure_tables(right, context)
    silent = {each.case.given.name for each in outcomes if not each.at_cell and not each.elsewhere}
    kept = [base for base, case in zip(bases, right, strict=True) if case.given.name in silent]
    wrong = [each for at, base in enumerate(kept) for each in _wrong_tables(base, around, at, random)]
    return [each for each in right if each.given.name in silent], wrong


def _wrong_tables(base: Base, around: Surroundings, at: int, random: Random) -> Iterator[TableCase]:
    numbers = count(FIRST + at * NUMBERS + 1)
    columns, row = _row(base, around)
    for position, column in enumerate(columns):
        for kind, text in _wrong(column, row[position], random):
            yield _case(kind, base, around, next(numbers), at=position, text=text)


def measure_tables(cases: Sequence[TableCase], context: Context) -> list[TableOutcome]:
    """Check all tables together."""
    results = results_of([case.given for case in cases], context)
    return [_judge(case, [each for each in results if each.place.file == case.given.name]) for case in cases]


def _judge(case: TableCase, results: Sequence[Result]) -> TableOutcome:
    at_cell = tuple(each for each in results if each.place.cell == case.cell)
    others = (each for each in results if each.place.cell != case.cell)
    elsewhere = tuple(each for each in others if case.path is None or not speaks_of(each.source, case.path))
    return TableOutcome(case, at_cell, elsewhere)


def _row(base: Base, around: Surroundings) -> tuple[tuple[Column, ...], list[str]]:
    values: dict[NamedNode, list[NamedNode | Literal]] = {}
    for each in base.about():
        assert isinstance(each.object, NamedNode | Literal)
        values.setdefault(each.predicate, []).append(each.object)
    rows = rows_of_things({base.thing: values}, describe_table(base.form), around.names)
    return rows.description.columns, list(rows.rows[0])


def _wrong(column: Column, text: str, random: Random) -> Iterator[tuple[str, str]]:
    if not text or column.path in (None, SOURCE):
        return
    if column.kind in (Kind.ENTITY, Kind.CHOICE) and (column.classes or column.choices):
        yield "unknown name", "Nowhere in this Graph"
        word = text.split()[-1]
        yield "misspelt name", text.removesuffix(word) + misspelt(word, random)
    if column.kind is Kind.DATE:
        yield "impossible date", "2024-02-30"
        yield "date in words", "last spring"
    if column.kind is Kind.NUMBER:
        yield "number in words", "several"
    if column.kind is Kind.YES_NO:
        yield "neither yes nor no", "perhaps"


def _case(
    kind: str, base: Base, around: Surroundings, number: int, *, at: int | None = None, text: str = ""
) -> TableCase:
    """Write one table, in turn as text and as a workbook; its rows rest on the document of its header."""
    own, _ = moved((), base, number)
    columns, row = _row(base, around)
    cells = [
        "" if column.path == SOURCE else _moved(cell, base, own)
        for column, cell in zip(columns, row, strict=True)
    ]
    if at is not None:
        cells[at] = text
    cell = "" if at is None else f"{_letters(at)}{ROW}"
    path = None if at is None else columns[at].path
    about = TableAbout(base.form.name, _header(own.statements[:HEADER]))
    if number % 2:
        data = write_text_table([[each.heading for each in columns], cells])
        return TableCase(kind, Given(f"table-{number}.csv", data, Form.CSV, about), cell, path)
    facts = {"form": base.form.name, "class": base.form.cls.value}
    described = replace(describe_table(base.form), columns=columns)
    data = write_workbook(described, [cells], names=around.names, about=facts)
    place = f"{base.form.label()}!{cell}" if cell else ""
    return TableCase(kind, Given(f"table-{number}.xlsx", data, Form.XLSX, about), place, path)


def _moved(text: str, base: Base, own: Base) -> str:
    """Write what names the thing and its document as the moved base has it."""
    for old, new in zip(_names(base), _names(own), strict=True):
        text = text.replace(old, new)
    return text


def _names(base: Base) -> tuple[str, ...]:
    """Give what a table calls the thing: the end of its address, its label."""
    label = next(
        each.object for each in base.statements if each.subject == base.thing and each.predicate == LABEL
    )
    assert isinstance(label, Literal)
    return base.thing.value.rpartition("/")[2], label.value


def _header(statements: Sequence[Triple]) -> str:
    return (serialize(statements, format=RdfFormat.TURTLE) or b"").decode()


def _letters(at: int) -> str:
    """Name a column as spreadsheets do: A to Z, then AA."""
    return _letters(at // 26 - 1) + chr(65 + at % 26) if at >= 26 else chr(65 + at)
