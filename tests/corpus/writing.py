"""Statements written in every syntax, one value a line, with the place of each."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from xml.sax.saxutils import escape, quoteattr

from gcm.given import Form
from gcm.vocab import PREFIXES, shorten
from pyoxigraph import Literal, NamedNode, Triple

_TYPE = NamedNode(PREFIXES["rdf"] + "type")

#: How the names of files in each syntax end.
SUFFIX = MappingProxyType(
    {
        Form.TURTLE: "ttl",
        Form.TRIG: "trig",
        Form.N_TRIPLES: "nt",
        Form.N_QUADS: "nq",
        Form.RDF_XML: "rdf",
        Form.JSON_LD: "jsonld",
    }
)


@dataclass(frozen=True)
class Written:
    """A text, and for each statement the line of its value; the line on which each subject begins.

    `properties` are the lines on which the properties stand, where those are others.
    """

    text: str
    lines: tuple[int, ...]
    begins: Mapping[NamedNode, int]
    properties: tuple[int, ...] = ()

    def line(self, position: int, *, of_property: bool = False) -> int:
        """Give the line of the value, or of the property, of a statement."""
        return (self.properties if of_property and self.properties else self.lines)[position]


def write(form: Form, statements: Sequence[Triple], *, dataset: NamedNode) -> Written:
    """Write statements, grouped by subject, in the syntax `form`."""
    return _WRITERS[form](statements, dataset)


class _Page:
    """Lines as they are written."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, line: str) -> int:
        self.lines.append(line)
        return len(self.lines)

    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def _blocks(statements: Sequence[Triple]) -> Mapping[NamedNode, list[int]]:
    blocks: dict[NamedNode, list[int]] = {}
    for position, each in enumerate(statements):
        assert isinstance(each.subject, NamedNode)
        blocks.setdefault(each.subject, []).append(position)
    return blocks


def _turtle(statements: Sequence[Triple], dataset: NamedNode, *, in_graph: bool = False) -> Written:
    page, lines, begins = _Page(), [0] * len(statements), {}
    for prefix, namespace in PREFIXES.items():
        page.add(f"@prefix {prefix}: <{namespace}> .")
    page.add("# Invented for tests.")
    if in_graph:
        page.add(f"<{dataset.value}> {{")
    for subject, positions in _blocks(statements).items():
        page.add("")
        begins[subject] = page.add(_term(subject))
        for position in positions:
            each = statements[position]
            end = " ." if position == positions[-1] else " ;  # as the source has it"
            predicate = "a" if each.predicate == _TYPE else _term(each.predicate)
            lines[position] = page.add(f"    {predicate} {_term(each.object)}{end}")
    if in_graph:
        page.add("}")
    return Written(page.text(), tuple(lines), MappingProxyType(begins))


def _trig(statements: Sequence[Triple], dataset: NamedNode) -> Written:
    return _turtle(statements, dataset, in_graph=True)


def _lines(statements: Sequence[Triple], *, graph: str = "") -> Written:
    page = _Page()
    begins: dict[NamedNode, int] = {}
    lines = []
    for each in statements:
        line = page.add(f"{each.subject} {each.predicate} {each.object}{graph} .")
        lines.append(line)
        assert isinstance(each.subject, NamedNode)
        begins.setdefault(each.subject, line)
    return Written(page.text(), tuple(lines), MappingProxyType(begins))


def _quads(statements: Sequence[Triple], dataset: NamedNode) -> Written:
    return _lines(statements, graph=f" {dataset}")


def _xml(statements: Sequence[Triple], _: NamedNode) -> Written:
    page, lines, begins = _Page(), [0] * len(statements), {}
    page.add('<?xml version="1.0" encoding="utf-8"?>')
    page.add("<rdf:RDF")
    spaces = sorted({each.predicate.value[: _cut(each.predicate)] for each in statements} | {PREFIXES["rdf"]})
    known = {namespace: prefix for prefix, namespace in PREFIXES.items()}
    names = {space: known.get(space, f"ns{at}") for at, space in enumerate(spaces)}
    for space, name in names.items():
        page.add(f"    xmlns:{name}={quoteattr(space)}")
    page.add(">")
    for subject, positions in _blocks(statements).items():
        begins[subject] = page.add(f"  <rdf:Description rdf:about={quoteattr(subject.value)}>")
        for position in positions:
            each = statements[position]
            cut = _cut(each.predicate)
            name = f"{names[each.predicate.value[:cut]]}:{each.predicate.value[cut:]}"
            lines[position] = page.add("    " + _element(name, each.object))
        page.add("  </rdf:Description>")
    page.add("</rdf:RDF>")
    return Written(page.text(), tuple(lines), MappingProxyType(begins))


def _element(name: str, value: object) -> str:
    if isinstance(value, NamedNode):
        return f"<{name} rdf:resource={quoteattr(value.value)}/>"
    assert isinstance(value, Literal)
    kind = f" xml:lang={quoteattr(value.language)}" if value.language else ""
    if not value.language and value.datatype.value != PREFIXES["xsd"] + "string":
        kind = f" rdf:datatype={quoteattr(value.datatype.value)}"
    return f"<{name}{kind}>{escape(value.value)}</{name}>"


def _json(statements: Sequence[Triple], _: NamedNode) -> Written:
    page, lines, keys, begins = _Page(), [0] * len(statements), [0] * len(statements), {}
    page.add("{")
    page.add(f'"@context": {json.dumps(dict(PREFIXES))},')
    page.add('"@graph": [')
    blocks = _blocks(statements)
    for number, (subject, positions) in enumerate(blocks.items()):
        begins[subject] = page.add(f'  {{"@id": {json.dumps(shorten(subject))},')
        groups: dict[NamedNode, list[int]] = {}
        for position in positions:
            groups.setdefault(statements[position].predicate, []).append(position)
        for index, (predicate, members) in enumerate(groups.items()):
            key = "@type" if predicate == _TYPE else shorten(predicate)
            line = page.add(f"    {json.dumps(key)}: [")
            for position in members:
                keys[position] = line
                comma = "" if position == members[-1] else ","
                value = statements[position].object
                lines[position] = page.add(f"      {_json_value(value, is_type=key == '@type')}{comma}")
            page.add("    ]" + ("" if index == len(groups) - 1 else ","))
        page.add("  }" + ("" if number == len(blocks) - 1 else ","))
    page.add("]}")
    return Written(page.text(), tuple(lines), MappingProxyType(begins), tuple(keys))


def _json_value(value: object, *, is_type: bool) -> str:
    if isinstance(value, NamedNode):
        name = shorten(value)
        return json.dumps(name if is_type else {"@id": name}, ensure_ascii=False)
    assert isinstance(value, Literal)
    written = {"@value": value.value}
    if value.language:
        written["@language"] = value.language
    elif value.datatype.value != PREFIXES["xsd"] + "string":
        written["@type"] = shorten(value.datatype)
    return json.dumps(written, ensure_ascii=False)


def _term(term: object) -> str:
    if isinstance(term, NamedNode):
        short = shorten(term)
        return short if short != term.value and _is_plain(short) else str(term)
    if isinstance(term, Literal) and not term.language:
        kind = shorten(term.datatype)
        return str(Literal(term.value)) + ("" if kind == "xsd:string" else f"^^{kind}")
    return str(term)


def _is_plain(short: str) -> bool:
    local = short.partition(":")[2]
    return local.replace("-", "").replace("_", "").replace(".", "").isalnum() and not local.endswith(".")


def _cut(name: NamedNode) -> int:
    return max(name.value.rfind("/"), name.value.rfind("#")) + 1


_WRITERS: Mapping[Form, Callable[[Sequence[Triple], NamedNode], Written]] = MappingProxyType(
    {
        Form.TURTLE: _turtle,
        Form.TRIG: _trig,
        Form.N_TRIPLES: lambda statements, _: _lines(statements),
        Form.N_QUADS: _quads,
        Form.RDF_XML: _xml,
        Form.JSON_LD: _json,
    }
)
