"""Validation reports as text and as JSON."""

import json
import os
import re
from pathlib import Path

import click
from pyoxigraph import NamedNode

from gcm.validate import Report, Result
from gcm.vocab import shorten

_COLUMNS = ("severity", "focus", "predicate", "value", "message", "source")
#: Characters; a longer value is named by its beginning.
_LONGEST_VALUE = 80
_DATATYPE = re.compile(r"(?<=\^\^)<([^>]*)>$")


def echo_report(report: Report) -> None:
    """Write one line per result: `data/pledges.ttl:9: violation: what to do (value) [rule]`."""
    for result in report.results:
        click.echo(line_of(result))


def echo_json(report: Report) -> None:
    """Write the results as one JSON list of objects."""
    rows = [_row(each) for each in report.results]
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1))


def _row(result: Result) -> dict[str, object]:
    place = {"path": shown_path(result.path), "line": result.line}
    return place | {name: getattr(result, name) for name in _COLUMNS}


def line_of(result: Result) -> str:
    """Write a result as one line."""
    place = shown_path(result.path) + (f":{result.line}" if result.line else "")
    about = _shown(result.value) if result.value else _shown(result.focus)
    message = f"{result.message} ({about})" if about else result.message
    return f"{place}: {result.severity}: {message} [{_shown(result.source)}]"


def summary(report: Report, seconds: float) -> str:
    """Count what was found: `3 violations, 1 warning in 1 file (0.9 s)`."""
    counts = [(name, report.count(name)) for name in ("violation", "warning", "info")]
    found = ", ".join(_plural(name, count) for name, count in counts if count) or "no violations"
    files = len({result.path for result in report.results})
    where = f" in {_plural('file', files)}" if files else ""
    return f"{found}{where} ({seconds:.1f} s)"


def shown_path(path: Path) -> str:
    """Name a file as seen from the working directory, if it lies below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return os.fspath(path)


def _shown(text: str) -> str:
    if not text.startswith('"'):
        return shorten(NamedNode(text)) if ":" in text else text
    short = _DATATYPE.sub(lambda found: shorten(NamedNode(found[1])), text)
    return short if len(short) <= _LONGEST_VALUE else short[: _LONGEST_VALUE - 1] + "…"


def _plural(name: str, count: int) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"
