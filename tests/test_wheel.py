"""The wheel alone is enough: graph, shapes, templates and questions travel in it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Server, query_path, started

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and unpack it into a folder of its own, without its dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    wheel = next(folder.glob("*.whl"))
    target = folder / "installed"
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-qq",
        "--no-deps",
        "--no-index",
        "--target",
        str(target),
    ]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    return target


@pytest.fixture
def server(installed: Path, tmp_path: Path) -> Iterator[Server]:
    """Serve from the wheel in an empty folder, on a free port."""
    command = [sys.executable, "-m", "gcm.cli", "serve", "--port", "0"]
    with started(command, folder=tmp_path, environment={"PYTHONPATH": str(installed)}) as server:
        yield server


def read(server: Server, path: str) -> str:
    response, body = server.get(path)
    assert response.status == 200, path
    return body.decode()


def test_wheel_serves_the_graph_in_an_empty_folder(installed: Path, server: Server) -> None:
    assert (installed / "gcm" / "graph" / "data").is_dir()
    assert json.loads(read(server, query_path("ASK{?s a gcm:State}", "json")))["boolean"] is True
    assert "Republic of Moldova" in read(server, "/doc/place/MDA.html")
    assert "?" in read(server, "/questions")
