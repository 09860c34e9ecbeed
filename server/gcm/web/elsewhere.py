"""The site over a remote store: which version it holds is looked after, whether or not anybody asks.

The version is the one that the store names (`gcm.remote.state`). While the store does not answer, the last
version known is kept: what is remembered of it, cached pages and 304s go on being served.
"""

import logging
import shutil
import weakref
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from threading import Event, Lock, Thread

from gcm.errors import BackendError, GcmError, StoreError, bare
from gcm.limits import Limits
from gcm.query import Turns
from gcm.query.elsewhere import RemotePool, dataset_of_version, open_elsewhere
from gcm.remote import Endpoint
from gcm.remote.dialect import Dialect
from gcm.remote.state import State, look
from gcm.remote.store import RemoteStore
from gcm.remote.wire import Wire
from gcm.web.archive import Archive, Kept, Serving
from gcm.web.versions import Site, Stamp

log = logging.getLogger(__name__)


class RemoteSite(Site):
    """What every request needs, of a version that is in a remote store."""

    is_remote = True

    def __init__(self, endpoint: Endpoint, *, limits: Limits) -> None:
        folder = Path(mkdtemp(prefix="gcm-"))  # for dumps, which are made here
        super().__init__(folder, limits=limits)
        self.archive = RemoteArchive(self, folder, limits=limits, turns=self._turns)
        self.trouble: GcmError | None = None  # why the last look failed
        self.coming = ""  # the version that is being loaded
        self._wire = Wire(endpoint)
        self._looking = Lock()
        stop = Event()
        weakref.finalize(self, _end, stop, self._wire, folder)
        arguments = (weakref.ref(self), stop, limits.store_look_seconds)
        Thread(target=_keep_looking, args=arguments, name="gcm-look", daemon=True).start()

    def newest(self) -> Serving:
        """Give the version that the store held when we last looked.

        Raises StoreError if it holds none, BackendError if it has never answered.
        """
        if self._serving is None:
            self.look()
        if self._serving is None:
            if isinstance(self.trouble, BackendError):
                raise BackendError(self.trouble.reason)
            raise StoreError("The remote store holds no version. Load one: gcm load.")
        return self._serving

    def stamp(self) -> Stamp | None:
        """Give the version that is served, without asking the store."""
        serving = self._serving
        return Stamp(serving.version.id, 0) if serving is not None else None

    def reopen(self) -> None:
        """Do nothing: no files of ours can have gone."""

    def is_well(self) -> bool:
        """Tell whether the store answered when we last looked."""
        return self.trouble is None

    def look(self) -> None:
        """See which version the store holds, and take it up if it is another."""
        with self._looking:
            try:
                state, dialect = look(self._wire, limits=self.limits)
            except (BackendError, StoreError) as error:
                self._note(error)
                return
            if state is None:
                self._note(StoreError("The remote store holds no version. Load one: gcm load."))
                return
            self._note(None)
            self.coming = state.coming
            if self._serving is None or self._serving.version.id != state.id:
                self._serving = self._take_up(state, dialect)

    def _take_up(self, state: State, dialect: Dialect) -> Serving:
        folder = self.directory / state.id
        folder.mkdir(exist_ok=True)
        dataset = dataset_of_version(state)
        store = RemoteStore(self._wire, dataset, limits=self.limits, dialect=dialect)
        pool = RemotePool(store, limits=self.limits, turns=self._turns, is_well=self.is_well)
        log.info("serving version %s (%d triples) of a remote store", state.id, state.triples)
        return Serving(open_elsewhere(store, state, folder=folder), lambda: pool)

    def _note(self, trouble: GcmError | None) -> None:
        if trouble is not None and self.trouble is None:
            log.error("remote store: %s", getattr(trouble, "reason", trouble))
        elif trouble is None and self.trouble is not None:
            log.info("the remote store answers again")
        self.trouble = bare(trouble) if trouble is not None else None


class RemoteArchive(Archive):
    """The one version that a remote store keeps."""

    def __init__(self, site: RemoteSite, folder: Path, *, limits: Limits, turns: Turns) -> None:
        super().__init__(folder, limits=limits, turns=turns, nursery=None)
        self._site = weakref.ref(site)

    def kept(self) -> tuple[Kept, ...]:
        """List the version that is served, if there is one."""
        site = self._site()
        serving = site._serving if site is not None else None
        if serving is None:
            return ()
        version = serving.version
        built = datetime.fromisoformat(version.built).astimezone(UTC)
        return (Kept(version.id, version.path, built, version.triples),)


def _keep_looking(site: Callable[[], RemoteSite | None], stop: Event, seconds: float) -> None:
    """Look again and again, until the site has gone."""
    while not stop.wait(seconds):
        found = site()
        if found is None:
            return
        found.look()
        del found


def _end(stop: Event, wire: Wire, folder: Path) -> None:
    stop.set()
    wire.close()
    shutil.rmtree(folder, ignore_errors=True)
