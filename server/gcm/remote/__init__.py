"""An engine elsewhere in the place of our own store, spoken to by the protocols of SPARQL 1.1."""

from gcm.remote.dialect import Dialect, dialect_of
from gcm.remote.endpoint import Endpoint, is_remote, read_endpoint
from gcm.remote.graphs import NOTHING, Dataset, foreign_names, with_prologue
from gcm.remote.request import request_of
from gcm.remote.results import GRAPH, TABLE, Incoming, check_reply, read_statements, read_table, stopped
from gcm.remote.seam import Statements
from gcm.remote.state import MERGES, STATE, STATE_PROPERTY, GraphRow, State, look, merge_name, write_state
from gcm.remote.store import RemoteStore
from gcm.remote.terms import statement_there
from gcm.remote.wire import Clock, Reply, Request, Wire

__all__ = [
    "GRAPH",
    "MERGES",
    "NOTHING",
    "STATE",
    "STATE_PROPERTY",
    "TABLE",
    "Clock",
    "Dataset",
    "Dialect",
    "Endpoint",
    "GraphRow",
    "Incoming",
    "RemoteStore",
    "Reply",
    "Request",
    "State",
    "Statements",
    "Wire",
    "check_reply",
    "dialect_of",
    "foreign_names",
    "is_remote",
    "look",
    "merge_name",
    "read_endpoint",
    "read_statements",
    "read_table",
    "request_of",
    "statement_there",
    "stopped",
    "with_prologue",
    "write_state",
]
