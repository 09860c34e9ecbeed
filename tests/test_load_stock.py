"""Hashes of files are remembered, and never trusted where the file may be another."""

import hashlib
import json
import os
from io import BufferedReader
from pathlib import Path

import pytest
from gcm.errors import SourceError, StoreError
from gcm.layout import Sources, find_sources
from gcm.load import stock
from gcm.load.stock import HASHES, remember, take_stock

from tests.test_load import build, root, store

__all__ = ["root", "store"]  # fixtures


@pytest.fixture
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every file for one that was not touched for long."""
    monkeypatch.setattr(stock, "_CALM_NANOSECONDS", -(10**15))


def hashed(root: Path, directory: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the files that are hashed when the stock is taken."""
    found: list[str] = []
    original = hashlib.file_digest

    def note(content: BufferedReader, kind: str) -> object:
        found.append(Path(content.name).name)
        return original(content, kind)

    with monkeypatch.context() as patch:
        patch.setattr(hashlib, "file_digest", note)
        take_stock(find_sources(root), directory)
    return found


@pytest.mark.usefixtures("calm")
def test_a_hash_is_taken_once(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = find_sources(root)
    assert len(hashed(root, tmp_path, monkeypatch)) == len(sources.files + sources.checks)
    remember(take_stock(sources), tmp_path)
    assert hashed(root, tmp_path, monkeypatch) == []
    assert take_stock(sources, tmp_path) == take_stock(sources)


@pytest.mark.usefixtures("calm")
def test_a_file_of_the_same_size_and_date_is_hashed_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = root / "data" / "actors.ttl"
    stat = path.stat()
    before = take_stock(find_sources(root))
    remember(before, tmp_path)
    path.write_text(path.read_text()[::-1])
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert hashed(root, tmp_path, monkeypatch) == ["actors.ttl"]
    assert take_stock(find_sources(root), tmp_path).version_id != before.version_id


@pytest.mark.usefixtures("calm")
def test_a_file_put_in_the_place_of_another_is_hashed_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(take_stock(find_sources(root)), tmp_path)
    path = root / "data" / "actors.ttl"
    (root / "data" / "beside").write_bytes(path.read_bytes())
    (root / "data" / "beside").replace(path)
    assert hashed(root, tmp_path, monkeypatch) == ["actors.ttl"]


def test_a_file_touched_just_now_is_hashed_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "data" / "actors.ttl").touch()
    remember(take_stock(find_sources(root)), tmp_path)
    assert "actors.ttl" in hashed(root, tmp_path, monkeypatch)


@pytest.mark.usefixtures("calm")
@pytest.mark.parametrize(
    "text", ["", "[]", "[1]", "{", '{"a": 1}', '{"a": [1, 2]}', '{"a": ["1", 2, 3, 4, 5, "6"]}']
)
def test_hashes_that_cannot_be_read_are_taken_anew(root: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / HASHES).write_text(text)
    found = take_stock(find_sources(root), tmp_path)
    assert found == take_stock(find_sources(root))
    remember(found, tmp_path)
    assert len(json.loads((tmp_path / HASHES).read_text())) == len(found.files)


@pytest.mark.usefixtures("calm")
def test_a_build_remembers_the_hashes(root: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(root, store)
    assert hashed(root, store, monkeypatch) == []


def test_a_folder_that_cannot_be_written_costs_only_time(root: Path, tmp_path: Path) -> None:
    remember(take_stock(find_sources(root)), tmp_path / "absent")
    assert not (tmp_path / "absent").exists()


def test_what_changed_since_it_was_looked_at_is_not_read(root: Path) -> None:
    file = next(each for each in take_stock(find_sources(root)).files if each.path.name == "actors.ttl")
    file.path.write_text("another")
    with pytest.raises(StoreError, match="changed while they were read"):
        file.read()
    file.path.unlink()
    with pytest.raises(SourceError, match="no such file"):
        file.read()


@pytest.mark.parametrize(
    ("text", "has_commas"),
    [
        ("", False),
        ('<http://example.org/a> <http://example.org/b> "<c , d>" , "e,f" .', False),
        ("<http://example.org/a,b> a <http://example.org/b> .", True),
        ("@prefix x: <http://example.org/,> .", True),
        ("x:a\\,b a x:c .", True),
        ("<http://example.org/\\u002Cb> a x:c .", True),
        ("<http://example.org/é\\u00e9,b> a x:c .", True),
        ("x:a x:b <<( x:c x:d x:e )>> .", True),
    ],
)
def test_addresses_with_commas_are_seen(tmp_path: Path, text: str, has_commas: bool) -> None:
    path = tmp_path / "one.ttl"
    path.write_text(text)
    (found,) = take_stock(Sources(ontology=(), shapes=(), checks=(), data=(path,))).files
    assert found.has_commas is has_commas
