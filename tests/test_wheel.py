"""The wheel alone is enough: graph, shapes, templates and questions travel in it."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import started

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
def address(installed: Path, tmp_path: Path) -> Iterator[str]:
    """Serve from the wheel in an empty folder, on a free port; yield the address that it prints."""
    command = [sys.executable, "-m", "gcm.cli", "serve", "--port", "0"]
    with started(command, folder=tmp_path, environment={"PYTHONPATH": str(installed)}) as server:
        yield f"{server.address}/"


def test_wheel_serves_the_graph_in_an_empty_folder(installed: Path, address: str) -> None:
    assert (installed / "gcm" / "graph" / "data").is_dir()
    with urllib.request.urlopen(f"{address}sparql.json?query=ASK%7B%3Fs%20a%20gcm%3AState%7D") as answer:
        assert json.load(answer)["boolean"] is True
    with urllib.request.urlopen(f"{address}doc/place/MDA.html") as page:
        assert "Republic of Moldova" in page.read().decode()
    with urllib.request.urlopen(f"{address}questions") as page:
        assert "?" in page.read().decode()
