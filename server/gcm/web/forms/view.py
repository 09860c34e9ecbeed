"""A form as its template shows it: groups of fields, rows with their messages, lists to choose from."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pyoxigraph import NamedNode

from gcm.fields import Field, FormShape, Kind
from gcm.vocab import shorten
from gcm.web.forms.draft import ADDRESS, key_of
from gcm.web.forms.entered import Entered, Row, input_name
from gcm.web.forms.findings import Finding, Findings
from gcm.web.forms.source import DERIVED_FROM
from gcm.web.forms.terms import candidates, read_row, written
from gcm.web.forms.world import World
from gcm.web.texts import LANGUAGES

#: Classes with more members than this have no list to choose from: their things are searched.
LISTED = 400

#: Properties whose texts are longer than a line.
_LONG = frozenset({"skos:note", "skos:editorialNote", "dcterms:description", "gcm:designationNote"})

_ID = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True)
class Option:
    """A value to choose: how it is sent, what it is called."""

    value: str
    name: str


@dataclass(frozen=True)
class RowView:
    """One value: its inputs' names and identifiers, what was typed, what it means, what is wrong with it."""

    id: str
    name: str
    text: str
    language: str
    is_language_fixed: bool
    findings: tuple[Finding, ...]
    candidates: tuple[Option, ...]
    meaning: NamedNode | None
    is_focused: bool


@dataclass(frozen=True)
class FieldView:
    """One field: its words, how it is filled in, its rows, and the messages about all of it."""

    key: str
    id: str
    name: str
    name_language: str
    help: str
    kind: str
    control: str
    rows: tuple[RowView, ...]
    findings: tuple[Finding, ...]
    options: tuple[Option, ...] = ()
    listed: str = ""
    is_required: bool = False
    is_recommended: bool = False
    is_repeatable: bool = False
    can_search: bool = False

    @property
    def chosen(self) -> frozenset[str]:
        """What is chosen of a list in which several may be."""
        return frozenset(each.text for each in self.rows if each.text)

    @property
    def all_findings(self) -> tuple[tuple[str, Finding], ...]:
        """All messages, each with the identifier of the input that it is about."""
        rows = [(row.id, each) for row in self.rows for each in row.findings]
        return (*((self.rows[0].id, each) for each in self.findings), *rows)

    @property
    def is_filled(self) -> bool:
        """Whether anything was typed, or is said about it."""
        return bool(self.all_findings) or any(row.text for row in self.rows)


@dataclass(frozen=True)
class GroupView:
    """Fields that belong together, as the shapes group them."""

    name: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True)
class Attention:
    """The field that a person has just worked on: one more row is wanted, or a search in it."""

    added: str = ""
    searched: str = ""


class Painter:
    """Makes the view of a form from what was typed and what was found."""

    def __init__(self, world: World, entered: Entered, findings: Findings, attention: Attention) -> None:
        self._world, self._entered, self._findings = world, entered, findings
        self._attention = attention
        self.lists: dict[str, tuple[Option, ...]] = {}  # lists to choose from, by their identifiers

    def groups(self, form: FormShape, *, is_required_shown: bool) -> tuple[GroupView, ...]:
        """Show the fields of a thing by their groups."""
        language = self._world.language
        grouped = groupby(form.fields, key=lambda each: each.group)
        return tuple(
            GroupView(
                name=_group_name(members[0], language),
                fields=tuple(self.field(key_of(each), each, is_asked=is_required_shown) for each in members),
            )
            for _, group in grouped
            if (members := list(group))
        )

    def field(self, key: str, field: Field, *, is_asked: bool = True) -> FieldView:
        """Show one field."""
        language = self._world.language
        rows = _rows(key, field, self._entered)
        return FieldView(
            key=key,
            id=_id(key),
            name=field.name(language),
            name_language=language if language in field.names else "en",
            help=field.help,
            kind=field.kind.name.lower(),
            control=_control(field),
            rows=tuple(self._row(key, field, number, row, len(rows)) for number, row in enumerate(rows)),
            findings=self._findings.beside.get((key, -1), ()),
            options=self._options(field),
            listed=self._list(field),
            is_required=is_asked and field.minimum > 0 and field.path != DERIVED_FROM,
            is_recommended=is_asked and field.is_recommended,
            is_repeatable=field.maximum != 1 and _control(field) != "checks",
            can_search=field.kind is Kind.ENTITY,
        )

    def code(self, name: str, help_text: str) -> FieldView:
        """Show the field for the public code of a new thing."""
        rows = self._entered.of(ADDRESS) or (Row(),)
        row = RowView(
            id=f"{_id(ADDRESS)}-0",
            name=input_name(ADDRESS, 0),
            text=rows[0].text,
            language="",
            is_language_fixed=True,
            findings=self._findings.beside.get((ADDRESS, 0), ()),
            candidates=(),
            meaning=None,
            is_focused=False,
        )
        return FieldView(
            ADDRESS, _id(ADDRESS), name, self._world.language, help_text, "code", "text", (row,), ()
        )

    def _row(self, key: str, field: Field, number: int, row: Row, count: int) -> RowView:
        findings = self._findings.beside.get((key, number), ())
        fixed = field.kind is not Kind.TEXT or row.language in _fixed_languages(field)
        return RowView(
            id=f"{_id(key)}-{number}",
            name=input_name(key, number),
            text=row.text,
            language=row.language,
            is_language_fixed=fixed,
            findings=findings,
            candidates=self._candidates(key, field, row, findings),
            meaning=self._meaning(field, row),
            is_focused=self._attention.added == key and number == count - 1,
        )

    def _candidates(
        self, key: str, field: Field, row: Row, findings: Sequence[Finding]
    ) -> tuple[Option, ...]:
        meant: dict[NamedNode | str, None] = dict.fromkeys(
            one for each in findings for one in each.candidates
        )
        if self._attention.searched == key and row.text.strip():
            meant |= dict.fromkeys(candidates(field, row.text, self._world.names))
        return tuple(self._option(each) for each in meant)

    def _option(self, meant: NamedNode | str) -> Option:
        return Option(meant, meant) if isinstance(meant, str) else Option(shorten(meant), self._title(meant))

    def _meaning(self, field: Field, row: Row) -> NamedNode | None:
        """Give the thing that the typed words name."""
        if field.kind is not Kind.ENTITY or row.is_empty:
            return None
        found = read_row(field, row, self._world.names)
        return found if isinstance(found, NamedNode) else None

    def _title(self, thing: NamedNode) -> str:
        return self._world.names.title_of(thing, self._world.language)

    def _options(self, field: Field) -> tuple[Option, ...]:
        return tuple(
            Option(shorten(each), self._world.names.label_of(each, self._world.language))
            if isinstance(each, NamedNode)
            else Option(each.value, each.value)
            for each in field.choices
        )

    def _list(self, field: Field) -> str:
        """Give the identifier of the list of the things that a field may name, if they are few."""
        if field.kind is not Kind.ENTITY or not field.classes:
            return ""
        name = "l-" + "-".join(_ID.sub("-", shorten(each)) for each in field.classes)
        if name not in self.lists:
            things = self._world.names.members(field.classes)
            few = things if len(things) <= LISTED else ()
            language = self._world.language
            self.lists[name] = tuple(
                Option(written(each, field, self._world.names, language=language), self._title(each))
                for each in few
            )
        return name


def summary(groups: Iterable[FieldView]) -> tuple[tuple[str, str, Finding], ...]:
    """List all messages for the head of the page: where each leads, the name of its field, the message."""
    return tuple((spot, each.name, finding) for each in groups for spot, finding in each.all_findings)


def with_languages(entered: Entered, fields: Mapping[str, Field]) -> Entered:
    """Give each field of texts a row for every language that pages speak, before anything is typed."""
    for key, field in fields.items():
        if field.kind is Kind.TEXT:
            rows = entered.of(key)
            missing = [each for each in _fixed_languages(field) if each not in {row.language for row in rows}]
            entered = entered.with_rows(key, (*rows, *(Row(language=each) for each in missing)))
    return entered


def trimmed(entered: Entered) -> Entered:
    """Leave out empty rows, but for those that stand for a language."""
    kept = {
        key: tuple(row for row in rows if not row.is_empty or row.language)
        for key, rows in entered.rows.items()
    }
    return Entered(kept, entered.settings)


def _rows(key: str, field: Field, entered: Entered) -> tuple[Row, ...]:
    return entered.of(key) or (Row(language=_fixed_languages(field)[0] if field.kind is Kind.TEXT else ""),)


def _fixed_languages(field: Field) -> tuple[str, ...]:
    return field.languages or tuple(LANGUAGES)


def _control(field: Field) -> str:
    if field.kind is Kind.YES_NO or (field.kind is Kind.CHOICE and field.maximum == 1):
        return "select"
    if field.kind is Kind.CHOICE:
        return "checks"
    return "area" if shorten(field.path) in _LONG else "text"


def _group_name(field: Field, language: str) -> str:
    names = field.group_names or {}
    return names.get(language) or names.get("en") or ""


def _id(key: str) -> str:
    return "f-" + _ID.sub("-", key)
