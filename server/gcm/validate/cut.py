"""Cutting out of the graph what some nodes touch, so that checking one file does not mean checking all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from gcm.validate.finding import Term
from gcm.vocab import PREFIXES

_TYPE = NamedNode(PREFIXES["rdf"] + "type")


@dataclass(frozen=True)
class Cut:
    """A part of the graph, and the nodes in it whose conformance it decides."""

    nodes: frozenset[Term]
    triples: tuple[Triple, ...]


def cut_out(triples: Iterable[Triple], nodes: Collection[Term], *, with_all_references: bool) -> Cut:
    """Keep what decides whether `nodes` and those that reference them conform.

    That is: all about them and about what they reference, and the types of what that references in turn.
    Shapes that look further than two steps would need more; a test holds this equal to a check of everything.
    Of nodes with the same types that reference the same node in the same way, one stands for all unless
    `with_all_references`: what a rule says of a value does not depend on who has it.
    """
    about: dict[Term, list[Triple]] = defaultdict(list)
    references = []
    for triple in triples:
        about[triple.subject].append(triple)
        if triple.object in nodes and triple.subject not in nodes:
            references.append(triple)
    standing = references if with_all_references else _one_of_each(references, about)
    near = set(nodes).union(triple.subject for triple in standing)
    one_step = {triple.object for node in near for triple in about.get(node, ())}
    two_steps = {triple.object for node in one_step for triple in about.get(node, ())}
    whole = [triple for node in near | one_step for triple in about.get(node, ())]
    rest = two_steps - near - one_step
    types = [triple for node in rest for triple in about.get(node, ()) if triple.predicate == _TYPE]
    return Cut(nodes=frozenset(near), triples=(*whole, *types))


def _one_of_each(references: Iterable[Triple], about: Mapping[Term, Sequence[Triple]]) -> list[Triple]:
    kinds: dict[tuple[object, ...], Triple] = {}
    for triple in references:
        types = frozenset(each.object for each in about[triple.subject] if each.predicate == _TYPE)
        kinds.setdefault((types, triple.predicate, triple.object), triple)
    return list(kinds.values())
