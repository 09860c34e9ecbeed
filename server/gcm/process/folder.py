"""How a process works in a folder of others: alone, in whole files, and without making it look younger."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone_in(folder: Path) -> Iterator[bool]:
    """Be the one who works in a folder, and say whether that is so; it ends with this process, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_alone = True
    except BlockingIOError:
        is_alone = False
    try:
        yield is_alone
    finally:
        os.close(descriptor)


def write_whole(path: Path, text: str) -> None:
    """Write a file in one step, so that a power cut, too, leaves all of it or nothing.

    For its only writer: what one that was killed has left is written over. Raises OSError.
    """
    part = path.with_name(f".{path.name}")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


@contextmanager
def same_age(folder: Path) -> Iterator[None]:
    """Let a folder have the time that it had before the block; by it old versions are removed."""
    before = folder.stat()
    yield
    os.utime(folder, ns=(before.st_atime_ns, before.st_mtime_ns))
