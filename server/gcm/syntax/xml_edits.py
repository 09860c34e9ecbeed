"""Changing one statement of an RDF/XML text; all other elements, attributes and comments stay as they are."""

import re
from xml.sax.saxutils import escape

from pyoxigraph import BlankNode, Literal, NamedNode

from gcm.syntax.scribe import Change
from gcm.syntax.trace import Part, Span, Term, Trace
from gcm.syntax.xml_walk import RDF, TYPE, XML, Element, Site, XmlWalk
from gcm.vocab import PREFIXES

_STRING = NamedNode(PREFIXES["xsd"] + "string")
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")
_SPLIT = re.compile(r"(.*?[^A-Za-z0-9_.\-])([A-Za-z_][A-Za-z0-9_.\-]*)\Z", re.DOTALL)
#: What XML 1.0 cannot say in any way (section 2.2).
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PLAIN = frozenset({RDF + "resource", RDF + "nodeID", RDF + "datatype", XML + "lang"})
_LINE_END = re.compile(r"[ \t]*\r?\n")


class XmlScribe:
    """One RDF/XML text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._walk = XmlWalk(text)

    @property
    def traces(self) -> list[Trace]:
        """The statements, about in the order of the parser."""
        return self._walk.traces

    def begin(self, node: Term) -> tuple[Span, None] | None:
        """Find the first element of a thing."""
        element = self._walk.nodes.get(node)
        return ((element.start, element.tag_end), None) if element else None

    def pointer(self, _trace: Trace, _part: Part) -> None:
        """Give nothing: pointers are for JSON."""

    def replace(self, trace: Trace, part: Part, new: Term) -> list[Change] | None:
        """Write another term in the place of one."""
        site = trace.site
        if not isinstance(site, Site):
            return None
        if site.element.attribute(RDF + "ID") and not site.element.is_node:
            return None
        if part is Part.OBJECT:
            return self._replace_object(site, trace, new)
        if part is Part.PREDICATE:
            return self._replace_predicate(site, trace, new)
        return self._replace_subject(site, trace, new)

    def _replace_object(self, site: Site, trace: Trace, new: Term) -> list[Change] | None:
        if site.attribute:
            if isinstance(new, Literal) and new.language == (site.element.language or None) and _is_text(new):
                written = _in_attribute(new.value)
                return None if written is None else [(*site.attribute.text, written)]
            return self._said_again(site, trace, trace.predicate, new)
        if site.element.is_node:
            return (
                self._renamed(site.element, new)
                if isinstance(new, NamedNode)
                else self._said_again(site, trace, TYPE, new)
            )
        return self._replace_leaf(site.element, trace, new)

    def _replace_leaf(self, element: Element, trace: Trace, new: Term) -> list[Change] | None:
        """Write the value of a property: only the value if its kind stays, else the whole element."""
        if element.has_inner or element.child or element.parse_type or "<" in self._content(element):
            return None
        resource, old = element.attribute(RDF + "resource"), trace.value
        if resource and isinstance(new, NamedNode):
            return [(*resource.text, _in_attribute(new.value) or "")]
        if (
            isinstance(old, Literal)
            and isinstance(new, Literal)
            and _kind(old) == _kind(new)
            and not element.is_empty
        ):
            return (
                None
                if _UNSAYABLE.search(new.value)
                else [(element.tag_end, element.close, _in_text(new.value))]
            )
        if not element.attributes.keys() <= _PLAIN:
            return None
        language = element.parent.language if element.parent else ""
        written = self._property(self._text[slice(*element.name)], new, element.scope, language)
        return None if written is None else [(element.start, element.end, written)]

    def _content(self, element: Element) -> str:
        return self._text[element.tag_end : element.close]

    def _replace_predicate(self, site: Site, trace: Trace, new: Term) -> list[Change] | None:
        if not isinstance(new, NamedNode):
            return None
        if site.attribute or site.element.is_node:
            return self._said_again(site, trace, new, trace.value)
        return None if site.element.iri == RDF + "li" else self._renamed(site.element, new)

    def _renamed(self, element: Element, new: NamedNode) -> list[Change] | None:
        """Give an element another name, in both its tags."""
        name, declaration = self._qualified(new.value, element.scope)
        if not name:
            return None
        changes: list[Change] = [(*element.name, name + declaration)]
        if not element.is_empty:
            begin = element.close + 2
            changes.append((begin, begin + element.name[1] - element.name[0], name))
        return changes

    def _replace_subject(self, site: Site, trace: Trace, new: Term) -> list[Change] | None:
        node = site.element if site.attribute or site.element.is_node else site.element.parent
        about = node.attribute(RDF + "about") if node else None
        is_root = node is not None and (node.parent is None or node.parent is self._walk.root)
        if node and about and node.statements == 1 and is_root and isinstance(new, NamedNode):
            return [(*about.text, _in_attribute(new.value) or "")]
        return self._moved(trace, self._described(new, trace.predicate, trace.value))

    def _moved(self, trace: Trace, addition: list[Change] | None) -> list[Change] | None:
        removal = self.remove(trace)
        return None if removal is None or addition is None else removal + addition

    def _said_again(self, site: Site, trace: Trace, predicate: Term, value: Term) -> list[Change] | None:
        """Say something else in the place of a type or an attribute: as a property of the same thing."""
        first = self._walk.nodes.get(trace.subject)  # in which `add` would write
        is_closed = site.attribute is None and site.element.is_empty
        if trace.predicate == TYPE and first is not None:
            is_closed |= first.is_empty  # its one tag gets another name, perhaps by a second such statement
        say = self._described if is_closed else self.add
        return self._moved(trace, say(trace.subject, predicate, value))

    def remove(self, trace: Trace) -> list[Change] | None:
        """Take a statement away: an attribute, the name of a type, or a property."""
        site = trace.site
        if not isinstance(site, Site):
            return None
        element = site.element
        if site.attribute:
            return [(*site.attribute.span, "")] if element.is_node else None
        if element.is_node:
            return self._renamed(element, NamedNode(RDF + "Description"))
        if element.has_inner or element.attribute(RDF + "ID") or element.iri == RDF + "li":
            return None
        return [self._lines(element.start, element.end)]

    def _lines(self, start: int, end: int) -> Change:
        """Widen a stretch to whole lines if nothing else stands on them."""
        begin = self._text.rfind("\n", 0, start) + 1
        rest = _LINE_END.match(self._text, end)
        return (begin, rest.end(), "") if rest and not self._text[begin:start].strip() else (start, end, "")

    def add(self, subject: Term, predicate: Term, value: Term) -> list[Change] | None:
        """Say one thing more of a thing, at the end of its first element; else in an element of its own."""
        element = self._walk.nodes.get(subject)
        if element is None:
            return self._described(subject, predicate, value)
        written = self._named_property(predicate, value, element)
        if written is None:
            return None
        if element.is_empty:
            slash = self._text.rindex("/", 0, element.tag_end)
            name = self._text[slice(*element.name)]
            return [(slash, element.tag_end, f">{written}</{name}>")]
        return [self._before_close(element, written)]

    def _before_close(self, element: Element, written: str) -> Change:
        begin = self._text.rfind("\n", 0, element.close) + 1
        indent = self._text[begin : element.close]
        if begin and not indent.strip() and begin > element.tag_end:
            return (begin, begin, f"{indent}  {written}\n")
        return (element.close, element.close, written)

    def _described(self, subject: Term, predicate: Term, value: Term) -> list[Change] | None:
        """Write an element of its own for a thing, at the end of the text."""
        root = self._walk.root
        if root is None or root.is_empty:
            return None
        written = self._named_property(predicate, value, root)
        name, _ = self._qualified(RDF + "Description", root.scope)
        key = "about" if isinstance(subject, NamedNode) else "nodeID"
        says = subject.value if isinstance(subject, NamedNode) else self._walk.labelled.get(subject)
        if written is None or says is None or ":" not in name:
            return None
        attribute = f'{name.partition(":")[0]}:{key}="{_in_attribute(says)}"'
        return [self._before_close(root, f"<{name} {attribute}>{written}</{name}>")]

    def _named_property(self, predicate: Term, value: Term, element: Element) -> str | None:
        if not isinstance(predicate, NamedNode):
            return None
        name, declaration = self._qualified(predicate.value, element.scope)
        return self._property(name, value, element.scope, element.language, declaration) if name else None

    def _property(
        self, name: str, value: Term, scope: dict[str, str], language: str, declaration: str = ""
    ) -> str | None:
        """Write a property with its value; None for what cannot be written."""
        rdf = next((prefix for prefix, iri in scope.items() if iri == RDF and prefix), None)
        if isinstance(value, Literal):
            return self._text_property(name, value, rdf, language, declaration)
        says = value.value if isinstance(value, NamedNode) else self._walk.labelled.get(value)
        written = _in_attribute(says) if says is not None else None
        if rdf is None or written is None:
            return None
        key = "nodeID" if isinstance(value, BlankNode) else "resource"
        return f'<{name}{declaration} {rdf}:{key}="{written}"/>'

    def _text_property(
        self, name: str, value: Literal, rdf: str | None, language: str, declaration: str
    ) -> str | None:
        attribute = ""
        if value.language:
            attribute = f' xml:lang="{value.language}"'
        elif language or value.datatype != _STRING:
            attribute = f' {rdf}:datatype="{_in_attribute(value.datatype.value)}"'
        if _UNSAYABLE.search(value.value) or (rdf is None and "datatype" in attribute):
            return None
        return f"<{name}{declaration}{attribute}>{_in_text(value.value)}</{name}>"

    def _qualified(self, iri: str, scope: dict[str, str]) -> tuple[str, str]:
        """Name an element for an IRI, with the declaration that it needs; "" if XML has no name."""
        for prefix, namespace in sorted(scope.items(), key=lambda pair: -len(pair[1])):
            local = iri[len(namespace) :]
            if namespace and iri.startswith(namespace) and _LOCAL.fullmatch(local):
                return f"{prefix}:{local}" if prefix else local, ""
        split = _SPLIT.match(iri)
        if split is None:
            return "", ""
        return f"ns1:{split[2]}", f' xmlns:ns1="{_in_attribute(split[1])}"'


def _kind(literal: Literal) -> tuple[str | None, NamedNode]:
    return literal.language, literal.datatype


def _is_text(literal: Literal) -> bool:
    return literal.language is not None or literal.datatype == _STRING


def _in_text(value: str) -> str:
    return escape(value, {"\r": "&#13;"})


def _in_attribute(value: str) -> str | None:
    """Write a text between quotation marks of either kind; None for what XML cannot say."""
    signs = {'"': "&quot;", "'": "&apos;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
    return None if _UNSAYABLE.search(value) else escape(value, signs)
