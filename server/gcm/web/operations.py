"""What each address does, for its description in OpenAPI: summary, parameters, forms, statuses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from gcm.given import Form
from gcm.validate.options import PROFILES
from gcm.validate.render import RENDERINGS
from gcm.web.negotiate import DOCUMENT_OFFERS, GRAPH_OFFERS, HTML, SELECT_OFFERS, Offer
from gcm.web.protocol import FORM, QUERY

Json = dict[str, object]

#: Every address may have these: validators, spellings, limits of addresses and headers, no version to serve.
_EVERYWHERE = frozenset({200, 304, 308, 400, 404, 406, 408, 410, 412, 414, 431, 502, 503, 504})

#: A query may also be refused, too large or one too many.
_QUERIES = _EVERYWHERE | {403, 413, 429}

#: A body may have the wrong type.
_BODIES = frozenset({413, 415})


@dataclass(frozen=True)
class Operation:
    """One operation: what it does, what it reads, which media types it sends, and which statuses."""

    summary: str
    types: tuple[str, ...] = (HTML.media_type,)
    parameters: tuple[Json, ...] = ()
    statuses: frozenset[int] = _EVERYWHERE
    post_statuses: frozenset[int] = frozenset()
    body: Json = field(default_factory=dict)
    has_post_parameters: bool = False
    is_body_required: bool = True
    needs_token: bool = False


def _types(*offers: Offer) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in offers for name in (each.media_type, *each.aliases)))


def _text(name: str, description: str, **schema: object) -> Json:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string", **schema}}


def _several(name: str, description: str) -> Json:
    schema = {"type": "array", "items": {"type": "string", "format": "iri"}}
    return {"name": name, "in": "query", "description": description, "schema": schema, "explode": True}


_LANGUAGE = _text("lang", "The language of the page.", enum=["en", "fr", "ru"])
_FORM = _text("format", "The form of the answer: a suffix or a media type.")
_GRAPHS = (
    _several("default-graph-uri", "A graph of the default graph (SPARQL 1.1 Protocol section 2.1.4)."),
    _several("named-graph-uri", "A named graph (SPARQL 1.1 Protocol section 2.1.4)."),
)
_VERSION = _text("version", "The version of SPARQL and RDF that the query announces.", enum=["1.1", "1.2"])
_ASKED: tuple[Json, ...] = (
    _text("query", "A query in SPARQL; without one, the endpoint is described."),
    *_GRAPHS,
)
_ASKED += (_FORM, _VERSION)

_SPARQL_FORM: Json = {
    "type": "object",
    "required": ["query"],
    "properties": {
        "query": {"type": "string"},
        "default-graph-uri": {"type": "array", "items": {"type": "string"}},
        "named-graph-uri": {"type": "array", "items": {"type": "string"}},
        "format": {"type": "string"},
    },
}
_RESULTS = _types(*SELECT_OFFERS, *GRAPH_OFFERS)
_SPARQL = Operation(
    "Answer a query (SPARQL 1.1 Protocol section 2.1)",
    _RESULTS,
    _ASKED,
    _QUERIES,
    _BODIES,
    {FORM: {"schema": _SPARQL_FORM}, QUERY: {"schema": {"type": "string"}}},
)
_GRAPH = _types(*(each for each in GRAPH_OFFERS if each != HTML))
_TABLES = (Form.XLSX.value, Form.CSV.value)
_PAGE = (_LANGUAGE,)
_DOCUMENT = _types(*DOCUMENT_OFFERS)
_PARTS: tuple[Json, ...] = (
    _LANGUAGE,
    _text("in", "Show the links with this property."),
    _text("of", "Show the links from things of this class."),
    _text("page", "The page of these links, from 1."),
)

_EDITING: tuple[Json, ...] = (
    _LANGUAGE,
    _text("edit", "The thing to be changed: the path of its address."),
    _text("dataset", "The dataset whose statements are to be changed."),
)

#: What curators send and decide: a token may be missing or not enough, others may have been faster.
_CURATED = _EVERYWHERE | {401, 429}
_CHANGES = frozenset({201, 303, 401, 403, 405, 409, 413, 415, 422, 429})
_TITLE: Json = {"type": "string", "description": "What changes, in a few words."}
_COMMENT: Json = {"type": "string", "description": "What there is to say."}
_FILES: Json = {"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}}
_SENT: Json = {
    **{form.value: {} for form in Form},
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {
                "file": _FILES,
                "text": {"type": "string", "description": "What was pasted instead of a file."},
                "syntax": {"type": "string", "description": "The media type of what was pasted."},
                "as": {"type": "string", "description": "The class of the rows of a table."},
                "header": {
                    "type": "string",
                    "description": "The header of a table’s dataset, in Turtle.",
                },
                "title": _TITLE,
                "comment": _COMMENT,
                "replaces": {"type": "integer", "description": "The proposal whose place this one takes."},
            },
        }
    },
}
_SAID = (
    _text("name", "What the file is called."),
    _text("title", "What changes, in a few words."),
    _text("comment", "What there is to say."),
    _text("as", "The class of the rows of a table."),
    _text("header", "The header of a table’s dataset, in Turtle."),
    _text("replaces", "The number of the proposal whose place this one takes."),
)
_DECIDED: Json = {"schema": {"type": "object", "properties": {"comment": _COMMENT}}}
_TAGGED: Json = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag of the proposal as it was read; if something has happened to it since: 412.",
    "schema": {"type": "string"},
}
_TOKEN: Json = {
    "schema": {"type": "object", "required": ["token"], "properties": {"token": {"type": "string"}}}
}
_PROPOSALS = ("application/json", HTML.media_type)
_FILE: Json = {"type": "string", "contentMediaType": "application/octet-stream"}
_ROWS = "What the rows of a table are: the name of their form, such as pledge or voluntary-report."
_VALIDATION_FORM: Json = {
    "type": "object",
    "properties": {
        "file": {"type": "array", "items": _FILE, "description": "Files, each with its name."},
        "text": {"type": "string", "description": "Text in place of a file."},
        "syntax": {"type": "string", "description": "The media type of the text."},
        "profile": {"type": "string", "enum": [*PROFILES]},
        "shape": {"type": "array", "items": {"type": "string"}},
        "node": {"type": "array", "items": {"type": "string"}},
        "as": {"type": "string", "description": _ROWS},
        "header": {"type": "string", "description": "The header of the dataset of a table, in Turtle."},
        "format": {"type": "string"},
    },
}
_VALIDATION_BODY: Json = {
    **{form.value: {"schema": {"type": "string"}} for form in Form if form is not Form.XLSX},
    Form.XLSX.value: {"schema": _FILE},
    "multipart/form-data": {"schema": _VALIDATION_FORM},
    FORM: {"schema": _VALIDATION_FORM},
}

#: Endpoint of the application -> its operation. A test compares the names with the application's.
OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        "curators.show_sign_in": Operation("Ask for a token", parameters=_PAGE, statuses=_CURATED),
        "curators.sign_in": Operation(
            "Begin a session", statuses=_CURATED, post_statuses=_CHANGES, body={FORM: _TOKEN}
        ),
        "curators.sign_out": Operation("End a session", statuses=_CURATED, post_statuses=_CHANGES),
        "dumps.send_dump": Operation(
            "Send a dump, or its checksum",
            (*_types(*GRAPH_OFFERS), "application/n-quads", "application/gzip", "text/plain"),
            statuses=_EVERYWHERE | {206, 416},
        ),
        "dumps.show_dumps": Operation("Send to the catalogue", (), statuses=_EVERYWHERE | {303}),
        "entities.show_document": Operation(
            "Describe a thing, a term, a shape or a dataset", _DOCUMENT, _PARTS
        ),
        "entities.show_thing": Operation("Send to the description", (), _PAGE, _EVERYWHERE | {303}),
        "graph_store.show_graph": Operation(
            "Send a graph (SPARQL 1.1 Graph Store HTTP Protocol section 5.2)",
            _GRAPH,
            (
                _text("graph", "The IRI of a graph."),
                {"name": "default", "in": "query", "allowEmptyValue": True, "schema": {"type": "string"}},
                _FORM,
            ),
        ),
        "history.show_history": Operation("List what was published", parameters=_PAGE),
        "history.show_history_of": Operation("Show what became of a thing or a dataset", parameters=_PAGE),
        "openapi.show_description": Operation(
            "Describe this interface", ("application/vnd.oai.openapi+json",)
        ),
        "questions.show_question": Operation(
            "Answer a question that is ready", _types(*SELECT_OFFERS), _PAGE, _QUERIES
        ),
        "questions.show_questions": Operation("List the questions that are ready", parameters=_PAGE),
        "pages.show_home": Operation("Say what this is", parameters=_PAGE),
        "pages.show_limits": Operation("List the limits in force", parameters=_PAGE),
        "pages.show_search": Operation(
            "Find things by their names", parameters=(_LANGUAGE, _text("q", "Words of a name."))
        ),
        "pinned.show_version": Operation(
            "Any address, of one version", parameters=_PAGE, post_statuses=_BODIES | {403, 405, 429}
        ),
        "previews.show_preview": Operation(
            "Send to the graph as a proposal would make it", (), _PAGE, _EVERYWHERE | {303, 401}
        ),
        "problems.show_problems": Operation(
            "Explain the problems that answers report", ("text/html", "application/json", "text/plain"), _PAGE
        ),
        "proposal_pages.show_words": Operation(
            "Say in words what a proposal changes", ("text/plain",), _PAGE, _CURATED | {403}
        ),
        "proposals_api.decide": Operation(
            "Decide on a proposal",
            _PROPOSALS,
            (_TAGGED,),
            statuses=_CURATED,
            post_statuses=_CHANGES,
            body={FORM: _DECIDED, "application/json": _DECIDED},
            has_post_parameters=True,
            is_body_required=False,
            needs_token=True,
        ),
        "proposals_api.make_proposal": Operation(
            "Propose a change",
            _PROPOSALS,
            _SAID,
            statuses=_CURATED,
            post_statuses=_CHANGES,
            body=_SENT,
            has_post_parameters=True,
            needs_token=True,
        ),
        "proposals_api.show_proposal": Operation(
            "Show a proposal", (*_PROPOSALS, "application/rdf-patch"), _PAGE, _CURATED | {403}
        ),
        "proposals_api.show_proposals": Operation(
            "List the proposals",
            _PROPOSALS,
            (_LANGUAGE, _text("state", "Only those in this state.")),
            _CURATED,
        ),
        "signposts.show_linkset": Operation(
            "List the links of a document (RFC 9264)",
            ("application/linkset+json", "application/json", "application/linkset"),
        ),
        "sitemap.show_index": Operation("List the parts of the sitemap", ("application/xml",)),
        "sitemap.show_part": Operation("List the addresses of a part", ("application/xml",)),
        "sitemap.show_robots": Operation("Tell crawlers what is for them", ("text/plain",)),
        "sparql.sparql": _SPARQL,
        "spreadsheets.send_export": Operation(
            "Send all things of a class as a table to fill in, or its description (CSVW)",
            (*_TABLES, "application/csvm+json", "application/json"),
        ),
        "spreadsheets.send_template": Operation("Send an empty table for things of a class", _TABLES),
        "state.show_health": Operation("Say that the process answers", ("text/plain",)),
        "state.show_metrics": Operation("Give the counts of this process", ("text/plain",)),
        "state.show_readiness": Operation("Say whether questions can be answered", ("text/plain",)),
        "static": Operation("Send a file of the pages", ("text/css", "image/svg+xml", "text/javascript")),
        "timeline.show_timemap": Operation("List the versions of a document", ("application/link-format",)),
        "timeline.show_versions": Operation(
            "List the versions kept", ("text/html", "application/json"), _PAGE
        ),
        "forms.read_form": Operation(
            "Check what was typed into a form, or send it as a proposal",
            ("text/html", "text/turtle"),
            _EDITING,
            post_statuses=_BODIES | {303, 401, 403, 409, 422, 429},
            body={FORM: {"schema": {"type": "object"}}},
        ),
        "forms.show_form": Operation("Show a form made from the shapes", parameters=_EDITING),
        "forms.show_forms": Operation(
            "List the forms, or send to the form of a thing",
            parameters=_EDITING,
            statuses=_EVERYWHERE | {303},
        ),
        "forms.suggest": Operation(
            "Suggest things for a field of a form",
            ("application/json",),
            (_LANGUAGE, _text("field", "The field."), _text("q", "What was typed so far.")),
        ),
        "worklist.show_part": Operation(
            "List what one question finds missing or weak",
            parameters=(_LANGUAGE, _text("page", "The page of its rows.")),
        ),
        "worklist.show_worklist": Operation("List what is missing or weak in the graph", parameters=_PAGE),
        "validation.show_help": Operation("Explain how files are checked", parameters=_PAGE),
        "validation.validate": Operation(
            "Check files against the shapes and checks of the graph",
            ("text/html", *(each.media_type for each in RENDERINGS.values() if each.name != "html")),
            (
                _LANGUAGE,
                _FORM,
                _text("profile", "How strictly files are checked.", enum=[*PROFILES]),
                _text("shape", "Only results of this shape or check."),
                _text("node", "Only results about this thing."),
                _text("name", "What the file is called in the report."),
                _text("as", _ROWS),
            ),
            post_statuses=_BODIES | {429},
            body=_VALIDATION_BODY,
            has_post_parameters=True,
        ),
        "void.show_void": Operation("Describe the datasets by VoID", _GRAPH),
    }
)
