"""What a validation finds: the values that every face of it shows, and tests compare."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from pyoxigraph import NamedNode

from gcm.given import Edit, Place

__all__ = ["SYNTAX", "TABLE", "Candidate", "Edit", "Fix", "Outcome", "Report", "Result", "problem"]

#: Sources of results that no rule has found: what could not be read, or has no header; cells of tables.
SYNTAX, TABLE = "syntax", "table"


@dataclass(frozen=True)
class Candidate:
    """A valid thing that may have been meant: its IRI, its name for people, and how it is written here."""

    iri: str
    label: str
    written: str


@dataclass(frozen=True)
class Fix:
    """A mechanical remedy: what it does, in words, and the replacements that do it (all, or none)."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Result:
    """One thing to mend: where it is, and what to do.

    `message` says what is wrong, `expected` what should stand there. `focus`, `predicate` and `source` are
    IRIs (or "" and None where there is none); `value` is an IRI, or a literal as N-Triples writes it.
    `severity` is "violation", "warning" or "info"; `source` is the shape, the name of the check, SYNTAX or
    TABLE. `component` is the IRI of the constraint component (SHACL section 3.6.2.6), None if no shape said
    it; `also` are those of the other SHACL results for which this one stands: of one shape about one value.
    `demand` is what the shape or check asks, word for word; `expected` says it with the names of codes.
    """

    place: Place
    severity: str
    focus: str
    predicate: str | None
    value: str | None
    message: str
    source: str
    expected: str = ""
    component: str | None = None
    candidates: tuple[Candidate, ...] = ()
    fix: Fix | None = None
    also: tuple[str, ...] = ()
    demand: str = ""

    @property
    def path(self) -> Path:
        """The file."""
        return Path(self.place.file)

    @property
    def line(self) -> int | None:
        """The line, counted from 1."""
        return self.place.line


def problem(message: str, place: Place) -> Result:
    """Say that something cannot be read as it is."""
    return Result(place, "violation", "", None, None, message, SYNTAX)


@dataclass(frozen=True)
class Report:
    """All results, in the order of their files and places."""

    results: tuple[Result, ...]

    @property
    def conforms(self) -> bool:
        """Whether nothing must be mended: warnings are allowed."""
        return not self.count("violation")

    def count(self, severity: str) -> int:
        """How many results are a "violation", a "warning" or an "info"."""
        return sum(1 for result in self.results if result.severity == severity)


@dataclass(frozen=True)
class Outcome:
    """What was found, and each dataset that was given in canonical Turtle, as far as it could be read."""

    report: Report
    datasets: Mapping[NamedNode, str] = field(default_factory=lambda: MappingProxyType({}))
