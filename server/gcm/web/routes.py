"""Every address, and the function that answers it, whose module is imported when it is first asked for.

What is done before and after every answer, `gcm.web.create_app` says.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Flask

from gcm.web.late import Late
from gcm.web.protocol import METHODS

_GET, _POST = ("GET",), ("POST",)


@dataclass(frozen=True)
class Route:
    """An address, the view that answers it (`module:function`, below `gcm.web`), and its methods."""

    address: str
    view: str
    methods: tuple[str, ...] = _GET


#: What readers ask for.
READING = (
    Route("/", "pages:show_home"),
    Route("/limits", "pages:show_limits"),
    Route("/search", "pages:show_search"),
    Route("/questions", "questions:show_questions"),
    Route("/questions/<name>", "questions:show_question"),
    Route("/problems", "problems:show_problems"),
    Route("/problems.<suffix>", "problems:show_problems"),
    # the endpoint
    Route("/sparql", "sparql:sparql", METHODS),
    Route("/sparql.<suffix>", "sparql:sparql", METHODS),
    Route("/graphs", "graph_store:show_graph"),
    Route("/openapi.json", "openapi:show_description"),
    # things, their documents, and what leads to them
    Route("/id/<path:name>", "entities:show_thing"),
    Route("/<any(ontology, shapes, data):family>", "entities:show_document"),
    Route("/<any(ontology, shapes, data):family>/", "entities:show_document"),
    Route("/<any(ontology, shapes, data):family>.<name>", "entities:show_document"),
    Route("/<any(doc, ontology, shapes, data):family>/<path:name>", "entities:show_document"),
    Route("/linkset/<path:rest>", "signposts:show_linkset"),
    Route("/robots.txt", "sitemap:show_robots"),
    Route("/sitemap.xml", "sitemap:show_index"),
    Route("/sitemap-<int:number>.xml", "sitemap:show_part"),
    # the whole graph
    Route("/.well-known/void", "void:show_void"),
    Route("/void", "void:show_void"),
    Route("/void.<suffix>", "void:show_void"),
    Route("/dumps", "dumps:show_dumps"),
    Route("/dumps/<path:address>", "dumps:send_dump"),
    Route("/template/<name>.<suffix>", "spreadsheets:send_template"),
    Route("/export/<name>.<suffix>", "spreadsheets:send_export"),
    # its versions
    Route("/versions", "timeline:show_versions"),
    Route("/versions.<suffix>", "timeline:show_versions"),
    Route("/timemap/<path:rest>", "timeline:show_timemap"),
    Route("/version/<name>", "pinned:show_version"),
    Route("/version/<name>/", "pinned:show_version"),
    Route("/version/<name>/<path:rest>", "pinned:show_version", ("GET", "POST")),
    Route("/history", "history:show_history"),
    Route("/history/<path:rest>", "history:show_history_of"),
    # how the server is
    Route("/health", "state:show_health"),
    Route("/ready", "state:show_readiness"),
    Route("/metrics", "state:show_metrics"),
)

#: What those ask for who write data.
WRITING = (
    Route("/validate", "validation:validate", ("GET", "POST")),
    Route("/validate/help", "validation:show_help"),
    Route("/worklist", "worklist:show_worklist"),
    Route("/worklist/<name>", "worklist:show_part"),
    Route("/propose", "forms.pages:show_forms"),
    Route("/propose/<name>", "forms.pages:show_form"),
    Route("/propose/<name>", "forms.pages:read_form", _POST),
    Route("/suggest/<name>", "forms.pages:suggest"),
    Route("/sign-in", "curators:show_sign_in"),
    Route("/sign-in", "curators:sign_in", _POST),
    Route("/sign-out", "curators:sign_out", _POST),
    Route("/proposals", "proposals_api:show_proposals"),
    Route("/proposals.<suffix>", "proposals_api:show_proposals"),
    Route("/proposals", "proposals_api:make_proposal", _POST),
    Route("/proposals/<int:number>", "proposals_api:show_proposal"),
    Route("/proposals/<int:number>.<suffix>", "proposals_api:show_proposal"),
    Route(
        "/proposals/<int:number>/<any(approve,ask,comment,reject,revert,withdraw):decision>",
        "proposals_api:decide",
        _POST,
    ),
    Route("/proposals/<int:number>/words", "proposal_pages:show_words"),
    Route("/proposals/<int:number>/preview", "previews:show_preview"),
)

#: What is done before the views of one module.
_BEFORE = ("proposals_api:look_who_asks", "proposals_api:let_files_in")

#: What is done to the answers of one module, errors and those to OPTIONS too.
_AFTER = ("sparql:say_what_is_read", "validation:say_what_is_read")


def modules_of(routes: tuple[Route, ...]) -> tuple[str, ...]:
    """Give the modules that these addresses need, each once."""
    return tuple(dict.fromkeys(_late(each.view).module for each in routes))


def register(app: Flask) -> None:
    """Let the application answer all addresses; a view is known as `sparql.sparql`, `forms.show_form`."""
    routes = (*READING, *WRITING)
    parts = {module: Blueprint(module.partition(".")[0], __name__) for module in modules_of(routes)}
    for route in routes:
        view = _late(route.view)
        parts[view.module].add_url_rule(
            route.address, endpoint=view.name, view_func=view, methods=route.methods
        )
    _add_hooks(parts)
    for part in parts.values():
        app.register_blueprint(part)


def _add_hooks(parts: Mapping[str, Blueprint]) -> None:
    for act in map(_late, _BEFORE):
        parts[act.module].before_request(act)
    for act in map(_late, _AFTER):
        parts[act.module].after_request(act)


def _late(view: str) -> Late:
    module, _, name = view.partition(":")
    return Late(module, name)
