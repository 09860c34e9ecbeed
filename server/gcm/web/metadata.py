"""Words for describing the graph to programs: VoID, DCAT and what they build on."""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, RdfFormat, Triple, serialize

from gcm.query import GRAPH_FORMATS
from gcm.vocab import BASE, PREFIXES
from gcm.web.negotiate import GRAPH_OFFERS, Offer

#: All datasets together: one thing for VoID and DCAT alike.
WHOLE = NamedNode(f"{BASE}void#graph")
CATALOGUE = NamedNode(f"{BASE}data")
ENDPOINT = NamedNode(f"{BASE}sparql")

#: The names by which these descriptions speak of all datasets together.
TITLE = Literal("GCM knowledge graph", language="en")
SUMMARY = Literal(
    "How the Global Compact for Safe, Orderly and Regular Migration is carried out, followed up and "
    "reviewed: linked data with a source for every statement.",
    language="en",
)

#: Prefixes beside those of our own files.
NAMESPACES = {
    **PREFIXES,
    "dcatap": "http://data.europa.eu/r5r/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
}

_JSON_LD = NamedNode("http://www.w3.org/ns/formats/JSON-LD")

Value = NamedNode | BlankNode | Literal
_USED = ("dcat", "dcterms", "foaf", "gcmd", "prov", "rdfs", "skos", "spdx", "vcard", "void", "xsd")


def term(name: str) -> NamedNode:
    """Give the term with this prefixed name: `void:triples`."""
    prefix, _, local = name.partition(":")
    return NamedNode(NAMESPACES[prefix] + local)


def said(subject: NamedNode, *pairs: tuple[str, Value]) -> Iterator[Triple]:
    """State properties of a thing, each by its prefixed name; `a` is its class."""
    for name, value in pairs:
        yield Triple(subject, term("rdf:type" if name == "a" else name), value)


def format_iri(form: RdfFormat | QueryResultsFormat) -> NamedNode:
    """Give the IRI that https://www.w3.org/ns/formats/ has for a form; the engine has another for JSON-LD."""
    return _JSON_LD if form == RdfFormat.JSON_LD else NamedNode(form.iri)


def count(number: int) -> Literal:
    """Write a count."""
    return Literal(number)


def write(triples: Iterable[Triple], offer: Offer) -> bytes:
    """Serialize statements, each once, in the form of `offer`, which may be known by an alias."""
    media_type = next(each.media_type for each in GRAPH_OFFERS if each.suffix == offer.suffix)
    form = GRAPH_FORMATS[media_type]
    prefixes = {name: NAMESPACES[name] for name in _USED} if form != RdfFormat.N_TRIPLES else None
    return serialize(dict.fromkeys(triples), format=form, prefixes=prefixes) or b""
