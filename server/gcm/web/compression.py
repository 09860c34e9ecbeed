"""Answers made small for those who accept it (RFC 9110 sections 8.4 and 12.5.3).

Each coding of an answer has a validator of its own, made from that of the plain one (section 8.8.3.3).
Compression can betray a secret that stands in an answer beside words of the asker (BREACH). No answer here
holds one: nobody logs in, and no answer depends on who asks. One that sets a cookie is left as it is.
"""

import re
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Protocol

import brotli
import zstandard
from flask import Flask, Response, current_app, g, request

from gcm.web.negotiate import choose_coding

#: Answers of fewer bytes fit into one packet as they are.
LEAST_BYTES = 1_000

#: Bytes that are compressed, and sent, at a time.
BLOCK_BYTES = 16_384

#: How many compressed answers a server process keeps ready, and how many bytes each may have before.
KEPT_ANSWERS, KEPT_BYTES = 500, 65_536

#: Types whose bytes are text; pictures and archives are compressed already.
_TEXT = re.compile(
    r"text/|application/(?:.*\+)?(?:json|xml)$|application/(?:n-triples|n-quads|trig|link-format|linkset)$"
    r"|image/svg\+xml$|application/javascript$"
)


class Encoder(Protocol):
    """Compresses piece by piece; what `piece` gives can be read without what follows."""

    def piece(self, data: bytes) -> bytes:
        """Compress a piece."""

    def end(self) -> bytes:
        """End the answer."""


class _Gzip:
    """RFC 1952."""

    def __init__(self) -> None:
        self._encoder = zlib.compressobj(6, wbits=31)

    def piece(self, data: bytes) -> bytes:
        return self._encoder.compress(data) + self._encoder.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        return self._encoder.flush()


class _Brotli:
    """RFC 7932; quality 5 is as quick as gzip and smaller."""

    def __init__(self) -> None:
        self._encoder = brotli.Compressor(quality=5)

    def piece(self, data: bytes) -> bytes:
        return bytes(self._encoder.process(data) + self._encoder.flush())

    def end(self) -> bytes:
        return bytes(self._encoder.finish())


class _Zstandard:
    """RFC 8878; the window of level 3 is below the 8 MiB that RFC 9659 lets a server use."""

    def __init__(self) -> None:
        self._encoder = zstandard.ZstdCompressor(level=3).compressobj()

    def piece(self, data: bytes) -> bytes:
        return self._encoder.compress(data) + self._encoder.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def end(self) -> bytes:
        return self._encoder.flush()


#: Content codings, the one preferred among equals first.
ENCODERS: Mapping[str, Callable[[], Encoder]] = MappingProxyType(
    {"zstd": _Zstandard, "br": _Brotli, "gzip": _Gzip}
)

#: No content, a part of it, or a redirect, whose body nobody reads.
_BARE = frozenset({204, 206, 301, 302, 303, 307, 308})

_MARK = re.compile(rf'-({"|".join(ENCODERS)})"')


class Compressed:
    """An answer that is compressed while it is sent; closing it closes the answer itself.

    It is compressed in blocks of one size, however its pieces come: so the same answer has the same bytes.
    """

    def __init__(self, pieces: Iterable[bytes], encoder: Encoder) -> None:
        self._pieces = pieces
        self._encoder = encoder

    def __iter__(self) -> Iterator[bytes]:
        """Give each block as soon as it is there; an answer that breaks off is not ended."""
        for block in _blocks(self._pieces):
            yield self._encoder.piece(block)
        yield self._encoder.end()

    def close(self) -> None:
        """Let go of the answer."""
        close = getattr(self._pieces, "close", None)
        if close is not None:
            close()


def register(app: Flask) -> None:
    """Have the validators of codings understood; `compress` is to be the first to see an answer."""
    app.before_request(read_validators)


def read_validators() -> None:
    """Have the validator of a coding that the client accepts stand for that of the plain answer."""
    header = request.headers.get("If-None-Match", "")
    g.coding = choose_coding(request.headers.get("Accept-Encoding"), tuple(ENCODERS))
    g.known_codings = [each for each in _MARK.findall(header) if _is_acceptable(each)]
    if g.known_codings:
        g.known_tags = header
        request.environ["HTTP_IF_NONE_MATCH"] = _MARK.sub(_plain_if_acceptable, header)


def compress(response: Response) -> Response:
    """Send the answer in the coding that the client likes best."""
    if not _TEXT.match(response.mimetype or "") or "Set-Cookie" in response.headers:
        return response
    if response.status_code in _BARE or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code == 304:
        return _name_known(response)
    coding = g.get("coding")
    if coding and (response.is_streamed or _length(response) >= LEAST_BYTES):
        _encode(response, coding)
    return response


def encode_whole(body: bytes, coding: str) -> bytes:
    """Compress an answer that is there."""
    return b"".join(Compressed([body], ENCODERS[coding]()))


def _blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= BLOCK_BYTES:
            yield bytes(held[:BLOCK_BYTES])
            del held[:BLOCK_BYTES]
    if held:
        yield bytes(held)


def _is_acceptable(coding: str) -> bool:
    return choose_coding(request.headers.get("Accept-Encoding"), (coding,)) is not None


def _plain_if_acceptable(mark: re.Match[str]) -> str:
    return '"' if _is_acceptable(mark[1]) else mark[0]


def _name_known(response: Response) -> Response:
    """Answer 304 with the validator that the client has (RFC 9110 section 15.4.5)."""
    tag = response.headers.get("ETag", "")
    names = (marked(tag, coding) for coding in g.get("known_codings", []))
    known = next((name for name in names if name in g.known_tags), None) if tag else None
    response.headers["ETag"] = known or tag
    return response


def marked(tag: str, coding: str) -> str:
    """Make the validator of an answer in a coding from that of the plain one."""
    return f'{tag[:-1]}-{coding}"'


def _length(response: Response) -> int:
    """Measure an answer that is whole."""
    response.direct_passthrough = False
    return len(response.get_data())


def _encode(response: Response, coding: str) -> None:
    tag = response.headers.get("ETag", "")
    if tag:
        response.headers["ETag"] = tag = marked(tag, coding)
    response.headers["Content-Encoding"] = coding
    if response.is_streamed:
        response.direct_passthrough = False
        response.headers.pop("Content-Length", None)
        response.response = Compressed(response.iter_encoded(), ENCODERS[coding]())
    else:
        response.set_data(_kept(tag, response.get_data(), coding))


def _kept(tag: str, body: bytes, coding: str) -> bytes:
    """Compress an answer, or give what the same validator stood for before."""
    kept: OrderedDict[tuple[str, int], bytes] = current_app.extensions.setdefault(
        "gcm.compressed", OrderedDict()
    )
    key = (tag, len(body))
    found = kept.pop(key, b"") or encode_whole(body, coding)
    if tag and len(body) <= KEPT_BYTES:
        kept[key] = found
    while len(kept) > KEPT_ANSWERS:
        kept.popitem(last=False)
    return found
