"""A process that puts a store in order may be killed at any step: nothing that serves or is built changes."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from gcm import load
from gcm.load import difference, order, record
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Store

from tests.test_load import add_dataset, build, root, rubbish, store

pytestmark = pytest.mark.server

__all__ = ["root", "store"]  # fixtures

#: Puts a copy in order, and ends itself with signal 9 at a step; 0: at none.
ORDERER = """
import os, sys
from pathlib import Path
from gcm.load import difference, order
left = int(sys.argv[2])
def counted(act):
    def call(*arguments, **options):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)
        return act(*arguments, **options)
    return call
for name in ("fsync", "link", "mkdir", "rename", "rmdir", "sendfile", "unlink"):
    setattr(os, name, counted(getattr(os, name)))
class Stepwise:
    def __init__(self, place):
        self._store = Store(place)
    def __getattr__(self, name):
        return counted(getattr(self._store, name))
Store, order.Store = order.Store, counted(Stepwise)
difference._STEPS_BESIDE = 1
order.main(Path(sys.argv[1]), os.getppid())
"""


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with the version before, however much has changed."""
    monkeypatch.setattr(difference, "_PART", 1000)


def is_ordered_before(step: int, version: load.Version) -> bool:
    """Put a copy in order in a process that is killed at this step; tell whether it was done before."""
    command = [sys.executable, "-c", ORDERER, str(version.path), str(step)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode in (-signal.SIGKILL, 0), done.stderr
    return done.returncode == 0


def statements_in(place: Path) -> Dataset:
    dataset = Dataset(Store.read_only(str(place)))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def half_done(version: load.Version) -> Path:
    """Leave what a killed process could have left."""
    folder = version.path / "ordering"
    folder.mkdir()
    (folder / "CURRENT").write_text("MANIFEST-000001\n")
    return folder


def copy(store: Path, to: Path) -> Path:
    return Path(shutil.copytree(store, to, symlinks=True))


def test_ordering_killed_at_any_step_harms_nothing(root: Path, store: Path, tmp_path: Path) -> None:
    build(root, store)
    add_dataset(root, "one")
    old = build(root, store)
    half_done(old)
    before = statements_in(old.path / "store")
    add_dataset(root, "two")
    after = statements_in(build(root, store.with_name("whole")).path / "store")
    for step in count(1):
        killed = copy(store, tmp_path / f"killed-{step}")
        if is_ordered_before(step, load.current(killed)):
            break
        served = load.current(killed)
        assert (served.id, statements_in(served.path / "store")) == (old.id, before), step
        again = load.current(copy(killed, tmp_path / f"again-{step}"))
        assert is_ordered_before(0, again), step
        assert statements_in(again.path / "ordered") == before, step
        new = build(root, killed)
        assert statements_in(new.path / "store") == after, step
        for folder in (again.path, new.path, served.path):
            assert not (folder / "ordering").exists(), step
        assert rubbish(killed) == set(), step
    assert step > 40  # else nothing was watched
    assert statements_in(load.current(killed).path / "ordered") == before


def test_what_a_killed_process_left_goes_and_the_version_gets_no_younger(root: Path, store: Path) -> None:
    """Old versions are removed by their age."""
    old = build(root, store)
    left = half_done(old)
    os.utime(old.path, (1, 1))
    add_dataset(root, "one")
    build(root, store)
    assert (left.exists(), old.path.stat().st_mtime) == (False, 1)


def test_version_gets_no_younger_by_being_put_in_order(root: Path, store: Path) -> None:
    """Old versions are removed by their age."""
    version = build(root, store)
    os.utime(version.path, (1, 1))
    order.put_in_order(version.path)
    assert version.path.stat().st_mtime == 1


def test_what_is_being_put_in_order_stays(root: Path, store: Path) -> None:
    making = half_done(build(root, store))
    folder = os.open(store / "versions", os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    add_dataset(root, "one")
    build(root, store)
    os.close(folder)
    assert (making / "CURRENT").exists()


def test_copy_is_on_the_disk_before_it_has_its_name_and_has_fewer_tables(
    root: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two", "three"):
        add_dataset(root, name)
        version = build(root, store)
    written: list[tuple[Path, bool]] = []
    monkeypatch.setattr(
        order, "write_through", lambda folder: written.append((folder, (version.path / "ordered").exists()))
    )
    order.put_in_order(version.path)
    assert written == [(version.path / "ordering", False)]
    ordered, before = (len([*(version.path / name).glob("*.sst")]) for name in ("ordered", "store"))
    assert ordered < before


def test_copy_is_closed_before_it_is_written_to_the_disk(
    root: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that is open may write once more, and under the name that it had."""
    version = build(root, store)
    told: list[str] = []

    class Telling:
        def __init__(self, place: Path) -> None:
            self._store = Store(place)

        def __del__(self) -> None:
            told.append("close")

        def optimize(self) -> None:
            told.append("optimize")

        def flush(self) -> None:
            told.append("flush")

    monkeypatch.setattr(order, "Store", Telling)
    monkeypatch.setattr(order, "write_through", lambda _: told.append("write through"))
    order.put_in_order(version.path)
    assert told == ["optimize", "flush", "close", "write through"]


def test_process_that_cannot_do_it_says_which_version_in_one_line(root: Path, store: Path) -> None:
    version = build(root, store)
    known = record.read_record(version.path)
    assert known is not None
    record.write_record(replace(known, steps=6), version.path)  # so it is due
    shutil.rmtree(version.path / "store")
    command = [sys.executable, "-m", "gcm.load.order", str(version.path), str(os.getpid())]
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=60)
    said, end, rest = done.stderr.partition("\n")
    assert (done.returncode, end, rest) == (1, "\n", "")
    assert said.startswith(f"no copy of version {version.id} is put in order: ")


def test_process_gives_way_to_all_others_and_does_nothing_that_is_not_due(root: Path, store: Path) -> None:
    version = build(root, store)
    text = "import os, sys; from pathlib import Path; from gcm.load.order import main; "
    text += "main(Path(sys.argv[1]), os.getppid()); print(os.nice(0))"
    command = [sys.executable, "-c", text, str(version.path)]
    assert subprocess.run(command, capture_output=True, check=True, timeout=60).stdout == b"19\n"
    assert {each.name for each in version.path.iterdir()} == {"store", "manifest.json", "sources.json"}
