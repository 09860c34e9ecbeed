"""What things are called: a name, code or address that somebody wrote, and the things it may stand for."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from difflib import SequenceMatcher
from functools import cached_property, lru_cache

from pyoxigraph import Literal, NamedNode, Triple

from gcm.vocab import BASE, PREFIXES, THING, expand, shorten


def _term(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


_TYPE = _term("rdf:type")
_SUBCLASS_OF = _term("rdfs:subClassOf")
_NOTATION = _term("skos:notation")
_RULE = _term("gcm:identifierRule")

#: Where a thing's own name is found, the best first.
LABELS = tuple(map(_term, ("skos:prefLabel", "dcterms:title", "rdfs:label", "foaf:name", "sh:name")))

#: Other names under which people may look for it.
OTHER_NAMES = tuple(map(_term, ("skos:altLabel", "gcm:formalName")))

#: How the identifier rules of classes begin whose addresses end in a public code of their own.
_CODES = ("{code}", "{skos:notation}", "{gcm:iso3}")

#: Letters that carry no mark to drop, and what people type for them.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe"})
_BETWEEN = re.compile(r"[\W_]+")
_ADDRESS = re.compile(r"(?:https?://w3id\.org/gcm)?/?(?:id|doc)/([a-z-]+)/([^/\s]+)")
_ARTICLES = ("the ",)

#: The pieces of a name by which similar names are found: so many characters each.
_PIECE = 3

#: Of the names that share most pieces with the text, so many are compared letter by letter.
_COMPARED = 25

#: Names that share a smaller part of the pieces of the text are passed over.
_FEWEST = 0.25

#: Names that are less alike than this (1 is the same, 0 nothing in common) are not near.
_NEAR = 0.6

#: So many searches are remembered: who asks what is near asks next what was surely meant.
_REMEMBERED = 64

#: A name that is as alike as this, and so much more than any other, is surely the one that was meant.
_SURE, _AHEAD = 0.85, 0.1


def fold(text: str) -> str:
    """Give a name without case, accents, punctuation and article: what its spellings have in common."""
    words = _BETWEEN.sub(" ", text.casefold() if text.isascii() else _unmarked(text)).strip()
    return next((words.removeprefix(each) for each in _ARTICLES if words.startswith(each)), words)


def _unmarked(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", folded)
    return "".join(each for each in plain if not unicodedata.combining(each))


class Names:
    """The names, codes and addresses of everything that some triples describe."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        """Read the names; the classes of the ontology should be among the triples."""
        self._types: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        self._parents: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        self._labels: dict[NamedNode, dict[NamedNode, set[tuple[str, str]]]] = defaultdict(
            lambda: defaultdict(set)
        )
        self._rules: dict[NamedNode, str] = {}
        self._likenesses: Callable[[str, tuple[NamedNode, ...]], Mapping[NamedNode, float]] = lru_cache(
            _REMEMBERED
        )(self._find_likenesses)
        self._members: dict[frozenset[NamedNode], tuple[NamedNode, ...]] = {}  # what was asked for, kept
        for triple in triples:
            if isinstance(triple.subject, NamedNode):
                self._read(triple.subject, triple.predicate, triple.object)

    def _read(self, subject: NamedNode, predicate: NamedNode, value: object) -> None:
        if predicate == _TYPE and isinstance(value, NamedNode):
            self._types[subject].add(value)
        elif predicate == _SUBCLASS_OF and isinstance(value, NamedNode):
            self._parents[subject].add(value)
        elif predicate == _RULE and isinstance(value, Literal):
            self._rules[subject] = value.value
        elif predicate in _READ and isinstance(value, Literal):
            self._labels[subject][predicate].add((value.language or "", value.value))

    def find(self, text: str, classes: Iterable[NamedNode] = ()) -> tuple[NamedNode, ...]:
        """Find what a text names exactly, among the members of `classes` (all things if there are none).

        A text is an address, a prefixed name, a public code, alone or with the name of its class ("objective
        7"), a label or another name in any language, or code and label together in any order ("MDA Republic
        of Moldova"). Case, accents and punctuation do not matter. Several things mean that it is ambiguous.
        """
        wanted = self.classes_below(classes)
        address = self._by_address(text.strip())
        found = {address} if address is not None else self._index.get(fold(text), set())
        return tuple(sorted((each for each in found if self._is_among(each, wanted)), key=_order))

    def near(self, text: str, classes: Iterable[NamedNode] = (), *, count: int = 5) -> tuple[NamedNode, ...]:
        """Find what may have been meant among the members of `classes`, the most alike first."""
        best = self._likenesses(fold(text), tuple(classes))
        return tuple(sorted(best, key=lambda each: (-best[each], each.value))[:count])

    def meant(self, text: str, classes: Iterable[NamedNode] = ()) -> NamedNode | None:
        """Find what was surely meant: very much alike, and nothing else nearly as much; else None."""
        best = self._likenesses(fold(text), tuple(classes))
        nearest = sorted(best, key=lambda each: (-best[each], each.value))[:2]
        if not nearest or best[nearest[0]] < _SURE:
            return None
        is_alone = all(best[each] + _AHEAD <= best[nearest[0]] for each in nearest[1:])
        return nearest[0] if is_alone else None

    def _find_likenesses(self, key: str, classes: tuple[NamedNode, ...]) -> Mapping[NamedNode, float]:
        wanted = self.classes_below(classes)
        pieces = _pieces(key)
        shared = Counter(name for piece in pieces for name in self._names_with.get(piece, ()))
        fewest = len(pieces) * _FEWEST
        shared = Counter({name: count for name, count in shared.items() if count >= fewest})
        best: dict[NamedNode, float] = {}
        for name in self._most_shared(shared, key, wanted):
            likeness = _likeness(key, name)
            for iri in self._all_names[name]:
                if likeness >= _NEAR and self._is_among(iri, wanted):
                    best[iri] = max(likeness, best.get(iri, 0))
        return best

    def holding(
        self, text: str, classes: Iterable[NamedNode] = (), *, count: int = 5
    ) -> tuple[NamedNode, ...]:
        """Find members of `classes` in whose names words begin with those of the text; short names first."""
        wanted = self.classes_below(classes)
        words = [f" {each}" for each in fold(text).split()]
        best: dict[NamedNode, tuple[bool, int]] = {}
        for name, things in self._all_names.items() if words else ():
            if all(word in f" {name}" for word in words):
                rank = (not name.startswith(words[0][1:]), len(name))
                best.update((iri, min(rank, best.get(iri, rank))) for iri in things)
        found = (iri for iri in best if self._is_among(iri, wanted))
        return tuple(sorted(found, key=lambda each: (best[each], each.value))[:count])

    def _most_shared(self, shared: Counter[str], key: str, wanted: frozenset[NamedNode]) -> list[str]:
        fitting = (
            (2 * count / (len(key) + len(name) + 4), name)
            for name, count in shared.items()
            if not wanted or any(self._is_among(iri, wanted) for iri in self._all_names[name])
        )
        return [name for _, name in sorted(fitting, key=lambda each: (-each[0], each[1]))[:_COMPARED]]

    def label_of(self, iri: NamedNode, language: str = "en") -> str:
        """Give the name of a thing in a language, else in English, in any; else its short address."""
        for predicate in (*LABELS, *OTHER_NAMES):
            found = self._labels[iri][predicate] if iri in self._labels else set()
            if found:
                ranks = {language: 0, "en": 1, "": 2}
                return min(found, key=lambda each: (ranks.get(each[0], 3), each))[1]
        return shorten(iri)

    def has_name(self, iri: NamedNode) -> bool:
        """Tell whether anybody says what a thing is called."""
        return iri in self._labels and any(self._labels[iri][each] for each in (*LABELS, *OTHER_NAMES))

    def code_of(self, iri: NamedNode) -> str | None:
        """Give the public code by which people know a thing (`7`, `MDA`, `A/RES/73/195`), or None."""
        notations = self._labels[iri][_NOTATION] if iri in self._labels else set()
        if notations:
            return min(text for _, text in notations)
        local = iri.value.removeprefix(THING).partition("/")[2]
        is_code = local and not local.isdecimal() and self._ends_in_code(iri)
        return local if is_code else None

    def title_of(self, iri: NamedNode, language: str = "en") -> str:
        """Give code and name of a thing together: `MDA Republic of Moldova`."""
        code = self.code_of(iri)
        label = self.label_of(iri, language)
        return label if code is None or fold(code) == fold(label) else f"{code} {label}"

    def members(self, classes: Iterable[NamedNode]) -> tuple[NamedNode, ...]:
        """List what belongs to some classes or to classes below them, by address."""
        wanted = self.classes_below(classes)
        if wanted not in self._members:
            found = (each for each in self._types if self._is_among(each, wanted))
            self._members[wanted] = tuple(sorted(found, key=_order))
        return self._members[wanted]

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The addresses of everything that is described: none of them may be given again."""
        return frozenset(each.value for each in self._types)

    def types(self, iri: NamedNode) -> frozenset[NamedNode]:
        """Give the classes of which a thing is said to be."""
        return frozenset(self._types.get(iri, ()))

    def rule_of(self, cls: NamedNode) -> str | None:
        """Give the rule for addresses of things of a class: its own, or of a class above."""
        seen = [cls]
        for each in seen:
            if each in self._rules:
                return self._rules[each]
            seen.extend(sorted(self._parents.get(each, set()) - set(seen), key=lambda parent: parent.value))
        return None

    def classes_below(self, classes: Iterable[NamedNode]) -> frozenset[NamedNode]:
        """Give some classes with all classes below them."""
        found = list(dict.fromkeys(classes))
        for each in found:
            found.extend(child for child in self._children.get(each, ()) if child not in found)
        return frozenset(found)

    def _is_among(self, iri: NamedNode, wanted: frozenset[NamedNode]) -> bool:
        return not wanted or not wanted.isdisjoint(self._types.get(iri, ()))

    def _by_address(self, text: str) -> NamedNode | None:
        """Give the thing that an address names, if we know it; None if the text is no address."""
        found = _ADDRESS.fullmatch(text)
        name = f"{found[1]}:{found[2].partition('.html')[0]}" if found else text.replace("/", ":", 1)
        candidates = [expand(name)]
        if text.startswith(("http://", "https://", BASE)):
            candidates.append(_iri(re.sub(r"^http://w3id\.org/gcm", "https://w3id.org/gcm", text)))
        return next((each for each in candidates if each is not None and each in self._types), None)

    def _ends_in_code(self, iri: NamedNode) -> bool:
        rules = (self.rule_of(each) or "" for each in self._types.get(iri, ()))
        return any(rule.startswith(_CODES) for rule in rules)

    @cached_property
    def _children(self) -> Mapping[NamedNode, frozenset[NamedNode]]:
        children: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for child, parents in self._parents.items():
            for parent in parents:
                children[parent].add(child)
        return {parent: frozenset(found) for parent, found in children.items()}

    @cached_property
    def _index(self) -> Mapping[str, set[NamedNode]]:
        """What each folded name stands for."""
        index = defaultdict[str, set[NamedNode]](set)
        for iri in self._types:
            for text in (*self._code_names(iri), *self._texts(iri, (*LABELS, *OTHER_NAMES))):
                index[fold(text)].add(iri)
        index.pop("", None)
        return index

    def _code_names(self, iri: NamedNode) -> Iterable[str]:
        codes = {text for _, text in self._labels[iri][_NOTATION]} if iri in self._labels else set()
        codes |= {self.code_of(iri) or ""} - {""}
        labels = self._texts(iri, (*LABELS, *OTHER_NAMES))
        kinds = [text for each in self._types[iri] for text in self._texts(each, LABELS)]
        for code in codes:
            yield code
            yield from (f"{kind} {code}" for kind in kinds)
            yield from (f"{code} {label}" for label in labels)
            yield from (f"{label} {code}" for label in labels)

    def _texts(self, iri: NamedNode, predicates: Iterable[NamedNode]) -> list[str]:
        if iri not in self._labels:
            return []
        return [text for each in predicates for _, text in sorted(self._labels[iri][each])]

    @cached_property
    def _all_names(self) -> Mapping[str, set[NamedNode]]:
        """Everything that a thing is called, folded: codes with and without their labels."""
        names = defaultdict[str, set[NamedNode]](set)
        for iri in self._types:
            shown = [self.code_of(iri) or "", *self._texts(iri, (*LABELS, *OTHER_NAMES)), self.title_of(iri)]
            for text in shown:
                names[fold(text)].add(iri)
        names.pop("", None)
        return names

    @cached_property
    def _names_with(self) -> Mapping[str, list[str]]:
        found = defaultdict[str, list[str]](list)
        for name in self._all_names:
            for piece in _pieces(name):
                found[piece].append(name)
        return found


_READ = frozenset((*LABELS, *OTHER_NAMES, _NOTATION))

#: The properties from which names are read; no others need be given.
READ = (*LABELS, *OTHER_NAMES, _NOTATION, _TYPE, _SUBCLASS_OF, _RULE)


def _pieces(text: str) -> set[str]:
    padded = f"  {text} "
    return {padded[start : start + _PIECE] for start in range(len(padded) - _PIECE + 1)}


def _likeness(first: str, second: str) -> float:
    """Say how alike two folded names are: letter by letter, or word by word where one holds the other."""
    letters = SequenceMatcher(None, first, second, autojunk=False).ratio()
    words, others = set(first.split()), set(second.split())
    shared = len(words & others) / min(len(words), len(others)) if words and others else 0
    return max(letters, 0.9 * shared if shared == 1 else 0.6 * shared)


def _iri(text: str) -> NamedNode | None:
    try:
        return NamedNode(text)
    except ValueError:
        return None


def _order(iri: NamedNode) -> tuple[str, int, str]:
    """Put things in the order of their addresses, numbers by their value."""
    head, _, local = iri.value.rpartition("/")
    return (head, int(local) if local.isdecimal() else 0, local)
