"""A report as SHACL writes it (SHACL section 3.6): every result with all that it has a place for."""

import io
from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from gcm.validate.render.checked import Checked
from gcm.validate.report import Result
from gcm.vocab import BASE, PREFIXES

_SH = PREFIXES["sh"]
_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_PLACE = NamedNode(PREFIXES["dcterms"] + "source")

#: The component of a check, which is a constraint in SPARQL (SHACL section 5).
_CHECK = f"{_SH}SPARQLConstraintComponent"

#: The component of what cannot be read, of which SHACL says nothing: a kind of problem at /problems.
UNREADABLE = f"{BASE}problems#unreadable"

Term = NamedNode | BlankNode | Literal


def write_shacl(checked: Checked) -> str:
    """Write a sh:ValidationReport in Turtle.

    dcterms:source of a result, which the standard does not ask for, is the place: `my.ttl:9:5`.
    """
    written = serialize(_triples(checked), format=RdfFormat.TURTLE, prefixes=dict(_prefixes()))
    assert written is not None  # no target was given
    return written.decode()


def _prefixes() -> Iterator[tuple[str, str]]:
    return ((name, PREFIXES[name]) for name in ("dcterms", "gcm", "gcms", "rdf", "sh", "xsd"))


def _triples(checked: Checked) -> Iterator[Triple]:
    report = BlankNode("report")
    yield Triple(report, _TYPE, _sh("ValidationReport"))
    yield Triple(report, _sh("conforms"), Literal(checked.report.conforms))
    nodes = [BlankNode(f"result{number}") for number in range(1, len(checked.report.results) + 1)]
    for node in nodes:
        yield Triple(report, _sh("result"), node)
    for node, result in zip(nodes, checked.report.results, strict=True):
        yield from (Triple(node, predicate, term) for predicate, term in _said(result))


def _said(result: Result) -> Iterator[tuple[NamedNode, Term]]:
    """Give what is said about one result; the focus node of an unreadable file is its name."""
    yield _TYPE, _sh("ValidationResult")
    yield _sh("focusNode"), term_of(result.focus) if result.focus else Literal(result.place.file)
    if result.predicate:
        yield _sh("resultPath"), NamedNode(result.predicate)
    if result.value is not None:
        yield _sh("value"), term_of(result.value)
    yield _sh("sourceConstraintComponent"), NamedNode(component_of(result))
    if ":" in result.source:
        yield _sh("sourceShape"), term_of(result.source)
    yield _sh("resultSeverity"), _sh(result.severity.capitalize())
    yield _sh("resultMessage"), Literal(_message(result), language="en")
    yield _PLACE, Literal(str(result.place))


def _message(result: Result) -> str:
    """Give what is wrong and what should be there, as one message (section 3.6.2.7)."""
    return f"{result.message} {result.expected}".strip()


def component_of(result: Result) -> str:
    """Name the kind of constraint, which every result has (SHACL section 3.6.2.6)."""
    if result.component:
        return result.component
    return UNREADABLE if result.source == "syntax" else _CHECK


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
