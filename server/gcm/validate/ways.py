"""Ways through the graph: from a node that a submission speaks of to others that a check must see.

A way is written as a property path is (SPARQL 1.1 section 9.1), with steps, inverse steps and repeated ones
only: `gcm:isCoveredBy/^org:organization/org:member`, `dcterms:isPartOf+`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from gcm.errors import SourceError
from gcm.validate.finding import Term
from gcm.validate.overlay import View, is_node
from gcm.vocab import expand


@dataclass(frozen=True)
class Step:
    """One property, from its subject to its value, or back, once or as often as it leads on."""

    predicate: NamedNode
    is_inverse: bool
    is_repeated: bool


Way = tuple[Step, ...]


def read_way(text: str, *, path: Path) -> Way:
    """Read a way. Raises SourceError for `path`, where it stands, if a step has no prefix of ours."""
    return tuple(_read_step(each, path) for each in text.split("/"))


def _read_step(text: str, path: Path) -> Step:
    predicate = expand(text.removeprefix("^").removesuffix("+"))
    if predicate is None:
        message = f"{text} is no step of a way; write a property with our prefix, as in ^gcm:isOn."
        raise SourceError(message, path=path, line=1)
    return Step(predicate, is_inverse=text.startswith("^"), is_repeated=text.endswith("+"))


def follow(way: Way, nodes: Iterable[Term], view: View) -> set[Term]:
    """Collect all that lies on a way from any of the nodes, to its end."""
    passed: set[Term] = set()
    here = set(nodes)
    for step in way:
        here = _go(step, here, view)
        passed |= here
    return passed


def _go(step: Step, nodes: set[Term], view: View) -> set[Term]:
    found: set[Term] = set()
    here = nodes
    while here:
        there = {other for node in here for other in _neighbours(step, node, view)} - found
        found |= there
        here = there if step.is_repeated else set()
    return found


def _neighbours(step: Step, node: Term, view: View) -> Iterable[Term]:
    if step.is_inverse:
        return (each.subject for each in view.having(step.predicate, node))
    if not is_node(node):
        return ()
    return (each.object for each in view.about(node) if each.predicate == step.predicate)
