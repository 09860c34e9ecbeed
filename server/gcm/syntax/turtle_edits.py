"""Changing one statement of a Turtle-like text: its commas, semicolons, layout and comments stay right."""

import re

from pyoxigraph import BlankNode, NamedNode

from gcm.syntax.scribe import Change
from gcm.syntax.sentences import Block, Member, Value, Verb
from gcm.syntax.trace import Part, Span, Term, Trace
from gcm.syntax.walk import Walk
from gcm.vocab import PREFIXES

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_BESIDE = re.compile(r"[\s;,.\[\](){}]")
_BLANK = re.compile(r"[ \t]*")
_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=\r?\n|\Z)")
_EMPTY_LINE_END = re.compile(r"[ \t]*\r?\n")


class TurtleScribe:
    """One text in Turtle or TriG, or in N-Triples or N-Quads, which have no short forms."""

    def __init__(self, text: str, *, has_short_forms: bool) -> None:
        self._text = text
        self._walk = Walk(text)
        self._short = has_short_forms
        self._blocks: dict[Term, Block] = {}
        self.traces = self._walk.traces
        for block in self._walk.blocks:
            if block.subject is not None:
                self._blocks.setdefault(block.subject, block)

    def begin(self, node: Term) -> tuple[Span, None] | None:
        """Find where the first sentence about a node begins."""
        block = self._blocks.get(node)
        return (block.opening, None) if block else None

    def pointer(self, _trace: Trace, _part: Part) -> None:
        """Give nothing: pointers are for JSON."""

    def replace(self, trace: Trace, part: Part, new: Term) -> list[Change] | None:
        """Write another term in place of one: in its token if only this statement uses that."""
        if part is Part.OBJECT:
            return self._replace_object(trace, new)
        if not isinstance(trace.site, Value) or trace.site.is_nested:
            return None
        verb = trace.site.verb
        sole_value = len(verb.values) == 1
        if part is Part.PREDICATE:
            if sole_value:
                return self._token(verb.span, new, is_predicate=True)
            return self._moved(trace, self._within(verb, new, trace))
        if sole_value and len(verb.block.verbs) == 1 and not self._is_bound(verb.block):
            return self._token(verb.block.opening, new)
        return self._moved(trace, self._beside(verb.block, new, trace))

    def _beside(self, block: Block, subject: Term, trace: Trace) -> list[Change] | None:
        """Write a sentence about another subject behind the sentence that has said it."""
        if block.is_bracket or block.close is None or not isinstance(trace.site, Value):
            return None
        at, end = block.close
        first, verb = (
            self._written(subject, at),
            self._written(trace.predicate, at, is_predicate=True),
        )
        said = f"{first} {verb} {self._text[slice(*trace.site.span)]}"
        if first is None:
            return None
        return [(end, end, f"\n{said} .")] if self._text[at] == "." else [(at, at, f" . {said} ")]

    def _replace_object(self, trace: Trace, new: Term) -> list[Change] | None:
        site = trace.site
        if not isinstance(site, Value | Member) or site.is_nested:
            return None
        return self._token(site.span, new)

    def _is_bound(self, block: Block) -> bool:
        """Whether the subject of a block is written in brackets: no other can stand there."""
        return block.is_bracket or block.has_more_subject or self._text[block.opening[0]] in "[("

    def _token(self, span: Span, new: Term, *, is_predicate: bool = False) -> list[Change] | None:
        start, end = span
        text = self._written(new, start, is_predicate=is_predicate)
        if text is None:
            return None
        before = "" if start == 0 or _BESIDE.match(self._text, start - 1) else " "
        after = "" if end == len(self._text) or self._text[end].isspace() else " "
        if after and self._text[end] in ";,])" and not text[-1].isdigit():
            after = ""
        return [(start, end, before + text + after)]

    def _written(self, term: Term, at: int, *, is_predicate: bool = False) -> str | None:
        """Write a term for a place; None for a blank node that has no name in this text."""
        if is_predicate and term == _TYPE and self._short:
            return "a"
        if isinstance(term, BlankNode):
            return f"_:{term.value[1:]}" if term in self._walk.labelled else None
        return self._walk.names.write(term, at=at, bare=self._short)

    def _moved(self, trace: Trace, addition: list[Change] | None) -> list[Change] | None:
        removal = self.remove(trace)
        return None if removal is None or addition is None else removal + addition

    def _within(self, verb: Verb, predicate: Term, trace: Trace) -> list[Change] | None:
        """State a value of one predicate under another, behind all values of the first."""
        value = self._text[slice(*trace.site.span)] if isinstance(trace.site, Value) else ""
        return self._said(verb, predicate, value)

    def remove(self, trace: Trace) -> list[Change] | None:
        """Take a statement away: a value, a predicate with its only value, or the whole sentence."""
        value = trace.site
        if not isinstance(value, Value) or value.is_nested:
            return None
        verb = value.verb
        if len(verb.values) > 1:
            return self._without_value(verb, value)
        if len(verb.block.verbs) > 1:
            return self._without_verb(verb)
        return self._without_block(verb.block, value)

    def _without_value(self, verb: Verb, value: Value) -> list[Change]:
        position = verb.values.index(value)
        if value.comma:
            following = verb.values[position + 1].span[0]
            if self._is_empty(value.span[1], value.comma[0]) and self._is_empty(value.comma[1], following):
                return [(value.span[0], following, "")]
            return self._cut(*value.span, value.comma)
        before = verb.values[position - 1]
        comma = before.comma or before.span
        if self._is_empty(before.span[1], comma[0]) and self._is_empty(comma[1], value.span[0]):
            return [(before.span[1], value.span[1], "")]
        return self._cut(*value.span, comma)

    def _without_verb(self, verb: Verb) -> list[Change]:
        start, end = verb.span[0], verb.values[-1].span[1]
        if verb.semicolons:
            last = verb.semicolons[-1][1]
            if self._is_empty(end, last):
                return [self._lines(start, last)]
            return [(start, end, ""), *((*sign, "") for sign in verb.semicolons)]
        before = verb.block.verbs[verb.block.verbs.index(verb) - 1].values[-1].span[1]
        if self._is_empty(before, start):
            return [(before, end, "")]
        return [self._lines(start, end)]

    def _without_block(self, block: Block, value: Value) -> list[Change] | None:
        verb = block.verbs[0]
        if block.is_bracket:
            return self._without_only(verb)
        if block.close is None:
            return None
        if block.has_more_subject:
            return self._without_only(verb) if self._text[block.opening[0]] == "[" else None
        stop = block.close[1] if self._text[block.close[0]] == "." else max(value.span, *verb.semicolons)[1]
        if self._is_one_piece(block, stop):
            return [self._lines(block.opening[0], stop)]
        return self._pieces(block, value)

    def _without_only(self, verb: Verb) -> list[Change]:
        """Take the only predicate away from a node in brackets, which may do without."""
        spans = [(verb.span[0], verb.values[-1].span[1]), *verb.semicolons]
        return [(start, end, "") for start, end in spans]

    def _is_one_piece(self, block: Block, stop: int) -> bool:
        return (
            "#" not in self._text[block.opening[0] : stop] or "\n" not in self._text[block.opening[0] : stop]
        )

    def _pieces(self, block: Block, value: Value) -> list[Change]:
        """Take a sentence away and leave the comments inside it."""
        verb = block.verbs[0]
        spans = [block.opening, verb.span, value.span, *verb.semicolons, block.close]
        if self._text[block.opening[0]] == "[":
            spans[0] = (block.opening[0], self._text.index("]", block.opening[0]) + 1)
        kept = [span for span in spans if span and self._text[span[0]] != "}"]
        return [(start, end, "") for start, end in kept]

    def _cut(self, start: int, end: int, sign: Span) -> list[Change]:
        """Take a stretch and the sign that belongs to it away; comments between them stay."""
        if self._is_empty(end, sign[0]) and end <= sign[0]:
            return [(start, sign[1], "")]
        return sorted([(start, end, ""), (*sign, "")])

    def _is_empty(self, start: int, end: int) -> bool:
        """Whether nothing but white space and semicolons stands between two places."""
        return not self._text[start:end].strip("; \t\r\n")

    def _lines(self, start: int, end: int) -> Change:
        """Widen a stretch to whole lines if nothing else stands on them."""
        begin = self._text.rfind("\n", 0, start) + 1
        rest = _EMPTY_LINE_END.match(self._text, end)
        if rest and self._is_empty(begin, start):
            return (begin, rest.end(), "")
        return (start, end, "")

    def add(self, subject: Term, predicate: Term, value: Term) -> list[Change] | None:
        """Say one thing more of a node: in the last line of its first sentence, or in a new one."""
        block = self._blocks.get(subject)
        at = block.opening[0] if block else len(self._text)
        written = self._written(value, at)
        if written is None:
            return None
        if block is None or not self._short:
            return self._sentence(subject, predicate, f"{written} {block.graph if block else ''}".rstrip())
        if not block.verbs:
            return self._first(block, predicate, written)
        return self._said(block.verbs[-1], predicate, written)

    def _first(self, block: Block, predicate: Term, value: str) -> list[Change] | None:
        verb = self._written(predicate, block.opening[0], is_predicate=True)
        if block.close is None or block.is_bracket is False:
            return None
        return [(block.close[0], block.close[0], f" {verb} {value} ")]

    def _said(self, after: Verb, predicate: Term, value: str) -> list[Change]:
        """Write a predicate and its value behind another predicate, laid out as that one."""
        verb = self._written(predicate, after.span[0], is_predicate=True)
        begin = self._text.rfind("\n", 0, after.span[0]) + 1
        indent = self._text[begin : after.span[0]]
        is_alone = begin > 0 and not indent.strip()
        gap = f"\n{indent}" if is_alone else " "
        if not after.semicolons:
            at = after.values[-1].span[1]
            return [(at, at, f" ;{gap}{verb} {value}")]
        at = after.semicolons[-1][1]
        rest = _REST_OF_LINE.match(self._text, at) if is_alone else None
        at = rest.end() if rest else at
        return [(at, at, f"{gap}{verb} {value} ;")]

    def _sentence(self, subject: Term, predicate: Term, value: str) -> list[Change] | None:
        """Write a sentence of its own at the end of the text."""
        at = len(self._text)
        first = self._written(subject, at)
        verb = self._written(predicate, at, is_predicate=True)
        if first is None:
            return None
        gap = "" if not self._text or self._text.endswith("\n") else "\n"
        return [(at, at, f"{gap}{first} {verb} {value} .\n")]
