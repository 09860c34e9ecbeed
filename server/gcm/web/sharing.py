"""Scripts of any origin may read everything here (Fetch standard section 3.3, the CORS protocol)."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask, Response, current_app, request

#: Headers that scripts may read beside those that the Fetch standard always lets them read.
EXPOSED = (
    "Content-Encoding",
    "Content-Location",
    "ETag",
    "GCM-Version",
    "Link",
    "Location",
    "Memento-Datetime",
    "Retry-After",
    "Vary",
    "X-Request-Id",
)

#: Sent with every answer; it is the same for all origins, so no cache needs to tell them apart.
SHARED: Mapping[str, str] = MappingProxyType(
    {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": ", ".join(EXPOSED),
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
)

#: Headers that scripts may send beside those that the Fetch standard always lets them send.
ALLOWED = (
    "Accept",
    "Accept-Datetime",
    "Accept-Language",
    "Content-Type",
    "If-Match",
    "If-None-Match",
    "X-Request-Id",
)

#: Seconds for which a browser need not ask again.
_REMEMBERED_SECONDS = 86_400

#: What an address that answers nothing else answers to.
_READING = {"GET", "HEAD", "OPTIONS"}


def answer_options() -> Response | None:
    """Answer OPTIONS for every address, also where nothing is: a script can then read the 404 itself."""
    if request.method != "OPTIONS":
        return None
    adapter = current_app.create_url_adapter(request)
    methods = set(adapter.allowed_methods() if adapter else ()) or _READING
    response = Response(headers={"Allow": ", ".join(sorted(methods | {"OPTIONS"}))})
    response.headers["Access-Control-Allow-Methods"] = response.headers["Allow"]
    response.headers["Access-Control-Allow-Headers"] = ", ".join(ALLOWED)
    response.headers["Access-Control-Max-Age"] = str(_REMEMBERED_SECONDS)
    return response


def share(response: Response) -> Response:
    """Let every origin read the answer."""
    response.headers.update(SHARED)
    return response


def register(app: Flask) -> None:
    """Share everything that the application answers."""
    app.before_request(answer_options)
    app.after_request(share)
