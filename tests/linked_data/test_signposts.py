"""FAIR Signposting, level 2, read with a parser of Link headers: what the headers say, the link set says."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urljoin

import pytest
from gcm.vocab import BASE

pytestmark = pytest.mark.server

Ask = Callable[..., Any]  # Any: the reply of conftest.py, which test modules cannot import

HOST = "http://host.example"
FORMS = ("ttl", "nt", "nq", "jsonld", "rdf", "csv")

#: A document of each kind.
DOCUMENTS = (
    "/doc/place/ZZA", "/doc/sdg/10.c", "/doc/pledge/901", "/ontology", "/ontology/Pledge", "/shapes/Pledge",
    "/data", "/data/world-places",
)  # fmt: skip

#: Links that are not about the document but about its versions (RFC 7089).
NOT_IN_SET = {"original", "timegate", "timemap", "memento"}


class Link(NamedTuple):
    """One link with its context."""

    anchor: str
    relation: str
    target: str
    media_type: str


def parse_parameters(text: str) -> tuple[dict[str, str], str]:
    """Read `; name="value"` as often as it comes; give what is left of the text."""
    found: dict[str, str] = {}
    while match := re.match(r'\s*;\s*([a-z*]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]+))', text):
        found.setdefault(match[1], match[2] if match[2] is not None else match[3])
        text = text[match.end() :]
    return found, text


def parse_links(text: str, context: str) -> Iterator[Link]:
    """Read a Link header or a link set (RFC 8288 appendix B.2): relations and targets are resolved."""
    while match := re.match(r"[\s,]*<([^>]*)>", text):
        parameters, text = parse_parameters(text[match.end() :])
        anchor = urljoin(context, parameters.get("anchor", ""))
        for relation in parameters["rel"].split():
            yield Link(anchor, relation, urljoin(context, match[1]), parameters.get("type", ""))
    assert not text.strip(" ,\n"), f"no link: {text[:80]!r}"


def header_links(ask: Ask, path: str, **fields: str) -> set[Link]:
    reply = ask(path, Host="host.example", **fields)
    assert reply.status == 200
    return set(parse_links(reply.field("Link"), HOST + path))


def set_links(body: bytes) -> set[Link]:
    """Read RFC 9264 section 4.2."""
    return {
        Link(context["anchor"], relation, target["href"], target.get("type", ""))
        for context in json.loads(body)["linkset"]
        for relation, targets in context.items()
        if relation != "anchor"
        for target in targets
    }


def targets(links: set[Link], relation: str) -> set[tuple[str, str]]:
    return {(each.target, each.media_type) for each in links if each.relation == relation}


@pytest.mark.parametrize("path", DOCUMENTS)
def test_headers_and_link_set_say_the_same(ask: Ask, path: str) -> None:
    page = header_links(ask, path, Accept="text/html")
    said = page.union(*(header_links(ask, f"{path}.{form}") for form in FORMS))
    (address,) = {target for target, kind in targets(page, "linkset") if kind == "application/linkset+json"}
    reply = ask(address.removeprefix(HOST), Host="host.example")
    assert (reply.status, reply.field("Content-Type")) == (200, "application/linkset+json")
    assert set_links(reply.body) == {each for each in said if each.relation not in NOT_IN_SET}


@pytest.mark.parametrize("path", DOCUMENTS)
def test_both_forms_of_a_link_set_say_the_same(ask: Ask, path: str) -> None:
    """RFC 9264 sections 4.1 and 4.2, by suffix and by negotiation; a program gets JSON."""
    address = f"/linkset{path}"
    by_suffix = [ask(f"{address}.{suffix}", Host="host.example") for suffix in ("json", "txt")]
    assert by_suffix[1].field("Content-Type") == "application/linkset"
    assert set_links(by_suffix[0].body) == set(parse_links(by_suffix[1].body.decode(), HOST))
    for accept, same in (("application/linkset", 1), ("application/linkset+json", 0), ("*/*", 0)):
        assert ask(address, Host="host.example", Accept=accept).body == by_suffix[same].body
    assert ask(address, Accept="text/html").status == 406


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_landing_page_has_the_signposts(ask: Ask, path: str) -> None:
    """https://signposting.org/FAIR/ section 2.1: cite-as, type, describedby with type, license; linkset."""
    links = header_links(ask, path, Accept="text/html")
    iri = BASE + path.removeprefix("/").replace("doc/", "id/", 1)
    assert targets(links, "cite-as") == {(iri, "")}
    assert ("https://schema.org/AboutPage", "") in targets(links, "type")
    assert targets(links, "license") == {("https://creativecommons.org/licenses/by/4.0/", "")}
    assert len(targets(links, "describedby")) == len(FORMS)
    assert {kind for _, kind in targets(links, "linkset")} == {
        "application/linkset+json",
        "application/linkset",
    }
    for relation in ("describedby", "item", "linkset", "collection"):
        for target, kind in targets(links, relation):
            reply = ask(target.removeprefix(HOST))
            assert reply.status == 200
            assert kind in {"", reply.field("Content-Type").partition(";")[0]}


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("form", FORMS)
def test_a_form_leads_back_to_its_landing_page(ask: Ask, path: str, form: str) -> None:
    """https://signposting.org/FAIR/ sections 2.2 and 2.3: describes, collection; the same licence."""
    links = header_links(ask, f"{path}.{form}")
    assert (HOST + path, "text/html") in targets(links, "describes")
    is_content = path in {"/ontology", "/data/world-places"}
    assert targets(links, "collection") == ({(HOST + path, "text/html")} if is_content else set())
    assert targets(links, "license") == targets(header_links(ask, path, Accept="text/html"), "license")


def test_a_dataset_names_its_files_its_maker_and_its_catalogue(ask: Ask) -> None:
    links = header_links(ask, "/data/world-places", Accept="text/html")
    assert {target for target, _ in targets(links, "item")} == {
        f"{HOST}/data/world-places.{form}" for form in FORMS
    }
    assert targets(links, "collection") == {(f"{HOST}/data", "")}
    assert ("https://schema.org/Dataset", "") in targets(links, "type")
    (author,) = targets(links, "author")
    assert author[0].startswith(f"{BASE}id/organization/")


def test_a_thing_names_its_kind_and_the_datasets_that_speak_of_it(ask: Ask) -> None:
    links = header_links(ask, "/doc/place/ZZA", Accept="text/html")
    assert {target for target, _ in targets(links, "type")} > {"https://schema.org/AboutPage"}
    assert (f"{HOST}/data/world-places", "") in targets(links, "collection")
    assert targets(links, "author") == set()  # many sources, none of them the author of the page


def test_a_pinned_page_leads_to_a_pinned_link_set(ask: Ask) -> None:
    version = ask("/limits").field("GCM-Version")
    start = f"/version/{version}"
    links = header_links(ask, f"{start}/doc/place/ZZA", Accept="text/html")
    for target, _ in targets(links, "linkset") | targets(links, "describedby"):
        assert target.startswith(f"{HOST}{start}/")
        assert ask(target.removeprefix(HOST)).status == 200


@pytest.mark.parametrize(
    "path", ["/linkset/doc/place/NONE", "/linkset/limits", "/linkset/none", "/linkset/doc/place/ZZA.ttl",
             "/linkset/doc/place/ZZA.html.json", "/linkset/id/none"],
)  # fmt: skip
def test_what_is_no_document_has_no_link_set(ask: Ask, path: str) -> None:
    assert ask(path).status == 404
