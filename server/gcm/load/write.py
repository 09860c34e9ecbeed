"""What stands in the folder of a version: its store, its manifest, and from what it was made."""

import json
import logging
import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from traceback import clear_frames

from pyoxigraph import NamedNode, Store

from gcm.load.bulk import LoadedFile, Progress, count_triples, write_store
from gcm.load.difference import Base, copy_store, find_base, next_steps, update_store
from gcm.load.record import Record, RecordedFile, write_record
from gcm.load.stock import Stock

log = logging.getLogger(__name__)


def write_version(stock: Stock, folder: Path, *, before: Path | None, progress: Progress) -> int:
    """Write the version of these files into `folder`, which is empty, and count the triples of its graphs.

    If little has changed since the version in the folder `before`, that is copied and changed. Raises
    SourceError if a file cannot be read, StoreError if one has changed since it was looked at.
    """
    place = folder / "store"
    if before is not None:
        try:
            base = find_base(before, stock.statements)
            if base is not None:
                return _change(base, stock, place, progress=progress)
        except (OSError, RuntimeError) as error:  # that store is not whole; a full disk is met once more
            log.warning("version %s cannot be built upon (%s)", before.name, error)
            discard(place, error)
    store = Store(place)
    loaded = write_store(stock.statements, store, progress=progress)
    return _describe(stock, loaded, store, folder=folder, steps=0)


def _change(base: Base, stock: Stock, new: Path, *, progress: Progress) -> int:
    copy_store(base.store, new)
    store = Store(new)
    loaded = update_store(base.record, stock.statements, store, progress=progress)
    return _describe(stock, loaded, store, folder=new.parent, steps=next_steps(base.record, store))


def _describe(stock: Stock, loaded: Sequence[LoadedFile], store: Store, *, folder: Path, steps: int) -> int:
    """Write what is known of the version beside its store, which is complete then."""
    store.flush()
    total = _count_total(loaded, store)
    graphs = [{"iri": each.graph.value, "file": each.path.name, "triples": each.triples} for each in loaded]
    manifest = {
        "id": stock.version_id,
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "triples": total,
        "commas": any(each.has_commas for each in stock.statements),
        "graphs": graphs,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    rows = [RecordedFile(*each.file.key, each.file.size, each.graph, each.triples) for each in loaded]
    write_record(Record(steps, rows), folder)
    return total


def _count_total(loaded: Sequence[LoadedFile], store: Store) -> int:
    """Add up the graphs: those of several files are counted, since files may repeat each other."""
    counts: dict[NamedNode, list[int]] = {}
    for each in loaded:
        counts.setdefault(each.graph, []).append(each.triples)
    return sum(
        found[0] if len(found) == 1 else count_triples(store, graph) for graph, found in counts.items()
    )


def discard(folder: Path, error: BaseException) -> None:
    """Remove what was half done when `error` was raised: its frames hold a store open that still writes."""
    clear_frames(error.__traceback__)
    shutil.rmtree(folder, ignore_errors=True)


def write_through(folder: Path, *, below: bool = True) -> None:
    """Wait until the disk holds the folder (and all `below` it), so that a power cut cannot empty it."""
    for path in [folder, *(folder.rglob("*") if below else ())]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
