"""The description of an IRI as RDF or as a table: enough to be useful without a second request."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from types import MappingProxyType
from typing import IO

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from gcm.describe.graph import Graph, Node
from gcm.describe.lists import Page, Things, lists_to
from gcm.describe.terms import (
    COMMENT,
    DERIVED_FROM,
    DESIGNATION_NOTE,
    LICENCE,
    LICENCE_IRI,
    LOCATOR,
    NAMES,
    PART_OF,
    PRIMARY_TOPIC,
    TYPE,
)
from gcm.errors import UnknownIriError
from gcm.vocab import DOCUMENT, PREFIXES, THING, shorten

#: Media type -> the engine's serializer, for descriptions and dumps.
FORMATS: Mapping[str, RdfFormat] = MappingProxyType(
    {
        "text/turtle": RdfFormat.TURTLE,
        "application/n-triples": RdfFormat.N_TRIPLES,
        "application/n-quads": RdfFormat.N_QUADS,
        "application/ld+json": RdfFormat.JSON_LD,
        "application/rdf+xml": RdfFormat.RDF_XML,
    }
)

_WITH_PREFIXES = (RdfFormat.TURTLE, RdfFormat.RDF_XML, RdfFormat.JSON_LD)

_BUILT_IN = (TYPE, NamedNode(PREFIXES["xsd"] + "string"), NamedNode(PREFIXES["rdf"] + "langString"))

#: What is repeated of each thing that a description mentions, so that it can be shown by name.
_MENTIONED = (TYPE, *NAMES, DESIGNATION_NOTE)

#: What is repeated of each passage.
_CITED = (*_MENTIONED, PART_OF, LOCATOR)


def describe_as_quads(graph: Graph, iri: NamedNode, *, size: int) -> tuple[Quad, ...]:
    """Give all that is said about an IRI, its sources, names, and `size` incoming links of each kind.

    Raises UnknownIriError if no dataset says anything about it.
    """
    about = graph.about(iri)
    if not about:
        raise UnknownIriError(iri.value)
    incoming, cut = _incoming(graph, iri, size=size)
    mentioned = _mentioned([*about, *incoming], iri)
    return (
        *_document(iri, cut=cut),
        *graph.with_parts(iri),
        *_sources(graph, about),
        *incoming,
        *(quad for each in mentioned for quad in graph.about(each) if quad.predicate in _MENTIONED),
    )


def write_quads(quads: Iterable[Quad], *, media_type: str) -> bytes:
    """Serialize statements, each once; with their datasets where the form has room for them."""
    form = FORMATS[media_type]
    if form == RdfFormat.N_QUADS:
        return _serialized(dict.fromkeys(quads), form)
    return _serialized(dict.fromkeys(quad.triple for quad in quads), form)


def write_dataset(
    graph: Graph, output: IO[bytes], *, dataset: NamedNode | DefaultGraph, media_type: str
) -> None:
    """Serialize a dataset, or the default graph, which is all of them, into `output`, piece by piece."""
    form = FORMATS[media_type]
    quads = graph.store.quads_for_pattern(None, None, None, dataset)
    statements = quads if form == RdfFormat.N_QUADS else (quad.triple for quad in quads)
    serialize(statements, output, format=form, prefixes=dict(PREFIXES) if form in _WITH_PREFIXES else None)


def write_table(quads: Iterable[Quad]) -> bytes:
    """Write statements as CSV (RFC 4180), one row each, with the dataset that makes it."""
    table = StringIO()
    writer = csv.writer(table)
    writer.writerow(("subject", "property", "value", "language", "datatype", "dataset"))
    writer.writerows(_row(quad) for quad in quads if isinstance(quad.graph_name, NamedNode))
    return table.getvalue().encode()


def _serialized(statements: Mapping[Quad, None] | Mapping[Triple, None], form: RdfFormat) -> bytes:
    used = {shorten(term).partition(":")[0] for each in statements for term in _iris(each)}
    prefixes = {prefix: namespace for prefix, namespace in PREFIXES.items() if prefix in used}
    return serialize(statements, format=form, prefixes=prefixes if form in _WITH_PREFIXES else None) or b""


def _iris(statement: Quad | Triple) -> Iterator[NamedNode]:
    """Give the IRIs that the forms write out; the words for a type and for plain text are built into them."""
    literal = statement.object.datatype if isinstance(statement.object, Literal) else None
    terms = (statement.subject, statement.predicate, statement.object, literal)
    yield from (each for each in terms if isinstance(each, NamedNode) and each not in _BUILT_IN)


def _document(iri: NamedNode, *, cut: Iterable[Things]) -> Iterator[Quad]:
    document = document_of(iri)
    if document == iri:
        return
    yield Quad(document, PRIMARY_TOPIC, iri, DefaultGraph())
    yield Quad(document, LICENCE, LICENCE_IRI, DefaultGraph())
    for each in cut:
        count = f"More than {each.count}" if each.is_more else str(each.count)
        way = f"by <{each.predicate.value}>; not all are named here: ask the endpoint."
        sentence = f"{count} things point here {way}"
        yield Quad(document, COMMENT, Literal(sentence, language="en"), DefaultGraph())


def document_of(iri: NamedNode) -> NamedNode:
    """Give the document about a thing of ours; terms and datasets are their own documents."""
    if not iri.value.startswith(THING):
        return iri
    return NamedNode(DOCUMENT + iri.value.removeprefix(THING))


def _incoming(graph: Graph, iri: NamedNode, *, size: int) -> tuple[list[Quad], list[Things]]:
    lists = lists_to(graph, iri, page=Page(size))
    quads = [
        quad
        for each in lists
        for thing in each.shown
        for quad in graph.store.quads_for_pattern(thing, each.predicate, iri, None)
        if isinstance(quad.graph_name, NamedNode)
    ]
    return quads, [each for each in lists if each.pages > 1]


def _sources(graph: Graph, about: Iterable[Quad]) -> Iterator[Quad]:
    for quad in about:
        if quad.predicate == DERIVED_FROM and isinstance(quad.object, NamedNode):
            yield from (each for each in graph.about(quad.object) if each.predicate in _CITED)
            for document in graph.values(quad.object, PART_OF):
                if isinstance(document, NamedNode):
                    yield from graph.about(document)


def _mentioned(quads: Iterable[Quad], iri: NamedNode) -> tuple[Node, ...]:
    nodes = (node for quad in quads for node in (quad.subject, quad.object))
    return tuple(dict.fromkeys(node for node in nodes if isinstance(node, NamedNode) and node != iri))


def _row(quad: Quad) -> tuple[str, ...]:
    value = quad.object
    words = (value.language or "", value.datatype.value) if isinstance(value, Literal) else ("", "")
    return (
        _plain(quad.subject),
        quad.predicate.value,
        _plain(value),
        words[0],
        "" if words[0] else words[1],
        _plain(quad.graph_name),
    )


def _plain(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
