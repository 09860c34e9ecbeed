"""The endpoint /sparql: for programs the SPARQL 1.1 Protocol, for people a page to ask on."""

from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version as installed_version

from flask import Response, abort, request

from gcm.errors import NotAcceptableError
from gcm.query import Answer, Kind, Outline, Reply, check_text
from gcm.web.answers import TypedLink
from gcm.web.clients import asking
from gcm.web.late import Late
from gcm.web.negotiate import (
    ASK_OFFERS,
    GRAPH_OFFERS,
    HTML,
    JSON,
    SELECT_OFFERS,
    Offer,
    choose,
    choose_suffix,
    etag,
)
from gcm.web.pinned import mount_point
from gcm.web.protocol import BODY_TYPES, Asked, asked_form, read_request
from gcm.web.rdf_version import version_of
from gcm.web.reading import is_short, with_query
from gcm.web.record import record
from gcm.web.versions import Serving, site

#: Answers change with the program as well as with the data, so validators are made of both.
PROGRAM = installed_version("gcm-knowledge-graph")

#: Kind of results -> forms on offer; None is a text that is no query, and gets its error from the engine.
OFFERS: dict[str | None, Sequence[Offer]] = {
    "select": SELECT_OFFERS,
    "ask": ASK_OFFERS,
    "graph": GRAPH_OFFERS,
    None: (JSON,),
}

#: Where a request keeps the answer that a worker has begun already.
BEGUN = "gcm.begun"

#: For those who ask for a page, or for no query.
_show_query = Late("query_page", "show_query")
_describe_service = Late("description", "describe_service")

_OPENAPI = "application/vnd.oai.openapi+json"
_SUFFIXES = {offer.suffix for offers in OFFERS.values() for offer in offers}


def sparql(suffix: str | None = None) -> Response:
    """Answer a query, or describe the endpoint where there is none."""
    if suffix is not None and suffix not in _SUFFIXES:
        abort(404)
    if _prefers_page(suffix or asked_form()):
        return _finish(_show_query(), HTML, is_chosen=True)
    asked = read_request()
    form = suffix or (asked.form if asked else None)
    response, offer = _describe(form) if asked is None else _answer(asked, form)
    return _finish(response, offer, is_chosen=form is None)


def say_what_is_read(response: Response) -> Response:
    """Say with every answer, errors and those to OPTIONS too, which bodies the endpoint reads."""
    response.headers["Accept-Post"] = response.headers["Accept-Query"] = BODY_TYPES
    return response


def _prefers_page(form: str) -> bool:
    """Tell whether the reader is a person: prefers a page to everything else that could be sent."""
    if form:
        return form == HTML.suffix
    return prefers_page(request.headers.get("Accept"))


@lru_cache(maxsize=1024)
def prefers_page(accept: str | None) -> bool:
    """Tell whether a page is what a header likes best of all that the endpoint can send."""
    everything = dict.fromkeys((*SELECT_OFFERS[:-1], *GRAPH_OFFERS[:-1], HTML))
    try:
        return choose(accept, tuple(everything)).suffix == HTML.suffix
    except NotAcceptableError:
        return False


def _choose(form: str | None, offers: Sequence[Offer]) -> Offer:
    usable = usable_offers(offers)
    return choose_suffix(form, usable) if form else choose(request.headers.get("Accept"), usable)


def usable_offers(offers: Sequence[Offer]) -> Sequence[Offer]:
    """Leave out the page, which is made elsewhere."""
    return [offer for offer in offers if offer.suffix != HTML.suffix]


def _describe(form: str | None) -> tuple[Response, Offer]:
    """Describe the endpoint; a link leads to its description in OpenAPI (RFC 8631 section 4.1)."""
    offer = _choose(form, GRAPH_OFFERS)
    serving = site().serving()
    tag = etag(serving.version.id, PROGRAM, "service", offer.media_type)
    link = str(TypedLink(f"{mount_point()}/openapi.json", "service-desc", _OPENAPI))
    headers = {"ETag": tag, "Link": link}
    if request.if_none_match.contains_weak(tag.strip('"')):
        return Response(status=304, content_type=offer.content_type, headers=headers), offer
    body = _describe_service(serving.version, offer)
    return Response(body, content_type=offer.content_type, headers=headers), offer


def _answer(asked: Asked, form: str | None) -> tuple[Response, Offer]:
    """Run a query, unless the client has its answer already."""
    outline = check_text(asked.text, limits=site().limits)
    offer = _choose(form, OFFERS[outline.kind]) if outline.kind else JSON
    version = version_of(asked, outline, offer=offer)
    serving = site().serving()
    tag = _tag(serving, asked, offer, outline=outline)
    if tag and request.if_none_match.contains_weak(tag.strip('"')):
        return Response(status=304, content_type=offer.content_type, headers={"ETag": tag}), offer
    answer = _begun() or serving.pool.run(
        asked.text,
        media_type=table_type(offer, outline.kind),
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        caller=asking(asked.text),
    )
    _note_rows(answer)
    response = Response(_body_of(answer), content_type=_content_type(offer, version))
    if tag:
        response.headers["ETag"] = tag
    return response, offer


def _content_type(offer: Offer, version: str) -> str:
    return f"{offer.content_type}; version={version}" if version else offer.content_type


def _body_of(answer: Reply) -> bytes | Reply:
    return answer if answer.whole is None else answer.whole


def _note_rows(answer: Reply) -> None:
    """Note how many rows there are; those of a streamed answer are known at its end."""
    rows = answer.rows
    record().rows = (lambda: answer.rows) if answer.whole is None else (lambda: rows)


def _begun() -> Answer | None:
    """Give the answer that a worker has begun already (`gcm.web.quick`), once its first piece is here."""
    begun = request.environ.pop(BEGUN, None)
    if begun is None:
        return None
    assert isinstance(begun, Answer)  # nobody else writes here
    begun.wait()
    return begun


def table_type(offer: Offer, kind: Kind | None) -> str:
    """Give the engine's name of a form: the client may have named it by an alias."""
    return next(each.media_type for each in OFFERS[kind] if each.suffix == offer.suffix)


def _tag(serving: Serving, asked: Asked, offer: Offer, *, outline: Outline) -> str:
    """Make the validator of an answer; none if the next run may give another."""
    if not outline.is_repeatable or request.method == "POST":
        return ""
    return tag_of(serving.version.id, asked, offer)


def tag_of(version: str, asked: Asked, offer: Offer) -> str:
    """Make the validator of an answer that is always the same."""
    graphs = ("default", *asked.default_graphs, "named", *asked.named_graphs)
    return etag(version, PROGRAM, asked.text, offer.media_type, *graphs)


def _finish(response: Response, offer: Offer, *, is_chosen: bool) -> Response:
    response.headers["GCM-Version"] = site().version().id
    response.headers["Cache-Control"] = "no-cache" if "ETag" in response.headers else "no-store"
    if is_chosen and request.method in {"GET", "HEAD"} and is_short():
        response.headers["Content-Location"] = with_query(f"{request.script_root}/sparql.{offer.suffix}")
    response.vary.update(["Accept"] if is_chosen else [])
    response.vary.update(["Accept-Language"] if response.mimetype == HTML.media_type else [])
    return response
