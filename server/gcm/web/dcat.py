"""The catalogue of the datasets for data portals: DCAT 3, with what DCAT-AP 3.0 demands and recommends.

Names, publishers, sources and dates are those of the datasets' own headers; files are the dumps.
"""

from collections import Counter
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from gcm.describe import Dump, DumpFacts, Graph, choose_text, dump_facts, dumps_of, statistics_of
from gcm.describe.terms import LICENCE_IRI, PREFERRED_LABEL
from gcm.describe.terms import TITLE as TITLED
from gcm.query import OpenVersion
from gcm.vocab import BASE, ONTOLOGY, PREFIXES, SHAPES
from gcm.web.metadata import CATALOGUE, ENDPOINT, SUMMARY, TITLE, WHOLE, said, term

_EU = "http://publications.europa.eu/resource/authority/"
_IANA = "http://www.iana.org/assignments/media-types/"

#: The themes of the EU's data portal that the graph is about: population and society, international issues.
_THEMES = (NamedNode(f"{_EU}data-theme/SOCI"), NamedNode(f"{_EU}data-theme/INTR"))

#: Language tag -> its code in the EU's authority table: the languages of the United Nations, and German.
_LANGUAGES = {"ar": "ARA", "de": "DEU", "en": "ENG", "es": "SPA", "fr": "FRA", "ru": "RUS", "zh": "ZHO"}

#: Suffix of a dump -> its media type, and its code in the EU's authority table of file types.
_FORMS = {
    "ttl": ("text/turtle", "RDF_TURTLE"),
    "nq": ("application/n-quads", "RDF_N_QUADS"),
    "jsonld": ("application/ld+json", "JSON_LD"),
}

_PUBLISHER = term("dcterms:publisher")

#: The two graphs that have no header in the form of a dataset.
_OWN_TITLES = {ONTOLOGY: "Ontology of the GCM knowledge graph", SHAPES: "Shapes of the GCM knowledge graph"}


def describe_catalogue(version: OpenVersion, known: Graph) -> Iterator[Triple]:
    """State what the catalogue lists: the graph as a whole, each dataset, their files, the endpoint."""
    publisher = _main_publisher(known)
    for publishing in (publisher, *_publishers(known)):
        if publishing is not None:
            yield from _agent(known, publishing)
    yield from _catalogue(publisher)
    yield from _service()
    yield from _whole(version, publisher)
    for dataset in dict.fromkeys(graph.iri for graph in version.graphs):
        yield from said(CATALOGUE, ("dcat:dataset", dataset))
        yield from said(WHOLE, ("dcterms:hasPart", dataset))
        yield from _dataset(known, dataset, publisher)
    facts = dump_facts(version)
    for dump in dumps_of(version):
        yield from _distribution(version, dump)
        if dump.name in facts:
            yield from _measures(_distribution_iri(version, dump), facts[dump.name])


def _main_publisher(known: Graph) -> NamedNode | None:
    """Find who publishes most of the datasets, and so the catalogue."""
    counted = Counter(_publishers(known)).most_common(1)
    return counted[0][0] if counted else None


def _publishers(known: Graph) -> tuple[NamedNode, ...]:
    values = (value for dataset in known.datasets for value in known.values(dataset, _PUBLISHER))
    return tuple(value for value in values if isinstance(value, NamedNode))


def _agent(known: Graph, agent: NamedNode) -> Iterator[Triple]:
    name = choose_text(known.values(agent, PREFERRED_LABEL), language="en")
    yield from said(
        agent, ("a", term("foaf:Agent")), ("foaf:name", Literal(name.text if name else agent.value))
    )


def _catalogue(publisher: NamedNode | None) -> Iterator[Triple]:
    yield from said(
        CATALOGUE,
        ("a", term("dcat:Catalog")),
        ("dcterms:title", TITLE),
        ("dcterms:description", SUMMARY),
        ("dcterms:license", LICENCE_IRI),
        ("dcterms:language", _language("en")),
        ("dcat:themeTaxonomy", NamedNode(f"{_EU}data-theme")),
        ("foaf:homepage", NamedNode(BASE)),
        ("dcat:service", ENDPOINT),
        ("dcat:dataset", WHOLE),
    )
    if publisher is not None:
        yield from said(CATALOGUE, ("dcterms:publisher", publisher))
    yield from said(LICENCE_IRI, ("a", term("dcterms:LicenseDocument")))


def _service() -> Iterator[Triple]:
    yield from said(
        ENDPOINT,
        ("a", term("dcat:DataService")),
        ("dcterms:title", Literal("SPARQL endpoint of the GCM knowledge graph", language="en")),
        ("dcterms:conformsTo", NamedNode("https://www.w3.org/TR/sparql11-protocol/")),
        ("dcterms:license", LICENCE_IRI),
        ("dcat:endpointURL", ENDPOINT),
        ("dcat:endpointDescription", ENDPOINT),
        ("dcat:servesDataset", WHOLE),
    )


def _whole(version: OpenVersion, publisher: NamedNode | None) -> Iterator[Triple]:
    yield from said(WHOLE, ("dcterms:title", TITLE), ("dcterms:description", SUMMARY))
    yield from said(WHOLE, ("dcat:version", Literal(version.id)), ("dcat:landingPage", NamedNode(BASE)))
    yield from _access(WHOLE, publisher)


def _dataset(known: Graph, dataset: NamedNode, publisher: NamedNode | None) -> Iterator[Triple]:
    """State what a header of ours leaves to be added; the header itself is in the catalogue too."""
    if dataset in _OWN_TITLES:
        yield from said(dataset, ("dcterms:title", Literal(_OWN_TITLES[dataset], language="en")))
        yield from said(dataset, ("dcterms:description", SUMMARY))
    elif not known.values(dataset, TITLED):
        yield from said(dataset, ("dcterms:title", Literal(dataset.value)))
    yield from _access(dataset, publisher if dataset in _OWN_TITLES else None)
    yield from said(dataset, ("dcat:landingPage", dataset))
    for tag in statistics_of(known)[dataset].languages:
        if tag.partition("-")[0] in _LANGUAGES:
            yield from said(dataset, ("dcterms:language", _language(tag.partition("-")[0])))


def _access(dataset: NamedNode, publisher: NamedNode | None) -> Iterator[Triple]:
    """State what holds for every dataset; the contact is the organization, at its address, no person."""
    contact = NamedNode(f"{BASE}data#contact")
    yield from said(
        dataset,
        ("a", term("dcat:Dataset")),
        ("dcterms:accessRights", NamedNode(f"{_EU}access-right/PUBLIC")),
        ("dcterms:identifier", Literal(dataset.value)),
        ("dcat:contactPoint", contact),
        *(("dcat:theme", theme) for theme in _THEMES),
    )
    yield from said(
        contact, ("a", term("vcard:Organization")), ("vcard:fn", TITLE), ("vcard:hasURL", NamedNode(BASE))
    )
    if publisher is not None:
        yield from said(dataset, ("dcterms:publisher", publisher))


def _distribution_iri(version: OpenVersion, dump: Dump) -> NamedNode:
    return NamedNode(f"{BASE}dumps/{version.id}/{dump.name}#distribution")


def _distribution(version: OpenVersion, dump: Dump) -> Iterator[Triple]:
    node = _distribution_iri(version, dump)
    file = NamedNode(node.value.partition("#")[0])
    media_type, kind = _FORMS[dump.suffix]
    yield from said(dump.dataset or WHOLE, ("dcat:distribution", node))
    yield from said(
        node,
        ("a", term("dcat:Distribution")),
        ("dcterms:title", Literal(dump.name)),
        ("dcterms:license", LICENCE_IRI),
        ("dcterms:format", NamedNode(f"{_EU}file-type/{kind}")),
        ("dcat:mediaType", NamedNode(f"{_IANA}{media_type}")),
        ("dcat:accessURL", file),
        ("dcat:downloadURL", file),
    )
    if dump.is_compressed:
        yield from said(node, ("dcat:compressFormat", NamedNode(f"{_IANA}application/gzip")))


def _measures(distribution: NamedNode, facts: DumpFacts) -> Iterator[Triple]:
    """State length and checksum, once the file is made."""
    checksum = NamedNode(f"{distribution.value.partition('#')[0]}#checksum")
    size = Literal(str(facts.size), datatype=_xsd("nonNegativeInteger"))
    yield from said(distribution, ("dcat:byteSize", size), ("spdx:checksum", checksum))
    yield from said(
        checksum,
        ("a", term("spdx:Checksum")),
        ("spdx:algorithm", term("spdx:checksumAlgorithm_sha256")),
        ("spdx:checksumValue", Literal(facts.sha256, datatype=_xsd("hexBinary"))),
    )


def _language(tag: str) -> NamedNode:
    return NamedNode(f"{_EU}language/{_LANGUAGES[tag]}")


def _xsd(name: str) -> NamedNode:
    return NamedNode(PREFIXES["xsd"] + name)
