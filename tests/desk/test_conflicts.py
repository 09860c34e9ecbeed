"""Two proposals about the same: the second is told, and done anew to what is there, or refused."""

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import pytest
from gcm.desk import Checked, Desk, State, StatementEdit
from gcm.desk.statements import join, read_statements
from gcm.errors import ConflictError
from gcm.given import Form, Given
from gcm.turtle import write_triples
from gcm.vocab import DATASET, PREFIXES, THING
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from tests.desk_world import (
    COMMITMENTS,
    LABEL,
    NOTE,
    ONE,
    OTHER_PLEDGE,
    PLEDGE,
    THREE,
    TWO,
    Place,
    add_note,
    approve_all,
    label,
    lenient,
    note,
    relabel,
    says,
)

EX = "http://example.org/"
MODIFIED = NamedNode(PREFIXES["dcterms"] + "modified")
ABOUT = NamedNode(PREFIXES["gcm"] + "isAbout")
SIGNED = NamedNode(PREFIXES["gcm"] + "signatureDate")


def test_other_things_of_the_same_dataset_are_rebased(desk: Desk) -> None:
    desk.propose_statements(ONE, add_note("first"))
    desk.propose_statements(THREE, add_note("second", OTHER_PLEDGE))
    desk.approve(TWO, 1)
    standing = desk.standing(2)
    assert (standing.is_rebased, standing.clashes) == (True, ())
    assert standing.changes[0].added == {note("second", OTHER_PLEDGE)}
    desk.approve(TWO, 2)
    assert says(desk, note("first"))
    assert says(desk, note("second", OTHER_PLEDGE))


def test_the_same_value_of_the_same_thing_is_refused_with_who_and_what(desk: Desk) -> None:
    desk.propose_statements(ONE, relabel(desk, "A"))
    second = desk.propose_statements(THREE, relabel(desk, "B"))
    overlaps = [(each.number, each.by, each.subjects) for each in second.overlaps]
    assert overlaps == [(1, "example-one", (PLEDGE,))]
    desk.approve(TWO, 1)
    (clash,) = desk.standing(2).clashes
    assert (clash.dataset, clash.subject, clash.predicate, clash.by) == (COMMITMENTS, PLEDGE, LABEL, (1,))
    assert (clash.wanted, clash.present) == ((label("B").object,), (label("A").object,))
    with pytest.raises(ConflictError, match="proposal 1 has changed skos:prefLabel of pledge:901"):
        desk.approve(TWO, 2)
    assert desk.proposal(2).state is State.OPEN
    assert says(desk, label("A"))
    assert not says(desk, label("B"))


def test_what_is_published_during_a_check_is_not_taken_back(place: Place) -> None:
    def publish_meanwhile(given: Sequence[Given], **choices: Any) -> Checked:  # Any: a Checker's
        meanwhile.approve(TWO, 1)
        return lenient(given, **choices)

    meanwhile = place.desk(lenient)
    meanwhile.propose_statements(ONE, add_note("first"))
    second = place.desk(publish_meanwhile).propose_statements(THREE, add_note("second", OTHER_PLEDGE))
    (change,) = second.changes
    assert change.added == {note("second", OTHER_PLEDGE)}
    assert not change.removed
    meanwhile.approve(TWO, 2)
    assert says(meanwhile, note("first"))


def test_a_change_of_the_files_by_hand_is_seen(desk: Desk, place: Place) -> None:
    desk.propose_statements(ONE, relabel(desk, "A"))
    path = place.data / "world-commitments.ttl"
    path.write_text(path.read_text("utf-8").replace("Count examples better", "By hand"), "utf-8")
    with pytest.raises(ConflictError, match="somebody in the files"):
        desk.approve(TWO, 1)
    assert says(desk, label("By hand"))


@pytest.mark.parametrize(
    ("predicate", "values", "is_joined"),
    [
        (NOTE, (Literal("A", language="en"), Literal("B", language="en")), True),
        (ABOUT, (NamedNode(THING + "objective/2"), NamedNode(THING + "objective/3")), True),
        (SIGNED, (Literal("2026-01-01"), Literal("2026-01-02")), False),  # one at most
        (LABEL, (Literal("A", language="fr"), Literal("B", language="ru")), False),  # one in each language
        (NamedNode(EX + "unknown"), (Literal("A"), Literal("B")), False),  # of which no shape says anything
    ],
)
def test_values_beside_each_other_are_joined_where_the_shapes_allow_several(
    world: Place, predicate: NamedNode, values: tuple[Literal | NamedNode, ...], is_joined: bool
) -> None:
    desk = world.desk(lenient)
    said = [Triple(PLEDGE, predicate, each) for each in values]
    for each in said:
        desk.propose_statements(ONE, [StatementEdit(COMMITMENTS, frozenset({each}))])
    desk.approve(TWO, 1)
    assert desk.standing(2).is_rebased
    assert bool(desk.standing(2).clashes) is not is_joined
    if not is_joined:
        with pytest.raises(ConflictError, match="proposal 1 has changed"):
            desk.approve(TWO, 2)
        return
    desk.approve(TWO, 2)
    assert all(says(desk, each) for each in said)
    desk.approve(TWO, desk.revert(ONE, 1).number)  # undo takes back its own value alone
    assert [says(desk, each) for each in said] == [False, True]


def test_what_others_did_already_is_told(desk: Desk) -> None:
    desk.propose_statements(ONE, add_note("same"))
    desk.propose_statements(THREE, add_note("same"))
    desk.approve(TWO, 1)
    with pytest.raises(ConflictError, match="others have done it"):
        desk.approve(TWO, 2)


def test_a_new_identifier_that_was_taken_is_told(desk: Desk) -> None:
    thing = NamedNode(THING + "pledge/950")
    named = Triple(thing, LABEL, Literal("A", language="en"))
    desk.propose_statements(ONE, [StatementEdit(COMMITMENTS, frozenset({named}))])
    assert desk.reserved() == {thing}
    second = desk.propose_statements(THREE, add_note("another", thing))
    assert second.new == (thing,)
    desk.approve(TWO, 1)
    assert desk.reserved() == {thing}  # the second still wants it
    with pytest.raises(ConflictError, match="proposal 1 has taken or changed pledge:950"):
        desk.approve(TWO, 2)


def test_undo_of_a_dataset_to_which_others_added_is_refused(desk: Desk) -> None:
    dataset = NamedNode(DATASET + "mine")
    header = f"<{dataset.value}> a <{PREFIXES['dcat']}Dataset> ."
    desk.propose(ONE, [Given("mine.ttl", header.encode(), Form.TURTLE)])
    desk.approve(TWO, 1)
    desk.propose_statements(ONE, [StatementEdit(dataset, frozenset({note("x", NamedNode(EX + "a"))}))])
    desk.approve(TWO, 2)
    with pytest.raises(ConflictError, match="proposal 2 has taken or changed gcmd:mine"):
        desk.revert(ONE, 1)


def test_the_later_day_of_change_stands(desk: Desk) -> None:
    date = NamedNode(PREFIXES["xsd"] + "date")
    texts = {}
    for day in ("2026-12-02", "2026-12-01"):
        said = read_statements(desk.texts().get(COMMITMENTS, ""))
        other = {each for each in said if (each.subject, each.predicate) != (COMMITMENTS, MODIFIED)}
        texts[day] = write_triples(other | {Triple(COMMITMENTS, MODIFIED, Literal(day, datatype=date))})
    for text in texts.values():
        desk.propose_texts(ONE, {COMMITMENTS: text})
    desk.approve(TWO, 1)
    with pytest.raises(ConflictError, match="others have done it"):
        desk.approve(TWO, 2)
    assert says(desk, Triple(COMMITMENTS, MODIFIED, Literal("2026-12-02", datatype=date)))


TRIPLES = st.builds(
    Triple,
    st.sampled_from([NamedNode(f"{EX}s{number}") for number in range(3)]),
    st.sampled_from([NamedNode(f"{EX}p{number}") for number in range(2)]),
    st.sampled_from([Literal(str(number)) for number in range(3)]),
)
SETS = st.frozensets(TRIPLES, max_size=8)


@settings(derandomize=True, database=None, deadline=None)
@given(SETS, SETS, SETS, st.booleans())
def test_joining_loses_nothing(
    base: frozenset[Triple], wanted: frozenset[Triple], present: frozenset[Triple], are_several: bool
) -> None:
    joined, clashes = join(base, wanted, present, allows_several=lambda _: are_several)
    other, same = join(base, present, wanted, allows_several=lambda _: are_several)
    assert clashes == same
    if not clashes:
        assert joined == other  # whoever comes first, the outcome is the same
        assert joined >= (wanted - base) | (present - base)
        assert joined.isdisjoint((base - wanted) | (base - present))


@settings(derandomize=True, database=None, deadline=None)
@given(SETS, SETS, SETS)
def test_only_additions_are_joined_with_other_values(
    base: frozenset[Triple], wanted: frozenset[Triple], present: frozenset[Triple]
) -> None:
    _, clashes = join(base, wanted, present, allows_several=lambda _: True)
    _, strict = join(base, wanted, present)
    for key in strict:
        gone = [
            {each for each in base - kept if (each.subject, each.predicate) == key}
            for kept in (wanted, present)
        ]
        assert (key in clashes) == all(gone)
    assert set(clashes) <= set(strict)


@settings(derandomize=True, database=None, deadline=None)
@given(SETS, SETS)
def test_joining_with_nobody_else_is_what_was_wanted(
    base: frozenset[Triple], wanted: frozenset[Triple]
) -> None:
    assert join(base, wanted, base) == (wanted, ())
    assert join(base, base, wanted) == (wanted, ())


def propose_many(desk: Desk, count: int) -> list[int]:
    """Propose notes on new things, and every fourth time another name: those clash with each other."""
    things = [NamedNode(f"{EX}thing/{each}") for each in range(count)]
    edits = [
        add_note("new", thing) if place % 4 else relabel(desk, f"name {place}")
        for place, thing in enumerate(things)
    ]
    return [desk.propose_statements(ONE, each).number for each in edits]


def check_nothing_lost(place: Place, published: list[int], *, known: int = 0) -> None:
    """Compare what approvers were told with the files, the record (`known` before) and the version."""
    desk = place.desk(lenient)
    assert sorted(set(published)) == sorted(published), "one proposal was published twice"
    for number in published:
        changes = [each for each in desk.proposal(number).changes if each.dataset == COMMITMENTS]
        assert changes
        assert all(says(desk, each) for change in changes for each in change.added), number
    assert len(desk.publications()) == known + len(published)
    assert place.agrees()


COUNT = 8
#: All but one of the two that give the same thing another name.
DONE = COUNT - 1


@pytest.mark.server
def test_concurrent_approvals_by_threads_lose_nothing(desk: Desk, place: Place) -> None:
    numbers = propose_many(desk, COUNT)
    with ThreadPoolExecutor(4) as threads:
        turns = (numbers[start:] + numbers[:start] for start in range(0, COUNT, 2))
        jobs = [threads.submit(approve_all, place, each) for each in turns]
        published = [number for job in jobs for number in job.result()]
    assert len(published) == DONE
    check_nothing_lost(place, published)


@pytest.mark.server
def test_concurrent_approvals_by_processes_lose_nothing(desk: Desk, place: Place) -> None:
    numbers = propose_many(desk, COUNT)
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as processes:
        turns = [numbers, numbers[::-1], numbers[4:] + numbers[:4]]
        jobs = [processes.submit(approve_all, place, each) for each in turns]
        published = [number for job in jobs for number in job.result()]
    assert len(published) == DONE
    check_nothing_lost(place, published)


@pytest.mark.server
def test_concurrent_approvals_of_values_beside_each_other_lose_none(world: Place) -> None:
    desk = world.desk(lenient)
    known = len(desk.publications())
    notes = [note(f"note {number}") for number in range(COUNT)]
    edits = [[StatementEdit(COMMITMENTS, frozenset({each}))] for each in notes]
    numbers = [desk.propose_statements(ONE, each).number for each in edits]
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as processes:
        turns = [numbers, numbers[::-1], numbers[4:] + numbers[:4]]
        jobs = [processes.submit(approve_all, world, each) for each in turns]
        published = [number for job in jobs for number in job.result()]
    assert len(published) == COUNT
    check_nothing_lost(world, published, known=known)
    assert all(says(desk, each) for each in notes)
