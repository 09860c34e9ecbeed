"""Which files make up the graph, and where they lie."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gcm.errors import SourceError


@dataclass(frozen=True)
class Sources:
    """The files a version is built from, each group sorted by name."""

    ontology: tuple[Path, ...]
    shapes: tuple[Path, ...]
    checks: tuple[Path, ...]
    data: tuple[Path, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """All files that hold statements: everything but the checks."""
        return self.ontology + self.shapes + self.data

    @property
    def groups(self) -> Mapping[str, tuple[Path, ...]]:
        """The files of each group, by its name."""
        return vars(self)

    def written(self) -> dict[str, list[str]]:
        """Name the files of each group for another process, which reads them with `of_written`."""
        return {name: [os.path.abspath(each) for each in paths] for name, paths in self.groups.items()}

    @classmethod
    def of_written(cls, said: Mapping[str, Iterable[str]]) -> "Sources":
        """Read what `written` gave."""
        return cls(**{name: tuple(Path(each) for each in paths) for name, paths in said.items()})


def graph_root() -> Path:
    """Find the folder of ontology/, shapes/ and data/: inside an installed package, else the checkout."""
    packaged = Path(__file__).parent / "graph"
    return packaged if packaged.is_dir() else Path(__file__).parents[2]


def find_sources(root: Path, *, data: Iterable[Path] = (), with_own_data: bool = True) -> Sources:
    """Find the files of the graph below `root`, with those in the folders `data` beside our data or instead.

    Raises SourceError if a folder is missing or holds no Turtle file.
    """
    folders = [root / "data"] if with_own_data else []
    return Sources(
        ontology=_turtle_files(root / "ontology"),
        shapes=_turtle_files(root / "shapes"),
        checks=tuple(sorted((root / "shapes" / "checks").glob("*.rq"))),
        data=tuple(path for folder in [*folders, *data] for path in _turtle_files(folder)),
    )


def _turtle_files(folder: Path) -> tuple[Path, ...]:
    if not folder.is_dir():
        raise SourceError("there is no such folder; name one that holds Turtle files.", path=folder)
    found = tuple(sorted(folder.glob("*.ttl")))
    if not found:
        raise SourceError("the folder holds no file that ends in .ttl; put the data there.", path=folder)
    return found
