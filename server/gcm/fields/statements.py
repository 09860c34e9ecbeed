"""Statements by subject, as the shapes and the ontology are read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from gcm.vocab import PREFIXES

Node = NamedNode | BlankNode
Value = NamedNode | BlankNode | Literal

_RDF = PREFIXES["rdf"]
TYPE = NamedNode(_RDF + "type")
SUBCLASS = NamedNode(PREFIXES["rdfs"] + "subClassOf")
_FIRST, _REST = NamedNode(_RDF + "first"), NamedNode(_RDF + "rest")


class Statements:
    """A small graph in memory."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._values: dict[Node, dict[NamedNode, list[Value]]] = defaultdict(lambda: defaultdict(list))
        self._subjects: dict[tuple[NamedNode, Value], list[Node]] = defaultdict(list)
        for subject, predicate, value in triples:
            assert not isinstance(subject, Triple)  # RDF 1.2, which readers refuse
            assert not isinstance(value, Triple)
            self._values[subject][predicate].append(value)
            self._subjects[predicate, value].append(subject)

    def __iter__(self) -> Iterator[Node]:
        """Give every subject."""
        return iter(self._values)

    def values(self, subject: Node, predicate: NamedNode) -> list[Value]:
        """Give the values of a property."""
        return self._values[subject][predicate] if subject in self._values else []

    def iris(self, subject: Node, predicate: NamedNode) -> list[NamedNode]:
        """Give the values of a property that are IRIs."""
        return [each for each in self.values(subject, predicate) if isinstance(each, NamedNode)]

    def text(self, subject: Node, predicate: NamedNode) -> str | None:
        """Give the text of the value of a property: the English one where there are several."""
        found = self.texts(subject, predicate)
        return found.get("en", next(iter(found.values()), None))

    def texts(self, subject: Node, predicate: NamedNode) -> Mapping[str, str]:
        """Give the texts of a property by their language ("" for none)."""
        literals = [each for each in self.values(subject, predicate) if isinstance(each, Literal)]
        return {each.language or "": each.value for each in literals}

    def subjects(self, predicate: NamedNode, value: Value) -> list[Node]:
        """Give what has this value."""
        return self._subjects.get((predicate, value), [])

    def members(self, head: Value) -> Iterator[Value]:
        """Give the members of an RDF list."""
        seen: set[Value] = set()
        while isinstance(head, BlankNode) and head not in seen:
            seen.add(head)
            yield from self.values(head, _FIRST)
            head = next(iter(self.values(head, _REST)), head)

    def listed(self, subject: Node, predicate: NamedNode) -> list[Value]:
        """Give the members of all lists that are values of a property."""
        return [each for head in self.values(subject, predicate) for each in self.members(head)]
