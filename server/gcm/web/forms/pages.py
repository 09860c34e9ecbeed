"""The addresses of the forms: their list, each of them, and what their fields suggest."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from flask import Response, redirect, render_template, request
from pyoxigraph import Literal, NamedNode
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from gcm.describe import link_to
from gcm.desk import Curator, Proposal, Revision, StatementEdit
from gcm.errors import (
    BackendError,
    DeskError,
    LimitError,
    StoreError,
    UnknownIriError,
    UnsupportedBodyError,
)
from gcm.fields import FormShape
from gcm.vocab import PREFIXES, dump_stem, expand, iri_of
from gcm.web.answers import Resource, answer
from gcm.web.curators import acting, current_curator, open_desk
from gcm.web.errors import problem_of
from gcm.web.forms.checking import check_draft, results_about, write_dataset
from gcm.web.forms.draft import Draft, Standing, key_of
from gcm.web.forms.findings import Findings, place
from gcm.web.forms.sheet import Sheet, known_world, open_sheet, show, standing_of, typed_sheet
from gcm.web.forms.source import source_fields
from gcm.web.forms.terms import candidates, written
from gcm.web.forms.world import World
from gcm.web.knowledge import RECORDED, fields, form_name, names, proposed_forms
from gcm.web.negotiate import HTML, Offer
from gcm.web.pinned import is_pinned
from gcm.web.protocol import FORM
from gcm.web.reading import language, local, with_query
from gcm.web.submission import MULTIPART
from gcm.web.texts import texts_in
from gcm.web.words import fill, write_link

#: The forms that curators use most, in this order; all others follow by name.
MAIN = ("pledge", "practice", "voluntary-report", "event", "contribution")

#: Things that a field suggests for what was typed so far.
SUGGESTED = 10

#: Why a draft may not be checked or taken: said on the form itself, so that nothing typed is lost.
_REFUSALS = (DeskError, LimitError, StoreError, BackendError)

_LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")

_JSON = Offer("application/json", "json")


def show_forms() -> BaseResponse:
    """List the forms; or, for a thing that is to be changed, send to the form of its class."""
    if "edit" in request.args:
        return _send_to_form(_read_iri(request.args["edit"]))
    every = {each.name: each for each in proposed_forms()}
    main = [every[name] for name in MAIN if name in every]
    others = sorted(
        (each for each in every.values() if each not in main), key=lambda each: each.label(language())
    )
    return answer(
        Resource("/propose", (HTML,)),
        HTML,
        lambda: render_template("propose.html", main=main, others=others),
        is_chosen=True,
    )


def show_form(name: str) -> BaseResponse:
    """Show a form: empty, or filled in with what one dataset says of a thing."""
    form = form_named(name)
    if form.name != name:
        return redirect(with_query(f"{request.script_root}/propose/{form.name}"), code=308)
    world = known_world()
    return show(open_sheet(form, world, _standing(form, world)))


def read_form(name: str) -> BaseResponse:
    """Take what was typed: show it with one more row or with things to choose from, check it, send it."""
    form = form_named(name)
    if request.mimetype not in (MULTIPART, FORM):
        raise UnsupportedBodyError(f"Send the form as {FORM}, as a browser does.")
    world = known_world()
    sheet = typed_sheet(form, world, _standing(form, world))
    deed = sheet.entered.setting("do")
    if sheet.attention.added or sheet.attention.searched or deed not in _DEEDS:
        return show(sheet)
    try:
        return _DEEDS[deed](sheet)
    except _REFUSALS as error:
        return show(sheet, notice=str(error), status=int(problem_of(error).status))


def suggest(name: str) -> Response:
    """Suggest things for a field, for what was typed so far: what to write, and what it is called."""
    form = form_named(name)
    key = request.args.get("field", "")
    known = {**{key_of(each): each for each in form.fields}, **source_fields(fields())}
    if key not in known:
        raise NotFound("The form has no field of this name.")
    text = request.args.get("q", "")[:200]
    found = candidates(known[key], text, names(), count=SUGGESTED) if text.strip() else ()
    rows = [
        {
            "value": written(each, known[key], names(), language=language()),
            "label": names().title_of(each, language()),
            "iri": each.value,
        }
        for each in found
    ]
    return answer(
        Resource(f"/suggest/{form.name}", (_JSON,)),
        _JSON,
        lambda: json.dumps({"suggestions": rows}, ensure_ascii=False),
        is_chosen=False,
        state=(language(),),
    )


def form_named(name: str) -> FormShape:
    """Find a form by its name, or by the kind in addresses that only its class has: `report`.

    Raises NotFound if there is none.
    """
    form = None if is_pinned() else fields().named(name)
    if form is None:
        raise NotFound("There is no form of this name; /propose lists those there are.")
    if form.cls in RECORDED:
        raise NotFound("Nobody proposes such things: each publication records itself, and who made it.")
    return form


def _send_to_form(thing: NamedNode) -> BaseResponse:
    name = form_name(thing)
    if name is None:
        raise UnknownIriError(thing.value)
    return redirect(with_query(f"{request.script_root}/propose/{name}"), code=303)


def _standing(form: FormShape, world: World) -> Standing | None:
    """Find the thing that the address asks to be changed, and the dataset whose statements are shown."""
    asked = request.args.get("edit", "")
    if not asked and not form.kind:
        raise NotFound(
            "Things of this class have no addresses of their own to be made; /propose lists the others."
        )
    if not asked:
        return None
    thing = _read_iri(asked)
    if not world.graph.knows(thing):
        raise UnknownIriError(thing.value)
    dataset = _read_iri(request.args["dataset"]) if request.args.get("dataset") else None
    if dataset is not None and dataset not in world.graph.datasets:
        raise UnknownIriError(dataset.value)
    return standing_of(form, world, thing, dataset)


def _read_iri(text: str) -> NamedNode:
    """Read what an address names: `/id/pledge/3`, `pledge:3`, or an IRI of ours."""
    return expand(text) or iri_of(text.removeprefix("https://w3id.org/gcm"))


def _check(sheet: Sheet) -> tuple[Draft, Findings]:
    draft = sheet.draft()
    return draft, place(draft, check_draft(draft, sheet.world).results)


def _show_checked(sheet: Sheet) -> BaseResponse:
    draft, findings = _check(sheet)
    return show(sheet, draft=draft, findings=findings, status=422 if findings.has_violations else 200)


def _download(sheet: Sheet) -> BaseResponse:
    """Send the dataset as it would be, as a file; whatever the check says, but not without an address."""
    draft = sheet.draft()
    if draft.faults or draft.dataset is None:
        return show(sheet, draft=draft, findings=place(draft, ()), status=422)
    name = f"{dump_stem(draft.dataset)}.ttl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(
        write_dataset(draft, sheet.world), content_type="text/turtle; charset=utf-8", headers=headers
    )


def _send(sheet: Sheet) -> BaseResponse:
    """Make a proposal, if there is nothing to mend; else show what is wrong. Nothing typed is lost."""
    draft, words = sheet.draft(), texts_in(language())
    is_ready = current_curator() is not None and not draft.faults and not sheet.is_stale
    revision = _revision(draft) if is_ready else None
    results = results_about(draft, revision.report) if revision else check_draft(draft, sheet.world).results
    findings = place(draft, results)
    if findings.has_violations:
        return show(sheet, draft=draft, findings=findings, notice=words["not_sent"], status=422)
    if sheet.standing and sheet.is_stale:
        now = link_to(sheet.world.graph, sheet.standing.thing, language=language())
        notice = fill(words["changed_meanwhile"], name=write_link(now))
        return show(sheet, draft=draft, findings=findings, notice=notice, status=409)
    curator = acting()
    assert revision is not None  # faults are violations
    proposal = _propose(curator, sheet, draft, revision)
    return redirect(local(f"/proposals/{proposal.number}"), code=303)


def _revision(draft: Draft) -> Revision:
    """Check what is to be sent, all of it at once: that is the report of the proposal, too."""
    assert draft.dataset is not None  # a draft without faults has one
    edit = StatementEdit(draft.dataset, add=draft.add, remove=draft.remove, header=draft.header)
    return open_desk().check_statements([edit])


def _propose(curator: Curator, sheet: Sheet, draft: Draft, revision: Revision) -> Proposal:
    """Send a draft to the desk."""
    title = f"{sheet.form.label('en')}: {_name(draft)}"
    return open_desk().propose_checked(
        curator, revision, title=title, comment=sheet.entered.setting("comment")
    )


def _name(draft: Draft) -> str:
    """Give what a thing is called: as the draft says in English, else as the graph does, else its address."""
    labels = [each.object for each in draft.add if each.subject == draft.thing and each.predicate == _LABEL]
    texts = sorted(each.value for each in labels if isinstance(each, Literal) and each.language == "en")
    assert draft.thing is not None  # a draft without faults has one
    return texts[0] if texts else names().label_of(draft.thing)


_DEEDS: Mapping[str, Callable[[Sheet], BaseResponse]] = MappingProxyType(
    {"check": _show_checked, "send": _send, "download": _download}
)
