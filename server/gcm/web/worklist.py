"""The curators' work list: what is missing or weak in the graph, each with a link to the form that mends it.

Its parts are the questions whose header says what a row asks to be mended or made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, render_template, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from gcm.describe import Text, link_to
from gcm.query import Query, Term, solutions
from gcm.query import questions as all_questions
from gcm.vocab import path_of
from gcm.web import questions
from gcm.web.answers import Resource, answer
from gcm.web.knowledge import form_name, form_with_choice
from gcm.web.negotiate import HTML
from gcm.web.pinned import mount_point
from gcm.web.reading import asked_language, graph, language, local, page_number
from gcm.web.tables import Table, table_of

#: Rows of each part on the first page, and on a page of one part.
FIRST_ROWS, PAGE_ROWS = 5, 50

Row = tuple[Term | None, ...]


@dataclass(frozen=True)
class Remedy:
    """A form that mends what a row shows: its address, and the name of what is mended, if there is one."""

    href: str
    name: Text | None


@dataclass(frozen=True)
class Part:
    """One question of the work list: how many rows it has, and those that are shown, with their remedies."""

    query: Query
    title: str
    count: int
    table: Table
    remedies: tuple[tuple[Remedy, ...], ...]
    page: int
    pages: int


def show_worklist() -> Response:
    """Show the beginning of each part, with the number of its rows."""
    return answer(
        Resource("/worklist", (HTML,)),
        HTML,
        lambda: render_template("worklist.html", parts=[_part(each, FIRST_ROWS) for each in work()]),
        is_chosen=True,
    )


def show_part(name: str) -> Response:
    """Show one part, page by page."""
    query = next((each for each in work() if each.name == name), None)
    if query is None:
        raise NotFound("The work list has no part of this name; /worklist lists those there are.")
    return answer(Resource(f"/worklist/{name}", (HTML,)), HTML, lambda: _page(query), is_chosen=True)


def work() -> tuple[Query, ...]:
    """Give the questions that make up the work list."""
    return tuple(each for each in all_questions() if each.mends or each.makes)


def _page(query: Query) -> str:
    bind = questions.bound(query)
    given = {name: request.args[name] for name in bind}
    return render_template(
        "worklist_part.html",
        part=_part(query, PAGE_ROWS, bind=bind, page=page_number(request.args.get("page", ""))),
        fields=questions.form_fields(query),
        given=given,
        download=local(f"/questions/{query.name}.csv", **given),
    )


def _part(query: Query, size: int, *, bind: Mapping[str, Term] | None = None, page: int = 1) -> Part:
    found = solutions(graph().store, query, bind=bind or {})
    variables = [each.value for each in found.variables]
    rows = [tuple(row[name] for name in variables) for row in found]
    pages = max(1, -(-len(rows) // size))
    number = min(page, pages)
    shown = rows[(number - 1) * size : number * size]
    return Part(
        query=query,
        title=query.title_in(language()),
        count=len(rows),
        table=table_of(graph(), variables, shown, language=language()),
        remedies=tuple(_remedies(query, variables, row) for row in shown),
        page=number,
        pages=pages,
    )


def _remedies(query: Query, variables: Sequence[str], row: Row) -> tuple[Remedy, ...]:
    """Give the forms that mend a row: of the things that it names, or of more of their class."""
    values = dict(zip(variables, row, strict=True))
    dataset = values.get("dataset")
    mended = [_mending(values.get(name), dataset=dataset) for name in query.mends]
    made = [_making(values.get(query.makes))] if query.makes else []
    return tuple(each for each in (*mended, *made) if each)


def _mending(thing: Term | None, *, dataset: Term | None) -> Remedy | None:
    name = form_name(thing) if isinstance(thing, NamedNode) else None
    if name is None or not isinstance(thing, NamedNode):
        return None
    who = path_of(dataset) if isinstance(dataset, NamedNode) else None
    address = propose_address(name, edit=path_of(thing), dataset=who)
    return Remedy(address, link_to(graph(), thing, language=language()).name)


def propose_address(name: str, **arguments: str | None) -> str:
    """Give the address of a form, which is always about the newest version."""
    given = {key: value for key, value in {**arguments, "lang": asked_language()}.items() if value}
    return f"{mount_point()}/propose/{name}" + (f"?{urlencode(given)}" if given else "")


def _making(cls: Term | None) -> Remedy | None:
    name = (form_name(cls) or form_with_choice(cls)) if isinstance(cls, NamedNode) else None
    return Remedy(propose_address(name), None) if name else None
