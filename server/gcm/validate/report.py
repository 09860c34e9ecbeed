"""What a validation finds: the values that `gcm validate` prints and tests compare."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Result:
    """One thing to mend: where it is, and what to do.

    `focus`, `predicate` and `source` are IRIs (or "" and None where there is none); `value` is an IRI, or a
    literal as N-Triples writes it. `severity` is "violation", "warning" or "info"; `source` is the shape, the
    name of the check, or "syntax"; `line` counts from 1.
    """

    path: Path
    line: int | None
    severity: str
    focus: str
    predicate: str | None
    value: str | None
    message: str
    source: str


@dataclass(frozen=True)
class Report:
    """All results, in the order of their files and lines."""

    results: tuple[Result, ...]

    @property
    def conforms(self) -> bool:
        """Whether nothing must be mended: warnings are allowed."""
        return not self.count("violation")

    def count(self, severity: str) -> int:
        """How many results are a "violation", a "warning" or an "info"."""
        return sum(1 for result in self.results if result.severity == severity)
