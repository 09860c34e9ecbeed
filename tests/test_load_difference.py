"""A version made from the one before is the version that is made from nothing."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from gcm import load
from gcm.errors import SourceError
from gcm.layout import find_sources
from gcm.load import difference, order, record
from gcm.load.stock import SourceFile
from gcm.web.preparing import prepare
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Store

from tests.served import taken_up
from tests.test_load import HEADER, SMALL, add_dataset, build, quietly, root, store

pytestmark = pytest.mark.server

__all__ = ["root", "store"]  # fixtures

#: Statements of which files have some: all kinds of terms, one stored by value, two that share a blank node.
STATEMENTS = (
    "<http://a> <http://p> <http://b> .",
    '<http://a> <http://p> "text"@en .',
    '<http://a> <http://p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    "<http://a> <http://p> 1 .",
    "<http://b> <http://p> _:blank . _:blank <http://p> 2 .",
    "<http://b> <http://q> [ <http://p> ( 1 2 ) ] .",
)
NAMES = ("first", "second", "third")
CONTENT = st.frozensets(st.sampled_from(STATEMENTS))
STATES = st.lists(st.dictionaries(st.sampled_from(NAMES), CONTENT, min_size=1), min_size=2, max_size=3)


def statements_of(version: load.Version) -> tuple[Dataset, set[str]]:
    """Give all quads, blank nodes named canonically, and the names of the graphs."""
    opened = Store.read_only(str(version.path / "store"))
    dataset = Dataset(opened)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset, {str(each) for each in opened.named_graphs()}


def write_data(folder: Path, state: Mapping[str, frozenset[str]]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, lines in state.items():
        (folder / f"{name}.ttl").write_text(HEADER.format(name) + "\n".join(sorted(lines)) + "\n")


def counts_of(version: load.Version) -> object:
    manifest = json.loads((version.path / "manifest.json").read_text())
    return manifest["triples"], manifest["graphs"]


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with the version before, however much has changed."""
    monkeypatch.setattr(difference, "_PART", 1000)


def changed_often(root: Path, store: Path, *, times: int) -> load.Version:
    """Build a version after each of so many changes, and give the last."""
    for name in ("one", "two", "three", "four", "five", "six", "seven")[:times]:
        add_dataset(root, name)
        version = build(root, store)
    return version


def steps_of(version: load.Version) -> int:
    found = record.read_record(version.path)
    assert found is not None
    return found.steps


@settings(max_examples=10, deadline=None)
@given(STATES)
def test_any_change_gives_what_a_build_from_nothing_gives(states: list[dict[str, frozenset[str]]]) -> None:
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(difference, "_PART", 1000)
        place = Path(name)
        graph = shutil.copytree(SMALL, place / "graph")
        for number, state in enumerate(states):
            write_data(graph / "data", state)
            changed = load.build(find_sources(graph), place / "store", progress=quietly)
            whole = load.build(find_sources(graph), place / f"whole-{number}", progress=quietly)
            assert steps_of(changed) > 0 or changed.id == whole.id
            assert statements_of(changed) == statements_of(whole)
            assert counts_of(changed) == counts_of(whole)


@pytest.mark.usefixtures("always")
def test_a_changed_chapter_of_the_ontology_changes_the_graph_of_all(root: Path, store: Path) -> None:
    build(root, store)
    (root / "ontology" / "more.ttl").write_text("<http://a> <http://p> 1 . <http://b> <http://p> 1 .")
    build(root, store)
    (root / "ontology" / "more.ttl").write_text("<http://b> <http://p> 1 .")
    changed = build(root, store)
    assert steps_of(changed) == 2
    assert statements_of(changed) == statements_of(build(root, store.with_name("whole")))


@pytest.mark.usefixtures("always")
def test_what_another_dataset_still_says_stays_in_the_merge(root: Path, store: Path) -> None:
    for name in ("first", "second"):
        (root / "data" / f"{name}.ttl").write_text(HEADER.format(name) + "<http://a> <http://p> 1 .")
    build(root, store)
    answers = []
    for name in ("first", "second"):
        add_dataset(root, name)  # with its header alone
        opened = Store.read_only(str(build(root, store).path / "store"))
        answers.append(bool(opened.query("ASK { <http://a> <http://p> 1 }")))
    assert answers == [True, False]


@pytest.mark.usefixtures("always")
def test_of_many_statements_that_go_those_stay_in_the_merge_that_others_state(
    root: Path, store: Path
) -> None:
    lines = [rf'<http://a> <http://p> "{number} \\u0041 \n"@en .' for number in range(300)]
    lines += [f"<http://a> <http://q> _:b{number} ." for number in range(3)]
    lines += [f"_:b{number} <http://r> {number} ." for number in range(9)]
    for name, some in (("first", lines), ("second", lines[::7])):
        (root / "data" / f"{name}.ttl").write_text(HEADER.format(name) + "\n".join(some))
    build(root, store)
    add_dataset(root, "first")  # with its header alone
    changed = build(root, store)
    assert steps_of(changed) == 1
    assert statements_of(changed) == statements_of(build(root, store.with_name("whole")))


@pytest.mark.usefixtures("always")
def test_only_what_changed_is_read(root: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(root, store)
    add_dataset(root, "new")
    read: set[str] = set()
    original = SourceFile.read

    def note(file: SourceFile) -> bytes:
        read.add(file.path.name)
        return original(file)

    monkeypatch.setattr(SourceFile, "read", note)
    build(root, store)
    assert read == {"new.ttl"}


def test_a_small_change_begins_with_the_version_before_and_a_large_one_does_not(
    root: Path, store: Path
) -> None:
    (root / "data" / "filling.ttl").write_text(HEADER.format("filling") + "# words\n" * 500)
    build(root, store)
    add_dataset(root, "small")
    assert steps_of(build(root, store)) == 1
    (root / "data" / "large.ttl").write_text(HEADER.format("large") + "# words\n" * 500)
    assert steps_of(build(root, store)) == 0


@pytest.mark.usefixtures("always")
def test_the_version_before_keeps_every_byte_and_may_go(root: Path, store: Path) -> None:
    old = build(root, store)

    def bytes_of_old() -> dict[str, str]:
        paths = [path for path in (old.path / "store").iterdir() if path.name != "LOG"]
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}

    before = bytes_of_old()
    (root / "data" / "pledges.ttl").write_text(HEADER.format("pledges"))
    new = load.build(find_sources(root), store, progress=quietly, kept=2)
    assert steps_of(new) == 1
    assert bytes_of_old() == before
    add_dataset(root, "next")
    newest = load.build(find_sources(root), store, progress=quietly, kept=1)
    assert [path.name for path in (store / "versions").iterdir()] == [newest.id]
    assert statements_of(newest) == statements_of(build(root, store.with_name("whole")))


@pytest.mark.usefixtures("always")
def test_after_many_changes_the_store_is_put_in_order(
    root: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(difference, "_STEPS", 3)
    steps = []
    for name in ("one", "two", "three", "four", "five"):
        add_dataset(root, name)
        steps.append(steps_of(build(root, store)))
    assert steps == [0, 1, 2, 0, 1]


def put_in_order(version: load.Version, *, parent: int) -> int:
    """Run the process that does it, and give its exit status."""
    command = [sys.executable, "-m", "gcm.load.order", str(version.path), str(parent)]
    return subprocess.run(command, check=False).returncode


@pytest.mark.usefixtures("always")
def test_the_next_version_begins_with_the_copy_that_a_server_has_put_in_order(
    root: Path, store: Path
) -> None:
    old = build(root, store)
    assert not difference.is_due(old.path)
    old = changed_often(root, store, times=6)
    assert (steps_of(old), difference.is_due(old.path)) == (6, True)
    (old.path / "ordering").mkdir()  # half done by one that was killed
    assert put_in_order(old, parent=os.getpid()) == 0
    assert not (old.path / "ordering").exists()
    assert not difference.is_due(old.path)
    (root / "data" / "one.ttl").unlink()
    add_dataset(root, "new")
    new = build(root, store)
    assert steps_of(new) == 1
    assert {path.name for path in new.path.iterdir()} == {"store", "manifest.json", "sources.json"}
    assert statements_of(new) == statements_of(build(root, store.with_name("whole")))


@pytest.mark.usefixtures("always")
def test_a_copy_serves_though_a_version_was_built_while_it_was_put_in_order(root: Path, store: Path) -> None:
    old = changed_often(root, store, times=7)
    (root / "data" / "one.ttl").unlink()
    last = build(root, store)
    order.put_in_order(old.path)
    assert (steps_of(last), difference.is_due(last.path)) == (7, False)
    add_dataset(root, "new")
    new = build(root, store)
    assert steps_of(new) == 1
    assert statements_of(new) == statements_of(build(root, store.with_name("whole")))
    add_dataset(root, "newer")
    assert steps_of(build(root, store)) == 2  # the copy is older than what it begins with


@pytest.mark.usefixtures("always")
def test_putting_in_order_is_done_once_and_ends_with_the_server(root: Path, store: Path) -> None:
    version = changed_often(root, store, times=7)
    assert put_in_order(version, parent=os.getppid()) == os.EX_UNAVAILABLE  # it has another one
    folder = os.open(version.path.parent, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    assert put_in_order(version, parent=os.getpid()) == 0
    os.close(folder)
    assert not (version.path / "ordered").exists()
    shutil.rmtree(version.path / "store")
    assert put_in_order(version, parent=os.getpid()) == 1


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("lost", ["*.sst", "CURRENT", "MANIFEST-*"])
def test_a_damaged_version_is_not_built_upon(root: Path, store: Path, lost: str) -> None:
    old = build(root, store)
    for path in (old.path / "store").glob(lost):
        path.unlink()
    add_dataset(root, "new")
    new = build(root, store)
    assert steps_of(new) == 0
    assert statements_of(new) == statements_of(build(root, store.with_name("whole")))


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "oops",
        "[]",
        '{"format": 2}',
        '{"format": 1, "steps": 0, "files": []}',
        '{"format": 2, "steps": 0, "files": [[1]]}',
    ],
)
def test_a_version_of_which_we_do_not_know_the_files_is_not_built_upon(
    root: Path, store: Path, text: str
) -> None:
    (build(root, store).path / "sources.json").write_text(text)
    add_dataset(root, "new")
    assert steps_of(build(root, store)) == 0


@pytest.mark.usefixtures("always")
def test_a_fault_in_a_changed_file_leaves_the_version_before(root: Path, store: Path) -> None:
    old = build(root, store)
    add_dataset(root, "new")
    (root / "data" / "pledges.ttl").write_text(HEADER.format("pledges") + HEADER.format("twin"))
    with pytest.raises(SourceError, match=r"pledges\.ttl:2: this is a second dataset"):
        build(root, store)
    assert load.current(store) == old
    assert not list(store.glob("building-*"))


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("is_first", [True, False])
def test_a_build_that_fails_closes_its_store(root: Path, store: Path, is_first: bool) -> None:
    if not is_first:
        build(root, store)
    (root / "data" / "new.ttl").write_text(HEADER.format("new") + HEADER.format("twin"))
    with pytest.raises(SourceError) as caught:
        build(root, store)
    files = [os.path.realpath(each.path) for each in os.scandir("/proc/self/fd")]
    assert caught.value.line == 2  # the error is still held, and with it all frames that it has gone through
    assert not [each for each in files if each.startswith(str(store))]


@pytest.mark.usefixtures("always")
def test_a_server_puts_a_copy_in_order_beside_its_work(root: Path, store: Path) -> None:
    version = changed_often(root, store, times=7)
    taken_up(store, prepare)
    assert not difference.is_due(version.path)
    assert {each.name for each in version.path.iterdir()} >= {"store", "ordered", "dumps"}
