"""Checks: faults that SHACL says badly, each a query that finds them."""

import re
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, QuerySolutions, Store

from gcm.errors import SourceError
from gcm.turtle import read_text
from gcm.validate.finding import Finding
from gcm.validate.ways import Way, read_way
from gcm.vocab import PREFIXES

_HEADER = re.compile(r"^#\+ *(title|message|severity|draft|around): *(\S.*)$", re.MULTILINE)
_SEVERITIES = ("violation", "warning", "info")
_VARIABLES = ("entity", "property", "value")


@dataclass(frozen=True)
class Check:
    """One .rq file: the fault it is named for, what to do, how bad it is, and the query.

    `draft` is how bad it is in a draft; checks that find something missing say so, others
    have None. `around` are the ways from a node that a submission speaks of to
    others that the fault concerns too; none if it lies in what is said of the node and of its values.
    """

    name: str
    path: Path
    title: str
    message: str
    severity: str
    draft: str | None
    around: tuple[Way, ...]
    text: str


def read_check(path: Path) -> Check:
    """Read a check. Raises SourceError if its header has no title, or no message with the remedy."""
    text = read_text(path)
    header = dict(_HEADER.findall(text))
    for name in ("title", "message"):
        if name not in header:
            raise SourceError(
                f"the header has no {name}; begin the file with: #+ {name}: …", path=path, line=1
            )
    severity = _severity(header.get("severity", "violation"), path)
    return Check(
        name=path.stem,
        path=path,
        title=header["title"].strip(),
        message=header["message"].strip(),
        severity=severity,
        draft=_severity(header["draft"], path) if "draft" in header else None,
        around=tuple(read_way(each, path=path) for each in header.get("around", "").split()),
        text=text,
    )


def _severity(text: str, path: Path) -> str:
    severity = text.strip().lower()
    if severity not in _SEVERITIES:
        raise SourceError(f"the severity is {severity}; write one of {', '.join(_SEVERITIES)}.", path=path)
    return severity


def run_check(store: Store, check: Check) -> list[Finding]:
    """Ask one check of the named graphs.

    Raises SourceError if it is no SELECT of ?entity, ?property and ?value.
    """
    try:
        rows = store.query(check.text, prefixes=dict(PREFIXES))
    except SyntaxError as error:
        raise SourceError(f"the query is not SPARQL: {error}", path=check.path) from None
    if not isinstance(rows, QuerySolutions) or tuple(each.value for each in rows.variables) != _VARIABLES:
        raise SourceError("a check is a SELECT of ?entity ?property ?value; write it so.", path=check.path)
    return [
        Finding(
            focus=row["entity"],
            predicate=row["property"] if isinstance(row["property"], NamedNode) else None,
            value=row["value"],
            severity=check.severity,
            message=check.message,
            source=check.name,
            title=check.title,
        )
        for row in rows
    ]
