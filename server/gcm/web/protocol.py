"""What a request to the endpoint asks (SPARQL 1.1 Protocol section 2.1)."""

from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import MultiDict

from gcm.errors import QueryError, RefusedQueryError, UnsupportedBodyError

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

#: The media types of a body (RFC 5789 section 3.1 has Accept-Patch; this is its fellow for POST).
ACCEPT_POST = f"{QUERY}, {FORM}"


@dataclass(frozen=True)
class Asked:
    """A query, the graphs it is to be asked of, and the form of the answer if the address says it."""

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    form: str | None = None


def read_request() -> Asked | None:
    """Read the query from the address, a form, or the body; None if a GET has none.

    Raises QueryError if there are several, RefusedQueryError for an update, UnsupportedBodyError for a body
    of another type.
    """
    parameters = _parameters()
    if "update" in parameters or "using-graph-uri" in parameters or "using-named-graph-uri" in parameters:
        raise RefusedQueryError("This endpoint only reads: updates are refused. Send a query as “query”.")
    texts = parameters.getlist("query")
    if not texts and request.method != "POST":
        return None
    if len(texts) != 1 or not texts[0].strip():
        raise QueryError(f"The request holds {len(texts) or 'no'} queries. Send exactly one, as “query”.")
    return Asked(
        texts[0],
        tuple(parameters.getlist("default-graph-uri")),
        tuple(parameters.getlist("named-graph-uri")),
        parameters.get("format") or None,
    )


def _parameters() -> MultiDict[str, str]:
    """Collect the parameters of the address and of the body; a body that is a query counts as one."""
    found = MultiDict(request.args.items(multi=True))
    if request.method != "POST":
        return found
    if request.mimetype == FORM:
        found.update(MultiDict(request.form.items(multi=True)))
    elif request.mimetype == QUERY:
        found.add("query", _body())
    elif request.mimetype == UPDATE:
        found.add("update", "")
    else:
        named = request.mimetype or "none"
        raise UnsupportedBodyError(f"The type of the body is {named}. Send one of: {ACCEPT_POST}.")
    return found


def _body() -> str:
    """Decode the body as its charset says; without one it is UTF-8.

    Raises QueryError if it is not what it says, UnsupportedBodyError for an unknown charset.
    """
    charset = request.mimetype_params.get("charset", "utf-8")
    try:
        return request.get_data().decode(charset)
    except LookupError as error:
        raise UnsupportedBodyError("The charset of the body is unknown. Send UTF-8.") from error
    except UnicodeDecodeError as error:
        raise QueryError(f"The body is not {charset} from byte {error.start + 1}. Send UTF-8.") from error
