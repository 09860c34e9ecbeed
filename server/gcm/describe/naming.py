"""What to call things: names in the reader's language, made from what is known where there is none."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode

from gcm.describe.graph import Graph, Node, Value
from gcm.describe.outline import Outline, outlines_of
from gcm.describe.terms import (
    ALTERNATIVE_LABEL,
    DERIVED_FROM,
    NAMES,
    NOTATION,
    PREFERRED_LABEL,
    SHAPE_NAME,
    TARGET_CLASS,
    TYPE,
)
from gcm.vocab import PREFIXES, THING, shorten

#: The language we turn to where the reader's own has no word.
FALLBACK = "en"

#: How many values make up the name of a thing that has none of its own.
NAME_PARTS = 4

#: A part of such a name that is longer gives way to a shorter name of the same thing, in characters.
LONG_PART = 48

#: Identifiers that others give, by the start of their addresses: what people call them.
ELSEWHERE = (
    ("http://www.wikidata.org/entity/", "Wikidata"),
    ("https://sws.geonames.org/", "GeoNames"),
    ("http://publications.europa.eu/resource/authority/country/", "EU country authority"),
    ("http://eurovoc.europa.eu/", "EuroVoc"),
    ("http://metadata.un.org/sdg/codes/geoArea/", "UN SDG area"),
    ("http://metadata.un.org/sdg/", "UN SDG"),
    ("http://metadata.un.org/thesaurus/", "UNBIS Thesaurus"),
    ("https://migrationnetwork.un.org/taxonomy/term/", "UN Network on Migration, term"),
)

#: Datatypes of dates, as precise as a source is.
DATES = tuple(NamedNode(PREFIXES["xsd"] + name) for name in ("date", "dateTime", "gYear", "gYearMonth"))

_STRING = NamedNode(PREFIXES["xsd"] + "string")
_CAPITAL = re.compile("(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Text:
    """Words to show, with their language tag if they have one, and their datatype if they are not words."""

    text: str
    language: str = ""
    datatype: NamedNode | None = None
    is_fallback: bool = False


@dataclass(frozen=True)
class Link:
    """A thing to point at, by its name."""

    iri: NamedNode
    name: Text


def text_of(literal: Literal, *, language: str) -> Text:
    """Give a literal as words to show to a reader of `language`."""
    tag = literal.language or ""
    datatype = None if tag or literal.datatype == _STRING else literal.datatype
    return Text(literal.value, tag, datatype, is_fallback=bool(tag) and not _speaks(tag, language))


def choose_text(values: Iterable[Value], *, language: str) -> Text | None:
    """Give the words in the reader's language, else in English, else in none, else whatever there is."""
    literals = [each for each in values if isinstance(each, Literal)]
    if len(literals) > 1:
        literals.sort(key=lambda each: (_rank(each.language, language), each.value))
    return text_of(literals[0], language=language) if literals else None


def name_of(graph: Graph, iri: Node, *, language: str) -> Text:
    """Give the name of a thing: its label, else one made of what every such thing has, else its address."""
    return graph.remember(_find_name, (iri, language))


def property_name(graph: Graph, iri: NamedNode, *, outline: Outline | None, language: str) -> Text:
    """Give the name of a property as the shape of a class has it, else its own."""
    names = graph.values(outline.shape, SHAPE_NAME) if outline else ()
    return choose_text(names, language=language) or name_of(graph, iri, language=language)


def short_name_of(graph: Graph, iri: NamedNode, *, language: str) -> Text:
    """Give the public code of a thing, such as a document's symbol, else its name."""
    return choose_text(graph.values(iri, NOTATION), language=language) or name_of(
        graph, iri, language=language
    )


def label_of(graph: Graph, iri: Node, *, language: str) -> Text | None:
    """Give the label that a dataset gives, or None."""
    said = graph.properties(iri)
    named = (choose_text(said[each], language=language) for each in NAMES if each in said)
    return next((each for each in named if each), None)


def link_to(graph: Graph, iri: NamedNode, *, language: str) -> Link:
    """Give a thing with its name."""
    return Link(iri, name_of(graph, iri, language=language))


def _find_name(graph: Graph, key: tuple[Node, str]) -> Text:
    iri, language = key
    ways = (label_of, _shape_name, _made_name, _parts)
    found = (way(graph, iri, language=language) for way in ways)
    return next((each for each in found if each), None) or _address(iri)


def _shape_name(graph: Graph, iri: Node, *, language: str) -> Text | None:
    """Name a class of others as the shape for it is named."""
    shapes = graph.subjects(TARGET_CLASS, iri)
    return label_of(graph, shapes[0], language=language) if shapes else None


def _speaks(tag: str, language: str) -> bool:
    return tag.lower() == language or tag.lower().startswith(language + "-")


@lru_cache(1024)
def _rank(tag: str | None, language: str) -> int:
    tag = tag or ""
    if _speaks(tag, language):
        return 0
    if _speaks(tag, FALLBACK):
        return 1
    return 3 if tag else 2


def _made_name(graph: Graph, iri: Node, *, language: str) -> Text | None:
    """Make a name of what every such thing has, dates last: Land · Convention · Party · as of 2022."""
    telling = graph.remember(_telling, graph.types(iri))
    values = ((graph.value(iri, each.path), each) for each in telling)
    ordered = sorted(values, key=lambda each: isinstance(each[0], Literal) and each[0].datatype in DATES)
    parts = [_part(graph, value, outline, language=language) for value, outline in ordered]
    words = " · ".join(each for each in parts if each)
    return Text(words) if words else None


def _telling(graph: Graph, types: tuple[NamedNode, ...]) -> tuple[Outline, ...]:
    """Give the properties that make the names of things of these classes."""
    outlines = outlines_of(graph, types).values()
    hidden = (DERIVED_FROM, TYPE, PREFERRED_LABEL)
    telling = [each for each in outlines if each.is_required and each.path not in hidden]
    return tuple(sorted(telling, key=lambda each: (each.order, each.path.value))[:NAME_PARTS])


def _part(graph: Graph, value: Value | None, outline: Outline, *, language: str) -> str:
    if isinstance(value, NamedNode):
        return graph.remember(_brief, (value, language)).text
    if isinstance(value, Literal) and value.datatype in DATES:
        name = graph.remember(_name_in_shape, (outline.shape, language))
        return f"{name.text} {value.value}" if name else value.value
    return value.value if isinstance(value, Literal) else ""


def _name_in_shape(graph: Graph, key: tuple[Node, str]) -> Text | None:
    shape, language = key
    return choose_text(graph.values(shape, SHAPE_NAME), language=language)


def _brief(graph: Graph, key: tuple[NamedNode, str]) -> Text:
    """Name a thing within the name of another: by its label, or a shorter name or code if that is long."""
    iri, language = key
    label = label_of(graph, iri, language=language)
    if label and len(label.text) <= LONG_PART:
        return label
    others = (graph.values(iri, each) for each in (ALTERNATIVE_LABEL, NOTATION))
    shorter = (choose_text(values, language=language) for values in others)
    return next((each for each in shorter if each), label or _address(iri))


def _parts(graph: Graph, node: Node, *, language: str) -> Text | None:
    """Name a node without a name by all that it says: datatype date."""
    if not isinstance(node, BlankNode):
        return None
    pairs = [
        f"{name_of(graph, quad.predicate, language=language).text} {_plain(graph, quad.object, language)}"
        for quad in graph.about(node)
    ]
    return Text(", ".join(sorted(pairs)))


def _plain(graph: Graph, term: object, language: str) -> str:
    if isinstance(term, NamedNode):
        return name_of(graph, term, language=language).text
    return term.value if isinstance(term, Literal) else "…"


def _address(iri: Node) -> Text:
    if isinstance(iri, BlankNode):
        return Text(str(iri))
    for start, name in ELSEWHERE:
        if iri.value.startswith(start) and iri.value != start:
            return Text(f"{name} {iri.value.removeprefix(start).strip('/')}")
    short = shorten(iri)
    if short == iri.value or iri.value.startswith(THING):
        return Text(short)
    words = _CAPITAL.sub(" ", short.partition(":")[2])
    return Text(words.lower() if words[:1].islower() else words)
