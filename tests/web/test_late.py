"""Modules that are imported late: when they are asked for, once, and never while a process is forked."""

import subprocess
import sys

import pytest
from gcm.web.late import Late, import_all

#: Forks while another thread imports for a while; the new process imports too, or is ended after 20 seconds.
FORK = """
import os, signal
from threading import Event, Thread, Timer
from gcm.web import late
begun, may_end = Event(), Event()
def slowly(name):
    begun.set()
    may_end.wait()
late.import_module = slowly
Thread(target=late.imported, args=["slow"]).start()
begun.wait()
Timer(0.2, may_end.set).start()
pid = os.fork()
if pid == 0:
    signal.alarm(20)
    late.imported("other")
    os._exit(0)
raise SystemExit(os.waitpid(pid, 0)[1])
"""


#: Forks, and has another thread import in each of the two processes.
AFTER = """
import os, signal
from threading import Thread
from gcm.web import late
signal.alarm(20)
pid = os.fork()
if pid == 0:
    signal.alarm(20)
thread = Thread(target=late.imported, args=["spool"])
thread.start()
thread.join()
if pid == 0:
    os._exit(0)
raise SystemExit(os.waitpid(pid, 0)[1])
"""


def test_late_function_answers_as_itself() -> None:
    assert Late("negotiate", "choose_language")("fr", ("en", "fr")) == "fr"


def test_module_is_imported_when_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "gcm.web.spool")
    late = Late("spool", "spooled")
    assert "gcm.web.spool" not in sys.modules
    with pytest.raises(TypeError):
        late()
    assert "gcm.web.spool" in sys.modules


def test_modules_are_imported_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "gcm.web.spool")
    import_all(["spool"])
    assert "gcm.web.spool" in sys.modules


def test_fork_waits_for_an_import() -> None:
    assert subprocess.run([sys.executable, "-c", FORK], timeout=60, check=False).returncode == 0


def test_both_processes_import_after_a_fork() -> None:
    assert subprocess.run([sys.executable, "-c", AFTER], timeout=60, check=False).returncode == 0
