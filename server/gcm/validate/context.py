"""The graph that submissions stand in: its rules, its statements, and where they stand."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store, Triple

from gcm.errors import StoreError
from gcm.fields import Fields
from gcm.fields.names import Names
from gcm.layout import Sources, graph_root
from gcm.load import GraphFile, read_graph_file
from gcm.validate.checks import Check, read_check
from gcm.validate.overlay import View, store_of
from gcm.vocab import ONTOLOGY, SHAPES


@dataclass(frozen=True)
class Rules:
    """What is demanded of data. `folder` is where the shapes lie, for messages about them."""

    ontology: tuple[Triple, ...]
    shapes: tuple[Triple, ...]
    checks: tuple[Check, ...]
    folder: Path


class Context:
    """A graph and its rules; the store is opened when it is first asked.

    `files` are the files of the graph with the line of each triple, where they are at hand; `names` are what
    everything in it is called, where that has been read before.
    """

    def __init__(
        self,
        rules: Rules,
        *,
        open_store: Callable[[], Store],
        files: Sequence[GraphFile] = (),
        names: Names | None = None,
    ) -> None:
        self.rules = rules
        self.files = files
        self.known_names = names
        self._open_store = open_store

    @classmethod
    def of_sources(cls, sources: Sources) -> "Context":
        """Take the graph that files make. Raises SourceError if one cannot be read."""
        files = [read_graph_file(path, sources=sources) for path in sources.files]
        return cls.of_files(files, checks=sources.checks, folder=sources.shapes[0].parent)

    @classmethod
    def of_files(cls, files: Sequence[GraphFile], *, checks: Iterable[Path], folder: Path) -> "Context":
        """Take the graph that files make which have been read. Raises SourceError if a check is none."""
        rules = Rules(
            ontology=_triples_of(ONTOLOGY, files),
            shapes=_triples_of(SHAPES, files),
            checks=tuple(read_check(path) for path in checks),
            folder=folder,
        )
        return cls(rules, open_store=lambda: store_of(_quads(files)), files=files)

    @classmethod
    def of_version(cls, version: Path) -> "Context":
        """Take the graph of a version, which lies in the folder `version`, and our own checks.

        Raises StoreError if it cannot be opened.
        """
        store = open_store(version)
        return cls(rules_of(store), open_store=lambda: store)

    @cached_property
    def store(self) -> Store:
        """The statements: each in the graph of its dataset, and no others but those of the default graph."""
        return self._open_store()

    @cached_property
    def fields(self) -> Fields:
        """The shapes as people meet them."""
        return Fields([*self.rules.ontology, *self.rules.shapes])

    @cached_property
    def names(self) -> Names:
        """What everything in the graph is called."""
        return self.known_names or Names(quad.triple for quad in View(self.store).all())


def open_store(version: Path) -> Store:
    """Open the store of a version for reading. Raises StoreError if there is none."""
    try:
        return Store.read_only(str(version / "store"))
    except (OSError, ValueError, RuntimeError) as error:  # the last: damaged files, in the engine's words
        raise StoreError(
            f"The version in {version} cannot be read ({error}). Build it again: gcm load."
        ) from error


def own_checks() -> tuple[Check, ...]:
    """Read the checks that are part of this program, or of the checkout that it runs from."""
    return tuple(read_check(path) for path in sorted((graph_root() / "shapes" / "checks").glob("*.rq")))


def rules_of(store: Store) -> Rules:
    """Take the rules out of a store."""
    return Rules(
        ontology=tuple(quad.triple for quad in store.quads_for_pattern(None, None, None, ONTOLOGY)),
        shapes=tuple(quad.triple for quad in store.quads_for_pattern(None, None, None, SHAPES)),
        checks=own_checks(),
        folder=graph_root() / "shapes",
    )


def _triples_of(graph: NamedNode, files: Iterable[GraphFile]) -> tuple[Triple, ...]:
    return tuple(each.triple for file in files if file.graph == graph for each in file.triples)


def _quads(files: Iterable[GraphFile]) -> Iterator[Quad]:
    """Give the statements of files, each in the graph of its dataset."""
    for file in files:
        for each in file.triples:
            yield Quad(each.triple.subject, each.triple.predicate, each.triple.object, file.graph)
