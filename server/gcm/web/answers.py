"""Answers that can be cached and cited: validators, links to the other forms, the version they speak of."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version as installed_version
from urllib.parse import quote

from flask import Response, current_app, request

from gcm.describe.terms import LICENCE_IRI
from gcm.web.negotiate import HTML, Offer, etag
from gcm.web.reading import is_short, language, with_query
from gcm.web.versions import site

#: Pages change with the program as well as with the data, so validators are made of both.
PROGRAM = installed_version("gcm-knowledge-graph")

#: How many pages a server process keeps ready; the longest unused goes first.
KEPT_PAGES = 500

#: Larger pages, in bytes, are made each time.
KEPT_BYTES = 65_536

#: Characters of a URI, and the sign of those that are percent-encoded already (RFC 3986 section 2).
_URI_CHARACTERS = "!#$%&'()*+,/:;=?@[]~"

Body = str | bytes | Iterable[bytes]


@dataclass(frozen=True)
class TypedLink:
    """A link from what is answered; written as an element of a Link header (RFC 8288 section 3)."""

    target: str
    relation: str
    media_type: str = ""

    def __str__(self) -> str:
        kind = f'; type="{self.media_type}"' if self.media_type else ""
        target = quote(self.target, safe=_URI_CHARACTERS)  # a URI is plain ASCII
        return f'<{target}>; rel="{self.relation}"{kind}'


@dataclass(frozen=True)
class Resource:
    """What is answered for: its address without suffix, its forms, and links that hold for all of them."""

    path: str
    offers: Sequence[Offer]
    links: tuple[TypedLink, ...] = ()


def answer(
    resource: Resource,
    offer: Offer,
    make: Callable[[], Body],
    *,
    is_chosen: bool,
    state: tuple[str, ...] = (),
) -> Response:
    """Answer in the form of `offer`, or with 304 if the client has it (RFC 9110 section 13.1.2).

    `is_chosen` says that headers chose the form, not the address; `state` is what else the answer rests on.
    """
    is_page = offer.suffix == HTML.suffix
    shown = (
        (request.url_root, language()) if is_page else ()
    )  # pages name the host, and links below its mount
    tag = etag(site().version().id, PROGRAM, request.full_path, offer.media_type, *shown, *state)
    is_known = request.if_none_match.contains_weak(tag.strip('"'))
    body = b"" if is_known else _kept(tag, make) if is_page else make()
    response = Response(body, status=304 if is_known else 200, content_type=offer.content_type)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache"
    response.headers["GCM-Version"] = site().version().id
    response.headers["Link"] = ", ".join(str(each) for each in links_of(resource, offer))
    response.vary.update(["Accept", "Accept-Language"] if is_chosen or is_page else [])
    if is_page:
        response.content_language.add(language())
    if is_chosen and len(resource.offers) > 1 and is_short():
        response.headers["Content-Location"] = _address(resource, offer)
    return response


def _address(resource: Resource, offer: Offer) -> str:
    """Give the address of one form of what is asked for."""
    return with_query(f"{request.script_root}{resource.path}.{offer.suffix}")


def _kept(tag: str, make: Callable[[], Body]) -> Body:
    """Make a page, or give the same page made before: what a validator stands for never changes."""
    kept: OrderedDict[str, bytes] = current_app.extensions.setdefault("gcm.pages", OrderedDict())
    body: Body = kept.pop(tag, b"") or make()
    if isinstance(body, str):
        body = body.encode()
    if isinstance(body, bytes) and len(body) <= KEPT_BYTES:
        kept[tag] = body
    while len(kept) > KEPT_PAGES:
        kept.popitem(last=False)
    return body


def links_of(resource: Resource, shown: Offer) -> tuple[TypedLink, ...]:
    """Give the links of one form of a resource: its own, the licence, and the other forms."""
    others = (offer for offer in resource.offers if offer.suffix != shown.suffix)
    alternates = (TypedLink(_address(resource, offer), "alternate", offer.media_type) for offer in others)
    return (
        *resource.links,
        TypedLink(LICENCE_IRI.value, "license"),
        *(alternates if len(resource.offers) > 1 and is_short() else ()),
    )
