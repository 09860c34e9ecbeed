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
from time import perf_counter
from uuid import uuid4

from flask import has_request_context, request

log = logging.getLogger(__name__)

#: The field of a request and its answer that names the request.
ID_HEADER = "X-Request-Id"

#: What a client may call its request; anything else gets a name of ours.
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

_PLAIN = re.compile(r"[A-Za-z0-9._:/+~-]+")

#: Characters of a path or a query that are written down.
_MOST = 500

#: Where a request keeps its record, in WSGI's environment.
KEY = "gcm.record"


@dataclass
class Record:
    """One request, filled in as it goes its way; `route` is the rule that answered it, "" if none did."""

    method: str = ""
    path: str = ""
    id: str = field(default_factory=lambda: uuid4().hex[:16])
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
        self.seconds = perf_counter() - self.started
        log.info("%s", self.to_line())

    def to_line(self) -> str:
        """Write the record as one line."""
        facts = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "id": self.id,
            "method": self.method,
            "path": self.path[:_MOST],
            "status": str(self.status),
            "ms": f"{self.seconds * 1000:.1f}",
            "bytes": str(self.bytes),
            "version": self.version,
            "query": self.query,
            "rows": self.rows(),
            "limit": self.limit,
            "broken": "yes" if self.is_broken else "",
        }
        return " ".join(f"{name}={_quote(value)}" for name, value in facts.items() if value)


def read_id(sent: str | None) -> str:
    """Give the name that the client gave its request, if it is a plain one; else a new name."""
    return sent if sent and _ID.fullmatch(sent) else uuid4().hex[:16]


def record() -> Record:
    """Give the record of the request that is being answered; outside of a server, one that nobody reads."""
    found = request.environ.setdefault(KEY, Record()) if has_request_context() else Record()
    assert isinstance(found, Record)  # nobody else writes here
    return found


def _quote(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else json.dumps(value)
