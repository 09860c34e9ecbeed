"""Cutting out of the graph what some nodes touch, so that a submission does not mean checking all."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Triple

from gcm.validate.finding import Term
from gcm.validate.overlay import View, is_node
from gcm.vocab import PREFIXES, SHAPES

_TYPE = NamedNode(PREFIXES["rdf"] + "type")


@dataclass(frozen=True)
class Cut:
    """A part of the graph, and the nodes in it whose conformance it decides."""

    nodes: frozenset[Term]
    triples: tuple[Triple, ...]


def cut_out(view: View, nodes: Collection[Term], *, with_all_references: bool) -> Cut:
    """Keep what decides whether `nodes` and those that reference them conform.

    That is: all about them and about what they reference, and the types of what that references in turn.
    Shapes that look further than two steps would need more; a test holds this equal to a check of everything.
    Of nodes with the same types that reference the same node in the same way, one stands for all unless
    `with_all_references`: what a rule says of a value does not depend on who has it.
    """
    references = [
        quad
        for node in nodes
        if is_node(node)
        for quad in view.references(node)
        if quad.subject not in nodes and quad.graph_name != SHAPES
    ]
    standing = references if with_all_references else _one_of_each(references, view)
    near = set(nodes).union(quad.subject for quad in standing)
    one_step = {quad.object for node in near for quad in _about(node, view)}
    two_steps = {quad.object for node in one_step for quad in _about(node, view)}
    whole = [quad.triple for node in near | one_step for quad in _about(node, view)]
    rest = two_steps - near - one_step
    types = [quad.triple for node in rest for quad in _about(node, view) if quad.predicate == _TYPE]
    return Cut(nodes=frozenset(near), triples=tuple(dict.fromkeys((*whole, *types))))


def _about(node: Term, view: View) -> Iterable[Quad]:
    """Give what is said about a node, but for what the shapes say of themselves: they are not data."""
    return (quad for quad in view.about(node) if quad.graph_name != SHAPES) if is_node(node) else ()


def _one_of_each(references: Iterable[Quad], view: View) -> list[Quad]:
    kinds: dict[tuple[object, ...], Quad] = {}
    for quad in references:
        types = frozenset(each.object for each in _about(quad.subject, view) if each.predicate == _TYPE)
        kinds.setdefault((types, quad.predicate, quad.object), quad)
    return list(kinds.values())
