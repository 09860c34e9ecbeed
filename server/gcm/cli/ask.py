"""`gcm query`: for those who ask."""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gcm.cli.options import chosen_sources, examples, ready_version, store_option
from gcm.errors import QueryError, StoreError
from gcm.limits import read_limits
from gcm.load import Version, current
from gcm.remote import Endpoint

if TYPE_CHECKING:
    from gcm.query import Query, Results, Statements, Term

#: The media type of each format, for answers that are tables and for those that are graphs.
_FORMS = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}


@click.command(
    epilog=examples(
        "gcm query who-chaired-what",
        "gcm query vote-of-a-state --param place=place:MDA --format csv",
        "gcm query 'SELECT * WHERE { ?pledge a gcm:Pledge }'",
    )
)
@click.argument("question", metavar="FILE.rq|TEXT|NAME")
@click.option(
    "--format", "form", type=click.Choice(["table", *_FORMS]), help="Default: a table, or Turtle for a graph."
)
@click.option(
    "--param", "params", multiple=True, metavar="NAME=VALUE", help="Bind a selected variable; repeatable."
)
@store_option
def query(question: str, form: str | None, params: tuple[str, ...], store: Path | Endpoint) -> None:
    """Ask the current version of the graph, which is built first if there is none.

    The question is a file, a SPARQL text (our prefixes need no PREFIX line), or the name of a question that
    comes with the graph. A value is written as in Turtle: place:MDA, <https://…>, "Moldova"@en, 7; other
    words are text.
    """
    from gcm.query import evaluate

    asked = _read_question(question)
    bound = _read_params(params, asked)
    statements = _statements(store)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the engine does not stop for Python's own handler
    _echo_results(evaluate(statements, asked.text, bind=bound), form)


def _statements(store: Path | Endpoint) -> "Statements":
    from gcm.query import open_version

    return _there(store) if isinstance(store, Endpoint) else open_version(_current_version(store).path).store


def _there(endpoint: Endpoint) -> "Statements":
    """Give the statements of a remote store. Raises StoreError if it holds no version."""
    from gcm.query.elsewhere import dataset_of_version
    from gcm.remote.state import look
    from gcm.remote.store import RemoteStore
    from gcm.remote.wire import Wire

    wire, limits = Wire(endpoint), read_limits(os.environ)
    state, dialect = look(wire, limits=limits)
    if state is None:
        raise StoreError(f"there is no version in {endpoint}; load one with: gcm load")
    return RemoteStore(wire, dataset_of_version(state), limits=limits, dialect=dialect)


def _read_question(text: str) -> "Query":
    from gcm.query import Query, question, questions, read_query
    from gcm.turtle import read_text

    if text in {each.name for each in questions()}:
        return question(text)
    path = Path(text)
    if not text.endswith(".rq"):
        return Query(name="text", title=text, text=text)
    content = read_text(path)
    return (
        read_query(path) if "#+ title:" in content else Query(name=path.stem, title=path.stem, text=content)
    )


def _read_params(params: tuple[str, ...], asked: "Query") -> Mapping[str, "Term"]:
    from gcm.turtle import read_term

    pairs = [param.partition("=") for param in params]
    for name, equals, _ in pairs:
        if not equals:
            raise QueryError(f"--param {name} has no value; write --param {name}=VALUE.")
    known = {param.name for param in asked.params}
    unknown = [name for name, _, _ in pairs if known and name not in known]
    if unknown:
        raise QueryError(f"{asked.name} has no parameter {unknown[0]}; it has {', '.join(sorted(known))}.")
    return {name: read_term(value) for name, _, value in pairs}


def _current_version(store: Path) -> Version:
    try:
        return current(store)
    except StoreError:
        return ready_version(chosen_sources((), only_data=False), store)


def _echo_results(results: "Results", form: str | None) -> None:
    from gcm.query import kind_of, write

    kind = kind_of(results)
    chosen = form or ("ttl" if kind == "graph" else "table")
    if chosen != "table":
        write(results, sys.stdout.buffer, media_type=_FORMS[chosen])
        sys.stdout.buffer.flush()
    elif kind == "graph":
        raise QueryError("A graph is no table; ask for --format ttl, nt, jsonld or rdf.")
    else:
        _echo_table(results)


def _echo_table(results: "Results") -> None:
    from pyoxigraph import QuerySolutions

    if not isinstance(results, QuerySolutions):
        click.echo("yes" if results else "no")
        return
    head = [variable.value for variable in results.variables]
    rows = [[_cell(term) for term in solution] for solution in results]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, ["-" * width for width in widths], *rows]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    click.echo(f"{len(rows)} rows" if len(rows) != 1 else "1 row", err=True)


def _cell(term: "Term | None") -> str:
    from pyoxigraph import Literal, NamedNode

    from gcm.vocab import shorten

    if term is None:
        return ""
    if isinstance(term, Literal):
        return " ".join(term.value.split())
    return shorten(term) if isinstance(term, NamedNode) else str(term)
