"""Files into immutable store versions, which a server takes up by itself."""

from gcm.load.apart import build_apart
from gcm.load.difference import is_due
from gcm.load.files import GraphFile, read_graph_file, refuse_shared_datasets, shared_datasets
from gcm.load.record import changed_graphs
from gcm.load.stock import STORE_FORMAT
from gcm.load.upload import Sent, upload
from gcm.load.versions import (
    REMOVED,
    VERSIONS_KEPT,
    Version,
    build,
    current,
    is_built,
    version_id,
)

__all__ = [
    "REMOVED",
    "STORE_FORMAT",
    "VERSIONS_KEPT",
    "GraphFile",
    "Sent",
    "Version",
    "build",
    "build_apart",
    "changed_graphs",
    "current",
    "is_built",
    "is_due",
    "read_graph_file",
    "refuse_shared_datasets",
    "shared_datasets",
    "upload",
    "version_id",
]
