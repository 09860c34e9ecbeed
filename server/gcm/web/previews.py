"""The graph as a proposal would make it: /proposals/7/preview before any address shows it so.

As with versions (`gcm.web.pinned`) the prefix becomes the mount point, so that every link of a page stays
within the preview. Only curators see previews; nothing of them is kept by anybody, nor asked by SPARQL.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import NotFound

from gcm.describe import Graph
from gcm.desk import Desk, Proposal, Standing
from gcm.errors import ConflictError, SignInError
from gcm.limits import Limits
from gcm.preview import Order, Outcome, Previews
from gcm.query import Turns
from gcm.web.archive import Archive
from gcm.web.curators import current_curator
from gcm.web.curators import desk as find_desk
from gcm.web.pinned import Application, Environ, mount_point
from gcm.web.versions import SERVING, Site, site

blueprint = Blueprint("previews", __name__)

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
        "pages.questions.show_questions",
        "pages.questions.show_question",
    }
)


class PreviewSite:
    """What previews need: who makes them, and what keeps those open that are read."""

    def __init__(self, desk: Desk, *, limits: Limits) -> None:
        """Take the desk; nothing is made yet."""
        self.desk = desk
        self.previews = Previews(desk.folder / "previews", limits=limits)
        self.archive = Archive(self.previews.folder, limits=limits, turns=Turns(limits), nursery=None)

    def order(self, proposal: Proposal, standing: Standing) -> Order:
        """Say what is to be made: the version that is served, with what approval would change in it now."""
        return Order(
            name=str(proposal.number),
            base=site().newest().version.path,
            sources=self.desk.sources(),
            texts=self.desk.files(standing.changes),
        )

    def graph(self, outcome: Outcome) -> Graph:
        """Open the graph of a preview. Raises UnknownVersionError if it has just been removed."""
        return self.archive.serving(outcome.version).graph


@dataclass(frozen=True)
class Shown:
    """What is known of a preview: what was made, if it is there, and whether it cannot be made."""

    outcome: Outcome | None
    has_failed: bool = False


def preview_of(proposal: Proposal, standing: Standing) -> Shown:
    """Give the preview of a proposal that waits; it is begun if it is not there, and waited for a moment.

    Of a decided one, what was seen last is given. Nothing is made of what has clashes.
    """
    found = find_previews()
    if found is None or standing.clashes:
        return Shown(None)
    if not proposal.state.is_waiting:
        found.previews.retire(str(proposal.number))
        return Shown(found.previews.last(str(proposal.number)))
    try:
        order = found.order(proposal, standing)
    except ConflictError:  # another dataset has a file of that name: approval will say so, too
        return Shown(None, has_failed=True)
    outcome = found.previews.ask(order, seconds=site().limits.preview_wait_seconds)
    return Shown(outcome, has_failed=found.previews.has_failed(order))


def find_previews() -> PreviewSite | None:
    """Give the previews of the running application; None if it has no desk."""
    found = current_app.extensions.get("gcm.previews")
    assert found is None or isinstance(found, PreviewSite)  # register puts nothing else there
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


def _outcome(number: int) -> Outcome | None:
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


@blueprint.get("/proposals/<int:number>/preview")
def show_preview(number: int) -> Response:
    """Send to the first page of a preview."""
    return Response(status=308, headers={"Location": f"{request.script_root}/proposals/{number}/preview/"})


def register(app: Flask, own: Site) -> None:
    """Let the application answer the addresses of previews."""
    app.register_blueprint(blueprint)
    plain: Application = app.wsgi_app
    desk = app.extensions.get("gcm.desk")
    if isinstance(desk, Desk):
        app.extensions["gcm.previews"] = PreviewSite(desk, limits=own.limits)

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
