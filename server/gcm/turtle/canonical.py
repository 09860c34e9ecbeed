"""The canonical form of a Turtle file: the same graph is always written with the same bytes."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from gcm.errors import SourceError
from gcm.turtle.read import LocatedTriple, parse_triples
from gcm.vocab import PREFIXES

Subject = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal | Triple
#: What a graph says, subject by subject: the values of each property.
Statements = Mapping[Subject, Mapping[NamedNode, tuple[Term, ...]]]

_RDF = PREFIXES["rdf"]
_XSD = PREFIXES["xsd"]
_TYPE, _FIRST, _REST, _NIL = (NamedNode(_RDF + name) for name in ("type", "first", "rest", "nil"))
_HEADERS = (NamedNode(PREFIXES["dcat"] + "Dataset"), NamedNode(PREFIXES["owl"] + "Ontology"))
_OUR_PREFIXES = {iri: name for name, iri in PREFIXES.items()}
#: What messages call statements that stand in no file yet.
_WRITTEN = Path("dataset.ttl")
#: Characters; a list that is longer when written on one line gets one line per member.
_LINE = 100

#: Local names that need no escape in Turtle 1.1 (a part of PN_LOCAL).
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?")
#: Literals that Turtle 1.1 writes without quotes (section 2.5.2), by datatype.
_BARE = {
    _XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    _XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    _XSD + "double": re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+"),
    _XSD + "boolean": re.compile(r"true|false"),
}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\n": "\\n"}
_SPECIAL = re.compile(r'[\\"\x00-\x1f\x7f]')
_SPECIAL_IN_LONG = re.compile(r'\\|""+|"\Z|[\x00-\x09\x0b-\x1f\x7f]')


def canonical_text(text: str, *, path: Path) -> str:
    """Write the graph of the Turtle text `text` in canonical form; `path` is where it stands, for messages.

    A second parser reads both texts and compares their graphs. Raises SourceError if the text is not Turtle,
    has a blank node that cannot be written inside the statement that uses it, or if the graphs differ.
    """
    data = text.encode()
    triples = parse_triples(data, path=path)
    _refuse_shared_nodes(triples, path)
    written = _Writer(_statements(each.triple for each in triples), _own_prefixes(data)).document()
    if written != text and not _is_proven_same(text, written, path=path):
        message = (
            "two parsers do not read the same graph here; write numbers and names plainly, or report this."
        )
        raise SourceError(message, path=path)
    return written


def write_triples(triples: Collection[Triple]) -> str:
    """Write triples without blank nodes in canonical form; "" if there are none.

    They are no text that two parsers might read in two ways: it is enough to read back what is written, which
    takes a tenth of the time. Raises SourceError if that is not the same.
    """
    if not triples:
        return ""
    written = _Writer(_statements(triples), _OUR_PREFIXES).document()
    if {quad.triple for quad in parse(written, format=RdfFormat.TURTLE)} != set(triples):
        message = "these statements are not read as they are written; write names plainly, or report this."
        raise SourceError(message, path=_WRITTEN)
    return written


def _is_proven_same(before: str, after: str, *, path: Path) -> bool:
    from gcm.turtle.proof import (
        is_same_graph,
    )  # here: rdflib takes 0.2 s to import, and most files need no proof

    first, second = (parse_triples(text.encode(), path=path) for text in (before, after))
    return _named(first) == _named(second) and is_same_graph(before, after)


def _named(triples: Iterable[LocatedTriple]) -> set[Triple]:
    return {
        each.triple
        for each in triples
        if not isinstance(each.triple.subject, BlankNode) and not isinstance(each.triple.object, BlankNode)
    }


def _statements(triples: Iterable[Triple]) -> Statements:
    found: dict[Subject, dict[NamedNode, dict[Term, None]]] = {}
    for subject, predicate, value in triples:
        if not isinstance(subject, Triple):
            found.setdefault(subject, {}).setdefault(predicate, {})[value] = None
    return {
        subject: {predicate: tuple(values) for predicate, values in properties.items()}
        for subject, properties in found.items()
    }


def _own_prefixes(data: bytes) -> dict[str, str]:
    """Map each namespace to its name: ours, else the one that the text gives it."""
    parser = parse(data, format=RdfFormat.TURTLE)
    for _ in parser:
        pass
    own = {iri: name for name, iri in sorted(parser.prefixes.items(), reverse=True) if name not in PREFIXES}
    return own | _OUR_PREFIXES


def _refuse_shared_nodes(triples: Iterable[LocatedTriple], path: Path) -> None:
    """Refuse blank nodes that cannot be written inside the one statement that uses them."""
    lines = {each.triple: each.line for each in triples if isinstance(each.triple.object, BlankNode)}
    users: dict[Term, Subject | Triple] = {}
    for triple, line in lines.items():
        if triple.object in users:
            raise SourceError("two statements use this blank node; give it an IRI.", path=path, line=line)
        users[triple.object] = triple.subject
    for triple, line in lines.items():
        if _is_in_circle(triple.object, users):
            raise SourceError(
                "these blank nodes lead back to themselves; give one an IRI.", path=path, line=line
            )


def _is_in_circle(node: Term, users: Mapping[Term, Subject | Triple]) -> bool:
    user = node
    for _ in users:
        if user not in users:
            return False
        user = users[user]
    return user in users


class _Writer:
    """Writes one graph; remembers which prefixes it needed."""

    def __init__(self, statements: Statements, prefixes: Mapping[str, str]) -> None:
        self._statements = statements
        self._prefixes = prefixes
        self._used: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._inner = {
            value
            for properties in statements.values()
            for values in properties.values()
            for value in values
            if isinstance(value, BlankNode)
        }

    def document(self) -> str:
        blocks = [self._block(subject) for subject in self._subjects()]
        nameless = sorted(
            (
                self._block(node)
                for node in self._statements
                if isinstance(node, BlankNode) and node not in self._inner
            ),
            key=_natural,
        )
        prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(self._used.items()))
        return "\n".join(filter(None, [prefixes, *blocks, *nameless]))

    def _subjects(self) -> list[NamedNode]:
        named = [subject for subject in self._statements if isinstance(subject, NamedNode)]
        return sorted(named, key=lambda subject: (not self._is_header(subject), _natural(subject.value)))

    def _is_header(self, subject: NamedNode) -> bool:
        return any(kind in _HEADERS for kind in self._statements[subject].get(_TYPE, ()))

    def _block(self, subject: Subject) -> str:
        name = self._iri(subject) if isinstance(subject, NamedNode) else "[]"
        return f"{name}\n{self._properties(subject, indent=4)}.\n"

    def _properties(self, subject: Subject, *, indent: int) -> str:
        written = {self._predicate(predicate): predicate for predicate in self._statements.get(subject, {})}
        lines = []
        for name in sorted(written, key=lambda name: (name != "a", _natural(name))):
            values = self._values(self._statements[subject][written[name]], indent=indent + 4)
            gap = " " if len(values) == 1 else "\n" + " " * (indent + 4)
            lines.append(" " * indent + name + gap + (" ,\n" + " " * (indent + 4)).join(values) + " ;\n")
        return "".join(lines)

    def _values(self, values: Iterable[Term], *, indent: int) -> list[str]:
        inner = indent if len(tuple(values)) > 1 else indent - 4
        written = [self._term(value, indent=inner) for value in values]
        return sorted(written, key=_natural) if len(written) > 1 else written

    def _predicate(self, predicate: NamedNode) -> str:
        return "a" if predicate == _TYPE else self._iri(predicate)

    def _term(self, term: Term, *, indent: int) -> str:
        if isinstance(term, NamedNode):
            return "()" if term == _NIL else self._iri(term)
        if isinstance(term, Literal):
            return self._literal(term)
        assert isinstance(term, BlankNode)  # the reader refuses triple terms
        members = self._members(term)
        return self._nested(term, indent=indent) if members is None else self._list(members, indent=indent)

    def _nested(self, node: BlankNode, *, indent: int) -> str:
        if not self._statements.get(node):
            return "[]"
        return f"[\n{self._properties(node, indent=indent + 4)}{' ' * indent}]"

    def _members(self, node: BlankNode) -> list[Term] | None:
        """Collect the members of the list that begins at `node`; None if it is no plain list."""
        members: list[Term] = []
        cell: Term = node
        while cell != _NIL:
            properties = self._statements.get(cell, {}) if isinstance(cell, BlankNode) else {}
            if {key: len(values) for key, values in properties.items()} != {_FIRST: 1, _REST: 1}:
                return None
            members.append(properties[_FIRST][0])
            cell = properties[_REST][0]
        return members

    def _list(self, members: Iterable[Term], *, indent: int) -> str:
        written = [self._term(member, indent=indent + 4) for member in members]
        line = f"( {' '.join(written)} )"
        if len(line) <= _LINE and "\n" not in line:
            return line
        gap = "\n" + " " * (indent + 4)
        return f"({gap}{gap.join(written)}\n{' ' * indent})"

    def _literal(self, literal: Literal) -> str:
        kind, value = literal.datatype.value, literal.value
        if kind in _BARE and _BARE[kind].fullmatch(value):
            return value
        if literal.language:
            return f"{_quoted(value)}@{literal.language}"
        return (
            _quoted(value) if kind == _XSD + "string" else f"{_quoted(value)}^^{self._iri(literal.datatype)}"
        )

    def _iri(self, iri: NamedNode) -> str:
        if iri.value not in self._names:
            self._names[iri.value] = self._shortened(iri.value) or str(iri)
        return self._names[iri.value]

    def _shortened(self, iri: str) -> str | None:
        """Shorten `iri` with the longest namespace that leaves a plain local name."""
        for end in range(len(iri) - 1, 0, -1):
            name = self._prefixes.get(iri[:end])
            if name is not None and _LOCAL.fullmatch(iri, end):
                self._used[name] = iri[:end]
                return f"{name}:{iri[end:]}"
        return None


def _quoted(value: str) -> str:
    if "\n" in value:
        return f'"""{_SPECIAL_IN_LONG.sub(_escape, value)}"""'
    return f'"{_SPECIAL.sub(_escape, value)}"'


def _escape(found: re.Match[str]) -> str:
    return "".join(_ESCAPES.get(character, f"\\u{ord(character):04X}") for character in found[0])


@lru_cache(maxsize=4096)  # a file has few properties, each in many places
def _natural(text: str) -> tuple[tuple[str, int, str], ...]:
    """Make a sort key by which objective/2 comes before objective/10."""
    pieces = re.split(r"([0-9]+)", text)
    runs = [
        (words, digits.lstrip("0")) for words, digits in zip(pieces[::2], [*pieces[1::2], ""], strict=True)
    ]
    return (*((words, len(digits), digits) for words, digits in runs), (text, 0, ""))
