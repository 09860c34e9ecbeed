"""What is rendered: a report, the files that it is about, and their texts where they are texts."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from gcm.validate.report import Report, Result
from gcm.vocab import shorten

#: Characters that a terminal or a reader would obey rather than show: controls but for the tab, and marks
#: that turn the direction of a line (Unicode Standard Annex 9 section 2).
_UNSHOWN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")

#: Characters of a value that are shown where there is no line to show.
_LONGEST_VALUE = 120

_DATATYPE = re.compile(r"(?<=\^\^)<([^>]*)>$")


def _no_text(_: str) -> str | None:
    return None


@dataclass(frozen=True)
class Checked:
    """A report, the names of all files that were checked, and what gives the text of one (None: a table)."""

    report: Report
    files: tuple[str, ...] = ()
    text_of: Callable[[str], str | None] = _no_text

    @property
    def by_file(self) -> Mapping[str, tuple[Result, ...]]:
        """The results of each file, of those that were checked first."""
        found: dict[str, list[Result]] = {file: [] for file in self.files}
        for result in self.report.results:
            found.setdefault(result.place.file, []).append(result)
        return {file: tuple(results) for file, results in found.items()}


def safe(text: str) -> str:
    """Write a text on one line, with nothing in it that a terminal would obey."""
    return _UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.splitlines()))


def short(term: str) -> str:
    """Write an IRI by its prefix, a literal with its datatype so; a long one by its beginning."""
    if not term.startswith(('"', "_:")):
        return _shortened(term)
    written = _DATATYPE.sub(lambda found: shorten(NamedNode(found[1])), term)
    return written if len(written) <= _LONGEST_VALUE else written[: _LONGEST_VALUE - 1] + "…"


def _shortened(iri: str) -> str:
    try:
        return shorten(NamedNode(iri))
    except ValueError:  # the name of a check, or what a cell holds
        return iri


def rule_of(result: Result) -> str:
    """Name the rule that a result comes from: a shape by its prefix, a check by its name, or "syntax"."""
    return short(result.source)


def lines_of(text: str) -> list[str]:
    """Split a text into lines as positions count them: at line feeds, with or without a carriage return."""
    return [line.removesuffix("\r") for line in text.split("\n")]
