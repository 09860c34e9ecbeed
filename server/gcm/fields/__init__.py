"""The shapes as people meet them: fields of a form, columns of a table, words of a message."""

from gcm.fields.field import Field, FormShape, Kind
from gcm.fields.forms import Fields
from gcm.layout import Sources
from gcm.turtle import read_triples

__all__ = ["Field", "Fields", "FormShape", "Kind", "read_fields"]


def read_fields(sources: Sources) -> Fields:
    """Read the fields of every class from the files of the ontology and of the shapes.

    Raises SourceError if one of them cannot be read.
    """
    files = (*sources.ontology, *sources.shapes)
    return Fields(each.triple for path in files for each in read_triples(path))
