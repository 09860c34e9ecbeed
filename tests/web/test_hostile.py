"""No request is answered with an error of ours: whatever is sent, the status says who has to do something."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.wrappers import Response

from tests.served import served

pytestmark = pytest.mark.server

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"

#: The statuses that a request to the endpoint can have; 503 is a limit, named in the answer.
EXPECTED = {200, 304, 400, 403, 404, 405, 406, 412, 413, 415, 503}

WORDS = (
    *(
        [
            "SELECT",
            "ASK",
            "CONSTRUCT",
            "DESCRIBE",
            "WHERE",
            "FROM",
            "NAMED",
            "PREFIX",
            "BASE",
            "VERSION",
            "INSERT",
            "DATA",
            "LOAD",
            "SERVICE",
        ]
    ),
    *(
        [
            "SILENT",
            "GRAPH",
            "OPTIONAL",
            "UNION",
            "MINUS",
            "FILTER",
            "BIND",
            "VALUES",
            "AS",
            "DISTINCT",
            "GROUP",
            "BY",
            "HAVING",
            "ORDER",
            "LIMIT",
        ]
    ),
    *(
        [
            "OFFSET",
            "COUNT(*)",
            "SUM",
            "EXISTS",
            "NOT",
            "IN",
            "LATERAL",
            "TRIPLE",
            "STRLANGDIR",
            "UNDEF",
            "*",
            "+",
            "-",
            "/",
            "|",
            "^",
            "!",
            "=",
            "<",
            ">",
            "<<",
            ">>",
        ]
    ),
    *(
        [
            "<<(",
            ")>>",
            "{|",
            "|}",
            "~",
            "(",
            ")",
            "{",
            "}",
            "[",
            "]",
            ".",
            ";",
            ",",
            "?s",
            "?p",
            "$o",
            "_:b",
            "a",
            "true",
            "1",
            "-1",
            "1e9",
            "@en",
            "--ltr",
            "^^",
            "xsd:date",
            "gcm:",
            "#",
        ]
    ),
    *(
        [
            "gcmd:one",
            "gcmd:two",
            "<http://example.org/a>",
            "<x>",
            '"1.2"',
            "'y'",
            '"""z"""',
            "\\",
            "\x00",
            "é",
            "😀",
        ]
    ),
)
TEXTS = st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join) | st.text(max_size=100)
NAMES = st.sampled_from(
    [
        "query",
        "update",
        "default-graph-uri",
        "named-graph-uri",
        "using-graph-uri",
        "format",
        "version",
        "lang",
        "",
    ]
)
PARAMETERS = st.lists(st.tuples(NAMES, TEXTS | st.sampled_from(["csv", "html", "text/turtle"])), max_size=4)
CONTENT_TYPES = st.sampled_from(
    [
        QUERY,
        FORM,
        "application/sparql-update",
        "text/plain",
        "multipart/form-data; boundary=x",
        "",
        "/",
        ";",
        "a/b/c",
    ]
)
CHARSETS = st.sampled_from(
    ["utf-8", "latin-1", "utf-16", "utf-7", "idna", "punycode", "hex", "rot13", "\x00", '"', "", "é"]
)
HEADERS = st.sampled_from(
    [
        "Accept",
        "Accept-Language",
        "If-None-Match",
        "If-Match",
        "Range",
        "Expect",
        "Content-Encoding",
        "Origin",
        "Cookie",
    ]
)
VALUES = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\x00"), max_size=50)
PATHS = st.sampled_from(
    ["/sparql", "/sparql.csv", "/sparql.json", "/sparql.html", "/sparql.ttl", "/sparql.x"]
)
METHODS = st.sampled_from(["GET", "HEAD", "POST", "QUERY", "OPTIONS", "PUT", "TRACE", "NONSENSE"])

hostile = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=300,
)


@pytest.fixture(scope="module")
def client(small_store: Path) -> Iterator[FlaskClient]:
    with served(small_store, worker_count=2, query_seconds=0.5, shown_rows=5) as app:
        yield app.test_client()


def encode(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{name}={quote(value)}" for name, value in pairs)


def check(response: Response, *, is_head: bool = False) -> None:
    assert response.status_code in EXPECTED, response.data
    if response.mimetype == "application/problem+json" and not is_head:
        found = json.loads(response.data)
        assert found["status"] == response.status_code
        assert found["detail"]
    if response.status_code == 503:
        assert found["limit"]


@hostile
@given(path=PATHS, method=METHODS, pairs=PARAMETERS, header=HEADERS, value=VALUES)
def test_any_address(
    client: FlaskClient, path: str, method: str, pairs: list[tuple[str, str]], header: str, value: str
) -> None:
    with client.open(f"{path}?{encode(pairs)}", method=method, headers={header: value}) as response:
        check(response, is_head=method == "HEAD")


@hostile
@given(raw=st.binary(max_size=50))
def test_any_bytes_in_the_address(client: FlaskClient, raw: bytes) -> None:
    sent = {"QUERY_STRING": (b"query=" + raw).decode("latin-1")}  # as WSGI has it (PEP 3333)
    with client.get("/sparql", environ_overrides=sent) as response:
        check(response)


@hostile
@given(
    method=st.sampled_from(["POST", "QUERY"]),
    body=st.binary(max_size=200) | TEXTS.map(str.encode) | PARAMETERS.map(encode).map(str.encode),
    content_type=CONTENT_TYPES,
    charset=CHARSETS | VALUES,
    pairs=PARAMETERS,
    accept=VALUES | st.sampled_from(["text/html", "application/sparql-results+json;version=1.2", "*/*"]),
)
def test_any_body(
    client: FlaskClient,
    method: str,
    body: bytes,
    content_type: str,
    charset: str,
    pairs: list[tuple[str, str]],
    accept: str,
) -> None:
    headers = {"Content-Type": f"{content_type};charset={charset}".replace("\n", " "), "Accept": accept}
    with client.open(f"/sparql?{encode(pairs)}", method=method, data=body, headers=headers) as response:
        check(response)


@hostile
@given(
    text=st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join),
    start=st.sampled_from(["SELECT", "CONSTRUCT", "ASK"]),
)
def test_any_words_of_a_query(client: FlaskClient, start: str, text: str) -> None:
    with client.post("/sparql", data=f"{start} {text}".encode(), content_type=QUERY) as response:
        check(response)


@pytest.mark.parametrize(
    "path", ["/sparql", "/graphs", "/void", "/data", "/sitemap.xml", "/robots.txt", "/dumps/one.ttl"]
)
@hostile
@given(header=HEADERS, value=VALUES, arguments=PARAMETERS)
def test_any_header(
    client: FlaskClient, path: str, header: str, value: str, arguments: list[tuple[str, str]]
) -> None:
    with client.get(f"{path}?{encode(arguments)}", headers={header: value}) as response:
        assert response.status_code in EXPECTED | {206, 412, 416}


@pytest.mark.parametrize("accept", ["application/json", "text/plain", "text/html"])
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/sparql.json?query=SELECT+nonsense", ["nonsense", "column"]),  # the place and the text
        ("/graphs?graph=relative", ["absolute IRI"]),
        ("/sparql.json?update=x", ["updates are refused"]),
    ],
)
def test_error_says_what_and_where_in_every_form(
    client: FlaskClient, address: str, words: list[str], accept: str
) -> None:
    response = client.get(address, headers={"Accept": accept})
    assert response.status_code in {400, 403}
    assert [word for word in words if word not in response.text] == []
