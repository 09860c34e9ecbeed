"""The header of the data set that a table belongs to: which document its rows rest on."""

from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from gcm.turtle import dataset_of, parse_triples
from gcm.vocab import PREFIXES

_SOURCE = NamedNode(PREFIXES["dcterms"] + "source")

#: What messages call a header that came without a name.
HEADER_NAME = Path("header.ttl")


@dataclass(frozen=True)
class Header:
    """A header in Turtle, the data set that it describes, and the documents that it names as sources."""

    text: str
    dataset: NamedNode | None
    documents: tuple[NamedNode, ...]


def read_header(text: str) -> Header:
    """Read the header of a data set; "" is none.

    Raises SourceError if it is not Turtle, or describes no data set or several.
    """
    if not text.strip():
        return Header("", None, ())
    triples = parse_triples(text.encode(), path=HEADER_NAME)
    dataset = dataset_of(triples, path=HEADER_NAME)
    own = (each.triple for each in triples if each.triple.subject == dataset)
    sources = (each.object for each in own if each.predicate == _SOURCE)
    return Header(text, dataset, tuple(each for each in sources if isinstance(each, NamedNode)))
