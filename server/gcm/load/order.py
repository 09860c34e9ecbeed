"""The process that puts a store in order beside a server: `python -m gcm.load.order VERSION PARENT`.

A version never changes, so a copy of its store is put in order, and waits in its folder. The next version
begins with that. The process gives way to all others, and ends with the server that started it; the next
build removes what it left then.
"""

import logging
import shutil
import sys
from pathlib import Path

from pyoxigraph import Store

from gcm.load.difference import copy_store, is_due, ordered_store, unfinished_store
from gcm.load.write import write_through
from gcm.process.folder import alone_in, same_age
from gcm.process.priority import give_way
from gcm.process.sandbox import end_with_parent

log = logging.getLogger(__name__)


def put_in_order(version: Path) -> None:
    """Make the copy that is in order. What a killed process left of one is removed first."""
    unfinished = unfinished_store(version)
    with same_age(version):
        shutil.rmtree(unfinished, ignore_errors=True)
        copy_store(version / "store", unfinished)
    store = Store(unfinished)
    store.optimize()
    store.flush()
    del store  # closes it
    write_through(unfinished)
    with same_age(version):
        unfinished.rename(ordered_store(version))


def main(version: Path, parent: int) -> None:
    """Put a copy in order, unless that is not due or another process is at it, for whichever version."""
    end_with_parent(parent)
    give_way()
    with alone_in(version.parent) as is_alone:
        if is_alone and is_due(version):
            put_in_order(version)


if __name__ == "__main__":
    logging.basicConfig(format="%(message)s")
    try:
        main(Path(sys.argv[1]), int(sys.argv[2]))
    except OSError as error:  # removed meanwhile, or no room: the twelfth build does it
        log.warning("no copy of version %s is put in order: %s", Path(sys.argv[1]).name, error)
        sys.exit(1)
