"""One query asked of a store in this process, and its results written by the engine itself.

A plain query reads the default graph, which holds the merge of all named graphs (`gcm.load` puts it
there): the engine's own union mode matches a triple once for each graph that holds it, and overrides FROM.
Tables in CSV are written here where an IRI may have a comma, which the engine (pyoxigraph 0.5.13) leaves
bare; this takes three times as long.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from io import StringIO
from types import MappingProxyType
from typing import IO, Literal, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    Variable,
)
from pyoxigraph import Literal as RdfLiteral

from gcm.errors import QueryError, RefusedQueryError
from gcm.query.mistakes import explain
from gcm.query.updates import is_update
from gcm.query.well_formed import WellFormed
from gcm.remote import Statements
from gcm.vocab import BASE, PREFIXES

Term = NamedNode | BlankNode | RdfLiteral | Triple
Results = QuerySolutions | QueryBoolean | QueryTriples
Kind = Literal["select", "ask", "graph"]

#: Media type -> the engine's serializer, for SELECT and ASK.
RESULT_FORMATS: Mapping[str, QueryResultsFormat] = MappingProxyType(
    {
        "application/sparql-results+json": QueryResultsFormat.JSON,
        "application/sparql-results+xml": QueryResultsFormat.XML,
        "text/csv": QueryResultsFormat.CSV,
        "text/tab-separated-values": QueryResultsFormat.TSV,
    }
)

#: Media type -> the engine's serializer, for CONSTRUCT and DESCRIBE.
GRAPH_FORMATS: Mapping[str, RdfFormat] = MappingProxyType(
    {
        "text/turtle": RdfFormat.TURTLE,
        "application/n-triples": RdfFormat.N_TRIPLES,
        "application/rdf+xml": RdfFormat.RDF_XML,
        "application/ld+json": RdfFormat.JSON_LD,
    }
)


#: The one form in which a comma can do harm.
CSV = "text/csv"

#: Where a query may name or make an IRI with a comma, or a triple term. Escapes may hide any of these.
_MAKES_COMMAS = re.compile(
    r"""<[^<>"{}|^`\x00-\x20]*,|\\[,uU]|<<|(?<![?$:\w])(?:[iu]ri|triple)\b""", re.IGNORECASE | re.ASCII
)

#: Characters of CSV that are collected before they are passed on; the engine's own pieces are as long.
_PIECE_LENGTH = 8192

#: Our prefixes by their last two letters, to find quickly which of them a text has: the engine reads all that
#: it is given, each time, and to look for each of them takes four times as long.
_ENDING = 2
_BY_ENDING = {
    ending: tuple(name for name in PREFIXES if name.endswith(ending))
    for ending in {name[-_ENDING:] for name in PREFIXES}
}


def evaluate(
    store: Statements,
    text: str,
    *,
    default_graphs: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
    bind: Mapping[str, Term] | None = None,
    is_merged: bool = False,
) -> Results:
    """Start a query; graphs given here replace those of its FROM clauses (SPARQL 1.1 Protocol section 2.1.4).

    `is_merged` asks the store's own default graph in their place. Raises QueryError if the text is not
    SPARQL, an IRI is none, or a bound variable is not selected; RefusedQueryError if it is an update.
    """
    is_given = bool(default_graphs or named_graphs or is_merged)
    default = [DefaultGraph()] if is_merged else _nodes(default_graphs)
    try:
        return store.query(
            text,
            base_iri=BASE,
            prefixes=_prefixes_of(text),
            default_graph=[*default] if is_given else None,
            named_graphs=[*_nodes(named_graphs)] if is_given else None,
            substitutions={Variable(name): term for name, term in bind.items()} if bind else None,
        )
    except SyntaxError as error:
        if is_update(text):
            message = "This endpoint only reads, and this is an update. Ask with SELECT instead."
            raise RefusedQueryError(message) from error
        raise explain(str(error), text) from error
    except RuntimeError as error:
        raise QueryError(f"{error}.") from error


def kind_of(results: Results) -> Kind:
    """Which of the three kinds of results these are."""
    if isinstance(results, QuerySolutions):
        return "select"
    return "ask" if isinstance(results, QueryBoolean) else "graph"


def may_make_commas(text: str) -> bool:
    """Whether the results of a query may have an IRI with a comma, or a triple term, that no data have."""
    return _MAKES_COMMAS.search(text) is not None


def write(results: Results, output: IO[bytes], *, media_type: str, has_commas: bool = True) -> None:
    """Serialize results into `output` piece by piece, as the engine computes them.

    Without `has_commas` no IRI in them has a comma, and none is a triple term. Raises QueryError if results
    of this kind, or what they hold, have no such form.
    """
    if media_type.endswith("+xml"):
        output = cast(IO[bytes], WellFormed(output))  # it has what the engine calls
    if isinstance(results, QueryTriples):
        if media_type not in GRAPH_FORMATS:
            raise QueryError(
                f"A graph cannot be written as {media_type}; ask for one of {', '.join(GRAPH_FORMATS)}."
            )
        results.serialize(output, GRAPH_FORMATS[media_type])
    else:
        if media_type not in RESULT_FORMATS:
            raise QueryError(
                f"A table cannot be written as {media_type}; ask for one of {', '.join(RESULT_FORMATS)}."
            )
        if media_type == CSV and has_commas and isinstance(results, QuerySolutions):
            _write_csv(results, output)
        else:
            results.serialize(output, RESULT_FORMATS[media_type])


def _write_csv(solutions: QuerySolutions, output: IO[bytes]) -> None:
    """Write a table in CSV (SPARQL 1.1 Query Results CSV section 3, RFC 4180 section 2)."""
    text = StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow([variable.value for variable in solutions.variables])
    for solution in solutions:
        rows.writerow([_cell(term) for term in solution])
        if text.tell() >= _PIECE_LENGTH:
            output.write(text.getvalue().encode())
            text.seek(0)
            text.truncate()
    output.write(text.getvalue().encode())
    output.flush()


def _cell(term: Term | None) -> str:
    if term is None:
        return ""
    if isinstance(term, BlankNode | Triple):
        return str(term)
    return term.value


def _prefixes_of(text: str) -> dict[str, str]:
    """Give those of our prefixes that a text may use."""
    return {
        name: PREFIXES[name]
        for before in text.split(":")
        for name in _BY_ENDING.get(before[-_ENDING:], ())
        if before.endswith(name)
    }


def _nodes(iris: Sequence[str]) -> list[NamedNode]:
    try:
        return [NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise QueryError(f"A graph is named by an absolute IRI: {error}.") from error
