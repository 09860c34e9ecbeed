"""What the machine runs out of: room on the disk, file handles, patience with connections that do nothing."""

import os
import re
import resource
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import monotonic

import pytest

from tests.servers import Server, children, descendants, query_path, running, wait_until

pytestmark = pytest.mark.server

LIGHT = "SELECT ?o WHERE { <http://example.org/a> ?p ?o }"
SOME = "SELECT ?a ?d WHERE { ?a ?b ?c . ?d ?e ?f } LIMIT 500000"  # about 30 MB


@contextmanager
def full_disk(server: Server) -> Iterator[None]:
    """Let no process of the server make a file longer than two pages: to them, the disk is full."""
    processes = [server.process.pid, *descendants(server.process.pid)]
    before = {each: resource.prlimit(each, resource.RLIMIT_FSIZE) for each in processes}
    for each in processes:
        resource.prlimit(each, resource.RLIMIT_FSIZE, (8192, before[each][1]))
    yield
    for each in processes:
        resource.prlimit(each, resource.RLIMIT_FSIZE, before[each])


def test_full_disk_is_said_and_everything_else_goes_on(small_store: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    made_before = shutil.ignore_patterns("dumps")  # by other tests
    shutil.copytree(small_store, store, symlinks=True, ignore=made_before)
    with running(store, worker_count="1") as server:
        assert server.ask(LIGHT)[0].status == 200
        with full_disk(server):
            response, body = server.get("/dumps/all.nq", Accept="text/plain")
            assert (response.status, b"no room" in body) == (503, True), body
            assert response.headers["Retry-After"]
            assert str(tmp_path).encode() not in body
            assert server.ask(LIGHT)[1] == b"o\r\ntwice\r\n"
            assert server.get("/", Accept="text/html")[0].status == 200
            assert server.get("/ready")[0].status == 200
        response, body = server.get("/dumps/all.nq")
        assert (response.status, body.count(b"\n")) == (200, 3002)
    left = [each.name for each in store.rglob("*") if each.name.startswith((".", "tmp"))]
    assert left == [], "parts of dumps"


@pytest.fixture
def many_files() -> Iterator[None]:
    """Open as many files as is allowed: what a process of Linux begins with, 1,024, is soon used up."""
    at_first, at_most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (at_most, at_most))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (at_first, at_most))


@pytest.mark.usefixtures("many_files")
def test_a_thousand_idle_connections_keep_nobody_out_and_are_closed(small_store: Path) -> None:
    with running(small_store, request_seconds="3", worker_count="1") as server, ExitStack() as stack:
        idle = [stack.enter_context(server.send(b"")) for _ in range(1_000)]
        started = monotonic()
        assert server.ask(LIGHT)[1] == b"o\r\ntwice\r\n"
        assert monotonic() - started < 2
        for client in idle:
            with suppress(ConnectionError):
                assert client.recv(1) == b""  # the server ends it; else this waits for a minute and fails


def test_connections_that_were_used_are_closed_when_nothing_follows(small_store: Path) -> None:
    with running(small_store, request_seconds="1", worker_count="1") as server:
        client = server.send(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.recv(10_000).startswith(b"HTTP/1.1 200")
        started = monotonic()
        assert client.recv(10_000) == b""
        assert monotonic() - started < 20
        client.close()


def test_file_handles_of_a_thousand_requests_are_given_back(small_store: Path) -> None:
    with running(small_store, worker_count="1") as server:
        assert server.ask(LIGHT)[0].status == 200
        (process,) = children(server.process.pid)
        before = len(os.listdir(f"/proc/{process}/fd"))
        for _ in range(300):
            with server.begin("ASK {}"), suppress(OSError):  # gone at once
                pass
        for path in (query_path(LIGHT), "/dumps/all.nq", "/nothing") * 20:
            server.get(path)
        wait_until(lambda: len(os.listdir(f"/proc/{process}/fd")) <= before + 8)


def test_few_file_handles_are_an_answer_and_no_end(small_store: Path) -> None:
    """Each new worker needs one, and each connection; the server goes on when they are given back."""
    with running(small_store, files=96, worker_count="2", request_seconds="2") as server:
        assert server.ask(LIGHT)[0].status == 200
        before = children(server.process.pid)
        with ExitStack() as stack:
            for _ in range(150):
                stack.enter_context(server.send(b""))
        wait_until(lambda: server.answers(LIGHT))
        assert children(server.process.pid) == before
        assert not any("Traceback" in line for line in server.lines), "".join(server.lines)


def test_reader_of_one_byte_at_a_time_is_cut_off_and_frees_its_worker(small_store: Path) -> None:
    with running(small_store, answer_seconds="2", worker_count="1") as server, server.begin(SOME) as client:
        wait_until(lambda: server.gauge('gcm_workers{state="busy"}') == 1)
        started = monotonic()
        received = 0
        client.settimeout(0.05)
        while server.gauge('gcm_workers{state="busy"}') and monotonic() - started < 20:
            with suppress(TimeoutError, ConnectionError):
                received += len(client.recv(1))
        assert monotonic() - started < 10
        assert received > 0
        assert server.ask(LIGHT)[1] == b"o\r\ntwice\r\n"


HOSTILE = (
    "GET /doc/x%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /sparql?query=%0d%0aX-Injected:%20yes HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /doc/place/MDA HTTP/1.1\r\nHost: a\r\nAccept-Language: en%0d%0aX-Injected: yes\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: a\tX-Injected=yes\r\n\r\n",
    "GET /\x01\x7f HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    "GET http://example.org/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "CONNECT example.org:80 HTTP/1.1\r\nHost: a\r\n\r\n",
    "TRACE / HTTP/1.1\r\nHost: a\r\nCookie: secret=1\r\n\r\n",
    "POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nASK{}",
    "POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    "\r\n\r\n\r\n",
)


@pytest.fixture(scope="module")
def server(small_store: Path) -> Iterator[Server]:
    with running(small_store, request_seconds="1", worker_count="1") as server:
        yield server
    assert not any("Traceback" in line for line in server.lines), "".join(server.lines)


@pytest.mark.parametrize("request_text", HOSTILE)
def test_hostile_request_gets_a_clear_answer_without_what_it_smuggles(
    server: Server, request_text: str
) -> None:
    with server.send(request_text.encode("latin-1")) as client:
        client.settimeout(10)
        answer = b"".join(iter(lambda: _receive(client), b""))
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1")
    assert not head or re.match(r"HTTP/1\.[01] [2-4]\d\d", head), head
    names = {line.partition(":")[0].lower() for line in head.split("\r\n")[1:]}
    assert not names & {"set-cookie", "x-injected"}
    assert "evil.example" not in head
    assert b"Traceback" not in answer
    assert b"secret=1" not in answer
    assert server.get("/health")[0].status == 200
    assert not any("X-Injected=yes" in line and "path=" not in line for line in server.lines)


def _receive(client: socket.socket) -> bytes:
    try:
        return client.recv(1_000_000)
    except OSError:
        return b""
