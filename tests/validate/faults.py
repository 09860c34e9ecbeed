"""Faults that people make, for every field that they can hit, made from what is right in the tiny world."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gcm.fields import Field, FormShape, Kind
from gcm.fields.field import local_name
from gcm.fields.names import Names
from gcm.vocab import PREFIXES, shorten
from pyoxigraph import Literal, NamedNode

XSD = PREFIXES["xsd"]
DAY, MONTH, YEAR = (NamedNode(XSD + name) for name in ("date", "gYearMonth", "gYear"))
DECIMAL, INTEGER, BOOLEAN = (NamedNode(XSD + name) for name in ("decimal", "integer", "boolean"))
ENGLISH_TEXT = "The first of the examples"


@dataclass(frozen=True)
class Fault:
    """A wrong statement of a thing: its property and values, and the right value or property, if one is."""

    name: str
    form: FormShape
    field: Field
    component: str
    predicate: NamedNode
    values: tuple[NamedNode | Literal, ...] = ()
    blamed: NamedNode | Literal | None = None
    right: NamedNode | Literal | None = None

    @property
    def key(self) -> str:
        """Name it for people: pledge, gcm:amount, amount with separators."""
        return f"{self.form.name} {shorten(self.field.path)} {self.name}"


Values = tuple[NamedNode | Literal | None, NamedNode | Literal | None]


def faults_of(form: FormShape, field: Field, names: Names) -> Iterator[Fault]:
    """Make each fault that can hit a field of a class."""
    for name, (component, kinds, make) in MADE.items():
        if field.kind in kinds:
            wrong, right = make(field, names)
            if wrong is not None:
                said = _component(field, component)
                yield Fault(name, form, field, said, field.path, (wrong,), wrong, right)
    yield from _counted(form, field, names)
    yield from _misnamed(form, field, names)


def _component(field: Field, component: str) -> str:
    """Say which constraint finds a value of the wrong kind in this field."""
    if component == "Class" and not field.classes:
        return "NodeKind" if not field.choices else "In"
    if len(field.datatypes) > 1 or len(field.classes) > 1:
        return "Or" if component in ("Class", "Datatype") else component
    return component


def _counted(form: FormShape, field: Field, names: Names) -> Iterator[Fault]:
    if field.minimum or field.is_recommended:
        has_value = len(field.choices) == 1
        right = field.choices[0] if has_value else None
        component = "HasValue" if has_value else "MinCount"
        yield Fault("nothing", form, field, component, field.path, right=right)
    values = _two_values(field, names)
    if field.maximum == 1 and values:
        yield Fault("two values", form, field, "MaxCount", field.path, values)
    if field.has_unique_languages:
        texts = Literal("A name", language="en"), Literal("Another name", language="en")
        yield Fault("two in one language", form, field, "UniqueLang", field.path, texts)
        same = Literal("A name", language="en"), Literal("A  Name", language="en")
        yield Fault("the same twice", form, field, "UniqueLang", field.path, same)


def _two_values(field: Field, names: Names) -> tuple[NamedNode | Literal, ...]:
    if field.kind is Kind.DATE:
        return Literal("2021-05-01", datatype=DAY), Literal("2022-06-01", datatype=DAY)
    if field.kind is Kind.NUMBER:
        return Literal("10.0", datatype=DECIMAL), Literal("20.0", datatype=DECIMAL)
    return _members(field, names)[:2] if field.kind in (Kind.ENTITY, Kind.CHOICE) else ()


def _misnamed(form: FormShape, field: Field, names: Names) -> Iterator[Fault]:
    value = _right_value(field, names)
    local = local_name(field.path)
    if value is None:
        return
    namespace = field.path.value.removesuffix(local)
    for name, path in (
        ("property misspelt", namespace + local[:2] + local[3:]),
        ("property in other case", namespace + local.swapcase()),
        ("property of another vocabulary", "http://example.org/terms#" + local),
        ("property with http for https", re.sub("^https:", "http:", field.path.value)),
    ):
        if path != field.path.value and path not in {each.path.value for each in form.fields}:
            made = NamedNode(path)
            yield Fault(name, form, field, "Closed", made, (value,), value, field.path)


def _right_value(field: Field, names: Names) -> NamedNode | Literal | None:
    if field.kind in (Kind.ENTITY, Kind.CHOICE):
        return next(iter(_members(field, names)), None)
    return _RIGHT.get(field.kind)


_RIGHT: Mapping[Kind, NamedNode | Literal] = {
    Kind.TEXT: Literal(ENGLISH_TEXT, language="en"),
    Kind.CODE: Literal("7"),
    Kind.DATE: Literal("2024-05-17", datatype=DAY),
    Kind.NUMBER: Literal("7.5", datatype=DECIMAL),
    Kind.YES_NO: Literal("true", datatype=BOOLEAN),
    Kind.ADDRESS: NamedNode("https://example.org/page"),
}


def _members(field: Field, names: Names) -> tuple[NamedNode, ...]:
    if field.choices:
        return tuple(each for each in field.choices if isinstance(each, NamedNode))
    return names.members(field.classes) if field.classes else ()


def _is_alone(field: Field, names: Names, text: str) -> bool:
    return len(names.find(text, field.classes)) == 1


def _label_for_thing(field: Field, names: Names) -> Values:
    for each in _members(field, names):
        label = names.label_of(each)
        if names.has_name(each) and _is_alone(field, names, label):
            return Literal(label, language="en"), each
    return None, None


def _other_scheme(field: Field, names: Names) -> Values:
    member = next((each for each in _members(field, names) if "/id/" in each.value), None)
    return (NamedNode(member.value.replace("https:", "http:")), member) if member else (None, None)


def _page_for_thing(field: Field, names: Names) -> Values:
    member = next((each for each in _members(field, names) if "/id/" in each.value), None)
    return (NamedNode(member.value.replace("/id/", "/doc/") + ".html"), member) if member else (None, None)


def _other_prefix(field: Field, names: Names) -> Values:
    coded = (each for each in _members(field, names) if re.search("/id/[a-z-]+/[A-Z]+$", each.value))
    member = next((each for each in coded if _has_code_alone(field, names, each)), None)
    return (NamedNode(PREFIXES["theme"] + local_name(member)), member) if member else (None, None)


def _has_code_alone(field: Field, names: Names, thing: NamedNode) -> bool:
    return [local_name(each) for each in _members(field, names)].count(local_name(thing)) == 1


def _other_case(field: Field, names: Names) -> Values:
    coded = (each for each in _members(field, names) if local_name(each).lower() != local_name(each))
    member = next((each for each in coded if _has_code_alone(field, names, each)), None)
    if member is None:
        return None, None
    code = local_name(member)
    return NamedNode(member.value.removesuffix(code) + code.lower()), member


def _misspelt(field: Field, names: Names) -> Values:
    member = next((each for each in _members(field, names) if len(local_name(each)) > 6), None)
    if member is None or not field.choices:
        return None, None
    code = local_name(member)
    return NamedNode(member.value.removesuffix(code) + code[:3] + code[4] + code[3] + code[5:]), member


def _other_class(field: Field, names: Names) -> Values:
    allowed = set(_members(field, names))
    figures = names.members([NamedNode(PREFIXES["gcm"] + "ReportedFigure")])
    return (
        (None, None) if not field.classes else (next(each for each in figures if each not in allowed), None)
    )


def _nobody(field: Field, _names: Names) -> Values:
    return (NamedNode(PREFIXES["event"] + "99999"), None) if field.classes else (None, None)


def _words(field: Field, _names: Names) -> Values:
    return (None, None) if field.classes or field.choices else (Literal("something else"), None)


def _plain_text(_field: Field, _names: Names) -> Values:
    return Literal(ENGLISH_TEXT), Literal(ENGLISH_TEXT, language="en")


def _other_language(field: Field, _names: Names) -> Values:
    return (Literal("Texte inventé", language="fr"), None) if field.languages else (None, None)


def _date(text: str, right: Literal | None, datatype: NamedNode | None = None) -> Callable[..., Values]:
    def made(field: Field, _names: Names) -> Values:
        wrong = Literal(text, datatype=datatype) if datatype else Literal(text)
        return wrong, right if right is not None and right.datatype in field.datatypes else None

    return made


def _number(text: str, right: str | None, datatype: NamedNode | None = None) -> Callable[..., Values]:
    def made(field: Field, _names: Names) -> Values:
        is_whole = INTEGER in field.datatypes and right is not None and right.endswith(".0")
        number = right.removesuffix(".0") if is_whole and right else right
        fitting = Literal(number, datatype=INTEGER if is_whole else DECIMAL) if number else None
        wrong = Literal(text, datatype=datatype) if datatype else Literal(text)
        return (None, None) if wrong.datatype in field.datatypes else (wrong, fitting)

    return made


def _too_great(field: Field, _names: Names) -> Values:
    return (Literal(f"{field.high}1.5", datatype=DECIMAL), None) if field.high else (None, None)


def _too_small(field: Field, _names: Names) -> Values:
    return (Literal("-999.5", datatype=DECIMAL), None) if field.low else (None, None)


def _tagged_code(field: Field, _names: Names) -> Values:
    return (Literal("7", language="en"), Literal("7")) if not field.patterns else (None, None)


def _small_letters(field: Field, _names: Names) -> Values:
    examples = (
        each for each in ("USD", "MD", "MDA") if field.patterns and re.search(field.patterns[0], each)
    )
    code = next(examples, None)
    return (Literal(code.lower()), Literal(code)) if code else (None, None)


def _address_as_text(field: Field, _names: Names) -> Values:
    address = "https://example.org/page"
    fits = all(re.search(each, address) for each in field.patterns)
    return (Literal(address), NamedNode(address)) if fits else (None, None)


_THINGS = (Kind.ENTITY, Kind.CHOICE)
#: Each fault: the constraint that finds it, the kinds of fields it can hit, and how it is made.
MADE: Mapping[str, tuple[str, tuple[Kind, ...], Callable[..., Values]]] = {
    "name for a thing": ("Class", _THINGS, _label_for_thing),
    "thing with http": ("Class", _THINGS, _other_scheme),
    "page for a thing": ("Class", _THINGS, _page_for_thing),
    "thing with another prefix": ("Class", _THINGS, _other_prefix),
    "thing in other case": ("Class", _THINGS, _other_case),
    "choice misspelt": ("Class", _THINGS, _misspelt),
    "thing of another class": ("Class", _THINGS, _other_class),
    "thing nobody describes": ("Class", _THINGS, _nobody),
    "words for a thing": ("NodeKind", _THINGS, _words),
    "text without language": ("Datatype", (Kind.TEXT,), _plain_text),
    "text in another language": ("LanguageIn", (Kind.TEXT,), _other_language),
    "day as text": ("Datatype", (Kind.DATE,), _date("2024-05-17", Literal("2024-05-17", datatype=DAY))),
    "month as a day": ("Datatype", (Kind.DATE,), _date("2024-05", Literal("2024-05", datatype=MONTH), DAY)),
    "year as a number": ("Datatype", (Kind.DATE,), _date("2024", Literal("2024", datatype=YEAR), INTEGER)),
    "day with dots": ("Datatype", (Kind.DATE,), _date("31.12.2024", Literal("2024-12-31", datatype=DAY))),
    "day before month": ("Datatype", (Kind.DATE,), _date("12/31/2024", Literal("2024-12-31", datatype=DAY))),
    "day or month": ("Datatype", (Kind.DATE,), _date("03/04/2024", None)),
    "month in words": ("Datatype", (Kind.DATE,), _date("May 2024", Literal("2024-05", datatype=MONTH))),
    "impossible day": ("Datatype", (Kind.DATE,), _date("2024-02-30", None, DAY)),
    "date in words": ("Datatype", (Kind.DATE,), _date("last spring", None)),
    "number as text": ("Datatype", (Kind.NUMBER,), _number("7.5", "7.5")),
    "whole number": ("Datatype", (Kind.NUMBER,), _number("75", "75.0", INTEGER)),
    "decimal comma": ("Datatype", (Kind.NUMBER,), _number("7,5", "7.5")),
    "number in words": ("Datatype", (Kind.NUMBER,), _number("several", None)),
    "number too great": ("MaxInclusive", (Kind.NUMBER,), _too_great),
    "number too small": ("MinInclusive", (Kind.NUMBER,), _too_small),
    "code with language": ("Datatype", (Kind.CODE,), _tagged_code),
    "code in small letters": ("Pattern", (Kind.CODE,), _small_letters),
    "yes in words": (
        "Datatype",
        (Kind.YES_NO,),
        lambda *_: (Literal("yes"), Literal("true", datatype=BOOLEAN)),
    ),
    "address as text": ("NodeKind", (Kind.ADDRESS,), _address_as_text),
    "length in words": (
        "Datatype",
        (Kind.DURATION,),
        lambda *_: (Literal("30 months"), Literal("P30M", datatype=NamedNode(XSD + "duration"))),
    ),
}
