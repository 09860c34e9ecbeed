"""A walk through a Turtle-like text, token by token: each statement with the places of its terms.

It takes only texts that the engine's parser has read, and gives statements in the parser's order: what one
token completes, the last first. Where it meets what it does not know it stops; nothing after is located.
"""

from collections.abc import Callable

from pyoxigraph import BlankNode, NamedNode

from gcm.syntax.sentences import Block, Cells, Member, Value, Verb
from gcm.syntax.terms import Names
from gcm.syntax.tokens import tokens
from gcm.syntax.trace import Span, Term, Trace
from gcm.vocab import PREFIXES

_FIRST, _REST, _NIL = (NamedNode(PREFIXES["rdf"] + name) for name in ("first", "rest", "nil"))
_TERMS = frozenset({"iri", "name", "literal", "number", "blank", "word"})
_SUBJECTS = frozenset({"iri", "name", "blank"})
_DIRECTIVES = {"@prefix": 3, "prefix": 2, "@base": 2, "base": 1, "@version": 2, "version": 1}

State = Callable[[str, int, int, str], None]


class Walk:
    """The traces of a text, its blocks in their order, and the names that it declares."""

    def __init__(self, text: str) -> None:
        self.traces: list[Trace] = []
        self.blocks: list[Block] = []
        self.names = Names()
        self._text = text
        self._open: list[Block | Cells] = []
        self._wait: list[tuple[str, int, int, str]] = []
        self._state: State = self._subject
        self._blanks: dict[str, Term] = {}
        #: The blank nodes that have a name in the text.
        self.labelled: set[Term] = set()
        self._late: list[Trace] = []  # what a literal completes: the parser reads its parts one by one
        self._is_joined = False  # a literal without suffix is known to be one by the next token only
        for kind, start, end in tokens(text):
            before = len(self.traces)
            self.traces += self._late
            before += 0 if self._is_joined else len(self._late)
            self._late.clear()
            self._state(kind, start, end, text[start:end])
            if len(self.traces) - before > 1:
                self.traces[before:] = self.traces[: before - 1 if before else None : -1]

    def _lost(self, kind: str, start: int, end: int, raw: str) -> None:
        """Pass over what comes after something that was not understood."""

    def _subject(self, kind: str, start: int, end: int, raw: str) -> None:
        if kind in _SUBJECTS:
            term = self._term(kind, raw)
            self._begin(term, (start, end), is_bracket=False)
            self._state = self._verb if term else self._lost
        elif raw == "[":
            self._begin(self._fresh(), (start, end), is_bracket=True)
            self._state = self._verb
        elif raw == "(":
            self._open.append(Cells(start))
            self._state = self._object
        elif raw.lower() in _DIRECTIVES:
            self._wait = []
            self._directive = _DIRECTIVES[raw.lower()]
            self._state = self._declaration
        elif raw not in ("{", "}") and raw.lower() != "graph":
            self._state = self._lost

    def _declaration(self, kind: str, start: int, end: int, raw: str) -> None:
        self._wait.append((kind, start, end, raw))
        if len(self._wait) < self._directive:
            return
        first, last = self._wait[0], self._wait[min(1, len(self._wait) - 1)]
        if first[0] == "name" and last[0] == "iri":
            self.names.declare(first[3].removesuffix(":"), last[3], at=last[2])
        elif first[0] == "iri":
            self.names.rebase(first[3])
        self._state = self._subject

    def _verb(self, kind: str, start: int, end: int, raw: str) -> None:
        block = self._block()
        if kind in ("iri", "name") or raw == "a":
            self._begin_verb(block, self._term(kind, raw), (start, end))
        elif raw == ";" and block.verbs:
            block.verbs[-1].semicolons.append((start, end))
        elif raw == "{" and not block.verbs:
            self._open.pop()
            self.blocks.pop()
            self._state = self._subject
        else:
            self._after(kind, start, end, raw)

    def _begin_verb(self, block: Block, predicate: Term | None, span: Span) -> None:
        if predicate is None:
            self._state = self._lost
            return
        block.verbs.append(Verb(block, predicate, span))
        self._state = self._object

    def _object(self, kind: str, start: int, end: int, raw: str) -> None:
        if raw == ")" and isinstance(self._open[-1], Cells):
            self._close_cells(self._open[-1], end)
            return
        site = self._site((start, end))
        if raw == "[":
            self._begin(self._fresh(), (start, end), is_bracket=True)
            self._state = self._verb
        elif raw == "(":
            self._open.append(Cells(start))
        else:
            term = self._term(kind, raw) if kind in _TERMS else None
            self._state = self._next() if term else self._lost
            if term:
                self._say(term, site)
            if term and kind == "literal":
                self._late.append(self.traces.pop())
                self._is_joined = raw[-1] in "\"'"

    def _site(self, span: Span) -> Value | Member:
        """Make room for a value that begins: behind a predicate, or in a collection."""
        top = self._open[-1]
        if isinstance(top, Block):
            verb = top.verbs[-1]
            verb.values.append(Value(verb, span))
            return verb.values[-1]
        self._grow(top, span)
        return Member(span)

    def _grow(self, cells: Cells, span: Span) -> None:
        """Begin the next cell of a collection."""
        fresh = self._fresh()
        if cells.cell is None:
            cells.head = cells.cell = fresh
            self._open_cells(cells)
            return
        self.traces.append(Trace(cells.cell, _REST, fresh, (span, span, span)))
        cells.cell = fresh

    def _open_cells(self, cells: Cells) -> None:
        """Say of which statement a collection is the value, once it has a member."""
        outer = self._open[-2] if len(self._open) > 1 else None
        if outer is None or cells.head is None:
            return
        value = outer.verbs[-1].values[-1] if isinstance(outer, Block) else Member((cells.begin,) * 2, True)
        value.is_nested = True
        self._say(cells.head, value, below=1, span=(cells.begin, cells.begin + 1))

    def _close_cells(self, cells: Cells, end: int) -> None:
        self._open.pop()
        span = (end - 1, end)
        if cells.cell is not None:
            self.traces.append(Trace(cells.cell, _REST, _NIL, (span, span, span)))
        if not self._open:
            self._begin(cells.head or _NIL, (cells.begin, cells.begin + 1), is_bracket=False)
            self._block().has_more_subject = True
            self._state = self._verb
            return
        self._end_value(end)
        if cells.cell is None:
            outer = self._open[-1]
            site = outer.verbs[-1].values[-1] if isinstance(outer, Block) else Member((cells.begin, end))
            self._say(_NIL, site)
        self._state = self._next()

    def _end_value(self, end: int) -> None:
        top = self._open[-1]
        if isinstance(top, Block):
            value = top.verbs[-1].values[-1]
            value.span = (value.span[0], end)

    def _say(self, term: Term, site: Value | Member, *, below: int = 0, span: Span | None = None) -> None:
        """Write down a statement whose value has come."""
        top = self._open[-1 - below]
        where = span or site.span
        if isinstance(top, Cells):
            cell = top.cell or _NIL
            self.traces.append(Trace(cell, _FIRST, term, ((top.begin, top.begin + 1), where, where), site))
        elif top.subject is not None:
            verb = top.verbs[-1]
            places = (top.opening, verb.span, where)
            self.traces.append(Trace(top.subject, verb.predicate, term, places, site))

    def _after(self, kind: str, start: int, end: int, raw: str) -> None:
        block = self._block()
        if raw == ";":
            block.verbs[-1].semicolons.append((start, end))
            self._state = self._verb
        elif raw == "," and block.verbs:
            block.verbs[-1].values[-1].comma = (start, end)
            self._state = self._object
        elif raw in (".", "}") and not block.is_bracket:
            block.close = (start, end)
            self._open.pop()
            self._state = self._subject
        elif raw == "]" and block.is_bracket:
            self._close_bracket(block, start, end)
        elif kind in _SUBJECTS:  # in N-Quads a graph is named behind the object
            block.graph = raw
        else:
            self._state = self._lost

    def _close_bracket(self, block: Block, start: int, end: int) -> None:
        block.close = (start, end)
        self._open.pop()
        if not self._open:
            self._begin_after(block)
            return
        top = self._open[-1]
        site = top.verbs[-1].values[-1] if isinstance(top, Block) else Member((start, end))
        site.is_nested = bool(block.verbs)
        site.span = (block.opening[0], end)
        self._say(block.subject or _NIL, site, span=block.opening)
        self._state = self._next()

    def _begin_after(self, bracket: Block) -> None:
        """Go on behind square brackets that begin a sentence: their node is its subject."""
        self._begin(bracket.subject, bracket.opening, is_bracket=False)
        self._block().has_more_subject = bool(bracket.verbs)
        self._state = self._verb

    def _begin(self, subject: Term | None, span: Span, *, is_bracket: bool) -> None:
        self._open.append(Block(subject, span, is_bracket))
        self.blocks.append(self._block())

    def _block(self) -> Block:
        top = self._open[-1]
        return top if isinstance(top, Block) else Block(None, (top.begin, top.begin), is_bracket=False)

    def _next(self) -> State:
        return self._after if isinstance(self._open[-1], Block) else self._object

    def _term(self, kind: str, raw: str) -> Term | None:
        if kind == "blank":
            if raw not in self._blanks:
                self._blanks[raw] = BlankNode("l" + raw[2:])
                self.labelled.add(self._blanks[raw])
            return self._blanks[raw]
        return self.names.term(kind, raw)

    def _fresh(self) -> Term:
        return BlankNode()
