"""Whatever asks the graph: our .rq files in this process, those of strangers in workers that can be ended.

For a graph in an engine elsewhere there is `gcm.query.elsewhere`.
"""

from gcm.query.answer import QUICK_SECONDS, Answer
from gcm.query.asked import Question
from gcm.query.caller import Caller
from gcm.query.engine import GRAPH_FORMATS, RESULT_FORMATS, Kind, Results, Term, evaluate, kind_of, write
from gcm.query.files import Param, Query, page_query, question, questions, read_query, solutions
from gcm.query.guard import Outline, check_text, outline_at_a_glance
from gcm.query.nursery import Nursery
from gcm.query.pool import Pool
from gcm.query.rdf12 import BASIC, FULL, Rdf
from gcm.query.runner import Reply, Runner
from gcm.query.tally import Histogram, Tally
from gcm.query.turns import Ticket, Turns
from gcm.query.version import GraphInfo, Manifest, OpenVersion, open_version, read_manifest
from gcm.remote import Statements

__all__ = [
    "BASIC",
    "FULL",
    "GRAPH_FORMATS",
    "QUICK_SECONDS",
    "RESULT_FORMATS",
    "Answer",
    "Caller",
    "GraphInfo",
    "Histogram",
    "Kind",
    "Manifest",
    "Nursery",
    "OpenVersion",
    "Outline",
    "Param",
    "Pool",
    "Query",
    "Question",
    "Rdf",
    "Reply",
    "Results",
    "Runner",
    "Statements",
    "Tally",
    "Term",
    "Ticket",
    "Turns",
    "check_text",
    "evaluate",
    "kind_of",
    "open_version",
    "outline_at_a_glance",
    "page_query",
    "question",
    "questions",
    "read_manifest",
    "read_query",
    "solutions",
    "write",
]
