"""The process that makes a preview, beside the server: `python -m gcm.preview.making FOLDER NAME PARENT`.

It builds upon the version that is served, compares both, and ends with the process that started it.
"""

import fcntl
import os
import sys
from contextlib import ExitStack
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from gcm.describe import Graph
from gcm.describe.affected import affected_pages
from gcm.describe.changed import Sides
from gcm.describe.figures import Figures, compare_figures, figures_of
from gcm.describe.overlay import Difference
from gcm.errors import GcmError
from gcm.limits import read_limits
from gcm.load import build, changed_graphs
from gcm.preview.order import Written, read_order
from gcm.preview.outcome import Outcome, read_figures, read_outcome, write_figures, write_outcome
from gcm.process.sandbox import end_with_parent
from gcm.query import OpenVersion, Statements, open_version


def make(folder: Path, order: Written, *, kept: int, most_pages: int) -> Outcome:
    """Make a preview in the folder of all previews; the last `kept` stay.

    Raises SourceError or StoreError if the version cannot be built or read.
    """
    with ExitStack() as held:
        lock = held.enter_context((folder / "making.lock").open("w"))
        fcntl.flock(lock, fcntl.LOCK_EX)  # one after the other, in all processes
        path = folder / "outcomes" / f"{order.name}.json"
        known = read_outcome(path)
        if known is not None and known.key == order.key and (folder / "versions" / known.version).is_dir():
            return known
        version = build(order.sources, folder, progress=lambda _: None, kept=kept, before=order.base)
        outcome = _compare(folder, order, open_version(version.path), most_pages=most_pages)
        write_outcome(outcome, path)
    return outcome


def _compare(folder: Path, order: Written, made: OpenVersion, *, most_pages: int) -> Outcome:
    base = open_version(order.base)
    before, after = Graph(base.store), Graph(made.store)
    sides = Sides(before, after, difference_of(base, made))
    return Outcome(
        key=order.key,
        version=made.id,
        pages=affected_pages(sides, most=most_pages),
        figures=compare_figures(_figures(folder, base, before), figures_of(made, after)),
    )


def difference_of(base: OpenVersion, made: OpenVersion) -> Difference:
    """Give what a version says and another does not; graphs that were made of the same files are not read."""
    added: set[Quad] = set()
    removed: set[Quad] = set()
    graphs = changed_graphs(base.path, made.path)
    if graphs is None:
        graphs = frozenset(each.iri for each in (*base.graphs, *made.graphs))
    for graph in graphs:
        had, has = _statements(base.store, graph), _statements(made.store, graph)
        added |= has - had
        removed |= had - has
    return Difference(frozenset(added), frozenset(removed))


def _statements(store: Statements, graph: NamedNode) -> set[Quad]:
    return set(store.quads_for_pattern(None, None, None, graph))


def _figures(folder: Path, version: OpenVersion, graph: Graph) -> Figures:
    """Count the figures of the version that is served once for all previews."""
    path = folder / "figures" / f"{version.id}.json"
    known = read_figures(path)
    if known is None:
        for old in path.parent.glob("*.json"):  # of versions that were served before
            old.unlink()
        known = figures_of(version, graph)
        write_figures(known, path)
    return known


def main(place: str, name: str, parent: str) -> None:
    """Make the preview of an order that was written down in the folder of all previews.

    Raises SourceError, StoreError or OSError if that cannot be done.
    """
    end_with_parent(int(parent))
    folder, limits = Path(place), read_limits(os.environ)
    order = read_order(folder / "orders" / name)
    make(folder, order, kept=int(limits.kept_previews), most_pages=int(limits.compared_pages))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (OSError, GcmError) as error:  # the server that asked for it writes it into its log
        sys.exit(str(error))
