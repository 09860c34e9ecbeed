"""Namespaces of the graph, and the way from an IRI to the address that answers for it and back."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

from pyoxigraph import NamedNode

from gcm.errors import UnknownIriError

#: Every IRI of ours begins with this; servers answer its paths on any host.
BASE = "https://w3id.org/gcm/"

ONTOLOGY = NamedNode(BASE + "ontology")
SHAPES = NamedNode(BASE + "shapes")
TERM = BASE + "ontology/"
SHAPE = BASE + "shapes/"
DATASET = BASE + "data/"
THING = BASE + "id/"
DOCUMENT = BASE + "doc/"

#: Names of files to download that are ours: of all datasets together, of the ontology and of the shapes.
OWN_STEMS = frozenset({"all", "ontology", "shapes"})

#: Kinds of things: the first step of an address below /id/, and a Turtle prefix of the same name.
KINDS = (
    "action",
    "activity",
    "contribution",
    "curator",
    "designation",
    "document",
    "event",
    "figure",
    "finding",
    "fund",
    "interest",
    "membership",
    "network",
    "objective",
    "organization",
    "participation",
    "passage",
    "place",
    "pledge",
    "practice",
    "principle",
    "priority",
    "programme",
    "project",
    "publication",
    "region",
    "report",
    "sdg",
    "service",
    "status-report",
    "theme",
    "training",
    "treaty",
    "treaty-status",
    "vote",
    "workstream",
)

#: The one prefix for each namespace, in files, queries and answers alike.
PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "eli": "http://data.europa.eu/eli/ontology#",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "gcm": TERM,
        "gcmd": DATASET,
        "gcms": SHAPE,
        "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "sdgo": "http://metadata.un.org/sdg/ontology#",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        **{kind: f"{THING}{kind}/" for kind in KINDS},
    }
)

_PREFIX_OF: Mapping[str, str] = MappingProxyType(
    {namespace: prefix for prefix, namespace in PREFIXES.items()}
)


def path_of(iri: NamedNode) -> str | None:
    """Give the address that answers for an IRI of ours on any host: `/id/place/MDA`; None for others."""
    if not iri.value.startswith(BASE):
        return None
    return "/" + quote(iri.value.removeprefix(BASE), safe="/:@!$&'()*+,;=~-._")


def iri_of(path: str) -> NamedNode:
    """Give the IRI that a decoded address stands for: the reverse of `path_of`.

    Raises UnknownIriError if the address holds characters that no IRI may hold (RFC 3987 section 2.2).
    """
    try:
        return NamedNode(BASE + path.removeprefix("/"))
    except ValueError:
        raise UnknownIriError(BASE + path.removeprefix("/")) from None


def dump_stem(dataset: NamedNode) -> str:
    """Give the name of a dataset's files to download, without suffix: `places-un-names`."""
    return dataset.value.removeprefix(DATASET).removeprefix(BASE)


def shorten(iri: NamedNode) -> str:
    """Give the prefixed name of an IRI, `place:MDA`, or the IRI itself where no prefix fits."""
    cut = max(iri.value.rfind("/"), iri.value.rfind("#")) + 1
    prefix = _PREFIX_OF.get(iri.value[:cut])
    return f"{prefix}:{iri.value[cut:]}" if prefix else iri.value


def expand(name: str) -> NamedNode | None:
    """Give the IRI of a prefixed name, or None where the prefix is none of ours or the rest fits no IRI."""
    prefix, colon, local = name.partition(":")
    if not colon or prefix not in PREFIXES:
        return None
    try:
        return NamedNode(PREFIXES[prefix] + local)
    except ValueError:
        return None
