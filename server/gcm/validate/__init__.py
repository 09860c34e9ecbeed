"""Files against shapes and checks: what is wrong, on which line, and what to do."""

from gcm.validate.report import Report, Result
from gcm.validate.run import validate

__all__ = ["Report", "Result", "validate"]
