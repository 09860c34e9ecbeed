"""Hostile data are only shown: labels that would be markup, IRIs that would run, names as header fields."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gcm.vocab import DATASET, ONTOLOGY, PREFIXES, SHAPE, TERM, THING, iri_of, path_of
from gcm.web import SECURITY_HEADERS
from pyoxigraph import Literal, NamedNode, Triple

from tests.served import served

TYPE = NamedNode(PREFIXES["rdf"] + "type")
LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")
DEFINITION = NamedNode(PREFIXES["skos"] + "definition")

#: Texts that a page might take for more than text.
TEXTS = (
    "<script>alert('text')</script>",
    "\"><img src=x onerror=alert('text')>",
    "' onmouseover='alert(1)",
    "</title></textarea></style><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "\u202e\u2066evil\u2069",
    "<!--",
    "]]>",
    "a\r\nSet-Cookie: text=1",
    "\x00\x1b[31m",
)

#: IRIs that a page might make into a link, a header, or an attribute.
IRIS = (
    "javascript:alert('iri')",
    "JaVaScRiPt:alert(1)",
    "data:text/html,alert(1)",
    "vbscript:alert(1)",
    "http://example.org/'onmouseover='alert(1)",
    "http://example.org/;rel=stylesheet,x",
    "https://example.org/\u0416\u202e",
)

#: Names of things of ours that stand in addresses, header fields and file names.
NAMES = ("evil", "a'b", "a;b,c", "a&b=c", "\u0416", "a%0D%0ASet-Cookie:x=1", "..%2f..%2fetc", "a(b)")

MakeVersion = Callable[[Path, str, Mapping[str, Sequence[Triple]]], Path]


def thing(name: str) -> NamedNode:
    return NamedNode(f"{THING}place/{name}")


def hostile_triples() -> Iterator[Triple]:
    """Say everything hostile about things, a class, a property, a shape, a dataset and the ontology."""
    kind, prop = NamedNode(TERM + "Evil"), NamedNode(TERM + "isEvil")
    shape, dataset = NamedNode(SHAPE + "Evil"), NamedNode(DATASET + "evil")
    yield Triple(kind, TYPE, NamedNode(PREFIXES["owl"] + "Class"))
    yield Triple(prop, TYPE, NamedNode(PREFIXES["owl"] + "ObjectProperty"))
    yield Triple(shape, TYPE, NamedNode(PREFIXES["sh"] + "NodeShape"))
    yield Triple(shape, NamedNode(PREFIXES["sh"] + "targetClass"), kind)
    yield Triple(dataset, TYPE, NamedNode(PREFIXES["dcat"] + "Dataset"))
    yield Triple(ONTOLOGY, TYPE, NamedNode(PREFIXES["owl"] + "Ontology"))
    things = [thing(name) for name in NAMES]
    for subject in (*things, kind, prop, shape, dataset, ONTOLOGY):
        for text in TEXTS:
            yield Triple(subject, LABEL, Literal(text, language="en"))
            yield Triple(subject, DEFINITION, Literal(text))
        for iri in IRIS:
            yield Triple(subject, NamedNode(PREFIXES["rdfs"] + "seeAlso"), NamedNode(iri))
            yield Triple(subject, NamedNode(iri), Literal(iri))
            yield Triple(subject, prop, NamedNode(iri))
    for each in things:
        yield Triple(each, TYPE, kind)
        yield Triple(each, prop, things[0])


@pytest.fixture(scope="module")
def hostile_app(tmp_path_factory: pytest.TempPathFactory, version_maker: MakeVersion) -> Iterator[Flask]:
    directory = tmp_path_factory.mktemp("hostile")
    version_maker(directory, "version-1", {"evil": [*hostile_triples()]})
    with served(directory) as app:
        yield app


@pytest.fixture
def hostile(hostile_app: Flask) -> FlaskClient:
    return hostile_app.test_client()


def document(name: str) -> str:
    return str(path_of(thing(name))).replace("/id/", "/doc/")


EVERYTHING = "SELECT * WHERE { ?s ?p ?o }"
PAGES = (
    "/",
    "/search?q=script",
    f"/search?{urlencode({'q': TEXTS[1]})}",
    "/limits",
    "/questions",
    "/ontology",
    "/ontology/Evil",
    "/ontology/isEvil",
    "/shapes",
    "/shapes/Evil",
    "/data",
    "/data/evil",
    *(document(name) for name in NAMES),
    f"/sparql?{urlencode({'query': EVERYTHING})}",
    f"/sparql?{urlencode({'query': EVERYTHING, 'default-graph-uri': IRIS[0]})}",
    f"/sparql?{urlencode({'query': 'CONSTRUCT WHERE { ?s ?p ?o }'})}",
    f"/sparql?{urlencode({'query': TEXTS[0]})}",
    f"/sparql?{urlencode({'query': TEXTS[3]})}",
    f"/doc/{quote(TEXTS[0], safe='')}",
    f"/{quote(TEXTS[1], safe='')}",
    f"/doc/place/evil?{urlencode({'in': TEXTS[1], 'lang': TEXTS[0], 'page': TEXTS[2]})}",
)


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what would run, and what would go elsewhere than people expect."""
        given = {name: value or "" for name, value in attrs}
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.faults.append(f"script {given}")
        if tag == "img" and not given.get("src", "").startswith("/"):
            self.faults.append(f"img {given}")
        if tag in {"iframe", "object", "embed", "base", "style"}:
            self.faults.append(tag)
        self.faults += [f"{tag} {name}" for name in given if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action", "formaction"):
            target = given.get(name, "/")
            if not re.match(r"https?://|mailto:|[/?#.]|[\w-]+$|$", target):
                self.faults.append(f"{tag} {name}={target}")


@pytest.mark.parametrize("path", PAGES)
def test_pages_only_show_what_data_and_addresses_hold(hostile: FlaskClient, path: str) -> None:
    response = hostile.get(path, headers={"Accept": "text/html"}, follow_redirects=True)
    assert response.status_code in {200, 400, 404}, response.text[:500]
    assert response.mimetype == "text/html"
    assert Page(response.text).faults == []
    assert "49" not in re.findall(r"7\*7|\b49\b", response.text)
    assert all(value.isascii() and value.isprintable() for value in response.headers.values())
    assert {name: response.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert "Set-Cookie" not in response.headers


def test_parser_of_this_test_finds_what_would_run() -> None:
    bad = "<script>x</script><img src=x onerror=y><a href=javascript:x>z</a><svg onload=x>"
    assert len(Page(bad).faults) == 5


def test_labels_are_shown_as_they_are(hostile: FlaskClient) -> None:
    text = hostile.get(document("evil"), headers={"Accept": "text/html"}).text
    assert "&lt;script&gt;alert(" in text
    assert "javascript:alert(&#39;iri&#39;)" in text, "as text"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", ["", ".ttl", ".nt", ".nq", ".jsonld", ".rdf", ".csv", ".html"])
def test_names_do_not_become_headers(hostile: FlaskClient, name: str, suffix: str) -> None:
    for path in (str(path_of(thing(name))), document(name) + suffix):
        response = hostile.get(path, headers={"Accept": "text/turtle"})
        assert response.status_code in {200, 303, 404}, path
        assert suffix == ".rdf" or response.status_code != 404 or path.startswith("/id/")
        for field, value in response.headers.items():
            assert value.isascii(), (path, field, value)
            assert value.isprintable(), (path, field, value)
        assert "Set-Cookie" not in response.headers
        links = response.headers.get("Link", "")
        assert "stylesheet" not in re.sub(r"<[^>]*>", "", links)


@pytest.mark.parametrize(
    "address", ["//evil.example/", "/\\evil.example", "/id//evil.example", "/doc/%5c%5cevil"]
)
def test_redirects_stay_on_this_host(hostile: FlaskClient, address: str) -> None:
    response = hostile.get(address)
    assert re.match(r"/(?![/\\])|http://localhost/|$", response.headers.get("Location", ""))


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: x=1", "<script>", "\u202e"])
def test_fields_of_a_request_do_not_come_back_as_fields(hostile: FlaskClient, value: str) -> None:
    response = hostile.get(f"/sparql?{urlencode({'query': 'ASK {}', 'format': value})}")
    assert response.status_code == 406
    assert "Set-Cookie" not in response.headers
    assert response.mimetype == "application/problem+json"


def test_names_of_this_test_are_in_the_graph() -> None:
    assert [iri_of(str(path_of(thing("evil"))))] == [thing("evil")]
