"""Content codings over a real socket (RFC 9110 sections 8.4, 8.8.3.3, 12.5.3 and 15.4.5)."""

import socket
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import brotli
import pytest
import zstandard
from gcm.web.compression import BLOCK_BYTES, ENCODERS, Compressed, encode_whole
from gcm.web.negotiate import choose_coding

pytestmark = pytest.mark.server

Ask = Callable[..., Any]  # Any: the reply of conftest.py, which test modules cannot import

CODINGS = ("zstd", "br", "gzip")

#: Answers of each kind that are large enough, with the form to ask for: whole ones, then streamed ones.
WHOLE = (
    ("/", "text/html"), ("/doc/place/ZZA", "text/html"), ("/doc/place/ZZA.ttl", "*/*"),
    ("/ontology.rdf", "*/*"),
    ("/data/world-places", "application/ld+json"), ("/static/site.css", "*/*"), ("/none", "text/html"),
    ("/linkset/doc/place/ZZA.txt", "*/*"), ("/sparql", "text/turtle"),
    (f"/sparql.csv?query={quote('SELECT ?s WHERE { ?s a ?c } LIMIT 40')}", "*/*"),
)  # fmt: skip
STREAMED = (
    (f"/sparql.csv?query={quote('SELECT * WHERE { GRAPH ?g { ?s ?p ?o } }')}", "*/*"),
    (f"/sparql.nt?query={quote('CONSTRUCT WHERE { ?s ?p ?o }')}", "*/*"),
)


def decoded(reply: Any) -> bytes:  # Any: as above
    """Undo the coding with a decoder that does not know ours."""
    coding = reply.field("Content-Encoding")
    if coding == "gzip":
        return zlib.decompress(reply.body, wbits=31)
    if coding == "br":
        return bytes(brotli.decompress(reply.body))
    if coding == "zstd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(reply.body)
    assert not coding
    return bytes(reply.body)


@pytest.mark.parametrize(("path", "accept"), WHOLE + STREAMED)
@pytest.mark.parametrize("coding", CODINGS)
def test_every_coding_gives_the_same_bytes(ask: Ask, path: str, accept: str, coding: str) -> None:
    plain, coded = ask(path, Accept=accept), ask(path, Accept=accept, Accept_Encoding=coding)
    assert (coded.status, coded.field("Content-Encoding")) == (plain.status, coding)
    assert decoded(coded) == plain.body
    assert len(coded.body) < len(plain.body)
    assert {"accept-encoding"} <= plain.members("Vary") & coded.members("Vary")
    assert "Content-Encoding" not in plain.headers


@pytest.mark.parametrize(("path", "accept"), [each for each in WHOLE + STREAMED if each[0] != "/none"])
@pytest.mark.parametrize("coding", CODINGS)
def test_every_coding_has_its_own_validator(ask: Ask, path: str, accept: str, coding: str) -> None:
    """Section 8.8.3.3; and a 304 names the one that the client has."""
    plain, coded = ask(path, Accept=accept), ask(path, Accept=accept, Accept_Encoding=coding)
    tag = coded.field("ETag")
    assert tag == plain.field("ETag")[:-1] + f'-{coding}"'
    for sent in (tag, f"W/{tag}", f'"other", {tag}'):
        again = ask(path, Accept=accept, Accept_Encoding=coding, If_None_Match=sent)
        assert (again.status, again.body, again.field("ETag")) == (304, b"", tag)
        assert "Content-Encoding" not in again.headers
        assert again.members("Vary") == coded.members("Vary")
    still = ask(path, Accept=accept, Accept_Encoding=coding, If_None_Match=plain.field("ETag"))
    assert (still.status, still.field("ETag")) == (304, plain.field("ETag"))  # the plain one is acceptable
    refused = ask(path, Accept=accept, If_None_Match=tag)
    assert refused.status == 200  # to a client that does not accept the coding it is nothing


@pytest.mark.parametrize(("path", "accept"), WHOLE + STREAMED)
@pytest.mark.parametrize("coding", CODINGS)
def test_head_is_get_in_every_coding(ask: Ask, path: str, accept: str, coding: str) -> None:
    """Section 9.3.2."""
    got = ask(path, Accept=accept, Accept_Encoding=coding)
    head = ask(path, method="HEAD", Accept=accept, Accept_Encoding=coding)
    ignored = {"date", "connection", "transfer-encoding", "x-request-id"}  # of one request each
    assert head.body == b""
    assert {name: value for name, value in head.headers.items() if name not in ignored} == {
        name: value for name, value in got.headers.items() if name not in ignored
    }
    assert "Transfer-Encoding" in got.headers or int(got.field("Content-Length")) == len(got.body)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/sparql.csv?query=ASK%7B%7D", {}),  # small
        ("/doc/place/NONE", {"Accept": "application/json"}),
        ("/id/place/ZZA", {}),  # nothing
        ("/doc/place/ZZA/", {}),
        ("/doc/place/ZZA", {"If_None_Match": "*"}),
        ("/doc/place/ZZA", {"method": "OPTIONS"}),
    ],
)
def test_what_gains_nothing_is_left_as_it_is(ask: Ask, path: str, fields: dict[str, str]) -> None:
    assert "Content-Encoding" not in ask(path, Accept_Encoding="gzip, br, zstd", **fields).headers


def test_a_streamed_answer_comes_piece_by_piece(ask: Ask) -> None:
    """What has come can be read before the rest is there: here, of an answer that has no end in time."""
    version = ask("/limits")
    host, port = version.address
    endless = quote("SELECT ?a ?d WHERE { ?a ?b ?c . ?d ?e ?f }")
    for coding, decoder in (
        ("gzip", zlib.decompressobj(wbits=31).decompress),
        ("zstd", zstandard.ZstdDecompressor().decompressobj().decompress),
        ("br", brotli.Decompressor().process),
    ):
        with socket.create_connection((host, port), timeout=20) as connection:
            request = (
                f"GET /sparql.csv?query={endless} HTTP/1.1\r\nHost: h\r\nAccept-Encoding: {coding}\r\n\r\n"
            )
            connection.sendall(request.encode())
            received = b""
            while not (found := _first_chunk(received)):
                received += connection.recv(65_536)
            assert f"content-encoding: {coding}".encode() in received.lower()
            assert bytes(decoder(found)).startswith(b"a,d\r\n")


def _first_chunk(received: bytes) -> bytes:
    """Give the first chunk of a body (RFC 9112 section 7.1) once it is there."""
    _, _, body = received.partition(b"\r\n\r\n")
    size, line_end, rest = body.partition(b"\r\n")
    return rest[: int(size, 16)] if line_end and len(rest) >= int(size, 16) else b""


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        (None, None),  # any is acceptable, but nobody has asked for one
        ("", None),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),  # section 8.4.1.3
        ("GZIP", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),  # as browsers say
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("gzip;q=0", None),
        ("*", "zstd"),
        ("*;q=0", None),
        ("zstd;q=0, *", "br"),
        ("gzip;q=0.5, *;q=0", "gzip"),
        ("identity", None),
        ("identity, gzip;q=0.5", None),  # the plain answer is liked better
        ("identity;q=0.5, gzip;q=0.8", "gzip"),
        ("identity;q=0, gzip", "gzip"),
        ("compress, deflate", None),
        ("gzip;q=x", None),
        (",, ;q=1, gzip ,", "gzip"),
    ],
)
def test_coding_is_chosen_by_weight(header: str | None, chosen: str | None) -> None:
    """Section 12.5.3."""
    assert choose_coding(header, CODINGS) == chosen


@pytest.mark.parametrize("coding", ENCODERS)
@pytest.mark.parametrize("size", [1, 1_000, BLOCK_BYTES, BLOCK_BYTES + 1, 100_000])
def test_however_an_answer_comes_it_has_the_same_bytes(coding: str, size: int) -> None:
    """RFC 9110 section 8.8.1: what one strong validator stands for is the same, byte for byte."""
    content = b"".join(b"https://w3id.org/gcm/id/place/Q%d\n" % number for number in range(1_500))
    pieces = [content[start : start + size] for start in range(0, len(content), size)]
    assert b"".join(Compressed(pieces, ENCODERS[coding]())) == encode_whole(content, coding)
