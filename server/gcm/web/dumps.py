"""Dumps to download: `/dumps/all.nq.gz` is of today, `/dumps/<version>/all.nq.gz` never changes.

Each has its length, its SHA-256 (Repr-Digest, RFC 9530 section 3; a file `….sha256` for `sha256sum --check`),
and can be resumed (RFC 9110 section 14).
"""

import re
from base64 import b64encode

from flask import Response, abort, redirect, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response as BaseResponse
from werkzeug.wsgi import FileWrapper

from gcm.describe import Dump, Written, dumps_of, open_dump
from gcm.describe.terms import LICENCE_IRI
from gcm.query import OpenVersion, open_version
from gcm.web.answers import TypedLink
from gcm.web.negotiate import JSON_LD, N_QUADS, TURTLE
from gcm.web.reading import local
from gcm.web.spool import PIECE_BYTES
from gcm.web.versions import site

#: What the name of a version may look like: it becomes the name of a folder.
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}")

#: Other units and several ranges at once are passed over: all is sent (RFC 9110 section 14.2).
_RANGE = re.compile(r"bytes=[0-9]*-[0-9]*", re.IGNORECASE)

_OFFERS = {offer.suffix: offer for offer in (TURTLE, N_QUADS, JSON_LD)}
_CHECKSUM = ".sha256"

#: The same bytes for ever (RFC 8246); nobody on the way may write them in another way, or checksums fail.
_FOR_EVER = "public, max-age=31536000, immutable, no-transform"
_FOR_NOW = "no-cache, no-transform"


def show_dumps() -> BaseResponse:
    """Send to the catalogue, which lists them."""
    return redirect(local("/data"), 303)


def send_dump(address: str) -> Response:
    """Send a dump, or its checksum."""
    version, name = _read_address(address)
    wanted = name.removesuffix(_CHECKSUM)
    dump = next((each for each in dumps_of(version) if each.name == wanted), None)
    if dump is None:
        abort(404)
    written = open_dump(version, dump)
    response = _checksum(dump, written) if wanted != name else _file(dump, written)
    response.headers["Cache-Control"] = _FOR_NOW if address == name else _FOR_EVER
    response.headers["Content-Location"] = local(f"/dumps/{version.id}/{name}")
    response.headers["GCM-Version"] = version.id
    response.headers["Link"] = str(TypedLink(LICENCE_IRI.value, "license"))
    return response


def _read_address(address: str) -> tuple[OpenVersion, str]:
    """Read which version an address means, and which file: one that is still kept, else the current one."""
    current = site().version()
    name, slash, rest = address.partition("/")
    if not slash or not _VERSION.fullmatch(name):
        return current, address
    folder = site().directory / "versions" / name
    if name != current.id and not folder.is_dir():
        return current, address
    return (current if name == current.id else open_version(folder)), rest


def _file(dump: Dump, written: Written) -> Response:
    media_type = "application/gzip" if dump.is_compressed else _OFFERS[dump.suffix].content_type
    response = Response(
        FileWrapper(written.file, PIECE_BYTES), content_type=media_type, direct_passthrough=True
    )
    response.content_length = written.size
    response.set_etag(written.sha256)
    response.headers["Repr-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(written.sha256)).decode()}:"
    is_one_range = bool(_RANGE.fullmatch(request.headers.get("Range", "")))
    try:
        response.make_conditional(request, accept_ranges=is_one_range, complete_length=written.size)
    except RequestedRangeNotSatisfiable:
        written.file.close()
        raise
    response.headers["Accept-Ranges"] = "bytes"
    return response


def _checksum(dump: Dump, written: Written) -> Response:
    """Write the line that `sha256sum --check` reads."""
    written.file.close()
    response = Response(f"{written.sha256}  {dump.name}\n", content_type="text/plain; charset=utf-8")
    response.set_etag(f"{written.sha256}-line")
    response.make_conditional(request)
    return response
