"""What is wrong in a table, at its cell: for the report, in the words of people who fill in tables."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from gcm.given import Place


@dataclass(frozen=True)
class Problem:
    """One thing to mend in a table, or to know about it.

    `severity` is "violation", "warning" or "info", as in reports. `focus` and `predicate` name the thing and
    property whose value could not be read, so that nobody asks for that value a second time. `candidates` may
    have been meant, the nearest first; each of them can be written as it is called there. `written` is the
    text that would be right in this cell, if only one can be.
    """

    place: Place
    message: str
    expected: str = ""
    severity: str = "violation"
    value: str | None = None
    focus: NamedNode | None = None
    predicate: NamedNode | None = None
    candidates: tuple[NamedNode, ...] = ()
    written: str | None = None
