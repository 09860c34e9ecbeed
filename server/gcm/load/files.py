"""The files of the graph, read: which named graph each of them is."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from gcm.errors import SourceError
from gcm.layout import Sources
from gcm.turtle import LocatedTriple, dataset_of, read_triples
from gcm.vocab import ONTOLOGY, OWN_STEMS, SHAPES, dump_stem


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


def refuse_shared_datasets(files: Sequence[GraphFile]) -> None:
    """Raise SourceError if two files say that they are the same dataset: one file is one source.

    So are datasets whose files to download would have one name, among themselves or with our own.
    """
    seen: dict[str, Path] = {}
    for file in files:
        if file.graph in (ONTOLOGY, SHAPES):
            continue
        name = dump_stem(file.graph)
        if name in OWN_STEMS:
            message = f"{file.graph} would have its files named “{name}”, as ours are; give it another IRI."
            raise SourceError(message, path=file.path)
        if name in seen:
            message = f"{file.graph} is already the dataset of {seen[name]}; give this one another IRI."
            raise SourceError(message, path=file.path)
        seen[name] = file.path
