"""What engines do in their own way, and how it is set right: one row for each that we have tried.

An engine is known by the field Server of its answers; any other is taken at the word of the standards.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gcm.vocab import BASE, PREFIXES

_XSD = PREFIXES["xsd"]

#: Where literals stand whose datatype an engine would not give back as it was; never seen outside.
_KEPT = f"{BASE}store/datatype/"

#: What a refusal of an engine means: the query's fault, its time, or the engine's own.
Fault = Literal["query", "time", "store"]

_Rewrite = tuple[re.Pattern[bytes], bytes]


@dataclass(frozen=True)
class Dialect:
    """One engine: where it takes graphs, how it is told a time limit, and what must be set right.

    `kept` maps datatypes that it changes to those under which their literals are stored; `rewrites` are made
    in each line of an answer.
    """

    name: str
    graphs_path: str = ""
    milliseconds_parameter: str = ""
    kept: Mapping[str, str] = field(default_factory=dict)
    rewrites: tuple[_Rewrite, ...] = ()
    part_bytes: int = 0  # a larger graph is sent in parts; 0: in one piece
    time_faults: re.Pattern[str] | None = None
    query_faults: re.Pattern[str] | None = None

    def parameters(self, seconds: float) -> list[tuple[str, str]]:
        """Give the parameters that tell the engine how long a query may run."""
        if not self.milliseconds_parameter:
            return []
        return [(self.milliseconds_parameter, str(max(1, round(seconds * 1000))))]

    def fault_of(self, status: int, text: str) -> Fault:
        """Tell what an answer with an error status means."""
        if self.time_faults and self.time_faults.search(text):
            return "time"
        is_ours = self.query_faults.search(text) if self.query_faults else None
        return "query" if status == 400 or is_ours else "store"

    def set_right(self, line: bytes) -> bytes:
        """Give a line of an answer as the standards have it."""
        for pattern, instead in self.rewrites:
            line = pattern.sub(instead, line)
        for datatype, stored in self.kept.items():
            line = line.replace(stored.encode(), datatype.encode())
        return line


#: Results and behaviour as the standards say, but nothing known of how to write.
PLAIN = Dialect("plain")

#: Tried with 0.5.13. Has no time limit that a client could set: the connection is cut.
OXIGRAPH = Dialect("Oxigraph", graphs_path="/store")

#: Tried with 7.2.5. Its durations come back as numbers, its true and false as 1 and 0 and its blank nodes
#: under names that are none in JSON; a query that ran out of time gives what it has, marked in the header.
VIRTUOSO = Dialect(
    "Virtuoso",
    graphs_path="/sparql-graph-crud-auth",
    milliseconds_parameter="timeout",
    kept={
        datatype: _KEPT + datatype.rpartition("#")[2]
        for datatype in (
            f"{_XSD}duration",
            f"{_XSD}dayTimeDuration",
            f"{_XSD}yearMonthDuration",
            "http://www.opengis.net/ont/geosparql#wktLiteral",
        )
    },
    rewrites=(
        (re.compile(rb'(XMLSchema#boolean", "value": )"1"'), rb'\1"true"'),
        (re.compile(rb'(XMLSchema#boolean", "value": )"0"'), rb'\1"false"'),
        (re.compile(rb'("type": "bnode", "value": ")nodeID://'), rb"\1"),
    ),
    part_bytes=4_000_000,
    time_faults=re.compile(r"Virtuoso (?:S1T00|S1TAT|SR171|42000 Error The estimated execution time)"),
    query_faults=re.compile(r"Virtuoso (?:37000|22\w{3}|42000|S0022|RDF|SP\w*|SQ\w*) Error"),
)

_KNOWN = {"virtuoso": VIRTUOSO, "oxigraph": OXIGRAPH}


def dialect_of(headers: Mapping[str, str]) -> Dialect:
    """Tell the engine from the header fields of an answer of its."""
    name = re.match(r"[A-Za-z]*", headers.get("server", ""))
    return _KNOWN.get(name[0].lower() if name else "", PLAIN)


def is_partial(headers: Mapping[str, str]) -> bool:
    """Tell whether an answer holds only what was found in time (Virtuoso's anytime queries)."""
    return headers.get("x-sql-state", "") == "S1TAT"


def cut_rows(headers: Mapping[str, str]) -> str:
    """Give the number of rows after which the engine has cut an answer off; empty if it has not."""
    return headers.get("x-sparql-maxrows", "")
