"""Where things stand: the place to show for a fault, and the statement to blame."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from gcm.given import Place
from gcm.load import GraphFile
from gcm.syntax import Part, Statement
from gcm.turtle import read_text
from gcm.validate.context import Context
from gcm.validate.finding import Finding, Term
from gcm.validate.overlay import View, is_node
from gcm.validate.submission import Document
from gcm.vocab import PREFIXES, TERM

Key = TypeVar("Key")

_CLOSED = PREFIXES["sh"] + "ClosedConstraintComponent"
_TOO_MANY = PREFIXES["sh"] + "MaxCountConstraintComponent"
_SAME_LANGUAGE = PREFIXES["sh"] + "UniqueLangConstraintComponent"
#: Lines that can stand before the block of a subject: empty, comments, prefixes, the end of the block before.
_BEFORE_BLOCK = re.compile(r"\s*(?:#.*|@(?:prefix|base)\b.*|(?:PREFIX|BASE)\b.*|[.;\]]?\s*)", re.IGNORECASE)


@dataclass(frozen=True)
class Blame:
    """Where a fault stands. Of a submission: in which document, and which part of which statement."""

    place: Place
    document: Document | None = None
    statement: Statement | None = None
    part: Part = Part.OBJECT


class Places:
    """The documents of a submission, which are blamed first, and the files of the graph around it."""

    def __init__(self, documents: Sequence[Document], context: Context) -> None:
        self._documents = documents
        self._context = context

    def of(self, finding: Finding) -> Blame:
        """Find the statement to blame; for what is missing, the place where its node begins."""
        return (
            self._of_statement(finding)
            or self._of_last_value(finding)
            or self._of_block(finding)
            or self._around.of(finding)
            or self._of_graph(finding.focus)
            or self._of_mention(finding.focus)
            or Blame(Place(self._documents[0].given.name if self._documents else ""))
        )

    @cached_property
    def _statements(self) -> dict[Triple, tuple[Document, Statement]]:
        return self._first_by(lambda triple: triple)

    @cached_property
    def _blocks(self) -> dict[Term, tuple[Document, Statement]]:
        return self._first_by(lambda triple: triple.subject)

    @cached_property
    def _mentions(self) -> dict[Term, tuple[Document, Statement]]:
        return self._first_by(lambda triple: triple.object)

    def _first_by(self, key: Callable[[Triple], Key]) -> dict[Key, tuple[Document, Statement]]:
        """Find the first statement of each key."""
        return {
            key(each.triple): (document, each)
            for document in reversed(self._documents)
            for each in reversed(document.statements)
        }

    @cached_property
    def _around(self) -> "_Files":
        return _Files(self._context.files)

    def _of_statement(self, finding: Finding) -> Blame | None:
        triple = triple_of(finding)
        if triple is None or triple not in self._statements:
            return None
        document, statement = self._statements[triple]
        part = self._part(finding)
        return Blame(document.locator.place(statement, part), document, statement, part)

    def _of_last_value(self, finding: Finding) -> Blame | None:
        """Blame the last value where there are too many, and the last in its language where one may be."""
        if finding.value is not None or finding.component not in (_TOO_MANY, _SAME_LANGUAGE):
            return None
        values = self._values.get((finding.focus, finding.predicate), [])
        if finding.component == _SAME_LANGUAGE:
            values = list(_second_in_a_language(values))
        if not values:
            return None
        document, statement = values[-1]
        return Blame(document.locator.place(statement, Part.OBJECT), document)

    def _part(self, finding: Finding) -> Part:
        """Tell what is wrong in the statement to blame: a property that does not belong, else its value."""
        is_ours = finding.predicate is not None and finding.predicate.value.startswith(TERM)
        is_unknown = is_ours and finding.predicate not in self._context.fields.properties
        if finding.component == _CLOSED or (finding.source == "undeclared-term" and is_unknown):
            return Part.PREDICATE
        return Part.OBJECT

    @cached_property
    def _values(self) -> dict[tuple[Term, NamedNode | None], list[tuple[Document, Statement]]]:
        found: dict[tuple[Term, NamedNode | None], list[tuple[Document, Statement]]] = {}
        for document in self._documents:
            for each in document.statements:
                key = (each.triple.subject, each.triple.predicate)
                found.setdefault(key, []).append((document, each))
        return found

    def _of_block(self, finding: Finding) -> Blame | None:
        """Blame the node as such, unless the value that is wrong stands elsewhere."""
        if finding.focus not in self._blocks or self._around.has(triple_of(finding)):
            return None
        document, statement = self._blocks[finding.focus]
        place = document.locator.begin(finding.focus) or Place(document.given.name, statement.line)
        return Blame(place, document)

    def _of_graph(self, node: Term) -> Blame | None:
        """Blame the dataset of a node around the submission, where its files are not at hand."""
        if self._context.files or not is_node(node):
            return None
        graphs = (quad.graph_name for quad in View(self._context.store).about(node))
        return next((Blame(Place(each.value)) for each in graphs if isinstance(each, NamedNode)), None)

    def find(self, triple: Triple) -> tuple[Document, Statement] | None:
        """Find a statement in the documents."""
        return self._statements.get(triple)

    def _of_mention(self, node: Term) -> Blame | None:
        if node not in self._mentions:
            return None
        document, statement = self._mentions[node]
        return Blame(document.locator.place(statement, Part.OBJECT), document, statement, Part.OBJECT)


def _second_in_a_language(
    values: Iterable[tuple[Document, Statement]],
) -> Iterator[tuple[Document, Statement]]:
    """Give each text in a language that a text before it has."""
    seen = set()
    for document, statement in values:
        value = statement.triple.object
        language = value.language if isinstance(value, Literal) else None
        if language in seen:
            yield document, statement
        seen.update([language] if language else [])


def triple_of(finding: Finding) -> Triple | None:
    """Give the statement that a finding blames, if it blames one."""
    focus, value = finding.focus, finding.value
    if finding.predicate is None or value is None or not isinstance(focus, NamedNode | BlankNode):
        return None
    return Triple(focus, finding.predicate, value)


class _Files:
    """Files of the graph around a submission, with the line of each triple."""

    def __init__(self, files: Sequence[GraphFile]) -> None:
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

    def has(self, triple: Triple | None) -> bool:
        """Tell whether a statement stands in one of the files."""
        return triple in self._lines

    def of(self, finding: Finding) -> Blame | None:
        """Find the line of a statement, else that on which its node begins."""
        triple = triple_of(finding)
        if triple in self._lines:
            path, line = self._lines[triple]
            return Blame(Place(str(path), line))
        if finding.focus in self._blocks:
            file, position = self._blocks[finding.focus]
            return Blame(Place(str(file.path), _first_line(file, position)))
        return None


def _first_line(file: GraphFile, position: int) -> int:
    """Find the line on which the block begins whose first triple is at `position`."""
    end = file.triples[position].line
    start = file.triples[position - 1].line + 1 if position else 1
    lines = read_text(file.path).split("\n")
    return next(
        (line for line in range(start, end) if not _BEFORE_BLOCK.fullmatch(lines[line - 1].rstrip())), end
    )
