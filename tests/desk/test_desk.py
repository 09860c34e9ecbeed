"""Proposals: made, decided, published, taken back; and who may do what."""

from datetime import UTC, datetime
from shutil import rmtree

import pytest
from gcm.desk import Act, Desk, Role, State, StatementEdit
from gcm.desk.statements import read_statements
from gcm.desk.submission import PUBLICATIONS
from gcm.desk.values import Curator
from gcm.errors import (
    ConflictError,
    DeskError,
    ForbiddenError,
    NotConformingError,
    PreconditionError,
    SubmissionError,
    UnknownProposalError,
)
from gcm.given import Form, Given
from gcm.load import current
from gcm.query import open_version
from gcm.turtle import canonical_text
from gcm.vocab import DATASET, PREFIXES, THING
from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple

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
    given_with,
    lenient,
    note,
    relabel,
    says,
)

pytestmark = pytest.mark.server

TYPE = NamedNode(PREFIXES["rdf"] + "type")


def test_a_file_becomes_a_proposal_beside_the_graph(desk: Desk, place: Place) -> None:
    before = place.store.joinpath("current").readlink()
    proposal = desk.propose(ONE, [given_with(desk, note("new"))], title="  A \n note ", comment="why\r\nnot")
    assert desk.proposal(proposal.number) == proposal
    assert (proposal.number, proposal.title, proposal.by, proposal.state) == (
        1,
        "A note",
        "example-one",
        State.OPEN,
    )
    assert proposal.events[0].comment == "why\nnot"
    assert [(each.dataset, each.added, each.removed) for each in proposal.changes] == [
        (COMMITMENTS, frozenset({note("new")}), frozenset())
    ]
    assert desk.sent(1, 1).endswith(b"@en .\n")
    assert not says(desk, note("new"))
    assert place.store.joinpath("current").readlink() == before


def test_approval_publishes_into_files_and_version(desk: Desk, place: Place) -> None:
    desk.propose_statements(ONE, add_note("new"))
    done = desk.approve(TWO, 1, comment="well sourced")
    assert done.state is State.PUBLISHED
    assert [each.act for each in done.events] == [Act.PROPOSED, Act.APPROVED, Act.PUBLISHED]
    assert done.events[1].comment == "well sourced"
    assert done.events[2].version == current(place.store).id
    assert says(desk, note("new"))
    assert place.agrees()
    store = open_version(current(place.store).path).store
    assert [*store.quads_for_pattern(PLEDGE, NOTE, Literal("new", language="en"), COMMITMENTS)]


def test_written_files_are_canonical(desk: Desk, place: Place) -> None:
    desk.propose_statements(ONE, add_note("new"))
    desk.approve(TWO, 1)
    for name in ("world-commitments.ttl", "publications.ttl"):
        text = (place.data / name).read_text(encoding="utf-8")
        assert canonical_text(text, path=place.data / name) == text


def test_publication_is_recorded_as_data(desk: Desk) -> None:
    desk.propose_statements(ONE, add_note("new", OTHER_PLEDGE))
    desk.approve(TWO, 1)
    (publication,) = desk.publications(OTHER_PLEDGE)
    assert (publication.proposed_by, publication.approved_by) == ("example-one", "example-two")
    assert publication.iri == desk.proposal(1).publication == NamedNode(THING + "publication/1")
    assert set(publication.generated) == {OTHER_PLEDGE, COMMITMENTS}
    assert publication.used == (NamedNode(THING + "passage/905.2"),)
    datetime.fromisoformat(publication.approved_at)
    assert desk.publications(COMMITMENTS)[0] == publication


def test_record_goes_on_with_the_next_publication(desk: Desk) -> None:
    for number in (1, 2):
        desk.propose_statements(ONE, add_note(f"note {number}"))
        desk.approve(TWO, number)
    assert desk.proposal(2).publication == NamedNode(THING + "publication/2")
    changed = {each.subject for each in desk.proposal(2).changes[-1].added}
    assert changed == {NamedNode(THING + "publication/2")}


@pytest.mark.parametrize(
    ("by", "reason"),
    [
        (Curator("example-one", Role.REVIEW), "your own"),  # who proposes never approves
        (Curator("example-four", Role.PROPOSE), "not decisions"),
    ],
)
def test_who_may_not_decide(desk: Desk, by: Curator, reason: str) -> None:
    desk.propose_statements(ONE, add_note("new"))
    for decide in (desk.approve, desk.reject, desk.ask):
        with pytest.raises(ForbiddenError, match=reason):
            decide(by, 1)
    assert desk.proposal(1).state is State.OPEN


def test_rejection_asking_and_comments(desk: Desk) -> None:
    desk.propose_statements(ONE, add_note("new"))
    assert desk.ask(TWO, 1, comment="the source?").state is State.ASKED
    assert desk.comment(ONE, 1, comment="page 3").state is State.ASKED
    assert desk.reject(TWO, 1, comment="no").state is State.REJECTED
    with pytest.raises(ConflictError, match="is rejected"):
        desk.approve(TWO, 1)
    assert not says(desk, note("new"))


def test_only_its_proposer_withdraws(desk: Desk) -> None:
    desk.propose_statements(ONE, add_note("new"))
    with pytest.raises(ForbiddenError, match="Only example-one"):
        desk.withdraw(TWO, 1)
    assert desk.withdraw(ONE, 1).state is State.WITHDRAWN


def test_a_better_proposal_takes_the_place_of_one(desk: Desk) -> None:
    desk.propose_statements(ONE, add_note("new"))
    desk.ask(TWO, 1, comment="better")
    better = desk.propose_statements(ONE, add_note("better"), replaces=1)
    assert better.replaces == 1
    assert desk.proposal(1).state is State.WITHDRAWN
    assert desk.proposal(1).events[-1].proposal == better.number == 2
    assert better.overlaps == ()
    with pytest.raises(ForbiddenError):
        desk.propose_statements(TWO, add_note("mine"), replaces=2)


def test_a_decision_on_what_has_changed_meanwhile_is_refused(desk: Desk) -> None:
    seen = desk.propose_statements(ONE, add_note("new")).tag
    desk.comment(ONE, 1, comment="wait")
    with pytest.raises(PreconditionError, match="since you looked"):
        desk.approve(TWO, 1, tag=seen)
    assert desk.approve(TWO, 1, tag=desk.proposal(1).tag).state is State.PUBLISHED


def test_violations_make_a_draft_that_nobody_can_approve(world: Place) -> None:
    desk = world.desk()
    bad = Triple(PLEDGE, NamedNode(PREFIXES["gcm"] + "isMadeBy"), NamedNode(THING + "place/QQQ"))
    proposal = desk.propose(ONE, [given_with(desk, bad)])
    assert proposal.state is State.DRAFT
    assert proposal.report.count("violation") > 0
    assert desk.proposal(1).report == proposal.report
    with pytest.raises(NotConformingError, match="has violations"):
        desk.approve(TWO, 1)
    assert not says(desk, bad)


def test_a_real_check_lets_a_publication_and_its_record_through(world: Place) -> None:
    desk = world.desk()
    desk.propose(ONE, [given_with(desk, note("new"))])
    desk.approve(TWO, 1)
    desk.revert(ONE, 1)
    desk.approve(TWO, 2)
    assert desk.proposal(1).state is State.REVERTED
    assert world.agrees()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("this is no Turtle", "mine.ttl:1: "),
        ("<http://example.org/a> a <http://example.org/B> .", "which dataset"),
        (f"<{DATASET}x> a <{PREFIXES['dcat']}Dataset> ; <{NOTE.value}> [] .", "without an IRI"),
    ],
)
def test_what_cannot_be_read_is_refused(place: Place, text: str, reason: str) -> None:
    desk = place.desk()
    with pytest.raises(SubmissionError, match=reason):
        desk.propose(ONE, [Given("mine.ttl", text.encode(), Form.TURTLE)])
    assert desk.proposals() == ()


def test_nothing_new_is_no_proposal(desk: Desk) -> None:
    with pytest.raises(DeskError, match="Nothing would change"):
        desk.propose(ONE, [given_with(desk)])


def test_a_difference_is_read_without_the_texts(desk: Desk, place: Place) -> None:
    (made,) = desk.propose_statements(ONE, add_note('new é\n"line"')).changes
    known = (frozenset({note('new é\n"line"')}), frozenset[Triple]())
    (read,) = place.desk().proposal(1).changes
    assert (read.patch or "").startswith("A <https://w3id.org/gcm/id/pledge/901> ")
    assert (made.added, made.removed) == (read.added, read.removed) == known
    rmtree(place.folder / "proposals" / "1" / "patch")  # as older programs left it
    (old,) = place.desk().proposal(1).changes
    assert (old.patch, old.added, old.removed) == (None, *known)


def test_the_record_of_publications_cannot_be_proposed(desk: Desk) -> None:
    desk.propose_statements(ONE, add_note("new"))
    desk.approve(TWO, 1)
    with pytest.raises(DeskError, match="only publications change it"):
        desk.propose_texts(ONE, {PUBLICATIONS: ""})


def test_nobody_records_a_publication_by_hand(desk: Desk) -> None:
    forged = Triple(NamedNode(THING + "publication/7"), TYPE, NamedNode(PREFIXES["gcm"] + "PublishedChange"))
    with pytest.raises(DeskError, match="record themselves"):
        desk.propose_statements(ONE, [StatementEdit(COMMITMENTS, add=frozenset({forged}))])


@pytest.mark.parametrize("name", ["../evil", "Big", "a b", "", "x" * 101, "a/b"])
def test_dataset_that_makes_no_file_name_is_refused(desk: Desk, name: str) -> None:
    dataset = f"{DATASET}{name}".replace(" ", "%20")
    text = f'<{dataset}> a <{PREFIXES["dcat"]}Dataset> ; <{NOTE.value}> "x"@en .'
    with pytest.raises(DeskError, match="no name for a dataset"):
        desk.propose(ONE, [Given("mine.ttl", text.encode(), Form.TURTLE)])


def new_dataset(name: str, *triples: Triple) -> Given:
    lines = [f"<{DATASET}{name}> a <{PREFIXES['dcat']}Dataset> .", *(f"{each} ." for each in triples)]
    return Given(f"{name}.ttl", "\n".join(lines).encode(), Form.TURTLE)


def test_a_new_dataset_is_a_new_file_and_its_undoing_removes_it(desk: Desk, place: Place) -> None:
    before = {path.name for path in place.data.iterdir()}
    desk.propose(ONE, [new_dataset("new-one", note("x", NamedNode(THING + "pledge/950")))])
    desk.approve(TWO, 1)
    assert {path.name for path in place.data.iterdir()} - before == {"new-one.ttl", "publications.ttl"}
    assert place.agrees()
    undone = desk.revert(THREE, 1, comment="too early")
    assert undone.reverts == 1
    desk.approve(TWO, undone.number)
    assert {path.name for path in place.data.iterdir()} - before == {"publications.ttl"}
    assert desk.proposal(1).state is State.REVERTED
    newest, *_ = desk.publications(NamedNode(DATASET + "new-one"))
    assert newest.iri == desk.proposal(undone.number).publication
    assert newest.generated == (PUBLICATIONS,)  # nothing else is left of it
    assert newest.invalidated == (NamedNode(DATASET + "new-one"), NamedNode(THING + "pledge/950"))
    assert place.agrees()
    assert desk.publications()[0].reverts == desk.proposal(1).publication


def test_undo_takes_back_exactly_its_statements(desk: Desk) -> None:
    before = read_statements(desk.texts().get(COMMITMENTS, ""))
    desk.propose_statements(ONE, add_note("first"))
    desk.approve(TWO, 1)
    desk.propose_statements(ONE, add_note("second", OTHER_PLEDGE))
    desk.approve(TWO, 2)
    desk.approve(TWO, desk.revert(ONE, 1).number)
    assert read_statements(desk.texts().get(COMMITMENTS, "")) == before | {note("second", OTHER_PLEDGE)}
    with pytest.raises(ConflictError, match="is reverted"):
        desk.revert(ONE, 1)
    again = desk.revert(TWO, 3)  # what took something back can be taken back
    desk.approve(THREE, again.number)
    assert says(desk, note("first"))


def test_undo_of_what_others_changed_since_is_refused(desk: Desk) -> None:
    old = next(
        each
        for each in read_statements(desk.texts().get(COMMITMENTS, ""))
        if each.subject == PLEDGE and each.predicate == LABEL
    )
    for number, (gone, come) in enumerate([(old, "A"), (None, "B")], 1):
        removed = gone or Triple(PLEDGE, LABEL, Literal("A", language="en"))
        new = Triple(PLEDGE, LABEL, Literal(come, language="en"))
        desk.propose_statements(ONE, [StatementEdit(COMMITMENTS, frozenset({new}), frozenset({removed}))])
        desk.approve(TWO, number)
    with pytest.raises(ConflictError, match="proposal 2"):
        desk.revert(ONE, 1)


def test_who_is_in_the_way_is_told_whenever_others_commented(place: Place) -> None:
    moments = (datetime(2026, 12, 1, hour, tzinfo=UTC) for hour in range(24))
    desk = Desk(
        place.folder,
        sources=place.sources,
        store=place.store,
        data=place.data,
        check=lenient,
        now=lambda: next(moments),
    )
    for number, text in enumerate("AB", 1):
        desk.propose_statements(ONE, relabel(desk, text))
        desk.approve(TWO, number)
    desk.comment(THREE, 1, comment="After the second was published.")
    with pytest.raises(ConflictError, match="proposal 2 has changed"):
        desk.revert(ONE, 1)
    desk.propose_statements(ONE, relabel(desk, "C"))
    desk.comment(THREE, 1, comment="After the third was proposed.")
    path = place.data / "world-commitments.ttl"
    path.write_text(path.read_text("utf-8").replace('"B"@en', '"By hand"@en'), "utf-8")
    with pytest.raises(ConflictError, match="somebody in the files"):  # not proposal 1
        desk.approve(TWO, 3)


def test_history_of_a_thing_and_of_a_dataset(desk: Desk) -> None:
    desk.propose_statements(ONE, add_note("first"))
    desk.propose_statements(ONE, add_note("second", OTHER_PLEDGE))
    desk.approve(TWO, 1)
    desk.approve(TWO, 2)
    assert [each.number for each in desk.history(PLEDGE)] == [1]
    assert [each.number for each in desk.history(COMMITMENTS)] == [2, 1]
    assert desk.history(NamedNode(THING + "pledge/903")) == ()


def test_edits_must_fit_what_is_there(desk: Desk) -> None:
    with pytest.raises(DeskError, match="does not hold what is to be removed"):
        desk.propose_statements(ONE, [StatementEdit(COMMITMENTS, remove=frozenset({note("never said")}))])
    with pytest.raises(DeskError, match="There is no dataset"):
        desk.propose_statements(ONE, [StatementEdit(NamedNode(DATASET + "none"), frozenset({note("x")}))])


def test_unknown_proposals_are_told(desk: Desk) -> None:
    for ask in (desk.proposal, desk.standing, lambda number: desk.approve(TWO, number)):
        with pytest.raises(UnknownProposalError, match="no proposal 7"):
            ask(7)


def test_long_titles_and_comments_are_refused(desk: Desk) -> None:
    with pytest.raises(DeskError, match="title has more"):
        desk.propose_statements(ONE, add_note("new"), title="x" * 201)
    with pytest.raises(DeskError, match="comment has more"):
        desk.propose_statements(ONE, add_note("new"), comment="x" * 10_001)
    assert desk.proposals() == ()


def test_moments_are_in_utc(desk: Desk) -> None:
    desk.propose_statements(ONE, add_note("new"))
    moment = datetime.fromisoformat(desk.proposal(1).at)
    assert moment.tzinfo == UTC
    assert abs((datetime.now(UTC) - moment).total_seconds()) < 60


def test_default_graph_has_the_curators(desk: Desk, place: Place) -> None:
    desk.propose_statements(ONE, add_note("new"))
    desk.approve(TWO, 1)
    store = open_version(current(place.store).path).store
    for curator in (ONE, TWO):
        assert [*store.quads_for_pattern(curator.iri, TYPE, None, DefaultGraph())]
