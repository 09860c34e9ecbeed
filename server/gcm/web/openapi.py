"""The HTTP surface described for programs: OpenAPI 3.1 at /openapi.json, made from the addresses themselves.

What an address does is in `gcm.web.operations`; which there are, and which parts they have, the application
knows. HEAD answers as GET, and OPTIONS everywhere; HTTP QUERY has no place in OpenAPI 3.1.
"""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import cast

from flask import Response, current_app
from werkzeug.routing import Rule

from gcm.web.answers import PROGRAM, Resource, answer
from gcm.web.kinds import KINDS
from gcm.web.negotiate import PROBLEM_OFFERS, Offer
from gcm.web.operations import OPERATIONS, Operation

DESCRIPTION = Offer("application/vnd.oai.openapi+json", "json", ("application/json",))

#: Methods that OpenAPI 3.1 has a place for, and that are not the same everywhere.
_METHODS = ("GET", "POST")

#: A part of an address: its converter, if any, and its name.
_PART = re.compile(r"<(?:[^<>]*:)?(\w+)>")

_WORDS = {
    200: "What was asked for.",
    201: "It was made; Location says where it is.",
    206: "The part that was asked for.",
    303: "See the document that describes the thing.",
    304: "The client has it already.",
    308: "The address is written in another way.",
    400: "A mistake in the request.",
    401: "A token is needed.",
    403: "Never done here, or not by this client.",
    404: "Nothing is there.",
    405: "The address has no such method.",
    406: "No acceptable form.",
    408: "The request came too slowly.",
    409: "Others have changed the same meanwhile.",
    410: "Removed.",
    412: "A condition of the request is not met.",
    413: "Too large.",
    414: "The address is too long.",
    415: "The type of the body is unknown.",
    416: "No such bytes.",
    422: "What was sent cannot be used as it is.",
    429: "Too many queries at once.",
    431: "The header is too large.",
    502: "The store behind this server does not answer.",
    503: "Not now.",
    504: "The store behind this server has not answered in time.",
}

Json = dict[str, object]

_TOKEN = "token"
_TOKEN_SCHEME: Json = {
    "type": "http",
    "scheme": "bearer",
    "description": "The token of a curator, made by `gcm token add`.",
}


def show_description() -> Response:
    """Describe every address of the server."""
    return answer(Resource("/openapi.json", (DESCRIPTION,)), DESCRIPTION, _body, is_chosen=False)


@cache
def _body() -> str:
    return json.dumps(describe(tuple(current_app.url_map.iter_rules())), ensure_ascii=False, indent=1)


def describe(rules: Sequence[Rule]) -> Json:
    """Make the description of these addresses."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "GCM knowledge graph",
            "version": PROGRAM,
            "summary": "Linked data, a SPARQL endpoint and files on the Global Compact for Migration.",
            "description": "HEAD answers as GET, OPTIONS everywhere; /sparql also takes the method QUERY. "
            "/version/{name} before any address pins it to a version.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": _paths(rules),
        "components": {"schemas": {"Problem": _problem()}, "securitySchemes": {_TOKEN: _TOKEN_SCHEME}},
    }


def template(rule: Rule) -> str:
    """Write an address as OpenAPI does: `/id/{name}`."""
    return _PART.sub(r"{\1}", rule.rule)


def _paths(rules: Sequence[Rule]) -> dict[str, Json]:
    """Describe every address with its methods, which may be of several rules."""
    paths: dict[str, Json] = {}
    for rule in sorted(rules, key=lambda rule: rule.rule):
        paths.setdefault(template(rule), {}).update(_path(rule))
    return paths


def _path(rule: Rule) -> Json:
    operation = OPERATIONS[rule.endpoint]
    methods = [method for method in _METHODS if method in (rule.methods or ())]
    return {method.lower(): _operation(rule, operation, method) for method in methods}


def _operation(rule: Rule, operation: Operation, method: str) -> Json:
    statuses = operation.statuses | (operation.post_statuses if method == "POST" else frozenset())
    described: Json = {
        "operationId": f"{method.lower()} {template(rule)}",
        "summary": operation.summary,
        "parameters": [
            *_parts(rule),
            *(operation.parameters if method == "GET" or operation.has_post_parameters else ()),
        ],
        "responses": {str(status): _response(status, operation) for status in sorted(statuses)},
    }
    if method == "POST" and operation.body:
        described["requestBody"] = {"required": operation.is_body_required, "content": operation.body}
    if operation.needs_token:
        described["security"] = [{_TOKEN: []}]
    return described


def _parts(rule: Rule) -> Iterator[Json]:
    """Describe the parts of an address; one of a list says which values it has."""
    for name in dict.fromkeys(_PART.findall(rule.rule)):
        values = cast(Sequence[str], getattr(rule._converters[name], "items", ()))  # of the converter `any`
        schema: Json = {"type": "string", "minLength": 1}
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "schema": schema | ({"enum": sorted(values)} if values else {}),
        }


def _response(status: int, operation: Operation) -> Json:
    described: Json = {"description": _WORDS[status]}
    if status in (200, 201, 206) and operation.types:
        described["content"] = {media_type: {} for media_type in operation.types}
    elif status >= 400:
        content: dict[str, Json] = {offer.media_type: {} for offer in PROBLEM_OFFERS}
        content["application/problem+json"] = {"schema": {"$ref": "#/components/schemas/Problem"}}
        described["content"] = content
    return described


def _problem() -> Json:
    """Describe a problem (RFC 9457 section 3)."""
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "enum": sorted(kind.iri for kind in KINDS.values())},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "file": {"type": "string"},
            "line": {"type": "integer"},
            "column": {"type": "integer"},
            "near": {"type": "string"},
            "limit": {"type": "string"},
            "offers": {"type": "array", "items": {"type": "string"}},
            "kept": {"type": "array", "items": {"type": "string"}},
            "permalink": {"type": "string"},
            "successor": {"type": "string"},
        },
    }
