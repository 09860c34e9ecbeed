"""What is made ready beside the server's work when a version is opened: what pages need, dumps, numbers."""

import logging
import os
import subprocess
import sys
import weakref
from collections.abc import Callable
from threading import Event, Thread

from gcm.describe import coverage_of, dump_facts, statistics_of
from gcm.query import OpenVersion
from gcm.web import routes
from gcm.web.late import import_all
from gcm.web.versions import Serving

log = logging.getLogger(__name__)


#: Seconds that a version has to itself first: who waits for it is served before anything is prepared.
_PAUSE_SECONDS = 2.0


def prepare(serving: Serving) -> None:
    """Begin to prepare what readers of a version will ask for, soon; return at once."""
    Thread(target=_prepare_later, args=(weakref.ref(serving),), name="gcm-preparing", daemon=True).start()


def _prepare_later(wanted: Callable[[], Serving | None]) -> None:
    Event().wait(_PAUSE_SECONDS)
    serving = wanted()
    if serving is not None:  # no newer version has taken its place meanwhile
        _prepare(serving)


def _prepare(serving: Serving) -> None:
    try:
        import_all(routes.modules_of(routes.READING))
        if not dump_facts(serving.version):
            _make_dumps(serving.version)
        statistics_of(serving.graph)  # both are remembered; the engine lets other threads run meanwhile
        coverage_of(serving.graph)
    except OSError as error:  # no more processes or files, or the version is gone: it is made when asked for
        log.warning("version %s is not prepared: %s", serving.version.id, error)


def _make_dumps(version: OpenVersion) -> None:
    """Run the maker to its end: it ends when the thread that started it does (prctl(2), PR_SET_PDEATHSIG)."""
    command = [sys.executable, "-P", "-m", "gcm.describe.making", str(version.path), str(os.getpid())]
    subprocess.run(command, stdin=subprocess.DEVNULL, start_new_session=True, check=False)
