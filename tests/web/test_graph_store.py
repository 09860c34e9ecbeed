"""The Graph Store Protocol, reading: SPARQL 1.1 Graph Store HTTP Protocol, section by section."""

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from gcm.limits import Limits
from gcm.vocab import BASE, DATASET, ONTOLOGY, SHAPES
from gcm.web import create_app, spool
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Triple, parse

PLACES = f"{DATASET}world-places"


def at(**names: str) -> str:
    return f"/graphs?{urlencode(names)}"


def triples(body: bytes, media_type: str) -> set[Triple]:
    form = RdfFormat.from_media_type(media_type)
    assert form is not None
    return {quad.triple for quad in parse(body, form)}


def stated(client: FlaskClient, name: NamedNode | DefaultGraph) -> set[Triple]:
    """Read from the store what a graph holds."""
    with client.application.app_context():
        store = client.application.extensions["gcm"].version().store
        return {quad.triple for quad in store.quads_for_pattern(None, None, None, name)}


@pytest.mark.parametrize("name", [PLACES, ONTOLOGY.value, f"{DATASET}world-law"])
@pytest.mark.parametrize(
    "accept", ["", "text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
def test_named_graph_is_what_its_dataset_states(client: FlaskClient, name: str, accept: str) -> None:
    """Sections 4.2 and 5.2: indirect identification, in each form."""
    response = client.get(at(graph=name), headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.mimetype) == (200, accept or "text/turtle")
    assert triples(response.data, response.mimetype or "") == stated(client, NamedNode(name))


def test_default_graph_is_the_union_of_all(client: FlaskClient) -> None:
    response = client.get("/graphs?default", headers={"Accept": "application/n-triples"})
    names = {ONTOLOGY.value, SHAPES.value, *(iri.value for iri in datasets(client))}
    union = {each for name in names for each in stated(client, NamedNode(name))}
    assert triples(response.data, "application/n-triples") == stated(client, DefaultGraph()) == union
    assert len(response.data.splitlines()) == len(union)  # what several state, it holds once


def datasets(client: FlaskClient) -> set[NamedNode]:
    with client.application.app_context():
        return {graph.iri for graph in client.application.extensions["gcm"].version().graphs}


def test_graph_has_an_address_of_its_own(client: FlaskClient) -> None:
    """Section 4.1: direct identification."""
    for name in (PLACES, ONTOLOGY.value):
        direct = client.get("/" + name.removeprefix(BASE), headers={"Accept": "application/n-triples"})
        indirect = client.get(at(graph=name), headers={"Accept": "application/n-triples"})
        assert direct.data == indirect.data


def test_store_describes_itself(client: FlaskClient) -> None:
    """Section 5.2: the address of the store without a graph is that of its description."""
    response = client.get("/graphs", headers={"Accept": "application/n-triples"})
    assert response.status_code == 200
    assert b"sparql-service-description#namedGraph" in response.data


@pytest.mark.parametrize("accept", ["", "text/turtle", "application/ld+json"])
@pytest.mark.parametrize("query", ["default", f"graph={PLACES}", ""])
def test_head_is_get_without_body(client: FlaskClient, query: str, accept: str) -> None:
    """Section 5.6."""
    headers = {"Accept": accept} if accept else {}
    full, head = (
        client.get(f"/graphs?{query}", headers=headers),
        client.head(f"/graphs?{query}", headers=headers),
    )
    assert (head.status_code, head.data) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Vary", "GCM-Version"):
        assert head.headers[name] == full.headers[name]


@pytest.mark.parametrize(
    ("query", "accept", "status"),
    [
        (urlencode({"graph": f"{DATASET}none"}), "", 404),  # section 5.2
        (urlencode({"graph": "http://example.org/"}), "", 404),
        (urlencode({"graph": f"{BASE}id/place/MDA"}), "", 404),  # a thing is no graph
        ("graph=data/world-places", "", 400),  # section 4.2: absolute
        ("graph=", "", 400),
        ("graph=not+an+iri", "", 400),
        ("graph=%FF%00", "", 400),
        (f"default&graph={PLACES}", "", 400),
        ("default&default", "", 400),
        (f"graph={PLACES}&graph={PLACES}", "", 400),
        ("default", "text/csv", 406),
        ("default", "*/*;q=0", 406),
        ("default&format=csv", "", 406),
        ("default&format=nt", "text/csv", 200),  # the address wins
        ("default&format=application/json", "", 200),
    ],
)
def test_status(client: FlaskClient, query: str, accept: str, status: int) -> None:
    response = client.get(f"/graphs?{query}", headers={"Accept": accept} if accept else {})
    assert response.status_code == status
    if status >= 400:
        found = json.loads(response.data)
        assert (response.mimetype, found["status"]) == ("application/problem+json", status)
    if status == 406:
        assert found["offers"]


@pytest.mark.parametrize(
    "address", ["/graphs?default", "/graphs", f"/graphs?graph={PLACES}", "/data/world-places"]
)
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_writing_is_no_method(client: FlaskClient, method: str, address: str) -> None:
    """Section 5: what is not supported is 405, with the methods that are."""
    response = client.open(address, method=method, data=b"", content_type="text/turtle")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_graph_is_not_sent_twice(client: FlaskClient) -> None:
    first = client.get(at(graph=PLACES))
    again = client.get(at(graph=PLACES), headers={"If-None-Match": first.headers["ETag"]})
    other = client.get("/graphs?default", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, other.status_code) == (304, b"", 200)


def test_large_graph_is_sent_in_pieces(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = client.get(at(graph=PLACES)).data
    monkeypatch.setattr(spool, "SPOOLED_BYTES", 100)
    with client.get(at(graph=PLACES)) as answer:
        assert answer.is_streamed
        assert answer.data == whole


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    name=st.text(),
    more=st.sampled_from(["", "&default", "&format=ttl", "&format=x"]),
    accept=st.text('a/*;,q=0.1-"'),
)
def test_any_request_is_answered(client: FlaskClient, name: str, more: str, accept: str) -> None:
    address = "/graphs?" + urlencode({"graph": name.encode("utf-8", "surrogatepass")}) + more
    assert client.get(address, headers={"Accept": accept}).status_code in {200, 400, 404, 406}


def test_server_without_a_version_says_so(tmp_path: Path) -> None:
    client = create_app(tmp_path / "none", limits=Limits(worker_count=1)).test_client()
    assert [client.get(each).status_code for each in ("/graphs", "/graphs?default")] == [503, 503]
