"""Files against shapes and checks: what is wrong, on which line, and what to do."""

from gcm.validate.context import Context
from gcm.validate.options import DRAFT, PROFILES, STRICT, Options
from gcm.validate.report import Candidate, Edit, Fix, Report, Result
from gcm.validate.run import Outcome, check, validate

__all__ = [
    "DRAFT",
    "PROFILES",
    "STRICT",
    "Candidate",
    "Context",
    "Edit",
    "Fix",
    "Options",
    "Outcome",
    "Report",
    "Result",
    "check",
    "validate",
]
