"""Whoever asks: known by a name, and free to go away while the answer is being made."""

from collections.abc import Callable
from functools import partial
from threading import RLock


class Caller:
    """The client of one request; those of one `name` share what one client may have, "" stands alone.

    Safe to use from several threads.
    """

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.has_left = False
        self._lock = RLock()
        self._watches: list[Callable[[], None]] = []

    def leave(self) -> None:
        """Tell all who work for this caller that nobody waits any more."""
        with self._lock:
            self.has_left = True
            for act in self._watches:
                act()
            self._watches.clear()

    def watch(self, act: Callable[[], None]) -> Callable[[], None]:
        """Have `act` called when the caller leaves, at once if it has left; give what ends the watch.

        When the watch has been ended, `act` is not running and will not be called.
        """
        with self._lock:
            if self.has_left:
                act()
            else:
                self._watches.append(act)
        return partial(self._forget, act)

    def _forget(self, act: Callable[[], None]) -> None:
        with self._lock:
            if act in self._watches:
                self._watches.remove(act)
