"""Tables that were given, as documents: each statement stands in its cell."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from gcm.errors import SourceError
from gcm.given import Edit, Form, Given, Place
from gcm.limits import Limits
from gcm.syntax import Part, Statement, read
from gcm.tables import Mender, Surroundings, TableReading, read_table
from gcm.tables.header import HEADER_NAME
from gcm.tables.problem import Problem
from gcm.tables.surroundings import READ
from gcm.turtle import parse_triples
from gcm.validate.context import Context
from gcm.validate.overlay import View
from gcm.validate.report import TABLE, Candidate, Fix, Result, problem
from gcm.validate.submission import EXAMPLE_HEADER, Document, nameless, problems_of

_NO_HEADER = (
    "the table does not say of which dataset its rows are; give the header of one with it (“header”, or "
    f"--header), such as: {EXAMPLE_HEADER}"
)


@dataclass(frozen=True)
class Cells:
    """Finds the cells of a table's statements, as `gcm.syntax.Locator` finds tokens."""

    name: str
    mender: Mender

    def place(self, statement: Statement, _: Part, /) -> Place:
        """Give the cell that makes a statement; of the header, the table."""
        return self.mender.place(statement.triple) or Place(self.name)

    def begin(self, node: object, /) -> Place | None:
        """Give the place where the row of a thing begins."""
        return self.mender.begin(node) if isinstance(node, NamedNode) else None

    def edit(self, statement: Statement, part: Part, new: object, /) -> tuple[Edit, ...] | None:
        """Say how to write another value into the cell of a statement; None if that cannot be."""
        if part is not Part.OBJECT or not isinstance(new, NamedNode | Literal):
            return None
        return self.mender.replace(statement.triple, new)

    def remove(self, statement: Statement, /) -> tuple[Edit, ...] | None:
        """Say how to take a value out of its cell."""
        return self.mender.replace(statement.triple, None)

    def add(self, *_: object) -> tuple[Edit, ...] | None:
        """Give nothing: a table has one cell for a value, and its reader says if it is empty."""
        return None


def read_sheet(given: Given, context: Context, *, limits: Limits) -> Document:
    """Read a table in the graph that it is for. What cannot be read is among its problems."""
    surroundings = _surroundings(context)
    try:
        reading = read_table(given, surroundings, limits=limits)
        header = parse_triples(reading.header.text.encode(), path=HEADER_NAME)
    except SourceError as error:
        return Document(given, problems=tuple(_unreadable(error, given, limits)), is_readable=False)
    statements = [Statement(each.triple, None, each.line) for each in header]
    statements += [Statement(each.triple, None, None) for each in reading.statements]
    dataset = reading.dataset
    mender = Mender(reading, surroundings)
    return Document(
        given,
        statements,
        {None: dataset or nameless(given.name)},
        cells=Cells(given.name, mender),
        problems=tuple(_results(reading, surroundings, mender)),
        missing=() if dataset else (problem(_NO_HEADER, Place(given.name)),),
        told=frozenset((each.focus, each.predicate) for each in reading.problems if each.predicate),
    )


def _unreadable(error: SourceError, given: Given, limits: Limits) -> Iterator[Result]:
    """Tell what cannot be read; the lines of a header, which is no file here, are told in words."""
    if error.path != HEADER_NAME or given.about is None:
        yield from problems_of(error, given)
        return
    for each in _faults_of_header(error, given.about.header, limits):
        line = f", line {each.line}" if each.line else ""
        yield problem(f"in the header of its dataset{line}: {each.reason}", Place(given.name))


def _faults_of_header(error: SourceError, header: str, limits: Limits) -> tuple[SourceError, ...]:
    """Give all faults of its syntax in plain words, or what else is wrong with it."""
    try:
        read(Given(str(HEADER_NAME), header.encode(), Form.TURTLE), limits=limits)
    except SourceError as found:
        return (found, *found.further)
    return (error,)


def _surroundings(context: Context) -> Surroundings:
    """Look up what tables are read with; the names are those of the context."""
    view = View(context.store)
    read = (quad.triple for each in READ for quad in view.with_predicate(each))
    return Surroundings.of(context.fields, context.names, read)


def _results(reading: TableReading, surroundings: Surroundings, mender: Mender) -> Iterator[Result]:
    for each in reading.problems:
        yield Result(
            place=each.place,
            severity=each.severity,
            focus=each.focus.value if each.focus else "",
            predicate=each.predicate.value if each.predicate else None,
            value=each.value,
            message=each.message,
            source=TABLE,
            expected=each.expected,
            candidates=tuple(_candidate(iri, surroundings) for iri in each.candidates),
            fix=_fix(each, mender),
        )


def _candidate(iri: NamedNode, surroundings: Surroundings) -> Candidate:
    title = surroundings.names.title_of(iri)
    return Candidate(iri.value, title, title)


def _fix(problem: Problem, mender: Mender) -> Fix | None:
    """Write the one right text into the cell, if there is one."""
    edits = mender.correct(problem, problem.written) if problem.written is not None else None
    return Fix(f"Write “{problem.written}”", edits) if edits else None
