"""Nothing hurts the server: strangers who ask too much or go away, killed processes, files that vanish."""

import json
import os
import re
import shutil
import signal
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import pytest
from gcm.layout import Sources
from gcm.load import build
from gcm.vocab import THING
from pyoxigraph import Literal, NamedNode, Triple

from tests.servers import Server, children, descendants, query_path, running, runs, wait_until

pytestmark = pytest.mark.server

EXAMPLE = "http://example.org/"
LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
PLACE = [Triple(NamedNode(THING + "place/MDA"), LABEL, Literal("Moldova", language="en"))]
MANY = [
    Triple(NamedNode(f"{EXAMPLE}many/{number}"), NamedNode(EXAMPLE + "number"), Literal(number))
    for number in range(3000)
]
LIGHT = "SELECT ?o WHERE { <https://w3id.org/gcm/id/place/MDA> ?p ?o }"
PAIRS = "SELECT ?a ?d WHERE { ?a ?b ?c . ?d ?e ?f }"  # nine million rows
SOME = f"{PAIRS} LIMIT 500000"  # about 30 MB: more than lies in any socket
POST = (
    b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 90\r\n"
    b"Content-Type: application/sparql-query\r\n\r\n"
)
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"

Graphs = Mapping[str, Sequence[Triple]]
MakeVersion = Callable[[Path, str, Graphs], Path]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory, version_maker: MakeVersion) -> Path:
    """Hold a version with one place and many numbers."""
    directory = tmp_path_factory.mktemp("strangers")
    version_maker(directory, "version-1", {"places": PLACE, "many": MANY})
    return directory


@pytest.fixture(scope="module")
def server(directory: Path) -> Iterator[Server]:
    with running(
        directory,
        query_seconds="60",
        worker_count="4",
        client_workers="4",
        waiting_queries="4",
        request_seconds="1",
        answer_seconds="2",
    ) as server:
        wait_until(lambda: server.get("/ready")[0].status == 200)
        yield server
    assert not any("Traceback" in line for line in server.lines), "".join(server.lines)


@contextmanager
def asked(server: Server, text: str, times: int, *, workers: int = 4) -> Iterator[list[socket.socket]]:
    """Have queries asked of so many idle workers by clients who go away in the end."""
    wait_until(lambda: server.gauge('gcm_workers{state="idle"}') == workers)
    with ExitStack() as stack:
        yield [stack.enter_context(server.begin(text)) for _ in range(times)]
    wait_until(lambda: server.gauge('gcm_workers{state="busy"}') == 0)


# Clients that go away, and queries beyond the limits of the line


def test_clients_that_go_away_before_the_first_byte_free_their_workers(server: Server) -> None:
    with asked(server, ENDLESS, 4):
        wait_until(lambda: server.gauge('gcm_workers{state="busy"}') == 4)
    started = monotonic()
    assert server.ask(LIGHT)[1] == b"o\r\nMoldova\r\n"
    assert monotonic() - started < 1


def test_cheap_answers_do_not_wait_for_a_full_line(server: Server) -> None:
    paths = ["/health", "/ready", "/metrics", "/doc/place/MDA", "/doc/place/MDA.ttl", "/static/site.css"]
    for path in paths:
        server.get(path)
    with asked(server, ENDLESS, 8):
        wait_until(lambda: server.gauge("gcm_waiting_queries{}") == 4)
        for path in paths:
            started = monotonic()
            assert server.get(path, Accept="text/html, */*;q=0.1")[0].status == 200, path
            assert monotonic() - started < 0.3, path


def test_query_beyond_a_full_line_is_told_at_once_to_come_back(server: Server) -> None:
    with asked(server, ENDLESS, 8):
        wait_until(lambda: server.gauge("gcm_waiting_queries{}") == 4)
        started = monotonic()
        response, body = server.ask(f"{LIGHT} # not asked before: repeated ones need no worker")
        assert monotonic() - started < 0.5
        assert (response.status, json.loads(body)["limit"]) == (503, "waiting_queries")
        assert int(response.headers["Retry-After"]) > 0


def test_one_client_has_its_share_and_others_theirs(directory: Path) -> None:
    """Who is behind a trusted proxy is told apart by what the proxy says."""
    with (
        running(
            directory, client_queries="3", client_workers="2", worker_count="3", trusted_proxies="127.0.0.1"
        ) as server,
        asked(server, ENDLESS, 3, workers=3),
    ):
        wait_until(lambda: server.gauge("gcm_waiting_queries{}") == 1)
        response, body = server.ask(LIGHT)
        assert (response.status, json.loads(body)["limit"]) == (429, "client_queries")
        assert int(response.headers["Retry-After"]) > 0
        assert server.get(query_path(LIGHT), X_Forwarded_For="198.51.100.7")[0].status == 200


# What is sent too slowly, taken too slowly, or too long


def test_body_that_does_not_come_is_given_up(server: Server) -> None:
    started = monotonic()
    with server.send(POST + b"SELECT") as client:
        answer = client.recv(10_000)
    assert 0.9 < monotonic() - started < 3
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"\ntype: https://w3id.org/gcm/problems#request_seconds\n" in answer
    assert b"limit: request_seconds" in answer


def test_body_that_comes_drop_by_drop_is_given_up(server: Server) -> None:
    started = monotonic()
    with server.send(POST) as client:
        client.settimeout(0.1)
        answer = b""
        while not answer and monotonic() - started < 5:
            with suppress(TimeoutError):
                client.sendall(b"x")
                answer = client.recv(10_000)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert monotonic() - started < 3


def test_head_that_comes_drop_by_drop_is_given_up(server: Server) -> None:
    started = monotonic()
    with server.send(b"GET / HTTP/1.1\r\nHost: a\r\n") as client:
        client.settimeout(0.1)
        with suppress(ConnectionError):
            while monotonic() - started < 5:
                client.sendall(b"X-A: b\r\n")
                with suppress(TimeoutError):
                    if not client.recv(10_000):
                        break
    assert monotonic() - started < 3


def test_reader_that_takes_nothing_is_cut_off_and_frees_its_worker(server: Server) -> None:
    with server.begin(SOME) as client:
        wait_until(lambda: server.gauge('gcm_workers{state="busy"}') == 1)
        started = monotonic()
        wait_until(lambda: server.gauge('gcm_workers{state="busy"}') == 0)
        assert monotonic() - started < 4
        received = len(b"".join(iter(lambda: _receive(client), b"")))
    assert received < 20_000_000, "the whole answer"


def _receive(client: socket.socket) -> bytes:
    try:
        return client.recv(1_000_000)
    except ConnectionError:
        return b""


@pytest.mark.parametrize(
    ("path", "headers", "status", "limit"),
    [
        ("/" + "a" * 3_000, {}, 414, "path_bytes"),
        ("/doc/" + "%20" * 3_000, {}, 414, "path_bytes"),
        ("/", {"Cookie": "a" * 40_000}, 431, "header_bytes"),
        ("/", {f"X-{number}": "a" * 1_000 for number in range(40)}, 431, "header_bytes"),
    ],
)
def test_what_is_too_long_is_refused_by_name(
    server: Server, path: str, headers: dict[str, str], status: int, limit: str
) -> None:
    response, body = server.get(path, **headers)
    assert (response.status, json.loads(body)["limit"]) == (status, limit)


def test_body_that_is_too_long_is_refused_by_name(server: Server) -> None:
    connection = server.connect()
    connection.request("POST", "/sparql", b"x" * 140_000, {"Content-Type": "application/sparql-query"})
    response = connection.getresponse()
    assert (response.status, json.loads(response.read())["limit"]) == (413, "body_bytes")
    connection.close()


@pytest.mark.parametrize(
    ("path", "media_type", "limit"),
    [("/sparql", "application/sparql-query", "body_bytes"), ("/validate", "text/turtle", "upload_bytes")],
)
def test_body_that_is_too_long_and_waits_for_leave_is_refused_before_it_comes(
    server: Server, path: str, media_type: str, limit: str
) -> None:
    """RFC 9110 section 10.1.1."""
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: {media_type}\r\nContent-Length: 99999999999\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
        response = HTTPResponse(client)
        response.begin()
        assert (response.status, json.loads(response.read())["limit"]) == (413, limit)


@pytest.mark.parametrize(("size", "status"), [(200_000, {414, 431}), (2_000_000, {414, 431})])
def test_head_beyond_all_bounds_is_refused(server: Server, size: int, status: set[int]) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        with suppress(ConnectionError):
            client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * size)
        answer = _receive(client)
    assert answer == b"" or int(answer[9:12]) in status
    assert server.get("/health")[0].status == 200


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        (b"chunked", b"3\r\nASK{}\r\n0\r\n\r\n"),
        (b"chunked", b"-1\r\nASK{}"),
        (b"chunked", b"f" * 20),
        (b"xchunked", b"ASK{}"),  # whoever passes it on may see an end elsewhere (RFC 9112 section 6.3)
    ],
)
def test_body_that_is_not_framed_is_refused(server: Server, coding: bytes, body: bytes) -> None:
    """RFC 9112 sections 6.3 and 7.1."""
    name = f"unframed-{coding.decode()}-{len(body)}"
    head = POST.replace(b"Content-Length: 90", b"Transfer-Encoding: %b" % coding, 1)
    with server.send(
        head.replace(b"Host: a", f"Host: a\r\nX-Request-Id: {name}".encode(), 1) + body
    ) as client:
        answer = _receive(client)
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"\r\nconnection: close\r\n" in answer
    wait_until(lambda: any(f"id={name} " in line for line in server.lines))
    (line,) = [line for line in server.lines if f"id={name} " in line]
    assert "status=400" in line


@pytest.mark.parametrize("part", [b"", b"SELECT * WHERE { ?s ?p ?o }"])
def test_half_a_body_is_not_answered(server: Server, part: bytes) -> None:
    name = b"X-Request-Id: half-" + str(len(part)).encode()
    with server.send(POST.replace(b"Host: a", name + b"\r\nHost: a") + part):
        pass
    wait_until(lambda: any(f"id={name.decode().partition(': ')[2]} " in line for line in server.lines))
    (line,) = [line for line in server.lines if f"id={name.decode().partition(': ')[2]} " in line]
    assert "broken=yes" in line
    assert "query=" not in line


# What is said of a request


def test_request_keeps_the_name_that_its_client_gave_it(server: Server) -> None:
    response, _ = server.get("/health?secret", X_Request_Id="my-request.1")
    assert response.headers["X-Request-Id"] == "my-request.1"
    wait_until(lambda: any("id=my-request.1 " in line for line in server.lines))
    (line,) = [line for line in server.lines if "id=my-request.1 " in line]
    assert re.search(r"method=GET path=/health status=200 ms=\d+\.\d bytes=20$", line)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (LIGHT, "rows=1"),
        (f"{PAIRS} LIMIT 20000", "rows=~"),
        ("ASK {}", ""),
        (f"{LIGHT} LIMIT 0", "rows=0"),
        ("nonsense", ""),
    ],
)
def test_log_says_how_many_rows_were_sent(server: Server, text: str, rows: str) -> None:
    name = f"rows-{abs(hash(text))}"
    server.ask(text, X_Request_Id=name)
    wait_until(lambda: any(f"id={name} " in line for line in server.lines))
    (line,) = [line for line in server.lines if f"id={name} " in line]
    assert rows in line
    assert ("rows=" in line) == bool(rows)


def test_metrics_count_what_was_asked(server: Server) -> None:
    server.ask(LIGHT)  # what has never happened is not counted yet
    wait_until(lambda: 'gcm_queries_total{outcome="answered"' in server.get("/metrics")[1].decode())
    before = server.gauge('gcm_queries_total{outcome="answered",limit=""}')
    server.ask(LIGHT)
    wait_until(lambda: server.gauge('gcm_queries_total{outcome="answered",limit=""}') == before + 1)
    response, body = server.get("/metrics")
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = body.decode().splitlines()
    assert all(re.fullmatch(r'# (HELP|TYPE) \w+ .+|\w+\{(\w+="[^"]*",?)+\} [\d.]+', line) for line in lines)
    assert server.gauge('gcm_version_info{version="version-1"}') == 1
    assert server.gauge('gcm_request_seconds_count{route="/sparql.<suffix>"}') > 0


# Processes that are killed, files that go


def test_killed_zygote_leaves_no_orphans_and_is_replaced(directory: Path) -> None:
    with running(directory, worker_count="2") as server:
        assert server.answers(LIGHT)
        (process,) = children(server.process.pid)
        (zygote,) = children(process)
        workers = children(zygote)
        os.kill(zygote, signal.SIGKILL)
        wait_until(lambda: not any(runs(each) for each in workers))
        wait_until(lambda: server.answers(LIGHT))
        assert server.get("/ready")[0].status == 200


def test_killed_worker_is_replaced(directory: Path) -> None:
    with running(directory, worker_count="1", query_seconds="60") as server, server.begin(ENDLESS) as client:
        wait_until(lambda: server.gauge('gcm_workers{state="busy"}') == 1)
        (process,) = children(server.process.pid)
        (zygote,) = children(process)
        (worker,) = children(zygote)
        os.kill(worker, signal.SIGKILL)
        answer = client.recv(10_000)
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"Traceback" not in answer
        assert server.answers(LIGHT)


def test_no_process_outlives_the_killed_main_process(directory: Path) -> None:
    with running(directory, workers=2, worker_count="2") as server:
        assert server.answers(LIGHT)
        wait_until(lambda: len(descendants(server.process.pid)) == 2 * (1 + 1 + 2))
        processes = descendants(server.process.pid)
        server.process.kill()
        wait_until(lambda: not any(runs(each) for each in processes))


def test_store_deleted_while_serving_is_said_and_mended(tmp_path: Path, version_maker: MakeVersion) -> None:
    version_maker(tmp_path, "version-1", {"places": PLACE, "many": MANY})
    with running(tmp_path, worker_count="1", query_seconds="1") as server:
        assert server.answers(LIGHT)
        shutil.copytree(tmp_path / "versions", tmp_path / "kept")
        shutil.rmtree(tmp_path / "versions")
        server.ask(ENDLESS)  # its worker is ended; the next finds no store
        for path in (query_path(LIGHT), "/doc/place/MDA.ttl", "/doc/place/MDA.html"):
            response, body = server.get(path, Accept="text/plain")
            assert (response.status, b"Traceback" in body, b"version-1" in body) == (503, False, False), path
        response, body = server.get("/ready")
        assert (response.status, b"no worker can read it" in body) == (503, True)
        assert server.get("/health")[0].status == 200
        (tmp_path / "kept").rename(tmp_path / "versions")
        wait_until(lambda: server.answers(LIGHT))
        wait_until(lambda: server.get("/doc/place/MDA.ttl")[0].status == 200)
        assert server.get("/ready")[1] == b"Version version-1 is served.\n"


def test_store_made_anew_after_it_was_deleted_is_served(tmp_path: Path, version_maker: MakeVersion) -> None:
    version_maker(tmp_path, "version-1", {"places": PLACE})
    with running(tmp_path, worker_count="1") as server:
        shutil.rmtree(tmp_path / "versions")
        assert server.get("/ready")[0].status in {200, 503}
        version_maker(tmp_path, "version-2", {"places": PLACE})
        wait_until(lambda: server.answers(LIGHT))
        assert server.get("/ready")[1] == b"Version version-2 is served.\n"


def test_link_to_nothing_leaves_the_version_that_is_served(
    tmp_path: Path, version_maker: MakeVersion
) -> None:
    version_maker(tmp_path, "version-1", {"places": PLACE})
    with running(tmp_path) as server:
        (tmp_path / "next").symlink_to("versions/nowhere")
        (tmp_path / "next").replace(tmp_path / "current")
        assert server.answers(LIGHT)
        assert server.get("/ready")[0].status == 200
        (tmp_path / "current").unlink()
        assert server.answers(LIGHT)


def test_server_survives_more_connections_than_it_can_open(directory: Path) -> None:
    with running(directory, files=96, worker_count="1") as server:
        assert server.answers(LIGHT)
        (process,) = children(server.process.pid)
        with ExitStack() as stack:
            for _ in range(150):
                stack.enter_context(server.send(b""))
        wait_until(lambda: server.answers(LIGHT))
        assert children(server.process.pid) == [process]


# Stopping and changing over


def test_stopped_server_finishes_what_it_has_begun(directory: Path) -> None:
    with running(directory) as server:
        connection = server.connect()
        connection.request("GET", query_path(SOME))
        response = connection.getresponse()
        begun = response.read(1_000)
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: not server.is_listening())
        body = begun + response.read()
        connection.close()
        assert body.count(b"\r\n") == 500_001
        assert server.process.wait(20) == 0


def test_stopped_server_does_not_wait_for_ever(directory: Path) -> None:
    with running(directory, query_seconds="60", stop_seconds="1") as server, server.begin(PAIRS) as client:
        assert client.recv(1_000)
        processes = descendants(server.process.pid)
        started = monotonic()
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(20)
        assert monotonic() - started < 5
        wait_until(lambda: not any(runs(each) for each in processes))


def write_sources(folder: Path, number: int) -> Sources:
    """Write one dataset in which everything says its number."""
    path = folder / "numbered.ttl"
    rows = "".join(f"<{EXAMPLE}{each}> <{EXAMPLE}number> {number} .\n" for each in range(200))
    header = "<https://w3id.org/gcm/data/numbered> a <http://www.w3.org/ns/dcat#Dataset> .\n"
    label = f'<https://w3id.org/gcm/id/place/MDA> <{LABEL.value}> "number {number}"@en .\n'
    path.write_text(header + label + rows, encoding="utf-8")
    return Sources(ontology=(), shapes=(), checks=(), data=(path,))


@dataclass
class Watch:
    """What a client of a server that changes over has seen."""

    failures: list[str] = field(default_factory=list)
    seen: dict[str, set[str]] = field(default_factory=dict)
    requests: int = 0

    def look(self, server: Server, until: Event) -> None:
        """Ask again and again, on one connection as far as it lasts."""
        connection = server.connect()
        numbers = f"SELECT DISTINCT ?n WHERE {{ ?s <{EXAMPLE}number> ?n }}"
        while not until.is_set():
            for path, found in (
                (query_path(numbers), rb"\n(\d+)\r"),
                ("/doc/place/MDA.nt", rb'"number (\d+)"'),
            ):
                try:
                    connection.request("GET", path)
                    response = connection.getresponse()
                    body = response.read()
                except (OSError, HTTPException) as error:
                    self.failures.append(f"{path}: {error!r}")
                    connection.close()
                    continue
                self.note(response, re.findall(found, body))
        connection.close()

    def note(self, response: HTTPResponse, numbers: list[bytes]) -> None:
        """Note which numbers came with which version."""
        self.requests += 1
        if response.status != 200:
            self.failures.append(f"status {response.status}")
        self.seen.setdefault(response.headers["GCM-Version"], set()).update(each.decode() for each in numbers)


def test_versions_change_under_load_without_a_failed_request(tmp_path: Path) -> None:
    store, watch, until = tmp_path / "store", Watch(), Event()
    versions = {build(write_sources(tmp_path, 0), store, progress=lambda _: None).id: {"0"}}
    with running(store) as server:
        clients = [Thread(target=watch.look, args=(server, until)) for _ in range(4)]
        for client in clients:
            client.start()
        started = monotonic()
        for number in range(1, 6):
            wait_until(lambda moment=started + number / 2: monotonic() > moment)  # type: ignore[misc]
            version = build(write_sources(tmp_path, number), store, progress=lambda _: None)
            versions[version.id] = {str(number)}
        wait_until(lambda: monotonic() > started + 3)
        until.set()
        for client in clients:
            client.join()
    assert watch.failures == []
    assert watch.seen == versions
    assert watch.requests > 100


# The time of day


def test_nothing_but_labels_and_tokens_depends_on_the_time_of_day() -> None:
    """A clock that jumps must end or prolong nothing but tokens: durations are told from another clock."""
    package = Path(__file__).parents[1] / "server" / "gcm"
    named = {
        path.name
        for path in package.rglob("*.py")
        if re.search(
            r"\btime\.time\(|from time import .*\btime\b|datetime\.(now|today|utcnow)",
            path.read_text("utf-8"),
        )
    }
    labels = {"write.py", "upload.py"}  # when a version was built
    labels |= {"record.py", "exchange.py"}  # when a line was written, and an answer
    leftovers = {"shelf.py"}  # how old is what killed servers have left
    curators = {
        "desk.py",
        "sheet.py",
    }  # when something was proposed, and the day on which a form was filled in
    ends = {"tokens.py", "curators.py"}  # the day on which a token ends, and its session with it
    assert named == labels | leftovers | curators | ends
