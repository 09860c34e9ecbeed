"""Things that may be described already: of the same class, by the same actor, of like name and near date."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from pyoxigraph import Literal, NamedNode, Quad, Store

from gcm.describe.search import fold
from gcm.desk.statements import Statements
from gcm.desk.values import Duplicate
from gcm.remote import Statements as Known
from gcm.vocab import PREFIXES

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_LABELS = frozenset({NamedNode(PREFIXES["skos"] + "prefLabel"), NamedNode(PREFIXES["skos"] + "altLabel")})
_ACTORS = frozenset(
    NamedNode(PREFIXES["gcm"] + name)
    for name in ("isMadeBy", "isCarriedOutBy", "isCastBy", "isDesignationOf", "isParticipationOf")
) | {NamedNode(PREFIXES["dcterms"] + "publisher")}
_DATES = frozenset(
    {
        NamedNode(PREFIXES["gcm"] + "date"),
        NamedNode(PREFIXES["dcterms"] + "date"),
        NamedNode(PREFIXES["dcterms"] + "issued"),
        NamedNode(PREFIXES["schema"] + "startDate"),
    }
)
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")

#: Names that share at least so much of their letters are alike: of 20 letters, one in five may differ.
LIKE = 0.8

#: Days between two dates that may be of the same thing.
NEAR_DAYS = 30


@dataclass(frozen=True)
class _Thing:
    """What tells whether two things are the same; `labels` are names, each with its folded form."""

    iri: NamedNode
    labels: tuple[tuple[str, str], ...]
    actors: frozenset[NamedNode]
    dates: tuple[tuple[date, date], ...]


def find_duplicates(new: Iterable[NamedNode], statements: Statements, known: Known) -> tuple[Duplicate, ...]:
    """Find the things in `known` that those among `new` may be, the likest first.

    Takes time by the things of the same classes for each new one; only names of those that may be the same by
    actor and date are compared.
    """
    fresh = Store()
    fresh.extend(Quad(each.subject, each.predicate, each.object) for each in statements)
    classes: dict[NamedNode, tuple[_Thing, ...]] = {}
    found: list[Duplicate] = []
    for iri in sorted(new, key=str):
        thing = _read(iri, fresh)
        for kind in _classes_of(iri, fresh):
            if kind not in classes:
                classes[kind] = _members(kind, known)
            found += _like(thing, classes[kind])
    return tuple(sorted(set(found), key=lambda each: (-each.ratio, each.new.value, each.known.value)))


def _classes_of(iri: NamedNode, store: Known) -> list[NamedNode]:
    kinds = {each.object for each in store.quads_for_pattern(iri, _TYPE, None, None)}
    return [each for each in kinds if isinstance(each, NamedNode)]


def _members(kind: NamedNode, store: Known) -> tuple[_Thing, ...]:
    members = {each.subject for each in store.quads_for_pattern(None, _TYPE, kind, None)}
    return tuple(_read(each, store) for each in members if isinstance(each, NamedNode))


def _like(thing: _Thing, others: Iterable[_Thing]) -> Iterator[Duplicate]:
    matchers = [(name, SequenceMatcher(None, "", folded, autojunk=False)) for name, folded in thing.labels]
    for other in others:
        if other.iri == thing.iri or not _share_actor(thing, other) or not _are_near(thing, other):
            continue
        ratio, name, known = max(_ratios(matchers, other), default=(0.0, "", ""))
        if ratio >= LIKE:
            yield Duplicate(thing.iri, other.iri, name, known, round(ratio, 3))


def _read(iri: NamedNode, store: Known) -> _Thing:
    said = list(store.quads_for_pattern(iri, None, None, None))
    texts = [(each.predicate, each.object.value) for each in said if isinstance(each.object, Literal)]
    names = sorted({text for predicate, text in texts if predicate in _LABELS})
    dates = (_period(text) for predicate, text in texts if predicate in _DATES)
    return _Thing(
        iri=iri,
        labels=tuple((each, fold(each)) for each in names),
        actors=frozenset(
            each.object for each in said if each.predicate in _ACTORS and isinstance(each.object, NamedNode)
        ),
        dates=tuple(each for each in dates if each),
    )


def _ratios(
    matchers: Iterable[tuple[str, "SequenceMatcher[str]"]], other: _Thing
) -> Iterator[tuple[float, str, str]]:
    for name, matcher in matchers:
        for known, folded in other.labels:
            matcher.set_seq1(folded)
            if matcher.real_quick_ratio() >= LIKE and matcher.quick_ratio() >= LIKE:
                yield matcher.ratio(), name, known


def _share_actor(thing: _Thing, other: _Thing) -> bool:
    """Things without actors are told apart by name and date alone."""
    return not thing.actors or not other.actors or not thing.actors.isdisjoint(other.actors)


def _are_near(thing: _Thing, other: _Thing) -> bool:
    """Compare dates: a year is near to all days in it; a thing without date is near to all."""
    if not thing.dates or not other.dates:
        return True
    return any(_gap(one, two) <= NEAR_DAYS for one in thing.dates for two in other.dates)


def _gap(one: tuple[date, date], two: tuple[date, date]) -> int:
    return max((two[0] - one[1]).days, (one[0] - two[1]).days, 0)


def _period(text: str) -> tuple[date, date] | None:
    """Give the first and last day of a day, month or year; None if there is no such day."""
    found = _DATE.match(text)
    if not found:
        return None
    year, month, day = (int(each) if each else None for each in found.groups())
    assert year is not None  # the pattern has it
    try:
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or (28 if month else 31))
    except ValueError:
        return None
    return first, last
