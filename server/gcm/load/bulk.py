"""A whole store from files: each goes through the engine's own loader, several at the same time."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import filterfalse
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store

from gcm.load.files import check_header, explain, graph_of, parse_quads, refuse_shared_datasets
from gcm.load.stock import SourceFile

Progress = Callable[[str], None]

#: Jobs that run at the same time; the engine has two threads for each. More only take memory.
_THREADS = min(8, max(2, os.cpu_count() or 1))

#: Each call of the engine's loader takes 7 ms, for one triple too. Reading by ourselves takes as much longer
#: for a file of about so many bytes: smaller ones are read by us and loaded together, so many bytes at once.
_SMALL_BYTES, _TOGETHER_BYTES = 250_000, 1_000_000

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


#: Some of the work: it gives the files that are loaded with it.
Job = Callable[[], Sequence[LoadedFile]]


def write_store(files: Sequence[SourceFile], store: Store, *, progress: Progress) -> tuple[LoadedFile, ...]:
    """Write each triple into the graph of its file and into the default graph of an empty store.

    So a plain query reads a true merge of all graphs: the engine's own union of graphs matches a triple once
    for each graph that holds it, and would count it twice. Raises SourceError if a file cannot be read,
    StoreError if one has changed.
    """
    found: dict[SourceFile, LoadedFile] = {}
    threads = ThreadPoolExecutor(_THREADS)
    try:
        for some, milliseconds in threads.map(_timed, _jobs(files, store)):
            for each in some:
                found[each.file] = each
                progress(describe_progress(each, milliseconds))
    finally:
        threads.shutdown(cancel_futures=True)
    loaded = tuple(found[each] for each in files)
    refuse_shared_datasets(loaded)
    store.optimize()
    return loaded


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


def _timed(job: Job) -> tuple[Sequence[LoadedFile], int]:
    started = time.monotonic()
    return job(), round((time.monotonic() - started) * 1000)


def _jobs(files: Sequence[SourceFile], store: Store) -> Iterator[Job]:
    """Divide the work; what takes longest comes first, so that no thread is left with it at the end."""
    for file in sorted(filter(_is_large, files), key=lambda each: each.size, reverse=True):
        yield partial(_load_own, store, file)
        yield partial(_load_merge, store, file)
    for some in _groups(filterfalse(_is_large, files)):
        yield partial(_load_together, store, some)


def _is_large(file: SourceFile) -> bool:
    return file.kind == "data" and file.size > _SMALL_BYTES


def _groups(files: Iterable[SourceFile]) -> Iterator[Sequence[SourceFile]]:
    group: list[SourceFile] = []
    for file in files:
        if group and sum(each.size for each in (*group, file)) > _TOGETHER_BYTES:
            yield group
            group = []
        group.append(file)
    if group:
        yield group


def _load_own(store: Store, file: SourceFile) -> Sequence[LoadedFile]:
    """Leave it to the engine to read a file into its graph, unless it may have blank nodes."""
    data = file.read()
    graph = graph_of(file, data)
    if _is_special(data):
        store.bulk_extend(both_graphs(parse_quads(file, data), graph))
    else:
        _leave_to_engine(store, file, data, graph)
    return [_checked(store, LoadedFile(file, graph, 0))]


def _load_merge(store: Store, file: SourceFile) -> Sequence[LoadedFile]:
    """Have the engine read the file once more, into the default graph, at the same time.

    It would name blank nodes anew: a file that may have some is written into both graphs at once.
    """
    data = file.read()
    if not _is_special(data):
        _leave_to_engine(store, file, data, None)
    return ()


def _is_special(data: bytes) -> bool:
    return any(each in data for each in _SPECIAL)


def _leave_to_engine(store: Store, file: SourceFile, data: bytes, graph: NamedNode | None) -> None:
    try:
        store.bulk_load(data, RdfFormat.TURTLE, to_graph=graph)
    except SyntaxError as error:
        raise explain(file, data) from error


def _load_together(store: Store, files: Sequence[SourceFile]) -> Sequence[LoadedFile]:
    loaded: list[LoadedFile] = []
    quads: list[Quad] = []
    for file in files:
        data = file.read()
        graph = graph_of(file, data)
        own = [*parse_quads(file, data)]
        quads += both_graphs(own, graph)
        loaded.append(LoadedFile(file, graph, len(own)))
    store.bulk_extend(quads)
    return [*map(partial(_checked, store), loaded)]  # a failed comprehension would hold the store open


def _checked(store: Store, loaded: LoadedFile) -> LoadedFile:
    """Count the triples of a dataset, and see that it is one.

    Of our own graphs, which are several files each, every file counts as it was read.
    """
    if loaded.file.kind != "data":
        return loaded
    check_header(loaded.file, store=store, graph=loaded.graph)
    return replace(loaded, triples=count_triples(store, loaded.graph))
