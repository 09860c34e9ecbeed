"""Writing whole or not at all, and one at a time."""

import os
import signal
from pathlib import Path
from threading import Event, Thread

import pytest
from gcm.desk import Desk, State
from gcm.desk.disk import FolderLock, remove_unfinished, write_file, write_folder
from gcm.errors import ConflictError, NoRoomError, StoreError

from tests.desk_world import ONE, TWO, Place, add_note, lenient, note, says


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_file(path, b"one")
    write_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    write_file(path, b"one")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_file(path, b"two")
    with pytest.raises(OSError, match="No space"):
        write_folder(tmp_path / "b", {"c/d": b""})
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a", b"one")]


def test_what_killed_processes_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".new-folder.1").mkdir()
    (tmp_path / ".new-a.ttl.1").touch()
    (tmp_path / "a.ttl").touch()
    remove_unfinished(tmp_path, "a.ttl")
    assert {each.name for each in tmp_path.iterdir()} == {".new-folder.1", "a.ttl"}
    remove_unfinished(tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == {"a.ttl"}


def test_a_lock_is_for_one_and_may_be_taken_again(tmp_path: Path) -> None:
    one, other = FolderLock(tmp_path / "lock"), FolderLock(tmp_path / "lock")
    entered, seen = Event(), []

    def enter() -> None:
        with other.held():
            seen.append("other")
            entered.set()

    with one.held(), one.held():
        thread = Thread(target=enter)
        thread.start()
        assert not entered.wait(0.05)
        seen.append("one")
    thread.join()
    assert seen == ["one", "other"]


def test_a_forked_process_does_not_hold_a_lock_on(tmp_path: Path) -> None:
    """A process that a server forks while it publishes may outlive it."""
    lock = FolderLock(tmp_path / "lock")
    with lock.held():
        child = os.fork()
        if not child:
            signal.pause()
            os._exit(0)
        taken = (
            lock._file
        )  # what is left to the child is closed there; here it is as if the server was killed
        assert taken is not None
        taken.close()
        with FolderLock(tmp_path / "lock").held():
            os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_a_full_disk_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    desk.tokens.issue("example-one", ONE.role, days=1)
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(NoRoomError, match="No space left"):
        desk.propose_statements(ONE, add_note("new"))
    monkeypatch.undo()
    assert desk.proposals() == ()


def test_a_version_that_cannot_be_built_leaves_all_as_it_was(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = place.desk(lenient)
    desk.propose_statements(ONE, add_note("new"))
    before = {path.name: path.read_bytes() for path in place.data.iterdir()}

    def fail(*_: object, **__: object) -> None:
        raise StoreError("a version cannot be written")

    with monkeypatch.context() as patched:
        patched.setattr("gcm.desk.room.build", fail)
        with pytest.raises(StoreError, match="cannot be written"):
            desk.approve(TWO, 1)
    assert {path.name: path.read_bytes() for path in place.data.iterdir()} == before
    assert desk.proposal(1).state is State.OPEN
    assert not (place.folder / "publishing").exists()
    assert place.agrees()
    assert desk.approve(TWO, 1).state is State.PUBLISHED


def test_recovery_keeps_what_was_changed_by_hand(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = place.desk(lenient)
    desk.propose_statements(ONE, add_note("new"))

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("gcm.desk.room.build", stop)
        with pytest.raises(KeyboardInterrupt):
            desk.approve(TWO, 1)
    assert (place.folder / "publishing").exists()
    path = place.data / "world-commitments.ttl"
    written = path.read_text("utf-8")
    path.write_text(written + "# by hand\n", "utf-8")
    with pytest.raises(ConflictError, match="changed by hand"):
        place.desk(lenient).recover()
    assert path.read_text("utf-8").endswith("# by hand\n")
    path.write_text(written, "utf-8")
    place.desk(lenient).recover()
    assert desk.proposal(1).state is State.PUBLISHED
    assert says(desk, note("new"))
    assert place.agrees()
