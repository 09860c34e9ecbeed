"""The version that is being served, and the change to a newer one while requests are running."""

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from flask import current_app, g

from gcm.errors import StoreError
from gcm.limits import Limits
from gcm.query import OpenVersion, Pool, Turns, open_version

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Serving:
    """A version and the pool that answers strangers' queries on it.

    Whoever holds one can finish with it: the pool ends when the last holder has let go.
    """

    version: OpenVersion
    pool: Pool


class Site:
    """What every request needs: the version that `current` points to, its pool, and the limits."""

    def __init__(self, directory: Path, *, limits: Limits) -> None:
        self.directory = directory
        self.limits = limits
        self._turns = Turns(limits)
        self._lock = Lock()
        self._serving: Serving | None = None
        self._unreadable: Path | None = None  # a version that was tried and could not be opened

    def serving(self) -> Serving:
        """Give what is served to this request: from its first look to its end, the same.

        Raises StoreError if there is no version at all.
        """
        if "serving" not in g:
            g.serving = self._newest()
        serving = g.serving
        assert isinstance(serving, Serving)  # nobody else writes here
        return serving

    def _newest(self) -> Serving:
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

    def reopen(self) -> None:
        """Open the version anew whose files could not be read: they may be back, in the same place.

        Raises StoreError if they cannot be opened either.
        """
        with self._lock:
            serving = self._open(self.serving().version.path)
            self._serving = serving

    def version(self) -> OpenVersion:
        """Give the version that is served to this request."""
        return self.serving().version

    def pool(self) -> Pool:
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
            self._serving = self._open(target)
        except StoreError as error:
            return self._keep_old(target, error)
        return self._serving

    def _open(self, path: Path) -> Serving:
        version = open_version(path)
        log.info("serving version %s (%d triples)", version.id, version.triples)
        return Serving(version, Pool(path, limits=self.limits, turns=self._turns))

    def _keep_old(self, target: Path, error: StoreError) -> Serving:
        """Go on with the old version, and do not try the other again; without an old one, give up."""
        if self._serving is None:
            raise error
        self._unreadable = target
        log.error("%s", error, exc_info=error)
        return self._serving


def site() -> Site:
    """Give the site of the running application."""
    found = current_app.extensions["gcm"]
    assert isinstance(found, Site)  # create_app puts nothing else there
    return found
