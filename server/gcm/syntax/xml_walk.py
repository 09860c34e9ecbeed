"""A walk through an RDF/XML text: each statement with the places of its terms (RDF/XML section 7)."""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from pyoxigraph import BlankNode, Literal, NamedNode

from gcm.syntax.terms import resolved
from gcm.syntax.trace import Span, Term, Trace
from gcm.vocab import PREFIXES

RDF = PREFIXES["rdf"]
XML = "http://www.w3.org/XML/1998/namespace"
TYPE = NamedNode(RDF + "type")
_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_PARTS = ("subject", "predicate", "object")
_NAME = re.compile(r"<([^\s/>]+)")
_ATTRIBUTE = re.compile(r"\s+([^\s=]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
#: Attributes that say no statement by themselves.
_NODE_NAMES = frozenset({RDF + "about", RDF + "ID", RDF + "nodeID"})
_SILENT = (XML, "xmlns")
_PROPERTY_NAMES = frozenset(RDF + name for name in ("ID", "resource", "nodeID", "datatype", "parseType"))


@dataclass(slots=True, eq=False)
class Attribute:
    """One attribute: the IRI of its name, its value, and the places of it all, its name and its value."""

    iri: str
    value: str
    span: Span
    name: Span
    text: Span


@dataclass(slots=True, eq=False)
class Element:
    """One element: a thing, a property of the thing that it stands in, or the root (neither)."""

    iri: str
    start: int
    name: Span
    tag_end: int
    attributes: dict[str, Attribute]
    scope: dict[str, str]
    parent: "Element | None"
    is_empty: bool
    language: str = ""
    base: str | None = None
    end: int = 0
    close: int = 0
    is_node: bool = False
    subject: Term | None = None
    predicate: NamedNode | None = None
    parse_type: str = ""
    text: str = ""
    child: "Element | None" = None
    items: "list[Element]" = field(default_factory=list)
    numbers: int = 0
    before: int = 0
    statements: int = 0
    has_inner: bool = False

    def attribute(self, iri: str) -> Attribute | None:
        """Give the attribute of a name."""
        return self.attributes.get(iri)

    @property
    def token(self) -> Span:
        """The place that names the thing: its address if it has one, else the name of the element."""
        named = (self.attribute(name) for name in _NODE_NAMES)
        return next((each.text for each in named if each), self.name)


@dataclass(slots=True, eq=False)
class Site:
    """Where a statement is made: by an element (a type, a property) or by an attribute of it."""

    element: Element
    attribute: Attribute | None = None


class XmlWalk:
    """The traces of a well-formed RDF/XML text, and its elements that are things."""

    def __init__(self, text: str) -> None:
        self.traces: list[Trace] = []
        self.nodes: dict[Term, Element] = {}
        self.root: Element | None = None
        #: The blank nodes that have a name in the text.
        self.labelled: dict[Term, str] = {}
        self._text = text
        self._data = text.encode()
        self._seen = (0, 0)
        self._open: list[Element] = []
        self._blanks: dict[str, Term] = {}
        self._parser = expat.ParserCreate("utf-8")
        self._parser.ordered_attributes = True
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.Parse(self._data, True)

    def _offset(self) -> int:
        """Give the place in the text that the XML parser has come to; it counts bytes."""
        byte, character = self._seen
        now = self._parser.CurrentByteIndex
        if now > byte:
            self._seen = (now, character + len(self._data[byte:now].decode()))
        return self._seen[1]

    def _start(self, name: str, values: list[str]) -> None:
        start = self._offset()
        parent = self._open[-1] if self._open else None
        element = self._element(name, values, start, parent)
        self._open.append(element)
        element.before = len(self.traces)
        if parent is None and element.iri == RDF + "RDF":
            self.root = element
        elif parent is None or not (parent.is_node or parent.parse_type == "Resource"):
            self._begin_node(element)
        else:
            self._begin_property(element, parent)

    def _element(self, name: str, values: list[str], start: int, parent: Element | None) -> Element:
        scope = parent.scope if parent else {}
        for key, value in zip(values[::2], values[1::2], strict=True):
            if key == "xmlns" or key.startswith("xmlns:"):
                scope = {**scope, key[6:]: value}
        places, position = [], start + 1 + len(name)
        while found := _ATTRIBUTE.match(self._text, position):
            places.append((found.span(), found.span(1), (found.start(2) + 1, found.end(2) - 1)))
            position = found.end()
        tag_end = self._text.index(">", position) + 1
        attributes = {}
        for key, value, place in zip(values[::2], values[1::2], places, strict=False):
            iri = _expanded(key, scope)
            attributes[iri] = Attribute(iri, value, *place)
        element = Element(
            _expanded(name, scope),
            start,
            (start + 1, start + 1 + len(name)),
            tag_end,
            attributes,
            scope,
            parent,
            self._text[tag_end - 2] == "/",
        )
        language, base = element.attribute(XML + "lang"), element.attribute(XML + "base")
        element.language = language.value if language else parent.language if parent else ""
        element.base = base.value if base else parent.base if parent else None
        return element

    def _begin_node(self, element: Element) -> None:
        element.is_node = True
        element.subject = self._named(element)
        self.nodes.setdefault(element.subject, element)
        if element.iri != RDF + "Description":
            self._say(element, TYPE, NamedNode(element.iri), element.name, element.name, Site(element))
        self._say_attributes(element, _NODE_NAMES)

    def _say_attributes(self, element: Element, silent: frozenset[str]) -> None:
        for each in reversed(element.attributes.values()):
            if each.iri in silent or each.iri.startswith(_SILENT):
                continue
            iri = self._iri(each.value, element) if each.iri == TYPE.value else None
            value = iri or _literal(each.value, element.language)
            self._say(element, NamedNode(each.iri), value, each.name, each.text, Site(element, each))

    def _begin_property(self, element: Element, parent: Element) -> None:
        if element.iri == RDF + "li":
            parent.numbers += 1
        element.predicate = NamedNode(f"{RDF}_{parent.numbers}" if element.iri == RDF + "li" else element.iri)
        kind = element.attribute(RDF + "parseType")
        element.parse_type = kind.value if kind else ""
        if element.parse_type == "Resource":
            element.subject = self._blank(None)
            self.nodes.setdefault(element.subject, element)
            self._say_property(element, element.subject, element.name)
            element.before = len(self.traces)

    def _characters(self, data: str) -> None:
        if self._open:
            self._open[-1].text += data

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        element.close = element.tag_end if element.is_empty else self._offset()
        element.end = element.tag_end if element.is_empty else self._text.index(">", element.close) + 1
        element.has_inner = len(self.traces) > element.before
        if element.is_node and element.parent:
            element.parent.child = element
            element.parent.items.append(element)
        elif element.predicate is not None:
            self._end_property(element)

    def _end_property(self, element: Element) -> None:
        if element.parse_type == "Collection":
            self._end_collection(element)
        elif element.child is not None and not element.parse_type:
            self._say_property(element, element.child.subject, element.child.token)
        elif not element.parse_type:
            self._say_property(element, *self._leaf(element))

    def _leaf(self, element: Element) -> tuple[Term | None, Span]:
        """Give the value of a property without elements in it: a thing elsewhere, a node, or a text."""
        resource, node = element.attribute(RDF + "resource"), element.attribute(RDF + "nodeID")
        if resource:
            return self._iri(resource.value, element), resource.text
        if node:
            return self._blank(node.value), node.text
        others = [
            each
            for each in element.attributes.values()
            if each.iri not in _PROPERTY_NAMES and not each.iri.startswith(_SILENT)
        ]
        if others:
            element.subject = self._blank(None)
            self._say_attributes(element, _PROPERTY_NAMES)
            element.has_inner = True
            return element.subject, element.name
        datatype = element.attribute(RDF + "datatype")
        kind = self._iri(datatype.value, element) if datatype else None
        span = element.name if element.is_empty else (element.tag_end, element.close)
        return (
            Literal(element.text, datatype=kind) if kind else _literal(element.text, element.language)
        ), span

    def _end_collection(self, element: Element) -> None:
        element.has_inner = bool(element.items)
        cells = [self._blank(None) for _ in element.items]
        self._say_property(element, cells[0] if cells else _NIL, element.name)
        for cell, following, member in zip(cells, [*cells[1:], _NIL], element.items, strict=False):
            spans = (member.token,) * 3
            self.traces.append(Trace(cell, _REST, following, spans))
            if member.subject is not None:
                self.traces.append(Trace(cell, _FIRST, member.subject, spans))

    def _say_property(self, element: Element, value: Term | None, span: Span) -> None:
        parent, predicate = element.parent, element.predicate
        if value is None or parent is None or predicate is None:
            return
        self._say(parent, predicate, value, element.name, span, Site(element))
        reified = element.attribute(RDF + "ID")
        node = self._iri("#" + reified.value, element) if reified else None
        if reified and node and parent.subject:
            said = dict(zip(reversed(_PARTS), (value, predicate, parent.subject), strict=True))
            spans = (reified.text,) * 3
            self.traces += [Trace(node, NamedNode(RDF + part), term, spans) for part, term in said.items()]
            self.traces.append(Trace(node, TYPE, NamedNode(RDF + "Statement"), spans))

    def _say(
        self, node: Element, predicate: NamedNode, value: Term, verb: Span, at: Span, site: Site
    ) -> None:
        if node.subject is None:
            return
        node.statements += 1
        self.traces.append(Trace(node.subject, predicate, value, (node.token, verb, at), site))

    def _named(self, element: Element) -> Term:
        about, own = element.attribute(RDF + "about"), element.attribute(RDF + "ID")
        node = element.attribute(RDF + "nodeID")
        if about or own:
            found = self._iri(about.value if about else f"#{own.value if own else ''}", element)
            return found or self._blank(None)
        return self._blank(node.value if node else None)

    def _iri(self, value: str, element: Element) -> NamedNode | None:
        return resolved(f"<{value}>", element.base)

    def _blank(self, label: str | None) -> Term:
        if label is None:
            return BlankNode()
        if label not in self._blanks:
            self._blanks[label] = BlankNode("l" + label)
            self.labelled[self._blanks[label]] = label
        return self._blanks[label]


def _expanded(name: str, scope: dict[str, str]) -> str:
    """Give the IRI that a name stands for; of declarations, their own name."""
    prefix, _, local = name.rpartition(":")
    if prefix == "xml":
        return XML + local
    return name if name == "xmlns" or prefix == "xmlns" else scope.get(prefix, "") + local


def _literal(text: str, language: str) -> Literal:
    return Literal(text, language=language) if language else Literal(text)
