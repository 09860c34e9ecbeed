"""Requests as the framework can read them."""

import string
from typing import Any
from urllib.parse import quote

from flask import Request

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
