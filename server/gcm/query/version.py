"""One version of the graph, opened for reading."""

import json
from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True)
class Manifest:
    """What a version says of itself. `built` is a time in ISO 8601.

    Without `has_commas` no address in it has a comma, and there are no triple terms.
    """

    id: str
    built: str
    triples: int
    graphs: tuple[GraphInfo, ...]
    has_commas: bool = True


def read_manifest(version: Path) -> Manifest:
    """Read what the version in the folder `version` says of itself.

    Raises StoreError if it does not say so.
    """
    try:
        content = json.loads((version / "manifest.json").read_text("utf-8"))
        datetime.fromisoformat(content["built"])
        return Manifest(
            id=content["id"],
            built=content["built"],
            triples=int(content["triples"]),
            graphs=tuple(
                GraphInfo(NamedNode(each["iri"]), each["file"], each["triples"]) for each in content["graphs"]
            ),
            has_commas=content.get("commas") is not False,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unreadable(version, error) from error


def open_version(version: Path) -> OpenVersion:
    """Open the version that lies in the folder `version`.

    Raises StoreError if it cannot be read.
    """
    manifest = read_manifest(version)
    try:
        store = Store.read_only(str(store_path(version)))
    except (OSError, ValueError, RuntimeError) as error:  # the last: damaged files, in the engine's words
        raise _unreadable(version, error) from error
    return OpenVersion(
        id=manifest.id,
        path=version,
        store=store,
        built=manifest.built,
        triples=manifest.triples,
        graphs=manifest.graphs,
    )


def _unreadable(version: Path, error: Exception) -> StoreError:
    return StoreError(f"The version in {version} cannot be read ({error}). Build it again: gcm load.")
