"""The datasets of a submission as files of the graph: canonical Turtle."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from gcm.errors import SourceError
from gcm.given import Form
from gcm.turtle import canonical_text
from gcm.validate.submission import Document

#: What messages, which nobody sees here, call a dataset.
_PATH = Path("dataset.ttl")


def canonical_datasets(documents: Iterable[Document]) -> Mapping[NamedNode, str]:
    """Write each dataset that documents hold, as far as that can be.

    Left out is what stands in several files, and what has blank nodes that canonical Turtle cannot write:
    the former is told as a problem, the latter when the file is loaded.
    """
    found: dict[NamedNode, list[tuple[Document, Sequence[Triple]]]] = defaultdict(list)
    for document in documents:
        triples: dict[NamedNode, list[Triple]] = defaultdict(list)
        for each in document.statements:
            triples[document.graphs[each.graph]].append(each.triple)
        for graph in document.datasets():
            found[graph].append((document, triples[graph]))
    texts = {graph: _text(*parts[0]) for graph, parts in found.items() if len(parts) == 1}
    return MappingProxyType({graph: text for graph, text in texts.items() if text})


def _text(document: Document, triples: Sequence[Triple]) -> str:
    """Write a dataset; "" if it cannot be written. A Turtle file keeps its own prefixes."""
    given = document.given
    is_turtle = given.form is Form.TURTLE and document.reading is not None
    text = document.reading.text if is_turtle and document.reading else _as_turtle(triples)
    try:
        return canonical_text(text, path=_PATH)
    except SourceError:
        return ""


def _as_turtle(triples: Sequence[Triple]) -> str:
    written = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert written is not None  # it is, where no file to write to is named
    return written.decode()
