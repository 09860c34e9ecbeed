"""The web application: the graph's addresses, its endpoint, its pages."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, request

from gcm.errors import LimitError, StoreError
from gcm.limits import Limits
from gcm.load import current
from gcm.remote import Endpoint
from gcm.validate.bench import Bench
from gcm.web import (
    addresses,
    compression,
    conditions,
    curators,
    errors,
    memento,
    pinned,
    previews,
    routes,
    sharing,
    words,
)
from gcm.web.late import imported
from gcm.web.metrics import Metrics
from gcm.web.record import record
from gcm.web.requests import SafeRequest, check_target
from gcm.web.versions import Site, site

if TYPE_CHECKING:
    from gcm.desk import Desk

#: Sent with every answer. The policy forbids inline script and style, and anything from other hosts.
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def create_app(place: Path | Endpoint, *, limits: Limits, desk: "Desk | None" = None) -> Flask:
    """Make the application that serves the current version of the store in a folder, or of a remote one.

    At `desk` curators propose and publish changes; None: the server only reads.
    """
    app = Flask(__name__)
    app.request_class = SafeRequest
    app.config["MAX_CONTENT_LENGTH"] = int(limits.body_bytes)
    app.extensions["gcm"] = own = _site_of(place, limits)
    app.extensions["gcm.metrics"] = Metrics()
    app.extensions["gcm.bench"] = Bench(partial(_version_of, place), limits=limits)
    app.before_request(_check_head)
    curators.register(app, desk, limits)
    previews.register(app, own)
    pinned.register(app, own)
    words.register(app)
    routes.register(app)
    if desk:
        desk.check_with(app.extensions["gcm.bench"])
    errors.register(app)
    conditions.register(app)
    compression.register(app)
    sharing.register(app)
    addresses.register(app)
    memento.register(app)
    app.after_request(_finish)
    app.after_request(conditions.check_conditions)
    app.after_request(
        compression.compress
    )  # the last is the first: conditions see the validator that is sent
    return app


def _version_of(place: Path | Endpoint) -> Path:
    """Give the folder of the current version, in which files are checked. Raises StoreError without one."""
    if isinstance(place, Endpoint):
        raise StoreError("Files are not checked here, since the graph lies elsewhere. Use: gcm validate.")
    return current(place).path


def _site_of(place: Path | Endpoint, limits: Limits) -> Site:
    if isinstance(place, Endpoint):
        remote: Site = imported("elsewhere").RemoteSite(place, limits=limits)
        return remote
    return Site(place, limits=limits)


def _check_head() -> None:
    """Raise LimitError for what is too long to be honest, RequestTargetError for what names no host."""
    check_target(request.environ)
    limits = site().limits
    if len(request.environ.get("PATH_INFO", "")) > limits.path_bytes:
        message = f"The address has more than {limits.path_bytes:.0f} bytes before the ?. Shorten it."
        raise LimitError(message, limit="path_bytes")
    fields = (len(name) + len(value) for name, value in request.headers.items())
    if sum(fields) > limits.header_bytes:
        message = f"The header fields have more than {limits.header_bytes:.0f} bytes. Send fewer."
        raise LimitError(message, limit="header_bytes")


def _finish(response: Response) -> Response:
    """Add the headers that every answer has, and note what the log says of it."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    written = record()
    written.route = request.url_rule.rule if request.url_rule else ""
    written.version = response.headers.get("GCM-Version", "")
    return response
