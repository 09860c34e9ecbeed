"""The graph in which a table is read: what its names mean, and which addresses are taken."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from gcm.fields import Fields, FormShape
from gcm.fields.names import Names
from gcm.vocab import PREFIXES, TERM

PART_OF = NamedNode(PREFIXES["dcterms"] + "isPartOf")
LOCATOR = NamedNode(TERM + "locator")
PASSAGE = NamedNode(TERM + "Passage")
TYPE = NamedNode(PREFIXES["rdf"] + "type")


@dataclass(frozen=True)
class Surroundings:
    """Fields of all classes, names of all things, and known passages by document and locator."""

    fields: Fields
    names: Names
    passages: Mapping[tuple[NamedNode, str], NamedNode]

    @classmethod
    def of(cls, fields: Fields, triples: Iterable[Triple]) -> "Surroundings":
        """Read the names and passages from the statements of a whole graph, its ontology included."""
        statements = tuple(triples)
        documents = {each.subject: each.object for each in statements if each.predicate == PART_OF}
        passages = {
            (documents[each.subject], each.object.value): each.subject
            for each in statements
            if each.predicate == LOCATOR and each.subject in documents and isinstance(each.object, Literal)
        }
        return cls(fields, Names(statements), _named(passages))

    def form(self, name: str) -> FormShape | None:
        """Find a form by its name (`voluntary-report`), or by a kind in addresses that is its alone."""
        found = self.fields.forms.get(name)
        of_kind = [each for each in self.fields.forms.values() if each.kind == name]
        return found or (of_kind[0] if len(of_kind) == 1 else None)


def _named(passages: Mapping[tuple[object, str], object]) -> dict[tuple[NamedNode, str], NamedNode]:
    return {
        (document, locator): passage
        for (document, locator), passage in passages.items()
        if isinstance(document, NamedNode) and isinstance(passage, NamedNode)
    }
