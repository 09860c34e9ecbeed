"""Immutable store versions: built beside the version that serves, switched in one step."""

import fcntl
import logging
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gcm.errors import StoreError
from gcm.layout import Sources
from gcm.limits import Limits
from gcm.load.bulk import Progress
from gcm.load.difference import remove_unfinished_stores
from gcm.load.stock import Stock, remember, take_stock
from gcm.load.write import discard, write_through, write_version

log = logging.getLogger(__name__)

#: Versions that stay on disk unless told otherwise, the current one among them.
VERSIONS_KEPT = int(Limits().kept_versions)
#: The file in the folder of versions that names those that were removed, one a line.
REMOVED = "removed"
_UNFINISHED = re.compile(r"building-|removing-|current\.new$|hashes\.json\.new-")


@dataclass(frozen=True)
class Version:
    """A finished version: `path` holds store/ (Oxigraph) and what is known of it, and never changes."""

    id: str
    path: Path


def version_id(sources: Sources) -> str:
    """Name the version that these sources make: 16 hexadecimal digits of a hash over all names and bytes.

    Raises SourceError if a file cannot be read.
    """
    return take_stock(sources).version_id


def is_built(sources: Sources, directory: Path) -> bool:
    """Tell whether the version of these sources is finished, so that `build` has nothing to read."""
    return _version(directory, take_stock(sources, directory).version_id).path.is_dir()


def build(
    sources: Sources,
    directory: Path,
    *,
    progress: Progress,
    kept: int = VERSIONS_KEPT,
    before: Path | None = None,
) -> Version:
    """Build the version of these sources below `directory` and make it the current one; `kept` stay in all.

    `before` is a version of this folder or another, from which this one differs little; without it, that is
    the current one. A version that is already there is not built again. Killed at any moment, this leaves
    the current one as it was; the next build removes what was left. Raises SourceError if a file cannot be
    read, StoreError if `directory` cannot be written or the files change meanwhile.
    """
    stock = take_stock(sources, directory)
    version = _version(directory, stock.version_id)
    if _is_current(version, directory) and not _unfinished(directory) and not _outdated(directory, kept):
        remember(stock, directory)
        return version
    with _clear_errors(directory):
        (directory / "versions").mkdir(parents=True, exist_ok=True)
        with _only_builder(directory, progress):
            _remove_unfinished(directory)
            remove_unfinished_stores(directory / "versions")
            remember(stock, directory)
            if not version.path.is_dir():
                _publish(stock, version, directory, before=before or _before(directory), progress=progress)
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
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _publish(
    stock: Stock, version: Version, directory: Path, *, before: Path | None, progress: Progress
) -> None:
    """Write a version in a folder of its own, and rename that when all of it is on the disk."""
    started = time.monotonic()
    workplace = directory / f"building-{version.id}"
    try:
        workplace.mkdir()
        triples = write_version(stock, workplace, before=before, progress=progress)
        write_through(workplace)
        workplace.rename(version.path)
    except BaseException as error:
        discard(workplace, error)
        raise
    write_through(version.path.parent, below=False)
    milliseconds = round((time.monotonic() - started) * 1000)
    log.info("built version %s: %d triples, %d ms", version.id, triples, milliseconds)
    progress(f"version {version.id}: {triples:,} triples, {milliseconds:,} ms")


def _before(directory: Path) -> Path | None:
    try:
        return current(directory).path
    except StoreError:
        return None


def _make_current(version: Version, directory: Path) -> None:
    os.utime(version.path)
    link = directory / "current.new"
    link.symlink_to(Path("versions") / version.id)
    link.replace(directory / "current")
    write_through(directory, below=False)


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
