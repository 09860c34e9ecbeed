"""Writing so that a crash leaves the old or the new, never a part, and never what was not confirmed."""

import fcntl
import json
import os
import shutil
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from threading import RLock
from typing import IO

#: Files and folders that begin with this are not finished; whoever holds the lock may remove them.
UNFINISHED = ".new-"


def write_file(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write a file whole: beside it first, then on the disk, then in its place, and that on the disk too."""
    beside = path.with_name(f"{UNFINISHED}{path.name}.{token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def json_text(value: object) -> bytes:
    """Give a value as JSON that people can read, too."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def remove_file(path: Path) -> None:
    """Remove a file that may not be there, and wait until the disk knows."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the disk holds the names in a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder with these files (names may have one step), all of it at once."""
    beside = path.with_name(f"{UNFINISHED}{path.name}.{token_hex(4)}")
    try:
        beside.mkdir()
        for name in sorted({each.partition("/")[0] for each in files if "/" in each}):
            (beside / name).mkdir()
        for name, data in files.items():
            write_file(beside / name, data)
        sync_folder(beside)
        beside.replace(path)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    sync_folder(path.parent)


def remove_unfinished(folder: Path, name: str = "") -> None:
    """Remove what killed processes left in a folder (of the file `name`); only for who holds the lock."""
    for path in folder.glob(f"{UNFINISHED}{name}*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


class FolderLock:
    """One at a time, over threads and processes; it ends with its process, however that ends.

    Whoever holds it may take it again.
    """

    def __init__(self, path: Path) -> None:
        """Take the file that stands for the lock."""
        self._path = path
        self._threads = RLock()
        self._file: IO[str] | None = None
        own = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _let_go(own()))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold it."""
        with self._threads:
            if self._file is not None:
                yield
                return
            with self._path.open("w") as self._file:
                fcntl.flock(self._file, fcntl.LOCK_EX)
                try:
                    yield
                finally:
                    self._file = None

    def let_go(self) -> None:
        """Close the file in a forked process, which would hold the lock on when its parent is killed."""
        if self._file is not None:
            self._file.close()


def _let_go(lock: FolderLock | None) -> None:
    if lock is not None:
        lock.let_go()
