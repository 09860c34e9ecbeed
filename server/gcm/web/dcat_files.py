"""The files of the datasets in the catalogue: distributions (DCAT-AP 3.0.0, Distribution and Checksum)."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from gcm.describe import Dump, DumpFacts, dump_facts, dumps_of
from gcm.describe.terms import LICENCE_IRI
from gcm.query import OpenVersion
from gcm.vocab import BASE, PREFIXES
from gcm.web.authorities import AVAILABLE, GZIP, SHA_256, file_type_iri, media_type_iri
from gcm.web.metadata import WHOLE, said, term

#: Suffix of a dump -> what people call its form.
_NAMES = {"ttl": "Turtle", "nq": "N-Quads", "jsonld": "JSON-LD"}


def describe_files(version: OpenVersion) -> Iterator[Triple]:
    """State every dump of a version, with length and checksum once all of them are made."""
    facts = dump_facts(version)
    for dump in dumps_of(version):
        file = NamedNode(f"{BASE}dumps/{version.id}/{dump.name}")
        yield from _distribution(dump, file)
        if dump.name in facts:
            yield from _measures(file, facts[dump.name])


def _distribution(dump: Dump, file: NamedNode) -> Iterator[Triple]:
    node = _distribution_iri(file)
    what = "All statements, each in the graph of its dataset" if dump.dataset is None else "All statements"
    packed = ", compressed with gzip" if dump.is_compressed else ""
    yield from said(dump.dataset or WHOLE, ("dcat:distribution", node))
    yield from said(
        node,
        ("a", term("dcat:Distribution")),
        ("dcterms:title", Literal(dump.name)),
        ("dcterms:description", Literal(f"{what}, as {_NAMES[dump.suffix]}{packed}.", language="en")),
        ("dcterms:license", LICENCE_IRI),
        ("dcterms:format", file_type_iri(dump.suffix)),
        ("dcatap:availability", AVAILABLE),
        ("dcat:mediaType", media_type_iri(dump.suffix)),
        ("dcat:accessURL", file),
        ("dcat:downloadURL", file),
    )
    if dump.is_compressed:
        yield from said(node, ("dcat:compressFormat", GZIP))


def _measures(file: NamedNode, facts: DumpFacts) -> Iterator[Triple]:
    checksum = NamedNode(f"{file.value}#checksum")
    size = Literal(str(facts.size), datatype=_xsd("nonNegativeInteger"))
    yield from said(_distribution_iri(file), ("dcat:byteSize", size), ("spdx:checksum", checksum))
    yield from said(
        checksum,
        ("a", term("spdx:Checksum")),
        ("spdx:algorithm", SHA_256),
        ("spdx:checksumValue", Literal(facts.sha256, datatype=_xsd("hexBinary"))),
    )


def _distribution_iri(file: NamedNode) -> NamedNode:
    return NamedNode(f"{file.value}#distribution")


def _xsd(name: str) -> NamedNode:
    return NamedNode(PREFIXES["xsd"] + name)
