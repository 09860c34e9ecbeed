"""Files into immutable store versions, which a server takes up by itself.

Into an engine elsewhere they come by `gcm.load.upload`, in a process of its own by `gcm.load.apart`.
"""

from gcm.load.files import GraphFile, read_graph_file, refuse_shared_datasets, shared_datasets
from gcm.load.record import changed_graphs
from gcm.load.stock import STORE_FORMAT
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
    "Version",
    "build",
    "changed_graphs",
    "current",
    "is_built",
    "read_graph_file",
    "refuse_shared_datasets",
    "shared_datasets",
    "version_id",
]
