"""What all work at a desk needs: its folders, its lock, and the graph as it is now."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import NamedNode

from gcm.desk.disk import FolderLock, remove_unfinished
from gcm.desk.folder import Folder
from gcm.desk.publishing import Press
from gcm.desk.rules import clean_comment
from gcm.desk.shelf import Shelf
from gcm.desk.standing import stand
from gcm.desk.submission import Checker
from gcm.desk.values import Act, Change, Curator, Event, Proposal, Standing
from gcm.errors import NoRoomError
from gcm.fields import Fields, fields_of
from gcm.layout import Sources
from gcm.load import build, current
from gcm.load.apart import build_apart
from gcm.query import OpenVersion, open_version

log = logging.getLogger(__name__)


class Room:
    """The folders of a desk, and who may write in them at the moment."""

    def __init__(
        self,
        folder: Path,
        *,
        sources: Callable[[], Sources],
        store: Path,
        data: Path,
        check: Checker,
        kept: int,
        now: Callable[[], datetime],
    ) -> None:
        """Take the folders; nothing is written yet."""
        self.folder = folder
        self.check = check
        self.shelf = Shelf(sources, data)
        self.proposals = Folder(folder)
        self.press = Press(self.proposals, build=self.build)
        self._store, self._kept, self._now = store, kept, now
        self._lock = FolderLock(folder / "lock")
        self._opened: OpenVersion | None = None
        self._fields: tuple[str, Fields] | None = None  # of which version
        self.builds_apart = False  # as it must where this process was forked

    def lock(self) -> FolderLock:
        """Give the lock of the folder, which is made if it is not there."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        return self._lock

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock, with all that a killed process left undone finished first.

        Raises NoRoomError if the disk takes nothing.
        """
        try:
            with self.lock().held():
                self._tidy()
                yield
        except OSError as error:
            reason = error.strerror or str(error)
            log.error("the desk cannot be written: %s", error)
            raise NoRoomError(f"The server cannot write this down ({reason}). Try again later.") from error

    def build(self) -> str:
        """Make a version of the present files current, and give its name."""
        sources = self.shelf.sources()
        if self.builds_apart:
            return build_apart(sources, self._store, kept=self._kept).id
        return build(sources, self._store, progress=log.debug, kept=self._kept).id

    def version(self) -> OpenVersion:
        """Open the version that is current."""
        version = current(self._store)
        opened = self._opened
        if opened is None or opened.id != version.id:
            opened = self._opened = open_version(version.path)
        return opened

    def all(self) -> tuple[Proposal, ...]:
        """Read all proposals, the newest first."""
        return tuple(self.proposals.read(number) for number in self.proposals.numbers())

    def published(self) -> tuple[Proposal, ...]:
        """Read all that was published, with what was really done, the newest first."""
        numbers = (each.number for each in self.all() if each.published)
        return tuple(self.proposals.read_done(number) for number in numbers)

    def waiting(self) -> tuple[Proposal, ...]:
        """Read the proposals on which somebody has still to decide."""
        return tuple(each for each in self.all() if each.state.is_waiting)

    def stand(
        self, changes: Sequence[Change], new: Collection[NamedNode], *, since: str, number: int
    ) -> Standing:
        """Compare changes of a proposal, thought of at the moment `since`, with the present graph."""
        others = (each for each in self.published() if each.number != number)
        later = [each for each in others if each.published and each.published.at >= since]
        return stand(
            changes,
            new,
            present=self.texts(),
            store=self.version().store,
            since=later,
            allows_several=self._allows_several,
        )

    def _allows_several(self, predicate: NamedNode) -> bool:
        """Tell whether the shapes allow several values of a property, whatever has it."""
        version = self.version()
        if self._fields is None or self._fields[0] != version.id:
            self._fields = version.id, fields_of(version.store)
        found = self._fields[1].fields_of(predicate)
        return bool(found) and all(each.allows_several for each in found)

    def texts(self) -> Mapping[NamedNode, str]:
        """Give the text of each dataset as its file has it now."""
        return self.shelf.texts()

    def happen(self, proposal: Proposal, event: Event) -> Proposal:
        """Write down one more event of a proposal."""
        changed = proposal.with_events(event)
        self.proposals.write_events(changed)
        return changed

    def event(self, act: Act, by: Curator, comment: str = "", *, proposal: int | None = None) -> Event:
        """Make an event of this moment."""
        return Event(act, by.handle, self.moment(), clean_comment(comment), proposal=proposal)

    def moment(self) -> str:
        """Say what time it is, in seconds (xsd:dateTime)."""
        return self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _tidy(self) -> None:
        remove_unfinished(self.folder)
        if self.proposals.path.is_dir():
            remove_unfinished(self.proposals.path)
        self.press.recover()
