"""Processes of the server that die, are replaced, or are stopped: nobody notices, or it is said clearly."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from threading import Event, Thread

import pytest
from gcm.web.supervisor import Deaths

from tests.servers import Server, children, descendants, query_path, running, runs, wait_until

LIGHT = "SELECT ?o WHERE { <http://example.org/a> ?p ?o }"
ANSWER = b"o\r\ntwice\r\n"
SOME = "SELECT ?a ?d WHERE { ?a ?b ?c . ?d ?e ?f } LIMIT 500000"  # about 30 MB

#: Keeps one process at work, of which the first dies before it answers; says in a folder that one did, and
#: that the server is announced.
DIES_ONCE = """
import os, signal, sys
from pathlib import Path
from gcm.web.supervisor import Supervisor
died, announced = (Path(sys.argv[1], name) for name in ("died", "announced"))
def work(_, answers):
    if not died.exists():
        died.touch()
        os._exit(1)
    answers()
    signal.sigwait({signal.SIGTERM})
supervisor = Supervisor(work, host="127.0.0.1", port=0, count=1, restarts=5, stop_seconds=1)
supervisor.run(announced.touch)
"""


class Clients:
    """Clients that ask without pause: some with a connection for each request, some on one that lasts.

    They send what they ask so many seconds after they have connected: from far away, it takes its time.
    """

    def __init__(self, server: Server, *, distance_seconds: float = 0) -> None:
        self.faults: list[str] = []
        self.answered = 0
        self._server = server
        self._distance = distance_seconds
        self._until = Event()
        self._threads = [Thread(target=self._ask, args=(number % 2 == 0,)) for number in range(4)]

    def _ask(self, is_lasting: bool) -> None:
        connection = self._server.connect()
        is_fresh = True
        while not self._until.is_set():
            try:
                if is_fresh:
                    connection.connect()
                    self._until.wait(self._distance)
                connection.request("GET", query_path(LIGHT))
                response = connection.getresponse()
                body = response.read()
            except (OSError, HTTPException) as error:
                self.faults.append(repr(error))
                connection.close()
                is_fresh = True
                continue
            self.answered += 1
            is_fresh = False
            if (response.status, body) != (200, ANSWER):
                self.faults.append(f"{response.status} {body[:100]!r}")
            if not is_lasting:
                connection.close()
                is_fresh = True
        connection.close()

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()
        wait_until(lambda: self.answered > 20)

    def ask_on(self) -> None:
        """Wait until what is asked from now on has been answered too."""
        enough = self.answered + 20
        wait_until(lambda: self.answered > enough)

    def stop(self) -> None:
        """End."""
        self._until.set()
        for thread in self._threads:
            thread.join()


@contextmanager
def asking(server: Server, *, distance_seconds: float = 0) -> Iterator[Clients]:
    clients = Clients(server, distance_seconds=distance_seconds)
    clients.start()
    try:
        yield clients
        clients.ask_on()
    finally:
        clients.stop()


@pytest.mark.server
def test_processes_that_die_again_and_again_are_replaced(small_store: Path) -> None:
    with running(small_store) as server:
        for _ in range(4):
            (process,) = children(server.process.pid)
            os.kill(process, signal.SIGKILL)
            assert server.ask(LIGHT)[1] == ANSWER  # who connects meanwhile waits, and is not refused
        assert server.process.poll() is None


@pytest.mark.server
def test_two_processes_that_die_together_are_both_replaced(small_store: Path) -> None:
    with running(small_store, workers=2, worker_count="1") as server:
        before = children(server.process.pid)
        for process in before:
            os.kill(process, signal.SIGKILL)
        wait_until(lambda: len({*children(server.process.pid)} - {*before}) == 2)
        assert all(server.ask(LIGHT)[1] == ANSWER for _ in range(10))


@pytest.mark.server
def test_processes_that_die_too_often_end_the_server_with_a_reason(small_store: Path) -> None:
    with running(small_store, process_restarts="2") as server:
        for _ in range(3):
            (process,) = children(server.process.pid)
            os.kill(process, signal.SIGKILL)
            wait_until(lambda gone=process: is_over(server) or is_replaced(server, gone))  # type: ignore[misc]  # mypy cannot infer defaults of lambdas
        assert server.process.wait(20) != 0
        wait_until(lambda: any("More than 2 server processes ended" in line for line in server.lines))


def is_over(server: Server) -> bool:
    return server.process.poll() is not None


def is_replaced(server: Server, gone: int) -> bool:
    found = children(server.process.pid)
    return bool(found) and gone not in found


@pytest.mark.server
def test_process_starts_without_its_store_and_serves_when_it_is_back(small_store: Path) -> None:
    """A process that takes the place of a dead one must not die of the same fault."""
    versions, away = small_store / "versions", small_store / "away"
    with running(small_store, worker_count="1") as server:
        versions.rename(away)
        try:
            (process,) = children(server.process.pid)
            os.kill(process, signal.SIGKILL)
            assert server.get("/health")[0].status == 200
            response, body = server.get("/ready")
            assert (response.status, b"Traceback" in body) == (503, False)
            assert server.ask(LIGHT)[0].status == 503
        finally:
            away.rename(versions)
        wait_until(lambda: server.answers(LIGHT))
        assert server.get("/ready")[0].status == 200


@pytest.mark.server
def test_reload_replaces_processes_without_a_failed_request(small_store: Path) -> None:
    with running(small_store, workers=2, worker_count="1") as server:
        wait_until(lambda: len(children(server.process.pid)) == 2)
        before = {*children(server.process.pid)}
        with asking(server) as near, asking(server, distance_seconds=0.3) as far:
            server.process.send_signal(signal.SIGHUP)
            wait_until(lambda: not before & {*children(server.process.pid)})
        assert near.faults + far.faults == []
        assert len(children(server.process.pid)) == 2


@pytest.mark.server
def test_reload_lets_an_answer_that_has_begun_end(small_store: Path) -> None:
    with running(small_store) as server:
        before = children(server.process.pid)
        connection = server.connect()
        connection.request("GET", query_path(SOME))
        response = connection.getresponse()
        begun = response.read(1_000)
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: children(server.process.pid) != before)
        body = begun + response.read()
        connection.close()
        assert body.count(b"\r\n") == 500_001
        wait_until(lambda: not any(runs(each) for each in before))


@pytest.mark.server
def test_stop_under_load_leaves_no_process_and_no_wrong_answer(small_store: Path) -> None:
    with running(small_store, workers=2) as server:
        clients = Clients(server)
        clients.start()
        processes = descendants(server.process.pid)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) == 0
        clients.stop()
        wait_until(lambda: not any(runs(each) for each in processes))
        assert not [fault for fault in clients.faults if fault[:3].isdigit()], "answers that were not right"


@pytest.mark.server
def test_server_is_announced_though_its_first_process_died(tmp_path: Path) -> None:
    """And it ends when it is told to."""
    with subprocess.Popen([sys.executable, "-c", DIES_ONCE, str(tmp_path)]) as process:
        try:
            wait_until((tmp_path / "announced").exists)
        finally:
            process.terminate()
        assert process.wait(10) == 0


def test_deaths_are_forgiven_after_a_minute() -> None:
    moments = iter([0.0, 1.0, 2.0, 61.5, 62.5, 62.6])
    deaths = Deaths(3, now=lambda: next(moments))
    assert [deaths.note() for _ in range(6)] == [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]


def test_one_death_too_many_is_not_forgiven() -> None:
    moments = iter(range(10))
    deaths = Deaths(7, now=lambda: next(moments))
    assert [deaths.note() for _ in range(8)] == [0.0] * 5 + [1.0, 1.0, None]
