"""The endpoint described for programs (SPARQL 1.1 Service Description)."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from gcm.query import GRAPH_FORMATS, RESULT_FORMATS, OpenVersion
from gcm.vocab import BASE, PREFIXES
from gcm.web.negotiate import GRAPH_OFFERS, Offer

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"

SERVICE = NamedNode(f"{BASE}sparql")
_DATASET = NamedNode(f"{BASE}sparql#dataset")
_DEFAULT_GRAPH = NamedNode(f"{BASE}sparql#default-graph")
_TYPE = NamedNode(f"{PREFIXES['rdf']}type")
_TRIPLES = NamedNode(f"{VOID}triples")


def describe_service(version: OpenVersion, offer: Offer) -> bytes:
    """Describe the endpoint and the graphs it answers from, in the form of `offer`."""
    media_type = next(each.media_type for each in GRAPH_OFFERS if each.suffix == offer.suffix)
    format_ = GRAPH_FORMATS[media_type]
    prefixes = {"sd": SD, "void": VOID, "xsd": PREFIXES["xsd"]} if format_ == RdfFormat.TURTLE else None
    triples = (*_service(), *_dataset(version))
    return serialize(triples, format=format_, prefixes=prefixes) or b""


def _service() -> Iterator[Triple]:
    yield Triple(SERVICE, _TYPE, _sd("Service"))
    yield Triple(SERVICE, _sd("endpoint"), SERVICE)
    yield Triple(SERVICE, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    yield Triple(SERVICE, _sd("feature"), _sd("UnionDefaultGraph"))
    formats = [each.iri for each in RESULT_FORMATS.values()] + [each.iri for each in GRAPH_FORMATS.values()]
    for iri in formats:
        yield Triple(SERVICE, _sd("resultFormat"), NamedNode(iri))
    yield Triple(SERVICE, _sd("defaultDataset"), _DATASET)


def _dataset(version: OpenVersion) -> Iterator[Triple]:
    yield Triple(_DATASET, _TYPE, _sd("Dataset"))
    yield Triple(_DATASET, _sd("defaultGraph"), _DEFAULT_GRAPH)
    yield Triple(_DEFAULT_GRAPH, _TYPE, _sd("Graph"))
    sizes: dict[NamedNode, int] = {}
    for graph in version.graphs:
        sizes[graph.iri] = sizes.get(graph.iri, 0) + graph.triples
    for iri, triples in sizes.items():
        yield from _named_graph(iri, triples)


def _named_graph(name: NamedNode, triples: int) -> Iterator[Triple]:
    """Describe one named graph; it and its place in the dataset are IRIs below the endpoint's."""
    place = NamedNode(f"{BASE}sparql#named/{name.value.removeprefix(BASE)}")
    graph = NamedNode(f"{BASE}sparql#graph/{name.value.removeprefix(BASE)}")
    yield Triple(_DATASET, _sd("namedGraph"), place)
    yield Triple(place, _TYPE, _sd("NamedGraph"))
    yield Triple(place, _sd("name"), name)
    yield Triple(place, _sd("graph"), graph)
    yield Triple(graph, _TYPE, _sd("Graph"))
    yield Triple(graph, _TRIPLES, Literal(triples))


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)
