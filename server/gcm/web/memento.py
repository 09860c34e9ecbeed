"""Documents and queries at a moment in the past (RFC 7089, Memento).

A document or query is its own TimeGate: with Accept-Datetime it answers 302 to the address that is pinned to
the version of that moment (pattern 1.1 of section 4.1.1). The datetime of a version is when it was built.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from flask import Flask, Response, request
from werkzeug.http import http_date

from gcm.errors import DatetimeError, UnknownIriError, UnknownVersionError
from gcm.web.archive import Kept
from gcm.web.entities import read_address
from gcm.web.pinned import is_pinned, mount_point, pinned_version
from gcm.web.reading import PATH_SIGNS, is_short, with_query
from gcm.web.versions import site

#: What has versions: documents, and queries that stand in their address.
TIMED = frozenset({"entities.show_document", "sparql.sparql"})

_FORM = "%a, %d %b %Y %H:%M:%S GMT"


def register(app: Flask) -> None:
    """Let documents and queries be asked for by time."""
    app.before_request(answer_as_timegate)
    app.after_request(announce)


def answer_as_timegate() -> Response | None:
    """Send to the version of the moment that the client asks for (RFC 7089 section 4.1.1).

    Raises DatetimeError if it is no moment.
    """
    asked = request.headers.get("Accept-Datetime")
    if asked is None or is_pinned() or not _is_timed():
        return None
    mementos = holders(str(request.endpoint), request.path)
    if not mementos:
        return None
    response = Response(status=302, headers={"Location": pinned_address(at(_moment(asked), mementos).id)})
    response.headers["Link"] = ", ".join((_relations(), *_neighbours(mementos)))
    response.headers["Cache-Control"] = "no-cache"
    return response  # Vary is added to it as to everything that is announced


def announce(response: Response) -> Response:
    """Say on every answer that has versions where they are, and on a version of which moment it is."""
    if not _is_timed():
        return response
    if not is_pinned():
        response.vary.add("Accept-Datetime")
        is_original = response.status_code in {200, 304}
        return _with_links(response, [_relations()] if is_original else [])
    if response.status_code in {200, 304}:
        mementos = holders(str(request.endpoint), request.path)
        own = next((each for each in mementos if each.id == pinned_version()), None)
        if own is not None:
            response.headers["Memento-Datetime"] = http_date(own.built)
            _with_links(response, [_relations(), *_neighbours(mementos, own)])
    return response


def holders(endpoint: str, path: str) -> Sequence[Kept]:
    """Give the kept versions that can answer for a path, the oldest first."""
    kept = in_order()
    return kept if endpoint != "entities.show_document" else [each for each in kept if holds(each, path)]


def in_order() -> Sequence[Kept]:
    """Give the kept versions by when they were built, the oldest first, and last the one that is served.

    That one may have been built before others: after a return to older files, or with a clock set back.
    """
    newest = site().newest().version.id
    return sorted(site().archive.kept(), key=lambda each: each.id == newest)


def holds(version: Kept, path: str) -> bool:
    """Tell whether a kept version describes what an address is about."""
    try:
        read_address(site().kept(version.id).graph, path)
    except (UnknownIriError, UnknownVersionError):
        return False
    return True


def at(moment: datetime, mementos: Sequence[Kept]) -> Kept:
    """Choose the version that was the newest at a moment; before the first one, the first (section 4.5.3)."""
    if moment >= max(each.built for each in mementos):
        return mementos[-1]
    earlier = (each for each in mementos if each.built <= moment)
    return max(earlier, key=lambda each: each.built, default=mementos[0])


def pinned_address(version: str, path: str | None = None) -> str:
    """Give the address of what is asked for (or of `path`), pinned to a version."""
    return with_query(f"{mount_point()}/version/{version}{_written(path)}")


def original_address(path: str | None = None) -> str:
    """Give the address of what is asked for, in whichever version is the newest."""
    return with_query(f"{mount_point()}{_written(path)}")


def timemap_address(path: str | None = None) -> str:
    """Give the address of the list of versions of what is asked for."""
    return with_query(f"{mount_point()}/timemap{_written(path)}")


def memento_relations(mementos: Sequence[Kept], version: Kept) -> str:
    """Name what a version is among all: `first memento`, `memento`, `last memento`, or all in one."""
    first = "first " if version is mementos[0] else ""
    last = "last " if version is mementos[-1] else ""
    return f"{first}{last}memento"


def _written(path: str | None) -> str:
    return quote(request.path if path is None else path, safe=PATH_SIGNS)


def _relations() -> str:
    return relations(original_address(), timemap_address())


def relations(original: str, timemap: str) -> str:
    """Link what is its own TimeGate, and the list of its versions (section 2.2)."""
    listed = f'<{timemap}>; rel="timemap"; type="application/link-format"'
    return f'<{original}>; rel="original timegate", {listed}'


def _neighbours(mementos: Sequence[Kept], own: Kept | None = None) -> list[str]:
    """Link the first and the last version, and those beside the one that is shown (section 2.2.4)."""
    place = mementos.index(own) if own else None
    found = {0: "", len(mementos) - 1: ""}
    for number, relation in ((place - 1, "prev "), (place + 1, "next ")) if place is not None else ():
        if 0 <= number < len(mementos):
            found[number] = relation
    return [_neighbour(mementos, mementos[number], relation) for number, relation in sorted(found.items())]


def _neighbour(mementos: Sequence[Kept], each: Kept, relation: str) -> str:
    relations = relation + memento_relations(mementos, each)
    return f'<{pinned_address(each.id)}>; rel="{relations}"; datetime="{http_date(each.built)}"'


def _with_links(response: Response, links: Sequence[str]) -> Response:
    had = response.headers.get("Link")
    if links and is_short():
        response.headers["Link"] = ", ".join((*([had] if had else []), *links))
    return response


def _is_timed() -> bool:
    is_preview = "gcm.preview" in request.environ  # of no version
    return request.endpoint in TIMED and request.method in {"GET", "HEAD"} and not is_preview


def _moment(text: str) -> datetime:
    """Read a date of HTTP; an aware time in UTC."""
    try:
        return datetime.strptime(text.strip(), _FORM).replace(tzinfo=UTC)
    except ValueError:
        raise DatetimeError(
            "Accept-Datetime is no date of HTTP. Write it like “Sun, 22 Nov 2026 08:00:00 GMT”."
        ) from None
