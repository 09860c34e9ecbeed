"""An application as a server process has it, asked without a socket; and what its pages say."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from threading import enumerate as enumerate_threads

from flask import Flask
from gcm.desk import Desk
from gcm.limits import Limits
from gcm.web import create_app
from gcm.web.versions import Serving, Site, site


@contextmanager
def served(
    store: Path, desk: Desk | None = None, *, worker_count: float = 1, **limits: float
) -> Iterator[Flask]:
    """Serve the folder of versions `store`, with a desk if there is one; end all that it started."""
    app = create_app(store, limits=Limits(worker_count=worker_count, **limits), desk=desk)
    yield app
    with app.app_context():
        site().pool().close()
    app.extensions["gcm.bench"].close()


def taken_up(store: Path, begin: Callable[[Serving], None]) -> Flask:
    """Take up the newest version of `store`, and wait until all is done that `begin` has begun then."""
    app = create_app(store, limits=Limits(worker_count=1))
    versions: Site = app.extensions["gcm"]
    versions.on_open.append(begin)
    versions.newest()
    for thread in enumerate_threads():
        if thread.name in {"gcm-preparing", "gcm-warming"}:
            thread.join()
    return app


def words_of(markup: str) -> str:
    """Give what a page says, on one line, without its elements."""
    return " ".join(unescape(re.sub("<[^>]+>", "", markup)).split())
