"""A report as JSON and back, the same in every member: the form for programs, and for what is kept.

The document is one object: `conforms`, `counts` by severity, and `results` in their order. A result has all
members of `gcm.validate.report.Result`, under their names, `null` where there is nothing. Texts that came
with a fault (labels, values) are as they were; positions count as `Place` and `Edit` say.
"""

import json
from dataclasses import asdict
from typing import Any

from gcm.given import Place
from gcm.validate.report import Candidate, Edit, Fix, Report, Result

#: What results are counted by, the gravest first.
SEVERITIES = ("violation", "warning", "info")

Members = dict[str, Any]  # Any: what JSON holds


def as_json(report: Report) -> str:
    """Write a report as one JSON document."""
    return json.dumps(as_members(report), ensure_ascii=False, indent=1) + "\n"


def as_members(report: Report) -> Members:
    """Give a report as what JSON can hold: for documents that say more beside it."""
    return {
        "conforms": report.conforms,
        "counts": {severity: report.count(severity) for severity in SEVERITIES},
        "results": [asdict(result) for result in report.results],
    }


def from_json(text: str) -> Report:
    """Read what `as_json` has written. Raises ValueError if it is no report."""
    try:
        return Report(tuple(_result(each) for each in json.loads(text)["results"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"This is JSON, but no report of a validation ({error!r}).") from None


def _result(members: Members) -> Result:
    """Read one result; a member that is missing or unknown is a TypeError."""
    own = {
        "place": Place(**members["place"]),
        "candidates": tuple(Candidate(**each) for each in members["candidates"]),
        "fix": _fix(members["fix"]) if members["fix"] else None,
        "also": tuple(members.get("also", ())),  # reports that were kept may be older
    }
    return Result(**(members | own))


def _fix(members: Members) -> Fix:
    return Fix(members["title"], tuple(Edit(**each) for each in members["edits"]))
