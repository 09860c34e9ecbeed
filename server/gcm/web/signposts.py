"""FAIR Signposting, level 2: typed links that say what a document is about, and the link set that holds them.

https://signposting.org/FAIR/ names the relations; RFC 9264 the two forms of a link set. Header fields and
link set are made from the same links.
"""

import json
from collections.abc import Sequence
from urllib.parse import urljoin

from flask import Response, request

from gcm.errors import UnknownIriError
from gcm.vocab import iri_of
from gcm.web.answers import Resource, TypedLink, answer, links_of
from gcm.web.entities import Address, read_address, resource_of
from gcm.web.negotiate import DOCUMENT_OFFERS, HTML, Offer, choose, choose_suffix
from gcm.web.reading import graph

LINKSET_JSON = Offer("application/linkset+json", "json", ("application/json",))
LINKSET = Offer("application/linkset", "txt")
OFFERS = (LINKSET_JSON, LINKSET)

_SUFFIXES = {offer.suffix for offer in OFFERS}


def show_linkset(rest: str) -> Response:
    """Give the links of a document and of its forms, each with its context (RFC 9264 section 4)."""
    address = _read(f"/{rest}")
    offer = _offer(address.suffix)
    resource = Resource(f"/linkset{resource_of(address.iri, HTML).path}", OFFERS)
    return answer(
        resource,
        offer,
        lambda: _write(address, offer),
        is_chosen=not address.suffix,
        state=(request.host_url,),
    )


def _offer(suffix: str) -> Offer:
    return choose_suffix(suffix, OFFERS) if suffix else choose(request.headers.get("Accept"), OFFERS)


def _read(path: str) -> Address:
    """Find the document, and the suffix of the link set. Raises UnknownIriError if there is none."""
    try:
        found, form = read_address(graph(), path), ""
    except UnknownIriError:
        stem, _, form = path.rpartition(".")
        if form not in _SUFFIXES:
            raise
        found = read_address(graph(), stem)
    if found.suffix:  # the link set is that of the document, not of one of its forms
        raise UnknownIriError(iri_of(path).value)
    return Address(found.iri, form)


def _write(address: Address, offer: Offer) -> bytes:
    contexts = []
    for form in DOCUMENT_OFFERS:
        resource = resource_of(address.iri, form)
        anchor = resource.path if form == HTML else f"{resource.path}.{form.suffix}"
        contexts.append((request.script_root + anchor, links_of(resource, form)))
    return _as_json(contexts) if offer.suffix == LINKSET_JSON.suffix else _as_text(contexts)


Contexts = Sequence[tuple[str, Sequence[TypedLink]]]


def _as_json(contexts: Contexts) -> bytes:
    """Write RFC 9264 section 4.2."""
    written = []
    for anchor, links in contexts:
        relations: dict[str, object] = {"anchor": _absolute(anchor)}
        for relation in dict.fromkeys(each.relation for each in links):
            relations[relation] = [_target(each) for each in links if each.relation == relation]
        written.append(relations)
    return json.dumps({"linkset": written}, indent=1).encode()


def _target(each: TypedLink) -> dict[str, str]:
    return {"href": _absolute(each.target)} | ({"type": each.media_type} if each.media_type else {})


def _as_text(contexts: Contexts) -> bytes:
    """Write RFC 9264 section 4.1."""
    lines = [
        f'{TypedLink(_absolute(each.target), each.relation, each.media_type)}; anchor="{_absolute(anchor)}"'
        for anchor, links in contexts
        for each in links
    ]
    return (",\n".join(lines) + "\n").encode()


def _absolute(target: str) -> str:
    return urljoin(request.host_url, target)
