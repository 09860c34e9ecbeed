"""/validate on a real server: checked in processes of its own, within its limits, while others are served."""

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse

import pytest
from flask import Flask
from gcm.given import Form, Given
from gcm.layout import graph_root
from gcm.validate.serial import as_json
from gcm.web.versions import site

from tests.benches import InProcess
from tests.servers import Server, descendants, running, runs, wait_until

pytestmark = pytest.mark.server

WRONG = (graph_root() / "tests" / "readme" / "my-source.ttl").read_bytes()


@pytest.fixture(scope="module")
def server(world_app: Flask) -> Iterator[Server]:
    """Serve the invented world, with small limits for files."""
    with world_app.app_context():
        directory = site().directory
    with running(directory, upload_bytes="20000", upload_seconds="1") as server:
        yield server


def post(server: Server, data: bytes, **headers: str) -> tuple[HTTPResponse, bytes]:
    """Send a Turtle file to be checked."""
    connection: HTTPConnection = server.connect()
    try:
        connection.request("POST", "/validate", data, {"Content-Type": "text/turtle", **headers})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_the_report_is_that_of_the_engine(server: Server, world_app: Flask) -> None:
    with world_app.app_context():
        expected = InProcess((site().directory / "current").resolve())
    report = expected.check([Given("body", WRONG, Form.TURTLE)]).report
    for _ in range(2):  # by a process that has just been started, and by one that knows the version
        response, body = post(server, WRONG)
        assert (response.status, response.getheader("Cache-Control")) == (200, "no-store")
        assert body.decode() == as_json(report)


def test_files_that_are_too_large_are_refused(server: Server) -> None:
    response, body = post(server, b"#" * 20_001)
    assert (response.status, b'"limit": "upload_bytes"' in body) == (413, True)
    assert post(server, b"# " * 10_000)[0].status == 200
    assert server.get("/health")[0].status == 200


def test_files_that_do_not_arrive_are_cut_off(server: Server) -> None:
    head = (
        b"POST /validate HTTP/1.1\r\nHost: example.org\r\nContent-Type: text/turtle\r\nContent-Length: 99\r\n"
    )
    with server.send(head + b"\r\n<a>") as client:
        answer = client.recv(65_536)
        while b"type: " not in answer:
            answer += client.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"limit: upload_seconds" in answer


def test_nothing_is_left_when_the_server_ends(world_app: Flask) -> None:
    with world_app.app_context():
        directory = site().directory
    with running(directory) as server:
        assert post(server, WRONG)[0].status == 200
        started = descendants(server.process.pid)
        assert len(started) > 1  # server process, and the one that knows the version
    wait_until(lambda: not any(runs(pid) for pid in started))
