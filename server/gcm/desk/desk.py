"""The desk: where proposals are made, decided, published and taken back. One folder, shared by processes."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes

from pyoxigraph import NamedNode

from gcm.desk.checking import checker_of, checker_on
from gcm.desk.disk import FolderLock, write_file
from gcm.desk.intake import Revision, Wish, add, check_files, check_texts
from gcm.desk.planning import plan
from gcm.desk.record import Publication, read_publications
from gcm.desk.room import Room
from gcm.desk.rules import refuse_decision, refuse_withdrawal
from gcm.desk.standing import explain_clashes
from gcm.desk.submission import (
    PUBLICATIONS,
    Checker,
    StatementEdit,
    subjects_of,
    texts_of_edits,
)
from gcm.desk.tokens import Tokens
from gcm.desk.values import Act, Change, Curator, Proposal, Standing, State
from gcm.errors import ConflictError, NotConformingError
from gcm.given import Given
from gcm.layout import Sources
from gcm.load import VERSIONS_KEPT
from gcm.validate.bench import Bench

log = logging.getLogger(__name__)

#: Random bytes of a key for signatures: as many as a digest of SHA-256 has (RFC 2104 section 3).
_SECRET_BYTES = 32


class Desk:
    """The proposals on one graph.

    `folder` is the desk's own, `sources` finds the files of the graph, `store` is the folder of versions,
    `data` the folder for files of new datasets. Several processes may have a desk on the same folders.
    """

    def __init__(
        self,
        folder: Path,
        *,
        sources: Callable[[], Sources],
        store: Path,
        data: Path,
        check: Checker | None = None,
        kept: int = VERSIONS_KEPT,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Take the folders; nothing is written yet. `check` judges submissions, `kept` versions stay."""
        self.folder = folder
        self.tokens = Tokens(folder, now=now)
        self._has_own_check = check is not None
        self._room = Room(
            folder,
            sources=sources,
            store=store,
            data=data,
            check=check or checker_of(sources, store),
            kept=kept,
            now=now,
        )

    def proposals(self) -> tuple[Proposal, ...]:
        """Give all proposals, the newest first."""
        return self._room.all()

    def published(self) -> tuple[Proposal, ...]:
        """Give all that was published, with what was really done, the newest first."""
        return self._room.published()

    def proposal(self, number: int) -> Proposal:
        """Give a proposal, with what was really done once it is published. Raises UnknownProposalError."""
        return self._room.proposals.read_done(number)

    def sent(self, number: int, place: int) -> bytes:
        """Give a file of a proposal as it was sent, counted from 1. Raises UnknownProposalError."""
        return self._room.proposals.sent(number, place)

    def standing(self, number: int) -> Standing:
        """Say what approval would do now, or what is in its way. Raises UnknownProposalError."""
        proposal = self.proposal(number)
        if not proposal.state.is_waiting:
            return Standing(is_rebased=False, changes=proposal.changes, clashes=())
        return self._room.stand(proposal.changes, proposal.new, since=proposal.at, number=number)

    def publications(self, thing: NamedNode | None = None) -> tuple[Publication, ...]:
        """Give what the graph records of publications, the newest first: all, or those of a thing."""
        return read_publications(self._room.version().store, thing)

    def history(self, thing: NamedNode) -> tuple[Proposal, ...]:
        """Give the published proposals that changed a thing or a dataset, the newest first."""
        return tuple(
            each
            for each in self._room.published()
            if thing in subjects_of(each.changes) or thing in {change.dataset for change in each.changes}
        )

    def reserved(self) -> frozenset[NamedNode]:
        """Give the identifiers of new things in proposals that wait, so that nobody else takes them."""
        return frozenset(thing for each in self._room.waiting() for thing in each.new)

    def texts(self) -> Mapping[NamedNode, str]:
        """Give the Turtle of each dataset as its file has it now; read by `get` alone, when it is needed."""
        return self._room.texts()

    def datasets(self) -> tuple[NamedNode, ...]:
        """List the datasets that have a file."""
        return tuple(sorted(self._room.shelf.paths(), key=str))

    def sources(self) -> Sources:
        """Find the files of the graph as they are now."""
        return self._room.shelf.sources()

    def files(self, changes: Iterable[Change]) -> Mapping[Path, str]:
        """Give the text of each file after changes, by where it lies or will lie; "" where it goes.

        Raises ConflictError if another dataset has a file of that name.
        """
        return {self._room.shelf.path_for(each.dataset): each.after for each in changes}

    def propose(
        self,
        by: Curator,
        given: Sequence[Given],
        *,
        title: str = "",
        comment: str = "",
        replaces: int | None = None,
    ) -> Proposal:
        """Make a proposal of files: each is a dataset, whole. It is on the disk when this returns.

        Violations are allowed, and stand in its report. This one takes the place of
        their proposal `replaces`. Raises SubmissionError if a file cannot be read, DeskError if nothing would
        change, ForbiddenError if `replaces` is not theirs.
        """
        return add(self._room, by, check_files(self._room, given), given, Wish(title, comment, replaces))

    def propose_texts(
        self,
        by: Curator,
        texts: Mapping[NamedNode, str],
        *,
        title: str = "",
        comment: str = "",
        replaces: int | None = None,
    ) -> Proposal:
        """Make a proposal of the texts that datasets are to have; "" removes one. Raises as `propose`."""
        revision = check_texts(self._room, texts, self._room.texts(), are_canonical=False)
        return self.propose_checked(by, revision, title=title, comment=comment, replaces=replaces)

    def propose_statements(
        self,
        by: Curator,
        edits: Iterable[StatementEdit],
        *,
        title: str = "",
        comment: str = "",
        replaces: int | None = None,
    ) -> Proposal:
        """Make a proposal of statements that come and go. Raises as `propose` does."""
        revision = self.check_statements(edits)
        return self.propose_checked(by, revision, title=title, comment=comment, replaces=replaces)

    def check_statements(self, edits: Iterable[StatementEdit]) -> Revision:
        """Say what a proposal of statements would be, and what is wrong with it. Raises as `propose` does."""
        present = self._room.texts()
        return check_texts(self._room, texts_of_edits(edits, present), present, are_canonical=True)

    def propose_checked(
        self,
        by: Curator,
        revision: Revision,
        *,
        title: str = "",
        comment: str = "",
        replaces: int | None = None,
    ) -> Proposal:
        """Make a proposal of what was checked before. Raises as `propose` does."""
        return add(self._room, by, revision, (), Wish(title, comment, replaces))

    def revert(self, by: Curator, number: int, *, comment: str = "") -> Proposal:
        """Propose to take back exactly what a publication did.

        Raises ConflictError if it is not published, or if others have changed the same since.
        """
        done = self.proposal(number)
        if done.state is not State.PUBLISHED or done.published is None:
            raise ConflictError(
                f"Proposal {number} is {done.state.value}; only what is published is reverted."
            )
        backwards = [Change(each.dataset, each.after, each.before) for each in done.changes]
        standing = self._room.stand(
            [each for each in backwards if each.dataset != PUBLICATIONS],
            (),
            since=done.published.at,
            number=number,
        )
        if standing.clashes:
            raise ConflictError(explain_clashes(standing))
        texts = {each.dataset: each.after for each in standing.changes}
        present = {each.dataset: each.before for each in standing.changes}
        revision = check_texts(self._room, texts, present, are_canonical=False)
        return add(
            self._room, by, revision, (), Wish(f"Takes back proposal {number}", comment, reverts=number)
        )

    def approve(self, by: Curator, number: int, *, comment: str = "", tag: str | None = None) -> Proposal:
        """Publish a proposal: its files are written, and a version of them is built and switched to.

        Raises ForbiddenError if `by` may not, PreconditionError if it is not as `tag` says, ConflictError if
        it is decided or clashes with what others have changed, NotConformingError if it has violations.
        """
        with self._room.writing():
            proposal = self._room.proposals.read(number)
            refuse_decision(by, proposal, tag)
            planned = plan(self._room, proposal, by, comment)
            texts = {each.dataset: each.after for each in planned.changes}
            report = check_texts(self._room, texts, self._room.texts(), are_canonical=True).report
            if not report.conforms:
                first = next(each for each in report.results if each.severity == "violation")
                raise NotConformingError(
                    f"Proposal {number} has violations ({report.count('violation')}), the first at "
                    f"{first.place}: {first.message}"
                )
            self._room.press.publish(planned)
        log.info("proposal %d is published", number)
        return self.proposal(number)

    def reject(self, by: Curator, number: int, *, comment: str = "", tag: str | None = None) -> Proposal:
        """Refuse a proposal for good. Raises as `approve` does."""
        return self._decide(by, number, Act.REJECTED, comment=comment, tag=tag)

    def ask(self, by: Curator, number: int, *, comment: str = "", tag: str | None = None) -> Proposal:
        """Ask for changes; its proposer answers by another proposal. Raises as `approve` does."""
        return self._decide(by, number, Act.ASKED, comment=comment, tag=tag)

    def withdraw(self, by: Curator, number: int, *, comment: str = "", tag: str | None = None) -> Proposal:
        """Take one's own proposal back. Raises ForbiddenError, ConflictError or PreconditionError."""
        with self._room.writing():
            proposal = self._room.proposals.read(number)
            refuse_withdrawal(by, proposal, tag)
            return self._room.happen(proposal, self._room.event(Act.WITHDRAWN, by, comment))

    def comment(self, by: Curator, number: int, *, comment: str) -> Proposal:
        """Say something on a proposal. Raises UnknownProposalError."""
        with self._room.writing():
            proposal = self._room.proposals.read(number)
            return self._room.happen(proposal, self._room.event(Act.COMMENTED, by, comment))

    def recover(self) -> None:
        """Finish or undo what a killed process has left; to be called before the graph is built.

        Raises ConflictError if somebody has changed the files meanwhile.
        """
        if self.folder.is_dir():
            with self._room.writing():
                pass

    def check_with(self, bench: Bench) -> None:
        """Have submissions checked in processes that are ended at their limits, unless `check` was given."""
        if not self._has_own_check:
            self._room.check = checker_on(bench, self._room.shelf.sources)

    def build_apart(self) -> None:
        """Have versions built by processes of their own, since this one was forked (`gcm.load.apart`)."""
        self._room.builds_apart = True

    def secret(self) -> bytes:
        """Give the random bytes with which this desk signs sessions; made once, for all its processes."""
        path = self.folder / "key"
        if not path.is_file():
            with self._room.writing():
                if not path.is_file():
                    write_file(path, token_bytes(_SECRET_BYTES), mode=0o600)
        return path.read_bytes()

    def lock(self) -> FolderLock:
        """Give the lock: who builds a version from the same files holds it, so as to read no half of them."""
        return self._room.lock()

    def _decide(self, by: Curator, number: int, act: Act, *, comment: str, tag: str | None) -> Proposal:
        with self._room.writing():
            proposal = self._room.proposals.read(number)
            refuse_decision(by, proposal, tag)
            return self._room.happen(proposal, self._room.event(act, by, comment))
