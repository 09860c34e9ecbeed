"""Files into a remote store, by the Graph Store Protocol: changed graphs, then the merge, then what it is.

A reader goes by the statement that is written last, so it sees the old version's name or the new one's, and
never a merge of both: each version's merge is a graph of its own. Graphs of datasets are replaced one after
the other, so a query that reads them by name may meet two versions while a load runs.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from gcm.errors import BackendError, StoreError
from gcm.layout import Sources
from gcm.limits import Limits
from gcm.load.files import GraphFile, read_graph_file, refuse_shared_datasets
from gcm.load.stock import STORE_FORMAT
from gcm.load.versions import version_id
from gcm.remote.dialect import Dialect
from gcm.remote.graphs import NOTHING
from gcm.remote.state import MERGES, STATE, STATE_PROPERTY, GraphRow, State, look, merge_name, write_state
from gcm.remote.terms import statement_there
from gcm.remote.wire import Clock, Request, Wire

log = logging.getLogger(__name__)

Progress = Callable[[str], None]
Graphs = dict[str, list[Triple]]

#: Seconds for one request of a load; engines index while they take a graph.
_PATIENCE_SECONDS = 600.0

#: Bytes that are sent at once to an engine that takes graphs of any size.
_PART_BYTES = 64_000_000


@dataclass(frozen=True)
class Sent:
    """A version that a remote store holds, and how many graphs had to be sent for it."""

    id: str
    graphs: int


def upload(sources: Sources, wire: Wire, *, limits: Limits, progress: Progress) -> Sent:
    """Load the version of these sources into a remote store; graphs that it holds already are not sent.

    Killed at any moment, this leaves the version before it named, and the next load sends again what was not
    finished. Raises SourceError if a file cannot be read, StoreError or BackendError if the store does not
    take it.
    """
    name = version_id(sources)
    held, dialect = look(wire, limits=limits)
    if held is not None and held.id == name and not held.coming:
        return Sent(name, 0)
    files = [read_graph_file(path, sources=sources) for path in sources.files]
    refuse_shared_datasets(files)
    graphs = _by_graph(files)
    rows = {row.iri: row for row in _rows(files, graphs, dialect)}
    loading = _Loading(wire, dialect, progress)
    loading.knock()
    changed = loading.announce(held, rows, coming=name)
    loading.send_datasets(graphs, changed)
    loading.send_merge(graphs, merge_name(name))
    loading.finish(_state(name, rows, files, held), held)
    return Sent(name, len(changed))


class _Loading:
    """One load: what is sent, and where."""

    def __init__(self, wire: Wire, dialect: Dialect, progress: Progress) -> None:
        self._wire = wire
        self._dialect = dialect
        self._progress = progress
        self._path = wire.endpoint.graphs or dialect.graphs_path
        if not self._path:
            raise StoreError("where this engine takes graphs is not known; name it by GCM_STORE_GRAPHS.")

    def knock(self) -> None:
        """Learn who we must say we are, before a body is sent that would be refused for it."""
        reply = self._wire.send(Request(self._target(NOTHING), method="GET"), self._clock())
        reply.text()
        reply.close()

    def announce(self, held: State | None, rows: dict[str, GraphRow], *, coming: str) -> set[str]:
        """Say that a version is coming, and take back the word on graphs that change; give their names."""
        digests = {name: row.digest for name, row in rows.items()}
        known = {row.iri: row.digest for row in held.graphs} if held else {}
        if held is not None:
            self._write_state(held.without(digests, coming=coming))
        return {name for name, digest in digests.items() if known.get(name) != digest}

    def send_datasets(self, graphs: Graphs, changed: set[str]) -> None:
        """Send the graphs that changed."""
        for name, triples in graphs.items():
            if name in changed:
                self._put(name, triples)
                self._progress(f"{name}: {len(triples):,} triples sent")

    def send_merge(self, graphs: Graphs, name: str) -> None:
        """Send all statements into one graph, in which each stands once."""
        self._put(name, [each for triples in graphs.values() for each in triples])

    def finish(self, state: State, held: State | None) -> None:
        """Name the new version, and then remove what neither it nor the one before it needs."""
        self._write_state(state)
        names = {row.iri for row in held.graphs} if held else set()
        merges = set(held.merges) if held else set()
        doomed = [*(names - {row.iri for row in state.graphs}), *(merges - set(state.merges))]
        for name in doomed:
            self._ask(Request(self._target(name), method="DELETE"))

    def _write_state(self, state: State) -> None:
        subject = NamedNode(STATE)
        statement = Triple(subject, NamedNode(STATE_PROPERTY), Literal(write_state(state)))
        self._send("PUT", STATE, statement_there(statement, self._dialect))

    def _put(self, name: str, triples: Sequence[Triple]) -> None:
        """Replace a graph, in as many parts as the engine wants."""
        method = "PUT"
        for part in _parts(triples, self._dialect):
            self._send(method, name, part)
            method = "POST"  # adds to it (SPARQL 1.1 Graph Store HTTP Protocol section 5.5)

    def _send(self, method: str, name: str, body: bytes) -> None:
        headers = {"Content-Type": "application/n-triples", "Content-Length": str(len(body))}
        self._ask(Request(self._target(name), method=method, body=BytesIO(body), headers=headers))

    def _ask(self, request: Request) -> None:
        reply = self._wire.send(request, self._clock())
        try:
            text = reply.text()
        finally:
            reply.close()
        is_gone = request.method == "DELETE" and reply.status == 404
        if reply.status >= 300 and not is_gone:
            reason = text.strip().partition("\n")[0][:200]
            raise BackendError(f"The store answers {reply.status} to {request.method}: {reason}")

    def _clock(self) -> Clock:
        return Clock(_PATIENCE_SECONDS, "store_seconds")

    def _target(self, name: str) -> str:
        return f"{self._path}?graph={quote(name, safe='')}"


def _by_graph(files: Sequence[GraphFile]) -> Graphs:
    """Give the statements of each graph; several files may make up one, as those of the ontology do.

    Their blank nodes are named by graph and number, so that the same files always make the same statements.
    """
    found: Graphs = {}
    for file in files:
        named = found.setdefault(file.graph.value, [])
        start = hashlib.sha256(f"{file.graph.value} {file.path.name}".encode()).hexdigest()[:8]
        labels: dict[str, BlankNode] = {}
        for each in file.triples:
            terms = [_named(term, labels, start) for term in (each.triple.subject, each.triple.object)]
            named.append(Triple(terms[0], each.triple.predicate, terms[1]))  # type: ignore[arg-type]  # as they were
    return found


def _named(term: object, labels: dict[str, BlankNode], start: str) -> object:
    if not isinstance(term, BlankNode):
        return term
    return labels.setdefault(term.value, BlankNode(f"{start}-{len(labels)}"))


def _rows(files: Sequence[GraphFile], graphs: Graphs, dialect: Dialect) -> Iterator[GraphRow]:
    """Give each graph with the digest of what is sent of it, which is not the same for all engines."""
    names = {file.graph.value: file.path.name for file in files}
    for name, triples in graphs.items():
        digest = hashlib.sha256(f"{STORE_FORMAT} {dialect.name}\n".encode())
        for part in _parts(triples, dialect):
            digest.update(part)
        yield GraphRow(name, names[name], len(triples), digest.hexdigest()[:16])


def _parts(triples: Sequence[Triple], dialect: Dialect) -> Iterator[bytes]:
    most = dialect.part_bytes or _PART_BYTES
    lines: list[bytes] = []
    size = 0
    for each in triples:
        lines.append(statement_there(each, dialect))
        size += len(lines[-1])
        if size >= most:
            yield b"".join(lines)
            lines, size = [], 0
    if lines:
        yield b"".join(lines)


def _state(name: str, rows: dict[str, GraphRow], files: Sequence[GraphFile], held: State | None) -> State:
    before = [each for each in (held.merges if held else ()) if each != MERGES + name]
    return replace(
        State(id=name, built=datetime.now(UTC).isoformat(timespec="seconds"), triples=0, graphs=()),
        triples=sum(len(file.triples) for file in files),
        graphs=tuple(rows.values()),
        merges=(merge_name(name), *before[:1]),
    )
