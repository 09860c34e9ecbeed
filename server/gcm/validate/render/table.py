"""A report as CSV (RFC 4180): a row for each result, for spreadsheets."""

import csv
import io

from gcm.validate.render.checked import Checked
from gcm.validate.report import Result

COLUMNS = (
    "file",
    "line",
    "column",
    "end_line",
    "end_column",
    "cell",
    "heading",
    "pointer",
    "severity",
    "message",
    "expected",
    "candidates",
    "fix",
    "focus",
    "predicate",
    "value",
    "source",
    "component",
)

#: A cell that begins so is a formula to a spreadsheet, which would run what a stranger has written.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def write_table(checked: Checked) -> str:
    """Write a row for each result; an apostrophe before what a spreadsheet would take for a formula."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    for result in checked.report.results:
        cells = _cells(result)
        writer.writerow([_plain(cells[name]) for name in COLUMNS])
    return target.getvalue()


def _cells(result: Result) -> dict[str, object]:
    candidates = "; ".join(
        f"{each.written} ({each.label})" if each.label else each.written for each in result.candidates
    )
    written = {"candidates": candidates, "fix": result.fix.title if result.fix else ""}
    return vars(result.place) | vars(result) | written


def _plain(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
