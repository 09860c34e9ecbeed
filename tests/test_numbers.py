"""The numbers of a version: counted once beside the servers, written down, and read by all of them."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from gcm import load
from gcm.describe import (
    Graph,
    coverage_of,
    has_numbers,
    statistics_of,
    things_in_mixed_case,
    things_of,
    write_numbers,
)
from gcm.describe import counted as counted_files
from gcm.layout import Sources, find_sources
from gcm.limits import Limits
from gcm.query import OpenVersion, open_version
from gcm.query.files import FOLDER
from gcm.vocab import BASE
from gcm.web import create_app

from tests.test_load import HEADER

ROOT = Path(__file__).parents[1]
NAMES = ("things", "statistics", "coverage", "mixed-case")
DESCRIBE = Path(counted_files.__file__).parent
COUNTERS = {"gcm.describe.statistics.page_query", "gcm.describe.coverage.page_query"}


def sources(directory: Path) -> Sources:
    """Name the files of the world, and that in `directory` with a thing whose code is in mixed case."""
    found = find_sources(ROOT)
    data = (*sorted(ROOT.glob("tests/world/*.ttl")), directory / "mixed.ttl")
    return Sources(found.ontology, found.shapes, found.checks, data)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("numbers")
    thing = f"<{BASE}id/organization/Mixed-ONE> a <{BASE}ontology/Organization> .\n"
    (directory / "mixed.ttl").write_text(HEADER.format("mixed") + thing)
    load.build(sources(directory), directory, progress=lambda _: None)
    return directory


@pytest.fixture(scope="module")
def counted(built: Path) -> tuple[object, ...]:
    return all_of(Graph(open_version(load.current(built).path).store))


@pytest.fixture
def directory(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "store", symlinks=True))


@pytest.fixture
def version(directory: Path) -> OpenVersion:
    return open_version(load.current(directory).path)


def all_of(graph: Graph) -> tuple[object, ...]:
    lists = things_of(graph), things_in_mixed_case(graph)
    return [*statistics_of(graph).items()], [*coverage_of(graph).items()], *lists


def served(version: OpenVersion) -> tuple[object, ...]:
    return all_of(Graph(version.store, folder=version.path))


def file_of(version: OpenVersion, name: str) -> Path:
    return folder_of(version) / f"{name}.json"


def folder_of(version: OpenVersion) -> Path:
    (found,) = version.path.glob("numbers-*")
    return found


def make(version: OpenVersion, *, before: str = "") -> int:
    """Run the process that counts, after some lines of Python; give how it ended."""
    run = f"{before}\nimport sys; from gcm.describe.making import main; main(*sys.argv[1:])"
    command = [sys.executable, "-c", run, str(version.path), str(os.getpid())]
    return subprocess.run(command, check=False).returncode


def test_numbers_that_are_read_are_those_that_are_counted(
    version: OpenVersion, counted: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(counted)
    write_numbers(version)
    for counter in COUNTERS:
        monkeypatch.setattr(counter, None)
    assert served(version) == counted


def test_server_counts_nothing_that_the_process_beside_it_has_counted(
    directory: Path, version: OpenVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = ("/.well-known/void", "/data.nt", "/sitemap.xml")
    counting = create_app(directory, limits=Limits(worker_count=1)).test_client()
    before = {address: counting.get(address) for address in addresses[::2]}
    assert (make(version), has_numbers(version)) == (0, True)
    for counter in COUNTERS:
        monkeypatch.setattr(counter, None)
    reading = create_app(directory, limits=Limits(worker_count=1)).test_client()
    for address in addresses:
        assert reading.get(address).status_code == 200
    assert reading.get("/id/organization/mixed-one").location == "/id/organization/Mixed-ONE"
    for address, answer in before.items():
        again = reading.get(address)
        assert (again.data, again.headers["ETag"]) == (answer.data, answer.headers["ETag"])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "content", [None, "", "[1, 2", "null", "7", '["a b"]', '[{"dataset":null}]', "[[1]]"]
)
def test_what_is_missing_or_broken_is_counted(
    version: OpenVersion, counted: tuple[object, ...], name: str, content: str | None
) -> None:
    write_numbers(version)
    file_of(version, name).unlink()
    if content is not None:
        file_of(version, name).write_text(content, "utf-8")
    assert has_numbers(version) == (content is not None)
    assert served(version) == counted


@pytest.mark.parametrize(
    ("folder", "changed", "more"),
    [
        (FOLDER / "pages", "languages.rq", "# counts otherwise"),
        (DESCRIBE, "coverage.py", "# writes otherwise"),
    ],
)
def test_what_was_counted_otherwise_is_counted_again(
    version: OpenVersion,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    folder: Path,
    changed: str,
    more: str,
) -> None:
    write_numbers(version)
    copied = Path(shutil.copytree(folder, tmp_path / "copy"))
    folders = tuple(copied if each == folder else each for each in counted_files._COUNTERS)
    monkeypatch.setattr(counted_files, "_COUNTERS", folders)
    assert has_numbers(version)  # the same files in another place
    with (copied / changed).open("a") as file:
        file.write(f"{more}\n")
    counted_files._hash_of.cache_clear()
    assert not has_numbers(version)
    write_numbers(version)
    assert has_numbers(version)


@pytest.mark.parametrize("done", range(len(NAMES)))
def test_process_that_is_killed_leaves_nothing_half_written(
    version: OpenVersion, counted: tuple[object, ...], done: int
) -> None:
    """It is killed when a file is written, and has not its name yet; the next one goes on from there."""
    kill = f"""
import os, pathlib
replace, left = pathlib.Path.replace, [None] * {done}
pathlib.Path.replace = lambda *names: replace(*names) if left and not left.pop() else os.kill(os.getpid(), 9)
"""
    assert make(version, before=kill) == -signal.SIGKILL
    assert [file_of(version, name).exists() for name in NAMES] == [name in NAMES[:done] for name in NAMES]
    assert not has_numbers(version)
    assert served(version) == counted
    assert (make(version), has_numbers(version)) == (0, True)
    assert {each.name for each in folder_of(version).iterdir()} == {f"{each}.json" for each in NAMES}
    assert served(version) == counted


def test_numbers_leave_the_version_as_it_was_and_go_with_it(directory: Path, version: OpenVersion) -> None:
    before = version.path.stat().st_mtime_ns, (version.path / "manifest.json").read_bytes()
    write_numbers(version)
    assert (version.path.stat().st_mtime_ns, (version.path / "manifest.json").read_bytes()) == before
    known = sources(directory)
    assert load.build(known, directory, progress=lambda _: None).id == version.id
    fewer = replace(known, data=known.data[:-1])
    load.build(fewer, directory, progress=lambda _: None, kept=1)
    assert not version.path.exists()
    assert not [*directory.rglob("numbers-*")]


def test_numbers_that_cannot_be_written_are_counted(
    version: OpenVersion, counted: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> None:
        raise OSError(30, "Read-only file system", str(folder))

    monkeypatch.setattr("gcm.describe.counted.make_folder", refuse)
    with pytest.raises(OSError, match="Read-only"):
        write_numbers(version)
    assert served(version) == counted
