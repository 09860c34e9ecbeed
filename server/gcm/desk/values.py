"""What a desk speaks of: curators, proposals, what happened to them, and what stands in their way."""

import hashlib
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property

from pyoxigraph import NamedNode

from gcm.desk.statements import Statements, Term, read_patch, read_statements
from gcm.validate import Report
from gcm.vocab import THING


class Role(Enum):
    """What a token allows: to propose, or also to decide on the proposals of others."""

    PROPOSE = "propose"
    REVIEW = "review"

    @property
    def can_review(self) -> bool:
        """Whether it allows decisions."""
        return self is Role.REVIEW


@dataclass(frozen=True)
class Curator:
    """Who acts: a handle that its owner chose, never a name, and what the token used allows."""

    handle: str
    role: Role
    token: str = ""  # the name of the token, which is no secret

    @property
    def iri(self) -> NamedNode:
        """The curator as a thing of the graph."""
        return curator_iri(self.handle)


def curator_iri(handle: str) -> NamedNode:
    """Name the curator of this handle in the graph."""
    return NamedNode(f"{THING}curator/{handle}")


class State(Enum):
    """How far a proposal is. A draft has violations and cannot be approved as it is."""

    DRAFT = "draft"
    OPEN = "open"
    ASKED = "asked"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REVERTED = "reverted"

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has still to decide."""
        return self in (State.DRAFT, State.OPEN, State.ASKED)


class Act(Enum):
    """What can happen to a proposal."""

    PROPOSED = "proposed"
    COMMENTED = "commented"
    ASKED = "asked"
    APPROVED = "approved"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REVERTED = "reverted"


@dataclass(frozen=True)
class Event:
    """One thing that happened: what, by whom (a handle), when (UTC, ISO 8601), in which words.

    `version` and `publication` say what a publication made; `proposal` is the other proposal that this event
    speaks of: the one that took the place of a withdrawn one, or that took back a published one.
    """

    act: Act
    by: str
    at: str
    comment: str = ""
    version: str | None = None
    publication: str | None = None
    proposal: int | None = None


@dataclass(frozen=True)
class Change:
    """What becomes of one dataset: its Turtle before and after; "" where there is no such dataset.

    `patch` is the difference of both, where it was written down; else both are read for it.
    """

    dataset: NamedNode
    before: str
    after: str
    patch: str | None = field(default=None, compare=False, repr=False)

    @cached_property
    def _difference(self) -> tuple[Statements, Statements]:
        if self.patch is not None:
            return read_patch(self.patch)
        before, after = read_statements(self.before), read_statements(self.after)
        return after - before, before - after

    @property
    def added(self) -> Statements:
        """The statements that come."""
        return self._difference[0]

    @property
    def removed(self) -> Statements:
        """The statements that go."""
        return self._difference[1]


@dataclass(frozen=True)
class Duplicate:
    """A thing that a new one may be: same actor, like name, near date. `ratio` is of the names."""

    new: NamedNode
    known: NamedNode
    new_label: str
    known_label: str
    ratio: float


@dataclass(frozen=True)
class Overlap:
    """Another proposal that waits and speaks of the same things."""

    number: int
    by: str
    subjects: tuple[NamedNode, ...]


@dataclass(frozen=True)
class Clash:
    """Something that was changed since a proposal was made, and that the proposal changes too.

    Without a `predicate`: its new thing has an identifier that another thing has taken meanwhile. `by` are
    the numbers of the proposals that did it; empty if it was done in the files.
    """

    dataset: NamedNode
    subject: NamedNode
    predicate: NamedNode | None
    before: tuple[Term, ...]
    wanted: tuple[Term, ...]
    present: tuple[Term, ...]
    by: tuple[int, ...] = ()


@dataclass(frozen=True)
class Standing:
    """How a proposal stands to the present graph.

    `changes` are what its approval would do now: after others changed the same datasets they begin with what
    is there now. With `clashes` it cannot be approved.
    """

    is_rebased: bool
    changes: tuple[Change, ...]
    clashes: tuple[Clash, ...]


@dataclass(frozen=True)
class Proposal:
    """A change of the graph that somebody has asked for; it lives beside the graph, never in it.

    `given` are the names of what was sent, `new` the things that no dataset described when it was sent.
    `reverts` is the number of the publication that it takes back, `replaces` the one whose place it takes.
    After publication `changes` are what was really done.
    """

    number: int
    title: str
    changes: tuple[Change, ...]
    report: Report
    events: tuple[Event, ...]
    given: tuple[str, ...] = ()
    new: tuple[NamedNode, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    reverts: int | None = None
    replaces: int | None = None

    @property
    def by(self) -> str:
        """Who proposed it."""
        return self.events[0].by

    @property
    def at(self) -> str:
        """When it was proposed."""
        return self.events[0].at

    @property
    def state(self) -> State:
        """How far it is: what the last event that matters says."""
        deciding = [each.act for each in self.events if each.act in _STATES]
        state = _STATES[deciding[-1]] if deciding else State.OPEN
        return State.DRAFT if state is State.OPEN and not self.report.conforms else state

    @property
    def tag(self) -> str:
        """What changes with every event: a decision names it, so that nobody decides on what is past."""
        seen = "\n".join(repr(each) for each in self.events)
        return hashlib.sha256(f"{self.number}\n{seen}".encode()).hexdigest()[:16]

    @property
    def published(self) -> Event | None:
        """The event by which it was published; None before, and for ever if it never was."""
        return next((each for each in self.events if each.act is Act.PUBLISHED), None)

    @property
    def publication(self) -> NamedNode | None:
        """What the graph records of its publication; None before."""
        found = self.published
        return NamedNode(found.publication) if found and found.publication else None

    def with_events(self, *events: Event) -> "Proposal":
        """Give the proposal after these events."""
        return replace(self, events=(*self.events, *events))


_STATES = {
    Act.PROPOSED: State.OPEN,
    Act.ASKED: State.ASKED,
    Act.PUBLISHED: State.PUBLISHED,
    Act.REJECTED: State.REJECTED,
    Act.WITHDRAWN: State.WITHDRAWN,
    Act.REVERTED: State.REVERTED,
}
