"""Terms of Turtle-like texts: from how they are written, and back."""

import re
from collections.abc import Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from gcm.syntax.trace import Term
from gcm.vocab import PREFIXES

_XSD = PREFIXES["xsd"]
_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_BOOLEAN = NamedNode(_XSD + "boolean")
_STRING = NamedNode(_XSD + "string")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_SUFFIX = re.compile(r"(?:@([A-Za-z]+(?:-[A-Za-z0-9]+)*)|\s*\^\^\s*(\S+))\Z")
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
#: Local names that need no escape in Turtle 1.1 (a part of PN_LOCAL).
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?")
#: Literals that Turtle 1.1 writes without quotes (section 2.5.2), by datatype.
_BARE: Mapping[str, re.Pattern[str]] = {
    _XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    _XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    _XSD + "double": re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+"),
    _XSD + "boolean": re.compile(r"true|false"),
}
_SPECIAL = re.compile(r'[\\"\x00-\x1f\x7f]')
_WRITTEN = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Names:
    """The prefixes and the base of a text as far as it has been read, and terms by how they are written."""

    def __init__(self) -> None:
        self.prefixes: dict[str, str] = {}
        #: Where each prefix was declared, and those that were declared twice: no safe names for new terms.
        self.declared: dict[str, int] = {}
        self.repeated: set[str] = set()
        self._base: str | None = None
        self._known: dict[str, Term | None] = {}

    def declare(self, prefix: str, iri: str, *, at: int) -> None:
        """Take note of a prefix that is declared at an offset."""
        full = self.term("iri", iri)
        self._known.clear()
        if isinstance(full, NamedNode):
            self.repeated |= {prefix} & set(self.declared)
            self.declared[prefix] = at
            self.prefixes[prefix] = full.value

    def rebase(self, iri: str) -> None:
        """Take note of a base that is declared."""
        full = self.term("iri", iri)
        self._known.clear()
        self._base = full.value if isinstance(full, NamedNode) else None

    def term(self, kind: str, raw: str) -> Term | None:
        """Give the term that a token says; None if it says none here (a name whose prefix is unknown)."""
        if raw not in self._known:
            self._known[raw] = self._read(kind, raw)
        return self._known[raw]

    def _read(self, kind: str, raw: str) -> Term | None:
        try:
            return self._made(kind, raw)
        except ValueError:  # what is no IRI, or no language
            return None

    def _made(self, kind: str, raw: str) -> Term | None:
        if kind == "name":
            return self._prefixed(raw)
        if kind == "iri":
            return self._iri(raw)
        if kind == "literal":
            return self._literal(raw)
        if kind == "number":
            return Literal(raw, datatype=_number(raw))
        return {"a": _TYPE}.get(raw) or (
            Literal(raw, datatype=_BOOLEAN) if raw in ("true", "false") else None
        )

    def _prefixed(self, raw: str) -> Term | None:
        prefix, _, local = raw.partition(":")
        namespace = self.prefixes.get(prefix)
        if "\\" in local:
            local = re.sub(r"\\(.)", r"\1", local)
        return None if namespace is None else NamedNode(namespace + local)

    def _iri(self, raw: str) -> NamedNode | None:
        if "\\" not in raw and _ABSOLUTE.match(raw):
            return NamedNode(raw[1:-1])
        return resolved(raw, self._base)

    def _literal(self, raw: str) -> Term | None:
        quote = raw[:3] if raw[:3] in ('"""', "'''") else raw[0]
        end = raw.rindex(quote)
        value, suffix = _unescaped(raw[len(quote) : end]), _SUFFIX.match(raw[end + len(quote) :])
        if suffix is None:
            return Literal(value)
        if suffix[1]:
            return Literal(value, language=suffix[1])
        datatype = self.term("iri" if suffix[2].startswith("<") else "name", suffix[2])
        return Literal(value, datatype=datatype) if isinstance(datatype, NamedNode) else None

    def write(self, term: Term, *, at: int, bare: bool = True) -> str:
        """Write a term as it may stand at an offset: with the prefixes that hold there, else in full."""
        if isinstance(term, NamedNode):
            return self._shortened(term.value, at) or str(term)
        if isinstance(term, BlankNode):
            return str(term)
        pattern = _BARE.get(term.datatype.value)
        if bare and pattern and pattern.fullmatch(term.value):
            return term.value
        quoted = f'"{_SPECIAL.sub(_escaped, term.value)}"'
        if term.language:
            return f"{quoted}@{term.language}"
        return (
            quoted if term.datatype == _STRING else f"{quoted}^^{self.write(term.datatype, at=at, bare=bare)}"
        )

    def _shortened(self, iri: str, at: int) -> str | None:
        fitting = [
            (len(namespace), prefix)
            for prefix, namespace in self.prefixes.items()
            if self.declared[prefix] < at
            and prefix not in self.repeated
            and iri.startswith(namespace)
            and _LOCAL.fullmatch(iri, len(namespace))
        ]
        length, prefix = max(fitting, default=(0, ""))
        return f"{prefix}:{iri[length:]}" if fitting else None


def resolved(raw: str, base: str | None) -> NamedNode | None:
    """Give the IRI that `<…>` means beside a base (RFC 3986 section 5.2); None if it means none."""
    try:
        quads = [*parse(f"<x:x> <x:x> {raw} .", format=RdfFormat.TURTLE, base_iri=base)]
    except (SyntaxError, ValueError):
        return None
    value = quads[0].object
    return value if isinstance(value, NamedNode) else None


def _number(raw: str) -> NamedNode:
    if "e" in raw or "E" in raw:
        return NamedNode(_XSD + "double")
    return NamedNode(_XSD + ("decimal" if "." in raw else "integer"))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _ESCAPES.get(found[3], found[3])


def _escaped(found: re.Match[str]) -> str:
    return _WRITTEN.get(found[0]) or f"\\u{ord(found[0]):04X}"
