"""A filled-in table as statements, each with its cell, and everything in it that must be mended."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from gcm.errors import SourceError
from gcm.fields.names import fold
from gcm.given import Form, Given, Place
from gcm.limits import Limits
from gcm.tables.addressing import address_rows
from gcm.tables.citing import cite
from gcm.tables.comma import read_text_table
from gcm.tables.description import Description, describe_table
from gcm.tables.grid import Book, Grid
from gcm.tables.header import Header, read_header
from gcm.tables.headings import HeadingIndex, Headings, find_headings
from gcm.tables.oddities import is_own, oddities
from gcm.tables.problem import Problem
from gcm.tables.rows import Piece, Row, rows_of
from gcm.tables.surroundings import TYPE, Surroundings
from gcm.tables.values import Trouble
from gcm.turtle import canonical_text
from gcm.vocab import PREFIXES, shorten

#: A sheet, and its headings if it has any.
Sheet = tuple[Grid, Headings | None]

_LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")


@dataclass(frozen=True)
class TableStatement:
    """A statement, the cell that makes it, and the text in it that does; None if no one text does."""

    triple: Triple
    place: Place
    text: str | None = None


@dataclass(frozen=True)
class TableReading:
    """What a table says: statements in the order of its cells, where each thing's row begins, and problems.

    `dataset` is None if nobody gave a header. `cells` are the texts of cells, taken apart; `delimiter` is
    that of a text table. What could not be read is named by the problems, and is not among the statements.
    """

    given: Given
    description: Description
    header: Header
    statements: tuple[TableStatement, ...]
    rows: Mapping[NamedNode, Place]
    problems: tuple[Problem, ...]
    cells: Mapping[str, tuple[str, ...]]
    delimiter: str = ""

    @property
    def dataset(self) -> NamedNode | None:
        """The data set to which the rows belong."""
        return self.header.dataset

    @property
    def is_sound(self) -> bool:
        """Whether all of it could be read."""
        return not any(each.severity == "violation" for each in self.problems)

    def turtle(self) -> str:
        """Write header and statements in the one canonical form.

        Raises SourceError if the header cannot be written so.
        """
        lines = "".join(f"{each.triple} .\n" for each in self.statements)
        return canonical_text(f"{self.header.text}\n{lines}", path=Path(self.given.name))


def read_table(
    given: Given,
    surroundings: Surroundings,
    *,
    limits: Limits | None = None,
    description: Description | None = None,
) -> TableReading:
    """Read a table: by `description`, or as what `given.about` says that it is, or as what it says itself.

    Raises SourceError if it cannot be read at all, or if nobody says of which class it is.
    """
    limits = limits or Limits()
    described = description or (_asked_for(given, surroundings) if given.about else None)
    book = _open(given, surroundings, described, limits)
    described = described or _recognised(given, book, surroundings)
    header = read_header(given.about.header if given.about else "")
    index = HeadingIndex(described)
    sheets = [(grid, find_headings(grid, index)) for grid in book.grids if not is_own(grid)]
    rows = _rows(sheets, described, surroundings, name=given.name)
    statements = [*_statements(rows, described), *_citations(rows, described, header, surroundings)]
    return TableReading(
        given,
        described,
        header,
        statements=_once(statements),
        rows={row.iri: row.place for row in reversed(rows) if row.iri is not None},
        problems=tuple(_problems(sheets, rows)),
        cells=_cells(rows),
        delimiter=book.grids[0].delimiter if book.grids else "",
    )


def _rows(
    sheets: Sequence[Sheet], description: Description, surroundings: Surroundings, *, name: str
) -> list[Row]:
    """Read the rows of all sheets that have headings and are seen, and find out what each is about."""
    read = [(grid, headings) for grid, headings in sheets if headings and not grid.is_hidden]
    if not read:
        wanted = ", ".join(f"“{each.heading}”" for each in description.columns[:4])
        message = f"no row holds the headings of this table ({wanted}, …); begin with its template."
        raise SourceError(message, path=Path(name))
    found = (rows_of(grid, headings, description, surroundings.names) for grid, headings in read)
    rows = [row for each in found for row in each]
    address_rows(rows, description, surroundings.names)
    _settle(rows, description, surroundings)
    return rows


def _problems(sheets: Sequence[Sheet], rows: Iterable[Row]) -> Iterator[Problem]:
    for grid, headings in sheets:
        yield from oddities(grid, headings)
        yield from headings.problems if headings and not grid.is_hidden else ()
    for row in rows:
        yield from row.problems
        yield from _troubles(row)


def _asked_for(given: Given, surroundings: Surroundings) -> Description | None:
    assert given.about is not None
    if not given.about.kind:
        return None
    form = surroundings.form(given.about.kind)
    if form is None:
        known = ", ".join(sorted(surroundings.forms))
        message = f"there is no kind “{given.about.kind}”; the kinds are: {known}."
        raise SourceError(message, path=Path(given.name))
    return describe_table(form)


def _open(given: Given, surroundings: Surroundings, described: Description | None, limits: Limits) -> Book:
    if given.form is Form.XLSX:
        from gcm.tables.excel import read_workbook  # not above: openpyxl takes a quarter of a second

        return read_workbook(given, limits=limits)
    if described:
        score = HeadingIndex(described).score
    else:
        marks = {fold(each) for each in _marks(surroundings)}

        def score(texts: Sequence[str]) -> int:
            return sum(1 for text in texts if fold(text) in marks)

    return Book((read_text_table(given, score=score, limits=limits),), {})


def _marks(surroundings: Surroundings) -> Mapping[str, str]:
    """Give the headings by which tables of all forms are known: those of their identifiers."""
    forms = surroundings.forms.values()
    return {describe_table(form).identifier.title: form.name for form in forms}


def _recognised(given: Given, book: Book, surroundings: Surroundings) -> Description:
    """Recognise a table by what it says of itself, or by the heading of its identifiers."""
    marks = {fold(title): name for title, name in _marks(surroundings).items()}
    cells = (cell for grid in book.grids for cell in grid.cells.values())
    names = {marks[key] for cell in cells if (key := fold(cell.text)) in marks}
    said = book.about.get("form", "")
    found = surroundings.form(said or (names.pop() if len(names) == 1 else ""))
    if found is None:
        message = "the table does not say what its rows are; name their kind, such as pledge."
        raise SourceError(message, path=Path(given.name))
    return describe_table(found)


def _settle(rows: Sequence[Row], description: Description, surroundings: Surroundings) -> None:
    """Find things that stand in the same table among what the graph does not know."""
    local: dict[str, set[NamedNode]] = {}
    for row in rows:
        if row.iri is not None:
            names = {shorten(row.iri), row.iri.value, row.iri.value.removeprefix(description.start)}
            names |= {each.text for each in row.pieces if each.column.path == _LABEL}
            for name in names:
                local.setdefault(fold(name), set()).add(row.iri)
    for piece in (each for row in rows for each in row.pieces):
        if isinstance(piece.value, Trouble) and piece.column.has_things and not piece.value.candidates[1:]:
            _settle_piece(piece, local, description, surroundings)


def _settle_piece(
    piece: Piece, local: Mapping[str, set[NamedNode]], description: Description, surroundings: Surroundings
) -> None:
    allowed = surroundings.names.classes_below(piece.column.classes)
    found = local.get(fold(piece.text), set())
    if len(found) == 1 and (not allowed or description.cls in allowed):
        (piece.value,) = found


def _statements(rows: Iterable[Row], description: Description) -> Iterator[TableStatement]:
    for row in rows:
        if row.iri is None:
            continue
        yield TableStatement(Triple(row.iri, TYPE, description.cls), row.place)
        for piece in row.pieces:
            if piece.column.path is not None and isinstance(piece.value, NamedNode | Literal):
                triple = Triple(row.iri, piece.column.path, piece.value)
                yield TableStatement(triple, piece.place, piece.text)


def _cells(rows: Iterable[Row]) -> Mapping[str, tuple[str, ...]]:
    cells: dict[str, tuple[str, ...]] = {}
    for piece in (each for row in rows for each in row.pieces):
        name = piece.place.cell or ""
        cells[name] = (*cells.get(name, ()), piece.text)
    return cells


def _citations(
    rows: Sequence[Row], description: Description, header: Header, surroundings: Surroundings
) -> Iterator[TableStatement]:
    for triple, place in cite(rows, description, header, surroundings):
        yield TableStatement(triple, place)


def _troubles(row: Row) -> Iterator[Problem]:
    for piece in row.pieces:
        if isinstance(piece.value, Trouble):
            yield Problem(
                piece.place,
                piece.value.message,
                piece.value.expected,
                value=piece.value.value,
                focus=row.iri,
                predicate=piece.column.path,
                candidates=piece.value.candidates,
                written=piece.value.written,
            )


def _once(statements: Iterable[TableStatement]) -> tuple[TableStatement, ...]:
    return tuple({each.triple: each for each in reversed(tuple(statements))}.values())[::-1]
