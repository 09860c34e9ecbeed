"""Proposals: what curators ask to be changed, decided by others, published into the files, and taken back.

The files of the data folder stay the truth. A proposal lives in a folder of its own until somebody else than
its proposer approves it; then its files are written and the next version is built and switched to.
"""

from gcm.desk.desk import Desk
from gcm.desk.intake import Revision
from gcm.desk.submission import Checked, Checker, StatementEdit
from gcm.desk.tokens import Token, Tokens
from gcm.desk.values import (
    Act,
    Change,
    Clash,
    Curator,
    Duplicate,
    Event,
    Overlap,
    Proposal,
    Role,
    Standing,
    State,
    curator_iri,
)

__all__ = [
    "Act",
    "Change",
    "Checked",
    "Checker",
    "Clash",
    "Curator",
    "Desk",
    "Duplicate",
    "Event",
    "Overlap",
    "Proposal",
    "Revision",
    "Role",
    "Standing",
    "State",
    "StatementEdit",
    "Token",
    "Tokens",
    "curator_iri",
]
