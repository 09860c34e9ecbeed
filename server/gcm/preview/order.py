"""What is ordered: a version of the present files with some of them replaced, and how it is written down."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from gcm.layout import Sources


@dataclass(frozen=True)
class Order:
    """A preview that is wanted, under a name such as the number of its proposal.

    `base` is the folder of the version that it is compared with. `texts` has the new text of each data file
    by where the file lies or would lie; "" where it goes.
    """

    name: str
    base: Path
    sources: Sources
    texts: Mapping[Path, str]

    @cached_property
    def key(self) -> str:
        """What changes when the outcome would be another one."""
        digest = hashlib.sha256(f"{self.base.name}\n".encode())
        for path in sorted(self.texts):
            content = hashlib.sha256(self.texts[path].encode()).hexdigest()
            digest.update(f"{path.name} {content}\n".encode())
        return digest.hexdigest()[:16]


def write_order(order: Order, folder: Path) -> None:
    """Write an order into a folder of its own: the new files, and what else there is to know."""
    (folder / "files").mkdir(parents=True)
    replaced = {}
    for path, text in order.texts.items():
        if text:
            (folder / "files" / path.name).write_text(text, encoding="utf-8", newline="")
        replaced[os.path.abspath(path)] = bool(text)
    said = {
        "name": order.name,
        "key": order.key,
        "base": os.path.abspath(order.base),
        "replaced": replaced,
        "sources": order.sources.written(),
    }
    (folder / "order.json").write_text(json.dumps(said), encoding="utf-8")


@dataclass(frozen=True)
class Written:
    """An order as the process that makes it reads it; `sources` are those of the preview."""

    name: str
    key: str
    base: Path
    sources: Sources


def read_order(folder: Path) -> Written:
    """Read what `write_order` wrote."""
    said = json.loads((folder / "order.json").read_text("utf-8"))
    sources = Sources.of_written(said["sources"])
    return Written(
        name=said["name"],
        key=said["key"],
        base=Path(said["base"]),
        sources=replace(sources, data=_replaced(sources.data, said["replaced"], folder / "files")),
    )


def _replaced(data: tuple[Path, ...], replaced: Mapping[str, bool], files: Path) -> tuple[Path, ...]:
    """Put the new files in the places of the old ones, and those that are new at the end."""
    instead = {name: (files / Path(name).name if has_text else None) for name, has_text in replaced.items()}
    known = [instead.get(str(each), each) for each in data]
    new = [instead[name] for name in sorted(instead.keys() - {str(each) for each in data})]
    return tuple(each for each in (*known, *new) if each is not None)
