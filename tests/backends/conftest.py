"""Engines that speak SPARQL 1.1: two real ones, and a little one in this process that can be made to fail."""

import gc
import json
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from gcm.layout import Sources, find_sources, graph_root
from gcm.limits import Limits
from gcm.load import build
from gcm.load.upload import upload
from gcm.query import Turns
from gcm.query.elsewhere import RemotePool, dataset_of_version
from gcm.remote import Endpoint, read_endpoint
from gcm.remote.state import look
from gcm.remote.store import RemoteStore
from gcm.remote.wire import Wire
from gcm.web import create_app
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
)

from tests.served import served
from tests.servers import PATIENCE_SECONDS, wait_until

_VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CheckpointInterval = 0
CaseMode = 2
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 20
MaxKeepAlives = 20
KeepAliveTimeout = 10
[SPARQL]
ResultSetMaxRows = 20000
"""


@dataclass(frozen=True)
class Engine:
    """A running engine; `writer` may change what it holds."""

    name: str
    writer: Endpoint

    @property
    def reader(self) -> Endpoint:
        """Where it is asked, without the right to write."""
        return replace(self.writer, user="", password="")

    def fill(self, sources: Sources) -> None:
        """Load a version."""
        upload(sources, Wire(self.writer), limits=Limits(), progress=lambda _: None)

    def store(self) -> RemoteStore:
        """Give the statements of the version that it holds."""
        wire = Wire(self.reader)
        state, dialect = look(wire, limits=Limits())
        assert state is not None, "it holds no version"
        return RemoteStore(wire, dataset_of_version(state), limits=Limits(), dialect=dialect)

    def pool(self, limits: Limits) -> RemotePool:
        """Give what runs strangers' queries on it."""
        return RemotePool(self.store(), limits=limits, turns=Turns(limits), is_well=lambda: True)


def world() -> Sources:
    """Find the tiny invented graph, beside our ontology and shapes."""
    root = graph_root()
    return find_sources(root, data=[root / "tests" / "world"], with_own_data=False)


@pytest.fixture(scope="session")
def world_sources() -> Sources:
    return world()


@pytest.fixture(scope="session", params=["oxigraph", "virtuoso"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Run a real engine with the world in it."""
    runs = {"oxigraph": oxigraph, "virtuoso": virtuoso}[request.param]
    with runs(tmp_path_factory.mktemp(request.param)) as running:
        running.fill(world())
        yield running


@pytest.fixture(scope="session")
def oxigraph_of_real_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Run an Oxigraph server with our real data in it."""
    with oxigraph(tmp_path_factory.mktemp("real")) as running:
        running.fill(find_sources(graph_root()))
        yield running


@contextmanager
def oxigraph(folder: Path) -> Iterator[Engine]:
    """Run the Oxigraph server until the block ends."""
    port = free_port()
    program = Path(sys.executable).with_name("oxigraph")
    command = [str(program), "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    with _process(command, graph_root(), port):
        yield Engine("oxigraph", read_endpoint(f"http://127.0.0.1:{port}/query", {}))


@contextmanager
def virtuoso(folder: Path) -> Iterator[Engine]:
    """Run Virtuoso, with a password of its own, until the block ends."""
    program = shutil.which("virtuoso-t")
    assert program, "Virtuoso is missing: apt-get install virtuoso-opensource-7-bin"
    port, password = free_port(), secrets.token_hex(8)
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(sql=free_port(), http=port), encoding="ascii")
    command = [program, "+foreground", "+configfile", "virtuoso.ini"]
    words = ["+pwdold", "dba", "+pwddba", password, "+pwddav", password]
    subprocess.run([*command, *words], cwd=folder, check=False, capture_output=True)  # sets them, and ends
    with _process(command, folder, port):
        settings = {"GCM_STORE_USER": "dba", "GCM_STORE_PASSWORD": password}
        yield Engine("virtuoso", read_endpoint(f"http://127.0.0.1:{port}/sparql", settings))


@contextmanager
def _process(command: list[str], folder: Path, port: int) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: process.poll() is not None or _listens(port))
        assert process.poll() is None, f"{command[0]} has ended"
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="session")
def local_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Serve the world from a store of our own."""
    directory = tmp_path_factory.mktemp("local")
    build(world(), directory, progress=lambda _: None)
    with served(directory) as app:
        yield app


Trouble = Callable[[BaseHTTPRequestHandler], None]


class LittleStore(ThreadingHTTPServer):
    """An engine of a few lines on pyoxigraph: the protocol as we use it, and any trouble a test wants."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.statements = Store()
        self.trouble: Trouble | None = None
        self.asked: list[tuple[str, str, dict[str, list[str]]]] = []  # method, path, parameters
        self.refuse_after = -1  # how many writings are taken before all others fail

    @property
    def engine(self) -> Engine:
        """Give its address."""
        settings = {"GCM_STORE_GRAPHS": "/graphs"}
        return Engine("little", read_endpoint(f"http://127.0.0.1:{self.server_port}/sparql", settings))

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that have gone."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LittleStore

    def do_POST(self) -> None:  # http.server's name
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if urlsplit(self.path).path == "/graphs":
            self._take(body)
            return
        asked = parse_qs(body.decode("ascii"))
        self.server.asked.append((self.command, self.path, asked))
        if self.server.trouble is not None:
            self.server.trouble(self)
            return
        self._answer(asked)

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._clear()
        self._take(body)

    def do_DELETE(self) -> None:
        self.server.asked.append((self.command, self.path, {}))
        self._clear()
        self.send(204, b"")

    def do_GET(self) -> None:
        self.send(404, b"no such graph")

    def send(self, status: int, body: bytes, media_type: str = "text/plain", **fields: str) -> None:
        """Answer."""
        self.send_response(status)
        for name, value in {"Content-Type": media_type, "Content-Length": str(len(body)), **fields}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _graph(self) -> NamedNode:
        return NamedNode(parse_qs(urlsplit(self.path).query)["graph"][0])

    def _clear(self) -> None:
        if self.server.refuse_after != 0:
            self.server.statements.remove_graph(self._graph())

    def _take(self, body: bytes) -> None:
        self.server.asked.append((self.command, self.path, {}))
        if self.server.refuse_after == 0:
            self.send(500, b"disk full")
            return
        self.server.refuse_after -= 1
        graph = self._graph()
        for quad in parse(body, RdfFormat.N_TRIPLES):
            self.server.statements.add(Quad(quad.subject, quad.predicate, quad.object, graph))
        self.send(201, b"")

    def _answer(self, asked: dict[str, list[str]]) -> None:
        graphs = {
            name: [NamedNode(each) for each in asked.get(name, [])] for name in asked if "graph" in name
        }
        try:
            results = self.server.statements.query(
                asked["query"][0],
                default_graph=[*graphs["default-graph-uri"]],
                named_graphs=[*graphs["named-graph-uri"]],
            )
        except SyntaxError as error:
            self.send(400, str(error).encode())
            return
        output = BytesIO()
        if isinstance(results, QueryTriples):
            results.serialize(output, RdfFormat.N_TRIPLES)
            self.send(200, output.getvalue(), "application/n-triples")
        else:
            results.serialize(output, QueryResultsFormat.JSON)
            self.send(200, output.getvalue(), "application/sparql-results+json")


@pytest.fixture
def little_store() -> Iterator[LittleStore]:
    """Run the little engine, holding nothing."""
    server = LittleStore()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


TINY: dict[str, tuple[str, ...]] = {"one": ("a", "b"), "two": ("b", "c")}


@pytest.fixture
def tiny_store(little_store: LittleStore) -> LittleStore:
    """Give the little engine two datasets of two statements, one of which both make, as after a load."""
    fill_tiny(little_store, "version-1", TINY)
    return little_store


def fill_tiny(server: LittleStore, name: str, graphs: dict[str, tuple[str, ...]]) -> None:
    base = "https://w3id.org/gcm/"
    rows = [
        {"iri": f"{base}data/{each}", "file": f"{each}.ttl", "triples": len(ids), "digest": each}
        for each, ids in graphs.items()
    ]
    state = {"id": name, "built": "2026-11-22T08:00:00+00:00", "triples": 4, "graphs": rows, "merges": []}
    merge = NamedNode(f"{base}store/merge/{name}")
    label = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    for each, ids in graphs.items():
        for thing in ids:
            for graph in (NamedNode(f"{base}data/{each}"), merge):
                server.statements.add(quad_of(f"{base}id/place/{thing}", label, f"Place {thing}", graph))
    about = f"{base}store/state"
    description = NamedNode("http://purl.org/dc/terms/description")
    server.statements.remove_graph(NamedNode(about))
    server.statements.add(quad_of(about, description, json.dumps(state), NamedNode(about)))


def quad_of(subject: str, predicate: NamedNode, text: str, graph: NamedNode | DefaultGraph) -> Quad:
    return Quad(NamedNode(subject), predicate, Literal(text), graph)


@pytest.fixture
def serve_store() -> Iterator[Callable[..., Flask]]:
    """Give what serves a remote store, looking at it often; what it began ends with the test."""
    apps: list[Flask] = []

    def serve(engine: Engine, **limits: float) -> Flask:
        apps.append(create_app(engine.reader, limits=Limits(**{"store_look_seconds": 0.05, **limits})))
        return apps[-1]

    yield serve
    apps.clear()
    gc.collect()
