"""Our terms as a remote store holds them: no blank nodes, and datatypes that its engine does not change.

A blank node has no name that a second request could use, so each is stored under an IRI (RDF 1.1 Concepts
section 3.5, Skolem IRIs) and read back as a blank node of the same label.
"""

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from gcm.remote.dialect import Dialect
from gcm.vocab import BASE

_GENID = f"{BASE}.well-known/genid/"

Term = NamedNode | BlankNode | Literal


def term_there(term: Term | Triple, dialect: Dialect) -> NamedNode | Literal:
    """Give a term as the store holds it."""
    if isinstance(term, BlankNode):
        return NamedNode(_GENID + term.value)
    if isinstance(term, Literal) and term.datatype.value in dialect.kept:
        return Literal(_as_our_engine_has_it(term), datatype=NamedNode(dialect.kept[term.datatype.value]))
    assert isinstance(term, NamedNode | Literal)  # our files are RDF 1.1: `gcm.turtle` refuses the rest
    return term


def _as_our_engine_has_it(literal: Literal) -> str:
    """Give the text of a literal by its value: P30M is P2Y6M."""
    node = NamedNode(_GENID)
    store = Store()
    store.add(Quad(node, node, literal))
    found = next(iter(store)).object
    assert isinstance(found, Literal)  # it was one
    return found.value


def term_here(term: Term | Triple) -> Term:
    """Give a term of the store as it was in our files."""
    if isinstance(term, NamedNode) and term.value.startswith(_GENID):
        return BlankNode(term.value.removeprefix(_GENID))
    assert isinstance(term, Term)  # as above
    return term


def statement_there(triple: Triple, dialect: Dialect) -> bytes:
    """Write a statement as a line of N-Triples for the store."""
    terms = (triple.subject, triple.predicate, triple.object)
    return (" ".join(str(term_there(each, dialect)) for each in terms) + " .\n").encode()


def pattern_there(name: str, term: Term | Triple | NamedNode | DefaultGraph | None, dialect: Dialect) -> str:
    """Write one place of a pattern: the term, or a variable of this name where there is none."""
    if term is None or isinstance(term, DefaultGraph):
        return f"?{name}"
    return str(term_there(term, dialect))
