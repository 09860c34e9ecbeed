"""The addresses of things, terms, shapes and datasets: a thing answers 303, its document describes it."""

from collections.abc import Iterable
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode, Quad
from werkzeug.wsgi import FileWrapper

from gcm.describe import Graph, describe_as_quads, document_of, write_dataset, write_quads, write_table
from gcm.describe.terms import VERSION_IRI
from gcm.errors import UnknownIriError
from gcm.vocab import DOCUMENT, ONTOLOGY, PREFIXES, SHAPES, THING, iri_of, path_of
from gcm.web.answers import Resource, answer, link
from gcm.web.negotiate import CSV, DOCUMENT_OFFERS, HTML, Offer, choose, choose_suffix
from gcm.web.reading import graph, local, with_query
from gcm.web.renderings import ALL_DATASETS, render
from gcm.web.versions import site

blueprint = Blueprint("entities", __name__)

#: Dumps smaller than this many bytes are made in memory, larger ones in a file.
SPOOLED_BYTES = 4_194_304

#: How many bytes of a dump are sent at a time.
PIECE_BYTES = 65_536

_REPLACED_BY = NamedNode(PREFIXES["dcterms"] + "isReplacedBy")

_SUFFIXES = {offer.suffix for offer in DOCUMENT_OFFERS}


@dataclass(frozen=True)
class Address:
    """What a request is about, and the suffix if it asks for a form by name."""

    iri: NamedNode
    suffix: str = ""


@blueprint.get("/id/<path:name>")
def show_thing(name: str) -> Response:
    """Send to the document about a thing (httpRange-14: a thing is not its document)."""
    iri = iri_of(f"id/{name}")
    if not graph().knows(iri):
        raise UnknownIriError(iri.value)
    path = path_of(document_of(iri)) or ""
    response = Response(status=303, headers={"Location": with_query(request.script_root + path)})
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
    successors = tuple(link(each.value, "successor-version") for each in successors_of(graph(), iri))
    return Resource(path_of(document) or "", DOCUMENT_OFFERS, (*links, *describes, *successors))


def successors_of(known: Graph, iri: NamedNode) -> tuple[NamedNode, ...]:
    """Give the things that are to be used in place of this one."""
    return tuple(each for each in known.values(iri, _REPLACED_BY) if isinstance(each, NamedNode))


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
        return tuple(quad for each in known.datasets for quad in known.about(each))
    return describe_as_quads(known, iri, size=int(site().limits.page_links))


def _dump(dataset: NamedNode, *, media_type: str) -> bytes | FileWrapper:
    """Write a dataset: a small one in memory, a large one into a file that is closed with the answer."""
    spool = SpooledTemporaryFile(SPOOLED_BYTES)  # noqa: SIM115  # a large one must outlive this function
    write_dataset(graph(), spool, dataset=dataset, media_type=media_type)
    is_small = spool.tell() <= SPOOLED_BYTES
    spool.seek(0)
    if not is_small:
        return FileWrapper(spool, PIECE_BYTES)
    with spool:
        return spool.read()
