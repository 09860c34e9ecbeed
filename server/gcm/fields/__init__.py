"""The shapes as people meet them: fields of a form, columns of a table, words of a message."""

from collections.abc import Iterable
from typing import Protocol

from pyoxigraph import NamedNode, Quad

from gcm.fields.field import Field, FormShape, Kind
from gcm.fields.forms import Fields
from gcm.layout import Sources
from gcm.turtle import read_triples
from gcm.vocab import ONTOLOGY, SHAPES

__all__ = ["Field", "Fields", "FormShape", "Kind", "fields_of", "read_fields"]


class _Store(Protocol):
    def quads_for_pattern(self, s: None, p: None, o: None, graph: NamedNode, /) -> Iterable[Quad]: ...


def read_fields(sources: Sources) -> Fields:
    """Read the fields of every class from the files of the ontology and of the shapes.

    Raises SourceError if one of them cannot be read.
    """
    files = (*sources.ontology, *sources.shapes)
    return Fields(each.triple for path in files for each in read_triples(path))


def fields_of(store: _Store) -> Fields:
    """Read the fields of every class from the ontology and the shapes that a version holds."""
    quads = (store.quads_for_pattern(None, None, None, each) for each in (ONTOLOGY, SHAPES))
    return Fields(quad.triple for found in quads for quad in found)
