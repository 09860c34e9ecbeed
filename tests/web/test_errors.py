"""Errors: one shape in three forms, the right status, nothing of ours let out."""

import json
import logging
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gcm import errors
from gcm.limits import Limits
from gcm.web import create_app
from gcm.web.errors import LIMIT_STATUS, problem_of

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
    ("error", "status", "facts"),
    [
        (errors.QueryError("x", line=2, column=3), 400, {"line": 2, "column": 3}),
        (errors.QueryError("x"), 400, {}),
        (errors.RefusedQueryError("x"), 403, {}),
        (errors.UnknownIriError("https://w3id.org/gcm/id/place/NIL"), 404, {}),
        (errors.NotAcceptableError(["text/csv"]), 406, {"offers": ["text/csv"]}),
        (errors.UnsupportedBodyError("x"), 415, {}),
        (errors.LimitError("x", limit="body_bytes"), 413, {"limit": "body_bytes"}),
        (errors.LimitError("x", limit="query_bytes"), 413, {"limit": "query_bytes"}),
        (errors.LimitError("x", limit="query_seconds"), 503, {"limit": "query_seconds"}),
        (errors.LimitError("x", limit="worker_bytes"), 503, {"limit": "worker_bytes"}),
        (errors.LimitError("x", limit="wait_seconds"), 503, {"limit": "wait_seconds"}),
        (errors.LimitError("x", limit="query_nesting"), 400, {"limit": "query_nesting"}),
        (errors.StoreError("x"), 503, {}),
        (errors.SourceError("x", path=Path("/secret/file.ttl")), 500, {}),
        (errors.GcmError("x"), 500, {}),
        (RuntimeError("x"), 500, {}),
    ],
)
def test_each_error_has_its_status(
    client: FlaskClient, error: Exception, status: int, facts: dict[str, object]
) -> None:
    RAISED["error"] = error
    response = client.get("/fail")
    body = json.loads(response.data)
    known = {"type", "title", "status", "detail"}
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert (body["type"], body["status"], {name: body[name] for name in body.keys() - known}) == (
        "about:blank",
        status,
        facts,
    )
    assert body["detail"]
    assert "Accept" in response.vary


def test_every_limit_that_ends_a_request_exists() -> None:
    assert set(LIMIT_STATUS) <= set(Limits.__dataclass_fields__)


@pytest.mark.parametrize(
    ("accept", "mimetype", "start"),
    [
        ("", "application/problem+json", b"{"),
        ("*/*", "application/problem+json", b"{"),
        ("application/json", "application/problem+json", b"{"),
        ("text/plain", "text/plain", b"400 Bad Request\nThe words.\nline: 2\n"),
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
