"""A store that is down, slow, or sends what is no answer: a clear error; what is remembered is served."""

import json
import logging
import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from threading import Event
from time import monotonic
from typing import Any

import pytest
from flask import Flask
from gcm.errors import BackendError, BackendTimeoutError, DepartedError, ServerError
from gcm.limits import Limits
from gcm.query import Caller
from gcm.remote import read_endpoint
from gcm.remote.wire import Clock, Request, Wire
from werkzeug.test import TestResponse

from tests.servers import wait_until

from .conftest import LittleStore

pytestmark = pytest.mark.server

TABLE = "application/sparql-results+json"
QUERY = "SELECT ?s ?o WHERE { ?s ?p ?o }"
PAGE = "/doc/place/b.html"

#: A beginning of a table that could go on for ever.
BEGUN = b'{"head":{"vars":["s"]},"results":{"bindings":['
ROW = b'{"s":{"type":"uri","value":"http://example.org/"}}'


def answers(status: int, body: bytes, media_type: str, **fields: str) -> Callable[..., None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": media_type, "Content-Length": str(len(body)), **fields}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def raw(*pieces: bytes, repeat: bytes = b"") -> Callable[..., None]:
    """Send bytes as they stand, then the same again until nobody listens, and hang up."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        for piece in pieces:
            handler.wfile.write(piece)
        while repeat:
            handler.wfile.write(repeat)

    return send


def is_silent(handler: BaseHTTPRequestHandler) -> None:
    """Say nothing until the client hangs up."""
    handler.close_connection = True
    handler.connection.recv(1)


def trickles(handler: BaseHTTPRequestHandler) -> None:
    """Send a byte of the head now and then: each wait is short, all of them have no end."""
    handler.close_connection = True
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not Event().wait(0.05):
        handler.wfile.write(b"x")


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
TROUBLES = {
    "an error": (answers(500, b"out of memory", "text/plain"), 502),
    "a page for people": (answers(200, b"<html>Welcome!</html>", "text/html"), 502),
    "a page called a table": (answers(200, b"<html>Welcome!</html>", TABLE), 502),
    "nothing at all": (answers(200, b"", TABLE), 502),
    "no type": (answers(200, b"{}", ""), 502),
    "another type": (answers(200, b"s,o\r\n", "text/csv"), 502),
    "half a table": (answers(200, BEGUN + ROW, TABLE), 502),
    "fewer bytes than said": (raw(HEAD + b"Content-Length: 9999\r\n\r\n" + BEGUN), 502),
    "chunks without end": (raw(HEAD + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"hea'), 502),
    "no HTTP": (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), 502),
    "a hang-up": (raw(), 502),
    "another place": (answers(302, b"", "text/plain", Location="http://192.0.2.1/sparql"), 502),
    "who are you": (answers(401, b"", "text/plain", WWW_Authenticate='Basic realm="x"'), 502),
    "a text without end": (raw(HEAD + b'\r\n{"head":{"x":"', repeat=b"x" * 65_536), 502),
    "a head without end": (raw(b"HTTP/1.1 200 OK\r\nX: ", repeat=b"x" * 65_536), 502),
    "silence": (is_silent, 504),
    "a trickle": (trickles, 504),
}


def ask(app: Flask, path: str, **fields: str) -> TestResponse:
    return app.test_client().get(path, headers={name.replace("_", "-"): fields[name] for name in fields})


@pytest.mark.parametrize("name", TROUBLES)
def test_trouble_is_told_in_time_and_remembered_pages_go_on(
    name: str, tiny_store: LittleStore, serve_store: Callable[..., Flask]
) -> None:
    """RFC 9110 sections 15.6.3 and 15.6.5, RFC 9457."""
    trouble, status = TROUBLES[name]
    app = serve_store(tiny_store.engine, store_seconds=0.5, query_seconds=0.5, store_bytes=1_000_000)
    page = ask(app, PAGE)
    assert page.status_code == 200
    cached = app.test_client().get("/sparql", query_string={"query": QUERY}, headers={"Accept": TABLE})
    assert cached.status_code == 200
    tiny_store.trouble = trouble
    started = monotonic()
    failed = app.test_client().get("/sparql", query_string={"query": QUERY}, headers={"Accept": TABLE})
    assert monotonic() - started < 2
    assert (failed.status_code, failed.headers["Retry-After"]) == (status, "5")
    assert failed.headers["Content-Type"] == "application/problem+json"
    problem = json.loads(failed.data)
    assert problem["status"] == status
    assert problem.get("limit") == ("query_seconds" if status == 504 else None)
    assert str(tiny_store.server_port) not in failed.text, "the store's address is not for strangers"
    assert ask(app, PAGE).data == page.data
    again = {"Accept": TABLE, "If-None-Match": cached.headers["ETag"]}
    assert app.test_client().get("/sparql", query_string={"query": QUERY}, headers=again).status_code == 304


def test_site_says_whether_its_store_answers(
    tiny_store: LittleStore, serve_store: Callable[..., Flask]
) -> None:
    app = serve_store(tiny_store.engine, store_seconds=0.5)
    assert ask(app, "/ready").text == "Version version-1 is served.\n"
    tiny_store.trouble = answers(500, b"", "text/plain")
    wait_until(lambda: ask(app, "/ready").status_code == 503)
    assert ask(app, "/health").status_code == 200
    tiny_store.trouble = None
    wait_until(lambda: ask(app, "/ready").status_code == 200)


def test_site_starts_before_its_store(little_store: LittleStore, serve_store: Callable[..., Flask]) -> None:
    little_store.trouble = answers(500, b"", "text/plain")
    app = serve_store(little_store.engine)
    assert ask(app, "/").status_code == 502
    assert ask(app, "/ready").status_code == 503


def test_store_without_a_version_is_503(little_store: LittleStore, serve_store: Callable[..., Flask]) -> None:
    app = serve_store(little_store.engine)
    assert ask(app, "/doc/place/b").status_code == 503
    assert ask(app, "/ready").status_code == 503


def test_store_that_is_down_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    wire = Wire(read_endpoint(f"http://127.0.0.1:{port}/sparql", {}))
    with pytest.raises(BackendError, match="does not answer"):
        wire.send(Request(""), Clock(5, "store_seconds"))


def test_answer_that_breaks_off_is_not_ended(tiny_store: LittleStore) -> None:
    """What has been passed on cannot be taken back: the connection has to break, not to end."""
    rows = b",".join([ROW] * 5_000)
    pool = tiny_store.engine.pool(Limits())
    tiny_store.trouble = answers(200, BEGUN + rows, TABLE)
    answer = pool.run(QUERY, media_type="text/csv")
    pieces = iter(answer)
    assert next(pieces).startswith(b"s\r\nhttp://example.org/\r\n")
    with pytest.raises(BackendError):
        list(pieces)
    assert pool.count_workers() == (0, 4)


def test_endless_answer_is_passed_on_and_ends_with_its_reader(tiny_store: LittleStore) -> None:
    pool = tiny_store.engine.pool(Limits())
    tiny_store.trouble = raw(HEAD + b"\r\n" + BEGUN + ROW, repeat=b"," + ROW)
    answer = pool.run(QUERY, media_type="text/csv")
    pieces = iter(answer)
    assert all(next(pieces) for _ in range(50))
    answer.close()
    wait_until(lambda: pool.count_workers() == (0, 4))


def test_caller_who_leaves_ends_the_question(tiny_store: LittleStore) -> None:
    caller = Caller("someone")

    def leave(handler: BaseHTTPRequestHandler) -> None:
        caller.leave()
        is_silent(handler)

    pool = tiny_store.engine.pool(Limits())
    tiny_store.trouble = leave
    started = monotonic()
    with pytest.raises(DepartedError):
        pool.run(QUERY, media_type="text/csv", caller=caller)
    assert monotonic() - started < 2
    assert pool.count_workers() == (0, 4)


def test_connection_that_the_store_has_closed_is_made_anew(tiny_store: LittleStore) -> None:
    store = tiny_store.engine.store()
    kept: Any = store.wire._idle[0].sock  # Any: it is one of ours, and not what http.client says
    kept.cut()
    assert len([*store.quads_for_pattern(None, None, None, None)]) == 7


def test_password_is_neither_shown_nor_logged(
    tiny_store: LittleStore, caplog: pytest.LogCaptureFixture, serve_store: Callable[..., Flask]
) -> None:
    address = f"http://curator:hidden-word@127.0.0.1:{tiny_store.server_port}/sparql"
    endpoint = read_endpoint(address, {})
    assert (endpoint.user, endpoint.password) == ("curator", "hidden-word")
    assert "hidden-word" not in f"{endpoint} {endpoint!r}"
    caplog.set_level(logging.DEBUG)
    tiny_store.trouble = answers(500, b"failed", "text/plain")
    with pytest.raises(BackendError):
        Wire(endpoint).send(Request("", method="BREAK"), Clock(0, "store_seconds"))
    app = serve_store(tiny_store.engine)
    assert ask(app, "/").status_code == 502
    assert "hidden-word" not in caplog.text


@pytest.mark.parametrize(
    "address",
    ["http://", "http://host:many/", "https://host/sparql?query=x", "http://host/#x", "http://[::1/sparql"],
)
def test_address_without_meaning_is_refused(address: str) -> None:
    with pytest.raises(ServerError, match="GCM_STORE"):
        read_endpoint(address, {})


def test_graphs_are_written_on_the_same_host_only() -> None:
    settings = {"GCM_STORE_GRAPHS": "http://elsewhere.example/store"}
    with pytest.raises(ServerError, match="credentials go nowhere else"):
        read_endpoint("http://host.example/sparql", settings)


def test_time_is_charged_while_waiting_only() -> None:
    clock = Clock(0.2, "store_seconds")
    clock.spend(monotonic() - 0.1)
    assert 0 < clock.left() <= 0.1
    clock.spend(monotonic() - 0.1)
    with pytest.raises(BackendTimeoutError) as caught:
        clock.left()
    assert caught.value.limit == "store_seconds"
