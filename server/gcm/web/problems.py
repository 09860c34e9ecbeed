"""The page that explains every kind of problem, /problems: where the type of a problem leads (RFC 9457)."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from flask import Response, abort, render_template, request

from gcm.web.answers import Resource, answer
from gcm.web.kinds import KINDS
from gcm.web.negotiate import HTML, Offer, choose, choose_suffix

_JSON = Offer("application/json", "json")
_TEXT = Offer("text/plain", "txt")
_OFFERS = (HTML, _JSON, _TEXT)


def show_problems(suffix: str = "") -> Response:
    """Explain every kind of problem: what it means, and what to do."""
    if suffix and suffix not in _WRITERS:
        abort(404)
    offer = choose_suffix(suffix, _OFFERS) if suffix else choose(request.headers.get("Accept"), _OFFERS)
    return answer(Resource("/problems", _OFFERS), offer, _WRITERS[offer.suffix], is_chosen=not suffix)


def _page() -> str:
    return render_template("problems.html", kinds=KINDS.values())


def _list() -> str:
    kinds = [
        {"type": each.iri, "title": each.titles["en"], "meaning": each.meaning, "remedy": each.remedy}
        for each in KINDS.values()
    ]
    return json.dumps({"problems": kinds}, ensure_ascii=False, indent=1)


def _text() -> str:
    return "\n".join(
        f"{each.iri}\n{each.titles['en']}\n{each.meaning}\n{each.remedy}\n" for each in KINDS.values()
    )


_WRITERS: Mapping[str, Callable[[], str]] = MappingProxyType({"html": _page, "json": _list, "txt": _text})
