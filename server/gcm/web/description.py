"""The endpoint described for programs (SPARQL 1.1 Service Description)."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from gcm.query import GRAPH_FORMATS, RESULT_FORMATS, OpenVersion
from gcm.vocab import BASE, PREFIXES
from gcm.web.metadata import format_iri
from gcm.web.negotiate import GRAPH_OFFERS, Offer

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"

_GEOF = "http://www.opengis.net/def/function/geosparql/"
_RELATIONS = (
    *(
        f"sf{name}"
        for name in [
            "Equals",
            "Disjoint",
            "Intersects",
            "Touches",
            "Crosses",
            "Within",
            "Contains",
            "Overlaps",
        ]
    ),
    *(
        f"eh{name}"
        for name in ["Equals", "Disjoint", "Meet", "Overlap", "Covers", "CoveredBy", "Inside", "Contains"]
    ),
    *(f"rcc8{name}" for name in ["eq", "dc", "ec", "po", "tppi", "tpp", "ntpp", "ntppi"]),
)
_GEOMETRIES = (
    *("area", "asGeoJSON", "centroid", "convexHull", "coordinateDimension", "difference", "dimension"),
    *("distance", "envelope", "getSRID", "intersection", "isEmpty", "isSimple", "length", "perimeter"),
    *("relate", "spatialDimension", "symDifference", "union", *_RELATIONS),
)
_CASTS = ("date", "dayTimeDuration", "duration", "gDay", "gMonth", "gMonthDay", "gYear", "gYearMonth", "time")

#: Functions that the engine has beyond those of SPARQL: GeoSPARQL, and casts to more datatypes of XML Schema.
EXTENSION_FUNCTIONS = (
    *(_GEOF + name for name in _GEOMETRIES),
    *(PREFIXES["xsd"] + name for name in (*_CASTS, "yearMonthDuration")),
)

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
    for language in ("SPARQL11Query", "SPARQL12Query"):
        yield Triple(SERVICE, _sd("supportedLanguage"), _sd(language))
    for function in EXTENSION_FUNCTIONS:
        yield Triple(SERVICE, _sd("extensionFunction"), NamedNode(function))
        yield Triple(NamedNode(function), _TYPE, _sd("Function"))
    yield Triple(SERVICE, _sd("feature"), _sd("UnionDefaultGraph"))
    for results in RESULT_FORMATS.values():
        yield Triple(SERVICE, _sd("resultFormat"), format_iri(results))
    for graph in GRAPH_FORMATS.values():
        yield Triple(SERVICE, _sd("resultFormat"), format_iri(graph))
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
