"""Publication: files, version and events change together, or not at all, whenever the process ends.

What is to be done is written down first, in one step: the folder `publishing/` of the desk. From then on it
is done; whoever takes the lock next finishes what a killed process left. All steps can be done twice. Only if
the version cannot be built are the files put back.
"""

import json
import logging
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex

from pyoxigraph import NamedNode

from gcm.desk.disk import UNFINISHED, remove_file, remove_unfinished, sync_folder, write_file, write_folder
from gcm.desk.folder import Folder, read_changes, read_event, texts_of, write_event
from gcm.desk.values import Act, Change, Event
from gcm.errors import ConflictError, GcmError, SourceError, StoreError
from gcm.turtle import read_text

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Plan:
    """What a publication does: files, in the order of `changes`, and events of proposals, by number."""

    number: int
    changes: tuple[Change, ...]
    paths: tuple[Path, ...]
    events: tuple[tuple[int, Event], ...]


class Press:
    """Publishes plans. Only for who holds the lock of the desk."""

    def __init__(self, folder: Folder, *, build: Callable[[], str]) -> None:
        """Take where proposals lie; `build` makes a version of the files current and gives its name."""
        self._folder = folder
        self._place = folder.path.parent / "publishing"
        self._build = build

    def publish(self, plan: Plan) -> None:
        """Do what is planned.

        Raises SourceError or StoreError if no version can be made, ConflictError if a file was changed by
        hand meanwhile; then all is as before.
        """
        _refuse_changed(plan)
        write_folder(self._place, _written(plan))
        try:
            self._finish(plan)
        except (SourceError, StoreError):
            self._undo(plan)
            raise

    def recover(self) -> None:
        """Finish what a killed process has begun; if that cannot be, put the files back.

        Raises ConflictError if somebody has changed the files by hand since.
        """
        if not self._place.is_dir():
            return
        plan = _read(self._place)
        for path in plan.paths:
            remove_unfinished(path.parent, path.name)
        _refuse_changed(plan)
        log.warning("publication of proposal %d was interrupted; it is finished now", plan.number)
        try:
            self._finish(plan)
        except (SourceError, StoreError) as error:
            log.error("proposal %d cannot be published: %s", plan.number, error)
            self._undo(plan)

    def _finish(self, plan: Plan) -> None:
        _write_files(plan.paths, [each.after for each in plan.changes])
        version = self._build()
        for number, event in plan.events:
            proposal = self._folder.read(number)
            made = replace(event, version=version) if event.act is Act.PUBLISHED else event
            if not any(replace(each, version=event.version) == event for each in proposal.events):
                self._folder.write_events(proposal.with_events(made))
        done = self._folder.path / str(plan.number) / "published"
        self._place.rename(done)
        sync_folder(done.parent)
        sync_folder(self._place.parent)

    def _undo(self, plan: Plan) -> None:
        _write_files(plan.paths, [each.before for each in plan.changes])
        doomed = self._place.with_name(f"{UNFINISHED}publishing.{token_hex(4)}")
        self._place.rename(doomed)
        sync_folder(self._place.parent)
        shutil.rmtree(doomed, ignore_errors=True)
        try:
            self._build()
        except GcmError as error:  # the version before still serves
            log.error("the version before cannot be built again: %s", error)


def _refuse_changed(plan: Plan) -> None:
    """Raise ConflictError if a file is neither as it was nor as it is to be: what was done by hand stays."""
    for path, change in zip(plan.paths, plan.changes, strict=True):
        present = read_text(path) if path.exists() else ""
        if present not in (change.before, change.after):
            raise ConflictError(
                f"{path} was changed by hand while proposal {plan.number} was being published. Put it back, "
                "or try again if the publication had not begun."
            )


def _write_files(paths: Sequence[Path], texts: Sequence[str]) -> None:
    for path, text in zip(paths, texts, strict=True):
        if text:
            write_file(path, text.encode(), mode=path.stat().st_mode & 0o777 if path.exists() else 0o644)
        else:
            remove_file(path)


def _written(plan: Plan) -> dict[str, bytes]:
    facts = {
        "number": plan.number,
        "datasets": [each.dataset.value for each in plan.changes],
        "paths": [str(path) for path in plan.paths],
        "events": [[number, write_event(event)] for number, event in plan.events],
    }
    return {"publication.json": json.dumps(facts, indent=1).encode(), **texts_of(plan.changes)}


def _read(place: Path) -> Plan:
    facts = json.loads((place / "publication.json").read_text("utf-8"))
    return Plan(
        number=facts["number"],
        changes=read_changes(place, [NamedNode(each) for each in facts["datasets"]]),
        paths=tuple(Path(each) for each in facts["paths"]),
        events=tuple((number, read_event(event)) for number, event in facts["events"]),
    )
