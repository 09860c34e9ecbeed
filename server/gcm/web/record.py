"""What is written down of each request: one line in the log, and a count for /metrics.

A line is in logfmt: names and values, quoted as in JSON where they hold more than plain characters, so that
no request can write a line of its own. A query appears by its hash only, unless GCM_LOG_QUERIES=1.
"""

import hashlib
import json
import logging
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from time import perf_counter, time

from flask import has_request_context, request

log = logging.getLogger(__name__)

#: The field of a request and its answer that names the request.
ID_HEADER = "X-Request-Id"

#: What a client may call its request; anything else gets a name of ours.
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

_PLAIN = re.compile(r"[A-Za-z0-9._:/+~-]+")

#: Characters of a path or a query that are written down.
_MOST = 500

#: Seconds for which lines are held back, and how many are.
_HELD_SECONDS, _MOST_LINES = 0.05, 100

#: Where a request keeps its record, in WSGI's environment.
KEY = "gcm.record"


@dataclass(slots=True)
class Record:
    """One request, filled in as it goes its way; `route` is the rule that answered it, "" if none did."""

    method: str = ""
    path: str = ""
    id: str = field(default_factory=lambda: os.urandom(8).hex())
    route: str = ""
    status: int = 0
    bytes: int = 0
    limit: str = ""
    version: str = ""
    query: str = ""
    has_query: bool = False
    rows: Callable[[], str] = lambda: ""  # asked at the end: only then they have been counted
    is_broken: bool = False
    seconds: float = 0.0
    started: float = field(default_factory=perf_counter)

    def ask(self, text: str) -> None:
        """Note the query that is asked."""
        self.has_query = True
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self.query = text[:_MOST] if os.environ.get("GCM_LOG_QUERIES") == "1" else digest

    def repeat(self, other: "Record") -> None:
        """Note what another request noted that asked the same."""
        self.route, self.version = other.route, other.version
        self.query, self.has_query, self.rows = other.query, other.has_query, other.rows

    def end(self) -> None:
        """Take the time, and write the line."""
        self.take_time()
        log.info("%s", self.to_line())

    def take_time(self) -> None:
        """Note that the request has ended now."""
        self.seconds = perf_counter() - self.started

    def to_line(self) -> str:
        """Write the record as one line."""
        now = time()
        line = (
            f"time={_second(int(now))}.{int(now % 1 * 1000):03}+00:00 id={self.id} "
            f"method={_quote(self.method)} path={_quote(self.path[:_MOST])} "
            f"status={self.status} ms={self.seconds * 1000:.1f} bytes={self.bytes}"
        )
        if self.version:
            line += f" version={_quote(self.version)}"
        if self.query:
            line += f" query={_quote(self.query)}"
        if rows := self.rows():
            line += f" rows={_quote(rows)}"
        if self.limit:
            line += f" limit={_quote(self.limit)}"
        return f"{line} broken=yes" if self.is_broken else line


class Lines:
    """Lines on their way to the log, some at a time: a call for each costs a fifth of a kept answer.

    `later` calls a function after so many seconds, in the same thread. What a process that is killed has held
    back is lost.
    """

    def __init__(self, later: Callable[[float, Callable[[], None]], object]) -> None:
        self._later = later
        self._held: list[str] = []

    def add(self, line: str) -> None:
        """Take a line, and write it soon."""
        self._held.append(line)
        if len(self._held) == 1:
            self._later(_HELD_SECONDS, self.write)
        elif len(self._held) >= _MOST_LINES:
            self.write()

    def write(self) -> None:
        """Write what is held."""
        lines, self._held = self._held, []
        if lines:
            log.info("%s", "\n".join(lines))


def read_id(sent: str | None) -> str:
    """Give the name that the client gave its request, if it is a plain one; else a new name."""
    return sent if sent and _ID.fullmatch(sent) else os.urandom(8).hex()


def record() -> Record:
    """Give the record of the request that is being answered; outside of a server, one that nobody reads."""
    found = request.environ.setdefault(KEY, Record()) if has_request_context() else Record()
    assert isinstance(found, Record)  # nobody else writes here
    return found


@lru_cache(maxsize=1)
def _second(number: int) -> str:
    """Write a second since 1970 as ISO 8601 has it, without its zone."""
    return datetime.fromtimestamp(number, UTC).strftime("%Y-%m-%dT%H:%M:%S")


@lru_cache(maxsize=1024)  # methods, paths and versions come again
def _quote(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else json.dumps(value)
