"""Who acts: a curator with a token in the header, or with a session in a browser.

Pages made for a curator are never kept: as soon as anybody has asked here who it is, the answer says
`no-store`. So such pages are written by `private_page`, not by `answers.answer`, which keeps pages.

Against forms on other sites (CSRF): the cookie is SameSite=Strict, the Origin must be ours, and each form
carries a token that only pages of this session know. A token in a header needs none of this: no browser sends
it by itself.
"""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, render_template, request

from gcm.errors import ForbiddenError, ReadOnlyError, SignInError
from gcm.limits import Limits
from gcm.query import Caller
from gcm.web import sessions
from gcm.web.attempts import Attempts
from gcm.web.clients import KEY
from gcm.web.negotiate import HTML
from gcm.web.reading import language, local
from gcm.web.versions import site

if TYPE_CHECKING:  # a server without a desk does without all that
    from gcm.desk import Curator, Desk


#: The cookie of a session.
COOKIE = "gcm_session"

#: The field of a form that carries its token.
FIELD = "form_token"

_BEARER = "bearer "


def desk() -> "Desk | None":
    """Give the desk of this server; None if it has none."""
    found: Desk | None = current_app.extensions["gcm.desk"]
    return found


def open_desk() -> "Desk":
    """Give the desk at which somebody can act. Raises ReadOnlyError if nobody can."""
    found = desk()
    if found is None or not found.tokens.is_any():
        raise ReadOnlyError
    return found


def is_read_only() -> bool:
    """Tell whether nobody can propose anything here: there is no desk, or no token."""
    found = desk()
    return found is None or not found.tokens.is_any()


def current_curator() -> "Curator | None":
    """Give who acts; None for everybody else. Raises SignInError for a token that opens nothing."""
    if "curator" not in g:
        g.curator = None if is_read_only() else _find_curator()
    found: Curator | None = g.curator
    return found


def acting() -> "Curator":
    """Give who acts, for what changes something.

    Raises ReadOnlyError if nobody can, SignInError if it is not known who it is, ForbiddenError if the
    request comes from a page of another site.
    """
    open_desk()
    curator = current_curator()
    if curator is None:
        raise SignInError("Only curators can do this. Send a token, or sign in at /sign-in.")
    check_form_token(request.form)
    return curator


def check_form_token(form: Mapping[str, str]) -> None:
    """Raise ForbiddenError if a form that a browser sent within a session is not from a page of ours."""
    session = _session()
    if session is None:
        return
    _refuse_other_sites()
    if not sessions.is_form_token(form.get(FIELD, ""), session, key=open_desk().secret()):
        raise ForbiddenError(
            "The form is not from this site, or too old. Open its page anew and send it again."
        )


def form_token() -> str:
    """Give what each form for a curator carries in the field `form_token`; "" for those not signed in."""
    session = None if is_read_only() else _session()
    return sessions.form_token(session, key=open_desk().secret()) if session else ""


def sign_in_address() -> str:
    """Give where to sign in."""
    return local("/sign-in")


def who_reads() -> dict[str, object]:
    """Give what each page for curators says of its reader."""
    return {"curator": current_curator(), "form_token": form_token(), "is_read_only": is_read_only()}


def private_page(template: str, *, status: int = 200, **context: object) -> Response:
    """Write a page for whoever looks at it now; it is never kept."""
    text = render_template(template, **who_reads(), **context)
    response = Response(text, status=status, content_type=HTML.content_type)
    response.content_language.add(language())
    return response


def show_sign_in() -> Response:
    """Ask for a token."""
    return private_page("sign_in.html", has_failed=False)


def sign_in() -> Response:
    """Begin a session with the token of the form, and go to the proposals."""
    _refuse_other_sites()
    curator = _try_token(request.form.get("token", "").strip())
    if curator is None:
        g.curator = None
        return private_page("sign_in.html", status=401, has_failed=True)
    seconds = site().limits.session_seconds
    session = sessions.begin(curator.token, expires=time.time() + seconds)
    response = _go_to("/proposals")
    response.set_cookie(
        COOKIE,
        sessions.write(session, key=open_desk().secret()),
        max_age=int(seconds),
        path=request.script_root or "/",
        secure=request.is_secure,
        httponly=True,
        samesite="Strict",
    )
    g.curator = curator
    return response


def sign_out() -> Response:
    """End the session of this browser."""
    _refuse_other_sites()
    response = _go_to("/proposals")
    response.delete_cookie(COOKIE, path=request.script_root or "/", httponly=True, samesite="Strict")
    g.curator = None
    return response


def keep_private(response: Response) -> Response:
    """Have nobody keep an answer that was made for a curator, or to one who wanted to be one."""
    if "curator" in g:
        response.headers["Cache-Control"] = "no-store"
        response.vary.update(["Authorization", "Cookie"])
    return response


def register(app: Flask, own: "Desk | None", limits: Limits) -> None:
    """Let curators work at a desk; None: this server only reads."""
    app.extensions["gcm.desk"] = own
    app.extensions["gcm.attempts"] = Attempts(limits.sign_in_attempts)
    app.after_request(keep_private)


def _go_to(path: str) -> Response:
    return Response(status=303, headers={"Location": local(path)})


def _find_curator() -> "Curator | None":
    header = request.headers.get("Authorization", "")
    if header:
        g.session = None
        if not header.lower().startswith(_BEARER):
            raise SignInError("Only tokens are taken here: “Authorization: Bearer …”.")
        found = _try_token(header[len(_BEARER) :].strip())
        if found is None:
            raise SignInError("The token opens nothing (any more). Ask for another.")
        return found
    session = _session()
    return open_desk().tokens.named(session.token) if session else None


def _try_token(secret: str) -> "Curator | None":
    """Look a token up; who fails too often is not heard."""
    attempts, client = _attempts(), _client()
    attempts.refuse_more(client)
    found = open_desk().tokens.find(secret)
    if found is None:
        attempts.note(client)
    return found


def _session() -> sessions.Session | None:
    if "session" not in g:
        value = request.cookies.get(COOKIE, "")
        g.session = sessions.read(value, key=open_desk().secret(), now=time.time()) if value else None
    found: sessions.Session | None = g.session
    return found


def _refuse_other_sites() -> None:
    """Raise ForbiddenError if a browser says that the form stands on another site (RFC 6454 section 7)."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc.lower() != request.host.lower():
        raise ForbiddenError("This form was sent from another site.")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise ForbiddenError("This form was sent from another site.")


def _attempts() -> Attempts:
    found = current_app.extensions["gcm.attempts"]
    assert isinstance(found, Attempts)  # register puts nothing else there
    return found


def _client() -> str:
    caller = request.environ.get(KEY)
    return caller.name if isinstance(caller, Caller) else request.remote_addr or ""
