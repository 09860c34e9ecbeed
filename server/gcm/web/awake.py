"""Keeps the event loop awake while one query alone is under way.

To fall asleep and to be woken takes as long as a short query, since a processor without work is put to rest.
Where several queries are under way the loop has enough to do, and theirs is what the processors are for.
"""

import asyncio

from gcm.process.wakeful import Wakeful

#: For how long: a short query takes half of it. What takes longer is worth a sleep.
_SECONDS = 0.0004


class Awake:
    """Counts the queries that are under way. For the thread of the event loop only."""

    def __init__(self) -> None:
        self._under_way = 0
        self._wakeful = Wakeful(_SECONDS)
        self._is_turning = False

    @property
    def is_free(self) -> bool:
        """Whether no query is under way."""
        return not self._under_way

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Learn that a query has been asked; if it is the only one, stay awake for its answer."""
        self._under_way += 1
        self._wakeful.begin()
        if not self._is_turning and self._under_way == 1:
            self._is_turning = True
            loop.call_soon(self._turn, loop)

    def end(self) -> None:
        """Learn that a query has been answered, or takes long."""
        self._under_way -= 1

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let the loop look for what has come, and then come back here instead of sleeping."""
        self._is_turning = self._under_way == 1 and self._wakeful.may_stay()
        if self._is_turning:
            loop.call_soon(self._turn, loop)
