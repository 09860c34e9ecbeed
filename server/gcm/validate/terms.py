"""Terms of pyoxigraph as terms of rdflib, and back."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from gcm.validate.finding import Term
from gcm.validate.lexical import is_well_formed
from gcm.vocab import PREFIXES

Node = rdflib.URIRef | rdflib.BNode | rdflib.Literal

_XSD = PREFIXES["xsd"]
_STRING = _XSD + "string"


class Terms:
    """Remembers which term stands for which, so that a report can be read in our terms."""

    def __init__(self) -> None:
        self._theirs: dict[Term, Node] = {}
        self._ours: dict[rdflib.term.Node, Term] = {}

    def graph(self, triples: Iterable[Triple]) -> rdflib.Graph:
        """Make a plain rdflib graph."""
        graph = rdflib.Graph(bind_namespaces="none")
        with _quiet():
            for subject, predicate, value in triples:
                graph.add((self._their(subject), self._their(predicate), self._their(value)))
        return graph

    def ours(self, node: rdflib.term.Node | None) -> Term | None:
        """Find the term that a node of a report stands for; None if it is new."""
        return None if node is None else self._ours.get(node)

    def _their(self, term: Term) -> Node:
        if term not in self._theirs:
            made = _made(term)
            self._theirs[term] = made
            self._ours[made] = term
        return self._theirs[term]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from logging a traceback for each impossible date: the report names it, with its line."""
    log = logging.getLogger("rdflib.term")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)


def _made(term: Term) -> Node:
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, Literal)  # the reader refuses triple terms
    return _made_literal(term)


def _made_literal(literal: Literal) -> rdflib.Literal:
    """Make a literal that keeps its text ("01" stays "01") and knows whether its datatype allows it."""
    kind = None if literal.language or literal.datatype.value == _STRING else literal.datatype.value
    made = rdflib.Literal(literal.value, lang=literal.language, datatype=kind, normalize=False)
    if not is_well_formed(literal):
        made._ill_typed = True  # what sh:datatype looks at; rdflib itself lets "24"^^xsd:gYear pass
    return made
