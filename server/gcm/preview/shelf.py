"""The previews of one desk: found when they are there, made by a process of their own when they are not."""

import logging
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from threading import Event, Lock, Thread
from time import time

from gcm.limits import Limits
from gcm.preview.order import Order, write_order
from gcm.preview.outcome import Outcome, read_outcome

log = logging.getLogger(__name__)


@dataclass
class _Work:
    """An order that is being made, or has failed."""

    key: str
    done: Event = field(default_factory=Event)
    has_failed: bool = False


class Previews:
    """What was made of the orders in a folder; several server processes may share it."""

    def __init__(self, folder: Path, *, limits: Limits) -> None:
        """Take the folder; it is made with the first preview."""
        self.folder = folder
        self._limits = limits
        self._lock = Lock()
        self._works: dict[str, _Work] = {}

    def last(self, name: str) -> Outcome | None:
        """Give what was made last for a name, of whatever order; its version may be gone."""
        return read_outcome(self.folder / "outcomes" / f"{name}.json")

    def find(self, order: Order) -> Outcome | None:
        """Give what was made of an order; None if it is not there, or no longer."""
        found = self.last(order.name)
        is_there = found is not None and found.key == order.key
        return found if found and is_there and self.path(found).is_dir() else None

    def path(self, outcome: Outcome) -> Path:
        """Where the version of a preview lies."""
        return self.folder / "versions" / outcome.version

    def ask(self, order: Order, *, seconds: float) -> Outcome | None:
        """Give what was made of an order; if it is not there, have it made, and wait so long for it."""
        found = self.find(order)
        if found is None:
            work = self._begin(order)
            work.done.wait(seconds)
            found = self.find(order)
        return found

    def has_failed(self, order: Order) -> bool:
        """Whether this order could not be made by this process; it is not tried again."""
        work = self._works.get(order.name)
        return work is not None and work.key == order.key and work.has_failed

    def retire(self, name: str) -> None:
        """Remove the version of a preview that is over; what differed in it stays known."""
        outcome = self.last(name)
        if outcome is None or not self.path(outcome).is_dir():
            return
        others = (
            read_outcome(each) for each in (self.folder / "outcomes").glob("*.json") if each.stem != name
        )
        if any(each and each.version == outcome.version for each in others):
            return
        doomed = (
            self.folder / f"removing-{outcome.version}"
        )  # a name that the next build removes, if we do not
        with suppress(OSError):  # another process was faster
            self.path(outcome).rename(doomed)
            shutil.rmtree(doomed)

    def _begin(self, order: Order) -> _Work:
        with self._lock:
            work = self._works.get(order.name)
            is_known = work is not None and work.key == order.key
            if work is None or not is_known or (work.done.is_set() and not work.has_failed):
                work = self._works[order.name] = _Work(order.key)
                Thread(target=self._make, args=(order, work), name="gcm-preview", daemon=True).start()
        return work

    def _make(self, order: Order, work: _Work) -> None:
        try:
            self._run(order)
        except (OSError, subprocess.SubprocessError) as error:
            work.has_failed = True
            reason = getattr(error, "stderr", None) or error
            log.error("the preview of proposal %s cannot be made: %s", order.name, reason)
        finally:
            work.done.set()

    def _run(self, order: Order) -> None:
        """Run the maker to its end: it ends when this thread does (prctl(2), PR_SET_PDEATHSIG)."""
        orders = self.folder / "orders"
        orders.mkdir(parents=True, exist_ok=True)
        self._remove_abandoned(orders)
        place = Path(mkdtemp(prefix=f"{order.name}-", dir=orders))
        try:
            write_order(order, place)
            command = [sys.executable, "-P", "-m", "gcm.preview.making"]
            subprocess.run(
                [*command, str(self.folder), place.name, str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
                check=True,
                timeout=self._limits.preview_seconds,
            )
        finally:
            shutil.rmtree(place)

    def _remove_abandoned(self, orders: Path) -> None:
        """Remove what killed servers have left: whatever is older than any maker may become."""
        oldest = time() - 2 * self._limits.preview_seconds
        for each in orders.iterdir():
            with suppress(OSError):  # another process may be at it
                if each.stat().st_mtime < oldest:
                    shutil.rmtree(each)
