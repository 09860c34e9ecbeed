"""Which syntax something is in: by its name, by its media type, or by how it begins."""

import re
from collections.abc import Mapping
from pathlib import Path, PurePath
from types import MappingProxyType

from pyoxigraph import RdfFormat

from gcm.errors import SourceError
from gcm.given import SUFFIXES, Form

#: Media types that are in use beside those that name the syntaxes themselves.
_ALSO: Mapping[str, Form] = MappingProxyType(
    {
        "application/x-turtle": Form.TURTLE,
        "application/turtle": Form.TURTLE,
        "application/x-trig": Form.TRIG,
        "text/x-nquads": Form.N_QUADS,
        "application/xml": Form.RDF_XML,
        "text/xml": Form.RDF_XML,
        "application/json": Form.JSON_LD,
        "application/csv": Form.CSV,
        "text/tab-separated-values": Form.CSV,
    }
)
_MEDIA_TYPES: Mapping[str, Form] = MappingProxyType({form.value: form for form in Form} | dict(_ALSO))

#: The engine's names of the syntaxes that it parses.
FORMATS: Mapping[Form, RdfFormat] = MappingProxyType(
    {
        Form.TURTLE: RdfFormat.TURTLE,
        Form.TRIG: RdfFormat.TRIG,
        Form.N_TRIPLES: RdfFormat.N_TRIPLES,
        Form.N_QUADS: RdfFormat.N_QUADS,
        Form.RDF_XML: RdfFormat.RDF_XML,
        Form.JSON_LD: RdfFormat.JSON_LD,
    }
)

#: How many bytes are looked at.
_LOOK = 65_536
_IRI = r"<[^<>\s\"{}|^`\\]*>"
_TEXT = r"\"(?:[^\"\\\n]|\\.)*\"(?:@[\w-]+|\^\^" + _IRI + ")?"
_NODE = rf"(?:{_IRI}|_:\S+)"
_N_QUAD = re.compile(
    rf"^[ \t]*{_NODE}[ \t]*{_IRI}[ \t]*(?:{_NODE}|{_TEXT})[ \t]*{_NODE}[ \t]*\.[ \t]*$",
    re.MULTILINE,
)
_GRAPH = re.compile(rf"^[ \t]*(?:GRAPH\s+)?(?:{_IRI}|[\w.-]*:[\w./-]*|_:\w+)?[ \t]*\{{", re.MULTILINE | re.I)
_TURTLE = re.compile(rf"(?:@?prefix\s+[^\s:]*:|@?base\s)|{_IRI}|_:\w|[\w.-]*:[\w./-]*\s+\S|\[|\(", re.I)
_XML = re.compile(r"<\?xml\b|<!--|<!DOCTYPE\b|<[\w.-]+(?::[\w.-]+)?(?:\s+[\w:.-]+\s*=|\s*>|\s*/>)")
_JSON = re.compile(r'[{\[]\s*(?:["{\[]|[}\]]\s*$)')
_ROW = re.compile(r"[^\n]*[^\s,;\t][^\n]*[,;\t][^\n]*\n?")
_COMMENTS = re.compile(r"(?:\s+|#[^\n]*)*+")


def form_of(name: str, media_type: str | None, data: bytes) -> Form:
    """Tell the syntax of something: by the end of its name, else its media type, else how it begins.

    Parameters of the media type do not count. Raises SourceError if none of the three tells.
    """
    by_name = SUFFIXES.get(PurePath(name).suffix.lower())
    if by_name is not None:
        return by_name
    by_type = _MEDIA_TYPES.get((media_type or "").partition(";")[0].strip().lower())
    found = by_type or _look(data[:_LOOK])
    if found is None:
        message = (
            f"the syntax cannot be told; let the name end in {', '.join(SUFFIXES)}, or say the media type."
        )
        raise SourceError(message, path=Path(name))
    return found


def _look(begin: bytes) -> Form | None:
    if begin.startswith(b"PK\x03\x04"):
        return Form.XLSX
    text = begin.removeprefix(b"\xef\xbb\xbf").decode(errors="replace")
    bare = text[_COMMENTS.match(text).end() :]  # type: ignore[union-attr]  # matches every text
    if _XML.match(text.lstrip()):
        return Form.RDF_XML
    if _JSON.match(bare):
        return Form.JSON_LD
    if _N_QUAD.search(text):
        return Form.N_QUADS
    if _TURTLE.match(bare):
        return Form.TRIG if _GRAPH.search(text) else Form.TURTLE
    if bare.startswith("{"):
        return Form.TRIG
    return Form.CSV if _ROW.match(text.lstrip("\n")) else None
