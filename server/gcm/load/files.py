"""The files of the graph, read: which named graph each of them is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from gcm.errors import SourceError
from gcm.layout import Sources
from gcm.load.stock import SourceFile
from gcm.turtle import LocatedTriple, dataset_of, parse_triples, read_triples
from gcm.vocab import ONTOLOGY, OWN_STEMS, PREFIXES, SHAPES, dump_stem

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_DATASET = NamedNode(PREFIXES["dcat"] + "Dataset")
_OWN_GRAPHS = {"ontology": ONTOLOGY, "shapes": SHAPES}


class InGraph(Protocol):
    """A file of which we know to which graph its statements belong."""

    @property
    def path(self) -> Path:
        """Where it lies."""

    @property
    def graph(self) -> NamedNode:
        """The graph."""


@dataclass(frozen=True)
class GraphFile:
    """One file, read: the graph that its statements belong to, and the line of each."""

    path: Path
    graph: NamedNode
    triples: tuple[LocatedTriple, ...]


def read_graph_file(path: Path, *, sources: Sources) -> GraphFile:
    """Read one file; what is not one of our ontology or shapes files must say which dataset it is.

    Raises SourceError if it cannot be read or has no dataset header.
    """
    triples = read_triples(path)
    place = path.resolve()
    if place in {each.resolve() for each in sources.ontology}:
        return GraphFile(path=path, graph=ONTOLOGY, triples=triples)
    if place in {each.resolve() for each in sources.shapes}:
        return GraphFile(path=path, graph=SHAPES, triples=triples)
    return GraphFile(path=path, graph=dataset_of(triples, path=path), triples=triples)


def refuse_shared_datasets(files: Iterable[InGraph]) -> None:
    """Raise SourceError if two files say that they are the same dataset: one file is one source.

    So are datasets whose files to download would have one name, among themselves or with our own.
    """
    for error in shared_datasets(files):
        raise error


def shared_datasets(files: Iterable[InGraph]) -> Iterator[SourceError]:
    """Give what `refuse_shared_datasets` raises, for every file."""
    seen: dict[str, Path] = {}
    for file in files:
        if file.graph in (ONTOLOGY, SHAPES):
            continue
        name = dump_stem(file.graph)
        if name in OWN_STEMS:
            message = f"{file.graph} would have its files named “{name}”, as ours are; give it another IRI."
            yield SourceError(message, path=file.path)
        elif name in seen:
            message = f"{file.graph} is already the dataset of {seen[name]}; give this one another IRI."
            yield SourceError(message, path=file.path)
        seen.setdefault(name, file.path)


def graph_of(file: SourceFile, data: bytes) -> NamedNode:
    """Find the graph that the statements of a file belong to, reading no further than its header.

    Raises SourceError if it has none, or is not Turtle up to there.
    """
    if file.kind in _OWN_GRAPHS:
        return _OWN_GRAPHS[file.kind]
    try:
        for quad in parse(input=data, format=RdfFormat.TURTLE):
            if quad.object == _DATASET and quad.predicate == _TYPE and isinstance(quad.subject, NamedNode):
                return quad.subject
    except SyntaxError as error:
        raise explain(file, data) from error
    raise explain(file, data)


def parse_quads(file: SourceFile, data: bytes) -> Iterator[Quad]:
    """Read the triples of a file as quads of the default graph, quickly: lines are not counted.

    Raises SourceError if it is not Turtle, or says more than RDF 1.1 can.
    """
    try:
        for quad in parse(input=data, format=RdfFormat.TURTLE, rename_blank_nodes=True):
            value = quad.object
            kind = type(value)
            if kind is Triple or (kind is Literal and value.direction is not None):
                raise explain(file, data)
            yield quad
    except SyntaxError as error:
        raise explain(file, data) from error


def check_header(file: SourceFile, *, store: Store, graph: NamedNode) -> None:
    """Raise SourceError if the file, which was loaded into `graph`, says that it is several datasets."""
    subjects = {each.subject for each in store.quads_for_pattern(None, _TYPE, _DATASET, graph)}
    if subjects != {graph}:
        raise explain(file, file.read())


def explain(file: SourceFile, data: bytes) -> SourceError:
    """Read a file that has a mistake once more, slowly, to find its line."""
    try:
        triples = parse_triples(data, path=file.path)
        if file.kind == "data":
            dataset_of(triples, path=file.path)
    except SourceError as error:
        return error
    return SourceError("the engine cannot read this file; check it with: gcm validate", path=file.path)
