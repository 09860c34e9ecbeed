"""Values that DCAT-AP takes from lists of others (DCAT-AP 3.0.0, "Controlled Vocabularies to be used").

Each is stated with its class, and a concept with its label, so that the catalogue can be checked by itself.
"""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from gcm.describe.terms import LICENCE_IRI
from gcm.web.metadata import said, term

_EU = "http://publications.europa.eu/resource/authority/"
_IANA = "http://www.iana.org/assignments/media-types/"

#: Themes of the EU's data portal that the graph is about, with their labels there.
THEMES = {
    NamedNode(f"{_EU}data-theme/SOCI"): "Population and society",
    NamedNode(f"{_EU}data-theme/INTR"): "International issues",
}
THEME_LIST = NamedNode(f"{_EU}data-theme")

#: A dump stays for as long as its version is kept.
AVAILABLE = NamedNode(f"{_EU}planned-availability/AVAILABLE")
PUBLIC = NamedNode(f"{_EU}access-right/PUBLIC")
ATTRIBUTION = NamedNode("http://purl.org/adms/licencetype/Attribution")
PROTOCOL = NamedNode("https://www.w3.org/TR/sparql11-protocol/")
SHA_256 = term("spdx:checksumAlgorithm_sha256")
GZIP = NamedNode(f"{_IANA}application/gzip")

#: Language tag -> its code in the EU's authority table: the languages of the United Nations, and German.
_LANGUAGES = {"ar": "ARA", "de": "DEU", "en": "ENG", "es": "SPA", "fr": "FRA", "ru": "RUS", "zh": "ZHO"}

#: Suffix of a dump -> its media type, and its code in the EU's authority table of file types.
_FORMS = {
    "ttl": ("text/turtle", "RDF_TURTLE"),
    "nq": ("application/n-quads", "RDF_N_QUADS"),
    "jsonld": ("application/ld+json", "JSON_LD"),
}


def language_iri(tag: str) -> NamedNode | None:
    """Give the language of a tag; none if the list is not known to have it."""
    code = _LANGUAGES.get(tag.partition("-")[0])
    return NamedNode(f"{_EU}language/{code}") if code else None


def media_type_iri(suffix: str) -> NamedNode:
    """Give the media type of a dump."""
    return NamedNode(f"{_IANA}{_FORMS[suffix][0]}")


def file_type_iri(suffix: str) -> NamedNode:
    """Give the file type of a dump."""
    return NamedNode(f"{_EU}file-type/{_FORMS[suffix][1]}")


def describe_authorities() -> Iterator[Triple]:
    """State the class of each value."""
    yield from said(THEME_LIST, ("a", term("skos:ConceptScheme")), ("dcterms:title", _english("Data theme")))
    for theme, label in THEMES.items():
        yield from _concept(theme, label)
        yield from said(theme, ("skos:inScheme", THEME_LIST))
    yield from _concept(AVAILABLE, "available")
    yield from _concept(ATTRIBUTION, "Attribution")
    yield from said(LICENCE_IRI, ("a", term("dcterms:LicenseDocument")), ("dcterms:type", ATTRIBUTION))
    yield from said(PUBLIC, ("a", term("dcterms:RightsStatement")))
    yield from said(PROTOCOL, ("a", term("dcterms:Standard")))
    yield from said(SHA_256, ("a", term("spdx:ChecksumAlgorithm")))
    yield from said(GZIP, ("a", term("dcterms:MediaType")))
    for suffix in _FORMS:
        yield from said(media_type_iri(suffix), ("a", term("dcterms:MediaType")))
        yield from said(file_type_iri(suffix), ("a", term("dcterms:MediaTypeOrExtent")))
    for tag in _LANGUAGES:
        language = language_iri(tag)
        assert language is not None  # it is on the list
        yield from said(language, ("a", term("dcterms:LinguisticSystem")))


def _concept(concept: NamedNode, label: str) -> Iterator[Triple]:
    yield from said(concept, ("a", term("skos:Concept")), ("skos:prefLabel", _english(label)))


def _english(text: str) -> Literal:
    return Literal(text, language="en")
