"""Where things stand: the file and the line to show for a fault."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Triple

from gcm.load import GraphFile
from gcm.turtle import read_text
from gcm.validate.finding import Finding, Term

#: Lines that can stand before the block of a subject: empty, comments, prefixes, the end of the block before.
_BEFORE_BLOCK = re.compile(r"\s*(?:#.*|@(?:prefix|base)\b.*|(?:PREFIX|BASE)\b.*|[.;\]]?\s*)", re.IGNORECASE)


class Places:
    """The files that were read, the ones to blame first."""

    def __init__(self, files: Sequence[GraphFile]) -> None:
        self._files = files
        self._lines: dict[Triple, tuple[Path, int]] = {}
        self._blocks: dict[Term, tuple[GraphFile, int]] = {}
        for file in reversed(files):
            self._index(file)

    def _index(self, file: GraphFile) -> None:
        subjects = set()
        for position, each in enumerate(file.triples):
            self._lines[each.triple] = (file.path, each.line)
            if each.triple.subject not in subjects:
                subjects.add(each.triple.subject)
                self._blocks[each.triple.subject] = (file, position)

    def of(self, finding: Finding) -> tuple[Path, int | None]:
        """Find the line of the triple to blame; for what is missing, the line where its node begins."""
        return self._of_triple(finding) or self._of_block(finding.focus) or self._of_mention(finding.focus)

    def _of_triple(self, finding: Finding) -> tuple[Path, int] | None:
        focus, value = finding.focus, finding.value
        if finding.predicate is None or value is None or not isinstance(focus, NamedNode | BlankNode):
            return None
        return self._lines.get(Triple(focus, finding.predicate, value))

    def _of_block(self, node: Term) -> tuple[Path, int] | None:
        if node not in self._blocks:
            return None
        file, position = self._blocks[node]
        return file.path, _first_line(file, position)

    def _of_mention(self, node: Term) -> tuple[Path, int | None]:
        mentions = (
            (file.path, each.line)
            for file in self._files
            for each in file.triples
            if each.triple.object == node
        )
        return next(mentions, (self._files[0].path, None))


def _first_line(file: GraphFile, position: int) -> int:
    """Find the line on which the block begins whose first triple is at `position`."""
    end = file.triples[position].line
    start = file.triples[position - 1].line + 1 if position else 1
    lines = read_text(file.path).split("\n")
    return next(
        (line for line in range(start, end) if not _BEFORE_BLOCK.fullmatch(lines[line - 1].rstrip())), end
    )


def subjects_of(files: Iterable[GraphFile]) -> frozenset[Term]:
    """Collect the nodes that the files speak of."""
    return frozenset(each.triple.subject for file in files for each in file.triples)
