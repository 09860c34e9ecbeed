"""The addresses of things, terms, shapes and datasets: a thing answers 303, its document describes it."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response, request
from pyoxigraph import NamedNode, Quad
from werkzeug.wsgi import FileWrapper

from gcm.describe import (
    Graph,
    describe_as_quads,
    document_of,
    dump_facts,
    write_dataset,
    write_quads,
    write_table,
)
from gcm.describe.terms import VERSION_IRI
from gcm.errors import UnknownIriError
from gcm.vocab import DOCUMENT, ONTOLOGY, PREFIXES, SHAPES, THING, iri_of, path_of
from gcm.web.answers import Resource, TypedLink, answer
from gcm.web.late import Late
from gcm.web.negotiate import CSV, DOCUMENT_OFFERS, HTML, Offer, choose, choose_suffix
from gcm.web.reading import graph, local, with_query
from gcm.web.renderings import ALL_DATASETS, render
from gcm.web.spool import spooled
from gcm.web.versions import site

_REPLACED_BY = NamedNode(PREFIXES["dcterms"] + "isReplacedBy")
_CREATOR = NamedNode(PREFIXES["dcterms"] + "creator")
_PUBLISHER = NamedNode(PREFIXES["dcterms"] + "publisher")

#: What a page about something is, and what a dataset is, to those who know no vocabulary of ours.
_ABOUT_PAGE = NamedNode(PREFIXES["schema"] + "AboutPage")
_DATASET = NamedNode(PREFIXES["schema"] + "Dataset")

#: Suffix and media type of the forms of a link set (RFC 9264), which gcm.web.signposts answers.
LINKSET_FORMS = (("json", "application/linkset+json"), ("txt", "application/linkset"))

_describe_catalogue = Late("dcat", "describe_catalogue")
_describe_headers = Late("dcat", "describe_headers")

_SUFFIXES = {offer.suffix for offer in DOCUMENT_OFFERS}


@dataclass(frozen=True)
class Address:
    """What a request is about, and the suffix if it asks for a form by name."""

    iri: NamedNode
    suffix: str = ""


def show_thing(name: str) -> Response:
    """Send to the document about a thing (httpRange-14: a thing is not its document)."""
    iri = iri_of(f"id/{name}")
    if not graph().knows(iri):
        raise UnknownIriError(iri.value)
    path = path_of(document_of(iri)) or ""
    response = Response(status=303, headers={"Location": with_query(request.script_root + path)})
    response.headers["Link"] = str(TypedLink(local(path), "describedby"))
    response.vary.update(["Accept", "Accept-Language"])
    return response


def show_document(family: str, name: str = "") -> Response:  # noqa: ARG001  # the whole path is read below
    """Answer with a description, in the form that the suffix names or the client prefers."""
    address = read_address(graph(), request.path)
    offer = _offer(address)
    is_measured = address.iri != ALL_DATASETS or bool(dump_facts(site().version()))
    response = answer(
        resource_of(address.iri, offer),
        offer,
        lambda: _write(address.iri, offer),
        is_chosen=not address.suffix,
        state=() if is_measured else ("dumps are being made",),
    )
    if not is_measured and offer.suffix != HTML.suffix:
        response.headers["Cache-Control"] = "no-store"  # soon the catalogue knows the lengths of the dumps
    return response


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


def resource_of(iri: NamedNode, offer: Offer) -> Resource:
    """Give the document about an IRI with the links that one form of it has (https://signposting.org/FAIR/)."""
    document = document_of(iri)
    path = path_of(document) or ""
    links = [TypedLink(document.value, "canonical"), TypedLink(iri.value, "cite-as")]
    links += [TypedLink(iri.value, "describes")] if document != iri else []
    links += [TypedLink(each.value, "successor-version") for each in successors_of(graph(), iri)]
    links += _landing_links(iri, path) if offer.suffix == HTML.suffix else _form_links(iri, path)
    links += [TypedLink(each.value, "author") for each in _authors(iri)]
    links += [
        TypedLink(f"{request.script_root}/linkset{path}.{suffix}", "linkset", media_type)
        for suffix, media_type in LINKSET_FORMS
    ]
    return Resource(path, DOCUMENT_OFFERS, tuple(links))


def _landing_links(iri: NamedNode, path: str) -> list[TypedLink]:
    """Link what a page stands for: kinds, descriptions, the files of a dataset, what it is part of."""
    kinds = [_ABOUT_PAGE, *([_DATASET] if iri in graph().datasets else []), *graph().types(iri)]
    relations = ("describedby", "item") if iri in (ONTOLOGY, SHAPES, *graph().datasets) else ("describedby",)
    return [
        *(TypedLink(kind.value, "type") for kind in kinds),
        *(
            TypedLink(f"{request.script_root}{path}.{offer.suffix}", relation, offer.media_type)
            for relation in relations
            for offer in DOCUMENT_OFFERS
            if offer != HTML
        ),
        *(TypedLink(request.script_root + (path_of(each) or ""), "collection") for each in _whole(iri)),
    ]


def _form_links(iri: NamedNode, path: str) -> list[TypedLink]:
    """Link the page from a form that describes the same, and a file of a dataset to the dataset."""
    page = request.script_root + path
    links = [TypedLink(page, "describes", HTML.media_type)]
    is_content = iri in (ONTOLOGY, SHAPES, *graph().datasets)
    return [*links, *([TypedLink(page, "collection", HTML.media_type)] if is_content else [])]


def _whole(iri: NamedNode) -> tuple[NamedNode, ...]:
    """Give the datasets that speak of a thing; a dataset is part of them all."""
    if iri in graph().datasets:
        return (ALL_DATASETS,)
    return graph().remember(_datasets_of, iri)


def _datasets_of(known: Graph, iri: NamedNode) -> tuple[NamedNode, ...]:
    found = {quad.graph_name for quad in known.about(iri)}
    return tuple(sorted((each for each in known.datasets if each in found), key=lambda each: each.value))


def _authors(iri: NamedNode) -> tuple[NamedNode, ...]:
    """Give who made a dataset: its creator, else its publisher, who compiled it; of a thing, nobody."""
    if iri not in graph().datasets:
        return ()
    found = graph().values(iri, _CREATOR) or graph().values(iri, _PUBLISHER)
    return tuple(each for each in found if isinstance(each, NamedNode))


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
        listed = dict.fromkeys(_describe_catalogue(site().version(), known))
        return (*_describe_headers(known), *(Quad(*each) for each in listed))
    return describe_as_quads(known, iri, size=int(site().limits.page_links))


def _dump(dataset: NamedNode, *, media_type: str) -> bytes | FileWrapper:
    """Write a dataset."""
    return spooled(lambda file: write_dataset(graph(), file, dataset=dataset, media_type=media_type))
