"""What one rule says about one node, before it is known on which line that stands."""

from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Finding:
    """A fault: the node, the property and the value to blame (None where there is none), and what to do."""

    focus: Term
    predicate: NamedNode | None
    value: Term | None
    severity: str
    message: str
    source: str
