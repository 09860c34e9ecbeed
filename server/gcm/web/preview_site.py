"""What previews need: who makes them, and what keeps those open that are read."""

from dataclasses import dataclass

from gcm.describe import Graph
from gcm.desk import Desk, Proposal, Standing
from gcm.errors import ConflictError
from gcm.limits import Limits
from gcm.preview import Order, Outcome, Previews
from gcm.query import Turns
from gcm.web.archive import Archive
from gcm.web.previews import find_previews
from gcm.web.versions import site


class PreviewSite:
    """What previews need: who makes them, and what keeps those open that are read."""

    def __init__(self, desk: Desk, *, limits: Limits) -> None:
        """Take the desk; nothing is made yet."""
        self.desk = desk
        self.previews = Previews(desk.folder / "previews", limits=limits)
        self.archive = Archive(self.previews.folder, limits=limits, turns=Turns(limits), nursery=None)

    def order(self, proposal: Proposal, standing: Standing) -> Order:
        """Say what is to be made: the version that is served, with what approval would change in it now."""
        return Order(
            name=str(proposal.number),
            base=site().newest().version.path,
            sources=self.desk.sources(),
            texts=self.desk.files(standing.changes),
        )

    def graph(self, outcome: Outcome) -> Graph:
        """Open the graph of a preview. Raises UnknownVersionError if it has just been removed."""
        return self.archive.serving(outcome.version).graph


@dataclass(frozen=True)
class Shown:
    """What is known of a preview: what was made, if it is there, and whether it cannot be made."""

    outcome: Outcome | None
    has_failed: bool = False


def preview_of(proposal: Proposal, standing: Standing) -> Shown:
    """Give the preview of a proposal that waits; it is begun if it is not there, and waited for a moment.

    Of a decided one, what was seen last is given. Nothing is made of what has clashes.
    """
    found = find_previews()
    if found is None or standing.clashes:
        return Shown(None)
    if not proposal.state.is_waiting:
        found.previews.retire(str(proposal.number))
        return Shown(found.previews.last(str(proposal.number)))
    try:
        order = found.order(proposal, standing)
    except ConflictError:  # another dataset has a file of that name: approval will say so, too
        return Shown(None, has_failed=True)
    outcome = found.previews.ask(order, seconds=site().limits.preview_wait_seconds)
    return Shown(outcome, has_failed=found.previews.has_failed(order))
