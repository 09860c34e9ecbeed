"""Reports as JSON, and back."""

from dataclasses import asdict
from typing import Any

from gcm.given import Place
from gcm.validate import Report, Result
from gcm.validate.report import Candidate, Edit, Fix

Json = dict[str, Any]  # Any: what JSON holds


def write_report(report: Report) -> list[Json]:
    """Give the results of a report as JSON."""
    return [asdict(each) for each in report.results]


def read_report(rows: list[Json]) -> Report:
    """Read what `write_report` wrote."""
    return Report(tuple(_result(row) for row in rows))


def _result(row: Json) -> Result:
    parts = {
        "place": Place(**row["place"]),
        "candidates": tuple(Candidate(**each) for each in row["candidates"]),
        "fix": _fix(row["fix"]) if row["fix"] else None,
    }
    return Result(**(row | parts))


def _fix(row: Json) -> Fix:
    return Fix(row["title"], tuple(Edit(**each) for each in row["edits"]))
