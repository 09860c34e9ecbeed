"""One version of the graph, opened for reading."""

import json
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Store

from gcm.errors import StoreError
from gcm.remote import Statements


@dataclass(frozen=True)
class GraphInfo:
    """One named graph of a version: the file it was read from, and how many triples it holds."""

    iri: NamedNode
    file: str
    triples: int


@dataclass(frozen=True)
class OpenVersion:
    """A version whose store is open for reading, here or elsewhere. `built` is a time in ISO 8601."""

    id: str
    path: Path
    store: Statements
    built: str
    triples: int
    graphs: tuple[GraphInfo, ...]


def store_path(version: Path) -> Path:
    """Where the engine's files of a version lie."""
    return version / "store"


def open_version(version: Path) -> OpenVersion:
    """Open the version that lies in the folder `version`.

    Raises StoreError if it cannot be read.
    """
    try:
        manifest = json.loads((version / "manifest.json").read_text("utf-8"))
        store = Store.read_only(str(store_path(version)))
        return OpenVersion(
            id=manifest["id"],
            path=version,
            store=store,
            built=manifest["built"],
            triples=manifest["triples"],
            graphs=tuple(
                GraphInfo(NamedNode(each["iri"]), each["file"], each["triples"])
                for each in manifest["graphs"]
            ),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"The version in {version} cannot be read ({error}). Build it again: gcm load."
        ) from error
