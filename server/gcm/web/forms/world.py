"""What a draft has to know of the graph: its fields and names, who says what, which addresses are taken."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from gcm.describe import Graph
from gcm.fields import Fields, FormShape
from gcm.fields.mint import Rule, Value, Values
from gcm.fields.names import Names
from gcm.vocab import PREFIXES, THING

Statements = frozenset[Triple]

_SOURCE = NamedNode(PREFIXES["dcterms"] + "source")


@dataclass(frozen=True)
class World:
    """The graph as drafts see it; `reserved` are the addresses of things in proposals that wait."""

    graph: Graph
    fields: Fields
    names: Names
    language: str
    today: str
    reserved: frozenset[NamedNode] = frozenset()

    def statements(self, thing: NamedNode, dataset: NamedNode) -> Statements:
        """Give what a dataset says of a thing."""
        quads = self.graph.store.quads_for_pattern(thing, None, None, dataset)
        return frozenset(quad.triple for quad in quads)

    def content(self, dataset: NamedNode) -> Statements:
        """Give all that a dataset says."""
        quads = self.graph.store.quads_for_pattern(None, None, None, dataset)
        return frozenset(quad.triple for quad in quads)

    def datasets_of(self, thing: NamedNode) -> tuple[NamedNode, ...]:
        """Give the datasets that say something of a thing, in the order of their addresses."""
        found = {quad.graph_name for quad in self.graph.about(thing)}
        return tuple(each for each in self.graph.datasets if each in found)

    def documents_of(self, dataset: NamedNode) -> tuple[NamedNode, ...]:
        """Give the documents from which a dataset was taken, by their titles."""
        found = (each for each in self.graph.values(dataset, _SOURCE) if isinstance(each, NamedNode))
        return tuple(sorted(found, key=lambda each: (self.names.title_of(each, self.language), each.value)))

    def usual(self, predicate: NamedNode) -> NamedNode | None:
        """Give what most datasets have as a value: publisher, licence."""
        values = (each for dataset in self.graph.datasets for each in self.graph.values(dataset, predicate))
        counted = Counter(each for each in values if isinstance(each, NamedNode))
        return min(counted, key=lambda each: (-counted[each], each.value), default=None)

    def rule(self, form: FormShape) -> Rule | None:
        """Give the rule for addresses of things of a class; None if the ontology states none."""
        rule = self.names.rule_of(form.cls)
        return Rule(form.kind, rule) if rule and form.kind else None

    def taken(self, kind: str, also: Iterable[NamedNode] = ()) -> frozenset[str]:
        """Give the addresses of a kind that are in use, as text."""
        start = f"{THING}{kind}/"
        known = (*self.names.members(()), *self.reserved, *also)
        return frozenset(each.value for each in known if each.value.startswith(start))

    def is_taken(self, iri: NamedNode) -> bool:
        """Whether the graph or a waiting proposal has a thing of this address."""
        return self.graph.knows(iri) or iri in self.reserved

    def mint(self, form: FormShape, values: Values) -> NamedNode | None:
        """Make the address of a new thing; None where its rule needs more than these values."""
        rule = self.rule(form)
        minted = rule.mint(values, self.taken(form.kind)) if rule else None
        return minted.iri if minted else None


def values_of(statements: Iterable[Triple]) -> Values:
    """Give the values of each property."""
    found: dict[NamedNode, list[Value]] = {}
    for each in statements:
        if isinstance(each.object, NamedNode | Literal):
            found.setdefault(each.predicate, []).append(each.object)
    return found
