"""Processes that fork others, as the server sees them."""

import json
import os
import signal
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from gcm.limits import Limits
from gcm.process.forker import UNKNOWN_STATUS, Forker
from gcm.query.version import store_path

from tests.servers import runs


def test_word_that_comes_too_late_is_not_taken_for_another(small_store: Path) -> None:
    """Stopped by hand, or starved: who asked has given up, and the next one must not hear the answer."""
    store = str(store_path(small_store / "current"))
    forker = Forker("gcm.query.zygote", json.dumps(asdict(Limits())), patience=2)
    stopped, (pid, connection) = forker.pid, forker.start(store)
    os.kill(stopped, signal.SIGSTOP)
    assert forker.end(pid) == UNKNOWN_STATUS
    with suppress(ProcessLookupError):
        os.kill(stopped, signal.SIGCONT)
    next_pid, next_connection = forker.start(store)
    assert next_pid != pid
    assert (runs(stopped), runs(pid), runs(next_pid)) == (False, False, True)
    forker.close()
    connection.close()
    next_connection.close()
