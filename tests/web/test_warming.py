"""What curators need is ready before they ask, and stays away where nobody has a token."""

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest
from gcm.desk import Desk, Role
from gcm.errors import StoreError
from gcm.load import build, current
from gcm.validate.bench import Bench
from gcm.web.preparing import prepare
from gcm.web.versions import Site
from gcm.web.warming import keep_warm

from tests.desk_world import Place, make_small
from tests.served import taken_up
from tests.servers import descendants, started, wait_until

SERVE = """
import sys
from pathlib import Path
from gcm.desk import Desk
from gcm.layout import find_sources
from gcm.web.serve import claim_port, serve
rules, data, store, folder = map(Path, sys.argv[1:5])
sources = lambda: find_sources(rules, data=[data], with_own_data=False)
desk = Desk(folder, sources=sources, store=store, data=data)
serve(store, host="127.0.0.1", port=claim_port("127.0.0.1", 0), workers=1, desk=desk)
"""


class Counted:
    """A bench that counts how often it is made ready; `act` may fail."""

    def __init__(self, act: Callable[[], None] = lambda: None) -> None:
        self.times = 0
        self._act = act

    def warm(self) -> None:
        """Count."""
        self.times += 1
        self._act()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Build a small graph."""
    return make_small(tmp_path_factory.mktemp("warming"))


@pytest.fixture
def desk(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Open a new desk, and have nobody wait."""
    monkeypatch.setattr("gcm.web.warming._PAUSE_SECONDS", 0)
    return Desk(tmp_path / "desk", sources=place.sources, store=place.store, data=place.data)


def opened(place: Place, desk: Desk, bench: Counted) -> Site:
    """Take up a version, and wait until all is done that this begins."""
    site: Site = taken_up(place.store, keep_warm(cast(Bench, bench), desk)).extensions["gcm"]
    return site


def test_a_version_that_is_taken_up_warms_the_bench_once(place: Place, desk: Desk) -> None:
    desk.tokens.issue("example-one", Role.PROPOSE, days=1)
    bench = Counted()
    opened(place, desk, bench).newest()
    assert bench.times == 1


def test_without_a_token_the_bench_stays_away(place: Place, desk: Desk) -> None:
    bench = Counted()
    opened(place, desk, bench)
    assert bench.times == 0


def test_what_curators_need_is_imported_where_somebody_has_a_token(
    place: Place, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported: list[str] = []
    monkeypatch.setattr("gcm.web.warming.import_all", imported.extend)
    opened(place, desk, Counted())
    assert imported == []
    desk.tokens.issue("example-one", Role.PROPOSE, days=1)
    opened(place, desk, Counted())
    assert {"forms.pages", "proposals_api", "validation"} <= {*imported}


def test_what_readers_need_is_imported_beside_the_work(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    imported: list[str] = []
    monkeypatch.setattr("gcm.web.preparing._PAUSE_SECONDS", 0)
    monkeypatch.setattr("gcm.web.preparing.import_all", imported.extend)
    monkeypatch.setattr("gcm.web.preparing._run", lambda *_: None)
    taken_up(place.store, prepare)
    assert {"pages", "sparql", "void"} <= {*imported}


def test_a_bench_that_cannot_be_made_ready_is_logged(
    place: Place, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> None:
        raise StoreError("There is no version.")

    desk.tokens.issue("example-one", Role.PROPOSE, days=1)
    opened(place, desk, Counted(refuse))
    assert "the bench is not made ready: There is no version." in caplog.text


def workshops(server: int) -> list[str]:
    """List the versions for which a server has a workshop."""
    commands = []
    for each in descendants(server):
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended in the meantime
            commands.append(Path(f"/proc/{each}/cmdline").read_bytes().split(b"\0"))
    return [
        Path(each[each.index(b"gcm.validate.workshop") + 2].decode()).name
        for each in commands
        if b"gcm.validate.workshop" in each
    ]


@pytest.mark.server  # slow: a real server, and a second version
def test_a_server_with_a_desk_has_a_bench_before_anybody_checks(tmp_path: Path) -> None:
    place = make_small(tmp_path / "place")
    place.desk().tokens.issue("example-one", Role.PROPOSE, days=1)
    folders = [str(each) for each in (place.rules, place.data, place.store, place.folder)]
    with started([sys.executable, "-c", SERVE, *folders]) as server:
        wait_until(lambda: workshops(server.process.pid) == [current(place.store).id])
        more = place.data / "world-commitments.ttl"
        more.write_text(more.read_text().replace("Invented", "Newly invented"))
        build(place.sources(), place.store, progress=lambda _: None)
        server.get("/")  # takes the new version up
        wait_until(lambda: workshops(server.process.pid) == [current(place.store).id])
    assert workshops(server.process.pid) == []
