"""The addresses of things, terms, shapes and datasets: a thing answers 303, its document describes it."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode, Quad
from werkzeug.wsgi import FileWrapper

from gcm.describe import Graph, describe_as_quads, document_of, write_dataset, write_quads, write_table
from gcm.describe.terms import VERSION_IRI
from gcm.errors import UnknownIriError
from gcm.vocab import DOCUMENT, ONTOLOGY, SHAPES, THING, iri_of, path_of
from gcm.web.answers import Resource, answer, link
from gcm.web.dcat import describe_catalogue
from gcm.web.negotiate import CSV, DOCUMENT_OFFERS, HTML, Offer, choose, choose_suffix
from gcm.web.reading import graph, local
from gcm.web.renderings import ALL_DATASETS, render
from gcm.web.spool import spooled
from gcm.web.versions import site

blueprint = Blueprint("entities", __name__)

_SUFFIXES = {offer.suffix for offer in DOCUMENT_OFFERS}

#: Characters that stand for themselves in an address (RFC 3986 section 3.3).
_PLAIN = "/:@!$&'()*+,;=~-._"


@dataclass(frozen=True)
class Address:
    """What a request is about, and the suffix if it asks for a form by name."""

    iri: NamedNode
    suffix: str = ""


@blueprint.before_request
def settle_address() -> Response | None:
    """Send a client that writes an address in another way to the one way in which we write it."""
    sent = str(request.environ.get("REQUEST_URI") or request.environ.get("RAW_URI") or "")
    settled = quote(request.path.rstrip("/"), safe=_PLAIN)
    written = urlsplit(sent).path.removeprefix(request.script_root) or quote(request.path, safe=_PLAIN)
    return None if written == settled else _redirect(request.script_root + settled, status=308)


@blueprint.get("/id/<path:name>")
def show_thing(name: str) -> Response:
    """Send to the document about a thing (httpRange-14: a thing is not its document)."""
    iri = iri_of(f"id/{name}")
    if not graph().knows(iri):
        raise UnknownIriError(iri.value)
    path = path_of(document_of(iri)) or ""
    response = _redirect(request.script_root + path, status=303)
    response.headers["Link"] = link(local(path), "describedby")
    response.vary.update(["Accept", "Accept-Language"])
    return response


@blueprint.get("/<any(ontology, shapes, data):family>")
@blueprint.get("/<any(ontology, shapes, data):family>/")
@blueprint.get("/<any(ontology, shapes, data):family>.<name>")
@blueprint.get("/<any(doc, ontology, shapes, data):family>/<path:name>")
def show_document(family: str, name: str = "") -> Response:  # noqa: ARG001  # the whole path is read below
    """Answer with a description, in the form that the suffix names or the client prefers."""
    address = read_address(graph(), request.path)
    offer = _offer(address)
    return answer(
        _resource(address.iri), offer, lambda: _write(address.iri, offer), is_chosen=not address.suffix
    )


def read_address(known: Graph, path: str) -> Address:
    """Find what an address is about: an IRI of the graph as it stands, else without its suffix.

    Raises UnknownIriError if the graph speaks of neither.
    """
    whole = _topic(known, iri_of(path))
    if _is_known(known, whole):
        return Address(whole)
    stem, dot, suffix = path.rpartition(".")
    if not dot or suffix not in _SUFFIXES or not _is_known(known, _topic(known, iri_of(stem))):
        raise UnknownIriError(whole.value)
    return Address(_topic(known, iri_of(stem)), suffix)


def _topic(known: Graph, iri: NamedNode) -> NamedNode:
    """Give what a document is about: the thing, or itself; this version of the ontology is the ontology."""
    if iri in known.values(ONTOLOGY, VERSION_IRI):
        return ONTOLOGY
    return NamedNode(THING + iri.value.removeprefix(DOCUMENT)) if iri.value.startswith(DOCUMENT) else iri


def _is_known(known: Graph, iri: NamedNode) -> bool:
    return iri in (ONTOLOGY, SHAPES, ALL_DATASETS) or known.knows(iri)


def _offer(address: Address) -> Offer:
    if address.suffix:
        return choose_suffix(address.suffix, DOCUMENT_OFFERS)
    return choose(request.headers.get("Accept"), DOCUMENT_OFFERS)


def _resource(iri: NamedNode) -> Resource:
    document = document_of(iri)
    links = (link(document.value, "canonical"), link(iri.value, "cite-as"))
    describes = () if document == iri else (link(iri.value, "describes"),)
    return Resource(path_of(document) or "", DOCUMENT_OFFERS, (*links, *describes))


def _write(iri: NamedNode, offer: Offer) -> str | bytes | Iterable[bytes]:
    if offer.suffix == HTML.suffix:
        return render(iri)
    if offer.suffix == CSV.suffix:
        return write_table(_quads(iri))
    media_type = choose_suffix(offer.suffix, DOCUMENT_OFFERS).media_type
    if iri in (ONTOLOGY, SHAPES, *graph().datasets):
        return _dump(iri, media_type=media_type)
    return write_quads(_quads(iri), media_type=media_type)


def _quads(iri: NamedNode) -> tuple[Quad, ...]:
    known = graph()
    if iri in (ONTOLOGY, SHAPES, *known.datasets):
        return tuple(known.store.quads_for_pattern(None, None, None, iri))
    if iri == ALL_DATASETS:
        headers = (quad for each in known.datasets for quad in known.about(each))
        return (*headers, *(Quad(*each) for each in describe_catalogue(site().version(), known)))
    return describe_as_quads(known, iri, size=int(site().limits.page_links))


def _dump(dataset: NamedNode, *, media_type: str) -> bytes | FileWrapper:
    """Write a dataset."""
    return spooled(lambda file: write_dataset(graph(), file, dataset=dataset, media_type=media_type))


def _redirect(address: str, *, status: int) -> Response:
    query = request.query_string.decode("latin-1")
    return Response(status=status, headers={"Location": address + (f"?{query}" if query else "")})
