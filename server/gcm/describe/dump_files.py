"""How a dump is written: whole or not at all, by one process at a time, with its checksum beside it.

The engine reads a graph in the order of its keys, so the same store always gives the same bytes, whoever
writes them.
"""

import fcntl
import gzip
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, serialize

from gcm.process.folder import same_age, write_whole
from gcm.query import Statements
from gcm.vocab import PREFIXES

#: How hard gzip tries, of 9: a third of the time of 9, and one percent more bytes.
_EFFORT = 6

#: Bytes that are copied and compressed at a time.
_PIECE_BYTES = 1_048_576


@dataclass(frozen=True)
class Content:
    """What a dump holds: one graph or several, in which form; `open_plain` opens it, to be compressed."""

    store: Statements
    graphs: NamedNode | tuple[NamedNode, ...]
    form: RdfFormat
    open_plain: Callable[[], IO[bytes]] | None = None

    def write(self, file: IO[bytes]) -> None:
        """Write it."""
        prefixes = None if self.form == RdfFormat.N_QUADS else dict(PREFIXES)
        if self.open_plain is not None:
            self._compress(file, self.open_plain)
        elif isinstance(self.graphs, tuple):
            serialize(_quads(self.store, self.graphs), file, format=self.form, prefixes=prefixes)
        elif isinstance(self.store, Store):
            self.store.dump(file, self.form, from_graph=self.graphs, prefixes=prefixes)
        else:
            triples = (quad.triple for quad in _quads(self.store, (self.graphs,)))
            serialize(triples, file, format=self.form, prefixes=prefixes)

    def _compress(self, file: IO[bytes], open_plain: Callable[[], IO[bytes]]) -> None:
        with (
            open_plain() as plain,
            gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=_EFFORT, mtime=0) as packed,
        ):
            shutil.copyfileobj(plain, packed, _PIECE_BYTES)


def _quads(store: Statements, graphs: tuple[NamedNode, ...]) -> Iterator[Quad]:
    for graph in graphs:
        yield from store.quads_for_pattern(None, None, None, graph)


def write_once(path: Path, content: Content, *, is_there: Callable[[], bool]) -> None:
    """Write a file and its checksum, unless another process has done so while this one waited.

    Raises OSError if it cannot be written; then nothing is left of it.
    """
    make_folder(path.parent)
    part = path.with_name(f".{path.name}")
    with _claimed(part) as file:
        if is_there():
            return
        file.truncate(0)
        content.write(file)
        file.flush()
        os.fsync(file.fileno())
        checksum = f"{_sha256(file)}  {path.name}\n"  # in the form that `sha256sum --check` reads
        write_whole(path.with_name(f"{path.name}.sha256"), checksum)
        part.replace(path)


def write_aside(file: IO[bytes], content: Content) -> tuple[int, str]:
    """Write into a file without a name; give its length in bytes and its SHA-256.

    Raises OSError if it cannot be written; then the file is closed.
    """
    try:
        content.write(file)
        file.flush()
        size, sha256 = file.tell(), _sha256(file)
    except OSError:
        file.close()
        raise
    file.seek(0)
    return size, sha256


@contextmanager
def _claimed(part: Path) -> Iterator[IO[bytes]]:
    """Open a file for the one process that writes it; what one that was killed has left is taken over.

    The file is its own lock (flock(2)). Who waited for it finds it renamed or removed, and opens anew.
    """
    while True:
        with part.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not _is_at(part, file):
                continue
            try:
                yield file
            finally:
                if _is_at(part, file):
                    part.unlink()
            return


def _is_at(path: Path, file: IO[bytes]) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _sha256(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(_PIECE_BYTES):
        digest.update(piece)
    return digest.hexdigest()


def make_folder(folder: Path) -> None:
    """Make a folder in that of a version, which gets no younger by it."""
    if not folder.is_dir():
        with same_age(folder.parent):
            folder.mkdir(exist_ok=True)
