"""Reading every RDF syntax from bytes, by the engine's parsers: each statement with its line."""

from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Triple, parse

from gcm.errors import SourceError
from gcm.given import Form, Given
from gcm.limits import Limits
from gcm.syntax import faults, tree_faults
from gcm.syntax.forms import FORMATS
from gcm.syntax.guard import look_at
from gcm.syntax.text import text_of
from gcm.turtle import LineByLine, is_beyond_rdf_11


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement, its named graph if it stands in one, and its line (None in JSON-LD, until located)."""

    triple: Triple
    graph: NamedNode | None
    line: int | None


@dataclass(frozen=True)
class Reading:
    """What was read: the text, without a byte order mark, and its statements in the order of the file."""

    given: Given
    text: str
    statements: tuple[Statement, ...]


def read(given: Given, *, limits: Limits) -> Reading:
    """Read what was given in its RDF syntax; blank nodes get names that no other reading has.

    Raises SourceError with the place if it is larger or deeper than the limits, is no text, or is not in its
    syntax; `further` of the error are the other faults of the same text, in their order.
    """
    text = text_of(given, limits=limits)
    look_at(given, text, limits=limits)
    lines = LineByLine(text.encode())
    parser = parse(lines, format=FORMATS[given.form], rename_blank_nodes=True)
    try:
        return Reading(given, text, tuple(_statement(quad, lines, given) for quad in parser))
    except SyntaxError as error:
        if given.form in (Form.RDF_XML, Form.JSON_LD):
            raise tree_faults.fault_in(given, text, error, line=lines.line) from None
        raise faults.fault_in(given, text) from None


def _statement(quad: Quad, lines: LineByLine, given: Given) -> Statement:
    if is_beyond_rdf_11(quad.triple):
        message = "triple terms and base directions are RDF 1.2; say it in RDF 1.1."
        raise SourceError(message, path=Path(given.name), line=lines.line)
    graph = quad.graph_name if isinstance(quad.graph_name, NamedNode) else None
    return Statement(quad.triple, graph, None if given.form is Form.JSON_LD else lines.line)
