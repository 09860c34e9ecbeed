"""One finding with all that is known around it, as those see it who explain it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Triple

from gcm.fields import Field, Fields, FormShape, Kind
from gcm.fields.names import Names
from gcm.validate.finding import Finding, Term
from gcm.validate.remedy import Remedy
from gcm.validate.report import Candidate
from gcm.vocab import PREFIXES, TERM

START, END = (NamedNode(PREFIXES["schema"] + name) for name in ("startDate", "endDate"))
TYPE = NamedNode(PREFIXES["rdf"] + "type")


class Surroundings(Protocol):
    """What is said, in what was given and in the graph around it."""

    def about(self, node: Term, /) -> Iterable[Triple]:
        """Give the statements with this subject."""

    def references(self, node: Term, /) -> Iterable[Triple]:
        """Give the statements with this value."""


@dataclass(frozen=True)
class Answer:
    """What may have been meant, the best first, and how to write it if only one thing can be right."""

    candidates: tuple[Candidate, ...] = ()
    remedy: Remedy | None = None


@dataclass(frozen=True)
class Case:
    """A finding, the statement that it blames (None if something is missing), and what to look up."""

    finding: Finding
    statement: Triple | None
    fields: Fields
    names: Names
    around: Surroundings

    @cached_property
    def form(self) -> FormShape | None:
        """The form of the thing in question; of its narrowest class if it has several."""
        forms = [form for each in self.types(self.finding.focus) if (form := self.fields.form(each))]
        depth = {form.cls: len(self.fields.superclasses(form.cls)) for form in forms}
        return max(forms, key=lambda form: (depth[form.cls], form.cls.value), default=None)

    @cached_property
    def field(self) -> Field | None:
        """The field in question, with all that the form of the thing asks of it."""
        fields = self.form.fields if self.form else ()
        found = next((each for each in fields if each.path == self.finding.predicate), None)
        return found or self.fields.field(NamedNode(self.finding.source)) if self.is_of_a_shape else found

    @property
    def is_of_a_shape(self) -> bool:
        """Whether a shape says so, and no check."""
        return self.finding.component is not None

    @property
    def component(self) -> str:
        """The constraint component without what all their names end in: `MinCount`."""
        name = (self.finding.component or "").removeprefix(PREFIXES["sh"])
        return name.removesuffix("ConstraintComponent")

    @property
    def has_unknown_property(self) -> bool:
        """Whether the property looks like one of ours and is none."""
        predicate = self.finding.predicate
        looks_ours = predicate is not None and predicate.value.startswith(TERM)
        return looks_ours and predicate not in self.fields.properties

    @property
    def code_paths(self) -> frozenset[NamedNode]:
        """The properties whose values are codes."""
        fields = (field for form in self.fields.forms.values() for field in form.fields)
        return frozenset(each.path for each in fields if each.kind is Kind.CODE)

    def types(self, node: Term) -> tuple[NamedNode, ...]:
        """Give the classes of which a thing is said to be."""
        said = [each.object for each in self.around.about(node) if each.predicate == TYPE]
        return tuple(dict.fromkeys(each for each in said if isinstance(each, NamedNode)))

    def is_known(self, node: NamedNode) -> bool:
        """Tell whether anything is said about a thing."""
        return next(iter(self.around.about(node)), None) is not None

    def is_one_of(self, node: Term, classes: Iterable[NamedNode]) -> bool:
        """Tell whether a thing is of one of the classes, or of a class below one."""
        wanted = set(classes)
        above = {cls for each in self.types(node) for cls in self.fields.superclasses(each)}
        return not wanted or not wanted.isdisjoint(above)

    def statements(self, path: NamedNode) -> Sequence[Triple]:
        """Give what is said of the thing in question with one property, in a steady order."""
        said = (each for each in self.around.about(self.finding.focus) if each.predicate == path)
        return sorted(set(said), key=lambda each: str(each.object))

    def texts(self, path: NamedNode, language: str) -> list[Literal]:
        """Give the texts of one property in one language."""
        values = [each.object for each in self.statements(path)]
        return [each for each in values if isinstance(each, Literal) and each.language == language]
