"""SPARQL 1.1 Protocol sections 2.1 and 2.2, row by row, asked of the application and over a real socket."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from gcm.vocab import DATASET

from tests.served import served

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
RESULTS = "application/sparql-results+json"
PROBLEM = "application/problem+json"

TWICE = "SELECT ?o WHERE { <http://example.org/a> ?p ?o }"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
NAMES = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
LETTER = "SELECT ('é' AS ?letter) WHERE {}"
TRIPLE = "SELECT (<<( <http://e/s> <http://e/p> 1 )>> AS ?t) WHERE {}"
REIFIER = "CONSTRUCT { <http://e/s> <http://e/p> 1 ~ <http://e/r> } WHERE {}"
DIRECTION = "SELECT (STRLANGDIR('a', 'ar', 'rtl') AS ?t) WHERE {}"
ONE, TWO, MANY, NONE = (f"{DATASET}{name}" for name in ("one", "two", "many", "none"))


def text(query: str, **more: str) -> str:
    return urlencode({"query": query} | more)


def graphs(query: str = "", *, default: tuple[str, ...] = (), named: tuple[str, ...] = ()) -> str:
    asked = [("query", query)] if query else []
    asked += [("default-graph-uri", iri) for iri in default]
    return urlencode(asked + [("named-graph-uri", iri) for iri in named])


@dataclass(frozen=True)
class Row:
    """A request, the section that it is about, and what must come back; `values` are those of the results."""

    section: str
    method: str
    query: str
    status: int
    values: list[str] | None = None
    content_type: str | None = None
    body: bytes = b""
    accept: str | None = None
    media_type: str | None = None
    at: str = "/sparql"


ROWS = [
    # 2.1.1 query via GET
    Row("2.1.1", "GET", text(TWICE), 200, ["twice"], media_type=RESULTS),
    Row("2.1.1", "GET", text(LETTER), 200, ["é"]),
    Row("2.1.1", "GET", "query=ASK+%7B+%23+%FF%0A%7D", 400),  # percent-encoded, but not UTF-8
    Row("2.1.1", "HEAD", text(TWICE), 200, media_type=RESULTS),
    Row("2.1.1", "HEAD", text("nonsense"), 400),
    Row("2.1.1", "HEAD", text(TWICE), 406, accept="image/png"),
    Row("2.1.1", "GET", text(TWICE, unknown="parameter"), 200, ["twice"]),
    Row("2.1.1", "GET", text(TWICE), 200, ["twice"], content_type="text/plain", body=b"no part of a GET"),
    # 2.1.2 query via POST with URL-encoded parameters
    Row("2.1.2", "POST", "", 200, ["twice"], FORM, text(TWICE).encode()),
    Row("2.1.2", "POST", "", 200, ["twice"], f"{FORM}; charset=UTF-8", text(TWICE).encode()),
    Row("2.1.2", "POST", "", 200, ["twice"], FORM.upper(), text(TWICE).encode()),
    Row("2.1.2", "POST", "", 200, ["é"], f"{FORM}; charset=latin-1", b"query=SELECT+('%E9'+AS+?l){}"),
    Row("2.1.2", "POST", "", 400, None, FORM, b"query=ASK+%7B+%23+%FF%0A%7D"),
    Row("2.1.2", "POST", "", 415, None, f"{FORM}; charset=nonsense", text(TWICE).encode()),
    Row("2.1.2", "POST", "", 400, None, FORM, b""),
    Row("2.1.2", "POST", "", 400, None, FORM, b"query="),
    Row("2.1.2", "POST", text(TWICE), 400, None, FORM, text(TWICE).encode()),  # one in each is two
    Row("2.1.2", "POST", "", 200, ["1"], FORM, graphs(COUNT, default=(ONE,)).encode()),
    Row("2.1.2", "POST", graphs(default=(ONE,)), 200, ["1"], FORM, text(COUNT).encode()),  # some in each
    Row("2.1.2", "POST", "", 415, None, None, text(TWICE).encode()),  # a form that does not say so
    Row("2.1.2", "POST", "", 308, None, FORM, text(TWICE).encode(), at="/sparql/"),  # method and body stay
    # 2.1.3 query via POST directly
    Row("2.1.3", "POST", "", 200, ["twice"], QUERY, TWICE.encode()),
    Row("2.1.3", "POST", "", 200, ["é"], QUERY, LETTER.encode()),
    Row("2.1.3", "POST", "", 200, ["é"], f'{QUERY};charset="UTF-8"', LETTER.encode()),
    Row("2.1.3", "POST", "", 200, ["twice"], f"{QUERY}; charset=us-ascii", TWICE.encode()),  # UTF-8, too
    Row("2.1.3", "POST", "", 415, None, f"{QUERY}; charset=latin-1", LETTER.encode("latin-1")),
    Row("2.1.3", "POST", "", 415, None, f'{QUERY};charset="utf-16"', b"\xff\xfeA\0S\0K\0 \0{\0}\0"),
    Row("2.1.3", "POST", "", 400, None, QUERY, LETTER.encode("latin-1")),
    Row("2.1.3", "POST", "", 415, None, f"{QUERY}; charset=nonsense", b"ASK {}"),
    Row("2.1.3", "POST", "", 415, None, f"{QUERY}; charset=hex", b"ASK {}"),  # a codec, but no charset
    Row("2.1.3", "POST", graphs(default=(ONE,)), 200, ["1"], QUERY, COUNT.encode()),
    Row("2.1.3", "POST", graphs(named=(ONE,)), 200, [ONE, "1"], QUERY, NAMES.encode()),
    Row("2.1.3", "POST", text("ASK {}"), 400, None, QUERY, b"ASK {}"),  # two queries
    Row("2.1.3", "POST", "", 400, None, QUERY, b""),
    Row("2.1.3", "POST", text(TWICE), 415),  # no body, no type
    Row("2.1.3", "POST", "", 415, None, "text/plain", b"ASK {}"),
    Row("2.1.3", "POST", "", 415, None, None, b"ASK {}"),
    Row("2.1.3", "POST", "", 415, None, "application/json", b'{"query": "ASK {}"}'),
    Row("2.1.3", "POST", "", 415, None, "multipart/form-data; boundary=x", b"--x--"),
    Row("2.1.3", "POST", "", 413, None, QUERY, b"#" * 66_000),
    # HTTP QUERY (draft-ietf-httpbis-safe-method-w-body): as a POST, and safe
    Row("QUERY", "QUERY", "", 200, ["twice"], QUERY, TWICE.encode(), media_type=RESULTS),
    Row("QUERY", "QUERY", graphs(default=(ONE,)), 200, ["1"], QUERY, COUNT.encode()),
    Row("QUERY", "QUERY", "", 200, ["twice"], FORM, text(TWICE).encode()),
    Row("QUERY", "QUERY", "", 400, None, QUERY, b""),
    Row("QUERY", "QUERY", "", 400, None, QUERY, b"nonsense"),
    Row("QUERY", "QUERY", text(TWICE), 415),  # a missing type is an error
    Row("QUERY", "QUERY", "", 415, None, "application/sql", b"SELECT 1"),
    Row("QUERY", "QUERY", "", 403, None, UPDATE, b"CLEAR ALL"),
    Row("QUERY", "QUERY", "", 406, None, QUERY, TWICE.encode(), accept="text/turtle"),
    # 2.1.4 the dataset
    Row("2.1.4", "GET", text(COUNT), 200, ["3001"]),  # ours: the merge of all
    Row("2.1.4", "GET", graphs(COUNT, default=(ONE,)), 200, ["1"]),
    Row("2.1.4", "GET", graphs(COUNT, default=(ONE, ONE)), 200, ["1"]),
    Row("2.1.4", "GET", graphs(COUNT, default=(ONE, TWO)), 200, ["1"]),  # a merge: said twice, there once
    Row("2.1.4", "GET", graphs(COUNT, default=(ONE, TWO, MANY)), 200, ["3001"]),
    Row("2.1.4", "GET", graphs(COUNT, default=(NONE,)), 200, ["0"]),  # unknown is empty, never fetched
    Row("2.1.4", "GET", graphs(COUNT, default=("http://127.0.0.1:9/",)), 200, ["0"]),
    Row("2.1.4", "GET", graphs(COUNT, default=("file:///etc/passwd", ONE)), 200, ["1"]),
    Row("2.1.4", "GET", graphs(COUNT, named=(ONE,)), 200, ["0"]),  # the default graph is empty then
    Row("2.1.4", "GET", graphs(NAMES), 200, [MANY, "3000", ONE, "1", TWO, "1"]),
    Row("2.1.4", "GET", graphs(NAMES, named=(ONE, TWO)), 200, [ONE, "1", TWO, "1"]),
    Row("2.1.4", "GET", graphs(NAMES, default=(ONE,)), 200, []),  # no named graphs then
    Row("2.1.4", "GET", graphs(NAMES, default=(ONE, TWO), named=(TWO,)), 200, [TWO, "1"]),
    Row("2.1.4", "GET", graphs(COUNT, default=(ONE, TWO), named=(MANY,)), 200, ["1"]),
    Row("2.1.4", "GET", graphs(COUNT.replace("WHERE", f"FROM <{MANY}> WHERE")), 200, ["3000"]),
    Row("2.1.4", "GET", graphs(COUNT.replace("WHERE", f"FROM <{ONE}> FROM <{TWO}> WHERE")), 200, ["1"]),
    Row("2.1.4", "GET", graphs(COUNT.replace("WHERE", f"FROM <{ONE}> FROM <{ONE}> WHERE")), 200, ["1"]),
    Row("2.1.4", "GET", graphs(COUNT.replace("WHERE", "FROM gcmd:one from gcmd:two WHERE")), 200, ["1"]),
    Row(
        "2.1.4",
        "GET",
        graphs("BASE <" + DATASET + "> " + COUNT.replace("WHERE", "FROM <one>FROM<two>")),
        200,
        ["1"],
    ),
    Row(
        "2.1.4",
        "GET",
        graphs(NAMES.replace("WHERE", f"FROM <{ONE}> FROM <{TWO}> FROM NAMED <{ONE}>")),
        200,
        [ONE, "1"],
    ),
    Row("2.1.4", "GET", graphs(COUNT.replace("WHERE", "FROMgcmd:one FROMgcmd:two WHERE")), 400),
    Row("2.1.4", "GET", graphs(COUNT, default=(ONE, MANY)), 200, ["3001"]),  # disjoint: not copied
    Row("2.1.4", "GET", graphs(COUNT.replace("WHERE", f"FROM <{ONE}>"), default=(MANY,)), 200, ["3000"]),
    Row("2.1.4", "GET", graphs(COUNT.replace("WHERE", f"FROM <{ONE}>"), named=(MANY,)), 200, ["0"]),
    Row("2.1.4", "GET", graphs(NAMES.replace("WHERE", f"FROM NAMED <{ONE}>"), named=(TWO,)), 200, [TWO, "1"]),
    Row("2.1.4", "GET", graphs(COUNT, default=("not an iri",)), 400),
    Row("2.1.4", "GET", graphs(COUNT, default=("relative", ONE)), 400),
    Row("2.1.4", "GET", graphs(COUNT, named=("",)), 400),
    # 2.1.5 accepted forms, and 2.1.6 the right type with a success
    Row("2.1.5", "GET", text(TWICE), 200, None, accept="text/csv", media_type="text/csv"),
    Row("2.1.5", "GET", text(TWICE), 406, accept="text/turtle"),
    Row("2.1.5", "GET", text("DESCRIBE <http://example.org/a>"), 406, accept="text/csv"),
    Row("2.1.5", "GET", text(TWICE), 406, accept="*/*;q=0"),
    Row("2.1.6", "GET", text("ASK {}"), 200, media_type=RESULTS),
    Row("2.1.6", "GET", text("DESCRIBE <http://example.org/a>"), 200, media_type="text/turtle"),
    Row("2.1.6", "GET", "", 200, media_type="text/turtle"),  # no query: the service description
    # 2.1.7 failures
    Row("2.1.7", "GET", "query=", 400),
    Row("2.1.7", "GET", "query=ASK+%7B%7D&query=ASK+%7B%7D", 400),
    Row("2.1.7", "POST", "", 400, None, FORM, b"query=ASK+%7B%7D&query=ASK+%7B%7D"),
    Row("2.1.7", "GET", text("SELECT nonsense"), 400),
    Row("2.1.7", "GET", text("nonsense"), 400),
    Row("2.1.7", "DELETE", text(TWICE), 405),
    Row("2.1.7", "PUT", "", 405, None, QUERY, b"ASK {}"),
    Row("2.1.7", "GET", text("ASK {"), 400),
    Row("2.1.7", "PUT", graphs("ASK {}", default=(ONE,)), 405, None, FORM),
    # 2.2 update: refused in every disguise
    Row("2.2", "POST", "", 403, None, FORM, b"update=CLEAR+NAMED&update=CLEAR+DEFAULT"),
    Row("2.2", "POST", "", 415, None, "text/plain", b"CLEAR NAMED"),
    Row("2.2", "POST", "", 415, None, None, b"update=CLEAR+NAMED"),
    Row("2.2", "POST", f"using-graph-uri={ONE}", 403, None, UPDATE, b"INSERT {} USING <a:b> WHERE {}"),
    Row("2.2", "POST", "", 403, None, f"{UPDATE}; charset=utf-16", "CLEAR ALL".encode("utf-16")),
    Row("2.2", "POST", "", 403, None, FORM, b"update=CLEAR+XYZ"),
    Row("2.2.1", "POST", "", 403, None, FORM, b"update=CLEAR+ALL"),
    Row("2.2.1", "POST", "", 403, None, FORM, b"update=nonsense&query=ASK+%7B%7D"),
    Row("2.2.1", "POST", "update=CLEAR+ALL", 403),
    Row("2.2.1", "GET", "update=CLEAR+ALL", 403),
    Row("2.2.1", "GET", text("CLEAR ALL"), 403),
    Row("2.2.2", "POST", "", 403, None, UPDATE, b"CLEAR ALL"),
    Row("2.2.2", "POST", "", 403, None, f"{UPDATE}; charset=utf-8", b"CLEAR ALL"),
    Row("2.2.2", "POST", "", 403, None, QUERY, b"INSERT DATA {}"),
    Row(
        "2.2.2",
        "POST",
        "",
        403,
        None,
        QUERY,
        b"# SELECT\nPREFIX ask: <http://e/>\nwith ask:x DELETE {} WHERE {}",
    ),
    Row("2.2.2", "POST", "", 403, None, QUERY, b"BASE<http://e/>LOAD<http://127.0.0.1:9/>"),
    Row("2.2.2", "POST", "", 400, None, QUERY, b"ASK {} ; INSERT DATA {}"),  # no SPARQL at all
    Row("2.2.2", "POST", "", 403, None, QUERY, b"CLEAR ALL ; LOAD <http://127.0.0.1:9/>"),
    Row("2.2.2", "POST", "", 400, None, QUERY, b"INSERT DATA { ?s ?p ?o }"),  # no update either
    Row("2.2.2", "POST", "", 400, None, QUERY, b"LOAD"),
    Row("2.2.2", "GET", text("PREFIX insert: <http://e/> SELECT * { insert:data ?clear ?drop }"), 200, []),
    Row("2.2.2", "GET", text("INSERT DATA {}"), 403, accept="text/csv"),
    Row("2.2.3", "POST", f"using-graph-uri={ONE}", 403, None, QUERY, b"ASK {}"),
    Row("2.2.3", "POST", "", 403, None, FORM, f"query=ASK+%7B%7D&using-named-graph-uri={ONE}".encode()),
    # RDF 1.2 is for those who say that they can read it
    Row("RDF 1.2", "GET", text(TRIPLE), 406),
    Row("RDF 1.2", "GET", text(TRIPLE), 406, accept="*/*"),
    Row("RDF 1.2", "GET", text(TRIPLE), 406, at="/sparql.json"),
    Row("RDF 1.2", "GET", text(TRIPLE), 406, accept=f"{RESULTS};version=1.2-basic"),
    Row(
        "RDF 1.2",
        "GET",
        text(TRIPLE),
        200,
        accept=f"{RESULTS};version=1.2",
        media_type=f"{RESULTS}; version=1.2",
    ),
    Row("RDF 1.2", "GET", text(f'VERSION "1.2" {TRIPLE}'), 200, media_type=f"{RESULTS}; version=1.2"),
    Row(
        "RDF 1.2",
        "POST",
        "",
        200,
        None,
        f"{QUERY};version=1.2",
        TRIPLE.encode(),
        media_type=f"{RESULTS}; version=1.2",
    ),
    Row("RDF 1.2", "GET", text(TRIPLE.replace(" ", "")), 406),
    # SPARQL 1.2 Protocol sections 2.1 and 2.2: at most one parameter, which overrides what the query says
    Row("RDF 1.2", "GET", text(TRIPLE, version="1.2"), 200, media_type=f"{RESULTS}; version=1.2"),
    Row("RDF 1.2", "POST", "", 200, None, FORM, text(TRIPLE, version="1.2").encode()),
    Row("RDF 1.2", "GET", text(f'VERSION "1.2" {TRIPLE}', version="1.1"), 406),
    Row("RDF 1.2", "POST", "", 406, None, f"{QUERY};version=1.1", f'VERSION "1.2" {TRIPLE}'.encode()),
    Row("RDF 1.2", "GET", text("ASK {}", version="1.2") + "&version=1.2", 400),
    Row("RDF 1.2", "POST", "version=1.1", 400, None, FORM, text("ASK {}", version="1.2").encode()),
    Row("RDF 1.2", "GET", text("ASK {}", version="1.2"), 200, media_type=RESULTS),
    Row("RDF 1.2", "GET", text("SELECT (TRIPLE(<http://e/s>, <http://e/p>, 1) AS ?t) {}"), 406),
    Row("RDF 1.2", "GET", text(REIFIER), 406, accept="text/turtle"),
    Row(
        "RDF 1.2", "GET", text(REIFIER), 406, accept="application/ld+json;version=1.2"
    ),  # it has no such form
    Row(
        "RDF 1.2",
        "GET",
        text(REIFIER),
        200,
        accept="text/turtle;version=1.2",
        media_type="text/turtle; charset=utf-8; version=1.2",
    ),
    Row("RDF 1.2", "GET", text(DIRECTION), 406),
    Row("RDF 1.2", "GET", text("SELECT ('a'@ar--rtl AS ?t) {}"), 406),
    Row(
        "RDF 1.2",
        "GET",
        text(DIRECTION),
        200,
        ["a"],
        accept=f"{RESULTS};version=1.2-basic",
        media_type=f"{RESULTS}; version=1.2-basic",
    ),
    Row("RDF 1.2", "GET", text("ASK { FILTER(isTRIPLE(1)) }"), 200, media_type=RESULTS),
    Row("RDF 1.2", "GET", text("SELECT (isTRIPLE(1) AS ?t) {}"), 200, ["false"]),
    Row("RDF 1.2", "GET", text("SELECT ?triple { VALUES ?triple { 'STRLANGDIR <<( {|' } }"), 200),
    Row("RDF 1.2", "GET", text("SELECT * { ?s ?p ?o FILTER(?o < <http://e/> || 1 < 2) } LIMIT 0"), 200, []),
]

Send = Callable[[Row], tuple[int, dict[str, str], bytes]]


@pytest.fixture(scope="module")
def app(small_store: Path) -> Iterator[Flask]:
    with served(small_store) as app:
        yield app


@pytest.fixture(scope="module")
def by_client(app: Flask) -> Send:
    """Send a row to the application."""

    def send(row: Row) -> tuple[int, dict[str, str], bytes]:
        response = app.test_client().open(
            f"{row.at}?{row.query}" if row.query else row.at,
            method=row.method,
            data=row.body,
            content_type=row.content_type,
            headers={"Accept": row.accept} if row.accept else {},
        )
        return response.status_code, dict(response.headers), response.data

    return send


@pytest.fixture(scope="module")
def by_socket(real_server: Callable[[Path], int], small_store: Path) -> Send:
    """Send a row to a real server, with the bytes that HTTP has for it."""
    port = real_server(small_store)

    def send(row: Row) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        headers = {"Accept": row.accept or "", "Content-Type": row.content_type or ""}
        connection.request(
            row.method,
            f"{row.at}?{row.query}" if row.query else row.at,
            body=row.body,
            headers={name: value for name, value in headers.items() if value},
        )
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, {name.title(): value for name, value in response.getheaders()}, body

    return send


@pytest.fixture(params=["client", "socket"])
def send(request: pytest.FixtureRequest) -> Send:
    """Send a row in each of the two ways."""
    found: Send = request.getfixturevalue(f"by_{request.param}")
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.section}-{row.method}-{row.status}")
def test_protocol(send: Send, row: Row) -> None:
    status, headers, body = send(row)
    assert status == row.status, body
    if row.method == "HEAD":
        assert body == b""
    elif status >= 400:
        problem = json.loads(body)
        assert (headers["Content-Type"], problem["status"], bool(problem["detail"])) == (
            PROBLEM,
            status,
            True,
        )
    if row.values is not None:
        bindings = json.loads(body)["results"]["bindings"]
        assert [cell["value"] for binding in bindings for cell in binding.values()] == row.values
    if row.media_type and status < 400:
        assert headers["Content-Type"].removesuffix("; charset=utf-8") == row.media_type
    if status == 406 and row.method != "HEAD":
        assert json.loads(body)["offers"]
    if status == 405:
        assert set(headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST", "QUERY"}


def test_every_section_has_rows() -> None:
    sections = {row.section for row in ROWS}
    named = {f"2.1.{number}" for number in range(1, 8)} | {f"2.2.{number}" for number in range(1, 4)}
    assert named | {"2.2", "QUERY", "RDF 1.2"} == sections


@pytest.mark.parametrize("at", ["/sparql", "/sparql.csv"])
def test_options_say_what_is_read(send: Send, at: str) -> None:
    status, headers, _ = send(Row("OPTIONS", "OPTIONS", "", 200, at=at))
    assert status == 200
    assert set(headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST", "QUERY"}
    assert headers["Accept-Post"] == headers["Accept-Query"] == f"{QUERY}, {FORM}"
    assert "QUERY" in headers["Access-Control-Allow-Methods"]


def test_wrong_type_is_told_the_right_ones(send: Send) -> None:
    """RFC 9110 section 15.5.16: a 415 says what would have been read."""
    _, headers, _ = send(Row("QUERY", "QUERY", "", 415, None, "text/plain", b"ASK {}"))
    assert headers["Accept-Query"] == f"{QUERY}, {FORM}"


def test_answer_to_the_query_method_is_not_sent_twice(app: Flask) -> None:
    client = app.test_client()
    first = client.open("/sparql", method="QUERY", data=TWICE, content_type=QUERY)
    headers = {"If-None-Match": first.headers["ETag"]}
    again = client.open("/sparql", method="QUERY", data=TWICE, content_type=QUERY, headers=headers)
    other = client.open("/sparql", method="QUERY", data=COUNT, content_type=QUERY, headers=headers)
    assert (again.status_code, again.data, other.status_code) == (304, b"", 200)
    assert first.headers["ETag"] == client.get(f"/sparql?{text(TWICE)}").headers["ETag"]


@pytest.mark.parametrize("method", ["POST", "QUERY"])
@pytest.mark.parametrize(
    ("coding", "status"), [("gzip", 415), ("x", 415), ("gzip, identity", 415), ("identity", 200)]
)
def test_coded_body_is_refused_with_the_codings_that_are_read(
    app: Flask, method: str, coding: str, status: int
) -> None:
    """RFC 9110 sections 8.4, 12.5.3 and 15.5.16: what is not unpacked is not read as if it were plain."""
    answer = app.test_client().open(
        "/sparql", method=method, data=TWICE, content_type=QUERY, headers={"Content-Encoding": coding}
    )
    assert (answer.status_code, answer.headers.get("Accept-Encoding")) == (
        status,
        "identity" if status == 415 else None,
    )


def test_type_that_is_not_read_says_nothing_of_codings(app: Flask) -> None:
    """RFC 9110 section 12.5.3: otherwise the client would take the coding for the reason."""
    answer = app.test_client().post("/sparql", data="ASK {}", content_type="text/plain")
    assert (answer.status_code, answer.headers.get("Accept-Encoding")) == (415, None)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/sparql?query=", "query is empty"),
        ("/sparql?query=+%0A", "query is empty"),
        ("/sparql?query=ASK{}&query=ASK{}", "holds 2 queries"),
    ],
)
def test_number_of_queries_is_told(app: Flask, address: str, words: str) -> None:
    """SPARQL 1.1 Protocol section 2.1.7, RFC 9457 section 3.1.4: the detail helps to correct the request."""
    assert words in json.loads(app.test_client().get(address).data)["detail"]
