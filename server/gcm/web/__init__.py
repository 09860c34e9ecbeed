"""The web application: the graph's addresses, its endpoint, its pages."""

import logging
from pathlib import Path
from time import perf_counter

from flask import Flask, Response, g, request

from gcm.limits import Limits
from gcm.web import (
    addresses,
    compression,
    dumps,
    entities,
    errors,
    graph_store,
    memento,
    pages,
    pinned,
    sharing,
    signposts,
    sitemap,
    sparql,
    timeline,
    void,
)
from gcm.web.requests import SafeRequest
from gcm.web.versions import Site

log = logging.getLogger(__name__)

#: Sent with every answer. The policy forbids inline script and style, and anything from other hosts.
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}


def create_app(directory: Path, *, limits: Limits) -> Flask:
    """Make the application that serves the current version of the store in `directory`."""
    app = Flask(__name__)
    app.request_class = SafeRequest
    app.config["MAX_CONTENT_LENGTH"] = int(limits.body_bytes)
    app.extensions["gcm"] = own = Site(directory, limits=limits)
    app.before_request(_start_clock)
    pinned.register(app, own)
    for blueprint in (
        timeline.blueprint,
        signposts.blueprint,
        sparql.blueprint,
        graph_store.blueprint,
        dumps.blueprint,
        void.blueprint,
        sitemap.blueprint,
        entities.blueprint,
        pages.blueprint,
    ):
        app.register_blueprint(blueprint)
    errors.register(app)
    compression.register(app)
    sharing.register(app)
    addresses.register(app)
    memento.register(app)
    app.after_request(_finish)
    return app


def _start_clock() -> None:
    g.started = perf_counter()


def _finish(response: Response) -> Response:
    """Add the headers that every answer has, and write one line about the request."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    milliseconds = (perf_counter() - g.started) * 1000
    log.info("%s %s %d %.1f ms", request.method, request.path, response.status_code, milliseconds)
    return response
