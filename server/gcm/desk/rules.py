"""Who may do what to a proposal, and when."""

from gcm.desk.values import Curator, Proposal
from gcm.errors import ConflictError, DeskError, ForbiddenError, PreconditionError

#: Characters of a title, and of a comment.
LONGEST_TITLE, LONGEST_COMMENT = 200, 10_000


def refuse_decision(by: Curator, proposal: Proposal, tag: str | None) -> None:
    """Raise ForbiddenError, ConflictError or PreconditionError if `by` may not decide on a proposal now."""
    if not by.role.can_review:
        raise ForbiddenError("Your token allows proposals, not decisions; those need the role “review”.")
    if by.handle == proposal.by:
        raise ForbiddenError("This proposal is your own. Another curator decides on it.")
    _refuse_passed(proposal, tag)


def refuse_withdrawal(by: Curator, proposal: Proposal, tag: str | None) -> None:
    """Raise ForbiddenError, ConflictError or PreconditionError if `by` may not withdraw a proposal now."""
    if by.handle != proposal.by:
        raise ForbiddenError(f"Only {proposal.by}, who made proposal {proposal.number}, can withdraw it.")
    _refuse_passed(proposal, tag)


def _refuse_passed(proposal: Proposal, tag: str | None) -> None:
    if not proposal.state.is_waiting:
        raise ConflictError(f"Proposal {proposal.number} is {proposal.state.value}; nothing can be decided.")
    if tag is not None and tag != proposal.tag:
        raise PreconditionError(
            f"Something happened to proposal {proposal.number} since you looked at it. Read it anew."
        )


def clean_title(title: str, names: tuple[str, ...]) -> str:
    """Give a title as one line; without one, the names of what was sent. Raises DeskError if too long."""
    line = " ".join(title.split()) or ", ".join(names)[:LONGEST_TITLE] or "Change of the graph"
    if len(line) > LONGEST_TITLE:
        raise DeskError(f"The title has more than {LONGEST_TITLE} characters. Shorten it.")
    return line


def clean_comment(comment: str) -> str:
    """Give a comment as it is kept. Raises DeskError if it is too long."""
    text = comment.strip().replace("\r\n", "\n")
    if len(text) > LONGEST_COMMENT:
        raise DeskError(f"The comment has more than {LONGEST_COMMENT:,} characters. Shorten it.")
    return text
