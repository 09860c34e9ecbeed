"""A version from the one before: only files that changed are read, and only what they changed is written."""

import os
import shutil
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store, Triple

from gcm.load.bulk import LoadedFile, Progress, both_graphs, count_triples
from gcm.load.files import check_header, graph_of, parse_quads, refuse_shared_datasets
from gcm.load.record import RECORD, Record, read_record
from gcm.load.stated import stated_elsewhere
from gcm.load.stock import SourceFile
from gcm.process.folder import alone_in, same_age

#: A version is built anew if more than this part of the bytes of its files came or went: to take statements
#: out one by one costs about ten times what it costs to load them (measured at one million triples).
_PART = 1 / 16
#: So often a store is copied and changed before it is put in order, which takes seconds at a million
#: triples: where a server runs it has done so before, beside its work (`gcm.load.order`). Each change leaves
#: up to eleven small tables; the engine merges them with others as it can, and from 20 of a kind on a change
#: takes twice as long.
_STEPS = 12
#: So often until a server puts a copy in order: early enough, unless several changes come while it does.
_STEPS_BESIDE = 6


@dataclass(frozen=True)
class Base:
    """A store that a version can be made from by copying and changing it, and what it was made from."""

    store: Path
    record: Record


def is_near(record: Record, files: Sequence[SourceFile]) -> bool:
    """Tell whether so little has changed that it pays to begin with the store of the version before."""
    old = {each.key: each.size for each in record.files}
    new = {each.key: each.size for each in files}
    changed = sum((old | new)[key] for key in old.keys() ^ new.keys())
    return changed <= _PART * sum(new.values())


def copy_store(old: Path, new: Path) -> None:
    """Copy a closed store: its tables by hard links, since the engine never writes to one that is there.

    It removes those that it no longer needs, which takes the name away from this copy alone. All other files
    (which tables there are, and logs) it does write to: they are small and copied.
    """
    new.mkdir()
    for each in os.scandir(old):
        if each.name.endswith(".sst"):
            os.link(each.path, new / each.name)
        elif each.name not in ("LOCK", "LOG"):
            shutil.copyfile(each.path, new / each.name)


def find_base(before: Path, files: Sequence[SourceFile]) -> Base | None:
    """Find the store from which little must be changed to make a version of these files; None: there is none.

    It is that of the version `before`, unless one was put in order since: that version's copy, or that of an
    older one, if others were built while that took place.
    """
    record = read_record(before)
    if record is None:
        return None
    ordered = _ordered_since(before)
    older = read_record(ordered.parent) if ordered else None
    if ordered and older and is_near(older, files):
        return Base(ordered, replace(older, steps=0))
    return Base(before / "store", record) if is_near(record, files) else None


def is_due(version: Path) -> bool:
    """Tell whether a copy of a version's store should be put in order beside the server's work."""
    record = read_record(version)
    return record is not None and record.steps >= _STEPS_BESIDE and _ordered_since(version) is None


def ordered_store(version: Path) -> Path:
    """Name the copy of a version's store that is in order; it is there as soon as it is whole."""
    return version / "ordered"


def unfinished_store(version: Path) -> Path:
    """Name what will be the copy of a version's store that is in order, while it is made."""
    return version / "ordering"


def remove_unfinished_stores(versions: Path) -> None:
    """Remove what killed processes left of copies, unless one is being made now."""
    left = [each for each in versions.iterdir() if unfinished_store(each).is_dir()]
    if not left:
        return
    with alone_in(versions) as is_alone:
        for version in left if is_alone else ():
            with same_age(version):
                shutil.rmtree(unfinished_store(version), ignore_errors=True)


def _ordered_since(version: Path) -> Path | None:
    """Find the copy, of this version or another, that was put in order after this version was made."""
    found = [(each.stat().st_mtime_ns, each) for each in version.parent.glob("*/ordered")]
    newest, place = max(found, default=(0, None))
    return place if newest > (version / RECORD).stat().st_mtime_ns else None


def update_store(
    record: Record, files: Sequence[SourceFile], store: Store, *, progress: Progress
) -> tuple[LoadedFile, ...]:
    """Make a copy of the store of `record` equal to one that is built from `files`.

    Raises SourceError if a file cannot be read, StoreError if one has changed.
    """
    known = {each.key: each for each in record.files}
    found = [known.get(each.key) or LoadedFile(each, graph_of(each, each.read()), 0) for each in files]
    loaded = [LoadedFile(file, each.graph, each.triples) for file, each in zip(files, found, strict=True)]
    refuse_shared_datasets(loaded)
    touched = _touched_graphs(record, loaded)
    come: list[Quad] = []
    only_adds = True
    for graph in touched:
        wanted = _read_triples([each.file for each in loaded if each.graph == graph])
        had = _stored_triples(store, graph)
        _take_out(store, had - wanted, graph)
        only_adds = only_adds and had <= wanted
        come += both_graphs((Quad(*each) for each in wanted - had), graph)
        if not wanted:
            store.remove_graph(graph)
        progress(f"{graph.value}: {len(wanted - had):,} triples come, {len(had - wanted):,} go")
    _put_in(store, come, only_adds=only_adds)
    count = partial(_counted, store, touched)  # a failed comprehension would hold the store open
    return tuple(map(count, loaded))


def next_steps(record: Record, store: Store) -> int:
    """Count the changes of a store, and put it in order when there were many: then counting begins anew."""
    if record.steps + 1 < _STEPS:
        return record.steps + 1
    store.optimize()
    return 0


def _touched_graphs(record: Record, loaded: Iterable[LoadedFile]) -> list[NamedNode]:
    """List the graphs of all files that came or went."""
    old = {each.key: each.graph for each in record.files}
    new = {each.file.key: each.graph for each in loaded}
    graphs = {(old | new)[key] for key in old.keys() ^ new.keys()}
    return sorted(graphs, key=str)


def _read_triples(files: Iterable[SourceFile]) -> frozenset[Triple]:
    return frozenset(quad.triple for each in files for quad in parse_quads(each, each.read()))


def _stored_triples(store: Store, graph: NamedNode) -> frozenset[Triple]:
    return frozenset(each.triple for each in store.quads_for_pattern(None, None, None, graph))


def _take_out(store: Store, triples: Collection[Triple], graph: NamedNode) -> None:
    """Remove triples of a graph, and from the default graph those that no other graph states.

    What another graph is about to state is put back with all else that comes. All is looked up before
    anything is removed: in turns it took six times as long.
    """
    shared = stated_elsewhere(store, triples, graph)
    for each in triples:
        store.remove(Quad(each.subject, each.predicate, each.object, graph))
        if each not in shared:
            store.remove(Quad(each.subject, each.predicate, each.object))


def _put_in(store: Store, come: Sequence[Quad], *, only_adds: bool) -> None:
    """Add quads, as tables of their own if nothing is removed, else with what is, when the store is flushed.

    Each way waits for the disk once for each of the engine's indexes, so both of them would wait twice.
    """
    if come and only_adds:
        store.bulk_extend(come)
    elif come:
        store.extend(come)


def _counted(store: Store, touched: Collection[NamedNode], loaded: LoadedFile) -> LoadedFile:
    """Count what was read, and see that it has one header. A file that shares its graph counts as read."""
    if loaded.graph not in touched:
        return loaded
    if loaded.file.kind != "data":
        data = loaded.file.read()
        return replace(loaded, triples=sum(1 for _ in parse_quads(loaded.file, data)))
    check_header(loaded.file, store=store, graph=loaded.graph)
    return replace(loaded, triples=count_triples(store, loaded.graph))
