"""The endpoint: SPARQL 1.1 Protocol section 2.1 case by case, forms, validators, and the page for people."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from gcm.vocab import BASE, DATASET
from pyoxigraph import NamedNode, RdfFormat, parse
from werkzeug.test import TestResponse

from tests.served import served

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
JSON = "application/sparql-results+json"
SELECT = "SELECT ?o WHERE { <http://example.org/a> ?p ?o }"
ASK = "ASK { <http://example.org/a> ?p ?o }"
DESCRIBE = "DESCRIBE <http://example.org/a>"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
SD = "http://www.w3.org/ns/sparql-service-description#"


@pytest.fixture(scope="module")
def client(small_store: Path) -> Iterator[FlaskClient]:
    limited = served(small_store, query_seconds=0.5, wait_seconds=0.5, shown_rows=10, body_bytes=100_000)
    with limited as app, app.test_client() as client:
        yield client


def get(
    client: FlaskClient, text: str, *, at: str = "/sparql", accept: str = "", **more: str
) -> TestResponse:
    headers = {"Accept": accept} if accept else {}
    return client.get(f"{at}?{urlencode({'query': text} | more)}", headers=headers)


def values(response: TestResponse) -> list[str]:
    bindings = json.loads(response.data)["results"]["bindings"]
    return [cell["value"] for row in bindings for cell in row.values()]


def problem(response: TestResponse) -> dict[str, object]:
    assert response.mimetype == "application/problem+json"
    found: dict[str, object] = json.loads(response.data)
    assert found["status"] == response.status_code
    return found


# Section 2.1: the three ways to send a query.


def test_query_by_get(client: FlaskClient) -> None:
    response = get(client, SELECT)
    assert (response.status_code, response.mimetype, values(response)) == (200, JSON, ["twice"])


def test_query_by_form(client: FlaskClient) -> None:
    assert values(client.post("/sparql", data={"query": SELECT})) == ["twice"]


def test_query_as_body(client: FlaskClient) -> None:
    assert values(client.post("/sparql", data=SELECT, content_type=QUERY)) == ["twice"]


@pytest.mark.parametrize(("charset", "status"), [("utf-8", 200), ("UTF-16", 415), ("latin-1", 415)])
def test_query_as_body_is_utf_8(client: FlaskClient, charset: str, status: int) -> None:
    """SPARQL 1.1 Protocol section 2.1.3."""
    text = "SELECT ('é' AS ?letter) WHERE {}".encode(charset)
    response = client.post("/sparql", data=text, content_type=f"{QUERY}; charset={charset}")
    assert (response.status_code, "UTF-8" in response.text or values(response) == ["é"]) == (status, True)


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        (f"{QUERY}; charset=nonsense", b"ASK {}", 415),
        (QUERY, b"ASK { \xff }", 400),
        ("text/plain", b"ASK {}", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        (None, b"ASK {}", 415),
        (QUERY, b"", 400),
        (FORM, b"", 400),
        (FORM, b"query=", 400),
        (FORM, b"query=ASK+%7B%7D&query=ASK+%7B%7D", 400),
        (FORM, b"update=CLEAR+ALL", 403),
        ("application/sparql-update", b"CLEAR ALL", 403),
        (QUERY, b"CLEAR ALL", 403),
        (FORM, b"query=ASK+%7B%7D&using-graph-uri=http%3A%2F%2Fexample.org%2F", 403),
        (QUERY, b"ASK { # " + b"x" * 70_000, 413),  # query_bytes
        (QUERY, b"x" * 100_001, 413),  # body_bytes
        (FORM, b"query=" + b"x" * 100_001, 413),
    ],
)
def test_body_that_is_no_query(
    client: FlaskClient, content_type: str | None, body: bytes, status: int
) -> None:
    response = client.post("/sparql", data=body, content_type=content_type)
    assert response.status_code == status
    assert problem(response)["detail"]


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ("query=", 400),
        ("query=ASK+%7B%7D&query=ASK+%7B%7D", 400),
        ("update=CLEAR+ALL", 403),
        ("query=INSERT+DATA+%7B%7D", 403),
        ("query=ASK+%7B+SERVICE+%3Chttp%3A%2F%2Fexample.org%2F%3E+%7B%7D+%7D", 403),
        ("query=ASK+%7B", 400),
        ("query=%00%ff", 400),
        ("query=ASK+%7B%7D&default-graph-uri=not+an+iri", 400),
        ("query=ASK+%7B%7D&format=nonsense", 406),
        ("query=ASK+%7B%7D&format=ttl", 406),
    ],
)
def test_address_that_is_no_query(client: FlaskClient, parameters: str, status: int) -> None:
    response = client.get(f"/sparql?{parameters}")
    assert response.status_code == status
    assert problem(response)["detail"]


def test_query_in_address_and_body_is_two(client: FlaskClient) -> None:
    response = client.post(f"/sparql?{urlencode({'query': ASK})}", data=ASK, content_type=QUERY)
    assert response.status_code == 400


# Section 2.1.4: the dataset.


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        ([], "3001"),  # the merge of all: said twice, counted once
        ([("default-graph-uri", f"{DATASET}one")], "1"),
        ([("default-graph-uri", f"{DATASET}many")], "3000"),
        ([("default-graph-uri", f"{DATASET}many"), ("default-graph-uri", f"{DATASET}one")], "3001"),
        ([("default-graph-uri", f"{DATASET}none")], "0"),
        ([("named-graph-uri", f"{DATASET}one")], "0"),
    ],
)
@pytest.mark.parametrize("way", ["get", "form", "body"])
def test_dataset_of_the_request(
    client: FlaskClient, way: str, parameters: list[tuple[str, str]], count: str
) -> None:
    asked = [("query", COUNT), *parameters]
    if way == "get":
        response = client.get(f"/sparql?{urlencode(asked)}")
    elif way == "form":
        response = client.post("/sparql", data=urlencode(asked), content_type=FORM)
    else:
        response = client.post(f"/sparql?{urlencode(parameters)}", data=COUNT, content_type=QUERY)
    assert values(response) == [count]


# Section 2.1.6 and 3.2: forms of results.


@pytest.mark.parametrize(
    ("text", "accept", "media_type", "start"),
    [
        (SELECT, "", JSON, b'{"head"'),
        (SELECT, "*/*", JSON, b'{"head"'),
        (SELECT, "application/json", "application/json", b'{"head"'),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml", b"<?xml"),
        (SELECT, "text/csv", "text/csv", b"o\r\ntwice\r\n"),
        (SELECT, "text/tab-separated-values", "text/tab-separated-values", b'?o\n"twice"@en\n'),
        (ASK, "", JSON, b'{"head":{},"boolean":true}'),
        (ASK, "text/csv", "text/csv", b"true"),
        (
            ASK,
            "application/sparql-results+xml;q=0.5, text/html;q=0.1",
            "application/sparql-results+xml",
            b"<?xml",
        ),
        (DESCRIBE, "", "text/turtle", b"<http://example.org/a>"),
        (DESCRIBE, "application/n-triples", "application/n-triples", b"<http://example.org/a>"),
        (DESCRIBE, "application/rdf+xml", "application/rdf+xml", b"<?xml"),
        (DESCRIBE, "application/ld+json", "application/ld+json", b"[{"),
        ("CONSTRUCT WHERE { ?s <http://example.org/p> ?o }", "text/turtle", "text/turtle", b"<http"),
    ],
)
def test_form_by_accept(client: FlaskClient, text: str, accept: str, media_type: str, start: bytes) -> None:
    response = get(client, text, accept=accept)
    assert (response.status_code, response.mimetype) == (200, media_type)
    assert response.data.startswith(start)
    assert "Accept" in response.vary


@pytest.mark.parametrize(
    ("text", "suffix", "media_type"),
    [
        (SELECT, "json", JSON),
        (SELECT, "xml", "application/sparql-results+xml"),
        (ASK, "csv", "text/csv"),
        (SELECT, "tsv", "text/tab-separated-values"),
        (DESCRIBE, "ttl", "text/turtle"),
        (DESCRIBE, "nt", "application/n-triples"),
        (DESCRIBE, "rdf", "application/rdf+xml"),
        (DESCRIBE, "jsonld", "application/ld+json"),
        (SELECT, "html", "text/html"),
    ],
)
def test_form_by_address(client: FlaskClient, text: str, suffix: str, media_type: str) -> None:
    """The address wins over Accept, which then has no say."""
    by_suffix = get(client, text, at=f"/sparql.{suffix}", accept="text/html, image/png")
    by_parameter = get(client, text, accept="text/html, image/png", format=suffix)
    assert (by_suffix.mimetype, by_parameter.mimetype) == (media_type, media_type)
    assert "Accept" not in by_suffix.vary or suffix == "html"


@pytest.mark.parametrize(
    ("text", "at", "accept"),
    [
        (SELECT, "/sparql", "text/turtle"),
        (DESCRIBE, "/sparql", "text/csv"),
        (SELECT, "/sparql", "image/png"),
        (SELECT, "/sparql", "*/*;q=0"),
        (SELECT, "/sparql.ttl", ""),
        (DESCRIBE, "/sparql.csv", ""),
    ],
)
def test_form_not_on_offer_is_406_with_the_list(client: FlaskClient, text: str, at: str, accept: str) -> None:
    response = get(client, text, at=at, accept=accept)
    assert response.status_code == 406
    assert isinstance(problem(response)["offers"], list)


def test_unknown_suffix_is_404(client: FlaskClient) -> None:
    assert get(client, SELECT, at="/sparql.exe").status_code == 404


def test_mistake_comes_before_the_form(client: FlaskClient) -> None:
    assert get(client, "nonsense", accept="text/turtle").status_code == 400


def test_mistake_has_line_column_and_text(client: FlaskClient) -> None:
    found = problem(get(client, "SELECT * WHERE {\n  FILTR(1)\n}"))
    assert (found["line"], found["column"], found["title"]) == (2, 3, "Mistake in the Request")
    assert (found["type"], found["near"]) == (f"{BASE}problems#mistake", "FILTR(1)")
    assert "FILTR(1)" in str(found["detail"])


# Limits.


@pytest.mark.parametrize(
    ("text", "status", "limit"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", 503, "query_seconds"),
        (f"SELECT * WHERE {{ {'OPTIONAL { ?s ?p ?o }' * 31} }}", 400, "query_optionals"),
        (f"SELECT * WHERE {{ {'{' * 101}", 400, "query_nesting"),
    ],
)
def test_limit_is_named(client: FlaskClient, text: str, status: int, limit: str) -> None:
    response = get(client, text)
    assert (response.status_code, problem(response)["limit"]) == (status, limit)
    assert get(client, SELECT).status_code == 200


def test_busy_endpoint_says_when_to_come_back(client: FlaskClient) -> None:
    with client.application.app_context():
        running = (
            client.application.extensions["gcm"]
            .pool()
            .run("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }", media_type="text/csv")
        )
    response = get(client, SELECT)
    running.close()
    assert (response.status_code, problem(response)["limit"]) == (503, "wait_seconds")
    assert int(response.headers["Retry-After"]) > 0


# Validators and headers.


def test_answer_is_not_sent_twice(client: FlaskClient) -> None:
    first = get(client, SELECT)
    again = client.get(
        f"/sparql?{urlencode({'query': SELECT})}", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Accept" in again.vary


def test_validators_differ_with_query_graph_and_form(client: FlaskClient) -> None:
    tags = {
        response.headers["ETag"]
        for response in (
            get(client, SELECT),
            get(client, SELECT, accept="text/csv"),
            get(client, SELECT + " "),
            get(client, SELECT, **{"default-graph-uri": f"{DATASET}one"}),
            get(client, SELECT, **{"named-graph-uri": f"{DATASET}one"}),
        )
    }
    assert len(tags) == 5


@pytest.mark.parametrize("text", ["SELECT (NOW() AS ?time) {}", "SELECT (RAND() AS ?chance) {}"])
def test_answer_that_differs_each_time_has_no_validator(client: FlaskClient, text: str) -> None:
    response = get(client, text)
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_head_is_get_without_body(client: FlaskClient) -> None:
    address = f"/sparql?{urlencode({'query': SELECT})}"
    head, full = client.head(address), client.get(address)
    same = ("Content-Type", "ETag", "Vary", "GCM-Version", "Content-Length")
    assert head.data == b""
    assert [head.headers[name] for name in same] == [full.headers[name] for name in same]


def test_options_lets_scripts_of_others_ask(client: FlaskClient) -> None:
    response = client.options("/sparql")
    assert response.status_code == 200
    assert {"GET", "HEAD", "POST", "OPTIONS"} <= set(response.headers["Allow"].split(", "))
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


def test_other_methods_are_405(client: FlaskClient) -> None:
    response = client.delete("/sparql")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert problem(response)["title"] == "Method Not Allowed"


def test_every_answer_says_its_version(client: FlaskClient) -> None:
    assert get(client, SELECT).headers["GCM-Version"] == "version-1"


# No query: the service description.


@pytest.mark.parametrize("accept", ["", "*/*", "text/turtle", "application/rdf+xml", "application/n-triples"])
def test_endpoint_describes_itself(client: FlaskClient, accept: str) -> None:
    response = client.get("/sparql", headers={"Accept": accept} if accept else {})
    form = RdfFormat.from_media_type(response.mimetype or "")
    assert form is not None
    quads = {
        (quad.subject.value, quad.predicate.value, quad.object.value) for quad in parse(response.data, form)
    }
    endpoint = f"{BASE}sparql"
    assert (endpoint, f"{SD}endpoint", endpoint) in quads
    assert (endpoint, f"{SD}supportedLanguage", f"{SD}SPARQL11Query") in quads
    assert (endpoint, f"{SD}feature", f"{SD}UnionDefaultGraph") in quads
    named = {value for _, predicate, value in quads if predicate == f"{SD}name"}
    assert named == {NamedNode(DATASET + each).value for each in ("one", "two", "many")}


def test_description_is_not_sent_twice(client: FlaskClient) -> None:
    tag = client.get("/sparql").headers["ETag"]
    assert client.get("/sparql", headers={"If-None-Match": tag}).status_code == 304


# The page for people.

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_browser_gets_the_page(client: FlaskClient) -> None:
    response = client.get("/sparql", headers={"Accept": BROWSER})
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert b"<textarea" in response.data


def test_page_shows_the_answer_and_links_to_files(client: FlaskClient) -> None:
    page = get(client, SELECT, accept=BROWSER).text
    assert "twice" in page
    for suffix in ("json", "xml", "csv", "tsv"):
        assert f"/sparql.{suffix}?query=SELECT+%3Fo" in page


@pytest.mark.parametrize(("text", "shown"), [(ASK, "true"), (DESCRIBE, "http://example.org/p")])
def test_page_shows_every_kind_of_answer(client: FlaskClient, text: str, shown: str) -> None:
    assert shown in get(client, text, accept=BROWSER).text


def test_page_says_when_it_shows_a_part(client: FlaskClient) -> None:
    page = get(
        client, "SELECT ?o WHERE { ?s <http://example.org/number> ?o } ORDER BY ?o", accept=BROWSER
    ).text
    assert page.count("<tr>") == 11  # the head and ten rows
    assert "first 10 rows" in page


def test_page_shows_the_mistake_at_its_line(client: FlaskClient) -> None:
    response = get(client, "SELECT * WHERE {\n  FILTR(1)\n}", accept=BROWSER)
    assert response.status_code == 400
    assert "Line 2, column 3" in response.text
    assert "FILTR(1)" in response.text


@pytest.mark.parametrize(
    "text",
    [
        'SELECT ("<script>alert(1)</script>" AS ?x) WHERE {}',
        "SELECT (IRI('javascript:alert(1)') AS ?x) WHERE {}",
        "nonsense <script>alert(1)</script>",
    ],
)
def test_page_runs_nothing_of_the_query(client: FlaskClient, text: str) -> None:
    page = get(client, text, accept=BROWSER).text
    assert "<script>alert" not in page
    assert 'href="javascript:' not in page


def test_page_has_rdf_1_2_only_for_those_who_name_it(client: FlaskClient) -> None:
    text = "SELECT (TRIPLE(<http://e/s>, <http://e/p>, 1) AS ?t) {}"
    refused = get(client, text, accept="text/html")
    shown = get(client, f'VERSION "1.2" {text}', accept="text/html")
    assert (refused.status_code, shown.status_code) == (406, 200)
    assert "VERSION &#34;1.2&#34;" in refused.text
    assert "http://e/s" in shown.text


def test_page_may_be_asked_by_post(client: FlaskClient) -> None:
    response = client.post("/sparql", data={"query": SELECT}, headers={"Accept": BROWSER})
    assert (response.mimetype, "twice" in response.text) == ("text/html", True)
