"""The record of publications: who proposed, who approved, when, from what source, as data (PROV-O).

It is the dataset `gcmd:publications`, a file beside the others, so that it can be queried and committed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources

from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple

from gcm.desk.statements import Statements, read_statements
from gcm.desk.submission import PUBLICATIONS
from gcm.desk.values import Change, curator_iri
from gcm.remote import Statements as Store
from gcm.turtle import write_triples
from gcm.vocab import PREFIXES, THING

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_PUBLICATION = NamedNode(PREFIXES["gcm"] + "PublishedChange")
_CURATOR = NamedNode(PREFIXES["gcm"] + "Curator")
_LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")
_SOURCE = NamedNode(PREFIXES["dcterms"] + "source")
_DERIVED = NamedNode(PREFIXES["prov"] + "wasDerivedFrom")
_PROPOSED_BY = NamedNode(PREFIXES["gcm"] + "isProposedBy")
_APPROVED_BY = NamedNode(PREFIXES["gcm"] + "isApprovedBy")
_STARTED = NamedNode(PREFIXES["prov"] + "startedAtTime")
_ENDED = NamedNode(PREFIXES["prov"] + "endedAtTime")
_GENERATED = NamedNode(PREFIXES["prov"] + "generated")
_INVALIDATED = NamedNode(PREFIXES["prov"] + "invalidated")
_USED = NamedNode(PREFIXES["prov"] + "used")
_INFORMED = NamedNode(PREFIXES["prov"] + "wasInformedBy")
_MODIFIED = NamedNode(PREFIXES["dcterms"] + "modified")
_DATE = NamedNode(PREFIXES["xsd"] + "date")
_MOMENT = NamedNode(PREFIXES["xsd"] + "dateTime")

#: The document that the record rests on: this program's own register.
_REGISTER = NamedNode(f"{THING}document/GCMKG-publications")
#: Who publishes the graph.
PUBLISHER = NamedNode(f"{THING}organization/GCMKG")
_NOW = "0001-01-01"  # the day in the text of the header, in whose place the present one is put


@dataclass(frozen=True)
class Publication:
    """What is recorded of one publication: its IRI, handles, moments (xsd:dateTime), and what it touched."""

    iri: NamedNode
    proposed_by: str
    approved_by: str
    proposed_at: str
    approved_at: str
    generated: tuple[NamedNode, ...]
    invalidated: tuple[NamedNode, ...]
    used: tuple[NamedNode, ...]
    reverts: NamedNode | None = None


def next_publication(store: Store) -> NamedNode:
    """Name the next publication: one more than the greatest number that the graph has."""
    start = f"{THING}publication/"
    found = (each.subject for each in store.quads_for_pattern(None, _TYPE, _PUBLICATION, None))
    numbers = [
        int(each.value.removeprefix(start))
        for each in found
        if isinstance(each, NamedNode) and each.value.removeprefix(start).isdigit()
    ]
    return NamedNode(f"{start}{max(numbers, default=0) + 1}")


def touched(changes: Iterable[Change]) -> tuple[NamedNode, ...]:
    """List the datasets that changes leave, and the things in them that they speak of and that remain.

    Changes that leave nothing touch the record of publications alone, which tells of them.
    """
    found: set[NamedNode] = set()
    for change in changes:
        remaining = {each.subject for each in read_statements(change.after)}
        subjects = {each.subject for each in change.added | change.removed} & remaining
        found.update(each for each in subjects if isinstance(each, NamedNode))
        found.update([change.dataset] if change.after else [])
    return tuple(sorted(found or {PUBLICATIONS}, key=str))


def taken_away(changes: Iterable[Change], known: Store) -> tuple[NamedNode, ...]:
    """List the datasets that go, and the things of which neither these nor other datasets say more.

    `known` is the graph before the changes.
    """
    changes = tuple(changes)
    datasets = {each.dataset for each in changes}
    left = {one.subject for each in changes for one in read_statements(each.after)}
    lost = {one.subject for each in changes for one in each.removed} - left
    found = {each.dataset for each in changes if not each.after}
    for each in lost:
        graphs = {quad.graph_name for quad in known.quads_for_pattern(each, None, None, None)}
        if isinstance(each, NamedNode) and graphs <= {*datasets, DefaultGraph()}:
            found.add(each)
    return tuple(sorted(found, key=str))


def sources_of(changes: Iterable[Change]) -> tuple[NamedNode, ...]:
    """List the documents and passages that changed statements name as their source.

    A change that names none rests on the source of its dataset.
    """
    found: set[NamedNode] = set()
    for change in changes:
        statements = read_statements(change.after or change.before)
        subjects = {each.subject for each in change.added | change.removed}
        named = _objects(
            each for each in statements if each.subject in subjects and each.predicate == _DERIVED
        )
        header = _objects(each for each in statements if each.predicate == _SOURCE)
        found |= named or header
    return tuple(sorted(found, key=str))


def _objects(statements: Iterable[Triple]) -> set[NamedNode]:
    return {each.object for each in statements if isinstance(each.object, NamedNode)}


def add_publication(text: str, publication: Publication, *, knows_publisher: bool) -> str:
    """Give the text of the record, which begins with the first publication, with one more."""
    day = publication.approved_at[:10]
    known = read_statements(text) if text else _beginning(day, knows_publisher=knows_publisher)
    dated = {each for each in known if (each.subject, each.predicate) != (PUBLICATIONS, _MODIFIED)}
    dated.add(Triple(PUBLICATIONS, _MODIFIED, Literal(day, datatype=_DATE)))
    return write_triples(dated | set(_describe(publication)))


def _describe(said: Publication) -> Iterable[Triple]:
    number = said.iri.value.rpartition("/")[2]
    label = Literal(f"Publication {number}, {said.approved_at[:10]}", language="en")
    yield Triple(said.iri, _TYPE, _PUBLICATION)
    yield Triple(said.iri, _LABEL, label)
    yield Triple(said.iri, _DERIVED, _REGISTER)
    yield Triple(said.iri, _PROPOSED_BY, curator_iri(said.proposed_by))
    yield Triple(said.iri, _APPROVED_BY, curator_iri(said.approved_by))
    yield Triple(said.iri, _STARTED, Literal(said.proposed_at, datatype=_MOMENT))
    yield Triple(said.iri, _ENDED, Literal(said.approved_at, datatype=_MOMENT))
    yield from (Triple(said.iri, _GENERATED, each) for each in said.generated)
    yield from (Triple(said.iri, _INVALIDATED, each) for each in said.invalidated)
    yield from (Triple(said.iri, _USED, each) for each in said.used)
    if said.reverts:
        yield Triple(said.iri, _INFORMED, said.reverts)
    for handle in (said.proposed_by, said.approved_by):
        yield Triple(curator_iri(handle), _TYPE, _CURATOR)
        yield Triple(curator_iri(handle), _LABEL, Literal(handle, language="en"))
        yield Triple(curator_iri(handle), _DERIVED, _REGISTER)


def _beginning(day: str, *, knows_publisher: bool) -> Statements:
    """Give the header of the record, and what it speaks of."""
    text = resources.files("gcm.desk").joinpath("publications.ttl").read_text("utf-8")
    statements = read_statements(text.replace(_NOW, day))
    if not knows_publisher:
        return statements
    return frozenset(each for each in statements if each.subject != PUBLISHER)


def read_publications(store: Store, thing: NamedNode | None = None) -> tuple[Publication, ...]:
    """Read what the graph records of publications, the newest first; only those that touched `thing`."""
    wanted = ((_GENERATED, thing), (_INVALIDATED, thing)) if thing else ((_TYPE, _PUBLICATION),)
    found = {
        each.subject
        for predicate, value in wanted
        for each in store.quads_for_pattern(None, predicate, value, None)
    }
    read = [_read(store, each) for each in found if isinstance(each, NamedNode)]
    return tuple(sorted(read, key=lambda each: (each.approved_at, each.iri.value), reverse=True))


def _read(store: Store, iri: NamedNode) -> Publication:
    said: dict[NamedNode, list[str]] = {}
    for each in store.quads_for_pattern(iri, None, None, PUBLICATIONS):
        if isinstance(each.object, NamedNode | Literal):
            said.setdefault(each.predicate, []).append(each.object.value)
    return Publication(
        iri=iri,
        proposed_by=_handle(said, _PROPOSED_BY),
        approved_by=_handle(said, _APPROVED_BY),
        proposed_at=_first(said, _STARTED),
        approved_at=_first(said, _ENDED),
        generated=tuple(NamedNode(each) for each in sorted(said.get(_GENERATED, ()))),
        invalidated=tuple(NamedNode(each) for each in sorted(said.get(_INVALIDATED, ()))),
        used=tuple(NamedNode(each) for each in sorted(said.get(_USED, ()))),
        reverts=NamedNode(_first(said, _INFORMED)) if _INFORMED in said else None,
    )


def _first(said: Mapping[NamedNode, list[str]], predicate: NamedNode) -> str:
    return min(said.get(predicate, ("",)))


def _handle(said: Mapping[NamedNode, list[str]], predicate: NamedNode) -> str:
    return _first(said, predicate).rpartition("/")[2]
