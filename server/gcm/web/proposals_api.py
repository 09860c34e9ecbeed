"""Proposals for programs: send one, read it, decide on it; who prefers a page gets one.

Whatever is sent is at first nothing but a proposal: `gcm.desk` says who may do what. A decision may name the
proposal that it was made on by If-Match (RFC 9110 section 13.1.1), or by the field `tag` of a form.
"""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from flask import Response, g, request
from werkzeug.exceptions import NotFound

from gcm.desk import Curator, Desk, Proposal
from gcm.errors import DeskError, PreconditionError, ReadOnlyError
from gcm.web.curators import acting, current_curator, desk, is_read_only
from gcm.web.negotiate import HTML, Offer, choose, choose_suffix
from gcm.web.proposal_pages import list_page, proposal_page
from gcm.web.proposal_views import patch, summary, whole
from gcm.web.reading import local
from gcm.web.sent import read_submission
from gcm.web.uploads import body_limit
from gcm.web.versions import site

JSON = Offer("application/json", "json")
PATCH = Offer("application/rdf-patch", "patch")


def look_who_asks() -> None:
    """Look who asks, so that nobody keeps the answer (`gcm.web.curators`)."""
    current_curator()


def let_files_in() -> None:
    """Let the body be as long as files may be, where they are sent."""
    limits = site().limits
    longest = int(getattr(limits, body_limit(request.path, request.method)))
    request.max_content_length = request.max_form_memory_size = longest


def show_proposals(suffix: str = "") -> Response:
    """List the proposals, the newest first, or those in a `state`; say whether this server only reads."""
    offer = _offer(suffix, (HTML, JSON))
    if offer.suffix == HTML.suffix:
        return _private(list_page(), offer)
    wanted = request.args.get("state", "")
    found = desk()
    listed = [each for each in (found.proposals() if found else ()) if wanted in ("", each.state.value)]
    members = {"readOnly": is_read_only(), "proposals": [_linked(summary(each), each) for each in listed]}
    return _private(_json(members), offer)


def show_proposal(number: int, suffix: str = "") -> Response:
    """Show a proposal: what it changes, what the check says, what happened; or its difference as a patch."""
    offer = _offer(suffix, (HTML, JSON, PATCH))
    own = _desk()
    proposal = own.proposal(number)
    if offer.suffix == HTML.suffix:
        return _private(proposal_page(proposal), offer)
    return _tagged(_private(_write(own, proposal, offer), offer), proposal)


def make_proposal() -> Response:
    """Make a proposal of the files of the body: one of any type, or several in a form."""
    curator = acting()
    sent = read_submission()
    own = _desk()
    proposal = own.propose(
        curator, sent.given, title=sent.title, comment=sent.comment, replaces=sent.replaces
    )
    return _done(own, proposal, status=201)


def decide(number: int, decision: str) -> Response:
    """Decide on a proposal, or say something on it; `revert` makes the proposal that takes it back."""
    curator = acting()
    comment = _comment()
    own = _desk()
    _check_tag(own.proposal(number))
    proposal = _DECISIONS[decision](own, curator, number, comment)
    return _done(own, proposal, status=201 if decision == "revert" else 200)


def _comment_on(own: Desk, by: Curator, number: int, comment: str) -> Proposal:
    if not comment.strip():
        raise DeskError("The comment is empty. Say something in the field “comment”.")
    return own.comment(by, number, comment=comment)


#: Decision -> what it does, with the tag of the proposal as it was seen.
_DECISIONS: Mapping[str, Callable[[Desk, Curator, int, str], Proposal]] = MappingProxyType(
    {
        "approve": lambda own, by, number, said: own.approve(by, number, comment=said, tag=_tag()),
        "ask": lambda own, by, number, said: own.ask(by, number, comment=said, tag=_tag()),
        "comment": _comment_on,
        "reject": lambda own, by, number, said: own.reject(by, number, comment=said, tag=_tag()),
        "revert": lambda own, by, number, said: own.revert(by, number, comment=said),
        "withdraw": lambda own, by, number, said: own.withdraw(by, number, comment=said, tag=_tag()),
    }
)


def _desk() -> Desk:
    found = desk()
    if found is None:
        raise ReadOnlyError
    return found


def _offer(suffix: str, offers: tuple[Offer, ...]) -> Offer:
    """Choose the form of an answer; only those who ask for a page get one."""
    if suffix:
        if suffix not in {each.suffix for each in offers}:
            raise NotFound
        return choose_suffix(suffix, offers)
    return choose(request.headers.get("Accept"), offers)


def _write(own: Desk, proposal: Proposal, offer: Offer) -> str:
    if offer.suffix == PATCH.suffix:
        return patch(own.standing(proposal.number).changes)
    return _json(_linked(whole(proposal, own.standing(proposal.number)), proposal))


def _linked(members: dict[str, object], proposal: Proposal) -> dict[str, object]:
    return members | {"address": local(f"/proposals/{proposal.number}"), "tag": proposal.tag}


def _json(members: Mapping[str, object]) -> str:
    return json.dumps(members, ensure_ascii=False, indent=1) + "\n"


def _private(body: str, offer: Offer) -> Response:
    """Answer with what nobody may keep: it changes at any time, and with who asks."""
    response = Response(body, content_type=offer.content_type)
    response.vary.add("Accept")
    return response


def _tagged(response: Response, proposal: Proposal) -> Response:
    response.headers["ETag"] = f'"{proposal.tag}"'
    return response


def _done(own: Desk, proposal: Proposal, *, status: int) -> Response:
    """Answer a program with the proposal, and send a browser to its page."""
    address = local(f"/proposals/{proposal.number}")
    is_browser = request.mimetype in _FORMS and choose(request.headers.get("Accept"), (JSON, HTML)) == HTML
    if is_browser:
        return Response(status=303, headers={"Location": address})
    response = _tagged(_private(_write(own, proposal, JSON), JSON), proposal)
    response.status_code = status
    if status == 201:
        response.headers["Location"] = address
    return response


_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def _comment() -> str:
    """Read the comment, from a form or from JSON."""
    if request.mimetype == JSON.media_type:
        sent = request.get_json()
        said = sent.get("comment", "") if isinstance(sent, dict) else None
        if not isinstance(said, str):
            raise DeskError("Send a JSON object with a text as “comment”, or nothing.")
        return said
    return request.form.get("comment", "")


def _tag() -> str | None:
    """Give the tag of the proposal that was looked at, from a form; None if it does not say."""
    return request.form.get("tag") or None


def _check_tag(proposal: Proposal) -> None:
    """Compare the proposal with If-Match, if the client sends one, and so take care of that condition here.

    The answer will have another tag, since something has happened then.
    """
    wanted = g.get("if_match")
    g.if_match = None
    if wanted is not None and not wanted.star_tag and not wanted.is_strong(proposal.tag):
        raise PreconditionError(
            f"Something happened to proposal {proposal.number} since you looked at it. Read it anew."
        )
