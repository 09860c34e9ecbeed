"""SPARQL 1.1 Service Description, over a real socket: what is said, and that it is so.

Section 2 says where the description is; section 3 has a part for each term, which each row names.
"""

from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from gcm.vocab import BASE, DATASET
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SERVICE = f"{BASE}sparql"
LANGUAGES = {f"{SD}SPARQL11Query", f"{SD}SPARQL12Query"}

Get = Callable[..., tuple[int, str, bytes]]

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def get(real_server: Callable[[Path], int], small_store: Path) -> Get:
    """Ask the endpoint of a real server."""
    port = real_server(small_store)

    def ask(accept: str = "application/n-triples", **parameters: str) -> tuple[int, str, bytes]:
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        address = f"/sparql?{urlencode(parameters)}" if parameters else "/sparql"
        connection.request("GET", address, headers={"Accept": accept})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, response.getheader("Content-Type") or "", body

    return ask


@pytest.fixture(scope="module")
def described(get: Get) -> set[Triple]:
    """Read the description."""
    status, _, body = get()
    assert status == 200
    return {quad.triple for quad in parse(body, RdfFormat.N_TRIPLES)}


def values(described: set[Triple], subject: str, name: str) -> set[str]:
    found = (each for each in described if each.subject == NamedNode(subject))
    return {
        each.object.value
        for each in found
        if each.predicate.value == SD + name and isinstance(each.object, NamedNode | Literal)
    }


@pytest.mark.parametrize(
    "accept", ["*/*", "text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
def test_endpoint_without_a_query_gives_its_description(
    get: Get, described: set[Triple], accept: str
) -> None:
    """Section 2: GET at the endpoint, without a query, in the RDF form that is asked for."""
    status, content_type, body = get(accept)
    form = RdfFormat.from_media_type(content_type.partition(";")[0])
    assert form is not None
    assert (status, {quad.triple for quad in parse(body, form)}) == (200, described)
    assert Triple(NamedNode(SERVICE), TYPE, NamedNode(f"{SD}Service")) in described


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("endpoint", {SERVICE}),
        ("supportedLanguage", LANGUAGES),
        ("feature", {f"{SD}UnionDefaultGraph"}),
        (
            "resultFormat",
            {
                f"{FORMATS}{name}"
                for name in (
                    *(
                        "SPARQL_Results_JSON",
                        "SPARQL_Results_XML",
                        "SPARQL_Results_CSV",
                        "SPARQL_Results_TSV",
                    ),
                    *("Turtle", "N-Triples", "RDF_XML", "JSON-LD"),
                )
            },
        ),
        ("inputFormat", set()),  # nothing is loaded by strangers
        ("extensionAggregate", set()),
        ("languageExtension", set()),
        ("propertyFeature", set()),
    ],
)
def test_service_says_what_it_has(described: set[Triple], name: str, expected: set[str]) -> None:
    """Section 3: the properties of sd:Service."""
    assert values(described, SERVICE, name) == expected


def test_dataset_is_described_graph_by_graph(described: set[Triple]) -> None:
    """Section 3: sd:defaultDataset, sd:defaultGraph, sd:namedGraph, sd:name, sd:graph."""
    (dataset,) = values(described, SERVICE, "defaultDataset")
    assert len(values(described, dataset, "defaultGraph")) == 1
    names = {
        name for each in values(described, dataset, "namedGraph") for name in values(described, each, "name")
    }
    assert names == {f"{DATASET}{name}" for name in ("one", "two", "many")}


def test_default_graph_is_the_union(get: Get) -> None:
    """Section 3: sd:UnionDefaultGraph; what two graphs state is there once."""
    _, _, body = get("text/csv", query="SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert body.split() == [b"n", b"3001"]


def test_features_that_are_not_there_are_not_said_to_be(get: Get, described: set[Triple]) -> None:
    """Section 3: sd:DereferencesURIs, sd:BasicFederatedQuery, sd:SPARQL11Update, sd:RequiresDataset."""
    said = {each.object.value for each in described if isinstance(each.object, NamedNode)}
    missing = ("DereferencesURIs", "BasicFederatedQuery", "SPARQL11Update", "RequiresDataset", "EmptyGraphs")
    assert not said & {f"{SD}{name}" for name in missing}
    assert get("text/csv", query="ASK FROM <http://127.0.0.1:9/> { ?s ?p ?o }")[2].split() == [b"false"]
    assert get(query="ASK { SERVICE <http://127.0.0.1:9/> {} }")[0] == 403
    assert get(query="CLEAR ALL")[0] == 403
