"""The server as clients meet it: a real process, real sockets."""

import json
import os
import signal
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.client import IncompleteRead
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest
from gcm.errors import ServerError
from gcm.web.serve import claim_port
from pyoxigraph import Literal, NamedNode, Triple

from tests.servers import Server, children, descendants, query_path, running, runs, wait_until

pytestmark = pytest.mark.server

LIGHT = "SELECT ?o WHERE { <http://example.org/a> ?p ?o }"
PAIRS = "SELECT ?a ?d WHERE { ?a ?b ?c . ?d ?e ?f }"  # nine million rows
SOME = "SELECT ?a ?o WHERE { ?a <http://example.org/number> ?n . VALUES ?o { 1 2 3 4 5 6 7 8 9 } }"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"

Graphs = Mapping[str, Sequence[Triple]]


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
        ("HEAD", query_path(LIGHT), 200),
        ("GET", query_path(LIGHT), 200),
        ("GET", "/none/such", 404),
        ("HEAD", "/none/such", 404),
        ("POST", query_path(LIGHT), 415),
        ("OPTIONS", "/sparql", 200),
        ("GET", query_path("nonsense"), 400),
        ("GET", query_path(LIGHT), 200),
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
    connection.request("GET", query_path(PAIRS))
    response = connection.getresponse()
    assert response.read(5) == b"a,d\r\n"
    assert monotonic() - started < 1  # all of it would take longer than the limit
    assert response.headers["Transfer-Encoding"] == "chunked"
    connection.close()


def test_answer_that_breaks_off_breaks_the_connection(server: Server) -> None:
    """No client may take a part for the whole (RFC 9112 section 8)."""
    connection = server.connect()
    connection.request("GET", query_path(PAIRS))
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
        client.sendall(f"GET {query_path(PAIRS)} HTTP/1.1\r\nHost: example.org\r\n\r\n".encode())
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
        (process,) = children(server.process.pid)
        os.kill(process, signal.SIGKILL)
        wait_until(lambda: not any(runs(each) for each in before))
        wait_until(lambda: server.answers())


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
        connection.request("GET", query_path(text))
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
