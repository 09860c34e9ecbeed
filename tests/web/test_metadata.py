"""What the graph says of itself to programs: service description, VoID, DCAT, sitemap."""

import gzip
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from gcm.describe import dumps, make_dumps
from gcm.vocab import BASE, DATASET, ONTOLOGY, SHAPES, THING
from gcm.web import sitemap
from gcm.web.description import EXTENSION_FUNCTIONS
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse
from pyshacl import validate
from rdflib import Graph as RdflibGraph
from rdflib import URIRef
from rdflib.namespace import DCAT, RDF

VOID = "http://rdfs.org/ns/void#"
SD = "http://www.w3.org/ns/sparql-service-description#"
WHOLE = NamedNode(f"{BASE}void#graph")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
DCAT_AP = Path(__file__).parent / "shapes" / "dcat-ap.ttl"


def read(client: FlaskClient, address: str, accept: str = "application/n-triples") -> set[Triple]:
    response = client.get(address, headers={"Accept": accept})
    assert response.status_code == 200
    form = RdfFormat.from_media_type(response.mimetype or "")
    assert form is not None
    return {quad.triple for quad in parse(response.data, form)}


def values(triples: Iterable[Triple], subject: NamedNode, name: str) -> set[str]:
    return {
        each.object.value
        for each in triples
        if each.subject == subject
        and each.predicate.value == name
        and isinstance(each.object, NamedNode | Literal)
    }


def number(triples: Iterable[Triple], subject: NamedNode, name: str) -> int:
    (found,) = values(triples, subject, VOID + name)
    return int(found)


@pytest.fixture(scope="module")
def store(world_app: object) -> Store:
    found: Store = world_app.extensions["gcm"].newest().version.store  # type: ignore[attr-defined]  # Flask
    return found


@pytest.fixture
def void(client: FlaskClient) -> set[Triple]:
    return read(client, "/.well-known/void")


# The service description.


@pytest.mark.parametrize("function", EXTENSION_FUNCTIONS)
def test_engine_has_the_functions_that_it_is_said_to_have(client: FlaskClient, function: str) -> None:
    """A function that is not there is an error (SPARQL 1.1 Service Description section 3.2.7)."""
    text = f"SELECT (COALESCE(<{function}>('POINT(0 0)'), 1) AS ?x) {{}}"
    assert client.get(f"/sparql?{urlencode({'query': text})}").status_code == 200
    missing = text.replace(function, "http://example.org/none")
    assert client.get(f"/sparql?{urlencode({'query': missing})}").status_code == 400


def test_service_names_its_languages_forms_and_graphs(client: FlaskClient, store: Store) -> None:
    found = read(client, "/sparql")
    service = NamedNode(f"{BASE}sparql")
    assert values(found, service, f"{SD}supportedLanguage") == {f"{SD}SPARQL11Query", f"{SD}SPARQL12Query"}
    assert values(found, service, f"{SD}extensionFunction") == set(EXTENSION_FUNCTIONS)
    assert values(found, service, f"{SD}feature") == {f"{SD}UnionDefaultGraph"}
    assert len(values(found, service, f"{SD}resultFormat")) == 8
    named = {each.object.value for each in found if each.predicate.value == f"{SD}name"}  # type: ignore[union-attr]
    assert named == {graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode)}


def test_version_announced_is_understood(client: FlaskClient) -> None:
    text = urlencode({"query": 'VERSION "1.2" ASK { FILTER(hasLANGDIR("a"@ar--rtl)) }'})
    assert json.loads(client.get(f"/sparql?{text}").data)["boolean"] is True


# VoID.


@pytest.mark.parametrize("address", ["/void", "/void.nt", "/void.ttl", "/void.rdf", "/void.jsonld"])
def test_every_address_and_form_says_the_same(client: FlaskClient, void: set[Triple], address: str) -> None:
    assert read(client, address) == void


def test_numbers_are_those_of_the_statements(void: set[Triple], store: Store) -> None:
    graphs: dict[NamedNode, NamedNode | DefaultGraph] = {each: each for each in datasets(store)}
    for dataset, graph in (graphs | {WHOLE: DefaultGraph()}).items():
        quads = [*store.quads_for_pattern(None, None, None, graph)]
        assert number(void, dataset, "triples") == len(quads)
        assert number(void, dataset, "distinctSubjects") == len({quad.subject for quad in quads})
        assert number(void, dataset, "distinctObjects") == len({quad.object for quad in quads})
        assert number(void, dataset, "properties") == len({quad.predicate for quad in quads})
        typed = [quad for quad in quads if quad.predicate == TYPE]
        assert number(void, dataset, "classes") == len({quad.object for quad in typed})
        assert number(void, dataset, "entities") == len({quad.subject for quad in typed if is_thing(quad)})
        assert_parts(void, dataset, quads)


def is_thing(quad: Quad) -> bool:
    return isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(THING)


def datasets(store: Store) -> list[NamedNode]:
    return [graph for graph in store.named_graphs() if isinstance(graph, NamedNode)]


def assert_parts(void: set[Triple], dataset: NamedNode, quads: list[Quad]) -> None:
    """Each class and each property makes a part, with its numbers."""
    parts = {NamedNode(each) for each in values(void, dataset, f"{VOID}propertyPartition")}
    found = {
        next(iter(values(void, each, f"{VOID}property"))): number(void, each, "triples") for each in parts
    }
    assert found == {
        name: sum(quad.predicate.value == name for quad in quads)
        for name in {q.predicate.value for q in quads}
    }
    kinds = {NamedNode(each) for each in values(void, dataset, f"{VOID}classPartition")}
    sizes = {next(iter(values(void, each, f"{VOID}class"))): number(void, each, "entities") for each in kinds}
    typed = {(quad.object, quad.subject) for quad in quads if quad.predicate == TYPE}
    assert sizes == {
        kind.value: sum(each == kind for each, _ in typed) for kind, _ in typed if isinstance(kind, NamedNode)
    }


def test_whole_has_its_parts_and_ways_in(void: set[Triple], store: Store) -> None:
    assert values(void, WHOLE, f"{VOID}subset") == {each.value for each in datasets(store)}
    assert values(void, WHOLE, f"{VOID}sparqlEndpoint") == {f"{BASE}sparql"}
    assert values(void, WHOLE, f"{VOID}uriSpace") == {BASE}
    vocabularies = values(void, WHOLE, f"{VOID}vocabulary")
    assert {
        ONTOLOGY.value,
        "http://www.w3.org/2004/02/skos/core#",
        "http://www.w3.org/ns/shacl#",
    } <= vocabularies
    assert values(void, NamedNode(f"{DATASET}world-places"), f"{VOID}vocabulary") < vocabularies


def test_dumps_of_void_are_there(client: FlaskClient, void: set[Triple]) -> None:
    addresses = {each.object.value for each in void if each.predicate.value == f"{VOID}dataDump"}  # type: ignore[union-attr]
    assert len(addresses) > 10
    for address in addresses:
        with client.head(address.replace(BASE, "/")) as head:
            assert head.status_code == 200


def test_numbers_are_counted_once(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, void: set[Triple]
) -> None:
    monkeypatch.setattr("gcm.describe.statistics.page_query", None)
    assert read(client, "/.well-known/void") == void


@pytest.mark.parametrize(
    ("address", "accept", "status"), [("/void.exe", "", 404), ("/void", "text/csv", 406)]
)
def test_no_other_form_of_void(client: FlaskClient, address: str, accept: str, status: int) -> None:
    assert client.get(address, headers={"Accept": accept} if accept else {}).status_code == status


# DCAT.


@pytest.fixture(scope="module")
def catalogue(world_app: object) -> RdflibGraph:
    client: FlaskClient = world_app.test_client()  # type: ignore[attr-defined]  # Flask
    make_dumps(world_app.extensions["gcm"].newest().version)  # type: ignore[attr-defined]  # Flask
    return RdflibGraph().parse(data=client.get("/data.nt").data, format="nt")


def test_catalogue_conforms_to_dcat_ap(catalogue: RdflibGraph) -> None:
    """DCAT-AP 3.0.0: its mandatory properties, and the ranges of those that we use beside them."""
    conforms, _, text = validate(catalogue, shacl_graph=RdflibGraph().parse(DCAT_AP), inference="none")
    assert conforms, text


@pytest.mark.parametrize("kind", [DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, DCAT.DataService])
def test_catalogue_without_its_properties_does_not_conform(catalogue: RdflibGraph, kind: URIRef) -> None:
    """The shapes are no empty promise: they see when something is missing."""
    thing = min(catalogue.subjects(RDF.type, kind), key=str)
    broken = RdflibGraph()
    for statement in catalogue:
        if statement[0] != thing or statement[1] == RDF.type:
            broken.add(statement)
    conforms, *_ = validate(broken, shacl_graph=RdflibGraph().parse(DCAT_AP), inference="none")
    assert not conforms


def test_catalogue_lists_every_dataset_and_dump(
    client: FlaskClient, catalogue: RdflibGraph, store: Store
) -> None:
    listed = {str(each) for each in catalogue.objects(URIRef(f"{BASE}data"), DCAT.dataset)}
    assert listed == {WHOLE.value, *(each.value for each in datasets(store))}
    with client.application.app_context():
        version = client.application.extensions["gcm"].version()
    names = {str(each).rpartition("/")[2] for each in catalogue.objects(None, DCAT.downloadURL)}
    assert names == {each.name for each in dumps.dumps_of(version)}


def test_files_are_as_the_catalogue_says(client: FlaskClient, catalogue: RdflibGraph) -> None:
    checksum = URIRef("http://spdx.org/rdf/terms#checksum")
    value = URIRef("http://spdx.org/rdf/terms#checksumValue")
    for distribution in catalogue.subjects(RDF.type, DCAT.Distribution):
        address = str(catalogue.value(distribution, DCAT.downloadURL)).replace(BASE, "/")
        with client.get(address) as answer:
            body = answer.data
        stated = catalogue.value(catalogue.value(distribution, checksum), value)
        assert str(catalogue.value(distribution, DCAT.byteSize)) == str(len(body))
        assert stated is not None
        assert str(stated.n3()).partition("^^")[0].strip('"').lower() == hashlib.sha256(body).hexdigest()
        is_packed = catalogue.value(distribution, DCAT.compressFormat) is not None
        assert is_packed == (body[:2] == b"\x1f\x8b")
        assert not is_packed or gzip.decompress(body)


def test_contact_is_no_person(catalogue: RdflibGraph) -> None:
    contacts = set(catalogue.objects(None, DCAT.contactPoint))
    kinds = {str(kind) for each in contacts for kind in catalogue.objects(each, RDF.type)}
    assert kinds == {f"http://www.w3.org/2006/vcard/ns#{name}" for name in ("Kind", "Organization")}


@pytest.mark.parametrize("suffix", ["ttl", "rdf", "jsonld", "nq"])
def test_catalogue_is_the_same_in_every_form(client: FlaskClient, suffix: str) -> None:
    forms = {
        "ttl": "text/turtle",
        "rdf": "application/rdf+xml",
        "jsonld": "application/ld+json",
        "nq": "application/n-quads",
    }
    assert read(client, f"/data.{suffix}", forms[suffix]) == read(client, "/data.nt")


# The sitemap.


def locations(client: FlaskClient, path: str) -> list[str]:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (200, "application/xml")
    root = ElementTree.fromstring(response.data)
    return [each.text or "" for each in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


def test_sitemap_lists_pages_of_this_host_that_are_there(client: FlaskClient, store: Store) -> None:
    parts = locations(client, "/sitemap.xml")
    assert parts == ["http://localhost/sitemap-1.xml"]
    listed = locations(client, urlsplit(parts[0]).path)
    assert len(set(listed)) == len(listed) > 300
    for address in listed:
        split = urlsplit(address)
        assert split.netloc == "localhost"
        assert client.head(split.path, headers={"Accept": "text/html"}).status_code == 200, address
    things = {
        quad.subject.value.replace(THING, "http://localhost/doc/")
        for quad in store.quads_for_pattern(None, TYPE, None, DefaultGraph())
        if is_thing(quad) and isinstance(quad.subject, NamedNode)
    }
    assert things <= set(listed)
    graphs = {each for each in datasets(store) if each not in (ONTOLOGY, SHAPES)}
    assert {each.value.replace(BASE, "http://localhost/") for each in graphs} <= set(listed)


def test_sitemap_has_parts_of_a_limited_size(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = locations(client, "/sitemap-1.xml")
    monkeypatch.setattr(sitemap, "PART_ADDRESSES", 100)
    headers = {"Host": "example.org"}  # not the answer that is kept
    root = ElementTree.fromstring(client.get("/sitemap.xml", headers=headers).data)
    paths = [urlsplit(each.text or "").path for each in root.iter() if each.tag.endswith("loc")]
    pieces = [locations(client, path) for path in paths]
    assert [len(each) for each in pieces[:-1]] == [100] * (len(pieces) - 1)
    assert [address for piece in pieces for address in piece] == whole
    assert client.get(f"/sitemap-{len(pieces) + 1}.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_sitemap_names_the_host_that_was_asked(client: FlaskClient) -> None:
    one, other = (client.get("/sitemap.xml", headers={"Host": host}) for host in ("a.example", "b.example"))
    assert b"http://a.example/sitemap-1.xml" in one.data
    assert b"http://b.example/sitemap-1.xml" in other.data
    assert one.headers["ETag"] != other.headers["ETag"]


def test_robots_are_welcome_and_shown_the_way(client: FlaskClient) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /" not in lines
    assert lines[-1] == "Sitemap: http://localhost/sitemap.xml"
