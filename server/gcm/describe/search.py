"""Finding things by their names, in any language, whatever the case and accents."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

from pyoxigraph import Literal, NamedNode

from gcm.describe.graph import UNION, Graph
from gcm.describe.naming import Link, link_to
from gcm.describe.terms import ALTERNATIVE_LABEL, NAMES, NOTATION
from gcm.vocab import DATASET, TERM, THING

#: Letters that carry no mark to drop, and what people type for them.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe"})


@dataclass(frozen=True)
class Entry:
    """One name of one thing, folded for comparison."""

    folded: str
    iri: NamedNode


@dataclass(frozen=True)
class Group:
    """The things of one class that were found: the first of them, and how many there are."""

    kind: Link | None
    count: int
    links: tuple[Link, ...]


def fold(text: str) -> str:
    """Give a text without case, accents and doubled spaces: what two spellings of a name have in common."""
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", folded)
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).split())


def search(graph: Graph, words: str, *, language: str, size: int) -> tuple[Group, ...]:
    """Find the things one of whose names holds all the words, by class, the best first, `size` a class."""
    wanted = fold(words).split()
    if not wanted:
        return ()
    ranks: dict[NamedNode, tuple[int, int]] = {}
    for entry in graph.remember(_entries, "names"):
        if all(word in entry.folded for word in wanted):
            rank = _rank(entry.folded, wanted)
            ranks[entry.iri] = min(rank, ranks.get(entry.iri, rank))
    return _groups(
        graph, sorted(ranks, key=lambda each: (ranks[each], each.value)), language=language, size=size
    )


def _rank(folded: str, wanted: list[str]) -> tuple[int, int]:
    whole = " ".join(wanted)
    place = 0 if folded == whole else 1 if folded.startswith(whole) else 2 if f" {whole}" in folded else 3
    return (place, len(folded))


def _groups(graph: Graph, found: list[NamedNode], *, language: str, size: int) -> tuple[Group, ...]:
    members: dict[NamedNode | None, list[NamedNode]] = {}
    for iri in found:
        members.setdefault(next(iter(graph.types(iri)), None), []).append(iri)
    return tuple(
        Group(
            kind=link_to(graph, kind, language=language) if kind else None,
            count=len(things),
            links=tuple(link_to(graph, each, language=language) for each in things[:size]),
        )
        for kind, things in members.items()
    )


def _entries(graph: Graph, _: str) -> tuple[Entry, ...]:
    return tuple(dict.fromkeys(_named(graph)))


def _named(graph: Graph) -> Iterator[Entry]:
    for predicate in (*NAMES, ALTERNATIVE_LABEL, NOTATION):
        for quad in graph.store.quads_for_pattern(None, predicate, None, UNION):
            if _is_searched(quad.subject) and isinstance(quad.object, Literal):
                yield Entry(fold(quad.object.value), quad.subject)


def _is_searched(subject: object) -> TypeGuard[NamedNode]:
    return isinstance(subject, NamedNode) and subject.value.startswith((THING, TERM, DATASET))
