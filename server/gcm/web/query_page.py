"""The endpoint for people: a page to write a query on, with its answer as a table."""

from collections.abc import Iterable, Sequence
from itertools import islice
from time import perf_counter
from typing import IO, cast
from urllib.parse import urlencode

from flask import Response, render_template, request
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    parse,
    parse_query_results,
)

from gcm.errors import GcmError
from gcm.query import Kind, Reply, Term, check_text, questions
from gcm.vocab import PREFIXES
from gcm.web.clients import asking
from gcm.web.errors import Problem, problem_of
from gcm.web.negotiate import GRAPH_OFFERS, HTML, SELECT_OFFERS
from gcm.web.protocol import Asked, read_request
from gcm.web.rdf_version import version_of
from gcm.web.reading import graph, language
from gcm.web.tables import table_of
from gcm.web.versions import site

_BOOLEAN = NamedNode(f"{PREFIXES['xsd']}boolean")

#: What the page asks the engine for, and reads with the engine's own parser.
_RESULTS_TYPE = "application/sparql-results+json"
_GRAPH_TYPE = "application/n-triples"

Row = Sequence[Term | None]


def show_query() -> Response:
    """Show the page, with the answer or the error of the query that the request holds."""
    asked: Asked | None = None
    problem: Problem | None = None
    facts: dict[str, object] = {}
    started = perf_counter()
    try:
        asked = read_request()
        facts = _run(asked) if asked else {}
    except GcmError as error:
        problem = problem_of(error)
        facts = {"error": _error_facts(problem, asked)}
    facts["query"] = asked.text if asked else request.values.get("query", "")
    facts["elapsed_ms"] = (perf_counter() - started) * 1000
    page = render_template("sparql.html", questions=questions(), **facts)
    status = int(problem.status) if problem else 200
    return Response(
        page, status=status, content_type=HTML.content_type, headers=problem.headers if problem else {}
    )


def _run(asked: Asked) -> dict[str, object]:
    """Answer the query with as many rows as a page shows."""
    outline = check_text(asked.text, limits=site().limits)
    version_of(asked, outline)
    is_graph = outline.kind == "graph"
    answer = (
        site()
        .pool()
        .run(
            asked.text,
            media_type=_GRAPH_TYPE if is_graph else _RESULTS_TYPE,
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
            caller=asking(asked.text),
        )
    )
    shown = int(site().limits.shown_rows)
    try:
        variables, rows = _read_rows(answer)
        first = list(islice(rows, shown + 1))
    finally:
        answer.close()
    return {
        "result": table_of(graph(), variables, first[:shown], language=language()),
        "truncated": shown if len(first) > shown else None,
        "downloads": _downloads(asked, answer.kind),
    }


def _read_rows(answer: Reply) -> tuple[Sequence[str], Iterable[Row]]:
    """Read the answer as it comes, with the engine's parsers."""
    source = cast(IO[bytes], _Source(answer))  # they only call read
    if answer.kind == "graph":
        quads = parse(source, RdfFormat.N_TRIPLES)
        return ("subject", "predicate", "object"), ((q.subject, q.predicate, q.object) for q in quads)
    results = parse_query_results(source, QueryResultsFormat.JSON)
    if isinstance(results, QueryBoolean):
        return ("answer",), [[Literal(str(bool(results)).lower(), datatype=_BOOLEAN)]]
    names = [variable.value for variable in results.variables]
    return names, ([solution[name] for name in names] for solution in results)


class _Source:
    """An answer read like a file."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Give the next bytes, at most `size`; none at the end."""
        self._rest = self._rest or next(self._pieces, b"")
        given, self._rest = self._rest[:size], self._rest[size:]
        return given


def _downloads(asked: Asked, kind: Kind) -> list[tuple[str, str]]:
    """Link to the whole answer in each form."""
    offers = GRAPH_OFFERS if kind == "graph" else SELECT_OFFERS
    parameters = [("query", asked.text)]
    parameters += [("default-graph-uri", iri) for iri in asked.default_graphs]
    parameters += [("named-graph-uri", iri) for iri in asked.named_graphs]
    return [
        (offer.suffix, f"{request.script_root}/sparql.{offer.suffix}?{urlencode(parameters)}")
        for offer in offers
        if offer.suffix != HTML.suffix
    ]


def _error_facts(problem: Problem, asked: Asked | None) -> dict[str, object]:
    line = problem.facts.get("line")
    lines = asked.text.split("\n") if asked else []  # as the engine counts them
    excerpt = lines[line - 1] if isinstance(line, int) and line <= len(lines) else None
    return {
        "title": problem.kind.title(language()),
        "kind": problem.kind.name,
        "detail": problem.detail,
        "excerpt": excerpt,
        **problem.facts,
    }
