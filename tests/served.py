"""An application as a server process has it, asked without a socket; and what its pages say."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

from flask import Flask
from gcm.desk import Desk
from gcm.limits import Limits
from gcm.web import create_app
from gcm.web.versions import site


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


def words_of(markup: str) -> str:
    """Give what a page says, on one line, without its elements."""
    return " ".join(unescape(re.sub("<[^>]+>", "", markup)).split())
