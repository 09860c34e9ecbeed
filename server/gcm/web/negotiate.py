"""Which form of an answer a client gets: by Accept (RFC 9110 section 12.5), from one table of offers."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from gcm.errors import NotAcceptableError


@dataclass(frozen=True)
class Offer:
    """A form on offer: its media type, the suffix that asks for it, and other types by which it is known."""

    media_type: str
    suffix: str
    aliases: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The value of Content-Type: text says that it is UTF-8."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


HTML = Offer("text/html", "html")
TURTLE = Offer("text/turtle", "ttl", ("application/x-turtle",))
N_TRIPLES = Offer("application/n-triples", "nt", ("text/plain",))
N_QUADS = Offer("application/n-quads", "nq")
JSON_LD = Offer("application/ld+json", "jsonld", ("application/json",))
RDF_XML = Offer("application/rdf+xml", "rdf", ("application/xml", "text/xml"))
JSON = Offer("application/sparql-results+json", "json", ("application/json", "text/json"))
XML = Offer("application/sparql-results+xml", "xml", ("application/xml", "text/xml"))
CSV = Offer("text/csv", "csv")
TSV = Offer("text/tab-separated-values", "tsv")

#: A document about a thing, a term, a dataset. The first is for clients that have no preference.
DOCUMENT_OFFERS = (HTML, TURTLE, N_TRIPLES, N_QUADS, JSON_LD, RDF_XML, CSV)

#: Results of SELECT and ASK. A page is only for those who prefer it, so it comes last.
SELECT_OFFERS = (JSON, XML, CSV, TSV, HTML)
ASK_OFFERS = SELECT_OFFERS

#: Results of CONSTRUCT and DESCRIBE, and the description of the endpoint.
GRAPH_OFFERS = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, HTML)

#: Errors: a problem (RFC 9457) for programs, text or a page for those who prefer them.
PROBLEM_OFFERS = (
    Offer("application/problem+json", "json", ("application/json",)),
    Offer("text/plain", "txt"),
    HTML,
)

#: One element of a list header: anything up to a comma that is outside quotes (RFC 9110 section 5.6).
_ELEMENT = re.compile(r'(?:[^",]|"(?:\\.|[^"\\])*"?)+', re.DOTALL)
_PARAMETER = re.compile(r'(?:[^";]|"(?:\\.|[^"\\])*"?)+', re.DOTALL)
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE = re.compile(rf"({_TOKEN})/({_TOKEN})")
_VERSION = re.compile(r';\s*version\s*=\s*"?([\w.-]+)', re.IGNORECASE)
#: A parameter (RFC 9110 section 5.6.6); around the sign of equality some clients put spaces.
_PAIR = re.compile(rf'({_TOKEN})[ \t]*=[ \t]*({_TOKEN}|"(?:\\.|[^"\\])*")', re.DOTALL)
_QUOTED_SIGN = re.compile(r"\\(.)", re.DOTALL)
#: A weight (RFC 9110 section 12.4.2), and what can only mean one: `.2`, `2` for the most, more digits.
_WEIGHT = re.compile(r"[0-9]?\.?[0-9]{0,9}")


@dataclass(frozen=True)
class _Range:
    value: str
    weight: float
    parameters: frozenset[str]


def choose(accept: str | None, offers: Sequence[Offer]) -> Offer:
    """Choose the offer the client likes best; of equals, the first. Without a usable header, the first.

    An offer that the client named by an alias is returned under that name. A parameter that a form does not
    have (`profile`) is without significance for it (RFC 9110 section 8.3.1).

    Raises NotAcceptableError if the client accepts none.
    """
    return _choose(accept or "", tuple(offers))


@lru_cache(maxsize=1024)  # clients send the same few headers again and again
def _choose(accept: str, offers: tuple[Offer, ...]) -> Offer:
    ranges = [each for each in _ranges(accept) if each.value == "*/*" or _RANGE.fullmatch(each.value)]
    if not ranges:
        return offers[0]
    named = [
        replace(offer, media_type=name) for offer in offers for name in (offer.media_type, *offer.aliases)
    ]
    first = {offer.media_type for offer in offers}
    candidates = [each for each in named if each.media_type in first or _is_named(each.media_type, ranges)]
    best = max(candidates, key=lambda offer: _quality(offer.content_type, ranges))
    if _quality(best.content_type, ranges) <= 0:
        raise NotAcceptableError([offer.media_type for offer in offers])
    return best


def accepted_versions(accept: str | None) -> set[str]:
    """Give the versions of RDF that a header names: `text/turtle;version=1.2` (RDF 1.2 Turtle section 7)."""
    return set(_VERSION.findall(accept or ""))


def choose_suffix(suffix: str, offers: Sequence[Offer]) -> Offer:
    """Choose the offer that `suffix`, a short name or a media type, asks for.

    Raises NotAcceptableError if there is none.
    """
    for offer in offers:
        if suffix.lower() in {offer.suffix, offer.media_type, *offer.aliases}:
            return offer
    raise NotAcceptableError([f"{offer.suffix} ({offer.media_type})" for offer in offers])


def choose_language(accept_language: str | None, available: Sequence[str]) -> str:
    """Choose the language the reader likes best; without a match, the first (RFC 4647 section 3.4)."""
    ranges = _ranges(accept_language or "")
    best = max(available, key=lambda language: _language_quality(language, ranges))
    return best if _language_quality(best, ranges) > 0 else available[0]


def choose_coding(accept_encoding: str | None, available: Sequence[str]) -> str | None:
    """Choose the content coding the client likes best, of equals the first; None: as it is.

    What the header does not name is not acceptable, but the plain answer always is (RFC 9110 section 12.5.3).
    """
    return _choose_coding(accept_encoding or "", tuple(available))


@lru_cache(maxsize=1024)
def _choose_coding(accept_encoding: str, available: tuple[str, ...]) -> str | None:
    weights: dict[str, float] = {}
    for each in _ranges(accept_encoding):
        weights.setdefault(each.value.removeprefix("x-"), each.weight)
    others = weights.get("*/*", 0.0)
    best = max(available, key=lambda coding: weights.get(coding, others))
    weight = weights.get(best, others)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else None


def etag(version: str, *parts: str) -> str:
    """Make the strong validator of one answer: the same version and request give the same bytes."""
    digest = hashlib.sha256("\0".join((version, *parts)).encode("utf-8", "surrogatepass"))
    return f'"{digest.hexdigest()[:32]}"'


def _ranges(header: str) -> list[_Range]:
    return [each for element in _ELEMENT.findall(header) for each in _read_range(element)]


def _read_range(element: str) -> Iterator[_Range]:
    """Read `type/subtype;parameter=value;q=0.5`; an element that is none of this is passed over."""
    value, *parts = [part.strip(" \t") for part in _PARAMETER.findall(element)] or [""]
    parts = [part for part in parts if part]
    weights = [part.partition("=")[2].strip(" \t") for part in parts if _is_weight(part)]
    pairs = [_PAIR.fullmatch(part) for part in parts if not _is_weight(part)]
    weight = _read_weight(weights[0]) if weights else 1.0
    if value and weight is not None and all(pairs):
        parameters = frozenset(_plain(*pair.groups()) for pair in pairs if pair)
        yield _Range("*/*" if value == "*" else value.lower(), weight, parameters)


def _is_weight(parameter: str) -> bool:
    return parameter.partition("=")[0].rstrip(" \t").lower() == "q"


def _plain(name: str, value: str) -> str:
    """Write a parameter in one way: without quotes, in small letters."""
    bare = _QUOTED_SIGN.sub(r"\1", value[1:-1]) if value.startswith('"') else value
    return f"{name}={bare}".lower()


def _read_weight(text: str) -> float | None:
    if not _WEIGHT.fullmatch(text) or not any(sign.isdigit() for sign in text):
        return None
    return min(float(text), 1.0)


def _is_named(media_type: str, ranges: Sequence[_Range]) -> bool:
    return any(each.value == media_type for each in ranges)


def _quality(content_type: str, ranges: Sequence[_Range]) -> float:
    """Give the weight of the most specific range that covers the type; 0 if none does."""
    media_type, *own = content_type.split("; ")
    matching = [(_specificity(each, own), each.weight) for each in ranges if _covers(each.value, media_type)]
    return max(matching)[1] if matching else 0.0


def _covers(value: str, media_type: str) -> bool:
    return value in {media_type, f"{media_type.partition('/')[0]}/*", "*/*"}


def _specificity(each: _Range, own: Sequence[str]) -> int:
    """Say how closely a range names a form that has parameters of its `own`."""
    if each.value == "*/*":
        return 0
    if each.value.endswith("/*"):
        return 1
    if not each.parameters:
        return 3
    return 4 if each.parameters.issubset(own) else 2


def _language_quality(language: str, ranges: Sequence[_Range]) -> float:
    wanted = language.lower()
    matching = [
        (len(each.value) if each.value != "*/*" else 0, each.weight)
        for each in ranges
        if each.value in {"*/*", wanted}
        or each.value.startswith(f"{wanted}-")
        or wanted.startswith(f"{each.value}-")
    ]
    return max(matching)[1] if matching else 0.0
