"""A table of things of one class, described: what its columns are called and what stands in them.

The description is the metadata of CSVW (Metadata Vocabulary for Tabular Data, W3C, 17 December 2015) as
values; `csvw` writes and reads it as JSON. Templates, exports and imports all go by it alone.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from gcm.fields import Field, FormShape, Kind
from gcm.vocab import PREFIXES, THING, shorten

#: The languages in which a table asks for texts, if nobody says otherwise: those of our pages.
LANGUAGES = ("en", "fr", "ru")

#: What stands behind the heading of a column that must be filled in.
REQUIRED_MARK = " *"

#: Between several values of one cell: things and dates; and texts, which may hold a semicolon.
SEMICOLON, LINE_BREAK = "; ", "\n"

DERIVED_FROM = NamedNode(PREFIXES["prov"] + "wasDerivedFrom")

#: The column that says where in the document of the data set a thing stands.
PLACE_IN_SOURCE = "source place"

#: What the message of a shape says of these is how Turtle writes them; a table writes them otherwise.
_WRITTEN_OTHERWISE = (Kind.TEXT, Kind.DATE, Kind.YES_NO, Kind.ADDRESS, Kind.DURATION)
_SEPARATORS = {Kind.TEXT: LINE_BREAK, Kind.CODE: LINE_BREAK}
_UNFIT = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True)
class Column:
    """One column: its names, and what a value in it says.

    `name` is the column's name in CSVW, `titles` its headings: the first is the one we write. `path` is the
    property; None for the column of identifiers and for `source place`. `separator` stands between several
    values; None means one. `minimum` values are required of the property; that is said of the column
    (`is_required`) unless other columns or the data set can give them, and shown in a heading (`is_marked`).
    """

    name: str
    titles: tuple[str, ...]
    path: NamedNode | None = None
    kind: Kind = Kind.CODE
    language: str | None = None
    separator: str | None = None
    is_required: bool = False
    is_marked: bool = False
    minimum: int = 0
    help: str = ""
    classes: tuple[NamedNode, ...] = ()
    choices: tuple[NamedNode | Literal, ...] = ()
    datatypes: tuple[NamedNode, ...] = ()
    patterns: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The heading without a mark."""
        return self.titles[0]

    @property
    def heading(self) -> str:
        """The heading as it is written into tables, with a mark where a value is required."""
        return self.title + (REQUIRED_MARK if self.is_marked else "")

    @property
    def has_things(self) -> bool:
        """Whether its values are things of the graph or words of a list, written by their names."""
        return self.kind in (Kind.ENTITY, Kind.CHOICE)


@dataclass(frozen=True)
class Description:
    """A table: the class of its rows, the first step of their addresses, and its columns in order."""

    cls: NamedNode
    kind: str
    label: str
    help: str
    columns: tuple[Column, ...]

    @property
    def identifier(self) -> Column:
        """The column that holds the last step of the addresses."""
        return self.columns[0]

    @property
    def start(self) -> str:
        """What the addresses of the rows begin with."""
        return f"{THING}{self.kind}/"

    def columns_of(self, path: NamedNode) -> tuple[Column, ...]:
        """Give the columns of a property: one for each language of a text, else one."""
        return tuple(each for each in self.columns if each.path == path)

    def with_languages(self, used: Mapping[NamedNode, Iterable[str]]) -> "Description":
        """Give the same table with a column for each language that a property is used in."""
        columns: list[Column] = []
        for column in self.columns:
            columns.append(column)
            if column.language is not None and column == self.columns_of_language(column)[-1]:
                columns.extend(self._missing(column, used.get(column.path, ()) if column.path else ()))
        return replace(self, columns=tuple(columns))

    def columns_of_language(self, column: Column) -> tuple[Column, ...]:
        """Give the columns of the same property in all languages."""
        return self.columns_of(column.path) if column.path else (column,)

    def _missing(self, column: Column, languages: Iterable[str]) -> list[Column]:
        there = {each.language for each in self.columns_of_language(column)}
        return [in_language(column, each) for each in sorted(set(languages) - there)]


def describe_table(form: FormShape, *, languages: Sequence[str] = LANGUAGES) -> Description:
    """Describe the table of a class: identifier, then a column for each field, for texts one a language."""
    columns = [_identifier(form)]
    twice = {name for name, count in Counter(each.name() for each in form.fields).items() if count > 1}
    for field in form.fields:
        columns.extend(_columns(field, languages, is_ambiguous=field.name() in twice))
        if field.path == DERIVED_FROM:
            columns.append(_place_in_source())
    return Description(
        cls=form.cls, kind=form.kind, label=form.label(), help=form.help, columns=tuple(columns)
    )


def in_language(column: Column, language: str) -> Column:
    """Give the column of the same property in another language."""
    titles = tuple(f"{each.partition(' [')[0]} [{language}]" for each in column.titles)
    name = f"{column.name.removesuffix('_' + _name(column.language or ''))}_{_name(language)}"
    return replace(column, name=name, titles=titles, language=language, is_required=False, is_marked=False)


def _identifier(form: FormShape) -> Column:
    label = form.label().lower()
    return Column(
        name="identifier",
        titles=tuple(dict.fromkeys((f"{label} identifier", "identifier", f"{form.kind} identifier"))),
        help=f"The last step of the address of this {label}: what stands behind {form.kind}/. Leave it "
        "empty for a new one, which is then given the next address by the rule; keep it to change one that "
        "is there.",
    )


def _place_in_source() -> Column:
    return Column(
        name=_name(PLACE_IN_SOURCE),
        titles=(PLACE_IN_SOURCE,),
        kind=Kind.CODE,
        help="Where in the document of the data set this stands: section, paragraph, page or row of a table. "
        "It becomes a passage of that document. Leave it empty if the column “source” is filled in.",
    )


def _columns(field: Field, languages: Sequence[str], *, is_ambiguous: bool) -> list[Column]:
    tags = (field.languages or tuple(languages)) if field.kind is Kind.TEXT else (None,)
    return [_column(field, tag, is_first=tag == tags[0], is_ambiguous=is_ambiguous) for tag in tags]


def _column(field: Field, language: str | None, *, is_first: bool, is_ambiguous: bool) -> Column:
    tail = f" ({shorten(field.path)})" * is_ambiguous + (f" [{language}]" if language else "")
    names = [field.name(), *field.names.values(), shorten(field.path)]
    has_one_value = field.maximum == 1 or (language is not None and field.has_unique_languages)
    return Column(
        name="_".join(filter(None, (_name(field.name()), _name(language or "")))),
        titles=tuple(dict.fromkeys(each + tail for each in names)),
        path=field.path,
        kind=field.kind,
        language=language,
        separator=None if has_one_value else _SEPARATORS.get(field.kind, SEMICOLON),
        is_required=field.minimum > 0 and field.kind is not Kind.TEXT and field.path != DERIVED_FROM,
        is_marked=field.minimum > 0 and is_first and field.path != DERIVED_FROM,
        minimum=field.minimum,
        help=_help(field),
        classes=field.classes,
        choices=field.choices,
        datatypes=field.datatypes,
        patterns=field.patterns,
    )


def _help(field: Field) -> str:
    """Say what a value means and, where that is the same in a table, how it is given."""
    if field.help and field.kind in _WRITTEN_OTHERWISE:
        return field.help
    return " ".join(filter(None, (field.help, field.message)))


def _name(text: str) -> str:
    """Make a column name that CSVW section 5.6 allows and that needs no escapes in URI templates."""
    return _UNFIT.sub("_", text).strip("_")
