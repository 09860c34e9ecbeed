"""The version that is being served, and the change to a newer one while requests are running."""

import ctypes
import gc
import logging
import os
import weakref
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread
from typing import NamedTuple

from flask import current_app, g, has_request_context, request

from gcm.errors import StoreError
from gcm.limits import Limits
from gcm.query import Nursery, OpenVersion, Pool, Runner, Turns, open_version
from gcm.web.archive import Archive
from gcm.web.archive import Serving as Serving  # whoever asks the site gets one

log = logging.getLogger(__name__)

#: Seconds after which it is looked whether anybody still reads an old version; then twice as many, and so on.
_FIRST_LOOK_SECONDS = 0.25


#: Where a request keeps what serves it, if that was settled before the application is called.
SERVING = "gcm.serving"


class Stamp(NamedTuple):
    """The version that `current` names, and when a version last came or went, in nanoseconds."""

    newest: str
    changed_ns: int


class Site:
    """What every request needs: the version that `current` points to, its pool, and the limits."""

    #: Whether the graph lies in an engine elsewhere (`gcm.web.elsewhere`).
    is_remote = False

    def __init__(self, directory: Path, *, limits: Limits) -> None:
        self.directory = directory
        self.limits = limits
        self._link, self._versions = str(directory / "current"), str(directory / "versions")
        self._turns = Turns(limits)
        self._nursery = Nursery(limits=limits)
        self.archive = Archive(directory, limits=limits, turns=self._turns, nursery=self._nursery)
        self.on_open: list[Callable[[Serving], None]] = []  # told of each version that becomes the newest
        self._lock = Lock()
        self._serving: Serving | None = None
        self._unreadable: Path | None = None  # a version that was tried and could not be opened

    def serving(self) -> Serving:
        """Give what is served to this request: from its first look to its end, the same.

        It is the newest version, unless the address is pinned to another (`gcm.web.pinned`). Raises
        StoreError if there is no version at all.
        """
        if "serving" not in g:
            g.serving = self._serving_asked_for()
        serving = g.serving
        assert isinstance(serving, Serving)  # nobody else writes here
        return serving

    def ready(self, stamp: Stamp | None) -> Serving | None:
        """Give what `current` pointed to at the time of `stamp`, if it is open already; never waits."""
        serving = self._serving
        return serving if serving and stamp and stamp.newest == serving.version.id else None

    def stamp(self) -> Stamp | None:
        """Give what changes whenever the answer to the same request may change."""
        try:
            newest = os.readlink(self._link).rpartition("/")[2]
            return Stamp(newest, os.stat(self._versions).st_mtime_ns)
        except OSError:
            return None

    def _serving_asked_for(self) -> Serving:
        environ = request.environ if has_request_context() else {}
        if SERVING in environ:
            begun: Serving = environ[SERVING]
            return begun
        return self.kept(environ["gcm.version"]) if "gcm.version" in environ else self.newest()

    def newest(self) -> Serving:
        """Give what `current` points to, opened by the first request that finds it.

        While one request opens a newer version, and if it cannot be opened, the old one is served.
        Raises StoreError if there is no version at all.
        """
        serving = self._serving
        target = self._target()
        if serving is not None and target in (None, serving.version.path, self._unreadable):
            return serving
        if not self._lock.acquire(blocking=serving is None) and serving is not None:
            return serving
        try:
            return self._switch(target)
        finally:
            self._lock.release()

    def kept(self, name: str) -> Serving:
        """Give a kept version, which may be the newest. Raises UnknownVersionError if it is not kept."""
        newest = self.newest()
        return newest if newest.version.id == name else self.archive.serving(name)

    def reopen(self) -> None:
        """Open the version anew whose files could not be read: they may be back, in the same place.

        Raises StoreError if they cannot be opened either.
        """
        self.archive.close()
        with self._lock:
            if self._serving is not None:
                self._serving = self._open(self._serving.version.path)

    def version(self) -> OpenVersion:
        """Give the version that is served to this request."""
        return self.serving().version

    def pool(self) -> Runner:
        """Give the pool on the version that is served to this request."""
        return self.serving().pool

    def _target(self) -> Path | None:
        try:
            return self.directory / os.readlink(self.directory / "current")
        except OSError:
            return None

    def _switch(self, target: Path | None) -> Serving:
        if target is None:
            raise StoreError(f"There is no version in {self.directory}. Build one: gcm load.")
        if self._serving is not None and self._serving.version.path == target:
            return self._serving
        try:
            old, self._serving = self._serving, self._open(target)
            self.archive.rest()
            _tidy_after(old, at_most=self.limits.answer_seconds)
        except StoreError as error:
            return self._keep_old(target, error)
        return self._serving

    def _open(self, path: Path) -> Serving:
        version = open_version(path)
        log.info("serving version %s (%d triples)", version.id, version.triples)
        pool = Pool(path, limits=self.limits, turns=self._turns, nursery=self._nursery)
        serving = Serving(version, lambda: pool)
        for tell in self.on_open:
            tell(serving)
        return serving

    def _keep_old(self, target: Path, error: StoreError) -> Serving:
        """Go on with the old version, and do not try the other again; without an old one, give up."""
        if self._serving is None:
            raise error
        self._unreadable = target
        log.error("%s", error, exc_info=error)
        return self._serving


def _tidy_after(old: Serving | None, *, at_most: float) -> None:
    """Free what a version took when the last request has let go of it, or after so many seconds."""
    gone = Event()
    if old is not None:
        weakref.finalize(old, gone.set).atexit = False
        Thread(target=_give_memory_back, args=(gone, at_most), name="gcm-tidy", daemon=True).start()


def _give_memory_back(gone: Event, at_most: float) -> None:
    """Free a graph and what it remembers, which hold each other, and give the memory to the system."""
    seconds = _FIRST_LOOK_SECONDS
    while not gone.wait(seconds) and seconds < at_most:
        gc.collect()  # a request that has ended may be held by what it has made
        seconds *= 2
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc keeps what is free, malloc_trim(3)
    if trim is not None:
        trim(0)


def site() -> Site:
    """Give the site of the running application."""
    found = current_app.extensions["gcm"]
    assert isinstance(found, Site)  # create_app puts nothing else there
    return found
