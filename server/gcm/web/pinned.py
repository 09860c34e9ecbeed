"""Addresses that are pinned to a version: /version/<id> before any address answers from that version.

The prefix is taken off before the application sees the address and is made its mount point (PEP 3333,
SCRIPT_NAME), so that every link of a pinned page stays within the version.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, has_request_context, request

from gcm.web.reading import with_query
from gcm.web.versions import Site, site

Environ = dict[str, Any]  # Any: WSGI's environment holds text and streams
Application = Callable[[Environ, Any], Iterable[bytes]]  # Any: WSGI's start_response

#: What is about all versions, about none yet, or checked for the newest, is not part of one.
_PINNED = re.compile(
    r"/version/([A-Za-z0-9-]+)(/(?!(?:versions?|history|proposals|validate)(?:[/.]|$)|timemap/).*)", re.DOTALL
)


def register(app: Flask, own: Site) -> None:
    """Let the application answer pinned addresses."""
    plain: Application = app.wsgi_app

    def pin(environ: Environ, start_response: Any) -> Iterable[bytes]:  # Any: as above
        found = _PINNED.fullmatch(environ["PATH_INFO"])
        if found and own.archive.find(found[1]):
            environ["gcm.root"] = environ["SCRIPT_NAME"]
            environ["gcm.version"] = found[1]
            environ["SCRIPT_NAME"] += f"/version/{found[1]}"
            environ["PATH_INFO"] = found[2]
        return plain(environ, start_response)

    app.wsgi_app = pin  # type: ignore[method-assign]  # how Flask has middleware put around it


def pinned_version() -> str | None:
    """Give the version that the address of this request is pinned to."""
    return str(request.environ["gcm.version"]) if is_pinned() else None


def is_pinned() -> bool:
    """Whether the address of this request is pinned to a version."""
    return has_request_context() and "gcm.version" in request.environ


def mount_point() -> str:
    """Give where the application is mounted, without the version that the address may be pinned to."""
    return str(request.environ.get("gcm.root", request.script_root)).rstrip("/")


def show_version(name: str, rest: str = "") -> Response:
    """Send to the first page of a version; what else comes here is pinned to a version that is not kept."""
    if site().archive.find(name) and not rest:
        location = with_query(f"{request.script_root}/version/{name}/")
        return Response(status=308, headers={"Location": location})
    raise site().archive.unknown(name)
