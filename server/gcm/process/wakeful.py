"""Waiting for a moment without sleeping, while nobody else wants the processor.

To fall asleep and to be woken takes as long as a short query, since a processor without work is put to rest.
But who gives way to others gets the processor back when they have had their time, some milliseconds, and who
sleeps as soon as there is something to do. So where others have long work, sleeping is better.
"""

import os
from time import perf_counter

#: Others that keep the processor for so many seconds have long work; then nobody stays awake for so many.
_LONG, _REST = 0.002, 0.1


class Wakeful:
    """Knows whether to stay awake, for some `seconds` each time. For one thread only."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until = self._sleeps_until = 0.0

    def begin(self) -> None:
        """Begin to wait."""
        now = perf_counter()
        self._until = now + self._seconds if now >= self._sleeps_until else 0.0

    def may_stay(self) -> bool:
        """Let others go first; tell whether to look again what has come, instead of sleeping."""
        before = perf_counter()
        if before > self._until:
            return False
        os.sched_yield()
        now = perf_counter()
        if now - before > _LONG:
            self._sleeps_until = now + _REST
        return True
