"""What a version was made from, kept beside its store for the build of the next one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from gcm.load.stock import STORE_FORMAT

#: The file in the folder of a version, written when its store is whole.
RECORD = "sources.json"


@dataclass(frozen=True)
class RecordedFile:
    """A file that is in the version: its hash, its size in bytes, its graph, its triples there."""

    kind: str
    sha256: str
    size: int
    graph: NamedNode
    triples: int

    @property
    def key(self) -> tuple[str, str]:
        """What two files share that say the same in the same place."""
        return self.kind, self.sha256


@dataclass(frozen=True)
class Record:
    """The files of a version; `steps` counts the changes of its store since it was put in order."""

    steps: int
    files: Sequence[RecordedFile]


def write_record(record: Record, version: Path) -> None:
    """Write it into the folder of the version."""
    rows = [[each.kind, each.sha256, each.size, each.graph.value, each.triples] for each in record.files]
    content = {"format": STORE_FORMAT, "steps": record.steps, "files": rows}
    (version / RECORD).write_text(json.dumps(content), encoding="utf-8")


def read_record(version: Path) -> Record | None:
    """Read what `write_record` wrote; None if the version cannot be the beginning of another one."""
    try:
        content = json.loads((version / RECORD).read_text("utf-8"))
        if content["format"] != STORE_FORMAT:
            return None
        rows = [
            RecordedFile(kind, digest, int(size), NamedNode(graph), int(triples))
            for kind, digest, size, graph, triples in content["files"]
        ]
        return Record(int(content["steps"]), rows)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def changed_graphs(one: Path, other: Path) -> frozenset[NamedNode] | None:
    """Give the graphs of two versions that were not made of the same files; None if that is not known."""
    records = [read_record(each) for each in (one, other)]
    files = [{(each.key, each.graph) for each in record.files} for record in records if record]
    return frozenset(graph for _, graph in files[0] ^ files[1]) if len(files) == len(records) else None
