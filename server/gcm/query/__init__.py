"""Whatever asks the graph: our .rq files in this process, those of strangers in workers that can be ended."""

from gcm.query.answer import Answer
from gcm.query.caller import Caller
from gcm.query.engine import GRAPH_FORMATS, RESULT_FORMATS, Kind, Results, Term, evaluate, kind_of, write
from gcm.query.files import Param, Query, page_query, question, questions, read_query, solutions
from gcm.query.guard import Outline, check_text
from gcm.query.pool import Pool
from gcm.query.rdf12 import BASIC, FULL, Rdf
from gcm.query.tally import Histogram, Tally
from gcm.query.turns import Turns
from gcm.query.version import GraphInfo, Manifest, OpenVersion, open_version, read_manifest

__all__ = [
    "BASIC",
    "FULL",
    "GRAPH_FORMATS",
    "RESULT_FORMATS",
    "Answer",
    "Caller",
    "GraphInfo",
    "Histogram",
    "Kind",
    "Manifest",
    "OpenVersion",
    "Outline",
    "Param",
    "Pool",
    "Query",
    "Rdf",
    "Results",
    "Tally",
    "Term",
    "Turns",
    "check_text",
    "evaluate",
    "kind_of",
    "open_version",
    "page_query",
    "question",
    "questions",
    "read_manifest",
    "read_query",
    "solutions",
    "write",
]
