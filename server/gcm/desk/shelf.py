"""The files of the data folders, which are the truth: which dataset lies where, and what it says."""

from collections.abc import Callable, Mapping
from pathlib import Path

from pyoxigraph import NamedNode

from gcm.desk.submission import file_name
from gcm.errors import ConflictError
from gcm.layout import Sources
from gcm.load.files import graph_of
from gcm.load.stock import SourceFile
from gcm.turtle import read_text


class Shelf:
    """The data files that a version is built from; new ones come into the folder `data`."""

    def __init__(self, sources: Callable[[], Sources], data: Path) -> None:
        """Take what finds the files anew each time."""
        self.sources = sources
        self._data = data
        self._known: dict[tuple[Path, int, int], NamedNode] = {}

    def paths(self) -> Mapping[NamedNode, Path]:
        """Find the file of each dataset; a file that was seen before is not read again."""
        known = {}
        for path in self.sources().data:
            stat = path.stat()
            key = (path, stat.st_mtime_ns, stat.st_ino)
            known[key] = self._known.get(key) or _dataset_of(path)
        self._known = known
        return {dataset: path for (path, _, _), dataset in known.items()}

    def texts(self) -> Mapping[NamedNode, str]:
        """Give the text of each dataset, read when it is asked for."""
        return _Texts(self.paths())

    def path_for(self, dataset: NamedNode) -> Path:
        """Say where the file of a dataset lies, or will lie.

        Raises ConflictError if another dataset has a file of that name.
        """
        paths = self.paths()
        if dataset in paths:
            return paths[dataset]
        path = self._data / file_name(dataset)
        if path.exists():
            raise ConflictError(f"There is a file {path.name} that is another dataset; choose another IRI.")
        return path


class _Texts(dict[NamedNode, str]):
    """The texts that were read so far."""

    def __init__(self, paths: Mapping[NamedNode, Path]) -> None:
        super().__init__()
        self._paths = paths

    def get(self, dataset: NamedNode, default: str = "") -> str:  # type: ignore[override]  # of text alone
        """Give a text, or `default` if there is no such dataset."""
        if dataset not in self and dataset in self._paths:
            self[dataset] = read_text(self._paths[dataset])
        return super().get(dataset, default)


def _dataset_of(path: Path) -> NamedNode:
    return graph_of(SourceFile("data", path, 0, ""), path.read_bytes())
