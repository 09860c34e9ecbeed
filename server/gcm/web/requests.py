"""Requests as the framework can read them, and those that name no host or address."""

import re
import string
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import Request
from werkzeug.datastructures import Headers

from gcm.errors import CodedBodyError, RequestTargetError

#: What may stand in a query as it is: all of ASCII that is printed (servers let no other ASCII through).
_KEPT = string.punctuation


class SafeRequest(Request):
    """A request whose parameters can always be read: bytes beyond ASCII count as percent-encoded.

    RFC 3986 section 3.4 allows no such bytes in an address; the framework fails on those that are not UTF-8.
    """

    def __init__(self, environ: dict[str, Any], *args: Any, **kwargs: Any) -> None:  # Any: as in WSGI
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():
            environ["QUERY_STRING"] = quote(query.encode("latin-1"), safe=_KEPT)
        super().__init__(environ, *args, **kwargs)


def check_coding(headers: Headers) -> None:
    """Raise CodedBodyError for a body that is not sent as it is (RFC 9110 section 8.4): none is unpacked."""
    codings = {each.strip(" \t").lower() for each in headers.get("Content-Encoding", "").split(",")}
    if codings - {"", "identity"}:
        raise CodedBodyError("The body is compressed, or coded otherwise. Send it as it is.")


#: A host with its port, if any (RFC 9110 section 7.2, RFC 3986 section 3.2.2). A comma would be allowed in a
#: name, but no name has one, and fields that are sent twice arrive here joined by one.
_HOST = re.compile(
    r"(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9._~!$&'()*+;=-]|%[0-9A-Fa-f]{2})+)(?::(?P<port>[0-9]{0,9}))?"
)

_LAST_PORT = 65_535

#: HTTP/1.0 as PEP 3333 and as ASGI write it.
_WITHOUT_HOST = frozenset({"HTTP/1.0", "HTTP/1"})


def check_target(environ: Mapping[str, Any]) -> None:  # Any: WSGI's environment holds text and streams
    """Raise RequestTargetError for a request without one host and an address (RFC 9112 section 3.2).

    HTTP/1.0 knows no Host. `OPTIONS *` asks about the server as a whole (section 3.2.4). The absolute form of
    an address (section 3.2.2) comes here as a path already, its host in place of a Host that is missing.
    """
    host = environ.get("HTTP_HOST", "")
    if not host and environ.get("SERVER_PROTOCOL") not in _WITHOUT_HOST:
        raise RequestTargetError("The request has no Host. Name the host that it is for.")
    if host and not is_host(host):
        raise RequestTargetError("Host is sent twice, or names no host. Send it once: “Host: name:port”.")
    path = environ.get("PATH_INFO", "")
    if not path.startswith("/") and (environ["REQUEST_METHOD"], path) != ("OPTIONS", "*"):
        raise RequestTargetError("What is asked for is no address. Begin it with “/”.")


@lru_cache(maxsize=1024)
def is_host(text: str) -> bool:
    """Tell whether this names one host, and its port if any."""
    found = _HOST.fullmatch(text.strip(" \t"))
    return found is not None and int(found["port"] or 0) <= _LAST_PORT
