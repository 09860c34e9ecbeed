"""The graph described for programs by VoID (Describing Linked Datasets with VoID), with its numbers.

`/.well-known/void` is where section 7.2 has it looked for; `/void` is where its own IRIs lead.
"""

from collections.abc import Iterator
from urllib.parse import quote

from flask import Response, abort, request
from pyoxigraph import Literal, NamedNode, Triple

from gcm.describe import Graph, Statistics, dumps_of, statistics_of
from gcm.describe.terms import LICENCE_IRI
from gcm.query import GRAPH_FORMATS, OpenVersion
from gcm.vocab import BASE, ONTOLOGY, shorten
from gcm.web.answers import Resource, answer
from gcm.web.metadata import CATALOGUE, ENDPOINT, SUMMARY, TITLE, WHOLE, count, format_iri, said, write
from gcm.web.negotiate import GRAPH_OFFERS, HTML, choose, choose_suffix
from gcm.web.reading import graph
from gcm.web.versions import site

_OFFERS = tuple(offer for offer in GRAPH_OFFERS if offer != HTML)
_SUFFIXES = {offer.suffix for offer in _OFFERS}


def show_void(suffix: str = "") -> Response:
    """Describe the datasets of the version being served."""
    if suffix and suffix not in _SUFFIXES:
        abort(404)
    accepted = request.headers.get("Accept")
    offer = choose_suffix(suffix, _OFFERS) if suffix else choose(accepted, _OFFERS)
    version, known = site().version(), graph()
    return answer(
        Resource("/void", _OFFERS),
        offer,
        lambda: write(describe_datasets(version, known), offer),
        is_chosen=not suffix,
    )


def describe_datasets(version: OpenVersion, known: Graph) -> Iterator[Triple]:
    """State what is known of all datasets together and of each."""
    document = NamedNode(f"{BASE}void")
    yield from said(document, ("a", _void("DatasetDescription")), ("foaf:primaryTopic", WHOLE))
    yield from said(
        WHOLE, ("a", _void("Dataset")), ("dcterms:title", TITLE), ("dcterms:description", SUMMARY)
    )
    yield from said(WHOLE, ("void:uriSpace", Literal(BASE)), ("foaf:homepage", NamedNode(BASE)))
    yield from said(WHOLE, ("void:rootResource", CATALOGUE), ("dcterms:hasVersion", Literal(version.id)))
    for form in GRAPH_FORMATS.values():
        yield from said(WHOLE, ("void:feature", format_iri(form)))
    for dataset, numbers in statistics_of(known).items():
        yield from _access(dataset or WHOLE)
        yield from _numbers(dataset or WHOLE, numbers)
        if dataset is not None:
            yield from said(WHOLE, ("void:subset", dataset))
            yield from _header(known, dataset)
    for dump in dumps_of(version):
        yield from said(
            dump.dataset or WHOLE, ("void:dataDump", NamedNode(f"{BASE}dumps/{version.id}/{dump.name}"))
        )


def _access(dataset: NamedNode) -> Iterator[Triple]:
    yield from said(dataset, ("a", _void("Dataset")), ("dcterms:license", LICENCE_IRI))
    yield from said(dataset, ("void:sparqlEndpoint", ENDPOINT))


def _header(known: Graph, dataset: NamedNode) -> Iterator[Triple]:
    """Repeat what the dataset says of itself."""
    for name in (
        "dcterms:title",
        "dcterms:description",
        "dcterms:publisher",
        "dcterms:source",
        "dcterms:modified",
    ):
        predicate = next(said(dataset, (name, dataset))).predicate
        for value in known.values(dataset, predicate):
            yield Triple(dataset, predicate, value)


def _numbers(dataset: NamedNode, numbers: Statistics) -> Iterator[Triple]:
    yield from said(
        dataset,
        ("void:triples", count(numbers.triples)),
        ("void:entities", count(numbers.things)),
        ("void:classes", count(len(numbers.classes))),
        ("void:properties", count(numbers.properties)),
        ("void:distinctSubjects", count(numbers.subjects)),
        ("void:distinctObjects", count(numbers.objects)),
    )
    yield from _vocabularies(dataset, numbers)
    for kind in numbers.classes:
        part = _part(dataset, kind.kind)
        yield from said(dataset, ("void:classPartition", part))
        yield from said(part, ("void:class", kind.kind), ("void:entities", count(kind.things)))
    for each in numbers.property_sizes:
        part = _part(dataset, each.property)
        yield from said(dataset, ("void:propertyPartition", part))
        yield from said(part, ("void:property", each.property), ("void:triples", count(each.triples)))
        yield from said(part, ("void:distinctSubjects", count(each.subjects)))
        yield from said(part, ("void:distinctObjects", count(each.objects)))


def _vocabularies(dataset: NamedNode, numbers: Statistics) -> Iterator[Triple]:
    """Name the vocabularies by the namespaces of the classes and properties in use; ours by its own IRI."""
    used = [each.kind for each in numbers.classes] + [each.property for each in numbers.property_sizes]
    for namespace in sorted({_namespace(each.value) for each in used}):
        vocabulary = ONTOLOGY if namespace == f"{ONTOLOGY.value}/" else NamedNode(namespace)
        yield from said(dataset, ("void:vocabulary", vocabulary))


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] or iri


def _part(dataset: NamedNode, of: NamedNode) -> NamedNode:
    """Name the part of a dataset that a class or property makes: nothing is without a name."""
    stem = "graph" if dataset == WHOLE else dataset.value.removeprefix(BASE)
    return NamedNode(f"{BASE}void#{quote(f'{stem}/{shorten(of)}', safe='/:')}")


def _void(name: str) -> NamedNode:
    return NamedNode(f"http://rdfs.org/ns/void#{name}")
