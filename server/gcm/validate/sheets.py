"""Tables that were given, as documents: each statement stands in its cell."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from gcm.errors import SourceError
from gcm.given import Edit, Given, Place
from gcm.limits import Limits
from gcm.syntax import Part, Statement
from gcm.tables import Problem, Surroundings, TableReading, read_table
from gcm.turtle import parse_triples
from gcm.validate.context import Context
from gcm.validate.overlay import View
from gcm.validate.report import Candidate, Fix, Result
from gcm.validate.submission import Document, missing_header, nameless, problems_of
from gcm.vocab import expand

#: What `Surroundings` reads beside names: which passages there are, and the version of the ontology.
_READ = tuple(map(expand, ("dcterms:isPartOf", "gcm:locator", "owl:versionInfo")))

#: What a result says that the reader of tables has found.
TABLE = "table"


@dataclass(frozen=True)
class Cells:
    """Finds the cells of a table's statements, as `gcm.syntax.Locator` finds tokens."""

    reading: TableReading

    @cached_property
    def _places(self) -> dict[Triple, Place]:
        return {each.triple: each.place for each in reversed(self.reading.statements)}

    def place(self, statement: Statement, _: Part, /) -> Place:
        """Give the cell that makes a statement; of the header, the table."""
        return self._places.get(statement.triple) or Place(self.reading.given.name)

    def begin(self, node: object, /) -> Place | None:
        """Give the place where the row of a thing begins."""
        return self.reading.rows.get(node) if isinstance(node, NamedNode) else None

    def edit(self, statement: Statement, part: Part, new: object, /) -> tuple[Edit, ...] | None:
        """Say how to write another value into a cell that holds no other; None if that cannot be.

        Only plain texts are written: how a thing is called in a table, its reader knows.
        """
        place = self._places.get(statement.triple)
        shared = sum(each == place for each in self._places.values()) > 1
        if place is None or place.cell is None or shared or part is not Part.OBJECT:
            return None
        if not isinstance(new, Literal):
            return None
        return (Edit(place.file, 0, 0, new.value, cell=place.cell),)

    def remove(self, statement: Statement, /) -> tuple[Edit, ...] | None:
        """Say how to empty the cell of a statement."""
        return self.edit(statement, Part.OBJECT, Literal(""))

    def add(self, *_: object) -> tuple[Edit, ...] | None:
        """Give nothing: a table has one cell for a value, and its reader says if it is empty."""
        return None


def read_sheet(given: Given, context: Context, *, limits: Limits) -> Document:
    """Read a table in the graph that it is for. What cannot be read is among its problems."""
    surroundings = _surroundings(context)
    try:
        reading = read_table(given, surroundings, limits=limits)
        header = parse_triples(reading.header.text.encode(), path=Path("header.ttl"))
    except SourceError as error:
        return Document(given, problems=tuple(problems_of(error, given)), is_readable=False)
    statements = [Statement(each.triple, None, each.line) for each in header]
    statements += [Statement(each.triple, None, None) for each in reading.statements]
    dataset = reading.dataset
    return Document(
        given,
        statements,
        {None: dataset or nameless(given.name)},
        cells=Cells(reading),
        problems=tuple(_results(reading, surroundings)),
        missing=() if dataset else (missing_header(given.name),),
        told=frozenset((each.focus, each.predicate) for each in reading.problems if each.predicate),
    )


def _surroundings(context: Context) -> Surroundings:
    """Look up what tables are read with; the names are those of the context."""
    view = View(context.store)
    read = (quad.triple for name in _READ if name for quad in view.with_predicate(name))
    return replace(Surroundings.of(context.fields, read), names=context.names)


def _results(reading: TableReading, surroundings: Surroundings) -> Iterator[Result]:
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
            fix=_fix(each),
        )


def _candidate(iri: NamedNode, surroundings: Surroundings) -> Candidate:
    title = surroundings.names.title_of(iri)
    return Candidate(iri.value, title, title)


def _fix(problem: Problem) -> Fix | None:
    """Write the one right text into the cell, if there is one."""
    place = problem.place
    if problem.written is None or place.cell is None:
        return None
    return Fix(f"Write “{problem.written}”", (Edit(place.file, 0, 0, problem.written, cell=place.cell),))
