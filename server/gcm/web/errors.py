"""The one table that turns errors into HTTP answers, all of one shape (RFC 9457)."""

import json
import logging
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as BaseResponse

from gcm.errors import (
    BackendError,
    BackendTimeoutError,
    CodedBodyError,
    ConflictError,
    DatetimeError,
    DepartedError,
    DeskError,
    ForbiddenError,
    GcmError,
    GoneError,
    LimitError,
    NoRoomError,
    NotAcceptableError,
    PreconditionError,
    QueryError,
    ReadOnlyError,
    RefusedQueryError,
    RemovedVersionError,
    RequestTargetError,
    SignInError,
    SourceError,
    StoreError,
    UnknownIriError,
    UnknownProposalError,
    UnknownVersionError,
    UnsupportedBodyError,
)
from gcm.web.addresses import settle_case
from gcm.web.gone import find_removed
from gcm.web.kinds import FAULT, NO_VERSION, Kind, kind_of_error, kind_of_status
from gcm.web.negotiate import HTML, PROBLEM_OFFERS, Offer, choose, choose_suffix
from gcm.web.reading import language
from gcm.web.record import record
from gcm.web.uploads import body_limit
from gcm.web.versions import site

log = logging.getLogger(__name__)

#: Error class -> status; of several that fit, the first.
STATUS: tuple[tuple[type[GcmError], HTTPStatus], ...] = (
    (QueryError, HTTPStatus.BAD_REQUEST),
    (RefusedQueryError, HTTPStatus.FORBIDDEN),
    (UnknownIriError, HTTPStatus.NOT_FOUND),
    (GoneError, HTTPStatus.GONE),
    (RemovedVersionError, HTTPStatus.GONE),
    (UnknownVersionError, HTTPStatus.NOT_FOUND),
    (DatetimeError, HTTPStatus.BAD_REQUEST),
    (RequestTargetError, HTTPStatus.BAD_REQUEST),
    (PreconditionError, HTTPStatus.PRECONDITION_FAILED),
    (NotAcceptableError, HTTPStatus.NOT_ACCEPTABLE),
    (UnsupportedBodyError, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (DepartedError, HTTPStatus.REQUEST_TIMEOUT),
    (ReadOnlyError, HTTPStatus.FORBIDDEN),
    (SignInError, HTTPStatus.UNAUTHORIZED),
    (ForbiddenError, HTTPStatus.FORBIDDEN),
    (UnknownProposalError, HTTPStatus.NOT_FOUND),
    (ConflictError, HTTPStatus.CONFLICT),
    (DeskError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (BackendTimeoutError, HTTPStatus.GATEWAY_TIMEOUT),
    (BackendError, HTTPStatus.BAD_GATEWAY),
    (StoreError, HTTPStatus.SERVICE_UNAVAILABLE),
    (SourceError, HTTPStatus.INTERNAL_SERVER_ERROR),
    (GcmError, HTTPStatus.INTERNAL_SERVER_ERROR),
)

#: Name of a limit -> status when it bites; the others ask for a smaller query, 400.
LIMIT_STATUS = {
    "body_bytes": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "uploads": HTTPStatus.SERVICE_UNAVAILABLE,
    "client_uploads": HTTPStatus.TOO_MANY_REQUESTS,
    "query_bytes": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "query_seconds": HTTPStatus.SERVICE_UNAVAILABLE,
    "worker_bytes": HTTPStatus.SERVICE_UNAVAILABLE,
    "wait_seconds": HTTPStatus.SERVICE_UNAVAILABLE,
    "waiting_queries": HTTPStatus.SERVICE_UNAVAILABLE,
    "client_queries": HTTPStatus.TOO_MANY_REQUESTS,
    "sign_in_attempts": HTTPStatus.TOO_MANY_REQUESTS,
    "upload_bytes": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "validation_seconds": HTTPStatus.SERVICE_UNAVAILABLE,
    "validation_memory_bytes": HTTPStatus.SERVICE_UNAVAILABLE,
    "waiting_validations": HTTPStatus.SERVICE_UNAVAILABLE,
    "path_bytes": HTTPStatus.REQUEST_URI_TOO_LONG,
    "header_bytes": HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
}

#: Limits that bite because others ask at the same time -> seconds after which to try again.
RETRY_SECONDS = {
    "wait_seconds": "5",
    "waiting_queries": "5",
    "client_queries": "1",
    "sign_in_attempts": "60",
    "uploads": "5",
    "client_uploads": "1",
    "waiting_validations": "5",
}

#: Seconds after which to try again when a version is not here: it may be on its way.
VERSION_RETRY_SECONDS = "5"

#: Seconds after which to try again when the remote store does not answer.
BACKEND_RETRY_SECONDS = "5"

#: What to do about the errors that the framework finds, where its own words do not say it.
REMEDIES = {
    HTTPStatus.NOT_FOUND: "Nothing has this address. Check it, or look for the thing by its name.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address has other methods; the header Allow names them.",
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: "The file has no such bytes. Content-Range tells its length.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "The server failed; the fault is ours and is logged. Try again later.",
}


@dataclass(frozen=True)
class Problem:
    """What went wrong, for programs and people; `facts` are more, such as line and limit."""

    status: HTTPStatus
    kind: Kind
    detail: str
    facts: dict[str, object] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The kind in words."""
        return self.kind.title()

    def to_json(self) -> str:
        """Write the problem as RFC 9457 section 3 says."""
        members = {
            "type": self.kind.iri,
            "title": self.title,
            "status": int(self.status),
            "detail": self.detail,
        }
        return json.dumps(members | self.facts, ensure_ascii=False)

    def to_text(self) -> str:
        """Write the problem as lines of text."""
        facts = "".join(f"{name}: {value}\n" for name, value in self.facts.items())
        return f"{int(self.status)} {self.title}\n{self.detail}\n{facts}type: {self.kind.iri}\n"


def register(app: Flask) -> None:
    """Have all errors of the application answered here."""
    app.register_error_handler(GcmError, _answer_ours)
    app.register_error_handler(UnknownIriError, _answer_unknown)
    app.register_error_handler(NotFound, _answer_not_found)
    app.register_error_handler(OSError, _answer_unreadable)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_unforeseen)


def problem_of(error: GcmError) -> Problem:
    """Describe an error of ours."""
    kind = kind_of_error(error)
    facts = {
        name: getattr(error, name)
        for name in ("file", "line", "column", "near", "limit", "offers", "kept", "permalink", "successor")
        if getattr(error, name, None)
    }
    if isinstance(error, LimitError):
        status = LIMIT_STATUS.get(error.limit, HTTPStatus.BAD_REQUEST)
        record().limit = error.limit
        waits = {"Retry-After": RETRY_SECONDS[error.limit]} if error.limit in RETRY_SECONDS else {}
        return Problem(status, kind, str(error), facts, waits)
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return Problem(status, kind, REMEDIES[status])
    if isinstance(error, StoreError):
        missing = "There is no version of the graph to serve at the moment. Try again later."
        detail = str(error) if isinstance(error, NoRoomError) else missing
        return Problem(status, kind, detail, headers={"Retry-After": "5"})
    if isinstance(error, SignInError):
        return Problem(status, kind, str(error), headers={"WWW-Authenticate": 'Bearer realm="proposals"'})
    if isinstance(error, BackendError):
        record().limit = str(facts.get("limit", ""))
        return Problem(status, kind, str(error), facts, {"Retry-After": BACKEND_RETRY_SECONDS})
    return Problem(status, kind, str(error), facts, _links(error) | _waits(error) | _codings(error))


def _waits(error: GcmError) -> dict[str, str]:
    """Say when to ask again for a version that may be on its way to this machine, as on others already."""
    is_coming = isinstance(error, UnknownVersionError) and not isinstance(error, RemovedVersionError)
    return {"Retry-After": VERSION_RETRY_SECONDS} if is_coming else {}


def _codings(error: GcmError) -> dict[str, str]:
    """Say how bodies are read, where only their coding was wrong (RFC 9110 sections 12.5.3 and 15.5.16)."""
    return {"Accept-Encoding": "identity"} if isinstance(error, CodedBodyError) else {}


def _links(error: GcmError) -> dict[str, str]:
    """Link what has taken the place of what is gone (RFC 5829 section 3.4)."""
    successor = error.successor if isinstance(error, GoneError) else None
    return {"Link": f'<{successor}>; rel="successor-version"'} if successor else {}


def respond(problem: Problem) -> Response:
    """Answer with a problem in the form that the client prefers; JSON if it accepts none of ours."""
    offer = _preferred()
    body = {"html": _page, "txt": Problem.to_text, "json": Problem.to_json}[offer.suffix](problem)
    response = Response(
        body, status=int(problem.status), content_type=offer.content_type, headers=problem.headers
    )
    response.vary.update(["Accept", "Accept-Language"])
    response.content_language.add(language() if offer.suffix == HTML.suffix else "en")
    response.headers["Cache-Control"] = (
        "no-store" if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR else "no-cache"
    )
    return response


def _page(problem: Problem) -> str:
    return render_template("error.html", problem=problem, title=problem.kind.title(language()))


def _preferred() -> Offer:
    try:
        suffix = choose(request.headers.get("Accept"), PROBLEM_OFFERS).suffix
    except NotAcceptableError:
        suffix = PROBLEM_OFFERS[0].suffix
    return choose_suffix(suffix, PROBLEM_OFFERS)  # under its own name: RFC 9457 has one media type


def _answer_ours(error: GcmError) -> Response:
    problem = problem_of(error)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, LimitError):
        is_elsewhere = isinstance(error, BackendError)  # where we stood tells nothing of that
        log.error("%s", getattr(error, "reason", error), exc_info=None if is_elsewhere else error)
    return respond(problem)


def _answer_unknown(error: UnknownIriError) -> Response:
    return settle_case() or _answer_ours(find_removed() or error)


def _answer_not_found(error: NotFound) -> BaseResponse:
    return settle_case() or _answer_http(error)


def _answer_unreadable(error: OSError) -> Response:
    """Answer where files cannot be read, as the engine says it: open the version anew, for who comes next."""
    log.error("%s failed: %s", request.path, error)
    try:
        site().reopen()
    except StoreError as gone:
        log.error("%s", gone)
    detail = "The files of the graph cannot be read at the moment. Try again in some seconds."
    return respond(Problem(HTTPStatus.SERVICE_UNAVAILABLE, NO_VERSION, detail, headers={"Retry-After": "5"}))


def _answer_http(error: HTTPException) -> BaseResponse:
    if error.response is not None or error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    status = HTTPStatus(error.code)
    kept = {
        name: value
        for name, value in error.get_headers()
        if name in {"Allow", "Content-Range", "Retry-After"}
    }
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return respond(problem_of(_too_large()))
    detail = REMEDIES.get(status, error.description or status.phrase)
    return respond(Problem(status, kind_of_status(status), detail, headers=kept))


def _too_large() -> LimitError:
    """Say which limit the body of this request passes."""
    limit = body_limit(request.path, request.method)
    return LimitError(f"The body is larger than the limit {limit}. Send less.", limit=limit)


def _answer_unforeseen(error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return respond(Problem(status, FAULT, REMEDIES[status]))
