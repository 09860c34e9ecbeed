"""Changing one statement of a JSON-LD text; all other values, and the layout, stay as they are."""

import json
import re
from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from gcm.syntax.json_context import Context, Definition, native
from gcm.syntax.json_text import Json
from gcm.syntax.json_walk import JsonWalk, Site
from gcm.syntax.scribe import Change
from gcm.syntax.trace import Part, Span, Term, Trace
from gcm.vocab import PREFIXES

_XSD = PREFIXES["xsd"]
_RDF_TYPE = PREFIXES["rdf"] + "type"
_PLAIN = Definition(None)
_VALUE_KEYS = frozenset({"@id", "@value", "@type", "@language"})
_BARE = re.compile(r"-?(?:0|[1-9][0-9]{0,14})|true|false")


class JsonScribe:
    """One JSON-LD text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._walk = JsonWalk(text)
        self._labels = {node: label for label, node in self._walk.blanks.items()}
        self._values = {id(trace.site.value) for trace in self._walk.traces if isinstance(trace.site, Site)}

    @property
    def traces(self) -> list[Trace]:
        """The statements, about in the order of the parser."""
        return self._walk.traces

    def pointer(self, trace: Trace, part: Part) -> str | None:
        """Give the JSON pointer of a term: of the value of @id, of the property, of its value."""
        site = trace.site
        if not isinstance(site, Site):
            return None
        name = site.holder.member("@id")
        nodes = [name or site.holder, site.member, site.value]
        return (nodes[::-1] if site.definition.is_reverse else nodes)[part.value].pointer

    def begin(self, node: Term) -> tuple[Span, str] | None:
        """Find the first object that says something of a node."""
        found = self._walk.nodes.get(node)
        return ((found.start, found.start + 1), found.pointer) if found else None

    def replace(self, trace: Trace, part: Part, new: Term) -> list[Change] | None:
        """Write another term in the place of one."""
        site = trace.site
        if not isinstance(site, Site) or not site.is_free:
            return None
        if part is Part.OBJECT:
            return self._replace_object(site, new)
        if part is Part.PREDICATE:
            return self._replace_predicate(site, trace, new)
        return self._replace_subject(site, trace, new)

    def _replace_object(self, site: Site, new: Term) -> list[Change] | None:
        written = self._written(new, site.definition, site.context)
        if written is None or not {str(each.step) for each in site.value.members} <= _VALUE_KEYS:
            return None
        return [(*site.value.span, written)]

    def _replace_predicate(self, site: Site, trace: Trace, new: Term) -> list[Change] | None:
        if not isinstance(new, NamedNode):
            return None
        key, definition = self._key(new.value, site.context)
        written = self._written(trace.value, definition, site.context)
        is_sole = site.member is site.value and site.member.parent is site.holder
        is_new = key is not None and site.holder.member(key) is None
        if not is_sole or not is_new or site.member.key is None or written is None:
            return self._moved(trace, trace.subject, new)
        return [(*site.member.key, json.dumps(key, ensure_ascii=False)), (*site.value.span, written)]

    def _replace_subject(self, site: Site, trace: Trace, new: Term) -> list[Change] | None:
        name = site.holder.member("@id")
        is_alone = self._walk.statements_of(site.holder) == 1 and id(site.holder) not in self._values
        if name is None or not is_alone:
            return self._moved(trace, new, trace.predicate)
        says = self._address(new, site.context)
        return None if says is None else [(*name.span, says)]

    def _moved(self, trace: Trace, subject: Term, predicate: Term) -> list[Change] | None:
        removal, addition = self.remove(trace), self.add(subject, predicate, trace.value)
        return None if removal is None or addition is None else removal + addition

    def remove(self, trace: Trace) -> list[Change] | None:
        """Take a statement away: a value of several, or a key with its only value."""
        site = trace.site
        if not isinstance(site, Site) or not site.is_free:
            return None
        parent, value = site.value.parent, site.value
        if value is site.member or (parent is site.member and len(parent.items) == 1):
            holder = site.member.parent
            return [_without(site.member, holder.members)] if holder is not None else None
        return [_without(value, parent.items)] if parent is not None and parent.kind == "[" else None

    def add(self, subject: Term, predicate: Term, value: Term) -> list[Change] | None:
        """Say one thing more of a node, in its first object; else in an object of its own."""
        if not isinstance(predicate, NamedNode):
            return None
        holder = self._walk.nodes.get(subject)
        if holder is None:
            return self._described(subject, predicate, value)
        context = self._walk.contexts[subject]
        key, definition = self._key(predicate.value, context)
        written = self._written(value, definition, context)
        if key is None or written is None:
            return None
        there = holder.member(key)
        if there is None:
            return [self._put(holder.members, f"{json.dumps(key, ensure_ascii=False)}: {written}")]
        if there.kind != "[":
            return [(there.start, there.start, "["), (there.end, there.end, f", {written}]")]
        return (
            [self._put(there.items, written)]
            if there.items
            else [(there.start + 1, there.start + 1, written)]
        )

    def _put(self, beside: Sequence[Json], written: str) -> Change:
        """Write something behind the last of its kind, laid out as that one."""
        last = beside[-1]
        start = last.key[0] if last.key else last.start
        begin = self._text.rfind("\n", 0, start) + 1
        indent = self._text[begin:start]
        gap = f"\n{indent}" if begin and not indent.strip() else " "
        return (last.end, last.end, f",{gap}{written}")

    def _described(self, subject: Term, predicate: NamedNode, value: Term) -> list[Change] | None:
        """Write an object of its own for a node, behind the last one at the top of the text."""
        top, context = self._walk.top, Context()
        if top.kind == "{":
            context = context.within(top.member("@context"))
            graph = top.member("@graph")
            if graph is None or any(str(each.step) not in ("@context", "@graph") for each in top.members):
                return None
            top = graph
        key, definition = self._key(predicate.value, context)
        written, address = self._written(value, definition, context), self._address(subject, context)
        if top.kind != "[" or not top.items or key is None or written is None or address is None:
            return None
        return [
            self._put(top.items, f'{{"@id": {address}, {json.dumps(key, ensure_ascii=False)}: {written}}}')
        ]

    def _key(self, iri: str, context: Context) -> tuple[str | None, Definition]:
        """Give a key for a property, and how values are read under it; None where the context leaves none."""
        if iri == _RDF_TYPE:
            return "@type", Definition(iri, kind="@vocab")
        for name, definition in context.terms.items():
            is_plain = not definition.containers and not definition.is_reverse and definition.context is None
            if definition.iri == iri and is_plain:
                return name, definition
        for key in (*_compacted(iri, context), iri):
            if key not in context.terms and context.iri(key, is_key=True) == iri:
                return key, _PLAIN
        return None, _PLAIN

    def _address(self, term: Term, context: Context, *, is_type: bool = False) -> str | None:
        """Write a node as a text; None where the context would read something else."""
        if isinstance(term, Literal):
            return None
        says = term.value if isinstance(term, NamedNode) else self._labels.get(term)
        if says is None:
            return None
        known = (name for name, each in context.terms.items() if is_type and each.iri == says)
        for text in (*known, *_compacted(says, context), says):
            if context.iri(text, is_key=is_type) == says:
                return json.dumps(text, ensure_ascii=False)
        return None

    def _written(self, term: Term, definition: Definition, context: Context) -> str | None:
        """Write a value under a key, as plainly as the key's definition allows."""
        if isinstance(term, Literal):
            return self._literal(term, definition, context)
        if definition.iri == _RDF_TYPE and definition.kind == "@vocab":
            return self._address(term, context, is_type=True)
        address = self._address(term, context)
        if address is None or definition.kind == "@id":
            return address
        return f'{{"@id": {address}}}'

    def _literal(self, literal: Literal, definition: Definition, context: Context) -> str | None:
        if definition.iri == _RDF_TYPE and definition.kind == "@vocab":
            return None
        text, kind = json.dumps(literal.value, ensure_ascii=False), literal.datatype.value
        language = context.language if definition.language == "" else definition.language
        if literal.language:
            is_usual = definition.kind is None and language == literal.language
            return text if is_usual else f'{{"@value": {text}, "@language": "{literal.language}"}}'
        if kind == definition.kind:
            return text
        if kind == _XSD + "string":
            return text if definition.kind is None and not language else f'{{"@value": {text}}}'
        is_bare = definition.kind is None and _BARE.fullmatch(literal.value)
        if is_bare and native(literal.value, None, is_text=False) == (literal.value, kind):
            return literal.value
        address = self._address(literal.datatype, context, is_type=True)
        return None if address is None else f'{{"@value": {text}, "@type": {address}}}'


def _compacted(iri: str, context: Context) -> list[str]:
    """Give the ways to write an IRI with a prefix of the context, the shortest first."""
    found = [
        f"{name}:{iri[len(each.iri) :]}"
        for name, each in context.terms.items()
        if each.iri and each.iri != iri and iri.startswith(each.iri) and each.iri[-1] in "/#:?"
    ]
    return sorted(found, key=len)


def _without(value: Json, siblings: Sequence[Json]) -> Change:
    """Take a value (and its key) away, with one comma."""
    position = next(index for index, each in enumerate(siblings) if each is value)
    start = _start(value)
    if position + 1 < len(siblings):
        return (start, _start(siblings[position + 1]), "")
    return (siblings[position - 1].end, value.end, "") if position else (start, value.end, "")


def _start(value: Json) -> int:
    return value.key[0] if value.key else value.start
