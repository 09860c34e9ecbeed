"""The pages that are about no single thing: home, search, limits."""

from dataclasses import dataclass, fields
from urllib.parse import urlsplit

from flask import Response, render_template, request

from gcm.describe import class_counts, search
from gcm.limits import Limits, sentence, variable
from gcm.query import questions as all_questions
from gcm.vocab import BASE
from gcm.web.answers import Resource, answer
from gcm.web.negotiate import HTML
from gcm.web.reading import graph, language
from gcm.web.versions import site


@dataclass(frozen=True)
class LimitEntry:
    """A limit: the value in force, what it is by default, and how to set it."""

    name: str
    value: float
    default: float
    variable: str
    sentence: str


def show_home() -> Response:
    """Say what this is, how much there is of it, and where to begin."""
    return _page(
        "/",
        "home.html",
        classes=class_counts(graph(), language=language()),
        datasets=len(graph().datasets),
        questions=all_questions(),
        base=BASE,
        host=urlsplit(request.url_root).netloc,
    )


def show_limits() -> Response:
    """List the limits in force."""
    return _page("/limits", "limits.html", limits=[_limit(each.name) for each in fields(Limits)])


def show_search() -> Response:
    """Find things by their names."""
    asked = request.args.get("q", "")[:200]
    size = int(site().limits.page_links)
    return _page(
        "/search", "search.html", words=asked, groups=search(graph(), asked, language=language(), size=size)
    )


def _page(path: str, template: str, **context: object) -> Response:
    return answer(Resource(path, (HTML,)), HTML, lambda: render_template(template, **context), is_chosen=True)


def _limit(name: str) -> LimitEntry:
    return LimitEntry(
        name=name,
        value=getattr(site().limits, name),
        default=getattr(Limits(), name),
        variable=variable(name),
        sentence=sentence(name),
    )
