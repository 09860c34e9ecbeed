"""The application over the tiny invented graph, built and opened as a server does."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gcm.layout import find_sources, graph_root
from gcm.load import build

from tests.served import served
from tests.servers import running


@pytest.fixture(scope="session")
def world_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Serve the world, two incoming links a page, so that small lists have pages too."""
    directory = tmp_path_factory.mktemp("store")
    root = graph_root()
    sources = find_sources(root, data=[root / "tests" / "world"], with_own_data=False)
    build(sources, directory, progress=lambda _: None)
    with served(directory, page_links=2) as app:
        yield app


@pytest.fixture
def client(world_app: Flask) -> FlaskClient:
    """Ask the application of the world."""
    return world_app.test_client()


@pytest.fixture(scope="module")
def real_server() -> Iterator[Callable[[Path], int]]:
    """Give what runs a server as `gcm serve` does and gives its port; it ends with the module."""
    with ExitStack() as servers:
        yield lambda directory: servers.enter_context(running(directory)).port
