"""Errors: one shape in three forms, the right status, nothing of ours let out."""

import json
import logging
from html import escape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gcm import errors
from gcm.limits import Limits
from gcm.vocab import BASE
from gcm.web import create_app
from gcm.web.errors import LIMIT_STATUS, STATUS, problem_of
from gcm.web.kinds import FAULT, KINDS, kind_of_error

RAISED: dict[str, Exception] = {}


def make_app(directory: Path) -> Flask:
    """Make the application with one address more, which raises what a test has put into RAISED."""
    app = create_app(directory, limits=Limits(worker_count=1))

    def fail() -> str:
        raise RAISED["error"]

    app.add_url_rule("/fail", view_func=fail)
    return app


@pytest.fixture(scope="module")
def client(small_store: Path) -> FlaskClient:
    return make_app(small_store).test_client()


@pytest.mark.parametrize(
    ("error", "status", "kind", "facts"),
    [
        (errors.QueryError("x", line=2, column=3), 400, "mistake", {"line": 2, "column": 3}),
        (errors.QueryError("x"), 400, "mistake", {}),
        (errors.RefusedQueryError("x"), 403, "read-only", {}),
        (errors.UnknownIriError("https://w3id.org/gcm/id/place/NIL"), 404, "unknown", {}),
        (errors.NotAcceptableError(["text/csv"]), 406, "not-acceptable", {"offers": ["text/csv"]}),
        (errors.UnsupportedBodyError("x"), 415, "body-type", {}),
        (errors.LimitError("x", limit="body_bytes"), 413, "body_bytes", {"limit": "body_bytes"}),
        (errors.LimitError("x", limit="query_bytes"), 413, "query_bytes", {"limit": "query_bytes"}),
        (errors.LimitError("x", limit="query_seconds"), 503, "query_seconds", {"limit": "query_seconds"}),
        (errors.LimitError("x", limit="worker_bytes"), 503, "worker_bytes", {"limit": "worker_bytes"}),
        (errors.LimitError("x", limit="wait_seconds"), 503, "wait_seconds", {"limit": "wait_seconds"}),
        (errors.LimitError("x", limit="query_nesting"), 400, "query_nesting", {"limit": "query_nesting"}),
        (errors.StoreError("x"), 503, "unavailable", {}),
        (errors.SourceError("x", path=Path("/secret/file.ttl")), 500, "fault", {}),
        (errors.GcmError("x"), 500, "fault", {}),
        (RuntimeError("x"), 500, "fault", {}),
    ],
)
def test_each_error_has_its_status(
    client: FlaskClient, error: Exception, status: int, kind: str, facts: dict[str, object]
) -> None:
    RAISED["error"] = error
    response = client.get("/fail")
    body = json.loads(response.data)
    known = {"type", "title", "status", "detail"}
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert (body["type"], body["status"], {name: body[name] for name in body.keys() - known}) == (
        f"{BASE}problems#{kind}",
        status,
        facts,
    )
    assert body["detail"]
    assert "Accept" in response.vary


def test_every_limit_that_ends_a_request_exists() -> None:
    assert set(LIMIT_STATUS) <= set(Limits.__dataclass_fields__) & set(KINDS)


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_type_of_a_problem_leads_to_what_explains_it(client: FlaskClient, language: str) -> None:
    """RFC 9457 section 3.1.1."""
    page = client.get("/problems", headers={"Accept": "text/html", "Accept-Language": language})
    assert (page.status_code, page.headers["Content-Language"]) == (200, language)
    for kind in KINDS.values():
        path, _, fragment = kind.iri.removeprefix(BASE).partition("#")
        assert (path, page.text.count(f'<section id="{fragment}"')) == ("problems", 1)
        assert escape(kind.titles[language]) in page.text
        assert kind.meaning
        assert kind.remedy


@pytest.mark.parametrize("suffix", ["json", "txt"])
def test_kinds_of_problems_are_there_for_programs(client: FlaskClient, suffix: str) -> None:
    body = client.get(f"/problems.{suffix}").text
    assert all(f"{kind.iri}" in body for kind in KINDS.values())
    listed = json.loads(client.get("/problems", headers={"Accept": "application/json"}).data)["problems"]
    assert all(each["remedy"] for each in listed)
    assert client.get("/problems.exe").status_code == 404


@pytest.mark.parametrize(
    ("address", "method", "kind"),
    [
        ("/none", "GET", "no-address"),
        ("/data", "DELETE", "method"),
        ("/sparql.csv?query=x&query=y", "GET", "mistake"),
        ("/id/place/NIL", "GET", "unknown"),
        ("/version/none/data", "GET", "version-unknown"),
    ],
)
@pytest.mark.parametrize(
    ("accept", "language"), [("application/json", "en"), ("text/plain", "en"), ("text/html", "fr")]
)
def test_problem_names_its_kind_and_language_in_every_form(
    client: FlaskClient, address: str, method: str, kind: str, accept: str, language: str
) -> None:
    response = client.open(address, method=method, headers={"Accept": accept, "Accept-Language": "fr"})
    assert response.headers["Content-Language"] == language
    assert f"problems#{kind}" in response.text


def test_page_to_ask_on_leads_to_what_explains_the_mistake(client: FlaskClient) -> None:
    response = client.get("/sparql?query=SELECT", headers={"Accept": "text/html", "Accept-Language": "ru"})
    assert "/problems#mistake" in response.text
    assert KINDS["mistake"].titles["ru"] in response.text


@pytest.mark.parametrize(
    ("accept", "mimetype", "start"),
    [
        ("", "application/problem+json", b"{"),
        ("*/*", "application/problem+json", b"{"),
        ("application/json", "application/problem+json", b"{"),
        ("text/plain", "text/plain", b"400 Mistake in the Request\nThe words.\nline: 2\ntype: "),
        ("text/html,*/*;q=0.8", "text/html", b"<!doctype html>"),
        ("text/turtle", "application/problem+json", b"{"),  # none of ours: still an answer
    ],
)
def test_form_of_an_error(client: FlaskClient, accept: str, mimetype: str, start: bytes) -> None:
    RAISED["error"] = errors.QueryError("The words.", line=2)
    response = client.get("/fail", headers={"Accept": accept} if accept else {})
    assert response.mimetype == mimetype
    assert response.data.startswith(start)
    assert b"The words." in response.data


def test_page_of_an_error_is_escaped(client: FlaskClient) -> None:
    RAISED["error"] = errors.QueryError("<script>alert(1)</script>")
    assert b"<script>alert" not in client.get("/fail", headers={"Accept": "text/html"}).data


@pytest.mark.parametrize("accept", ["", "text/plain", "text/html"])
@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("/secret/path"),
        errors.SourceError("broken", path=Path("/secret/path")),
        errors.StoreError("/secret/path is gone"),
    ],
)
def test_fault_of_ours_is_logged_and_not_shown(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, error: Exception, accept: str
) -> None:
    RAISED["error"] = error
    with caplog.at_level(logging.ERROR):
        response = client.get("/fail", headers={"Accept": accept} if accept else {})
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert "secret" in caplog.text
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("accept", ["", "text/html"])
@pytest.mark.parametrize(
    "address", ["/none/such", "/sparql/more", "/%00", "/%ff%fe", "/..%2f..%2fetc%2fpasswd"]
)
def test_unknown_address_is_404(client: FlaskClient, address: str, accept: str) -> None:
    response = client.get(address, headers={"Accept": accept} if accept else {})
    assert response.status_code == 404


def test_all_answers_are_guarded(client: FlaskClient) -> None:
    for address in ("/sparql", "/none/such", "/fail"):
        headers = client.get(address).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Referrer-Policy"]
        policy = headers["Content-Security-Policy"].split("; ")
        assert {
            "default-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        } <= set(policy)


@pytest.mark.parametrize("accept", ["", "text/plain, */*;q=0.1", "text/html"])
def test_server_without_a_version_says_so(tmp_path: Path, accept: str) -> None:
    client = make_app(tmp_path / "none").test_client()
    for address in ("/", "/sparql", "/sparql?query=ASK+%7B%7D", "/doc/place/MDA"):
        response = client.get(address, headers={"Accept": accept} if accept else {})
        assert response.status_code == 503, address
        assert str(tmp_path) not in response.text


def test_problem_keeps_the_words_of_the_error() -> None:
    assert problem_of(errors.UnsupportedBodyError("Send this.")).detail == "Send this."


@pytest.mark.parametrize(("error", "status"), [row for row in STATUS if row[1] != 500])
def test_errors_that_are_no_fault_of_ours_have_a_kind(error: type[errors.GcmError], status: int) -> None:
    assert kind_of_error(error.__new__(error)) != FAULT, status
