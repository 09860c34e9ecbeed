"""Versions that a process of its own builds, for those that were forked."""

import os
from pathlib import Path

import pytest
from gcm.errors import SourceError, StoreError
from gcm.layout import Sources, find_sources, graph_root
from gcm.load import build, current, version_id
from gcm.load.apart import build_apart

pytestmark = pytest.mark.server

ROOT = graph_root()


def sources_in(data: Path) -> Sources:
    return find_sources(ROOT, data=[data], with_own_data=False)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Copy one file of the world."""
    folder = tmp_path / "data"
    folder.mkdir()
    name = "world-commitments.ttl"
    (folder / name).write_bytes((ROOT / "tests" / "world" / name).read_bytes())
    return folder


def test_it_is_the_version_that_would_be_built_here(data: Path, tmp_path: Path) -> None:
    version = build_apart(sources_in(data), tmp_path / "store")
    assert version == current(tmp_path / "store")
    assert version.id == version_id(sources_in(data))


def test_a_forked_process_builds_upon_what_its_parent_built(data: Path, tmp_path: Path) -> None:
    """Here `build` itself would wait for ever: the engine's threads stay with the parent."""
    before = build(sources_in(data), tmp_path / "store", progress=lambda _: None)
    text = (data / "world-commitments.ttl").read_text("utf-8")
    (data / "world-commitments.ttl").write_text(text.replace('"9001"', '"9002"'), "utf-8")
    child = os.fork()
    if child == 0:
        try:
            build_apart(sources_in(data), tmp_path / "store")
        finally:
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert before.id != current(tmp_path / "store").id == version_id(sources_in(data))


def test_what_is_wrong_is_said_here(data: Path, tmp_path: Path) -> None:
    (data / "wrong.ttl").write_text("nonsense", "utf-8")
    with pytest.raises(SourceError) as caught:
        build_apart(sources_in(data), tmp_path / "store")
    assert (caught.value.path.name, caught.value.line) == ("wrong.ttl", 1)
    (data / "wrong.ttl").unlink()
    (tmp_path / "file").write_text("in the way", "utf-8")
    with pytest.raises(StoreError, match="cannot be written"):
        build_apart(sources_in(data), tmp_path / "file")
