"""The second parser: proof that two Turtle texts are the same graph."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from urllib.parse import quote

import rdflib
from rdflib.compare import isomorphic

Triple = tuple[rdflib.term.Node, ...]

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_NUMBERS = (rdflib.XSD.integer, rdflib.XSD.decimal)


def is_same_graph(before: str, after: str) -> bool:
    """Tell whether rdflib reads the same from both Turtle texts, to the letter of each literal.

    Of integers and decimals it compares the value: its parser does not keep how a bare number is written.
    """
    with _literals_as_written():
        try:
            first, second = (_read(text) for text in (before, after))
        except (SyntaxError, ValueError):  # what rdflib's parser raises; pyoxigraph has not complained
            return False
    return _named(first) == _named(second) and isomorphic(_nameless(first), _nameless(second))


@contextmanager
def _literals_as_written() -> Iterator[None]:
    """Let rdflib keep "01" as it is, and not warn of dates that are none: this is about form, not meaning."""
    terms = logging.getLogger("rdflib.term")
    normalizes, level = rdflib.NORMALIZE_LITERALS, terms.level
    rdflib.NORMALIZE_LITERALS = False
    terms.setLevel(logging.ERROR)
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = normalizes
        terms.setLevel(level)


def _read(text: str) -> list[Triple]:
    return [
        tuple(_plain(term) for term in triple) for triple in rdflib.Graph().parse(data=text, format="turtle")
    ]


def _plain(term: rdflib.term.Node) -> rdflib.term.Node:
    """Put an IRI that spells a literal out in its place: rdflib takes some unequal literals for equal."""
    if not isinstance(term, rdflib.Literal):
        return term
    text = str(term)
    if term.datatype in _NUMBERS and _NUMBER.fullmatch(text):
        text = str(Decimal(text).normalize())
    return rdflib.URIRef(
        "literal:" + quote(f"{text} {(term.language or '').lower()} {term.datatype}", safe="")
    )


def _named(triples: list[Triple]) -> set[Triple]:
    return {triple for triple in triples if not _has_blank(triple)}


def _nameless(triples: list[Triple]) -> rdflib.Graph:
    graph = rdflib.Graph(bind_namespaces="none")
    for subject, predicate, value in filter(_has_blank, triples):
        graph.add((subject, predicate, value))
    return graph


def _has_blank(triple: Triple) -> bool:
    return any(isinstance(term, rdflib.BNode) for term in triple)
