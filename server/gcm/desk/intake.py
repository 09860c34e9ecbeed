"""How what is sent becomes a proposal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store

from gcm.desk.duplicates import find_duplicates
from gcm.desk.room import Room
from gcm.desk.rules import clean_title, refuse_withdrawal
from gcm.desk.statements import Term, read_statements
from gcm.desk.submission import Checked, changes_of, refuse_unreadable, subjects_of
from gcm.desk.values import Act, Change, Curator, Overlap, Proposal
from gcm.given import Form, Given
from gcm.remote import Statements as Known
from gcm.turtle import read_triples
from gcm.validate import Report
from gcm.vocab import dump_stem


@dataclass(frozen=True)
class Wish:
    """What a curator says of what is sent."""

    title: str = ""
    comment: str = ""
    replaces: int | None = None
    reverts: int | None = None


@dataclass(frozen=True)
class Revision:
    """The texts that datasets are to have, what the check says of them, and the texts they were made from."""

    report: Report
    texts: Mapping[NamedNode, str]
    present: Mapping[NamedNode, str]


def check_files(room: Room, given: Sequence[Given]) -> Revision:
    """Check files, each a dataset. Raises SubmissionError if one cannot be read."""
    checked = room.check(given)
    refuse_unreadable(checked, given)
    return Revision(checked.report, checked.datasets, room.texts())


def check_texts(
    room: Room, texts: Mapping[NamedNode, str], present: Mapping[NamedNode, str], *, are_canonical: bool
) -> Revision:
    """Check texts of datasets; where one is to go, also the files that speak of what it describes.

    What is canonical already is not written once more. Raises SubmissionError if one cannot be read.
    """
    paths = room.shelf.paths()
    gone = {each: paths[each] for each, text in texts.items() if not text and each in paths}
    given = [
        Given(dump_stem(each) + ".ttl", text.encode(), Form.TURTLE) for each, text in texts.items() if text
    ]
    lost = {one.subject for each in gone for one in read_statements(present.get(each, ""))}
    for dataset, path in paths.items() if lost else ():
        if dataset not in texts and not lost.isdisjoint(_objects(path)):
            given.append(Given(path.name, path.read_bytes(), Form.TURTLE))
    without = tuple(gone.values())
    checked = (
        room.check(given, without=without, with_datasets=not are_canonical)
        if given
        else Checked(Report(()), {})
    )
    found = Checked(checked.report, {each: checked.datasets.get(each, text) for each, text in texts.items()})
    refuse_unreadable(found, ())
    return Revision(found.report, found.datasets, present)


def add(room: Room, by: Curator, revision: Revision, given: Sequence[Given], wish: Wish) -> Proposal:
    """Make a proposal of what was checked; it is on the disk when this returns.

    What others publish during the check is not what it was made from, so it takes nothing of that back.
    Raises DeskError if nothing would change, ForbiddenError if what it replaces is not theirs.
    """
    names = tuple(each.name for each in given)
    changes = changes_of(revision.texts, revision.present)
    new = _new_things(changes, room.version().store)
    added = frozenset(each for change in changes for each in change.added)
    known = find_duplicates(new, added, room.version().store)
    with room.writing():
        replaced = room.proposals.read(wish.replaces) if wish.replaces is not None else None
        if replaced:
            refuse_withdrawal(by, replaced, None)
        waiting = tuple(each for each in room.waiting() if each.number != wish.replaces)
        proposal = Proposal(
            number=max(room.proposals.numbers(), default=0) + 1,
            title=clean_title(wish.title, names),
            changes=changes,
            report=revision.report,
            events=(room.event(Act.PROPOSED, by, wish.comment),),
            given=names,
            new=new,
            duplicates=(*known, *find_duplicates(new, added, _store_of(waiting))),
            overlaps=tuple(_overlaps(changes, waiting)),
            reverts=wish.reverts,
            replaces=wish.replaces,
        )
        room.proposals.add(proposal, given)
        if replaced:
            room.happen(replaced, room.event(Act.WITHDRAWN, by, proposal=proposal.number))
    return proposal


def _objects(path: Path) -> set[Term]:
    return {each.triple.object for each in read_triples(path)}


def _new_things(changes: Sequence[Change], known: Known) -> tuple[NamedNode, ...]:
    """List the things that no dataset describes yet."""
    subjects = {each.subject for change in changes for each in change.added}
    named = sorted((each for each in subjects if isinstance(each, NamedNode)), key=str)
    return tuple(each for each in named if not any(known.quads_for_pattern(each, None, None, None)))


def _store_of(waiting: Iterable[Proposal]) -> Store:
    """Hold what proposals that wait would add."""
    store = Store()
    proposed = (each for other in waiting for change in other.changes for each in change.added)
    store.extend(Quad(each.subject, each.predicate, each.object) for each in proposed)
    return store


def _overlaps(changes: Iterable[Change], waiting: Iterable[Proposal]) -> Iterable[Overlap]:
    """Find the proposals that wait and speak of the same things."""
    subjects = subjects_of(changes)
    for each in waiting:
        shared = subjects & subjects_of(each.changes)
        if shared:
            yield Overlap(each.number, each.by, tuple(sorted(shared, key=str)))
