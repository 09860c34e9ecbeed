"""Every address over a real socket, section by section of the standards."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.server

Ask = Callable[..., Any]  # Any: the reply of conftest.py, which test modules cannot import

TURTLE = "text/turtle"
QUERY = quote("SELECT ?s WHERE { ?s a ?c } ORDER BY ?s LIMIT 3")
LONG = "x" * 8_000


class Case(NamedTuple):
    """A request, and what the named section demands of the answer: header fields with all these members."""

    section: str
    path: str
    fields: Mapping[str, str]
    status: int
    demanded: Mapping[str, str] = {}
    method: str = "GET"


def page(**fields: str) -> Mapping[str, str]:
    return {"Accept": "text/html", **fields}


def rdf(**fields: str) -> Mapping[str, str]:
    return {"Accept": TURTLE, **fields}


CASES = (
    # things
    Case("RFC 9110 15.4.4", "/id/place/ZZA", rdf(), 303, {"Location": "/doc/place/ZZA"}),
    Case("RFC 9110 12.5.5", "/id/place/ZZA", rdf(), 303, {"Vary": "Accept, Accept-Language"}),
    Case("RFC 9110 15.4.4", "/id/place/ZZA?lang=fr", page(), 303, {"Location": "/doc/place/ZZA?lang=fr"}),
    Case("RFC 9110 15.5.5", "/id/place/NONE", page(), 404, {"Content-Type": "text/html; charset=utf-8"}),
    # negotiation
    Case("RFC 9110 12.5.1", "/doc/place/ZZA", rdf(), 200, {"Content-Type": "text/turtle; charset=utf-8"}),
    Case("RFC 9110 12.5.1", "/ontology/Pledge", {"Accept": "application/ld+json"}, 200,
         {"Content-Type": "application/ld+json"}),
    Case("RFC 9110 12.5.1", "/shapes/Pledge", {"Accept": "text/*;q=0.5, application/n-triples"}, 200,
         {"Content-Type": "application/n-triples"}),
    Case("RFC 9110 12.5.1", "/data/world-places", {"Accept": "text/html;q=0, */*"}, 200,
         {"Content-Type": "text/turtle; charset=utf-8"}),
    Case("RFC 9110 15.5.7", "/doc/place/ZZA", {"Accept": "image/png"}, 406, {"Vary": "Accept"}),
    Case("RFC 9110 12.5.5", "/doc/place/ZZA", rdf(), 200, {"Vary": "Accept, Accept-Language"}),
    Case("RFC 9110 12.5.5", "/doc/place/NONE", rdf(), 404, {"Vary": "Accept, Accept-Language"}),
    Case("RFC 9110 12.5.5", "/none", page(), 404, {"Vary": "Accept, Accept-Language"}),
    Case("RFC 9110 12.5.5", f"/sparql?query={QUERY}", {"Accept": "text/csv"}, 200, {"Vary": "Accept"}),
    Case("RFC 9110 8.7", "/doc/place/ZZA", rdf(), 200, {"Content-Location": "/doc/place/ZZA.ttl"}),
    Case("RFC 9110 8.7", "/doc/place/ZZA?page=2", page(), 200,
         {"Content-Location": "/doc/place/ZZA.html?page=2"}),
    Case("RFC 9110 8.7", "/ontology", rdf(), 200, {"Content-Location": "/ontology.ttl"}),
    Case("RFC 9110 8.7", "/sparql?query=ASK%7B%7D", {"Accept": "text/csv, */*;q=0.1"}, 200,
         {"Content-Location": "/sparql.csv?query=ASK%7B%7D"}),
    # language
    Case("RFC 9110 12.5.4", "/doc/place/ZZA", page(Accept_Language="de, fr;q=0.5"), 200,
         {"Content-Language": "fr"}),
    Case("RFC 9110 12.5.4", "/doc/place/ZZA", page(Accept_Language="ru-RU"), 200, {"Content-Language": "ru"}),
    Case("RFC 9110 8.5", "/doc/place/ZZA?lang=ru", page(Accept_Language="fr"), 200,
         {"Content-Language": "ru"}),
    Case("RFC 9110 8.5", "/doc/place/NONE", page(Accept_Language="fr"), 404, {"Content-Language": "fr"}),
    # spelling
    Case("RFC 3986 6.2.3", "/doc/place/ZZA/", rdf(), 308, {"Location": "/doc/place/ZZA"}),
    Case("RFC 3986 6.2.3", "/ontology/", rdf(), 308, {"Location": "/ontology"}),
    Case("RFC 3986 6.2.3", "/limits/", page(), 308, {"Location": "/limits"}),
    Case("RFC 3986 6.2.3", "/sparql/?query=ASK%7B%7D", {}, 308, {"Location": "/sparql?query=ASK%7B%7D"}),
    Case("RFC 3986 6.2.3", "/doc//place///ZZA", rdf(), 308, {"Location": "/doc/place/ZZA"}),
    Case("RFC 3986 6.2.3", "//doc/place/ZZA", rdf(), 308, {"Location": "/doc/place/ZZA"}),
    Case("RFC 3986 6.2.3", "//limits", page(), 308, {"Location": "/limits"}),
    Case("RFC 3986 6.2.2.1", "/doc/place/zza", rdf(), 308, {"Location": "/doc/place/ZZA"}),
    Case("RFC 3986 6.2.2.1", "/ID/Place/zzA", rdf(), 308, {"Location": "/id/place/ZZA"}),
    Case("RFC 3986 6.2.2.1", "/doc/place/zza.TTL", rdf(), 308, {"Location": "/doc/place/ZZA.ttl"}),
    Case("RFC 3986 6.2.2.1", "/ontology/pledge", rdf(), 308, {"Location": "/ontology/Pledge"}),
    Case("RFC 3986 6.2.2.1", "/LIMITS", page(), 308, {"Location": "/limits"}),
    Case("RFC 3986 6.2.2.2", "/doc/place/%5AZA", rdf(), 308, {"Location": "/doc/place/ZZA"}),
    Case("RFC 3986 6.2.2.2", "/doc/place/Z%5a%41?page=2", page(), 308, {"Location": "/doc/place/ZZA?page=2"}),
    # spelling of what is not there: no redirect
    Case("RFC 9110 15.5.5", "/doc/place/NONE/", rdf(), 404),
    Case("RFC 9110 15.5.5", "/doc//place/NONE", rdf(), 404),
    Case("RFC 9110 15.5.5", "//example.org/", page(), 404),
    Case("RFC 9110 15.5.5", "//example.org/%2f..", page(), 404),
    Case("RFC 9110 15.5.5", "/none/", page(), 404),
    Case("RFC 9110 15.5.5", "/questions/none/", page(), 404),
    Case("RFC 9110 15.5.5", "/doc/place/ZZA.exe", rdf(), 404),
    # paths that are not ASCII
    Case("RFC 3986 2.5", "/doc/place/%C3%A9", rdf(), 404),
    Case("RFC 3986 2.5", "/doc/place/%F0%9F%8C%8D", page(), 404),
    Case("RFC 3986 2.5", "/doc/place/%ff%fe", rdf(), 404),
    Case("RFC 3986 2.5", "/doc/place/%E2%80%AEZZA", page(), 404),
    # long and hostile paths
    Case("RFC 9110 15.5.15", f"/doc/place/{LONG}", rdf(), 414),
    Case("RFC 9110 15.5.15", "/doc" + "/a" * 4_000, rdf(), 414),
    Case("RFC 9110 15.5.15", "/" + "%41" * 2_700, page(), 414),
    Case("RFC 9110 17.3", "/doc/../../../etc/passwd", page(), 404),
    Case("RFC 9110 17.3", "/doc/place/../place/ZZA", rdf(), 404),
    Case("RFC 9110 17.3", "/static/..%2f__init__.py", page(), 404),
    Case("RFC 9110 17.3", "/static/%2e%2e/%2e%2e/limits.py", page(), 404),
    Case("RFC 9110 17.3", "/doc/%2e%2e/place/ZZA", rdf(), 404),
    Case("RFC 9110 17.3", "/doc/place\\ZZA", rdf(), 404),
    Case("RFC 9110 17.3", "/doc/place%5CZZA", rdf(), 404),
    Case("RFC 9110 17.3", "/..%5c..%5cetc%5cpasswd", page(), 404),
    Case("RFC 9110 17.3", "/doc/place/ZZA%00.ttl", rdf(), 404),
    Case("RFC 9110 17.3", "/%00", page(), 404),
    Case("RFC 9110 5.5", "/doc/place/ZZA%0d%0aSet-Cookie:%20a=b/", rdf(), 404),
    Case("RFC 9110 5.5", "/doc/place/ZZA/?a=%0d%0aSet-Cookie:%20a=b", rdf(), 308,
         {"Location": "/doc/place/ZZA?a=%0d%0aSet-Cookie:%20a=b"}),
    Case("RFC 9110 5.5", "/doc/place/ZZA?a=%22%3E;rel=%22x", rdf(), 200),
    Case("RFC 9110 5.5", "/doc/place/%3Cscript%3E", page(), 404),
    Case("RFC 9110 5.5", "/doc/place/%7B%7B1%2B1%7D%7D", page(), 404),
    # scripts of other origins
    Case("Fetch 3.3", "/doc/place/ZZA", rdf(Origin="https://a.example"), 200,
         {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Link, Vary"}),
    Case("Fetch 3.3", "/doc/place/NONE", rdf(Origin="https://a.example"), 404,
         {"Access-Control-Allow-Origin": "*"}),
    Case("Fetch 3.3", "/id/place/ZZA", rdf(Origin="https://a.example"), 303,
         {"Access-Control-Allow-Origin": "*"}),
)  # fmt: skip


def names(case: Case) -> str:
    return f"{case.section} {case.method} {case.path[:60]} {'; '.join(case.fields.values())}"


@pytest.mark.parametrize("case", CASES, ids=names)
def test_the_standard_is_kept(ask: Ask, case: Case) -> None:
    reply = ask(case.path, method=case.method, **case.fields)
    assert reply.status == case.status
    for name, value in case.demanded.items():
        if name in {"Location", "Content-Location", "Content-Type", "Content-Language"}:
            assert reply.field(name) == value
        else:
            assert {each.strip().lower() for each in value.split(",")} <= reply.members(name)
    assert "Set-Cookie" not in reply.headers


@pytest.mark.parametrize("case", CASES, ids=names)
def test_redirects_lead_to_what_is_there(ask: Ask, case: Case) -> None:
    """RFC 9110 section 15.4: nobody is sent to nothing, nor in a circle."""
    reply = ask(case.path, **case.fields)
    if reply.status == 308:
        assert ask(reply.field("Location"), **case.fields).status in {200, 303}


#: One address of each kind, found and not found, each with a form of its own.
ADDRESSES = (
    ("/", "text/html"), ("/limits", "text/html"), ("/questions", "text/html"), ("/search?q=z", "text/html"),
    ("/data", "text/html"), ("/ontology", "text/html"), ("/sparql", "text/html"), ("/sparql", TURTLE),
    ("/doc/place/ZZA", "text/html"), ("/doc/place/ZZA", TURTLE), ("/doc/place/ZZA.nq", "*/*"),
    ("/ontology/Pledge", "application/rdf+xml"), ("/shapes/Pledge.csv", "*/*"),
    ("/data/world-places.ttl", "*/*"),
    ("/id/place/ZZA", TURTLE), ("/id/place/NONE", TURTLE), ("/doc/place/NONE", "text/html"),
    ("/none", TURTLE),
    ("/doc/place/ZZA/", TURTLE), ("/doc/place/ZZA", "image/png"), ("/static/site.css", "*/*"),
    (f"/sparql?query={QUERY}", "text/csv"), (f"/sparql.json?query={QUERY}", "*/*"),
    ("/sparql?query=nonsense", "application/json"),
)  # fmt: skip


@pytest.mark.parametrize(("path", "accept"), ADDRESSES)
def test_head_is_get_without_the_body(ask: Ask, path: str, accept: str) -> None:
    """RFC 9110 section 9.3.2, Content-Length included (section 8.6)."""
    got, head = ask(path, Accept=accept), ask(path, method="HEAD", Accept=accept)
    assert (head.status, head.body) == (got.status, b"")
    ignored = {"date", "connection", "x-request-id"}  # of one request each
    assert [each for each in sorted(head.headers.items()) if each[0] not in ignored] == [
        each for each in sorted(got.headers.items()) if each[0] not in ignored
    ]
    assert got.status == 303 or int(got.field("Content-Length")) == len(got.body) or got.status == 308


def test_head_of_what_is_streamed_says_what_get_says(ask: Ask) -> None:
    """RFC 9110 section 9.3.2: what is only known once the body is made may be left out."""
    path = f"/sparql.csv?query={quote('SELECT * WHERE { GRAPH ?g { ?s ?p ?o } }')}"
    got, head = ask(path), ask(path, method="HEAD")
    assert got.field("Transfer-Encoding") == "chunked"
    assert (head.status, head.body) == (200, b"")
    ignored = {"date", "connection", "transfer-encoding", "x-request-id"}  # of one request each
    assert {name: value for name, value in head.headers.items() if name not in ignored} == {
        name: value for name, value in got.headers.items() if name not in ignored
    }


@pytest.mark.parametrize("path", ["/doc/place/ZZA?a=", "/questions?a=", f"/sparql?query={QUERY}%20%23"])
def test_a_long_query_is_not_repeated_in_headers(ask: Ask, path: str) -> None:
    """RFC 9110 section 5.4: a client may refuse header fields that are longer than it can bear."""
    reply = ask(path + "x" * 30_000, Accept="*/*")
    assert reply.status == 200
    assert all(len(value) < 2_000 for value in reply.headers.values())


@pytest.mark.parametrize(("path", "accept"), ADDRESSES)
def test_any_script_may_ask_first(ask: Ask, path: str, accept: str) -> None:
    """Fetch standard section 3.3: the preflight of every address succeeds; scripts then read its errors."""
    fields = {"Origin": "https://a.example", "Access_Control_Request_Method": "GET"}
    wanted = {"accept", "accept-language", "content-type", "if-none-match"}
    reply = ask(path, method="OPTIONS", Accept=accept, Access_Control_Request_Headers="accept", **fields)
    assert (reply.status, reply.body) == (200, b"")
    assert {"get", "head", "options"} <= reply.members("Allow")
    assert reply.members("Access-Control-Allow-Methods") == reply.members("Allow")
    assert wanted <= reply.members("Access-Control-Allow-Headers")
    assert reply.field("Access-Control-Allow-Origin") == "*"


#: Addresses whose answers have validators.
CACHED = tuple(
    (path, accept)
    for path, accept in ADDRESSES
    if not path.startswith(("/id/", "/none", "/static", "/sparql?query=nonsense"))
    and "NONE" not in path and path != "/doc/place/ZZA/" and accept != "image/png"
    and (path, accept) != ("/sparql", "text/html")  # the page to ask on is made each time
)  # fmt: skip


@pytest.mark.parametrize(("path", "accept"), CACHED)
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '"other" , W/{} ,"more"', "*"])
def test_what_the_client_has_is_not_sent_again(ask: Ask, path: str, accept: str, form: str) -> None:
    """RFC 9110 section 13.1.2 (weak comparison, lists, `*`), and 15.4.5: the fields that a 304 must have."""
    full = ask(path, Accept=accept)
    assert full.field("ETag").startswith('"'), "a strong validator"
    again = ask(path, Accept=accept, If_None_Match=form.format(full.field("ETag")))
    assert (again.status, again.body) == (304, b"")
    for name in ("ETag", "Vary", "Cache-Control", "Content-Location", "GCM-Version", "Link"):
        assert again.field(name) == full.field(name), name
    assert again.field("Date")


@pytest.mark.parametrize(("path", "accept"), CACHED)
def test_what_the_client_does_not_have_is_sent(ask: Ask, path: str, accept: str) -> None:
    """RFC 9110 section 13.1.2; what is not an entity tag is none."""
    for other in ('"other"', "W/other", "other", '""'):
        assert ask(path, Accept=accept, If_None_Match=other).status == 200


def test_validators_are_different_for_different_bytes(ask: Ask) -> None:
    """RFC 9110 section 8.8.3: a strong one changes with every byte."""
    forms = ("html", "ttl", "nt", "nq", "jsonld", "rdf", "csv")
    replies = [ask(f"/doc/place/{code}.{form}") for code in ("ZZA", "ZZB") for form in forms]
    replies += [ask("/doc/place/ZZA", **page(Accept_Language=language)) for language in ("en", "fr", "ru")]
    bodies = {reply.body for reply in replies}
    assert len({reply.field("ETag") for reply in replies}) >= len(bodies) == len(replies) - 1
