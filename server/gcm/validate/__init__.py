"""Files against shapes and checks: what is wrong, on which line, and what to do.

These are the values that every face shows. What finds them is `gcm.validate.run`, which takes longer to
import: a server leaves it to the processes that check.
"""

from gcm.validate.options import DRAFT, PROFILES, STRICT, Options
from gcm.validate.report import Candidate, Edit, Fix, Outcome, Report, Result

__all__ = [
    "DRAFT",
    "PROFILES",
    "STRICT",
    "Candidate",
    "Edit",
    "Fix",
    "Options",
    "Outcome",
    "Report",
    "Result",
]
