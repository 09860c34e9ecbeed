"""A walk through a JSON-LD text: each statement with the places of its terms (JSON-LD 1.1 API section 5)."""

from dataclasses import dataclass, replace

from pyoxigraph import BlankNode, Literal, NamedNode

from gcm.syntax.json_context import Context, Definition, native, term_of
from gcm.syntax.json_text import Json, scan
from gcm.syntax.trace import Span, Term, Trace
from gcm.vocab import PREFIXES

_RDF = PREFIXES["rdf"]
_TYPE, _FIRST, _REST, _NIL = (NamedNode(_RDF + name) for name in ("type", "first", "rest", "nil"))
#: Containers whose objects are keyed by something that is no property.
_KEYED = frozenset({"@language", "@index", "@id", "@type", "@graph"})
_PLAIN = Definition(None)


@dataclass(slots=True, eq=False)
class Site:
    """Where a statement is made: the object of its subject, the member that is its property, its value.

    `is_free` if the value can be another without changing more: it stands directly under its property, and
    no other statement rests on it. `nodes` are the places of subject, property and value in the text.
    """

    holder: Json
    member: Json
    value: Json
    definition: Definition
    context: Context
    is_free: bool


class JsonWalk:
    """The traces of a well-formed JSON-LD text, and its objects that are nodes."""

    def __init__(self, text: str) -> None:
        self.traces: list[Trace] = []
        self.nodes: dict[Term, Json] = {}
        self.contexts: dict[Term, Context] = {}
        self.blanks: dict[str, BlankNode] = {}
        self.top = scan(text)
        self._counts: dict[Json, int] = {}
        self._roots(self.top, Context())

    def statements_of(self, node: Json) -> int:
        """Count the statements that an object makes of its node."""
        return self._counts.get(node, 0)

    def _roots(self, value: Json, context: Context) -> None:
        if value.kind == "[":
            for each in value.items:
                self._roots(each, context)
        elif value.kind == "{":
            self._node(value, context)

    def _node(self, value: Json, outer: Context) -> Term | None:
        """Read an object that is a node; give the node."""
        context = outer.within(value.member("@context"))
        keys = [(context.iri(str(each.step), is_key=True), each) for each in value.members]
        types = [item.text for key, each in keys if key == "@type" for item in _items(each) if item.is_text]
        for each in sorted(types):
            scoped = context.terms.get(each, _PLAIN).context
            context = context.within(scoped) if scoped is not None else context
        name = next((each for key, each in keys if key == "@id" and each.is_text), None)
        found = context.iri(name.text, is_key=False) if name else None
        node = term_of(found, self.blanks) if found else None if name else BlankNode()
        if node is None:
            return None
        if any(key not in ("@id", "@context", "@index") for key, _ in keys):
            self.nodes.setdefault(node, value)
            self.contexts.setdefault(node, context)
        self._members(node, value, value, context)
        return node

    def _members(self, node: Term, holder: Json, value: Json, context: Context) -> None:
        keys = [(context.iri(str(each.step), is_key=True), each) for each in value.members]
        for _, member in (pair for pair in keys if pair[0] == "@type"):
            self._types(node, holder, member, context)
        for key, member in keys:
            if key in ("@graph", "@included"):
                self._roots(member, context)
            elif key == "@reverse":
                self._reverses(node, holder, member, context)
            elif key == "@nest":
                for each in _items(member):
                    self._members(node, holder, each, context)
            elif key and not key.startswith("@"):
                self._property(node, holder, member, context, key)

    def _types(self, node: Term, holder: Json, member: Json, context: Context) -> None:
        for value in _items(member):
            iri = context.iri(value.text, is_key=True) if value.is_text else None
            term = term_of(iri, self.blanks) if iri else None
            if term:
                definition = Definition(_TYPE.value, kind="@vocab")
                self._say(node, _TYPE, term, Site(holder, member, value, definition, context, is_free=True))

    def _reverses(self, node: Term, holder: Json, member: Json, context: Context) -> None:
        for each in member.members:
            iri = context.iri(str(each.step), is_key=True)
            if iri:
                definition = replace(context.terms.get(str(each.step), _PLAIN), is_reverse=True)
                self._values(node, holder, each, context, (iri, definition))

    def _property(self, node: Term, holder: Json, member: Json, context: Context, iri: str) -> None:
        definition = context.terms.get(str(member.step), _PLAIN)
        inner = context.within(definition.context) if definition.context is not None else context
        self._values(node, holder, member, inner, (iri, definition))

    def _values(
        self, node: Term, holder: Json, member: Json, context: Context, verb: tuple[str, Definition]
    ) -> None:
        iri, definition = verb
        predicate = term_of(iri, self.blanks)
        if not isinstance(predicate, NamedNode):
            return
        if "@list" in definition.containers:
            head = self._list(_items(member), context, definition, member)
            self._say(node, predicate, head, Site(holder, member, member, definition, context, is_free=False))
            return
        keyed = definition.containers & _KEYED and member.kind == "{"
        values = [item for each in member.members for item in _items(each)] if keyed else _flat(member)
        for value in values:
            own = definition
            if keyed and "@language" in definition.containers:
                own = replace(definition, language=_language(value))
            self._value(node, predicate, value, Site(holder, member, value, own, context, is_free=not keyed))

    def _value(self, node: Term, predicate: NamedNode, value: Json, site: Site) -> None:
        """Read one value of a property."""
        listed = self._part(value, "@list", site.context)
        grouped = self._part(value, "@set", site.context)
        if listed is not None:
            head = self._list(_items(listed), site.context, site.definition, value)
            site.is_free = False
            self._say(node, predicate, head, site)
        elif grouped is not None:
            for each in _items(grouped):
                self._value(node, predicate, each, replace(site, value=each))
        else:
            at = len(self.traces)
            term = self._term(value, site.context, site.definition)
            site.is_free = site.is_free and len(self.traces) == at
            if term is not None:
                self._say(node, predicate, term, site, at=at)

    def _term(self, value: Json, context: Context, definition: Definition) -> Term | None:
        if value.kind == "{":
            if self._part(value, "@value", context) is not None:
                return self._typed(value, context)
            return self._node(value, context)
        if value.raw == "null" and not value.is_text:
            return None
        if value.is_text and definition.kind in ("@id", "@vocab"):
            iri = context.iri(value.text, is_key=definition.kind == "@vocab")
            iri = iri or context.iri(value.text, is_key=False)
            return term_of(iri, self.blanks) if iri else None
        return context.literal(value, definition)

    def _typed(self, value: Json, context: Context) -> Literal | None:
        """Read a value object (JSON-LD 1.1 section 9.5)."""
        parts = {context.iri(str(each.step), is_key=True): each for each in value.members}
        content, kind, language = parts["@value"], parts.get("@type"), parts.get("@language")
        if content.kind in ("{", "["):
            return None
        if language is not None and language.is_text:
            return Literal(content.text, language=language.text)
        iri = context.iri(kind.text, is_key=True) if kind is not None and kind.is_text else None
        raw = content.text if content.is_text else content.raw
        written, usual = native(raw, iri, is_text=content.is_text)
        return (
            None
            if raw == "null" and not content.is_text
            else Literal(written, datatype=NamedNode(iri or usual))
        )

    def _part(self, value: Json, keyword: str, context: Context) -> Json | None:
        if value.kind != "{":
            return None
        return next(
            (each for each in value.members if context.iri(str(each.step), is_key=True) == keyword), None
        )

    def _list(self, items: list[Json], context: Context, definition: Definition, holder: Json) -> Term:
        cells = [BlankNode() for _ in items]
        rests: list[Term] = [*cells[1:], _NIL]
        for cell, following, item in zip(cells, rests, items, strict=False):
            site = Site(holder, item, item, definition, context, is_free=False)
            at = len(self.traces)
            term = self._term(item, context, definition)
            spans = (holder.span, item.span, item.span)
            if term is not None:
                self.traces.insert(at, Trace(cell, _FIRST, term, spans, site))
            self.traces.append(Trace(cell, _REST, following, spans, site))
        return cells[0] if cells else _NIL

    def _say(
        self, node: Term, predicate: NamedNode, value: Term, site: Site, *, at: int | None = None
    ) -> None:
        self._counts[site.holder] = self._counts.get(site.holder, 0) + 1
        spans = (name_span(site.holder), site.member.key or site.member.span, site.value.span)
        subject, said = (value, node) if site.definition.is_reverse else (node, value)
        if site.definition.is_reverse:
            spans, site.is_free = spans[::-1], False
            spans = (spans[0], (site.member.key or site.member.span), spans[2])
        trace = Trace(subject, predicate, said, spans, site)
        self.traces.insert(len(self.traces) if at is None else at, trace)


def name_span(node: Json) -> Span:
    """Give the place that names a node: the value of its @id, else where its object begins."""
    name = node.member("@id")
    return name.span if name is not None else (node.start, node.start + 1)


def _items(value: Json) -> list[Json]:
    return value.items if value.kind == "[" else [value]


def _flat(value: Json) -> list[Json]:
    """Give the values of an array, and of arrays in it."""
    return [each for item in value.items for each in _flat(item)] if value.kind == "[" else [value]


def _language(value: Json) -> str | None:
    """Give the key of a language map that a text stands under."""
    holder = value if value.parent is None or value.parent.kind == "{" else value.parent
    return None if holder.step == "@none" else str(holder.step)
