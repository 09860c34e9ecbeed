"""A report as SHACL writes it (SHACL section 3.6): every result with all that it has a place for."""

import io
from collections.abc import Iterator, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from gcm.validate.render.checked import Checked
from gcm.validate.report import SYNTAX, TABLE, Result
from gcm.vocab import BASE, PREFIXES

_SH = PREFIXES["sh"]
_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_PLACE = NamedNode(PREFIXES["dcterms"] + "source")
_EXPLANATION = NamedNode(PREFIXES["rdfs"] + "comment")

#: The component of a check, which is a constraint in SPARQL (SHACL section 5).
_CHECK = f"{_SH}SPARQLConstraintComponent"

#: The component of what cannot be read, of which SHACL says nothing: where our help says so.
_UNREADABLE = f"{BASE}validate/help#unreadable"

Term = NamedNode | BlankNode | Literal


def write_shacl(checked: Checked) -> str:
    """Write a sh:ValidationReport in Turtle.

    Two statements about a result are not of the standard: dcterms:source is the place, `my.ttl:9:5`, and
    rdfs:comment what is wrong and expected in the words of the form.
    """
    written = serialize(_triples(checked), format=RdfFormat.TURTLE, prefixes=dict(_prefixes()))
    assert written is not None  # no target was given
    return written.decode()


def _prefixes() -> Iterator[tuple[str, str]]:
    return ((name, PREFIXES[name]) for name in ("dcterms", "gcm", "gcms", "rdf", "rdfs", "sh", "xsd"))


def _triples(checked: Checked) -> Iterator[Triple]:
    """Give the report; warnings, too, are results with which nothing conforms (section 3.6.1.1)."""
    report = BlankNode("report")
    said = [each for result in checked.report.results for each in _said(result)]
    nodes = [BlankNode(f"result{number}") for number in range(1, len(said) + 1)]
    yield Triple(report, _TYPE, _sh("ValidationReport"))
    yield Triple(report, _sh("conforms"), Literal(not said))
    for node in nodes:
        yield Triple(report, _sh("result"), node)
    for node, about in zip(nodes, said, strict=True):
        yield from (Triple(node, predicate, term) for predicate, term in about)


def _said(result: Result) -> Iterator[Sequence[tuple[NamedNode, Term]]]:
    """Give what is said about each of the results for which one of ours stands: they differ in components."""
    shared = [*_said_of_all(result)]
    for component in (component_of(result), *result.also):
        yield [*shared, (_sh("sourceConstraintComponent"), NamedNode(component))]


def _said_of_all(result: Result) -> Iterator[tuple[NamedNode, Term]]:
    """Give all but the component; the focus node of an unreadable file is its name.

    Messages are those of the shape, where it has any, and no others (section 2.1.5).
    """
    explanation = f"{result.message} {result.expected}".strip()
    yield _TYPE, _sh("ValidationResult")
    yield _sh("focusNode"), term_of(result.focus) if result.focus else Literal(result.place.file)
    if result.predicate:
        yield _sh("resultPath"), NamedNode(result.predicate)
    if result.value is not None:
        yield _sh("value"), term_of(result.value)
    if ":" in result.source:
        yield _sh("sourceShape"), term_of(result.source)
    yield _sh("resultSeverity"), _sh(result.severity.capitalize())
    yield _sh("resultMessage"), Literal(result.demand or explanation, language="en")
    yield _EXPLANATION, Literal(explanation, language="en")
    yield _PLACE, Literal(str(result.place))


def component_of(result: Result) -> str:
    """Name the kind of constraint, which every result has (SHACL section 3.6.2.6)."""
    if result.component:
        return result.component
    return _UNREADABLE if result.source in (SYNTAX, TABLE) else _CHECK


def term_of(text: str) -> Term:
    """Read a term of a result: a literal or a blank node as N-Triples writes it, or a bare IRI."""
    if text.startswith("_:"):
        return BlankNode(text.removeprefix("_:"))
    if not text.startswith('"'):
        return NamedNode(text)
    (quad,) = parse(io.BytesIO(f"<x:s> <x:p> {text} .".encode()), format=RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, Literal)  # it began with a quotation mark
    return quad.object


def _sh(name: str) -> NamedNode:
    return NamedNode(_SH + name)
