"""How changes stand to the present files: as proposed, done anew to what is there now, or clashing."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode, Triple

from gcm.desk.statements import Key, Statements, join, objects_at, read_statements
from gcm.desk.values import Change, Clash, Proposal, Standing
from gcm.remote import Statements as Store
from gcm.turtle import write_triples
from gcm.vocab import shorten


def stand(
    changes: Sequence[Change],
    new: Collection[NamedNode],
    *,
    present: Mapping[NamedNode, str],
    store: Store,
    since: Sequence[Proposal],
    allows_several: Callable[[NamedNode], bool],
) -> Standing:
    """Compare `changes`, which bring the things `new`, with the present files and version.

    `since` are the publications after the changes were proposed: they tell who is in the way.
    `allows_several` tells of a property whether a thing may have several values of it.
    """
    taken = [each for each in new if any(store.quads_for_pattern(each, None, None, None))]
    clashes = [clash for thing in sorted(taken, key=str) for clash in _taken(thing, changes, since)]
    now = []
    for change in changes:
        text = present.get(change.dataset, "")
        if text == change.before:
            now.append(change)
        else:
            joined, found = _rebase(change, text, since, allows_several)
            clashes += found
            now.append(joined)
    is_rebased = any(each.before != was.before for each, was in zip(now, changes, strict=True))
    left = tuple(each for each in now if each.added or each.removed)
    return Standing(is_rebased, left, tuple(clashes))


def _rebase(
    change: Change, text: str, since: Sequence[Proposal], allows_several: Callable[[NamedNode], bool]
) -> tuple[Change, list[Clash]]:
    base, wanted, present = (read_statements(each) for each in (change.before, change.after, text))
    joined, keys = join(base, wanted, present, allows_several=allows_several)
    clashes = [_clash(change.dataset, key, base, wanted, present, since) for key in keys]
    if joined and not wanted:  # all of it was to go, but there is more in it now
        clashes.append(Clash(change.dataset, change.dataset, None, (), (), (), _who_wrote(change, since)))
    return Change(change.dataset, text, write_triples(joined)), clashes


def _clash(
    dataset: NamedNode,
    key: Key,
    base: Statements,
    wanted: Statements,
    present: Statements,
    since: Sequence[Proposal],
) -> Clash:
    return Clash(
        dataset=dataset,
        subject=key[0],
        predicate=key[1],
        before=objects_at(base, key),
        wanted=objects_at(wanted, key),
        present=objects_at(present, key),
        by=_who_changed(key, since),
    )


def _taken(thing: NamedNode, changes: Iterable[Change], since: Sequence[Proposal]) -> Iterator[Clash]:
    for change in changes:
        if any(each.subject == thing for each in change.added):
            yield Clash(change.dataset, thing, None, (), (), (), _who(thing, since))


def _who(thing: NamedNode, since: Sequence[Proposal]) -> tuple[int, ...]:
    return _numbers(since, lambda statement: statement.subject == thing)


def _who_wrote(change: Change, since: Sequence[Proposal]) -> tuple[int, ...]:
    numbers = {each.number for each in since for one in each.changes if one.dataset == change.dataset}
    return tuple(sorted(numbers))


def _who_changed(key: Key, since: Sequence[Proposal]) -> tuple[int, ...]:
    return _numbers(since, lambda statement: (statement.subject, statement.predicate) == key)


def _numbers(since: Sequence[Proposal], is_meant: Callable[[Triple], bool]) -> tuple[int, ...]:
    found = (
        each.number
        for each in since
        if any(is_meant(one) for change in each.changes for one in change.added | change.removed)
    )
    return tuple(sorted(found))


def explain_clashes(standing: Standing) -> str:
    """Say in a sentence or two what is in the way, and who put it there."""
    first, *more = standing.clashes
    who = ", ".join(f"proposal {number}" for number in first.by) or "somebody in the files"
    if first.predicate is None:
        what = f"has taken or changed {shorten(first.subject)}"
    else:
        what = f"has changed {shorten(first.predicate)} of {shorten(first.subject)}"
    rest = f" There are {len(more)} more such places." if more else ""
    return f"Meanwhile {who} {what}.{rest} Propose it anew on what is there now."
