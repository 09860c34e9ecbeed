"""One spelling for each address: other ways to write it are sent there, if there is something there.

RFC 3986 section 6.2 says which spellings a server may take for the same.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType
from urllib.parse import quote

from flask import Flask, Response, current_app, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import HTTPException

from gcm.describe import Graph, things_in_mixed_case
from gcm.describe.terms import TYPE
from gcm.errors import StoreError, UnknownIriError
from gcm.query import questions
from gcm.vocab import BASE, ONTOLOGY, SHAPES, iri_of
from gcm.web.entities import read_address
from gcm.web.reading import PATH_SIGNS, graph, with_query
from gcm.web.versions import site


def settle_address() -> Response | None:
    """Send a client that writes an address in another way to the one way in which we write it."""
    if request.method == "OPTIONS":
        return None
    sent = str(request.environ.get("REQUEST_URI") or request.environ.get("RAW_URI") or "")
    written = sent.partition("?")[0].removeprefix(request.script_root) or quote(request.path, safe=PATH_SIGNS)
    settled = "/" + "/".join(step for step in request.path.split("/") if step)
    if written == quote(settled, safe=PATH_SIGNS) or not is_there(settled):
        return None
    return redirect(settled, status=308)


def settle_case() -> Response | None:
    """Send to the address that differs in case only, if there is exactly one that has something."""
    folded = request.path.lower()
    with suppress(StoreError):  # without a version, nothing is there
        for path in (folded, _spelled(graph(), folded), _spelled_form(graph(), folded)):
            if path and path != request.path and is_there(path):
                return redirect(path, status=308)
    return None


def redirect(path: str, *, status: int) -> Response:
    """Send to another address of ours, with the query of this one."""
    target = with_query(request.script_root + quote(path, safe=PATH_SIGNS))
    return Response(status=status, headers={"Location": target})


def is_there(path: str) -> bool:
    """Tell whether a decoded path has something to show."""
    try:
        endpoint, values = current_app.url_map.bind("localhost").match(path)
    except HTTPException:
        return False
    check = _CHECKS.get(endpoint)
    try:
        return check is None or check(path, values)
    except UnknownIriError:
        return False


def _is_thing(path: str, _: Mapping[str, str]) -> bool:
    return graph().knows(iri_of(path))


def _is_document(path: str, _: Mapping[str, str]) -> bool:
    return bool(read_address(graph(), path).iri)


def _is_question(_: str, values: Mapping[str, str]) -> bool:
    return values["name"].partition(".")[0] in {each.name for each in questions()}


def _is_work(_: str, values: Mapping[str, str]) -> bool:
    return any(each.name == values["name"] and (each.mends or each.makes) for each in questions())


def _is_version(_: str, values: Mapping[str, str]) -> bool:
    return site().archive.find(values["name"]) is not None


_CHECKS: Mapping[str, Callable[[str, Mapping[str, str]], bool]] = MappingProxyType(
    {
        "entities.show_thing": _is_thing,
        "entities.show_document": _is_document,
        "questions.show_question": _is_question,
        "dumps.send_dump": lambda _, __: False,  # programs follow links to these
        "signposts.show_linkset": lambda _, __: False,
        "spreadsheets.send_export": lambda _, __: False,
        "spreadsheets.send_template": lambda _, __: False,
        "history.show_history_of": lambda _, __: False,
        "sitemap.show_part": lambda _, __: False,
        "worklist.show_part": _is_work,
        "pinned.show_version": _is_version,
        "static": lambda _, __: False,  # nobody types the names of these files
    }
)


def _spelled_form(known: Graph, folded: str) -> str | None:
    stem, dot, suffix = folded.rpartition(".")
    found = _spelled(known, stem) if dot else None
    return f"{found}.{suffix}" if found else None


def _spelled(known: Graph, folded: str) -> str | None:
    """Give the right spelling of an address of the graph that is written in small letters."""
    if not folded.startswith(("/id/", "/doc/")):
        return known.remember(_spellings, "").get(folded)
    family, _, name = folded[1:].partition("/")
    found = [path for each in dict.fromkeys(_ways(known, name)) if is_there(path := f"/{family}/{each}")]
    return found[0] if len(found) == 1 else None


def _ways(known: Graph, name: str) -> Iterator[str]:
    """Give the ways in which codes are written: as public codes are, in capitals, small letters or both."""
    kind, slash, code = name.partition("/")
    yield f"{kind}{slash}{code.upper()}"
    yield f"{kind}{slash}{code}"
    yield from known.remember(_mixed, "").get(name, ())


def _mixed(known: Graph, _: str) -> Mapping[str, tuple[str, ...]]:
    """Give the names of things in mixed case by their small letters."""
    found: dict[str, tuple[str, ...]] = {}
    for thing in things_in_mixed_case(known):
        name = thing.value.removeprefix(f"{BASE}id/")
        found[name.lower()] = (*found.get(name.lower(), ()), name)
    return MappingProxyType(found)


def _spellings(known: Graph, _: str) -> Mapping[str, str]:
    """Give the address of each term, shape and dataset by its small letters; none where two are alike.

    Things are too many to be listed: at a million statements that takes two seconds.
    """
    found: dict[str, str] = {}
    twice: set[str] = set()
    for subject in (*_subjects(known, ONTOLOGY), *_subjects(known, SHAPES), *known.datasets):
        path = "/" + subject.value.removeprefix(BASE)
        twice.update([path.lower()] if path.lower() in found else ())
        found[path.lower()] = path
    return MappingProxyType({folded: path for folded, path in found.items() if folded not in twice})


def _subjects(known: Graph, dataset: NamedNode) -> set[NamedNode]:
    quads = known.store.quads_for_pattern(None, TYPE, None, dataset)
    found = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
    return {each for each in found if each.value.startswith(BASE)}


def register(app: Flask) -> None:
    """Settle every address of the application."""
    app.url_map.merge_slashes = False  # the framework would also redirect to what does not exist
    app.before_request(settle_address)
