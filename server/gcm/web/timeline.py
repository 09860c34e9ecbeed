"""What versions there are: of the whole graph, and of one document or query (RFC 7089 section 5)."""

import json
from collections.abc import Iterator, Sequence

from flask import Response, abort, current_app, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import http_date

from gcm.web.answers import Resource, answer
from gcm.web.archive import Kept
from gcm.web.memento import (
    TIMED,
    holders,
    in_order,
    memento_relations,
    original_address,
    pinned_address,
    timemap_address,
)
from gcm.web.negotiate import HTML, Offer, choose, choose_suffix
from gcm.web.pinned import mount_point
from gcm.web.versions import site

JSON = Offer("application/json", "json")
OFFERS = (HTML, JSON)

LINK_FORMAT = Offer("application/link-format", "")


def show_versions(suffix: str = "") -> Response:
    """List the versions that are kept, the newest first."""
    offer = choose_suffix(suffix, OFFERS) if suffix else choose(request.headers.get("Accept"), OFFERS)
    kept = tuple(reversed(in_order()))
    names = tuple(each.id for each in kept)
    resource = Resource("/versions", OFFERS)
    return answer(resource, offer, lambda: _write(kept, offer), is_chosen=not suffix, state=names)


def show_timemap(rest: str) -> Response:
    """List the versions of a document or query, as RFC 7089 section 5 and RFC 6690 section 2 say."""
    path = f"/{rest}"
    mementos = holders(_endpoint(path), path)
    if not mementos:
        abort(404)
    body = ",\n".join(_links(path, mementos)) + "\n"
    names = tuple(each.id for each in mementos)
    resource = Resource(f"/timemap{path}", (LINK_FORMAT,))
    names += (request.host_url,)
    return answer(resource, LINK_FORMAT, lambda: body.encode(), is_chosen=False, state=names)


def _endpoint(path: str) -> str:
    try:
        endpoint, _ = current_app.url_map.bind("localhost").match(path)
    except HTTPException:
        abort(404)
    return str(endpoint) if endpoint in TIMED else abort(404)


def _links(path: str, mementos: Sequence[Kept]) -> Iterator[str]:
    host = request.host_url.rstrip("/")
    moments = [each.built for each in mementos]
    span = f'from="{http_date(min(moments))}"; until="{http_date(max(moments))}"'
    yield f'<{host}{original_address(path)}>; rel="original timegate"'
    yield f'<{host}{timemap_address(path)}>; rel="self"; type="{LINK_FORMAT.media_type}"; {span}'
    for each in mementos:
        relation = f'rel="{memento_relations(mementos, each)}"; datetime="{http_date(each.built)}"'
        yield f"<{host}{pinned_address(each.id, path)}>; {relation}"


def _write(kept: tuple[Kept, ...], offer: Offer) -> str | bytes:
    limit = int(site().limits.kept_versions)
    if offer.suffix == HTML.suffix:
        return render_template("versions.html", kept=kept, limit=limit)
    rows = [
        {"id": each.id, "built": each.built.isoformat(), "triples": each.triples, "path": _path(each)}
        for each in kept
    ]
    written = {"current": site().version().id, "kept_versions": limit, "versions": rows}
    return json.dumps(written, indent=1).encode()


def _path(each: Kept) -> str:
    return f"{mount_point()}/version/{each.id}/"
