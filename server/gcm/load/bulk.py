"""A whole store from files: each goes through the engine's own loader, several at the same time."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store

from gcm.load.files import check_header, explain, graph_of, parse_quads, refuse_shared_datasets
from gcm.load.stock import SourceFile

Progress = Callable[[str], None]

#: Files that are read at the same time; the engine has two threads for each. More only take memory.
_THREADS = min(8, max(2, os.cpu_count() or 1))

#: Turtle without these has no blank nodes, and says nothing beyond RDF 1.1 (RDF 1.2 Turtle section 6.5).
_SPECIAL = (b"_:", b"[", b"(", b"<<", b"{|", b"~", b"--")

_COUNT = "SELECT (COUNT(*) AS ?count) WHERE {{ GRAPH {0} {{ ?subject ?predicate ?value }} }}"


@dataclass(frozen=True)
class LoadedFile:
    """A file that is in a store: its graph, and how many triples it has there."""

    file: SourceFile
    graph: NamedNode
    triples: int

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self.file.path


def write_store(files: Sequence[SourceFile], store: Store, *, progress: Progress) -> tuple[LoadedFile, ...]:
    """Write each triple into the graph of its file and into the default graph of an empty store.

    So a plain query reads a true merge of all graphs: the engine's own union of graphs matches a triple once
    for each graph that holds it, and would count it twice. Raises SourceError if a file cannot be read,
    StoreError if one has changed.
    """
    loaded = []
    threads = ThreadPoolExecutor(_THREADS)
    try:
        for each, milliseconds in threads.map(partial(_load_timed, store), files):
            loaded.append(each)
            progress(describe_progress(each, milliseconds))
    finally:
        threads.shutdown(cancel_futures=True)
    refuse_shared_datasets(loaded)
    store.optimize()
    return tuple(loaded)


def describe_progress(loaded: LoadedFile, milliseconds: int) -> str:
    """Say that a file was read."""
    return f"{loaded.path.parent.name}/{loaded.path.name}: {loaded.triples:,} triples, {milliseconds} ms"


def count_triples(store: Store, graph: NamedNode) -> int:
    """Count the triples of a named graph."""
    solutions = store.query(_COUNT.format(graph))
    assert isinstance(solutions, QuerySolutions)
    count = next(solutions)["count"]
    assert isinstance(count, Literal)
    return int(count.value)


def both_graphs(quads: Iterable[Quad], graph: NamedNode) -> Iterator[Quad]:
    """Give each quad of the default graph, and the same triple in `graph`."""
    for quad in quads:
        yield quad
        yield Quad(quad.subject, quad.predicate, quad.object, graph)


def _load_timed(store: Store, file: SourceFile) -> tuple[LoadedFile, int]:
    started = time.monotonic()
    return _load(store, file), round((time.monotonic() - started) * 1000)


def _load(store: Store, file: SourceFile) -> LoadedFile:
    data = file.read()
    graph = graph_of(file, data)
    if file.kind != "data":  # several files are one graph: each is counted as it is read
        quads = [*parse_quads(file, data)]
        store.bulk_extend(both_graphs(quads, graph))
        return LoadedFile(file, graph, len(quads))
    if any(each in data for each in _SPECIAL):
        store.bulk_extend(both_graphs(parse_quads(file, data), graph))
    else:
        _load_twice(store, file, data, graph)
    check_header(file, store=store, graph=graph)
    return LoadedFile(file, graph, count_triples(store, graph))


def _load_twice(store: Store, file: SourceFile, data: bytes, graph: NamedNode) -> None:
    """Leave reading to the engine. It would name blank nodes anew each time: such files go another way."""
    try:
        store.bulk_load(data, RdfFormat.TURTLE, to_graph=graph)
        store.bulk_load(data, RdfFormat.TURTLE)
    except SyntaxError as error:
        raise explain(file, data) from error
