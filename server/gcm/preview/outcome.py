"""What a preview shows: the version that was made, the pages that change, and the figures on both sides."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pyoxigraph import NamedNode

from gcm.describe.affected import Affected, AffectedPages, Reach
from gcm.describe.figures import Figure, FigureChange, Figures, Measure, Subject
from gcm.process.folder import write_whole

Found = TypeVar("Found")


@dataclass(frozen=True)
class Outcome:
    """A finished preview: of which order (by its key), and what differs from the version it began with."""

    key: str
    version: str
    pages: AffectedPages
    figures: tuple[FigureChange, ...]


def write_outcome(outcome: Outcome, path: Path) -> None:
    """Write it in one step."""
    _write(
        path,
        {
            "key": outcome.key,
            "version": outcome.version,
            "pages": [[each.iri.value, each.reach.value] for each in outcome.pages.pages],
            "unseen": outcome.pages.unseen,
            "figures": [[each.measure.value, each.name, each.before, each.after] for each in outcome.figures],
        },
    )


def read_outcome(path: Path) -> Outcome | None:
    """Read what `write_outcome` wrote; None if there is no such file, or it is of another program."""
    return _read(path, _outcome)


def _outcome(said: Mapping[str, Any]) -> Outcome:  # Any: as `write_outcome` wrote it
    pages = tuple(Affected(NamedNode(iri), Reach(reach)) for iri, reach in said["pages"])
    return Outcome(
        key=said["key"],
        version=said["version"],
        pages=AffectedPages(pages, int(said["unseen"])),
        figures=tuple(_figure(*row) for row in said["figures"]),
    )


def _figure(measure: str, name: str, before: int | None, after: int | None) -> FigureChange:
    return FigureChange(Measure(measure), name, before, after)


def write_figures(figures: Figures, path: Path) -> None:
    """Write the figures of a version, which never change, in one step."""
    _write(path, [[key.measure, key.name, each.number, each.digest] for key, each in figures.items()])


def read_figures(path: Path) -> Figures | None:
    """Read what `write_figures` wrote; None if there is no such file."""
    return _read(path, lambda rows: {Subject(row[0], row[1]): Figure(int(row[2]), row[3]) for row in rows})


def _write(path: Path, said: object) -> None:
    path.parent.mkdir(exist_ok=True)
    write_whole(path, json.dumps(said))


def _read(path: Path, make: Callable[[Any], Found]) -> Found | None:  # Any: JSON that `make` looks into
    try:
        return make(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None
