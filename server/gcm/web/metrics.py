"""What a server process has counted, in the text format of Prometheus (version 0.0.4).

Each process answers for itself, with its number as the label `process`: which one a request meets is chance,
so ask each by running it as a server of its own, or take the sums of what is seen as a sample.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from threading import Lock

from gcm.query import Histogram, Runner, Tally
from gcm.web.record import Record

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

#: Methods are counted by name; what else clients invent is one.
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "QUERY", "PUT", "DELETE", "PATCH"})

Labels = Mapping[str, str]
Sample = tuple[Labels, float]


class Metrics:
    """The counts of requests in this process; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: Counter[tuple[str, str, str]] = Counter()
        self._queries: Counter[tuple[str, str]] = Counter()
        self._durations: defaultdict[str, Histogram] = defaultdict(Histogram)
        self._bytes = 0

    def count(self, record: Record) -> None:
        """Count a request that has ended."""
        route = record.route or "none"
        method = record.method if record.method in _METHODS else "other"
        with self._lock:
            self._requests[route, method, str(record.status)] += 1
            self._bytes += record.bytes
            if record.has_query:
                self._queries[_outcome(record), record.limit] += 1
            self._durations[route].observe(record.seconds)

    def write(self) -> Iterator[str]:
        """Write the counts as lines."""
        with self._lock:
            requests, queries = Counter(self._requests), Counter(self._queries)
            durations = dict(self._durations)
        names = ("route", "method", "status")
        samples = [(dict(zip(names, key, strict=True)), value) for key, value in requests.items()]
        yield from write_family("gcm_requests_total", "counter", "Requests answered.", samples)
        help_text = "Seconds from a request's arrival to the end of its answer."
        yield from write_histograms(
            "gcm_request_seconds", help_text, {("route", route): each for route, each in durations.items()}
        )
        outcomes = [({"outcome": what, "limit": limit}, value) for (what, limit), value in queries.items()]
        yield from write_family(
            "gcm_queries_total",
            "counter",
            "Queries by how they ended, and the limit that ended them.",
            outcomes,
        )
        yield from write_family(
            "gcm_sent_bytes_total", "counter", "Bytes of answers, without their headers.", [({}, self._bytes)]
        )


def write_pool(pool: Runner) -> Iterator[str]:
    """Write what the workers do, and how many queries wait for one."""
    busy, idle = pool.count_workers()
    states: list[Sample] = [({"state": "busy"}, busy), ({"state": "idle"}, idle)]
    yield from write_family("gcm_workers", "gauge", "Workers on the version that is served.", states)
    waiting = "Queries that wait for a worker."
    yield from write_family("gcm_waiting_queries", "gauge", waiting, [({}, pool.turns.waiting)])
    yield from _write_tally(pool.turns.tally)


def write_family(name: str, kind: str, help_text: str, samples: Iterable[Sample]) -> Iterator[str]:
    """Write one metric with all its samples."""
    yield f"# HELP {name} {help_text}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        yield _sample(name, labels, value)


def write_histograms(
    name: str, help_text: str, histograms: Mapping[tuple[str, str], Histogram]
) -> Iterator[str]:
    """Write histograms that differ in one label: its name and value are the keys."""
    yield f"# HELP {name} {help_text}"
    yield f"# TYPE {name} histogram"
    for (label, value), histogram in histograms.items():
        labels = {label: value} if label else {}
        classes = list(histogram.cumulative())
        for bound, count in classes:
            yield _sample(f"{name}_bucket", labels | {"le": _number(bound)}, count)
        yield _sample(f"{name}_sum", labels, histogram.total)
        yield _sample(f"{name}_count", labels, classes[-1][1])


def _write_tally(tally: Tally) -> Iterator[str]:
    events: list[Sample] = [
        ({"event": each}, tally.workers[each]) for each in ("started", "killed", "found dead")
    ]
    yield from write_family("gcm_worker_events_total", "counter", "What became of workers.", events)
    yield from write_histograms(
        "gcm_wait_seconds", "Seconds that queries waited for a worker.", {("", ""): tally.waits}
    )


def _outcome(record: Record) -> str:
    if record.is_broken:
        return "broken off"
    if record.status < 400:
        return "answered"
    return "stopped" if record.limit else "failed"


def _sample(name: str, labels: Labels, value: float) -> str:
    pairs = [*labels.items(), ("process", str(os.getpid()))]
    written = ",".join(f'{key}="{_escape(text)}"' for key, text in pairs)
    return f"{name}{{{written}}} {_number(value)}"


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    return "+Inf" if value == float("inf") else f"{value:.6f}".rstrip("0").rstrip(".")
