"""Processes that propose and publish until they are killed: `python -m tests.desk_crash moments 50`.

Nothing here opens a store but forked processes, so that each of them begins as a new server would.
"""

import os
import random
import select
import shutil
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from unittest.mock import patch

from gcm.desk import Desk, State
from gcm.load import build, current
from gcm.query import open_version
from pyoxigraph import BlankNode, NamedNode, Quad

from tests.desk_world import (
    COMMITMENTS,
    ONE,
    TWO,
    Place,
    add_note,
    copy_place,
    lenient,
    make_small,
    note,
    says,
)

#: Seconds in which a process is killed after its first word; a publication takes about 0.1 to 0.5.
SPAN_SECONDS = 0.6


@dataclass
class Told:
    """What processes have confirmed: the things of proposals, and the numbers of those published."""

    proposed: dict[int, str] = field(default_factory=dict)
    published: set[int] = field(default_factory=set)

    def hear(self, line: str) -> None:
        """Take a confirmation; the last line of a killed process may be a part of one."""
        word, _, rest = line.partition(" ")
        if word == "proposed":
            number, _, thing = rest.partition(" ")
            self.proposed[int(number)] = thing
        elif word == "published":
            self.published.add(int(rest))


def work(place: Place, name: str, say: Callable[[str], None]) -> None:
    """Propose, publish, and take every second thing back, for ever."""
    desk = place.desk(lenient)
    for count in range(1_000_000):
        thing = f"http://example.org/{name}/{count}"
        number = desk.propose_statements(ONE, add_note("new", NamedNode(thing))).number
        say(f"proposed {number} {thing}")
        desk.approve(TWO, number)
        say(f"published {number}")
        if count % 2:
            back = desk.revert(ONE, number).number
            say(f"proposed {back} {thing}")
            desk.approve(TWO, back)
            say(f"published {back}")


def fork(act: Callable[[Callable[[str], None]], None]) -> tuple[int, int]:
    """Run `act` in a process of its own; give its number, and where to read what it says."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    code = 1
    try:
        os.close(reading)
        act(lambda line: _write(writing, line))
        code = 0
    except BaseException:  # nobody else would see it
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _write(descriptor: int, line: str) -> None:
    os.write(descriptor, f"{line}\n".encode())


def check(place: Place, told: Told, *, deeply: bool) -> None:
    """Start anew, and compare what was confirmed with what is there. Raises AssertionError."""
    desk = place.desk(lenient)
    desk.recover()
    assert not list(place.root.rglob(".new-*")), "something unfinished is left"
    assert not (place.folder / "publishing").exists()
    assert place.agrees(), "the version that serves is not that of the files"
    for number, thing in told.proposed.items():
        assert desk.proposal(number).changes, f"proposal {number} of {thing} is gone"
    for number in told.published:
        assert desk.proposal(number).published, number
    _check_each(desk)
    if deeply:
        _check_rebuilt(place)


def _check_each(desk: Desk) -> None:
    """See that each proposal is published in all places, or in none."""
    recorded = {each.iri for each in desk.publications()}
    for proposal in desk.proposals():
        is_published = proposal.published is not None
        assert is_published == (proposal.publication is not None)
        assert not is_published or proposal.publication in recorded, proposal.number
        (change,) = (each for each in proposal.changes if each.dataset == COMMITMENTS)
        (thing,) = {each.subject for each in change.added | change.removed}
        assert isinstance(thing, NamedNode)
        is_there = says(desk, note("new", thing))
        if proposal.reverts is None:
            assert is_there == (proposal.state is State.PUBLISHED), proposal
        elif is_published:
            assert not is_there, proposal
    assert len(recorded) == sum(each.publication is not None for each in desk.proposals())


def _check_rebuilt(place: Place) -> None:
    """Build the files from nothing, and compare statement by statement with what serves."""
    with TemporaryDirectory() as folder:
        anew = build(place.sources(), Path(folder), progress=lambda _: None)
        served = current(place.store)
        assert anew.id == served.id
        stores = [open_version(each.path).store for each in (anew, served)]
        one, two = (list(each.quads_for_pattern(None, None, None, None)) for each in stores)
        assert len(one) == len(two)
        assert _named(one) == _named(two), "the version that serves says something else"


def _named(quads: Iterable[Quad]) -> set[Quad]:
    """Leave out what has blank nodes, which each build names anew: only shapes have them."""
    return {each for each in quads if BlankNode not in (type(each.subject), type(each.object))}


def passes(act: Callable[[], None]) -> bool:
    """Run a check in a process of its own."""
    process, reading = fork(lambda _: act())
    os.close(reading)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0


class Rounds:
    """Rounds of two processes that are killed at random moments."""

    def __init__(self, place: Place, *, seed: int) -> None:
        """Take the folders, and the seed of the moments."""
        self.place = place
        self.told = Told()
        self.kills = 0
        self.found: Counter[str] = Counter()  # what killed processes had left undone
        self._random = random.Random(seed)

    def run(self) -> None:
        """Have two processes work, kill them, and check. Raises AssertionError."""
        names = [f"{self.kills}-{each}" for each in ("a", "b")]
        started = [fork(lambda say, name=name: work(self.place, name, say)) for name in names]  # type: ignore[misc]  # mypy infers no default
        for process, reading in started:
            _wait_for_word(reading, self.told)
            sleep(self._random.uniform(0, SPAN_SECONDS))
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            self.kills += 1
        for _, reading in started:
            _hear_all(reading, self.told)
        self._note_left()
        is_deep = self.kills % 20 == 0
        assert passes(lambda: check(self.place, self.told, deeply=is_deep)), f"after {self.kills} kills"

    def _note_left(self) -> None:
        if (self.place.folder / "publishing").exists():
            self.found["publication"] += 1
        if any(self.place.root.rglob(".new-*")):
            self.found["file"] += 1
        if list(self.place.store.glob("building-*")):
            self.found["build"] += 1


def _wait_for_word(reading: int, told: Told) -> None:
    """Wait until a process has begun to work: its start is no news."""
    ready, _, _ = select.select([reading], [], [], 60)
    assert ready, "the process does not work"
    told.hear(_line(reading))


def _line(reading: int) -> str:
    data = b""
    while not data.endswith(b"\n"):
        piece = os.read(reading, 1)
        if not piece:
            return ""
        data += piece
    return data.decode().strip()


def _hear_all(reading: int, told: Told) -> None:
    with os.fdopen(reading, "rb") as words:
        for line in words:
            if line.endswith(b"\n"):
                told.hear(line.decode().strip())


@contextmanager
def killed_at(step: int) -> Iterator[None]:
    """Have this process killed at a step: each change of a name and each wait for the disk is one."""
    left = [step]

    def counted(act: Callable[..., object]) -> Callable[..., object]:  # of any arguments
        def count(*given: object, **named: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return act(*given, **named)

        return count

    with ExitStack() as patches:
        for name in ("fsync", "rename", "replace", "unlink", "mkdir", "symlink"):
            patches.enter_context(patch.object(os, name, counted(getattr(os, name))))
        yield


def crash_at_steps(root: Path) -> int:
    """Approve the same proposal again and again, killed one step later each time, until it is done.

    Each time there is a folder of its own. Gives the number of kills. Raises AssertionError.
    """
    pattern = make_in_fork(root / "pattern")
    told = Told()
    assert passes(lambda: _propose_one(pattern))
    told.proposed[1] = "http://example.org/one"
    for step in range(10_000):
        place = copy_place(pattern, root / "place")
        if passes(lambda place=place, step=step: _approve_killed_at(place, step)):  # type: ignore[misc]  # as above
            return step
        assert passes(lambda place=place: check(place, told, deeply=False)), f"killed at step {step}"  # type: ignore[misc]  # as above
        shutil.rmtree(place.root)
    raise AssertionError("a publication has no end")


def _propose_one(place: Place) -> None:
    place.desk(lenient).propose_statements(ONE, add_note("new", NamedNode("http://example.org/one")))


def _approve_killed_at(place: Place, step: int) -> None:
    desk = place.desk(lenient)
    with killed_at(step):
        desk.approve(TWO, 1)


def crash_at_moments(root: Path, count: int) -> None:
    """Run so many rounds, and say what was found. Raises AssertionError."""
    rounds = Rounds(make_in_fork(root / "place"), seed=7)
    began = monotonic()
    for _ in range(count):
        rounds.run()
    sys.stdout.write(
        f"{rounds.kills} kills in {monotonic() - began:.0f} s; confirmed: {len(rounds.told.proposed)} "
        f"proposals, {len(rounds.told.published)} publications; left undone: {dict(rounds.found)}\n"
    )


def main() -> None:
    """Kill at `moments ROUNDS`, or at all `steps` of a publication."""
    with TemporaryDirectory() as folder:
        if sys.argv[1] == "moments":
            crash_at_moments(Path(folder), int(sys.argv[2]))
        else:
            sys.stdout.write(f"{crash_at_steps(Path(folder))} kills, one at each step\n")


def make_in_fork(root: Path) -> Place:
    """Build the small graph without opening a store here."""

    def make() -> None:
        make_small(root)

    assert passes(make)
    return Place(root)


if __name__ == "__main__":
    main()
