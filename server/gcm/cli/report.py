"""Validation reports on a terminal: names of files as seen from here, colours, and how many results."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from gcm.errors import SourceError
from gcm.given import Given
from gcm.turtle import read_text
from gcm.validate import Report, Result
from gcm.validate.mend import decoded
from gcm.validate.render import Checked, write_text


class Texts:
    """The texts of what was given, and of the files of the graph, which are read when they are shown."""

    def __init__(self, given: Sequence[Given] = ()) -> None:
        self._texts = {each.name: decoded(each) for each in given}

    def find(self, name: str) -> str | None:
        """Give the text of a file; None if it has none."""
        if name not in self._texts:
            try:
                self._texts[name] = read_text(Path(name))
            except SourceError:
                self._texts[name] = None
        return self._texts[name]


def echo_report(report: Report) -> None:
    """Write every result of a report on the files of the graph."""
    click.echo(write_text(Checked(relative(report), (), Texts().find)), nl=False)


def relative(report: Report) -> Report:
    """Name the files as seen from the working directory."""
    return Report(tuple(_relative(each) for each in report.results))


def _relative(result: Result) -> Result:
    place = replace(result.place, file=shown_path(Path(result.place.file)))
    if result.fix is None:
        return replace(result, place=place)
    edits = tuple(replace(each, file=shown_path(Path(each.file))) for each in result.fix.edits)
    return replace(result, place=place, fix=replace(result.fix, edits=edits))


def shown_path(path: Path) -> str:
    """Name a file as seen from the working directory, if it lies below it."""
    try:
        return str(path.relative_to(Path.cwd())) if path.is_absolute() else os.fspath(path)
    except ValueError:
        return os.fspath(path)


def is_coloured(choice: str) -> bool:
    """Tell whether to write colours: by the option, else on a terminal without NO_COLOR (no-color.org)."""
    if choice != "auto":
        return choice == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def summary(report: Report, seconds: float) -> str:
    """Count what was found: `3 violations, 1 warning in 1 file (0.9 s)`."""
    counts = [(name, report.count(name)) for name in ("violation", "warning", "info")]
    found = ", ".join(_plural(name, count) for name, count in counts if count) or "no violations"
    files = len({result.place.file for result in report.results})
    where = f" in {_plural('file', files)}" if files else ""
    return f"{found}{where} ({seconds:.1f} s)"


def _plural(name: str, count: int) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"
