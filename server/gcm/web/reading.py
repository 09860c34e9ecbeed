"""Who reads: which version, in which language; and the addresses that a page gives its reader."""

import ctypes
import gc
from functools import lru_cache
from urllib.parse import urlencode

from flask import current_app, g, request
from pyoxigraph import NamedNode

from gcm.describe import Graph, document_of
from gcm.vocab import path_of
from gcm.web.negotiate import choose_language
from gcm.web.texts import LANGUAGES
from gcm.web.versions import site

#: What a link to another host may begin with.
SAFE_STARTS = ("http://", "https://", "mailto:")


def graph() -> Graph:
    """Give the statements of the version being served; what was remembered of an older version is dropped."""
    if "graph" not in g:
        version = site().version()
        kept = current_app.extensions.setdefault("gcm.graphs", {})
        if version.id not in kept or kept[version.id].store is not version.store:
            kept.clear()
            _give_memory_back()
            kept[version.id] = Graph(version.store)
        g.graph = kept[version.id]
    found = g.graph
    assert isinstance(found, Graph)  # nobody else writes here
    return found


def _give_memory_back() -> None:
    """Free what an older version took: a graph and what it remembers hold each other, and its store."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc keeps what is free, malloc_trim(3)
    if trim is not None:
        trim(0)


def language() -> str:
    """Give the language of the page: the one in `?lang=`, else the one the reader likes best."""
    if "language" not in g:
        header = request.headers.get("Accept-Language")
        g.language = asked_language() or choose_language(header, tuple(LANGUAGES))
    return str(g.language)


def asked_language() -> str | None:
    """Give the language that the address asks for, if we speak it."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else None


def local(path: str, **arguments: str | int | None) -> str:
    """Give an address on this host, in the language that the reader asked for by address."""
    asked = asked_language()
    if not arguments and asked is None:
        return request.script_root + path
    given = {name: value for name, value in {**arguments, "lang": asked}.items() if value is not None}
    return request.script_root + path + (f"?{urlencode(given)}" if given else "")


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
    return path_of(iri) is None
