"""Contexts of JSON-LD: what keys and values mean (JSON-LD 1.1 API sections 4 and 5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isinf

from pyoxigraph import BlankNode, Literal, NamedNode

from gcm.syntax.json_text import Json
from gcm.syntax.terms import resolved
from gcm.vocab import PREFIXES

_XSD = PREFIXES["xsd"]


@dataclass(frozen=True, slots=True)
class Definition:
    """What one key means. `language` is "" where the context's own holds."""

    iri: str | None
    kind: str | None = None
    language: str | None = ""
    containers: frozenset[str] = frozenset()
    is_reverse: bool = False
    context: Json | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The keys that are defined where a value stands, and what holds for all others."""

    terms: Mapping[str, Definition] = field(default_factory=dict)
    vocabulary: str | None = None
    base: str | None = None
    language: str | None = None

    def within(self, local: Json | None) -> "Context":
        """Give the context that holds in an object that brings one of its own."""
        if local is None:
            return self
        if local.kind == "[":
            found = self
            for each in local.items:
                found = found.within(each)
            return found
        return self._with(local) if local.kind == "{" else Context()

    def _with(self, local: Json) -> "Context":
        given = {str(each.step): each for each in local.members}
        found = replace(
            self,
            vocabulary=_setting(given, "@vocab", self.vocabulary),
            base=_setting(given, "@base", self.base),
            language=_setting(given, "@language", self.language),
        )
        if "@base" in given and found.base and self.base:
            base = resolved(f"<{found.base}>", self.base)
            found = replace(found, base=base.value if base else None)
        terms = dict(self.terms)
        for key in given:
            if not key.startswith("@"):
                _define(key, given, replace(found, terms=terms), terms, set())
        return replace(found, terms=terms)

    def iri(self, value: str, *, is_key: bool) -> str | None:
        """Expand a key (or a type), or an address in the document, to an IRI, a keyword or _:name."""
        if value.startswith("@"):
            return value
        if is_key and value in self.terms:
            return self.terms[value].iri
        if ":" in value:
            prefix, _, rest = value.partition(":")
            term = self.terms.get(prefix)
            if prefix == "_" or rest.startswith("//") or term is None or term.iri is None:
                return value
            return term.iri + rest
        if is_key:
            return None if self.vocabulary is None else self.vocabulary + value
        found = resolved(f"<{value}>", self.base) if self.base else None
        return found.value if found else None

    def literal(self, value: Json, definition: Definition) -> Literal | None:
        """Give the literal that a text, a number, true or false means under a key."""
        kind = definition.kind if definition.kind not in ("@id", "@vocab", "@none") else None
        if value.is_text and kind is None:
            language = self.language if definition.language == "" else definition.language
            return Literal(value.text, language=language) if language else Literal(value.text)
        written, usual = native(value.text if value.is_text else value.raw, kind, is_text=value.is_text)
        return Literal(written, datatype=NamedNode(kind or usual))


def _setting(given: Mapping[str, Json], key: str, before: str | None) -> str | None:
    return _text(given[key]) if key in given else before


def _text(value: Json) -> str | None:
    return value.text if value.is_text else None


def _define(
    key: str, given: Mapping[str, Json], context: Context, terms: dict[str, Definition], begun: set[str]
) -> None:
    """Define a key, after the prefix that its definition uses (JSON-LD 1.1 API section 4.2)."""
    if key in begun:
        return
    begun.add(key)
    value = given[key]
    parts = {str(each.step): each for each in value.members}
    source = value if value.is_text else parts.get("@reverse") or parts.get("@id")
    says = source.text if source is not None and source.is_text else key
    for each in (says.partition(":")[0], says):
        if each in given and each != key:
            _define(each, given, context, terms, begun)
    iri = context.iri(says, is_key=True)
    if says == key and ":" not in key:
        iri = None if context.vocabulary is None else context.vocabulary + key
    if value.kind == "word":
        iri = None
    kind = parts["@type"].text if "@type" in parts else None
    terms[key] = Definition(
        iri,
        context.iri(kind, is_key=True) if kind else None,
        _text(parts["@language"]) if "@language" in parts else "",
        _texts(parts.get("@container")),
        "@reverse" in parts,
        parts.get("@context"),
    )


def _texts(value: Json | None) -> frozenset[str]:
    if value is None:
        return frozenset()
    return frozenset(each.text for each in (value.items if value.kind == "[" else [value]) if each.is_text)


def native(raw: str, kind: str | None, *, is_text: bool) -> tuple[str, str]:
    """Write a number, true or false as JSON-LD does (API section 8.6), with its usual datatype."""
    if is_text:
        return raw, _XSD + "string"
    if raw in ("true", "false"):
        return raw, _XSD + "boolean"
    number = float(raw)
    if isinf(number):
        return raw, _XSD + "double"
    if number.is_integer() and abs(number) < 1e21 and kind != _XSD + "double":
        return str(int(raw) if raw.lstrip("-").isdigit() else int(number)), _XSD + "integer"
    mantissa, _, exponent = f"{number:.15E}".partition("E")
    mantissa = mantissa.rstrip("0")
    return f"{mantissa}{'0' if mantissa.endswith('.') else ''}E{int(exponent)}", _XSD + "double"


def term_of(iri: str, blanks: dict[str, BlankNode]) -> NamedNode | BlankNode | None:
    """Give the node that an expanded IRI or _:name is; None if it is neither."""
    if iri.startswith("_:"):
        return blanks.setdefault(iri, BlankNode("l" + iri[2:]))
    try:
        return NamedNode(iri)
    except ValueError:
        return None
