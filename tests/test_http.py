"""The server as clients meet it: a real process, real sockets."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from urllib.parse import urlencode

import pytest
from gcm.errors import ServerError
from gcm.web.serve import claim_port
from pyoxigraph import Literal, NamedNode, Triple

pytestmark = pytest.mark.server

SERVE = """
import logging, sys
from pathlib import Path
from gcm.web.serve import serve
logging.basicConfig(level=logging.INFO, stream=sys.stderr)
serve(Path(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), workers=int(sys.argv[3]))
"""
LIGHT = "SELECT ?o WHERE { <http://example.org/a> ?p ?o }"
PAIRS = "SELECT ?a ?d WHERE { ?a ?b ?c . ?d ?e ?f }"  # nine million rows
SOME = "SELECT ?a ?o WHERE { ?a <http://example.org/number> ?n . VALUES ?o { 1 2 3 4 5 6 7 8 9 } }"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"

Graphs = Mapping[str, Sequence[Triple]]


@dataclass(frozen=True)
class Server:
    """A running server: its process, its port, and what it writes."""

    process: subprocess.Popen[str]
    port: int
    lines: list[str]

    def connect(self) -> HTTPConnection:
        """Open a connection."""
        return HTTPConnection("127.0.0.1", self.port, timeout=20)

    def get(self, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        """Ask once, on a connection of its own."""
        connection = self.connect()
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body

    def ask(self, text: str, **headers: str) -> tuple[HTTPResponse, bytes]:
        """Ask the endpoint."""
        return self.get(address(text), **headers)


def address(text: str, suffix: str = "csv") -> str:
    return f"/sparql.{suffix}?{urlencode({'query': text})}"


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline = monotonic() + 20
    while not is_true():
        assert monotonic() < deadline, "waited for twenty seconds"
        Event().wait(0.01)


def descendants(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split() for line in listed.splitlines()]
    found = [int(each) for each, parent, state in rows if int(parent) == pid and not state.startswith("Z")]
    return [*found, *(each for child in found for each in descendants(child))]


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@contextmanager
def running(directory: Path, *, workers: int = 1, **limits: str) -> Iterator[Server]:
    """Run a server as `gcm serve` does, on a port that is free."""
    port = claim_port("127.0.0.1", 0)
    command = [sys.executable, "-c", SERVE, str(directory), str(port), str(workers)]
    environment = os.environ | {f"GCM_{name.upper()}": value for name, value in limits.items()}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    server = Server(process, port, [])
    Thread(target=_read_lines, args=(process, server.lines), daemon=True).start()
    wait_until(lambda: process.poll() is not None or any("Serving version" in line for line in server.lines))
    try:
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def _read_lines(process: subprocess.Popen[str], lines: list[str]) -> None:
    assert process.stderr is not None
    with process.stderr:
        lines.extend(iter(process.stderr.readline, ""))


@pytest.fixture(scope="module")
def server(small_store: Path) -> Iterator[Server]:
    with running(small_store, query_seconds="2", worker_count="1", wait_seconds="5") as server:
        yield server


def test_server_says_where_it_is(server: Server) -> None:
    (line,) = [line for line in server.lines if "Serving" in line and "http" in line]
    assert f"http://127.0.0.1:{server.port}/" in line
    response, body = server.ask(LIGHT)
    assert (response.status, body) == (200, b"o\r\ntwice\r\n")


def test_one_connection_serves_many_requests(server: Server) -> None:
    connection = server.connect()
    for method, path, status in (
        ("HEAD", address(LIGHT), 200),
        ("GET", address(LIGHT), 200),
        ("GET", "/none/such", 404),
        ("HEAD", "/none/such", 404),
        ("POST", address(LIGHT), 415),
        ("OPTIONS", "/sparql", 200),
        ("GET", address("nonsense"), 400),
        ("GET", address(LIGHT), 200),
    ):
        connection.request(method, path)
        response = connection.getresponse()
        body = response.read()
        assert response.status == status, (method, path)
        assert method != "HEAD" or body == b""
    connection.close()


def test_large_answer_streams(server: Server) -> None:
    connection = server.connect()
    started = monotonic()
    connection.request("GET", address(PAIRS))
    response = connection.getresponse()
    assert response.read(5) == b"a,d\r\n"
    assert monotonic() - started < 1  # all of it would take longer than the limit
    assert response.headers["Transfer-Encoding"] == "chunked"
    connection.close()


def test_answer_that_breaks_off_breaks_the_connection(server: Server) -> None:
    """No client may take a part for the whole (RFC 9112 section 8)."""
    connection = server.connect()
    connection.request("GET", address(PAIRS))
    response = connection.getresponse()
    assert response.status == 200
    with pytest.raises(IncompleteRead):
        _ = [*iter(lambda: response.read(1_000_000), b"")]
    connection.close()
    assert server.ask(LIGHT)[0].status == 200


def test_large_answer_that_is_whole_ends_well(server: Server) -> None:
    response, body = server.ask(SOME)
    assert (response.headers["Transfer-Encoding"], len(set(body.splitlines()))) == ("chunked", 27_001)


def test_long_query_ends_in_time(server: Server) -> None:
    started = monotonic()
    response, body = server.ask(ENDLESS)
    assert 2 <= monotonic() - started < 3
    assert (response.status, json.loads(body)["limit"]) == (503, "query_seconds")


def test_client_that_goes_away_frees_its_worker(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(f"GET {address(PAIRS)} HTTP/1.1\r\nHost: example.org\r\n\r\n".encode())
        assert client.recv(100).startswith(b"HTTP/1.1 200")
    started = monotonic()
    assert server.ask(LIGHT)[0].status == 200
    assert monotonic() - started < 1.5  # the query alone would run on for two seconds


def test_pages_are_served_while_the_endpoint_is_busy(server: Server) -> None:
    busy = Thread(target=server.ask, args=(ENDLESS,))
    busy.start()
    started = monotonic()
    response, _ = server.get("/", Accept="text/html")
    elapsed = monotonic() - started
    busy.join()
    assert (response.status, elapsed < 1) == (200, True)


@pytest.mark.parametrize(("size", "status"), [(60_000, 200), (70_000, 414)])
def test_address_has_a_limit(server: Server, size: int, status: int) -> None:
    response, _ = server.ask(f"{LIGHT} # {'x' * size}")
    assert response.status == status


@pytest.mark.parametrize(("size", "status"), [(60_000, 200), (80_000, 413), (1_000_000, 413)])
def test_body_has_a_limit(server: Server, size: int, status: int) -> None:
    connection = server.connect()
    body = f"{LIGHT} # {'x' * (size - len(LIGHT) - 3)}"
    connection.request("POST", "/sparql", body, {"Content-Type": "application/sparql-query"})
    response = connection.getresponse()
    connection.close()
    assert response.status == status


def test_body_may_come_in_chunks(server: Server) -> None:
    connection = server.connect()
    pieces = iter([LIGHT[:10].encode(), LIGHT[10:].encode()])
    headers = {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
    connection.request("POST", "/sparql", pieces, headers, encode_chunked=True)
    body = connection.getresponse().read()
    connection.close()
    assert body == b"o\r\ntwice\r\n"


@pytest.mark.parametrize(
    "path", ["/%00", "/%ff", "/doc/%F0%9F%8C%8D", "//example.org/", "/../../etc/passwd", "/a?%ff=%00"]
)
def test_strange_paths_are_not_found(server: Server, path: str) -> None:
    response, _ = server.get(path)
    assert response.status == 404


def test_path_reaches_the_application_as_bytes(server: Server) -> None:
    """What is no UTF-8 must not be taken for something else."""
    assert server.get("/static/..%2f__init__.py")[0].status == 404
    assert server.get("/static/%2e%2e/__init__.py")[0].status == 404


def test_nothing_of_the_query_is_in_the_log(server: Server) -> None:
    server.ask("ASK { <http://example.org/secret> ?p ?o }")
    wait_until(lambda: any("method=GET path=/sparql.csv status=200" in line for line in server.lines))
    assert not any("secret" in line for line in server.lines)


def test_port_in_use_is_one_clear_line(server: Server) -> None:
    with pytest.raises(ServerError, match=rf"Port {server.port} is in use"):
        claim_port("127.0.0.1", server.port)


def test_address_of_another_machine_is_an_error() -> None:
    with pytest.raises(ServerError, match="cannot be listened on"):
        claim_port("192.0.2.1", 8000)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_all_processes_end_with_the_server(small_store: Path, ending: signal.Signals) -> None:
    with running(small_store, workers=2) as server:
        wait_until(
            lambda: len(descendants(server.process.pid)) == 2 * (1 + 1 + 4)
        )  # a zygote and its workers
        processes = descendants(server.process.pid)
        server.process.send_signal(ending)
        assert server.process.wait(20) == 0
        wait_until(lambda: not any(runs(each) for each in processes))
        assert not any("Traceback" in line for line in server.lines), "".join(server.lines)


def test_killed_server_process_is_replaced(small_store: Path) -> None:
    with running(small_store) as server:
        before = descendants(server.process.pid)
        listed = [int(each) for each in re.findall(r"\d+", _children(server.process.pid))]
        os.kill(listed[0], signal.SIGKILL)
        wait_until(lambda: not any(runs(each) for each in before))
        wait_until(lambda: _answers(server))


def _children(pid: int) -> str:
    return subprocess.run(
        ["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True, check=True
    ).stdout


def _answers(server: Server) -> bool:
    try:
        return server.ask(LIGHT)[0].status == 200
    except OSError:
        return False


def test_new_version_is_taken_up_without_a_failed_request(
    tmp_path: Path, version_maker: Callable[[Path, str, Graphs], Path]
) -> None:
    def graphs(name: str) -> Graphs:
        number, example = NamedNode("http://example.org/number"), "http://example.org/"
        many = [Triple(NamedNode(f"{example}{name}/{each}"), number, Literal(each)) for each in range(2000)]
        return {"one": many}

    version_maker(tmp_path, "version-1", graphs("old"))
    with running(tmp_path) as server:
        connection = server.connect()
        text = "SELECT ?a WHERE { ?a ?b ?c . ?d ?e ?f } LIMIT 100000"
        connection.request("GET", address(text))
        streaming = connection.getresponse()
        begun = streaming.read(100)
        version_maker(tmp_path, "version-2", graphs("new"))
        response, body = server.ask("SELECT ?a WHERE { ?a ?b ?c } LIMIT 1")
        assert (response.headers["GCM-Version"], b"/new/" in body) == ("version-2", True)
        rest = begun + streaming.read()
        connection.close()
        assert streaming.headers["GCM-Version"] == "version-1"
        assert (rest.count(b"/old/"), rest.count(b"/new/")) == (100_000, 0)
        wait_until(lambda: len(descendants(server.process.pid)) == 1 + 1 + 4)  # the old pool has gone
