"""The graph in which a table is read: what its names mean, and which addresses are taken."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from gcm.fields import Fields, FormShape
from gcm.fields.names import Names
from gcm.vocab import PREFIXES, TERM

PART_OF = NamedNode(PREFIXES["dcterms"] + "isPartOf")
LOCATOR = NamedNode(TERM + "locator")
PASSAGE = NamedNode(TERM + "Passage")
_VERSION_INFO = NamedNode(PREFIXES["owl"] + "versionInfo")
TYPE = NamedNode(PREFIXES["rdf"] + "type")

#: The properties that are read beside those of names; no others need be given.
READ = (PART_OF, LOCATOR, _VERSION_INFO)


@dataclass(frozen=True)
class Surroundings:
    """Fields of all classes, names of all things, known passages, and the version of the ontology.

    Passages are known by their document and locator.
    """

    fields: Fields
    names: Names
    passages: Mapping[tuple[NamedNode, str], NamedNode]
    version: str

    @classmethod
    def of(cls, fields: Fields, names: Names, triples: Iterable[Triple]) -> "Surroundings":
        """Read the passages and the version from statements of a graph, its ontology included."""
        said = [each for each in triples if isinstance(each.subject, NamedNode)]
        documents: dict[object, object] = {
            each.subject: each.object for each in said if each.predicate == PART_OF
        }
        versions = (each.object for each in said if each.predicate == _VERSION_INFO)
        return cls(
            fields,
            names,
            dict(_passages(said, documents)),
            min((each.value for each in versions if isinstance(each, Literal)), default=""),
        )

    @property
    def forms(self) -> Mapping[str, FormShape]:
        """The classes that have tables, by the names of their forms: those whose things have addresses."""
        return {name: form for name, form in self.fields.forms.items() if form.kind}

    def form(self, name: str) -> FormShape | None:
        """Find a form by its name, or by a kind in addresses that is its alone."""
        found = self.fields.named(name)
        return found if found and found.kind else None


def _passages(
    said: Iterable[Triple], documents: Mapping[object, object]
) -> Iterator[tuple[tuple[NamedNode, str], NamedNode]]:
    for subject, predicate, value in said:
        document = documents.get(subject)
        if predicate == LOCATOR and isinstance(value, Literal) and isinstance(document, NamedNode):
            assert isinstance(subject, NamedNode)  # others were left out
            yield (document, value.value), subject
