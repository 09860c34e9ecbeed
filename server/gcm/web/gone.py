"""What was removed: which kept version has it last, and what has taken its place."""

from flask import request
from pyoxigraph import NamedNode

from gcm.describe import Graph
from gcm.errors import GoneError, UnknownIriError, UnknownVersionError
from gcm.vocab import PREFIXES, iri_of
from gcm.web.entities import read_address, successors_of
from gcm.web.memento import pinned_address
from gcm.web.pinned import is_pinned
from gcm.web.versions import site

_REPLACES = NamedNode(PREFIXES["dcterms"] + "replaces")


def find_removed() -> GoneError | None:
    """Find the last kept version that describes what is asked for; None if none does."""
    if is_pinned():
        return None
    newest = site().newest()
    for kept in reversed(site().archive.kept()):
        if kept.id == newest.version.id:
            continue
        try:
            graph = site().kept(kept.id).graph
            iri = _iri_in(graph, request.path)
        except (UnknownIriError, UnknownVersionError):
            continue
        successor = _successor(iri, graph, newest.graph)
        return GoneError(iri.value, version=kept.id, permalink=pinned_address(kept.id), successor=successor)
    return None


def _iri_in(graph: Graph, path: str) -> NamedNode:
    if request.endpoint != "entities.show_thing":
        return read_address(graph, path).iri
    iri = iri_of(path)
    if not graph.knows(iri):
        raise UnknownIriError(iri.value)
    return iri


def _successor(iri: NamedNode, old: Graph, new: Graph) -> str | None:
    """Give what the old version or the new one says has taken the place of a thing."""
    found = (*successors_of(old, iri), *new.subjects(_REPLACES, iri))
    return found[0].value if found else None
