"""Whole datasets, and all of them, as files: each is made once for a version, and lies in its folder.

A server has them made beside its work (`gcm.describe.making`); one that is asked for before is made at once.
Where the folder cannot be written, a file is made anew for each request.
"""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from pyoxigraph import NamedNode, RdfFormat

from gcm.describe.dump_files import Content, write_aside, write_once
from gcm.errors import NoRoomError
from gcm.process.folder import write_whole
from gcm.query import OpenVersion
from gcm.vocab import dump_stem

#: The dump of all datasets has this name; a dataset has that of its file.
ALL = "all"

#: Suffix -> the engine's serializer.
_FORMS = {"ttl": RdfFormat.TURTLE, "nq": RdfFormat.N_QUADS, "jsonld": RdfFormat.JSON_LD}

#: Turtle has no place for the names of graphs, so all datasets together are N-Quads or JSON-LD.
_DATASET_SUFFIXES = ("ttl", "jsonld")
_ALL_SUFFIXES = ("nq", "jsonld")

#: The file beside the dumps that holds length and checksum of all: it is written last.
_FACTS = "dumps.json"


@dataclass(frozen=True)
class Dump:
    """A file on offer: of one dataset, or of all if there is none; its form, and whether it is compressed."""

    dataset: NamedNode | None
    suffix: str
    is_compressed: bool

    @property
    def name(self) -> str:
        """The name of the file."""
        stem = ALL if self.dataset is None else dump_stem(self.dataset)
        return f"{stem}.{self.suffix}{'.gz' if self.is_compressed else ''}"

    @property
    def form(self) -> RdfFormat:
        """The RDF syntax inside."""
        return _FORMS[self.suffix]


@dataclass(frozen=True)
class DumpFacts:
    """The length of a dump in bytes, and its SHA-256 in hexadecimal digits."""

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
    path = _folder(version) / dump.name.replace("%", "%25").replace("/", "%2F")
    with suppress(OSError, ValueError):
        return _open(path)
    try:
        with suppress(OSError):
            write_once(path, _content(version, dump), is_there=lambda: _is_there(path))
            return _open(path)
        file = cast(IO[bytes], TemporaryFile())  # noqa: SIM115  # the reader closes it
        size, sha256 = write_aside(file, _content(version, dump))
        return Written(size, sha256, file)
    except OSError as error:
        message = (
            f"{dump.name} cannot be written at the moment: the server has no room for it "
            f"({error.strerror or 'disk full'}). Try again later, or ask for single datasets."
        )
        raise NoRoomError(message) from error


def make_dumps(version: OpenVersion) -> None:
    """Make all dumps of a version, and at the end write down their lengths and checksums.

    For one process at a time. Raises OSError or StoreError if they cannot be written.
    """
    facts = {}
    for dump in dumps_of(version):
        written = open_dump(version, dump)
        written.file.close()
        facts[dump.name] = {"size": written.size, "sha256": written.sha256}
    write_whole(_folder(version) / _FACTS, json.dumps(facts))


def dump_facts(version: OpenVersion) -> dict[str, DumpFacts]:
    """Give length and checksum of every dump, by its name; nothing until all of them are made."""
    try:
        facts = json.loads((_folder(version) / _FACTS).read_text("utf-8"))
        return {name: DumpFacts(int(fact["size"]), str(fact["sha256"])) for name, fact in facts.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _folder(version: OpenVersion) -> Path:
    return version.path / "dumps"


def _content(version: OpenVersion, dump: Dump) -> Content:
    plain = Dump(dump.dataset, dump.suffix, is_compressed=False)
    datasets = tuple(dict.fromkeys(graph.iri for graph in version.graphs))
    if not dump.is_compressed:
        return Content(version.store, dump.dataset or datasets, dump.form)
    return Content(version.store, dump.dataset or datasets, dump.form, lambda: open_dump(version, plain).file)


def _is_there(path: Path) -> bool:
    with suppress(OSError, ValueError):
        _open(path).file.close()
        return True
    return False


def _open(path: Path) -> Written:
    """Open a dump that was made before, with its checksum from the file beside it."""
    sha256, name = path.with_name(f"{path.name}.sha256").read_text("ascii").split()
    if len(sha256) != 64 or name != path.name:
        raise ValueError(path)
    file = path.open("rb")
    return Written(os.fstat(file.fileno()).st_size, sha256, file)
