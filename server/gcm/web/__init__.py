"""The web application: the graph's addresses, its endpoint, its pages."""

from pathlib import Path

from flask import Flask, Response, request

from gcm.errors import LimitError
from gcm.limits import Limits
from gcm.web import entities, errors, pages, sparql, state
from gcm.web.metrics import Metrics
from gcm.web.record import record
from gcm.web.versions import Site, site

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

#: Sent with every answer, so that scripts of any origin may read the graph (Fetch standard, CORS protocol).
SHARING_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Expose-Headers": (
        "Content-Location, ETag, GCM-Version, Link, Location, Retry-After, Vary, X-Request-Id"
    ),
}


def create_app(directory: Path, *, limits: Limits) -> Flask:
    """Make the application that serves the current version of the store in `directory`."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = int(limits.body_bytes)
    app.extensions["gcm"] = Site(directory, limits=limits)
    app.extensions["gcm.metrics"] = Metrics()
    for blueprint in (sparql.blueprint, entities.blueprint, pages.blueprint, state.blueprint):
        app.register_blueprint(blueprint)
    errors.register(app)
    app.before_request(_check_head)
    app.after_request(_finish)
    return app


def _check_head() -> None:
    """Raise LimitError for an address or header fields that are too long to be honest."""
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
    for name, value in (SECURITY_HEADERS | SHARING_HEADERS).items():
        response.headers.setdefault(name, value)
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-None-Match, X-Request-Id"
    written = record()
    written.route = request.url_rule.rule if request.url_rule else ""
    written.version = response.headers.get("GCM-Version", "")
    return response
