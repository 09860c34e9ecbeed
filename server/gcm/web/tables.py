"""Answers of SELECT queries as tables for people: every IRI a link with its name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode, QuerySolutions

from gcm.describe import Graph, Text, link_to, text_of
from gcm.query import Term
from gcm.web.reading import href, is_outside


@dataclass(frozen=True)
class Cell:
    """One value: its words, where it leads, and whether that is on another host."""

    text: Text
    href: str = ""
    is_external: bool = False


@dataclass(frozen=True)
class Table:
    """The selected variables, and a row of cells for each answer; a cell is None where nothing is bound."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Cell | None, ...], ...]


def table_of(
    graph: Graph, variables: Sequence[str], rows: Iterable[Sequence[Term | None]], *, language: str
) -> Table:
    """Make a table of terms, with names in the reader's language."""
    return Table(
        tuple(variables),
        tuple(tuple(cell_of(graph, term, language=language) for term in row) for row in rows),
    )


def table_of_solutions(graph: Graph, solutions: QuerySolutions, *, language: str, most: int) -> Table:
    """Make a table of the engine's answer, of at most so many rows; the others are left in `solutions`."""
    variables = [variable.value for variable in solutions.variables]
    rows = ([solution[name] for name in variables] for solution in islice(solutions, most))
    return table_of(graph, variables, rows, language=language)


def cell_of(graph: Graph, term: Term | None, *, language: str) -> Cell | None:
    """Make a cell of a term."""
    if term is None:
        return None
    if isinstance(term, NamedNode):
        return Cell(link_to(graph, term, language=language).name, href(term), is_outside(term))
    if isinstance(term, Literal):
        return Cell(text_of(term, language=language))
    return Cell(Text(str(term)))
