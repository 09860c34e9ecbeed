"""How often a client may try tokens that open nothing: counted in each server process.

So several processes allow several times as many. That spares work, not secrets: nobody guesses 256 random
bits, however often they may try.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock
from time import monotonic

from gcm.errors import LimitError

#: Seconds over which attempts are counted.
_PERIOD_SECONDS = 60.0

#: Clients that are remembered; the longest silent goes first.
_CLIENTS = 10_000


class Attempts:
    """The failed attempts of the last minute, by client."""

    def __init__(self, at_most: float, *, now: Callable[[], float] = monotonic) -> None:
        """Take how many a client has in a minute."""
        self._at_most = at_most
        self._now = now
        self._failed: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def refuse_more(self, client: str) -> None:
        """Raise LimitError if the client has failed too often."""
        with self._lock:
            if len(self._recent(client)) >= self._at_most:
                message = f"Tokens that open nothing were tried {self._at_most:g} times in a minute. Wait."
                raise LimitError(message, limit="sign_in_attempts")

    def note(self, client: str) -> None:
        """Note a failure."""
        with self._lock:
            recent = self._recent(client)
            recent.append(self._now())
            self._failed[client] = recent
            self._failed.move_to_end(client)
            while len(self._failed) > _CLIENTS:
                self._failed.popitem(last=False)

    def _recent(self, client: str) -> deque[float]:
        found = self._failed.get(client, deque())
        while found and found[0] <= self._now() - _PERIOD_SECONDS:
            found.popleft()
        return found
