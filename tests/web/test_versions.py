"""The version that is served: one for the length of a request, the newest for the next one."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from flask import Flask
from gcm.errors import StoreError
from gcm.limits import Limits
from gcm.web import create_app
from gcm.web.versions import Site, site
from pyoxigraph import Literal, NamedNode, Triple

from tests.served import served

pytestmark = pytest.mark.server

Graphs = Mapping[str, Sequence[Triple]]
MakeVersion = Callable[[Path, str, Graphs], Path]
GRAPHS = {"one": [Triple(NamedNode("http://example.org/a"), NamedNode("http://example.org/p"), Literal("x"))]}


@pytest.fixture
def app(tmp_path: Path, version_maker: MakeVersion) -> Iterator[Flask]:
    """Serve version-1 of a folder of versions."""
    version_maker(tmp_path, "version-1", GRAPHS)
    with served(tmp_path) as app:
        yield app


def test_request_sees_one_version_to_its_end(app: Flask, tmp_path: Path, version_maker: MakeVersion) -> None:
    with app.app_context():
        before = site().version().id
        version_maker(tmp_path, "version-2", GRAPHS)
        assert (before, site().version().id) == ("version-1", "version-1")
        first = site().pool()
    with app.app_context():
        assert (site().version().id, site().pool() is first) == ("version-2", False)


def test_version_is_opened_once(app: Flask) -> None:
    servings = []
    for _ in range(2):
        with app.app_context():
            servings.append(site().serving())
    assert servings[0] is servings[1]


def test_version_says_what_it_holds(app: Flask) -> None:
    with app.app_context():
        version = site().version()
    assert (version.id, version.triples, version.built) == ("version-1", 1, "2026-11-22T08:00:00Z")
    assert [(graph.iri.value, graph.file, graph.triples) for graph in version.graphs] == [
        ("https://w3id.org/gcm/data/one", "one.ttl", 1)
    ]


def test_lost_link_leaves_the_version_serving(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        site().serving()
    (tmp_path / "current").unlink()
    with app.app_context():
        assert site().version().id == "version-1"


def test_unreadable_version_leaves_the_old_one_serving(
    app: Flask, tmp_path: Path, version_maker: MakeVersion, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        site().serving()
    shutil.rmtree(version_maker(tmp_path, "version-2", GRAPHS) / "store")
    for _ in range(3):
        with app.app_context():
            assert site().version().id == "version-1"
    assert len([record for record in caplog.records if "cannot be read" in record.getMessage()]) == 1
    version_maker(tmp_path, "version-3", GRAPHS)
    with app.app_context():
        assert site().version().id == "version-3"


def test_version_that_cannot_be_read_is_a_store_error(tmp_path: Path, version_maker: MakeVersion) -> None:
    path = version_maker(tmp_path, "version-1", GRAPHS)
    shutil.rmtree(path / "store")
    app = create_app(tmp_path, limits=Limits(worker_count=1))
    with app.app_context(), pytest.raises(StoreError, match="cannot be read"):
        site().serving()


def test_folder_without_versions_is_a_store_error(tmp_path: Path) -> None:
    app = create_app(tmp_path, limits=Limits())
    assert isinstance(app.extensions["gcm"], Site)
    with app.app_context(), pytest.raises(StoreError, match="gcm load"):
        site().serving()
