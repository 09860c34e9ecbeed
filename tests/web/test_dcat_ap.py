"""The catalogue held to DCAT-AP 3.0.0, row by row: what it demands or recommends, and of which class.

Each row names the anchor that it is about (https://semiceu.github.io/DCAT-AP/releases/3.0.0/#…).
`least` is 1 for what is mandatory, and for what is recommended where we have it for everything.
"""

from dataclasses import dataclass

import pytest
from flask import Flask
from gcm.describe import make_dumps
from gcm.layout import find_sources, graph_root
from gcm.limits import Limits
from gcm.load import build
from gcm.web import create_app
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS, XSD

SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
AP = Namespace("http://data.europa.eu/r5r/")
EU = "http://publications.europa.eu/resource/authority/"
IANA = "http://www.iana.org/assignments/media-types/"
DATES = (XSD.date, XSD.dateTime, XSD.gYear, XSD.gYearMonth)
TEXT = "text"


@dataclass(frozen=True)
class Row:
    """An anchor, a class, a property of its things, how many values, of what: a class, datatypes, or text.

    `start` is what the IRIs of a list that must be used begin with.
    """

    anchor: str
    kind: URIRef
    path: URIRef
    least: int
    most: int | None = None
    value: URIRef | tuple[URIRef, ...] | str | None = None
    start: str = ""


ROWS = [
    Row("Catalogue.title", DCAT.Catalog, DCTERMS.title, 1, value=TEXT),
    Row("Catalogue.description", DCAT.Catalog, DCTERMS.description, 1, value=TEXT),
    Row("Catalogue.publisher", DCAT.Catalog, DCTERMS.publisher, 1, 1, FOAF.Agent),
    Row("Catalogue.dataset", DCAT.Catalog, DCAT.dataset, 1, value=DCAT.Dataset),
    Row("Catalogue.service", DCAT.Catalog, DCAT.service, 1, value=DCAT.DataService),
    Row("Catalogue.homepage", DCAT.Catalog, FOAF.homepage, 1, 1, FOAF.Document),
    Row(
        "Catalogue.language",
        DCAT.Catalog,
        DCTERMS.language,
        1,
        None,
        DCTERMS.LinguisticSystem,
        f"{EU}language/",
    ),
    Row("Catalogue.licence", DCAT.Catalog, DCTERMS.license, 1, 1, DCTERMS.LicenseDocument),
    Row("Catalogue.releasedate", DCAT.Catalog, DCTERMS.issued, 1, 1, DATES),
    Row("Catalogue.modificationdate", DCAT.Catalog, DCTERMS.modified, 1, 1, DATES),
    Row("Catalogue.geographicalcoverage", DCAT.Catalog, DCTERMS.spatial, 1, value=DCTERMS.Location),
    Row("Catalogue.themes", DCAT.Catalog, DCAT.themeTaxonomy, 1, None, SKOS.ConceptScheme, f"{EU}data-theme"),
    Row("Dataset.title", DCAT.Dataset, DCTERMS.title, 1, value=TEXT),
    Row("Dataset.description", DCAT.Dataset, DCTERMS.description, 1, value=TEXT),
    Row("Dataset.contactpoint", DCAT.Dataset, DCAT.contactPoint, 1, value=VCARD.Kind),
    Row("Dataset.datasetdistribution", DCAT.Dataset, DCAT.distribution, 1, value=DCAT.Distribution),
    Row("Dataset.keyword", DCAT.Dataset, DCAT.keyword, 1, value=TEXT),
    Row("Dataset.publisher", DCAT.Dataset, DCTERMS.publisher, 1, 1, FOAF.Agent),
    Row("Dataset.theme", DCAT.Dataset, DCAT.theme, 1, None, SKOS.Concept, f"{EU}data-theme/"),
    Row("Dataset.geographicalcoverage", DCAT.Dataset, DCTERMS.spatial, 0, value=DCTERMS.Location),
    Row("Dataset.temporalcoverage", DCAT.Dataset, DCTERMS.temporal, 0, value=DCTERMS.PeriodOfTime),
    Row(
        "Dataset.accessrights",
        DCAT.Dataset,
        DCTERMS.accessRights,
        1,
        1,
        DCTERMS.RightsStatement,
        f"{EU}access-right/",
    ),
    Row("Dataset.conformsto", DCAT.Dataset, DCTERMS.conformsTo, 0, value=DCTERMS.Standard),
    Row("Dataset.identifier", DCAT.Dataset, DCTERMS.identifier, 1, value=TEXT),
    Row("Dataset.landingpage", DCAT.Dataset, DCAT.landingPage, 1, value=FOAF.Document),
    Row(
        "Dataset.language",
        DCAT.Dataset,
        DCTERMS.language,
        0,
        None,
        DCTERMS.LinguisticSystem,
        f"{EU}language/",
    ),
    Row("Dataset.modificationdate", DCAT.Dataset, DCTERMS.modified, 0, 1, DATES),
    Row("Dataset.releasedate", DCAT.Dataset, DCTERMS.issued, 0, 1, DATES),
    Row("Dataset.source", DCAT.Dataset, DCTERMS.source, 0, value=DCAT.Dataset),
    Row("Dataset.version", DCAT.Dataset, URIRef(f"{DCAT}version"), 0, 1, TEXT),
    Row("Distribution.accessURL", DCAT.Distribution, DCAT.accessURL, 1),
    Row(
        "Distribution.availability",
        DCAT.Distribution,
        AP.availability,
        1,
        1,
        SKOS.Concept,
        f"{EU}planned-availability/",
    ),
    Row("Distribution.description", DCAT.Distribution, DCTERMS.description, 1, value=TEXT),
    Row(
        "Distribution.format",
        DCAT.Distribution,
        DCTERMS.format,
        1,
        1,
        DCTERMS.MediaTypeOrExtent,
        f"{EU}file-type/",
    ),
    Row("Distribution.licence", DCAT.Distribution, DCTERMS.license, 1, 1, DCTERMS.LicenseDocument),
    Row("Distribution.bytesize", DCAT.Distribution, DCAT.byteSize, 1, 1, (XSD.nonNegativeInteger,)),
    Row("Distribution.checksum", DCAT.Distribution, SPDX.checksum, 1, 1, SPDX.Checksum),
    Row(
        "Distribution.compressionformat",
        DCAT.Distribution,
        DCAT.compressFormat,
        0,
        1,
        DCTERMS.MediaType,
        IANA,
    ),
    Row("Distribution.downloadURL", DCAT.Distribution, DCAT.downloadURL, 1),
    Row("Distribution.mediatype", DCAT.Distribution, DCAT.mediaType, 1, 1, DCTERMS.MediaType, IANA),
    Row("Distribution.title", DCAT.Distribution, DCTERMS.title, 1, value=TEXT),
    Row("DataService.endpointURL", DCAT.DataService, DCAT.endpointURL, 1),
    Row("DataService.title", DCAT.DataService, DCTERMS.title, 1, value=TEXT),
    Row("DataService.endpointdescription", DCAT.DataService, DCAT.endpointDescription, 1),
    Row("DataService.servesdataset", DCAT.DataService, DCAT.servesDataset, 1, value=DCAT.Dataset),
    Row("DataService.contactpoint", DCAT.DataService, DCAT.contactPoint, 1, value=VCARD.Kind),
    Row("DataService.description", DCAT.DataService, DCTERMS.description, 1, value=TEXT),
    Row("DataService.keyword", DCAT.DataService, DCAT.keyword, 1, value=TEXT),
    Row("DataService.publisher", DCAT.DataService, DCTERMS.publisher, 1, 1, FOAF.Agent),
    Row("DataService.theme", DCAT.DataService, DCAT.theme, 1, None, SKOS.Concept, f"{EU}data-theme/"),
    Row("DataService.licence", DCAT.DataService, DCTERMS.license, 1, 1, DCTERMS.LicenseDocument),
    Row("DataService.accessrights", DCAT.DataService, DCTERMS.accessRights, 1, 1, DCTERMS.RightsStatement),
    Row("DataService.conformsto", DCAT.DataService, DCTERMS.conformsTo, 1, value=DCTERMS.Standard),
    Row("Agent.name", FOAF.Agent, FOAF.name, 1, value=TEXT),
    Row("Category.preferredlabel", SKOS.Concept, SKOS.prefLabel, 1, value=TEXT),
    Row("CategoryScheme.title", SKOS.ConceptScheme, DCTERMS.title, 1, value=TEXT),
    Row("Checksum.algorithm", SPDX.Checksum, SPDX.algorithm, 1, 1, SPDX.ChecksumAlgorithm),
    Row("Checksum.checksumvalue", SPDX.Checksum, SPDX.checksumValue, 1, 1, (XSD.hexBinary,)),
    Row("LicenceDocument.type", DCTERMS.LicenseDocument, DCTERMS.type, 1, None, SKOS.Concept),
    Row("Periodoftime.startdate", DCTERMS.PeriodOfTime, DCAT.startDate, 1, 1, DATES),
    Row("Periodoftime.enddate", DCTERMS.PeriodOfTime, DCAT.endDate, 1, 1, DATES),
    Row("Kind.contactpage", VCARD.Kind, VCARD.hasURL, 1),
]


@pytest.fixture(scope="module")
def catalogue(world_app: Flask) -> Graph:
    """Read the catalogue of the world."""
    return read(world_app)


@pytest.fixture(scope="module")
def real_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """Read the catalogue of our data."""
    directory = tmp_path_factory.mktemp("real")
    build(find_sources(graph_root()), directory, progress=lambda _: None)
    return read(create_app(directory, limits=Limits(worker_count=1)))


def read(app: Flask) -> Graph:
    make_dumps(app.extensions["gcm"].newest().version)
    return Graph().parse(data=app.test_client().get("/data.nt").data, format="nt")


def faults(found: Graph, row: Row) -> list[str]:
    wrong = []
    for thing in found.subjects(RDF.type, row.kind):
        values = [*found.objects(thing, row.path)]
        if len(values) < row.least or (row.most is not None and len(values) > row.most):
            wrong.append(f"{thing} has {len(values)}")
        for value in values:
            if not is_in_range(found, value, row):
                wrong.append(f"{thing}: {value}")
    return wrong


def is_in_range(found: Graph, value: object, row: Row) -> bool:
    if row.value == TEXT:
        return isinstance(value, Literal) and bool(str(value).strip())
    if isinstance(row.value, tuple):
        return isinstance(value, Literal) and value.datatype in row.value
    return (
        isinstance(value, URIRef)
        and value.startswith(row.start)
        and (not isinstance(row.value, URIRef) or (value, RDF.type, row.value) in found)
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.anchor)
def test_catalogue_is_as_dcat_ap_says(catalogue: Graph, row: Row) -> None:
    assert [*catalogue.subjects(RDF.type, row.kind)]
    assert faults(catalogue, row) == []


@pytest.mark.server
def test_catalogue_of_our_data_is_as_dcat_ap_says(real_catalogue: Graph) -> None:
    assert {row.anchor: wrong for row in ROWS if (wrong := faults(real_catalogue, row))} == {}
    assert len([*real_catalogue.objects(None, DCTERMS.temporal)]) > 20
    assert len([*real_catalogue.objects(None, DCTERMS.spatial)]) > 100


@pytest.mark.parametrize("row", [row for row in ROWS if row.least], ids=lambda row: row.anchor)
def test_what_is_missing_or_wrong_is_seen(catalogue: Graph, row: Row) -> None:
    """The rows are no empty promise."""
    thing = min(catalogue.subjects(RDF.type, row.kind), key=str)
    broken = Graph() + catalogue
    broken.remove((thing, row.path, None))
    assert faults(broken, row) == [f"{thing} has 0"]
    broken.add((thing, row.path, Literal("")))
    assert faults(broken, row) == [f"{thing}: "]
