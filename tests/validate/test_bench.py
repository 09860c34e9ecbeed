"""The bench: the same report from a process that is ended at its limits, and with those who wait for it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from gcm.errors import DepartedError, LimitError
from gcm.layout import find_sources
from gcm.limits import Limits
from gcm.load import build
from gcm.query import Caller
from gcm.validate import Options
from gcm.validate.bench import Bench
from gcm.validate.context import Context
from gcm.validate.run import check

from tests.servers import children, runs, wait_until
from tests.validate.submissions import WHOLE, turtle

pytestmark = pytest.mark.server  # slow: versions are built, processes started and killed

ROOT = Path(__file__).parents[2]
WRONG = WHOLE.replace("place:ZZA", "place:QQQ").replace("gcm:objectivesKnown", "gcm:objectivesKnwn")

Open = Callable[..., Bench]


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a version of the tiny world."""
    directory = tmp_path_factory.mktemp("store")
    sources = find_sources(ROOT, data=[ROOT / "tests" / "world"], with_own_data=False)
    build(sources, directory, progress=lambda *_: None)
    return directory


@pytest.fixture(scope="module")
def bench(versions: Path) -> Iterator[Bench]:
    """Open a bench that many tests use."""
    bench = Bench(lambda: versions / "current", limits=Limits())
    yield bench
    bench.close()


@pytest.fixture
def open_bench(versions: Path) -> Iterator[Open]:
    """Open benches with other limits, and close them."""
    opened: list[Bench] = []

    def open_one(**limits: float) -> Bench:
        opened.append(Bench(lambda: versions / "current", limits=Limits(**limits)))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


def workshop_of(bench: Bench) -> int:
    """Give the process id of a bench's workshop."""
    assert bench._workshop is not None
    return bench._workshop.forker.pid


@pytest.mark.parametrize("text", [WHOLE, WRONG, "oops"], ids=["right", "wrong", "unreadable"])
def test_the_report_is_that_of_check(text: str, bench: Bench, versions: Path) -> None:
    context = Context.of_version(versions / "current")
    assert bench.check([turtle(text)]) == check([turtle(text)], context)


def test_options_and_several_files_arrive(bench: Bench, versions: Path) -> None:
    given = [
        turtle(WRONG),
        turtle(WHOLE.replace("submitted", "second").replace("8001", "8002"), "second.ttl"),
    ]
    options = Options(profile="draft", nodes=("https://w3id.org/gcm/id/pledge/8001",), with_datasets=False)
    expected = check(given, Context.of_version(versions / "current"), options=options)
    assert bench.check(given, options=options) == expected
    assert expected.report.results


def test_progress_is_told(bench: Bench) -> None:
    said: list[str] = []
    bench.check([turtle(WHOLE)], progress=said.append)
    assert said == ["checking 18 triples"]


def test_no_process_stays_behind(bench: Bench) -> None:
    bench.check([turtle(WHOLE)])
    assert children(workshop_of(bench)) == []
    assert threads_of(workshop_of(bench)) == 1  # else it must not fork


def threads_of(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def test_a_validation_that_takes_too_long_is_ended(open_bench: Open) -> None:
    bench = open_bench(validation_seconds=0.01)
    with pytest.raises(LimitError, match=r"stopped after 0\.01 seconds") as caught:
        bench.check([turtle(WHOLE)])
    assert caught.value.limit == "validation_seconds"
    assert children(workshop_of(bench)) == []


def test_a_validation_that_needs_too_much_memory_is_ended(open_bench: Open) -> None:
    bench = open_bench(validation_memory_bytes=1_000_000)
    with pytest.raises(LimitError, match="more than 1000000 bytes") as caught:
        bench.check([turtle(WHOLE)])
    assert caught.value.limit == "validation_memory_bytes"


def test_whoever_leaves_ends_the_validation(bench: Bench) -> None:
    caller = Caller()
    with pytest.raises(DepartedError):
        bench.check([turtle(WHOLE)], leaver=caller, progress=lambda _: caller.leave())
    assert children(workshop_of(bench)) == []


def test_who_has_left_before_is_not_waited_for(bench: Bench) -> None:
    caller = Caller()
    caller.leave()
    with pytest.raises(DepartedError):
        bench.check([turtle(WHOLE)], leaver=caller)


class Busy:
    """A validation that runs until it is told to go on."""

    def __init__(self, bench: Bench) -> None:
        self._has_begun, self._may_end = Event(), Event()
        self.failure: BaseException | None = None
        self._thread = Thread(target=self._run, args=(bench,))
        self._thread.start()
        assert self._has_begun.wait(60)

    def _run(self, bench: Bench) -> None:
        bench.check([turtle(WHOLE)], progress=self._wait)

    def _wait(self, _: str) -> None:
        self._has_begun.set()
        assert self._may_end.wait(60)

    def end(self) -> None:
        """Let it go on, and wait for its end."""
        self._may_end.set()
        self._thread.join()


def test_one_too_many_is_told_to_come_back(open_bench: Open) -> None:
    bench = open_bench(validation_count=1, waiting_validations=0)
    busy = Busy(bench)
    with pytest.raises(LimitError) as caught:
        bench.check([turtle(WHOLE)])
    assert caught.value.limit == "waiting_validations"
    busy.end()
    assert bench.check([turtle(WHOLE)]).report.conforms


def test_others_wait_for_their_turn(open_bench: Open) -> None:
    bench = open_bench(validation_count=1, waiting_validations=5)
    busy = Busy(bench)
    found: list[bool] = []
    threads = [
        Thread(target=lambda: found.append(bench.check([turtle(WHOLE)]).report.conforms)) for _ in range(3)
    ]
    for each in threads:
        each.start()
    wait_until(lambda: bench.waiting == 3)
    assert found == []
    busy.end()
    for each in threads:
        each.join()
    assert found == [True] * 3


def test_a_killed_workshop_is_replaced(open_bench: Open) -> None:
    bench = open_bench()
    bench.check([turtle(WHOLE)])
    os.kill(workshop_of(bench), signal.SIGKILL)
    assert bench.check([turtle(WHOLE)]).report.conforms


def test_a_new_version_is_followed(versions: Path, tmp_path: Path) -> None:
    """What one version knows, the other does not; the workshop of the old one ends."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.ttl").write_text(WHOLE)
    sources = find_sources(ROOT, data=[ROOT / "tests" / "world", tmp_path / "data"], with_own_data=False)
    build(sources, tmp_path / "store", progress=lambda *_: None)
    current = [versions / "current"]
    bench = Bench(lambda: current[0], limits=Limits())
    second = WHOLE.replace("submitted", "second").replace("pledge:8001\n", "pledge:8003\n")
    follows = turtle(second.replace("gcm:isAbout objective:7", "gcm:isAbout pledge:8001"))
    try:
        assert any(each.source == "link-to-nothing" for each in bench.check([follows]).report.results)
        old = workshop_of(bench)
        current[0] = tmp_path / "store" / "current"
        assert not any(each.source == "link-to-nothing" for each in bench.check([follows]).report.results)
        wait_until(lambda: not runs(old))
    finally:
        bench.close()


SCRIPT = """
import sys
from pathlib import Path
from gcm.limits import Limits
from gcm.validate.bench import Bench
bench = Bench(lambda: Path(sys.argv[1]), limits=Limits())
bench.warm()
print(bench._workshop.forker.pid, flush=True)
sys.stdin.read()
"""


def test_the_workshop_ends_with_its_server(versions: Path) -> None:
    command = [sys.executable, "-c", SCRIPT, str(versions / "current")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        workshop = int(server.stdout.readline())
        server.kill()
    wait_until(lambda: not runs(workshop))


SERVER = """
import sys
import gcm.web.serve
heavy = ("gcm.validate.run", "gcm.validate.engine", "gcm.validate.explain", "openpyxl", "pyshacl", "rdflib")
print([name for name in heavy if name in sys.modules])
"""


def test_a_server_leaves_the_engine_to_the_processes_that_check() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SERVER], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[]\n"
