"""The catalogue of the datasets for data portals: DCAT 3, with what DCAT-AP 3.0.0 demands and recommends.

Names, publishers and dates are those of the datasets' own headers; keywords, places and years are found in
their statements; files are the dumps. The recommended type of an agent is left out: no source states it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad, Triple

from gcm.describe import Coverage, Graph, choose_text, coverage_of, statistics_of
from gcm.describe.terms import DESIGNATION_NOTE, LICENCE_IRI, PREFERRED_LABEL, SOURCE
from gcm.describe.terms import TITLE as TITLED
from gcm.query import OpenVersion
from gcm.vocab import BASE, DATASET, ONTOLOGY, PREFIXES, SHAPES, TERM
from gcm.web.authorities import PROTOCOL, PUBLIC, THEME_LIST, THEMES, describe_authorities, language_iri
from gcm.web.dcat_files import describe_files
from gcm.web.metadata import CATALOGUE, ENDPOINT, SUMMARY, TITLE, WHOLE, said, term

_PUBLISHER = term("dcterms:publisher")
_ISSUED = term("dcterms:issued")
_CONTACT = NamedNode(f"{BASE}data#contact")

#: The two graphs that have no header in the form of a dataset.
_OWN_TITLES = {ONTOLOGY: "Ontology of the GCM knowledge graph", SHAPES: "Shapes of the GCM knowledge graph"}


def describe_catalogue(version: OpenVersion, known: Graph) -> Iterator[Triple]:
    """State what the catalogue lists: the graph as a whole, each dataset, their files, the endpoint."""
    publisher = _main_publisher(known)
    for publishing in (publisher, *_publishers(known)):
        if publishing is not None:
            yield from _agent(known, publishing)
    yield from describe_authorities()
    yield from _catalogue(version, known, publisher)
    yield from _service(publisher)
    yield from _whole(version, known, publisher)
    for dataset in dict.fromkeys(graph.iri for graph in version.graphs):
        yield from said(CATALOGUE, ("dcat:dataset", dataset))
        yield from said(WHOLE, ("dcterms:hasPart", dataset))
        yield from _dataset(known, dataset, publisher)
    yield from describe_files(version)


def describe_headers(known: Graph) -> Iterator[Quad]:
    """Repeat what each dataset says of itself; its source is a document, which in DCAT-AP a source is not."""
    for dataset in known.datasets:
        for quad in known.about(dataset):
            predicate = term("prov:wasDerivedFrom") if quad.predicate == SOURCE else quad.predicate
            yield Quad(quad.subject, predicate, quad.object, quad.graph_name)


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


def _catalogue(version: OpenVersion, known: Graph, publisher: NamedNode | None) -> Iterator[Triple]:
    yield from said(
        CATALOGUE,
        ("a", term("dcat:Catalog")),
        ("dcterms:title", TITLE),
        ("dcterms:description", SUMMARY),
        ("dcterms:license", LICENCE_IRI),
        ("dcterms:modified", Literal(version.built, datatype=_xsd("dateTime"))),
        ("dcat:themeTaxonomy", THEME_LIST),
        ("foaf:homepage", NamedNode(BASE)),
        ("dcat:service", ENDPOINT),
        ("dcat:dataset", WHOLE),
    )
    yield from said(NamedNode(BASE), ("a", term("foaf:Document")))
    yield from _languages(CATALOGUE, ["en"])
    yield from _spatial(known, CATALOGUE, coverage_of(known)[None].places)
    issued = [value for dataset in known.datasets for value in known.values(dataset, _ISSUED)]
    dates = sorted((each for each in issued if isinstance(each, Literal)), key=lambda each: each.value)
    yield from said(CATALOGUE, *(("dcterms:issued", each) for each in dates[:1]))
    if publisher is not None:
        yield from said(CATALOGUE, ("dcterms:publisher", publisher))


def _service(publisher: NamedNode | None) -> Iterator[Triple]:
    yield from said(
        ENDPOINT,
        ("a", term("dcat:DataService")),
        ("dcterms:title", Literal("SPARQL endpoint of the GCM knowledge graph", language="en")),
        ("dcterms:description", Literal("Answers queries in SPARQL over all datasets.", language="en")),
        ("dcterms:conformsTo", PROTOCOL),
        ("dcterms:license", LICENCE_IRI),
        ("dcat:endpointURL", ENDPOINT),
        ("dcat:endpointDescription", ENDPOINT),
        ("dcat:keyword", Literal("SPARQL", language="en")),
        ("dcat:servesDataset", WHOLE),
    )
    yield from _access(ENDPOINT, publisher)


def _whole(version: OpenVersion, known: Graph, publisher: NamedNode | None) -> Iterator[Triple]:
    yield from said(
        WHOLE,
        ("a", term("dcat:Dataset")),
        ("dcterms:title", TITLE),
        ("dcterms:description", SUMMARY),
        ("dcterms:identifier", Literal(WHOLE.value)),
        ("dcat:version", Literal(version.id)),
        ("dcat:landingPage", NamedNode(BASE)),
    )
    yield from _access(WHOLE, publisher)
    yield from _content(known, WHOLE, None)


def _dataset(known: Graph, dataset: NamedNode, publisher: NamedNode | None) -> Iterator[Triple]:
    """State what a header of ours leaves to be added; the header itself is in the catalogue too."""
    if dataset in _OWN_TITLES:
        yield from said(dataset, ("dcterms:title", Literal(_OWN_TITLES[dataset], language="en")))
        yield from said(dataset, ("dcterms:description", SUMMARY))
    elif not known.values(dataset, TITLED):
        yield from said(dataset, ("dcterms:title", Literal(dataset.value)))
    yield from said(
        dataset,
        ("a", term("dcat:Dataset")),
        ("dcterms:identifier", Literal(dataset.value)),
        ("dcat:landingPage", dataset),
    )
    yield from said(dataset, ("a", term("foaf:Document")))  # the address of a dataset is its page, too
    for standard in known.values(dataset, term("dcterms:conformsTo")):
        if isinstance(standard, NamedNode):
            yield from said(standard, ("a", term("dcterms:Standard")))
    yield from _access(dataset, publisher if dataset in _OWN_TITLES else None)
    yield from _content(known, dataset, dataset)


def _access(resource: NamedNode, publisher: NamedNode | None) -> Iterator[Triple]:
    """State what holds for all that is listed; the contact is the organization, at its address, no person."""
    yield from said(
        resource,
        ("dcterms:accessRights", PUBLIC),
        ("dcat:contactPoint", _CONTACT),
        *(("dcat:theme", theme) for theme in THEMES),
    )
    yield from said(
        _CONTACT,
        ("a", term("vcard:Kind")),
        ("a", term("vcard:Organization")),
        ("vcard:fn", TITLE),
        ("vcard:hasURL", NamedNode(BASE)),
    )
    if publisher is not None:
        yield from said(resource, ("dcterms:publisher", publisher))


def _content(known: Graph, dataset: NamedNode, graph: NamedNode | None) -> Iterator[Triple]:
    """State what the statements of a graph, or of all, are about."""
    numbers = statistics_of(known)[graph]
    coverage = coverage_of(known).get(graph, Coverage())
    kinds = [each.kind for each in numbers.classes if each.kind.value.startswith(TERM)]
    labels = [choose_text(known.values(kind, PREFERRED_LABEL), language="en") for kind in kinds]
    words = dict.fromkeys(label.text for label in labels if label) or {"migration": None}
    yield from said(dataset, *(("dcat:keyword", Literal(word, language="en")) for word in words))
    yield from _languages(dataset, numbers.languages)
    yield from _spatial(known, dataset, coverage.places)
    if coverage.years is not None:
        yield from _temporal(dataset, *coverage.years)


def _languages(resource: NamedNode, tags: Iterable[str]) -> Iterator[Triple]:
    for tag in tags:
        language = language_iri(tag)
        if language is not None:
            yield from said(resource, ("dcterms:language", language))


def _spatial(known: Graph, resource: NamedNode, places: Iterable[NamedNode]) -> Iterator[Triple]:
    for place in places:
        yield from said(resource, ("dcterms:spatial", place))
        yield from said(place, ("a", term("dcterms:Location")))
        for note in known.values(place, DESIGNATION_NOTE):
            yield Triple(place, DESIGNATION_NOTE, note)


def _temporal(dataset: NamedNode, first: str, last: str) -> Iterator[Triple]:
    stem = "graph" if dataset == WHOLE else dataset.value.removeprefix(DATASET).removeprefix(BASE)
    period = NamedNode(f"{BASE}data#years/{stem}")
    yield from said(dataset, ("dcterms:temporal", period))
    yield from said(
        period,
        ("a", term("dcterms:PeriodOfTime")),
        ("dcat:startDate", Literal(first, datatype=_xsd("gYear"))),
        ("dcat:endDate", Literal(last, datatype=_xsd("gYear"))),
    )


def _xsd(name: str) -> NamedNode:
    return NamedNode(PREFIXES["xsd"] + name)
