"""The application over the tiny invented graph, built and opened as a server does."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import IO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gcm.layout import find_sources, graph_root
from gcm.limits import Limits
from gcm.load import build
from gcm.web import create_app
from gcm.web.serve import claim_port
from gcm.web.versions import site

SERVE = """
import sys
from pathlib import Path
from gcm.web.serve import serve
serve(Path(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), workers=1)
"""


@pytest.fixture(scope="session")
def world_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Serve the world, two incoming links a page, so that small lists have pages too."""
    directory = tmp_path_factory.mktemp("store")
    root = graph_root()
    sources = find_sources(root, data=[root / "tests" / "world"], with_own_data=False)
    build(sources, directory, progress=lambda _: None)
    app = create_app(directory, limits=Limits(page_links=2, worker_count=1))
    yield app
    with app.app_context():
        site().pool().close()


@pytest.fixture
def client(world_app: Flask) -> FlaskClient:
    """Ask the application of the world."""
    return world_app.test_client()


def _read_to_the_end(lines: IO[str]) -> None:
    with lines:
        lines.read()


@pytest.fixture(scope="module")
def real_server() -> Iterator[Callable[[Path], int]]:
    """Give what runs a server as `gcm serve` does and gives its port; it ends with the module."""
    processes: list[subprocess.Popen[str]] = []
    readers: list[Thread] = []

    def start(directory: Path) -> int:
        port = claim_port("127.0.0.1", 0)
        command = [sys.executable, "-c", SERVE, str(directory), str(port)]
        processes.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
        lines = processes[-1].stderr
        assert lines is not None
        assert any("Serving version" in line for line in lines), "the server ended before it served"
        readers.append(Thread(target=_read_to_the_end, args=(lines,)))  # a full pipe would hold the server up
        readers[-1].start()
        return port

    yield start
    for process in processes:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
    for reader in readers:
        reader.join()
