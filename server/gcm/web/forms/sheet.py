"""One form being filled in: what its request says, what becomes of it, and the page that shows it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from flask import Response, request
from markupsafe import Markup
from pyoxigraph import NamedNode, Triple

from gcm.describe import Link, link_to, name_of
from gcm.desk.submission import PUBLICATIONS
from gcm.fields import FormShape
from gcm.query import Term
from gcm.vocab import shorten
from gcm.web.curators import is_read_only, open_desk, private_page
from gcm.web.forms import source
from gcm.web.forms.draft import ADDRESS, Draft, Standing, fill, key_of, make_draft, stand, what_is_needed
from gcm.web.forms.entered import Entered, read_entered
from gcm.web.forms.findings import Finding, Findings
from gcm.web.forms.view import Attention, FieldView, Option, Painter, summary, trimmed, with_languages
from gcm.web.forms.world import Statements, World
from gcm.web.knowledge import fields, names
from gcm.web.reading import graph, language
from gcm.web.tables import Cell, cell_of
from gcm.web.texts import texts_in

#: The fields of a source that describe a new document, and a new dataset.
_DOCUMENT_KEYS = (source.TITLE, source.PAGE, source.PUBLISHER)
_DATASET_KEYS = (source.NAME, source.DESCRIPTION, source.READ_ON)

#: What pages call fields of a source whose own names would say too little here.
_NAMES = {
    source.TITLE: "document_title",
    source.PAGE: "document_page",
    source.LOCATOR: "place_in_document",
    source.READ_ON: "read_on_day",
    source.DESCRIPTION: "dataset_description",
}


@dataclass(frozen=True)
class Sheet:
    """A form of one class, about a new thing or one that is there, with what was typed into it."""

    form: FormShape
    world: World
    entered: Entered
    standing: Standing | None = None
    attention: Attention = field(default_factory=Attention)

    @property
    def is_stale(self) -> bool:
        """Whether what the dataset says was changed since this was opened."""
        seen = self.entered.setting("seen")
        return self.standing is not None and bool(seen) and seen != seal(self.standing.statements)

    def draft(self) -> Draft:
        """Make statements of what was typed."""
        return make_draft(self.form, self.entered, self.world, standing=self.standing)


def known_world() -> World:
    """Give the graph as drafts of this request see it."""
    reserved = frozenset() if is_read_only() else open_desk().reserved()
    today = datetime.now(UTC).date().isoformat()
    return World(graph(), fields(), names(), language(), today, reserved)


def open_sheet(form: FormShape, world: World, standing: Standing | None) -> Sheet:
    """Open a form that nothing was typed into yet."""
    entered = (
        fill(form, standing, world) if standing else Entered(settings={"dataset": _asked_dataset(world)})
    )
    return Sheet(form, world, _spread(entered, form, world), standing)


def typed_sheet(form: FormShape, world: World, standing: Standing | None) -> Sheet:
    """Read what was typed, with one more row where that was asked for."""
    entered = read_entered(request.form.lists())
    added, searched = entered.setting("add"), entered.setting("search")
    entered = _spread(trimmed(entered), form, world)
    entered = entered.with_another(added) if added in _keys(form, world) else entered
    return Sheet(form, world, entered, standing, Attention(added, searched))


def standing_of(form: FormShape, world: World, thing: NamedNode, asked: NamedNode | None) -> Standing:
    """Read what one dataset says of a thing: the one asked for, else the first that says what it is."""
    speaking = world.datasets_of(thing)
    typing = [
        each
        for each in speaking
        if any(one.predicate == source.TYPE for one in world.statements(thing, each))
    ]
    return stand(form, thing, asked or next(iter((*typing, *speaking))), world)


def seal(statements: Statements) -> str:
    """Give what tells one set of statements from another."""
    lines = "\n".join(sorted(str(each) for each in statements))
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def show(
    sheet: Sheet,
    *,
    draft: Draft | None = None,
    findings: Findings | None = None,
    notice: str = "",
    status: int = 200,
) -> Response:
    """Show a form as a page that nobody keeps; with `findings`, also what was found and what would change."""
    found = findings or Findings()
    painter = Painter(sheet.world, sheet.entered, found, sheet.attention)
    groups = painter.groups(sheet.form, is_required_shown=_is_asked(sheet))
    sources = _Sources(painter, sheet)
    every = [one for group in groups for one in group.fields] + sources.fields
    code = _code(painter, sheet)
    messages = [*summary([*every, *([code] if code else [])]), *_loose(found, has_code=code is not None)]
    return private_page(
        "propose_form.html",
        status=status,
        form=sheet.form,
        title=_title(sheet),
        groups=groups,
        code=code,
        locator=sources.locator,
        sources=sources.sections(),
        dataset_findings=found.beside.get(("dataset", 0), ()),
        datasets=_dataset_options(sheet.world.graph.datasets, sheet),
        chosen=shorten(sheet.standing.dataset) if sheet.standing else sheet.entered.setting("dataset"),
        choosing=_choosing(sheet),
        is_fixed=sheet.standing is not None,
        seen=seal(sheet.standing.statements) if sheet.standing else "",
        problems=[each for each in messages if each[2].is_violation],
        considerations=[each for each in messages if not each[2].is_violation],
        is_checked=findings is not None,
        added=_lines(draft.add | draft.header, sheet, draft.subject) if draft else (),
        removed=_lines(draft.remove, sheet, draft.subject) if draft else (),
        kept=_lines(_told(sheet.standing), sheet, sheet.standing.thing) if sheet.standing else (),
        lists=painter.lists,
        comment=sheet.entered.setting("comment"),
        notice=notice,
        shown=_shown,
        star=Markup('<span class="mark" aria-hidden="true">*</span>'),
    )


class _Sources:
    """The fields of the source of a draft."""

    def __init__(self, painter: Painter, sheet: Sheet) -> None:
        words = texts_in(sheet.world.language)
        known = source.source_fields(sheet.world.fields)
        self._views = {
            key: _renamed(painter.field(key, each), words.get(_NAMES.get(key, ""), ""))
            for key, each in known.items()
        }
        self._is_new = sheet.entered.setting("dataset") == source.NEW
        self._is_fixed = sheet.standing is not None

    @property
    def fields(self) -> list[FieldView]:
        """All of them."""
        return list(self._views.values())

    @property
    def locator(self) -> FieldView:
        """The place in the document."""
        return self._views[source.LOCATOR]

    def sections(self) -> list[tuple[str, str, list[FieldView], bool]]:
        """Give heading, explanation and fields of what can be described anew, and whether it is open."""
        document = [self._views[key] for key in _DOCUMENT_KEYS]
        dataset = [self._views[key] for key in _DATASET_KEYS]
        found = [("new_document", "about_new_document", document, self._is_open(document))]
        own = ("new_dataset", "about_new_dataset", dataset, self._is_open(dataset))
        return found if self._is_fixed else [*found, own]

    def _is_open(self, views: Iterable[FieldView]) -> bool:
        return self._is_new or any(each.is_filled for each in views)


def _keys(form: FormShape, world: World) -> dict[str, object]:
    return {**{key_of(each): each for each in form.fields}, **source.source_fields(world.fields)}


def _spread(entered: Entered, form: FormShape, world: World) -> Entered:
    known = {key_of(each): each for each in form.fields}
    return with_languages(entered, {**known, **source.source_fields(world.fields)})


def _asked_dataset(world: World) -> str:
    asked = request.args.get("dataset", "")
    return asked if asked in {source.NEW, *(shorten(each) for each in world.graph.datasets)} else ""


def _is_asked(sheet: Sheet) -> bool:
    """Whether what the class requires is required here: not where others say it already."""
    return sheet.standing is None or any(each.predicate == source.TYPE for each in sheet.standing.statements)


def _title(sheet: Sheet) -> str:
    words = texts_in(sheet.world.language)
    if sheet.standing is None:
        return words["propose_new"].format(name=sheet.form.label(sheet.world.language))
    name = name_of(sheet.world.graph, sheet.standing.thing, language=sheet.world.language)
    return words["propose_change"].format(name=name.text)


def _code(painter: Painter, sheet: Sheet) -> FieldView | None:
    """Give the field for the public code, where addresses of the class can be made of one."""
    rule = sheet.world.rule(sheet.form)
    if sheet.standing is not None or (rule is not None and "code" not in rule.parts):
        return None
    help_text = "The address " + what_is_needed(sheet.form, sheet.world)
    return painter.code(texts_in(sheet.world.language)["code_of_thing"], help_text)


def _loose(found: Findings, *, has_code: bool) -> list[tuple[str, str, Finding]]:
    """Give the messages that stand beside no field of the thing or of its source."""
    words = texts_in(language())
    dataset = [("f-dataset-0", words["dataset"], each) for each in found.beside.get(("dataset", 0), ())]
    address = () if has_code else found.beside.get((ADDRESS, 0), ())
    return [*dataset, *(("", "", each) for each in (*address, *found.others))]


def _dataset_options(datasets: Iterable[NamedNode], sheet: Sheet) -> list[Option]:
    world = sheet.world
    found = [
        Option(shorten(each), name_of(world.graph, each, language=world.language).text)
        for each in datasets
        if each != PUBLICATIONS
    ]
    return sorted(found, key=lambda each: each.name.casefold())


def _choosing(sheet: Sheet) -> list[Option]:
    """Offer the datasets whose statements about the thing can be changed: those that have some first."""
    if sheet.standing is None:
        return []
    speaking = sheet.world.datasets_of(sheet.standing.thing)
    others = [each for each in sheet.world.graph.datasets if each not in speaking]
    return [*_dataset_options(speaking, sheet), *_dataset_options(others, sheet)]


@dataclass(frozen=True)
class Line:
    """One statement in the words of the form; `subject` is None where it is the thing itself."""

    subject: Cell | None
    name: str
    value: Cell | None


def _lines(statements: Iterable[Triple], sheet: Sheet, thing: NamedNode) -> tuple[Line, ...]:
    """Give statements in the words and the order of the form, those of the thing first."""
    order = {each.path: number for number, each in enumerate(sheet.form.fields)}
    ordered = sorted(
        statements,
        key=lambda each: (each.subject != thing, order.get(each.predicate, -1), str(each)),
    )
    return tuple(
        Line(
            subject=None if each.subject == thing else _cell(each.subject),
            name=_property_name(each.predicate, sheet),
            value=_cell(each.object),
        )
        for each in ordered
    )


def _cell(term: Term) -> Cell | None:
    return cell_of(graph(), term, language=language())


def _property_name(predicate: NamedNode, sheet: Sheet) -> str:
    own = next((each for each in sheet.form.fields if each.path == predicate), None)
    named = own or next(iter(sheet.world.fields.fields_of(predicate)), None)
    return named.name(language()) if named else name_of(graph(), predicate, language=language()).text


def _told(standing: Standing) -> Statements:
    """Give what is kept and worth telling: what it is, the page says."""
    return frozenset(each for each in standing.kept if each.predicate != source.TYPE)


def _shown(thing: NamedNode) -> Link:
    return link_to(graph(), thing, language=language())


def _renamed(view: FieldView, name: str) -> FieldView:
    return replace(view, name=name, name_language=language()) if name else view
