"""What is counted of a version, as files in its folder: counted beside the servers, and read by all of them.

A server that finds no file, or a broken one, counts itself when it is asked.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from gcm.describe.dump_files import make_folder
from gcm.describe.graph import Graph
from gcm.process.folder import write_whole
from gcm.query.files import FOLDER

#: What counts, and writes it down. The folder of these files is named by the bytes in it: what was counted
#: otherwise, or written in another form, is not read.
_COUNTERS = (Path(__file__).parent, FOLDER / "pages")

Found = TypeVar("Found")


@dataclass(frozen=True)
class Counting(Generic[Found]):
    """Something that is counted, and how it is written down in JSON.

    `decode` raises ValueError, TypeError, KeyError or AttributeError for what `encode` has not written.
    """

    name: str
    count: Callable[[Graph], Found]
    encode: Callable[[Found], object]
    decode: Callable[[Any], Found]  # Any: what a file holds is known when it is decoded


def count_once(graph: Graph, counting: Counting[Found]) -> Found:
    """Give what was counted beside the servers; count it now if that is not there."""
    if graph.folder is not None:
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
            return counting.decode(json.loads(_path(graph.folder, counting).read_bytes()))
    return counting.count(graph)


def write_down(graph: Graph, counting: Counting[Found]) -> None:
    """Count, and write that down in one step. For the one process that does this for a version.

    Raises OSError if it cannot be written.
    """
    if graph.folder is None or is_written(graph.folder, counting):
        return
    path = _path(graph.folder, counting)
    text = json.dumps(counting.encode(graph.remember(count_once, counting)), separators=(",", ":"))
    make_folder(path.parent)
    write_whole(path, text)


def is_written(folder: Path, counting: Counting[Found]) -> bool:
    """Tell whether the file is there."""
    return _path(folder, counting).is_file()


def _path(folder: Path, counting: Counting[Found]) -> Path:
    return folder / f"numbers-{_hash_of(_COUNTERS)}" / f"{counting.name}.json"


@cache
def _hash_of(folders: tuple[Path, ...]) -> str:
    """Give 16 hexadecimal digits of a hash over the modules and queries in these folders."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(filter(Path.is_file, folder.iterdir())):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
