"""What crawlers ask first: /robots.txt and /sitemap.xml (sitemaps.org protocol 0.9).

The sitemap lists every page on this host, in parts of at most 50,000 addresses each.
"""

from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

from flask import Response, abort, request
from pyoxigraph import NamedNode

from gcm.describe import Graph, document_of, things_of
from gcm.describe.terms import CLASS, DATATYPE_PROPERTY, NODE_SHAPE, OBJECT_PROPERTY
from gcm.query import questions
from gcm.vocab import ONTOLOGY, SHAPES, path_of
from gcm.web.answers import Resource, answer
from gcm.web.negotiate import Offer
from gcm.web.reading import graph

#: The protocol allows no more in one file.
PART_ADDRESSES = 50_000

_XML = Offer("application/xml", "xml")
_TEXT = Offer("text/plain", "txt")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_PAGES = (
    "/",
    "/data",
    "/limits",
    "/ontology",
    "/problems",
    "/propose",
    "/questions",
    "/shapes",
    "/sparql",
    "/validate",
    "/validate/help",
    "/worklist",
)

#: Addresses whose answers are computed for each request: nothing for crawlers.
_CLOSED = ("/graphs", "/history", "/proposals", "/propose/", "/search", "/sparql?", "/sparql.", "/suggest/")


def show_robots() -> Response:
    """Welcome crawlers to all pages, and tell them where these are listed."""
    lines = ["User-agent: *", *(f"Disallow: {request.script_root}{path}" for path in _CLOSED)]
    text = "\n".join([*lines, f"Sitemap: {_address('/sitemap.xml')}", ""])
    return answer(Resource("/robots.txt", (_TEXT,)), _TEXT, text.encode, is_chosen=False, state=(text,))


def show_index() -> Response:
    """List the parts of the sitemap."""
    return _answer("/sitemap.xml", lambda: _index(len(_parts(_paths(graph())))))


def show_part(number: int) -> Response:
    """List the addresses of one part; the first part is 1."""
    parts = _parts(_paths(graph()))
    if not 1 <= number <= len(parts):
        abort(404)
    return _answer(f"/sitemap-{number}.xml", lambda: _list(parts[number - 1]))


def _answer(path: str, make: Callable[[], bytes]) -> Response:
    """Answer with a list; its addresses name the host, so its validator does too."""
    return answer(Resource(path, (_XML,)), _XML, make, is_chosen=False, state=(request.url_root,))


def _paths(known: Graph) -> tuple[str, ...]:
    """List the addresses of all pages: of things, terms, shapes and datasets, and of the site."""
    return known.remember(_find_paths, "addresses")


def _find_paths(known: Graph, _: str) -> tuple[str, ...]:
    terms = [
        each
        for kind in (CLASS, OBJECT_PROPERTY, DATATYPE_PROPERTY)
        for each in _of_kind(known, kind, ONTOLOGY)
    ]
    topics = [*known.datasets, *terms, *_of_kind(known, NODE_SHAPE, SHAPES), *things_of(known)]
    found = (path_of(document_of(each)) for each in topics)
    asked = (f"/questions/{each.name}" for each in questions())
    return tuple(dict.fromkeys([*_PAGES, *asked, *(path for path in found if path is not None)]))


def _of_kind(known: Graph, kind: NamedNode, dataset: NamedNode) -> tuple[NamedNode, ...]:
    return known.subjects_of(kind, dataset=dataset)


def _parts(paths: Sequence[str]) -> list[Sequence[str]]:
    return [paths[start : start + PART_ADDRESSES] for start in range(0, len(paths), PART_ADDRESSES)]


def _index(number: int) -> bytes:
    parts = "".join(f"<sitemap>{_place(f'/sitemap-{each}.xml')}</sitemap>\n" for each in range(1, number + 1))
    return f"{_HEAD}<sitemapindex {_NAMESPACE}>\n{parts}</sitemapindex>\n".encode()


def _list(paths: Sequence[str]) -> bytes:
    places = "".join(f"<url>{_place(path)}</url>\n" for path in paths)
    return f"{_HEAD}<urlset {_NAMESPACE}>\n{places}</urlset>\n".encode()


def _place(path: str) -> str:
    return f"<loc>{escape(_address(path))}</loc>"


def _address(path: str) -> str:
    """Give the whole address of a path on the host that was asked."""
    return request.url_root.rstrip("/") + path
