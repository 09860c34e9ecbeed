"""Who reads: which version, in which language; and the addresses that a page gives its reader."""

from functools import lru_cache
from urllib.parse import quote, urlencode

from flask import g, request
from pyoxigraph import NamedNode

from gcm.describe import Graph, document_of
from gcm.vocab import path_of
from gcm.web.negotiate import choose_language
from gcm.web.texts import LANGUAGES
from gcm.web.versions import site

#: What a link to another host may begin with.
SAFE_STARTS = ("http://", "https://", "mailto:")

#: Characters that stand for themselves in a path (RFC 3986 section 3.3).
PATH_SIGNS = "/:@!$&'()*+,;=~-._"

#: Characters that stand for themselves in the query of an address (RFC 3986 section 3.4).
_QUERY_SIGNS = "/:@!$&'()*+,;=~-._?%"

#: Longer queries are not repeated in the headers of answers, which clients and proxies read in full.
REPEATED_BYTES = 2_000


def graph() -> Graph:
    """Give the statements of the version being served."""
    if "graph" not in g:
        g.graph = site().serving().graph
    found: Graph = g.graph
    return found


def language() -> str:
    """Give the language of the page: the one in `?lang=`, else the one the reader likes best."""
    if "language" not in g:
        header = request.headers.get("Accept-Language")
        g.language = asked_language() or choose_language(header, tuple(LANGUAGES))
    return str(g.language)


def asked_language() -> str | None:
    """Give the language that the address asks for, if we speak it; read once, since every link asks."""
    if "asked_language" not in g:
        asked = request.args.get("lang", "")
        g.asked_language = asked if asked in LANGUAGES else None
    found: str | None = g.asked_language
    return found


def page_number(written: str) -> int:
    """Read which page of a list is asked for; the first, if that is no number of one."""
    return max(1, int(written)) if written.isascii() and written.isdigit() and len(written) < 10 else 1


def local(path: str, **arguments: str | int | None) -> str:
    """Give an address on this host, in the language that the reader asked for by address."""
    if not arguments:
        start, end = _around_paths()
        return start + path + end
    asked = asked_language()
    given = {name: value for name, value in {**arguments, "lang": asked}.items() if value is not None}
    return request.script_root + path + (f"?{urlencode(given)}" if given else "")


def _around_paths() -> tuple[str, str]:
    """Give what stands before and behind each path on this host; made once, since every link asks."""
    if "around_paths" not in g:
        asked = asked_language()
        g.around_paths = (request.script_root, f"?{urlencode({'lang': asked})}" if asked else "")
    found: tuple[str, str] = g.around_paths
    return found


def is_short() -> bool:
    """Whether the query of this address is short enough to be repeated in header fields."""
    return len(request.query_string) <= REPEATED_BYTES


def with_query(address: str) -> str:
    """Give an address with the query of this request, written so that it fits into any header."""
    query = written_query(request.query_string)
    return f"{address}?{query}" if query else address


def written_query(query_string: bytes) -> str:
    """Write the query of an address so that it fits into any header."""
    return quote(query_string, safe=_QUERY_SIGNS)


def href(iri: NamedNode) -> str:
    """Give the address that a page links to for an IRI: on this host if it is ours; empty if it is unsafe.

    Data and queries can hold any IRI, also one that would run a script.
    """
    path = _document_path(iri)
    if path is None:
        return iri.value if iri.value.startswith(SAFE_STARTS) else ""
    return local(path)


@lru_cache(65_536)
def _document_path(iri: NamedNode) -> str | None:
    return path_of(document_of(iri))


def is_outside(iri: NamedNode) -> bool:
    """Whether an IRI is of another host."""
    return _document_path(iri) is None
