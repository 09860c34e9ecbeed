"""Whole datasets, and all of them, as files: each is made once for a version, when it is first asked for.

They lie in the folder of the version, so they go with it. Written under another name and renamed, a file
is whole or absent; where the folder cannot be written, a file is made anew for each request.
"""

import gzip
import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import IO, cast

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from gcm.describe.graph import Graph
from gcm.errors import NoRoomError
from gcm.query import OpenVersion
from gcm.vocab import BASE, DATASET, PREFIXES

#: The dump of all datasets has this name; a dataset has that of its file.
ALL = "all"

#: Suffix -> the engine's serializer.
_FORMS = {"ttl": RdfFormat.TURTLE, "nq": RdfFormat.N_QUADS, "jsonld": RdfFormat.JSON_LD}

#: Turtle has no place for the names of graphs, so all datasets together are N-Quads or JSON-LD.
_DATASET_SUFFIXES = ("ttl", "jsonld")
_ALL_SUFFIXES = ("nq", "jsonld")


@dataclass(frozen=True)
class Dump:
    """A file on offer: of one dataset, or of all if there is none; its form, and whether it is compressed."""

    dataset: NamedNode | None
    suffix: str
    is_compressed: bool

    @property
    def name(self) -> str:
        """The name of the file."""
        stem = ALL if self.dataset is None else self.dataset.value.removeprefix(DATASET).removeprefix(BASE)
        return f"{stem}.{self.suffix}{'.gz' if self.is_compressed else ''}"

    @property
    def form(self) -> RdfFormat:
        """The RDF syntax inside."""
        return _FORMS[self.suffix]


@dataclass(frozen=True)
class DumpFacts:
    """A dump, its length in bytes, and its SHA-256 in hexadecimal digits."""

    dump: Dump
    size: int
    sha256: str


@dataclass(frozen=True)
class Written:
    """A dump that is there: its length in bytes, its SHA-256 in hexadecimal digits, and the open file."""

    size: int
    sha256: str
    file: IO[bytes]


def dumps_of(version: OpenVersion) -> tuple[Dump, ...]:
    """List the dumps of a version: those of all datasets first."""
    datasets = dict.fromkeys(graph.iri for graph in version.graphs)
    offers = [(None, suffix) for suffix in _ALL_SUFFIXES]
    more = [(dataset, suffix) for dataset in datasets for suffix in _DATASET_SUFFIXES]
    return tuple(
        Dump(dataset, suffix, is_compressed)
        for dataset, suffix in (*offers, *more)
        for is_compressed in (False, True)
    )


def open_dump(version: OpenVersion, dump: Dump) -> Written:
    """Open a dump, made now if it is not there yet.

    Raises NoRoomError if it cannot be written anywhere.
    """
    path = version.path / "dumps" / dump.name.replace("/", "%2F")
    with suppress(OSError, ValueError):
        return _open(path)
    try:
        with suppress(OSError):
            _write_beside(version, dump, path)
            return _open(path)
        return _write_aside(version, dump)
    except OSError as error:
        message = (
            f"{dump.name} cannot be written at the moment: the server has no room for it "
            f"({error.strerror or 'disk full'}). Try again later, or ask for single datasets."
        )
        raise NoRoomError(message) from error


def dump_facts(graph: Graph, version: OpenVersion) -> tuple[DumpFacts, ...]:
    """Give length and checksum of every dump; makes those that are not there yet."""
    return graph.remember(_all_facts, version)


def _all_facts(_: Graph, version: OpenVersion) -> tuple[DumpFacts, ...]:
    return tuple(_facts(version, dump) for dump in dumps_of(version))


def _facts(version: OpenVersion, dump: Dump) -> DumpFacts:
    written = open_dump(version, dump)
    written.file.close()
    return DumpFacts(dump, written.size, written.sha256)


def _open(path: Path) -> Written:
    """Open a dump that was made before, with its checksum from the file beside it."""
    sha256, name = path.with_name(f"{path.name}.sha256").read_text("ascii").split()
    if len(sha256) != 64 or name != path.name:
        raise ValueError(path)
    file = path.open("rb")
    return Written(os.fstat(file.fileno()).st_size, sha256, file)


def _write_beside(version: OpenVersion, dump: Dump, path: Path) -> None:
    """Write a dump and its checksum into the folder of the version, each in one step, the dump last."""
    _make_folder(path.parent)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            meter = _write(version, dump, cast(IO[bytes], file))
            file.flush()
            os.fsync(file.fileno())
            _write_checksum(path, meter.sha256)
            Path(file.name).replace(path)
        finally:
            with suppress(FileNotFoundError):
                Path(file.name).unlink()


def _write_checksum(path: Path, sha256: str) -> None:
    with NamedTemporaryFile("w", dir=path.parent, prefix=".", delete=False, encoding="ascii") as file:
        try:
            file.write(f"{sha256}  {path.name}\n")
            file.flush()
            Path(file.name).replace(path.with_name(f"{path.name}.sha256"))
        finally:
            with suppress(FileNotFoundError):
                Path(file.name).unlink()


def _make_folder(folder: Path) -> None:
    """Make the folder of the dumps, and keep the version's own time, by which old ones are removed."""
    if not folder.is_dir():
        before = folder.parent.stat()
        folder.mkdir(exist_ok=True)
        os.utime(folder.parent, ns=(before.st_atime_ns, before.st_mtime_ns))


def _write_aside(version: OpenVersion, dump: Dump) -> Written:
    """Write a dump into a file without a name, which ends with its reader."""
    file = cast(IO[bytes], TemporaryFile())  # noqa: SIM115  # the reader closes it
    try:
        meter = _write(version, dump, file)
    except OSError:
        file.close()
        raise
    file.seek(0)
    return Written(meter.size, meter.sha256, file)


def _write(version: OpenVersion, dump: Dump, file: IO[bytes]) -> "_Meter":
    """Serialize a dump into `file`; the same version always gives the same bytes."""
    meter = _Meter(file)
    if dump.is_compressed:
        with gzip.GzipFile(filename="", mode="wb", fileobj=cast(IO[bytes], meter), mtime=0) as compressed:
            _serialize(version, dump, cast(IO[bytes], compressed))
    else:
        _serialize(version, dump, cast(IO[bytes], meter))
    return meter


def _serialize(version: OpenVersion, dump: Dump, output: IO[bytes]) -> None:
    prefixes = None if dump.form == RdfFormat.N_QUADS else dict(PREFIXES)
    if dump.dataset is None:
        serialize(_all_quads(version), output, format=dump.form, prefixes=prefixes)
    else:
        quads = version.store.quads_for_pattern(None, None, None, dump.dataset)
        serialize((quad.triple for quad in quads), output, format=dump.form, prefixes=prefixes)


def _all_quads(version: OpenVersion) -> Iterator[Quad]:
    for dataset in dict.fromkeys(graph.iri for graph in version.graphs):
        yield from version.store.quads_for_pattern(None, None, None, dataset)


class _Meter:
    """A file that counts its bytes and makes their checksum while they are written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was written so far."""
        return self._digest.hexdigest()

    def flush(self) -> None:
        """Do nothing: the engine and gzip call this; the file is flushed by its owner."""

    def write(self, data: bytes) -> int:
        """Write some bytes."""
        self._file.write(data)
        self._digest.update(data)
        self.size += len(data)
        return len(data)
