"""What each syntax brings for finding and changing statements in its texts."""

from collections.abc import Sequence
from typing import Protocol

from gcm.syntax.trace import Part, Span, Term, Trace

#: A replacement: the characters from the first up to the second number become the text.
Change = tuple[int, int, str]


class Scribe(Protocol):
    """One text that was walked through. Blank nodes have the names of `traces` here."""

    @property
    def traces(self) -> Sequence[Trace]:
        """The statements in the order of the text."""

    def pointer(self, trace: Trace, part: Part) -> str | None:
        """Give the JSON pointer of a term; None in all other syntaxes."""

    def begin(self, node: Term) -> tuple[Span, str | None] | None:
        """Find where what is said of a node begins, and in JSON its pointer."""

    def replace(self, trace: Trace, part: Part, new: Term) -> list[Change] | None:
        """Write another term in the place of one; None where that cannot be without changing more."""

    def remove(self, trace: Trace) -> list[Change] | None:
        """Take one statement away, and nothing else."""

    def add(self, subject: Term, predicate: Term, value: Term) -> list[Change] | None:
        """Say one thing more of a node."""
