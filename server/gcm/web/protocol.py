"""What a request to the endpoint asks (SPARQL 1.1 Protocol section 2.1)."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from flask import request
from werkzeug.datastructures import MultiDict

from gcm.errors import QueryError, RefusedQueryError, UnsupportedBodyError
from gcm.web.negotiate import accepted_versions
from gcm.web.requests import check_coding

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

#: The media types of a body, for Accept-Post and, of the draft of the HTTP QUERY method, Accept-Query.
BODY_TYPES = f"{QUERY}, {FORM}"

#: Methods whose body is read. QUERY is a GET with a body: safe, repeatable, and its answers may be kept.
WITH_BODY = ("POST", "QUERY")
METHODS = ("GET", *WITH_BODY)

#: Parameters of an update (SPARQL 1.1 Protocol section 2.2).
_UPDATES = {"update", "using-graph-uri", "using-named-graph-uri"}


@dataclass(frozen=True)
class Asked:
    """A query, the graphs it is to be asked of, and the form of the answer if the address says it.

    `versions` are those of RDF that the client says it can read, `announced` that of the query, where a
    parameter says it.
    """

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    form: str | None = None
    versions: frozenset[str] = frozenset()
    announced: str = ""


def read_request() -> Asked | None:
    """Read the query from the address, a form, or the body; None if a GET has none.

    Raises QueryError if there are several or it is empty, RefusedQueryError for an update,
    UnsupportedBodyError for a body of another type or with a coding.
    """
    parameters = _parameters()
    texts = parameters.getlist("query")
    if not texts and request.method not in WITH_BODY:
        return None
    if len(texts) != 1:
        raise QueryError(f"The request holds {len(texts) or 'no'} queries. Send exactly one, as “query”.")
    if not texts[0].strip():
        raise QueryError("The query is empty. Write one.")
    return Asked(
        texts[0],
        tuple(parameters.getlist("default-graph-uri")),
        tuple(parameters.getlist("named-graph-uri")),
        parameters.get("format") or None,
        frozenset(accepted_versions(request.headers.get("Accept"))),
        _announced(parameters),
    )


def asked_form() -> str:
    """Give the form of the answer that the address or a form of the body names; empty if none does.

    It is read before all else, and says nothing about whether the request is in order.
    """
    request.get_data()  # kept, so that the body can still be read as it was sent
    return str(request.values.get("format", ""))


def _parameters() -> MultiDict[str, str]:
    """Collect the parameters of the address and of the body; a body that is a query counts as one."""
    found = MultiDict(_pairs(request.query_string, "utf-8"))
    _refuse_update(found)
    if request.method not in WITH_BODY:
        return found
    check_coding(request.headers)
    if request.mimetype == FORM:
        found.update(MultiDict(_pairs(request.get_data(), _charset())))
    elif request.mimetype == QUERY:
        found.add("query", _decode(request.get_data(), _query_charset()))
    elif request.mimetype == UPDATE:
        found.add("update", "")
    else:
        named = request.mimetype or "none"
        raise UnsupportedBodyError(f"The type of the body is {named}. Send one of: {BODY_TYPES}.")
    _refuse_update(found)
    return found


def _refuse_update(parameters: MultiDict[str, str]) -> None:
    if _UPDATES & set(parameters):
        raise RefusedQueryError("This endpoint only reads: updates are refused. Send a query as “query”.")


def _pairs(encoded: bytes, charset: str) -> Iterator[tuple[str, str]]:
    """Read parameters (SPARQL 1.1 Protocol section 2.1.1: percent-encoded, in UTF-8)."""
    for pair in encoded.replace(b"+", b" ").split(b"&"):
        name, _, value = pair.partition(b"=")
        if pair:
            yield _decode(unquote_to_bytes(name), charset), _decode(unquote_to_bytes(value), charset)


def _charset() -> str:
    return request.mimetype_params.get("charset", "utf-8")


def _query_charset() -> str:
    """Give the charset of a body that is a query: there is one (SPARQL 1.1 Protocol section 2.1.3).

    Raises UnsupportedBodyError for any other.
    """
    named = _charset()
    try:
        is_valid = codecs.lookup(named).name in ("ascii", "utf-8")
    except (LookupError, ValueError):  # a name with a null character is a ValueError
        is_valid = False
    if not is_valid:
        raise UnsupportedBodyError(f"A query as a body has one charset, UTF-8. Send {QUERY} in UTF-8.")
    return named


def _announced(parameters: MultiDict[str, str]) -> str:
    """Read the version of the query from the request: a parameter of its own, or of the type of the body.

    Raises QueryError if there are several (SPARQL 1.2 Protocol section 2.2).
    """
    found = parameters.getlist("version")
    if len(found) > 1:
        raise QueryError(f"The request names {len(found)} versions. Name one as “version”, or none.")
    of_body = request.mimetype_params.get("version", "") if request.method in WITH_BODY else ""
    return found[0] if found else of_body


def _decode(data: bytes, charset: str) -> str:
    """Decode what was sent as its charset says; without one it is UTF-8.

    Raises QueryError if it is not what it says, UnsupportedBodyError for an unknown charset.
    """
    try:
        return data.decode(charset)
    except UnicodeDecodeError as error:
        message = f"What was sent is not {charset} from byte {error.start + 1}. Send UTF-8."
        raise QueryError(message) from error
    except (LookupError, ValueError) as error:  # a name with a null character is a ValueError
        raise UnsupportedBodyError("The charset of the body is unknown. Send UTF-8.") from error
