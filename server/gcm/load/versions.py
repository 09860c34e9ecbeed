"""Immutable store versions: built beside the version that serves, switched in one step."""

import fcntl
import hashlib
import json
import logging
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, Store

from gcm.errors import SourceError, StoreError
from gcm.layout import Sources
from gcm.limits import Limits
from gcm.load.files import GraphFile, read_graph_file, refuse_shared_datasets

log = logging.getLogger(__name__)

Progress = Callable[[str], None]

#: Part of every version's name; raise it when the same files must be built anew.
STORE_FORMAT = 1
#: Versions that stay on disk unless told otherwise, the current one among them.
VERSIONS_KEPT = int(Limits().kept_versions)
#: The file in the folder of versions that names those that were removed, one a line.
REMOVED = "removed"
_UNFINISHED = re.compile(r"building-|removing-|current\.new$")


@dataclass(frozen=True)
class Version:
    """A finished version: `path` holds store/ (Oxigraph) and manifest.json, and never changes."""

    id: str
    path: Path


def version_id(sources: Sources) -> str:
    """Name the version that these sources make: 16 hexadecimal digits of a hash over all names and bytes.

    Raises SourceError if a file cannot be read.
    """
    digest = hashlib.sha256(f"{STORE_FORMAT}\n".encode())
    for kind in ("ontology", "shapes", "checks", "data"):
        for path in getattr(sources, kind):
            content = _read_bytes(path)
            digest.update(f"{kind}/{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def is_built(sources: Sources, directory: Path) -> bool:
    """Tell whether the version of these sources is finished, so that `build` has nothing to read."""
    return _version(directory, version_id(sources)).path.is_dir()


def build(sources: Sources, directory: Path, *, progress: Progress, kept: int = VERSIONS_KEPT) -> Version:
    """Build the version of these sources below `directory` and make it the current one; `kept` stay in all.

    A version that is already there is not built again. Killed at any moment, this leaves the version before
    it current; the next build removes what was left. Raises SourceError if a file cannot be read, StoreError
    if `directory` cannot be written or the files change meanwhile.
    """
    version = _version(directory, version_id(sources))
    if _is_current(version, directory) and not _unfinished(directory) and not _outdated(directory, kept):
        return version
    with _clear_errors(directory):
        (directory / "versions").mkdir(parents=True, exist_ok=True)
        with _only_builder(directory, progress):
            _remove_unfinished(directory)
            if not version.path.is_dir():
                _write_version(sources, version, directory / f"building-{version.id}", progress=progress)
            _make_current(version, directory)
            _remove_old_versions(directory, kept)
    return version


def current(directory: Path) -> Version:
    """Find the version that is to be served. Raises StoreError if there is none."""
    try:
        name = Path(os.readlink(directory / "current")).name
    except OSError:
        raise StoreError(f"there is no version in {directory}; build one with: gcm load") from None
    version = _version(directory, name)
    if not (version.path / "manifest.json").is_file():
        raise StoreError(f"version {name} is gone from {directory}; build it again with: gcm load")
    return version


def _version(directory: Path, name: str) -> Version:
    return Version(id=name, path=directory / "versions" / name)


def _is_current(version: Version, directory: Path) -> bool:
    try:
        return current(directory) == version
    except StoreError:
        return False


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"the file cannot be read ({error.strerror}); check that it is there and its permissions."
        raise SourceError(message, path=path) from None


@contextmanager
def _clear_errors(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:  # Oxigraph, too, raises it when the disk is full
        reason = error.strerror or str(error)
        raise StoreError(
            f"a version cannot be written in {directory} ({reason}); "
            "name a folder with room by --store or GCM_STORE."
        ) from error


@contextmanager
def _only_builder(directory: Path, progress: Progress) -> Iterator[None]:
    """Hold the lock of the directory; it ends with this process, however that ends."""
    with (directory / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("waiting for another gcm that builds in this folder")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _unfinished(directory: Path) -> list[Path]:
    return [path for path in directory.iterdir() if _UNFINISHED.match(path.name)]


def _remove_unfinished(directory: Path) -> None:
    for path in _unfinished(directory):
        if path.is_symlink():
            path.unlink()
        else:
            shutil.rmtree(path)


def _write_version(sources: Sources, version: Version, workplace: Path, *, progress: Progress) -> None:
    started = time.monotonic()
    files = _read_files(sources, progress)
    if version_id(sources) != version.id:
        raise StoreError("the files changed while they were read; run the command again.")
    workplace.mkdir()
    total = _write_store(files, workplace / "store")
    manifest = {
        "id": version.id,
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "triples": total,
        "graphs": [
            {"iri": each.graph.value, "file": each.path.name, "triples": len(each.triples)} for each in files
        ],
    }
    (workplace / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    _write_through(workplace)
    workplace.rename(version.path)
    _write_through(version.path.parent, below=False)
    log.info("built version %s: %d triples, %d ms", version.id, total, _milliseconds(started))
    progress(f"version {version.id}: {total:,} triples, {_milliseconds(started):,} ms")


def _read_files(sources: Sources, progress: Progress) -> list[GraphFile]:
    files = []
    for path in sources.files:
        started = time.monotonic()
        files.append(read_graph_file(path, sources=sources))
        progress(
            f"{path.parent.name}/{path.name}: {len(files[-1].triples):,} triples, {_milliseconds(started)} ms"
        )
    refuse_shared_datasets(files)
    return files


def _write_store(files: Sequence[GraphFile], place: Path) -> int:
    """Write all triples and count those of the named graphs. The store is closed on return."""
    store = Store(place)
    store.bulk_extend(_quads(files))
    store.optimize()
    store.flush()
    return sum(1 for _ in store) - sum(1 for _ in store.quads_for_pattern(None, None, None, DefaultGraph()))


def _quads(files: Sequence[GraphFile]) -> Iterator[Quad]:
    """Put each triple into the graph of its file, and into the default graph.

    So a plain query reads a true merge of all graphs: the engine's own union of graphs matches a triple once
    for each graph that holds it, and would count it twice.
    """
    for file in files:
        for each in file.triples:
            subject, predicate, value = each.triple
            yield Quad(subject, predicate, value, file.graph)
            yield Quad(subject, predicate, value, DefaultGraph())


def _write_through(folder: Path, *, below: bool = True) -> None:
    """Wait until the disk holds the folder (and all `below` it), so that a power cut cannot empty it."""
    for path in [folder, *(folder.rglob("*") if below else ())]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _make_current(version: Version, directory: Path) -> None:
    os.utime(version.path)
    link = directory / "current.new"
    link.symlink_to(Path("versions") / version.id)
    link.replace(directory / "current")
    _write_through(directory, below=False)


def _outdated(directory: Path, kept: int) -> list[Path]:
    """List all but the newest versions; never the current one, which a clock set back makes look old."""
    served = os.path.basename(os.readlink(directory / "current"))
    versions = sorted((directory / "versions").iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    others = [path for path in versions if path.name != served]
    return others[max(kept, 1) - 1 :]


def _remove_old_versions(directory: Path, kept: int) -> None:
    for path in _outdated(directory, kept):
        with (directory / REMOVED).open("a", encoding="utf-8") as record:  # servers tell who asks for it
            record.write(f"{path.name}\n")
        doomed = (
            directory / f"removing-{path.name}"
        )  # first out of sight in one step: a version is whole or absent
        path.rename(doomed)
        shutil.rmtree(doomed)


def _milliseconds(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
