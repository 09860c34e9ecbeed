"""Conditions of a request (RFC 9110 section 13): what the client has, or believes to be there.

Answers know most conditions themselves, before they are made: `gcm.web.answers` and `gcm.web.sparql` send
304 for If-None-Match. Here the answer is there, in its coding and with the validator that it will have, and
what remains is looked at in the order of section 13.2.2. Nothing has a date of its last change but files of
the program and dumps, so If-Modified-Since and If-Unmodified-Since are ignored elsewhere, as sections 13.1.3
and 13.1.4 demand: versions are built when a clock says so, and clocks are set back.
"""

from http import HTTPStatus

from flask import Flask, Response, g, request
from werkzeug.datastructures import ETags
from werkzeug.http import parse_date, parse_etags

from gcm.errors import PreconditionError
from gcm.web.errors import problem_of, respond

#: Methods that ask for something, so that a client that has it gets 304; QUERY is like GET.
_READING = frozenset({"GET", "HEAD", "QUERY"})

#: Methods that select nothing, for which conditions mean nothing (section 13.2.1).
_WITHOUT = frozenset({"OPTIONS", "TRACE", "CONNECT"})


def register(app: Flask) -> None:
    """Have the conditions understood; `check_conditions` is to see an answer when its validator is final."""
    app.before_request(read_conditions)


def read_conditions() -> None:
    """Keep If-Match from the framework, which takes `*` for a validator where it sends files."""
    found = request.environ.pop("HTTP_IF_MATCH", None)
    g.if_match = None if found is None else parse_etags(found)


def check_conditions(response: Response) -> Response:
    """Answer 412 or 304 in place of what was asked for, if a condition of the request says so.

    Conditions of a request that would not have succeeded are ignored (section 13.2.1).
    """
    status = response.status_code
    if request.method in _WITHOUT or not (200 <= status < 300 or status == HTTPStatus.NOT_MODIFIED):
        return response
    if not _is_as_known(response):
        return _refuse(
            response, "The answer is no longer as If-Match or If-Unmodified-Since says. Read it anew."
        )
    if status == HTTPStatus.NOT_MODIFIED or not request.if_none_match.star_tag:
        return response
    if request.method not in _READING:
        return _refuse(response, "If-None-Match says that nothing is here, but there is. Leave it out.")
    return _not_modified(response)


def _is_as_known(response: Response) -> bool:
    """Compare the answer with If-Match, strongly (sections 13.1.1, 8.8.3.2), else with its date (13.1.4)."""
    wanted: ETags | None = g.get("if_match")
    if wanted is not None:
        tag, is_weak = response.get_etag()
        return wanted.star_tag or (tag is not None and not is_weak and wanted.is_strong(tag))
    since = parse_date(request.headers.get("If-Unmodified-Since"))
    return since is None or response.last_modified is None or response.last_modified <= since


def _refuse(response: Response, message: str) -> Response:
    response.close()  # a query may still be running for it
    return respond(problem_of(PreconditionError(message)))


def _not_modified(response: Response) -> Response:
    """Leave out what the client has in whatever state it is (section 13.1.2, the asterisk)."""
    response.close()
    bare = Response(status=HTTPStatus.NOT_MODIFIED, headers=response.headers)
    for name in ("Content-Encoding", "Content-Length", "Content-Language"):
        bare.headers.pop(name, None)
    return bare
