"""Queries of our own: .rq files with a header, and their answers with parameters bound."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pyoxigraph import QuerySolutions

from gcm.errors import QueryError, SourceError
from gcm.query.engine import Term, evaluate
from gcm.remote import Statements

#: Lines that begin with this are the header; they are comments to SPARQL.
MARK = "#+"

#: The .rq files of the pages and the competency questions.
FOLDER = Path(__file__).parents[1] / "queries"


@dataclass(frozen=True)
class Param:
    """A variable of a query to which a term may be bound; left free, the query answers for all its values."""

    name: str
    explanation: str


@dataclass(frozen=True)
class Query:
    """One .rq file: what its header says, and its text.

    `mends` names the variables whose values are things that a row asks to be mended, `makes` one whose value
    is a class of which there should be more: a question with either is part of the curators' work list.
    """

    name: str
    title: str
    text: str
    params: tuple[Param, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    group: str = ""
    examples: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[tuple[str, str], ...] = ()
    mends: tuple[str, ...] = ()
    makes: str = ""

    def title_in(self, language: str) -> str:
        """Give the title in `language`, or in English where there is none."""
        return self.titles.get(language, self.title)


def read_query(path: Path) -> Query:
    """Read one .rq file: its `#+ key: value` lines, then its text.

    Raises SourceError if the file cannot be read, a header line is none, or there is no title.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise SourceError(f"{error.strerror}; name a .rq file.", path=path) from error
    marked = [(number, line) for number, line in enumerate(lines, start=1) if line.startswith(MARK)]
    header = [_header_line(line, path=path, number=number) for number, line in marked]
    text = "\n".join(line for line in lines if not line.startswith(MARK)).strip("\n") + "\n"
    return _query(path, header, text=text)


def questions() -> tuple[Query, ...]:
    """Read the competency questions, sorted by name."""
    return _read_folder(FOLDER / "questions")


def question(name: str) -> Query:
    """Read the competency question of this name; raises SourceError if there is none."""
    return _read_once(FOLDER / "questions" / f"{name}.rq")


def page_query(name: str) -> Query:
    """Read the query of this name that a page uses; raises SourceError if there is none."""
    return _read_once(FOLDER / "pages" / f"{name}.rq")


def solutions(
    store: Statements, query: Query, *, bind: Mapping[str, Term], row: int | None = None
) -> QuerySolutions:
    """Answer a SELECT query of ours over all graphs; `bind` gives values of parameters, the others stay free.

    `row` asks for that row alone, counted from 0: the engine passes over the others without reading them.
    Raises QueryError if a name in `bind` is no parameter or not among the selected variables.
    """
    unknown = sorted(bind.keys() - {param.name for param in query.params})
    if unknown:
        known = ", ".join(param.name for param in query.params) or "none"
        raise QueryError(f"{query.name} has no parameter {', '.join(unknown)}; its parameters are: {known}.")
    text = query.text if row is None else f"{query.text}LIMIT 1 OFFSET {row:d}\n"
    results = evaluate(store, text, bind=bind)
    if not isinstance(results, QuerySolutions):
        raise QueryError(f"{query.name} is not a SELECT query.")
    return results


def _header_line(line: str, *, path: Path, number: int) -> tuple[str, str]:
    key, colon, value = line.removeprefix(MARK).partition(":")
    if not colon or not key.strip():
        raise SourceError(f"write the header as “{MARK} key: value”.", path=path, line=number)
    return key.strip(), value.strip()


def _query(path: Path, header: list[tuple[str, str]], *, text: str) -> Query:
    single = dict(header)
    if not single.get("title"):
        raise SourceError(f"the query has no title; begin it with “{MARK} title: …”.", path=path)
    special = {"title", "param", "group", "example", "mends", "makes"}
    return Query(
        name=path.stem,
        title=single["title"],
        text=text,
        params=tuple(_param(value) for key, value in header if key == "param"),
        titles={key.removeprefix("title-"): value for key, value in header if key.startswith("title-")},
        group=single.get("group", ""),
        examples=dict(_example(value) for key, value in header if key == "example"),
        notes=tuple((k, v) for k, v in header if k not in special and not k.startswith("title-")),
        mends=tuple(single.get("mends", "").split()),
        makes=single.get("makes", ""),
    )


def _param(value: str) -> Param:
    name, _, explanation = value.partition(" ")
    return Param(name=name, explanation=explanation.strip())


def _example(value: str) -> tuple[str, str]:
    name, _, example = value.partition("=")
    return name.strip(), example.strip()


@cache
def _read_once(path: Path) -> Query:
    return read_query(path)


@cache
def _read_folder(folder: Path) -> tuple[Query, ...]:
    return tuple(read_query(path) for path in sorted(folder.glob("*.rq")))
