"""/validate: for programs a report of what they send, for people a page to check files on.

Nothing is stored. Each answer to POST is made for one request and never cached (RFC 9111 section 5.2.2.5).
"""

from typing import cast

from flask import Response, current_app, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from gcm.errors import GcmError, QueryError
from gcm.validate import Outcome
from gcm.validate.bench import Bench
from gcm.validate.mend import decoded
from gcm.validate.render import RENDERINGS, Checked
from gcm.validate.report import Report
from gcm.web.answers import Resource, answer
from gcm.web.clients import caller
from gcm.web.errors import Problem, problem_of
from gcm.web.negotiate import HTML, Offer, choose, choose_suffix
from gcm.web.protocol import FORM
from gcm.web.recipes import EXAMPLES, HOOK, PARAMETERS, WORKFLOW
from gcm.web.report_page import FormState, choices, show_report
from gcm.web.submission import BODY_TYPES, Submission, read_submission
from gcm.web.versions import site

_ALIASES = {"junit": ("application/xml", "text/xml"), "json": ("text/json",)}

#: The forms of a report, JSON first: for who has no preference. A page is for those who prefer it.
OFFERS = tuple(
    Offer(each.media_type, each.suffix, (each.name, *_ALIASES.get(each.name, ())))
    for each in sorted(RENDERINGS.values(), key=lambda each: (each.name != "json", each.name == "html"))
)

_NOTHING = (
    "Nothing was sent. Send a file as the body with its media type, or files as parts of multipart/form-data."
)
_UNTYPED = (
    "A form was sent, with neither “text” nor a file. If the body is a file, say its type: curl, for one, "
    "needs -H 'Content-Type: text/turtle'."
)


def validate() -> Response:
    """Show the form, or check what was sent."""
    if request.method != "POST":
        page = Resource("/validate", (HTML,))
        return answer(page, HTML, lambda: _form(FormState()), is_chosen=True)
    try:
        response = _answer(read_submission())
    except GcmError as error:
        if not _prefers_page():
            raise
        response = _explain(error)
    response.headers["Cache-Control"] = "no-store"
    response.headers["GCM-Version"] = site().version().id
    response.vary.update(["Accept", "Accept-Language"])
    return response


def show_help() -> Response:
    """Explain the interface, the hook and the recipe."""
    page = Resource("/validate/help", (HTML,))
    facts = {
        "examples": EXAMPLES,
        "parameters": PARAMETERS,
        "hook": HOOK,
        "workflow": WORKFLOW,
        "types": BODY_TYPES.split(", "),
        "offers": OFFERS,
        "host": f"{request.host_url.rstrip('/')}{request.script_root}",
    }
    return answer(page, HTML, lambda: render_template("validate_help.html", **facts), is_chosen=True)


def say_what_is_read(response: Response) -> Response:
    """Say with every answer which bodies are read."""
    response.headers["Accept-Post"] = BODY_TYPES
    return response


def bench() -> Bench:
    """Give what checks submissions in this process."""
    return cast(Bench, current_app.extensions["gcm.bench"])


def check(submission: Submission) -> Checked:
    """Check what was sent, in a process that is ended at its limits. Raises QueryError if that is nothing."""
    if not submission.given and not submission.unknown:
        raise QueryError(_UNTYPED if request.mimetype == FORM and request.content_length else _NOTHING)
    results = submission.unknown
    if submission.given:
        results += _outcome(submission).report.results
    texts = {each.name: decoded(each) for each in submission.given}
    return Checked(Report(results), tuple(texts), texts.get)


def _outcome(submission: Submission) -> Outcome:
    """Check in a process that ends with the client who waits."""
    return bench().check(submission.given, options=submission.options, leaver=caller())


def _answer(submission: Submission) -> Response:
    wanted = submission.parameters.get("format") or ""
    offer = choose_suffix(wanted, OFFERS) if wanted else choose(request.headers.get("Accept"), OFFERS)
    if offer.suffix == HTML.suffix:
        return show_report(submission, check)
    rendering = next(each for each in RENDERINGS.values() if each.suffix == offer.suffix)
    content_type = f"{offer.media_type}; charset=utf-8" if "xml" in offer.suffix else offer.content_type
    return Response(rendering.write(check(submission)), content_type=content_type)


def _prefers_page() -> bool:
    """Tell whether a person is to read what is wrong with the request."""
    wanted = request.args.get("format", "")
    return not wanted and choose(request.headers.get("Accept"), OFFERS).suffix == HTML.suffix


def _explain(error: GcmError) -> Response:
    """Show the form again with what is wrong, and with the text that was typed."""
    problem = problem_of(error)
    page = _form(_state(), problem)
    return Response(page, status=int(problem.status), content_type=HTML.content_type, headers=problem.headers)


def _state() -> FormState:
    """Take what was typed, if that much could be read."""
    try:
        return FormState.of(request.values.to_dict())
    except RequestEntityTooLarge:
        return FormState()


def _form(state: FormState, problem: Problem | None = None) -> str:
    return render_template("validate.html", state=state, problem=problem, **choices())
