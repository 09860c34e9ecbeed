"""What is made ready beside the server's work when a version is opened: its numbers and its dumps.

First, if its store has changed often, a copy of that is put in order, with which the next version begins.
"""

import logging
import os
import subprocess
import sys
import weakref
from collections.abc import Callable
from threading import Event, Thread

from gcm.describe import dump_facts, has_numbers
from gcm.load.difference import is_due
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
        if is_due(serving.version.path):
            _run("gcm.load.order", serving.version)
        if not (has_numbers(serving.version) and dump_facts(serving.version)):
            _run("gcm.describe.making", serving.version)
    except OSError as error:  # no more processes or files, or the version is gone: it is made when asked for
        log.warning("version %s is not prepared: %s", serving.version.id, error)


def _run(module: str, version: OpenVersion) -> None:
    """Run a process to its end: it ends when the thread that started it does (prctl(2), PR_SET_PDEATHSIG).

    In a session of its own it gets a share of processors, if a small one (`gcm.process.priority`): where
    strangers leave none free, it would otherwise never end, and its version would not be let go.
    """
    command = [sys.executable, "-P", "-m", module, str(version.path), str(os.getpid())]
    subprocess.run(command, stdin=subprocess.DEVNULL, start_new_session=True, check=False)
