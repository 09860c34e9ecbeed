"""What a remote store says of the version it holds: one statement in a graph of its own, written last.

Its value is the manifest that a version of ours has as a file, with a digest of each graph as it was sent.
"""

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, replace

from pyoxigraph import Literal

from gcm.errors import BackendError, StoreError
from gcm.limits import Limits
from gcm.remote.dialect import PLAIN, Dialect, dialect_of
from gcm.remote.graphs import Dataset
from gcm.remote.request import request_of
from gcm.remote.results import TABLE, Incoming, check_reply, read_rows
from gcm.remote.wire import Clock, Wire
from gcm.vocab import BASE, PREFIXES

#: The graph of that statement, which is also its subject.
STATE = f"{BASE}store/state"

#: The graphs that hold the merge of all datasets begin with this; the name of the version follows.
MERGES = f"{BASE}store/merge/"

#: The property of that statement.
STATE_PROPERTY = f"{PREFIXES['dcterms']}description"

#: The query that reads it.
_QUERY = f"SELECT ?manifest WHERE {{ <{STATE}> <{STATE_PROPERTY}> ?manifest }}"


@dataclass(frozen=True)
class GraphRow:
    """One graph: its IRI, its file, its triples; the digest is empty while it is being sent."""

    iri: str
    file: str
    triples: int
    digest: str = ""


@dataclass(frozen=True)
class State:
    """A version in a remote store; `coming` names one that is being loaded in its place.

    `merges` are the graphs of merges that are there, the newest first: a reader may still be on the second.
    """

    id: str
    built: str
    triples: int
    graphs: tuple[GraphRow, ...]
    merges: tuple[str, ...] = ()
    coming: str = ""

    def without(self, changed: Mapping[str, str], *, coming: str) -> "State":
        """Give this version while graphs of it are being changed: their digests no longer hold."""
        rows = tuple(
            row if changed.get(row.iri) == row.digest else replace(row, digest="") for row in self.graphs
        )
        return replace(self, graphs=rows, coming=coming)


def merge_name(version: str) -> str:
    """Name the graph that holds the merge of a version."""
    return MERGES + version


def write_state(state: State) -> str:
    """Write the manifest."""
    return json.dumps(asdict(state), separators=(",", ":"))


def read_state(text: str) -> State:
    """Read the manifest; raises StoreError if it is none of ours."""
    try:
        manifest = json.loads(text)
        rows = tuple(GraphRow(**row) for row in manifest.pop("graphs"))
        return State(**(manifest | {"graphs": rows, "merges": tuple(manifest["merges"])}))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"The remote store holds a manifest that is none of ours ({error}).") from error


def look(wire: Wire, *, limits: Limits) -> tuple[State | None, Dialect]:
    """See which version a remote store holds, None if it holds none, and which engine it is.

    Raises BackendError if it does not answer, StoreError if what it holds is not ours.
    """
    clock = Clock(limits.store_seconds, "store_seconds")
    request = request_of(_QUERY, Dataset((STATE,), ()), PLAIN, TABLE, limits.store_seconds)
    with closing(wire.send(request, clock)) as reply:
        if reply.status != 200:
            raise BackendError(f"The store answers {reply.status}: {reply.text()[:200]}")
        check_reply(reply, TABLE, seconds=limits.store_seconds)
        dialect = dialect_of(reply.headers)
        rows = [*read_rows(Incoming(reply, dialect, most_bytes=limits.store_bytes))]
    found = [row[0].value for row in rows if isinstance(row[0], Literal)]
    return (read_state(found[0]) if found else None), dialect
