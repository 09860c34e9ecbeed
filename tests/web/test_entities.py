"""The addresses of things, documents, terms, shapes and datasets, over the invented world."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gcm.turtle import parse_triples
from gcm.vocab import BASE
from gcm.web import answers, spool
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from tests.served import served

ROOT = Path(__file__).parents[2]
HTML = {"Accept": "text/html"}

#: An address of each family.
ADDRESSES = (
    "/doc/place/ZZA",
    "/ontology",
    "/ontology/Pledge",
    "/shapes",
    "/shapes/Pledge",
    "/data",
    "/data/world-places",
)

#: Suffix, media type and parser of each form.
FORMS = (
    ("ttl", "text/turtle", RdfFormat.TURTLE),
    ("nt", "application/n-triples", RdfFormat.N_TRIPLES),
    ("nq", "application/n-quads", RdfFormat.N_QUADS),
    ("jsonld", "application/ld+json", RdfFormat.JSON_LD),
    ("rdf", "application/rdf+xml", RdfFormat.RDF_XML),
)


def links_of(header: str) -> dict[str, list[str]]:
    """Read a Link header: relation -> targets."""
    found: dict[str, list[str]] = {}
    for element in header.split(", "):
        target, _, parameters = element.partition(">; ")
        relation = parameters.partition('rel="')[2].partition('"')[0]
        found.setdefault(relation, []).append(target.removeprefix("<"))
    return found


def test_a_thing_sends_to_its_document(client: FlaskClient) -> None:
    answer = client.get("/id/place/ZZA", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/doc/place/ZZA")
    assert links_of(answer.headers["Link"]) == {"describedby": ["/doc/place/ZZA"]}
    assert answer.headers["Vary"] == "Accept, Accept-Language"


def test_a_thing_keeps_the_language_asked_for(client: FlaskClient) -> None:
    assert client.get("/id/place/ZZA?lang=fr").headers["Location"] == "/doc/place/ZZA?lang=fr"


@pytest.mark.parametrize(
    "path",
    [
        "/id/place/ZZZ",
        "/doc/place/ZZZ",
        "/doc/place/ZZZ.ttl",
        "/doc/place/ZZA.exe",  # no such form
        "/doc/ontology/Pledge",  # a term is its own document
        "/ontology/Nothing",
        "/shapes/Nothing",
        "/data/nothing",
        "/data.exe",
    ],
)
def test_an_unknown_iri_is_404_in_every_form(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.get_json()["status"] == 404
    page = client.get(path, headers=HTML)
    assert (page.status_code, page.mimetype) == (404, "text/html")


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize(("suffix", "media_type", "form"), FORMS)
def test_every_document_has_every_form(
    client: FlaskClient, path: str, suffix: str, media_type: str, form: RdfFormat
) -> None:
    negotiated = client.get(path, headers={"Accept": media_type})
    by_suffix = client.get(f"{path}.{suffix}", headers=HTML)  # the suffix wins
    assert (negotiated.status_code, by_suffix.status_code) == (200, 200)
    assert negotiated.mimetype == by_suffix.mimetype == media_type
    assert negotiated.data == by_suffix.data
    assert list(parse(negotiated.data, form))


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_document_is_a_page_for_people_and_a_table(client: FlaskClient, path: str) -> None:
    assert client.get(path).mimetype == "text/html"
    assert client.get(f"{path}.html", headers={"Accept": "text/turtle"}).mimetype == "text/html"
    table = client.get(f"{path}.csv")
    assert table.mimetype == "text/csv"
    assert len(table.data.splitlines()) > 1


def test_a_dataset_is_its_file(client: FlaskClient) -> None:
    path = ROOT / "tests" / "world" / "world-places.ttl"
    expected = {each.triple for each in parse_triples(path.read_bytes(), path=path)}
    found = client.get("/data/world-places.ttl").data
    assert {quad.triple for quad in parse(found, RdfFormat.TURTLE)} == expected


def test_the_list_of_datasets_names_them_all(client: FlaskClient) -> None:
    page = client.get("/data", headers=HTML).get_data(as_text=True)
    names = [path.stem for path in (ROOT / "tests" / "world").glob("*.ttl")]
    assert [name for name in names if f'href="/data/{name}"' not in page] == []


def test_an_address_with_a_dot_is_no_suffix(client: FlaskClient) -> None:
    assert client.get("/doc/sdg/10.c", headers=HTML).status_code == 200
    assert client.get("/doc/sdg/10.c.ttl").mimetype == "text/turtle"


def test_what_cannot_be_had_is_406_with_the_list(client: FlaskClient) -> None:
    answer = client.get("/doc/place/ZZA", headers={"Accept": "image/png, application/problem+json"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.get_json()["offers"]


def test_links_lead_to_the_other_forms_the_licence_and_the_thing(client: FlaskClient) -> None:
    found = links_of(client.get("/doc/place/ZZA", headers={"Accept": "text/turtle"}).headers["Link"])
    assert found == {
        "canonical": [f"{BASE}doc/place/ZZA"],
        "cite-as": [f"{BASE}id/place/ZZA"],
        "describes": [f"{BASE}id/place/ZZA", "/doc/place/ZZA"],
        "linkset": ["/linkset/doc/place/ZZA.json", "/linkset/doc/place/ZZA.txt"],
        "license": ["https://creativecommons.org/licenses/by/4.0/"],
        "alternate": [f"/doc/place/ZZA.{suffix}" for suffix in ("html", "nt", "nq", "jsonld", "rdf", "csv")],
        "original timegate": ["/doc/place/ZZA"],
        "timemap": ["/timemap/doc/place/ZZA"],
    }


def test_a_term_is_its_own_document(client: FlaskClient) -> None:
    found = links_of(client.get("/ontology/Pledge").headers["Link"])
    assert found["canonical"] == found["cite-as"] == [f"{BASE}ontology/Pledge"]
    assert "describes" not in found


def test_a_negotiated_answer_says_where_its_form_has_an_address(client: FlaskClient) -> None:
    answer = client.get("/doc/place/ZZA", headers={"Accept": "text/turtle"})
    assert answer.headers["Content-Location"] == "/doc/place/ZZA.ttl"
    assert answer.headers["Vary"] == "Accept, Accept-Language, Accept-Encoding, Accept-Datetime"
    by_suffix = client.get("/doc/place/ZZA.ttl")
    assert "Content-Location" not in by_suffix.headers
    assert by_suffix.headers["Vary"] == "Accept-Encoding, Accept-Datetime"


def test_the_language_is_asked_for_by_header_or_by_address(client: FlaskClient) -> None:
    french = client.get("/doc/place/ZZA", headers={**HTML, "Accept-Language": "fr"})
    russian = client.get("/doc/place/ZZA?lang=ru", headers={**HTML, "Accept-Language": "fr"})
    unknown = client.get("/doc/place/ZZA?lang=xx", headers=HTML)
    assert [answer.headers["Content-Language"] for answer in (french, russian, unknown)] == ["fr", "ru", "en"]
    assert '<html lang="ru">' in russian.get_data(as_text=True)
    assert 'href="/data?lang=ru"' in russian.get_data(as_text=True)  # the next page is in it too


def test_data_has_no_language(client: FlaskClient) -> None:
    answer = client.get("/doc/place/ZZA", headers={"Accept": "text/turtle", "Accept-Language": "fr"})
    assert "Content-Language" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/doc/place/ZZA", "/doc/place/ZZA.ttl", "/data/world-places.nq", "/ontology"]
)
def test_what_the_client_has_is_not_sent_again(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": f'"other", {first.headers["ETag"]}'})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers.get("Vary") == first.headers.get("Vary")
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_different_answers_have_different_validators(client: FlaskClient) -> None:
    answers = [
        client.get("/doc/place/ZZA", headers=HTML),
        client.get("/doc/place/ZZA", headers={**HTML, "Accept-Language": "fr"}),
        client.get("/doc/place/ZZA", headers={"Accept": "text/turtle"}),
        client.get("/doc/place/ZZA", headers={"Accept": "application/n-triples"}),
        client.get("/doc/place/ZZB", headers=HTML),
        client.get("/doc/place/ZZA?in=gcm:isAbout&page=2", headers=HTML),
    ]
    assert len({answer.headers["ETag"] for answer in answers}) == len(answers)
    assert not any(answer.headers["ETag"].startswith("W/") for answer in answers)


@pytest.mark.parametrize(
    "path", ["/id/place/ZZA", "/doc/place/ZZA", "/doc/place/ZZA.ttl", "/data/world-places.ttl"]
)
def test_head_has_the_headers_of_get(client: FlaskClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code
    assert head.data == b""
    assert dict(head.headers) == dict(got.headers)


@pytest.mark.parametrize(
    ("asked", "settled"),
    [
        ("/doc/place/ZZA/", "/doc/place/ZZA"),
        ("/id/place/ZZA/", "/id/place/ZZA"),
        ("/ontology/", "/ontology"),
        ("/data/world-places/?lang=fr", "/data/world-places?lang=fr"),
        ("/doc/place/%5AZA", "/doc/place/ZZA"),
        ("/doc/place%2FZZA", "/doc/place/ZZA"),
    ],
)
def test_other_ways_to_write_an_address_settle_on_one(client: FlaskClient, asked: str, settled: str) -> None:
    answer = client.get(asked, headers=HTML)
    assert (answer.status_code, answer.headers["Location"]) == (308, settled)
    assert client.get(settled, headers=HTML).status_code in (200, 303)


@pytest.fixture(scope="module")
def mixed(
    tmp_path_factory: pytest.TempPathFactory, version_maker: Callable[..., Path]
) -> Iterator[FlaskClient]:
    """Ask for things whose codes have capitals and small letters."""
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    names = ("CARIM-South", "Twin", "tWin")
    things = [Triple(NamedNode(f"{BASE}id/organization/{each}"), kind, kind) for each in names]
    directory = tmp_path_factory.mktemp("mixed")
    version_maker(directory, "version-1", {"one": things})
    with served(directory) as app:
        yield app.test_client()


@pytest.mark.parametrize(
    ("asked", "settled"),
    [
        ("/id/organization/carim-south", "/id/organization/CARIM-South"),
        ("/doc/organization/CARIM-SOUTH", "/doc/organization/CARIM-South"),
        ("/doc/organization/carim-south.TTL", "/doc/organization/CARIM-South.ttl"),
        ("/doc/organization/carim", None),
        ("/id/organization/twin", None),  # Twin or tWin: nobody knows which
    ],
)
def test_address_of_a_code_in_mixed_case_is_settled(
    mixed: FlaskClient, asked: str, settled: str | None
) -> None:
    answer = mixed.get(asked)
    assert (answer.status_code, answer.headers.get("Location")) == (308 if settled else 404, settled)


def test_an_address_that_no_iri_can_have_is_unknown(client: FlaskClient) -> None:
    assert client.get("/doc/place/Z%20A").status_code == 404
    assert client.get("/doc/place/Z%3CA").status_code == 404


def test_data_speaks_of_the_canonical_iris_on_any_host(client: FlaskClient) -> None:
    found = client.get("/doc/place/ZZA.nt", base_url="https://elsewhere.example").data
    assert f"<{BASE}id/place/ZZA>".encode() in found
    assert b"elsewhere" not in found


def test_pages_stay_on_the_host_and_below_its_mount_point(client: FlaskClient) -> None:
    page = client.get("/doc/pledge/901", headers=HTML, base_url="http://localhost/graph").get_data(
        as_text=True
    )
    assert 'href="/graph/doc/place/ZZA"' in page
    hosts = {urlsplit(part.partition('"')[0]).netloc for part in page.split('<a href="')[1:]}
    assert "w3id.org" not in hosts


def test_every_answer_says_its_version(client: FlaskClient) -> None:
    versions = {
        client.get(path).headers["GCM-Version"]
        for path in ("/", "/doc/place/ZZA", "/doc/place/ZZA.ttl", "/data")
    }
    assert len(versions) == 1


def test_a_large_dataset_is_sent_in_pieces(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = client.get("/data/world-places.nt").data
    monkeypatch.setattr(spool, "SPOOLED_BYTES", 100)
    with client.get("/data/world-places.nt") as answer:
        assert answer.is_streamed
        assert "Content-Length" not in answer.headers
        assert answer.data == whole


def test_a_page_kept_for_one_host_is_not_given_to_another(client: FlaskClient) -> None:
    for host in ("https://one.example", "https://two.example"):
        assert f"{host}/id/objective/7" in client.get("/", headers=HTML, base_url=host).get_data(as_text=True)


def test_only_so_many_small_pages_are_kept(
    world_app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "KEPT_PAGES", 2)
    monkeypatch.setattr(answers, "KEPT_BYTES", 20_000)
    sizes = [
        len(client.get(path, headers=HTML).data)
        for path in ("/limits", "/search", "/shapes/Pledge", "/ontology")
    ]
    kept = world_app.extensions["gcm.pages"]
    assert max(sizes) > 20_000
    assert len(kept) == 2
    assert all(len(body) <= 20_000 for body in list(kept.values()))
