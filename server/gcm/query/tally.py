"""What is counted in a server process since it began: never reset, so that rates can be told from them."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from threading import Lock

#: Upper bounds of the classes of durations, in seconds.
DURATIONS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)


class Histogram:
    """How many durations fell into each class; safe to use from several threads."""

    def __init__(self, bounds: Sequence[float] = DURATIONS) -> None:
        self.bounds = tuple(bounds)
        self.total = 0.0
        self._counts = [0] * (len(self.bounds) + 1)
        self._lock = Lock()

    @property
    def count(self) -> int:
        """How many there were."""
        return sum(self._counts)

    def observe(self, seconds: float) -> None:
        """Count one duration."""
        with self._lock:
            self._counts[bisect_left(self.bounds, seconds)] += 1
            self.total += seconds

    def cumulative(self) -> Iterator[tuple[float, int]]:
        """Give each bound with the number of durations up to it; the last bound is infinite."""
        yield from zip((*self.bounds, float("inf")), accumulate(self._counts), strict=True)


@dataclass
class Tally:
    """What the pools of a process have done; `workers` counts events: started, killed, found dead."""

    workers: Counter[str] = field(default_factory=Counter)
    waits: Histogram = field(default_factory=Histogram)
