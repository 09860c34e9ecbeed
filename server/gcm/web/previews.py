"""The graph as a proposal would make it: /proposals/7/preview before any address shows it so.

As with versions (`gcm.web.pinned`) the prefix becomes the mount point, so that every link of a page stays
within the preview. Only curators see previews; nothing of them is kept by anybody, nor asked by SPARQL.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import NotFound

from gcm.errors import SignInError
from gcm.web.curators import current_curator
from gcm.web.curators import desk as find_desk
from gcm.web.late import imported
from gcm.web.pinned import Application, Environ, mount_point
from gcm.web.versions import SERVING, Site

if TYPE_CHECKING:  # a server without a desk does without all that
    from gcm.preview import Outcome
    from gcm.web.preview_site import PreviewSite


_PREVIEW = re.compile(r"(/proposals/([0-9]{1,9})/preview)(/.*)", re.DOTALL)

#: Where a request keeps the number of the proposal whose preview it asks for.
NUMBER = "gcm.preview"

#: What a preview has: pages and descriptions. The rest is about published versions.
_SHOWN = frozenset(
    {
        "entities.show_thing",
        "entities.show_document",
        "pages.show_home",
        "pages.show_limits",
        "pages.show_search",
        "questions.show_questions",
        "questions.show_question",
    }
)


def find_previews() -> "PreviewSite | None":
    """Give the previews of the running application; None if it has no desk."""
    found: PreviewSite | None = current_app.extensions.get("gcm.previews")
    return found


def preview_number() -> int | None:
    """Give the number of the proposal whose preview is asked for."""
    found = request.environ.get(NUMBER)
    return None if found is None else int(found)


def admit() -> Response | None:
    """Let curators see the pages of a preview that is there; send others to the proposal.

    Raises SignInError for others than curators, NotFound for what a preview does not have.
    """
    number = preview_number()
    if number is None or request.endpoint == "static":
        return None
    if current_curator() is None:
        raise SignInError("Only curators see previews. Sign in with a token.")
    if request.method not in {"GET", "HEAD"} or request.endpoint not in _SHOWN:
        raise NotFound(
            "A preview has pages, descriptions and questions. Ask the published graph for the rest."
        )
    outcome = _outcome(number)
    found = find_previews()
    if outcome is None or found is None:
        return Response(status=303, headers={"Location": f"{mount_point()}/proposals/{number}"})
    request.environ[SERVING] = found.archive.serving(outcome.version)
    return None


def _outcome(number: int) -> "Outcome | None":
    """Find the preview of a proposal, which is made when the page of the proposal is opened."""
    desk, found = find_desk(), find_previews()
    if desk is None or found is None:
        return None
    standing = desk.standing(number)
    if standing.clashes:
        return None
    return found.previews.find(found.order(desk.proposal(number), standing))


def keep_unlisted(response: Response) -> Response:
    """Have nobody list a page of a preview, nor cite it; that nobody keeps it, `gcm.web.curators` sees to."""
    if preview_number() is None or request.endpoint == "static":
        return response
    for name in ("ETag", "Link", "GCM-Version", "Memento-Datetime", "Last-Modified"):
        response.headers.pop(name, None)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def show_preview(number: int) -> Response:
    """Send to the first page of a preview."""
    return Response(status=308, headers={"Location": f"{request.script_root}/proposals/{number}/preview/"})


def register(app: Flask, own: Site) -> None:
    """Let the application answer the addresses of previews."""
    plain: Application = app.wsgi_app
    desk = app.extensions["gcm.desk"]
    if desk is not None:
        app.extensions["gcm.previews"] = imported("preview_site").PreviewSite(desk, limits=own.limits)

    def mount(environ: Environ, start_response: Any) -> Iterable[bytes]:  # Any: WSGI's start_response
        found = _PREVIEW.fullmatch(environ["PATH_INFO"])
        if found:
            environ["gcm.root"] = environ["SCRIPT_NAME"]
            environ[NUMBER] = found[2]
            environ["SCRIPT_NAME"] += found[1]
            environ["PATH_INFO"] = found[3]
        return plain(environ, start_response)

    app.wsgi_app = mount  # type: ignore[method-assign]  # how Flask has middleware put around it
    app.before_request(admit)
    app.after_request(keep_unlisted)
