"""The versions that are kept: each is opened when it is asked for, and closed when nobody does any more."""

import logging
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import RLock
from time import monotonic

from gcm.describe import Graph
from gcm.errors import RemovedVersionError, StoreError, UnknownVersionError
from gcm.limits import Limits
from gcm.load import REMOVED
from gcm.query import Nursery, OpenVersion, Pool, Runner, Turns, open_version, read_manifest

log = logging.getLogger(__name__)

#: Old versions whose queries have a worker at the same time in one server process; the longest unused goes.
OLD_POOLS = 2

#: Seconds after which an old version that nobody asks for is closed: it costs 2 to 4 MB and 12 file handles.
IDLE_SECONDS = 60.0


@dataclass(frozen=True)
class Kept:
    """A version on disk; `built` is when it was made, to the second."""

    id: str
    path: Path
    built: datetime
    triples: int


@dataclass(frozen=True)
class Serving:
    """A version, its statements, and the pool that answers strangers' queries on it.

    Whoever holds a pool can finish with it: it ends when the last holder has let go.
    """

    version: OpenVersion
    make_pool: Callable[[], Runner]

    @property
    def pool(self) -> Runner:
        """The pool; that of an old version is started when it is needed."""
        return self.make_pool()

    @cached_property
    def graph(self) -> Graph:
        """The statements, with what has been remembered of them."""
        return Graph(self.version.store, folder=self.version.path)


class Archive:
    """The versions of one folder, by name and in the order of their making."""

    def __init__(self, directory: Path, *, limits: Limits, turns: Turns, nursery: Nursery | None) -> None:
        self._directory = directory
        self._limits = replace(limits, worker_count=1)
        self._turns = turns
        self._nursery = nursery
        self._lock = RLock()
        self._read_at = -1
        self._kept: tuple[Kept, ...] = ()
        self._servings: dict[str, Serving] = {}
        self._asked: dict[str, float] = {}  # name of an open version -> when it was asked for last
        self._pools: OrderedDict[str, Pool] = OrderedDict()

    def kept(self) -> tuple[Kept, ...]:
        """List the versions on disk, the oldest first; they are read again when one came or went."""
        folder = self._directory / "versions"
        try:
            changed_at = folder.stat().st_mtime_ns
        except OSError:
            return ()
        with self._lock:
            if changed_at != self._read_at:
                self._read(folder)
                self._read_at = changed_at
            return self._kept

    def find(self, name: str) -> Kept | None:
        """Find a kept version by its name."""
        return next((each for each in self.kept() if each.id == name), None)

    def serving(self, name: str) -> Serving:
        """Give a kept version, opened.

        Raises RemovedVersionError if it was here once, UnknownVersionError if not.
        """
        found = self.find(name)
        if found is None:
            raise self.unknown(name)
        with self._lock:
            if name not in self._servings:
                self.rest()
                self._servings[name] = self._open(found)
            self._asked[name] = monotonic()
            return self._servings[name]

    def rest(self) -> None:
        """Close the versions for which nobody has asked for a while; who still reads one reads to the end."""
        with self._lock:
            too_old = monotonic() - IDLE_SECONDS
            for name in [each for each in self._servings if self._asked[each] < too_old]:
                self._forget(name)

    def close(self) -> None:
        """Close what is open: files may have gone, and come back in the same place."""
        with self._lock:
            for name in [*self._servings]:
                self._forget(name)

    def unknown(self, name: str) -> UnknownVersionError:
        """Say why there is no version of this name, and which there are."""
        names = [each.id for each in reversed(self.kept())]
        if name in self._removed():
            return RemovedVersionError(
                f"Version {name} is no longer kept: of every graph, the last "
                f"{self._limits.kept_versions:g} versions are. Choose one of /versions.",
                kept=names,
            )
        return UnknownVersionError(f"There is no version {name}. Choose one of /versions.", kept=names)

    def _read(self, folder: Path) -> None:
        found = [each for path in folder.iterdir() if (each := _look_at(path))]
        self._kept = tuple(kept for _, kept in sorted(found, key=lambda each: (each[1].built, each[0])))
        names = {each.id for each in self._kept}
        for name in self._servings.keys() - names:
            self._forget(name)

    def _forget(self, name: str) -> None:
        del self._servings[name], self._asked[name]
        self._pools.pop(name, None)

    def _open(self, kept: Kept) -> Serving:
        try:
            return Serving(open_version(kept.path), lambda: self._pool(kept))
        except StoreError as error:  # removed between two looks
            raise self.unknown(kept.id) from error

    def _pool(self, kept: Kept) -> Pool:
        with self._lock:
            pool = self._pools.pop(kept.id, None) or Pool(
                kept.path, limits=self._limits, turns=self._turns, nursery=self._nursery
            )
            self._pools[kept.id] = pool
            while len(self._pools) > OLD_POOLS:
                self._pools.popitem(last=False)
            return pool

    def _removed(self) -> set[str]:
        with suppress(OSError):
            return set((self._directory / REMOVED).read_text("utf-8").split())
        return set()


def _look_at(path: Path) -> tuple[int, Kept] | None:
    """Give when a version was last made the current one, in nanoseconds, and what it is.

    None if it is no version, or is being removed at this moment.
    """
    try:
        manifest = read_manifest(path)
        changed_ns = path.stat().st_mtime_ns
    except (StoreError, OSError):
        log.warning("%s is not a version", path.name)
        return None
    built = datetime.fromisoformat(manifest.built).astimezone(UTC)
    return changed_ns, Kept(path.name, path, built, manifest.triples)
