"""Proposals on disk: one folder each, `proposals/7/`, made whole; afterwards only its events grow.

proposal.json   number, title, what was given, which datasets, duplicates, overlaps
report.json     what the check said when it was proposed
before/1.ttl    the first dataset as it was then; after/1.ttl as it is to become
patch/1.rdfp    the difference of both, as RDF Patch: so that large datasets need not be read for it
given/1         the first file as it was sent
events.jsonl    what happened, one event a line
published/      what was really done: before/, after/ and patch/ once more, and publication.json
"""

import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock

from pyoxigraph import NamedNode

from gcm.desk.disk import json_text, remove_unfinished, sync_folder, write_file, write_folder
from gcm.desk.statements import patch_lines
from gcm.desk.values import Act, Change, Duplicate, Event, Overlap, Proposal
from gcm.errors import UnknownProposalError
from gcm.given import Given
from gcm.validate.serial import as_json, from_json

#: When the events of a proposal were written, in which file, and whether it is published.
_Stamp = tuple[int, int, bool]

#: Bytes of texts of proposals that a process remembers, the longest unused going first. Their differences, as
#: statements in memory, may take ten times as much.
_REMEMBERED_BYTES = 8_388_608


class Folder:
    """The proposals of a desk. Only who holds the lock of the desk may write; everybody may read."""

    def __init__(self, path: Path) -> None:
        """Take the folder of the desk."""
        self.path = path / "proposals"
        self._read: OrderedDict[tuple[int, bool], tuple[_Stamp, Proposal]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def numbers(self) -> list[int]:
        """List the numbers of all proposals, the newest first."""
        if not self.path.is_dir():
            return []
        return sorted((int(each.name) for each in self.path.iterdir() if each.name.isdigit()), reverse=True)

    def add(self, proposal: Proposal, given: Sequence[Given]) -> None:
        """Write a new proposal; it is on the disk when this returns, and not there at all before."""
        if not self.path.is_dir():
            self.path.mkdir(parents=True)
            sync_folder(self.path.parent)
        files = {
            "proposal.json": json_text(_facts(proposal)),
            "report.json": as_json(proposal.report).encode(),
            "events.jsonl": _lines(proposal.events),
            **texts_of(proposal.changes),
            **{f"given/{place}": each.data for place, each in enumerate(given, 1)},
        }
        write_folder(self.path / str(proposal.number), files)

    def write_events(self, proposal: Proposal) -> None:
        """Write what happened to a proposal, in place of what was written before."""
        place = self.path / str(proposal.number)
        remove_unfinished(place)
        write_file(place / "events.jsonl", _lines(proposal.events))

    def read(self, number: int) -> Proposal:
        """Read a proposal. Raises UnknownProposalError if there is none of this number."""
        return self._remembered(number, is_done=False)

    def read_done(self, number: int) -> Proposal:
        """Read a proposal with what was really done, if it was published."""
        return self._remembered(number, is_done=True)

    def _remembered(self, number: int, *, is_done: bool) -> Proposal:
        """Read a proposal whose events have changed since; all else of it never changes."""
        stamp = self._stamp(number)
        with self._lock:
            known = self._read.pop((number, is_done), None)
            if known and known[0] == stamp:
                self._read[number, is_done] = known
                return known[1]
            self._bytes -= _size(known[1]) if known else 0
        proposal = self._done_from_disk(number) if is_done else self._from_disk(number)
        with self._lock:
            other = self._read.pop((number, is_done), None)  # another thread may have been faster
            self._bytes += _size(proposal) - (_size(other[1]) if other else 0)
            self._read[number, is_done] = (stamp, proposal)
            while self._bytes > _REMEMBERED_BYTES:
                _, (_, gone) = self._read.popitem(last=False)
                self._bytes -= _size(gone)
        return proposal

    def _stamp(self, number: int) -> _Stamp:
        """Give what is another with every event; raises UnknownProposalError if there is no such proposal."""
        place = self.path / str(number)
        try:
            stat = (place / "events.jsonl").stat()
        except OSError:
            raise UnknownProposalError(number) from None
        return stat.st_mtime_ns, stat.st_ino, (place / "published").is_dir()

    def _from_disk(self, number: int) -> Proposal:
        place = self.path / str(number)
        facts = json.loads((place / "proposal.json").read_text("utf-8"))
        datasets = [NamedNode(each) for each in facts["datasets"]]
        return Proposal(
            number=number,
            title=facts["title"],
            changes=read_changes(place, datasets),
            report=from_json((place / "report.json").read_text("utf-8")),
            events=_events((place / "events.jsonl").read_text("utf-8")),
            given=tuple(facts["given"]),
            new=tuple(NamedNode(each) for each in facts["new"]),
            duplicates=tuple(_duplicate(each) for each in facts["duplicates"]),
            overlaps=tuple(_overlap(each) for each in facts["overlaps"]),
            reverts=facts["reverts"],
            replaces=facts["replaces"],
        )

    def _done_from_disk(self, number: int) -> Proposal:
        proposal, place = self.read(number), self.path / str(number) / "published"
        if not place.is_dir():
            return proposal
        facts = json.loads((place / "publication.json").read_text("utf-8"))
        datasets = [NamedNode(each) for each in facts["datasets"]]
        return replace(proposal, changes=read_changes(place, datasets))

    def sent(self, number: int, place: int) -> bytes:
        """Read a file as it was sent, counted from 1. Raises UnknownProposalError if there is none."""
        try:
            return (self.path / str(number) / "given" / str(place)).read_bytes()
        except OSError:
            raise UnknownProposalError(number) from None


def _size(proposal: Proposal) -> int:
    return sum(len(each.before) + len(each.after) for each in proposal.changes)


def texts_of(changes: Iterable[Change]) -> dict[str, bytes]:
    """Give the texts of changes by the names of their files."""
    texts = {}
    for place, each in enumerate(changes, 1):
        texts[f"before/{place}.ttl"] = each.before.encode()
        texts[f"after/{place}.ttl"] = each.after.encode()
        rows = patch_lines(each.dataset, added=each.added, removed=each.removed)
        texts[f"patch/{place}.rdfp"] = "".join(f"{row}\n" for row in rows).encode()
    return texts


def read_changes(place: Path, datasets: Iterable[NamedNode]) -> tuple[Change, ...]:
    """Read what `texts_of` wrote."""
    return tuple(
        Change(
            dataset,
            (place / "before" / f"{row}.ttl").read_bytes().decode(),
            (place / "after" / f"{row}.ttl").read_bytes().decode(),
            _read_patch(place / "patch" / f"{row}.rdfp"),
        )
        for row, dataset in enumerate(datasets, 1)
    )


def _read_patch(path: Path) -> str | None:
    """Read a difference; None if an older program has written none."""
    return path.read_bytes().decode() if path.is_file() else None


def write_event(event: Event) -> dict[str, object]:
    """Give an event as JSON, without what it does not say."""
    said = vars(event) | {"act": event.act.value}
    return {name: value for name, value in said.items() if value not in (None, "")}


def read_event(said: dict[str, object]) -> Event:
    """Read what `write_event` wrote."""
    return Event(**(said | {"act": Act(said["act"])}))  # type: ignore[arg-type]  # as it was written


def _events(text: str) -> tuple[Event, ...]:
    return tuple(read_event(json.loads(line)) for line in text.splitlines())


def _lines(events: Iterable[Event]) -> bytes:
    rows = (json.dumps(write_event(each), ensure_ascii=True) for each in events)
    return "".join(f"{row}\n" for row in rows).encode()


def _facts(proposal: Proposal) -> dict[str, object]:
    return {
        "title": proposal.title,
        "datasets": [each.dataset.value for each in proposal.changes],
        "given": proposal.given,
        "new": [each.value for each in proposal.new],
        "duplicates": [
            vars(each) | {"new": each.new.value, "known": each.known.value} for each in proposal.duplicates
        ],
        "overlaps": [
            vars(each) | {"subjects": [one.value for one in each.subjects]} for each in proposal.overlaps
        ],
        "reverts": proposal.reverts,
        "replaces": proposal.replaces,
    }


def _duplicate(row: dict[str, str]) -> Duplicate:
    return Duplicate(
        new=NamedNode(row["new"]),
        known=NamedNode(row["known"]),
        new_label=row["new_label"],
        known_label=row["known_label"],
        ratio=float(row["ratio"]),
    )


def _overlap(row: dict[str, list[str]]) -> Overlap:
    subjects = tuple(NamedNode(each) for each in row["subjects"])
    return Overlap(int(str(row["number"])), str(row["by"]), subjects)
