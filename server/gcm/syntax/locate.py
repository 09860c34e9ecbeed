"""Where in a text each statement stands, and how to change it there and nowhere else."""

import gc
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pyoxigraph import BlankNode, Literal, NamedNode

from gcm.given import Edit, Form, Place
from gcm.syntax.apply import is_apart
from gcm.syntax.json_edits import JsonScribe
from gcm.syntax.read import Reading, Statement
from gcm.syntax.scribe import Change, Scribe
from gcm.syntax.text import Lines
from gcm.syntax.trace import Pairing, Part, Term, Trace
from gcm.syntax.turtle_edits import TurtleScribe
from gcm.syntax.xml_edits import XmlScribe


class Locator:
    """The places of a reading's statements, found by a second walk through its text.

    Build it only for files with findings. A statement that the walk and the parser do not see alike has the
    line that the parser gave, and cannot be changed.
    """

    def __init__(self, reading: Reading) -> None:
        self._file = reading.given.name
        self._lines = Lines(reading.text)
        #: How the text ends its lines, where it has one way.
        self._ends_crlf = 0 < reading.text.count("\n") == reading.text.count("\r\n")
        self._traces: dict[Statement, Trace | None] = {}
        self._first: dict[object, int | None] = {}
        self._alike: dict[tuple[object, object], list[Trace | None]] = defaultdict(list)
        with _without_collection():
            self._walk(reading)

    def _walk(self, reading: Reading) -> None:
        self._scribe = _scribe(reading)
        triples = [each.triple for each in reading.statements]
        self._pairing = Pairing(triples, self._scribe.traces)
        for statement, trace in zip(reading.statements, self._pairing.traces, strict=True):
            self._traces.setdefault(statement, trace)
            self._first.setdefault(statement.triple.subject, statement.line)
            self._alike[statement.triple, statement.graph].append(trace)

    def place(self, statement: Statement, part: Part) -> Place:
        """Give the place of one term of a statement; where that is not known, the statement's line."""
        trace = self._traces.get(statement)
        if trace is None:
            begin = self.begin(statement.triple.subject) if statement.line is None else None
            return begin or Place(self._file, line=statement.line)
        start, end = trace.spans[part.value]
        return self._lines.place(self._file, start, end, pointer=self._scribe.pointer(trace, part))

    def begin(self, node: object) -> Place | None:
        """Give the place where what the text says of a node begins; None if it says nothing of it."""
        if not isinstance(node, NamedNode | BlankNode):
            return None
        found = self._scribe.begin(self._pairing.own(node))
        if found is None:
            line = self._first.get(node)
            return Place(self._file, line=line) if line else None
        (start, end), pointer = found
        return self._lines.place(self._file, start, end, pointer=pointer)

    def edit(self, statement: Statement, part: Part, new: object) -> tuple[Edit, ...] | None:
        """Say how to write another term in the place of one; None if that cannot be without changing more.

        A statement that stands several times in its graph is changed in all its places. None as the new term
        removes the statement.
        """
        if new is None:
            return self.remove(statement)
        own = self._own(new)
        if own is None or not _fits(own, part):
            return None
        return self._edits(
            self._scribe.replace(trace, part, own) if trace else None for trace in self._all(statement)
        )

    def remove(self, statement: Statement) -> tuple[Edit, ...] | None:
        """Say how to take a statement away; None if more would go with it."""
        return self._edits(self._scribe.remove(trace) if trace else None for trace in self._all(statement))

    def add(self, subject: object, predicate: object, value: object) -> tuple[Edit, ...] | None:
        """Say how to state one thing more, where the text speaks of the subject; else at its end."""
        terms = [self._own(term) for term in (subject, predicate, value)]
        first, second, third = terms
        if first is None or second is None or third is None:
            return None
        if not _fits(first, Part.SUBJECT) or not _fits(second, Part.PREDICATE):
            return None
        return self._edits([self._scribe.add(first, second, third)])

    def _own(self, term: object) -> Term | None:
        """Give the scribe's name of a term; None for a blank node that is not in the text."""
        if isinstance(term, BlankNode):
            return self._pairing.names.get(term)
        return term if isinstance(term, NamedNode | Literal) else None

    def _all(self, statement: Statement) -> list[Trace | None]:
        return self._alike.get((statement.triple, statement.graph), [None])

    def _edits(self, found: Iterable[list[Change] | None]) -> tuple[Edit, ...] | None:
        changes: list[Change] = []
        for each in found:
            if each is None:
                return None
            changes += each
        edits = tuple(Edit(self._file, start, end, self._ended(text)) for start, end, text in sorted(changes))
        return edits if edits and is_apart(edits) else None

    def _ended(self, text: str) -> str:
        """End the lines of an addition as the text ends its own."""
        return re.sub(r"(?<!\r)\n", "\r\n", text) if self._ends_crlf else text


@contextmanager
def _without_collection() -> Iterator[None]:
    """Keep the garbage collector away: what a walk makes stays, and looking at it doubles the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _fits(term: Term, part: Part) -> bool:
    """Whether RDF 1.1 allows a term in a part of a statement (RDF 1.1 Concepts section 3.1)."""
    if part is Part.PREDICATE:
        return isinstance(term, NamedNode)
    return part is Part.OBJECT or not isinstance(term, Literal)


def _scribe(reading: Reading) -> Scribe:
    if reading.given.form is Form.RDF_XML:
        return XmlScribe(reading.text)
    if reading.given.form is Form.JSON_LD:
        return JsonScribe(reading.text)
    return TurtleScribe(reading.text, has_short_forms=reading.given.form in (Form.TURTLE, Form.TRIG))
