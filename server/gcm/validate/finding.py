"""What one rule says about one node, before it is known on which line that stands."""

from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Finding:
    """A fault: the node, the property and the value to blame (None where there is none), and what to do.

    `component` is the IRI of the constraint component that said it (SHACL section 3.6.2.6), None if a check
    found it; then `title` says the fault.
    """

    focus: Term
    predicate: NamedNode | None
    value: Term | None
    severity: str
    message: str
    source: str
    component: str | None = None
    title: str = ""
