"""Valid files with one fault each: what was changed, who is to blame, and whether a machine could mend it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from gcm.fields import Field, Kind
from gcm.vocab import PREFIXES, shorten
from pyoxigraph import Literal, NamedNode, Triple

from tests.corpus.bases import LABEL, TYPE, Base, iri

Value = NamedNode | Literal


@dataclass(frozen=True)
class Fault:
    """A file with one fault: all statements, and which of them is wrong (`blamed`, by its position).

    For something missing `blamed` is the first statement of its node. `also` are other positions that are as
    much to blame: of two names in one language either may be shown. `begins_wrong`: where the thing begins
    something may be said as well, such as that a misspelt property is missing. `in_property`: the property is
    wrong, not the value. `is_mechanical`: there is one remedy, and it gives back what the base says.
    `in_syntax`: the file cannot be read, and no statement is wrong.
    """

    kind: str
    base: Base
    statements: tuple[Triple, ...]
    blamed: int
    is_mechanical: bool = False
    is_missing: bool = False
    begins_wrong: bool = False
    in_property: bool = False
    also: tuple[int, ...] = ()
    in_syntax: bool = False


@dataclass(frozen=True)
class Graph:
    """What faults are made with: names of things, things by class, and the properties of classes."""

    labels: dict[NamedNode, str]
    members: dict[NamedNode, list[NamedNode]]
    unique: set[str]


Maker = Callable[[Base, int, Field, Graph, Random], Fault | None]


def faults_of(base: Base, graph: Graph, random: Random) -> Iterator[Fault]:
    """Make every fault that each property of the main thing can have."""
    fields = {each.path: each for each in base.form.fields}
    for position, triple in enumerate(base.statements):
        if triple.subject != base.thing or triple.predicate not in fields:
            continue
        for maker in MAKERS:
            if fault := maker(base, position, fields[triple.predicate], graph, random):
                yield fault
    for whole in (_end_before_start, _misspelt_class, _superfluous_type):
        if found := whole(base, random):
            yield found


def _with(
    base: Base, position: int, *, value: Value | None = None, path: NamedNode | None = None
) -> tuple[Triple, ...]:
    old = base.statements[position]
    new = Triple(old.subject, path or old.predicate, old.object if value is None else value)
    return (*base.statements[:position], new, *base.statements[position + 1 :])


def _replaced(base: Base, position: int, value: Value, kind: str, *, mechanical: bool = False) -> Fault:
    return Fault(kind, base, _with(base, position, value=value), position, is_mechanical=mechanical)


def _missing(base: Base, position: int, field: Field, _: Graph, __: Random) -> Fault | None:
    alone = sum(each.predicate == field.path for each in base.about()) == 1
    if not alone or not (field.minimum or field.is_recommended):
        return None
    statements = (*base.statements[:position], *base.statements[position + 1 :])
    first = _first(base, statements)
    return Fault("missing", base, statements, first, is_missing=True)


def _one_too_many(base: Base, position: int, field: Field, graph: Graph, random: Random) -> Fault | None:
    other = _another(base.statements[position].object, field, graph, random)
    if field.maximum != 1 or other is None:
        return None
    new = Triple(base.thing, field.path, other)
    statements = (*base.statements[: position + 1], new, *base.statements[position + 1 :])
    return Fault("one too many", base, statements, position + 1, also=(position,))


def _another(value: object, field: Field, graph: Graph, random: Random) -> Value | None:
    if field.kind is Kind.CHOICE:
        others = [each for each in field.choices if each != value]
        return random.choice(others) if others else None
    if field.kind is Kind.ENTITY and field.classes:
        others_of = [each for each in graph.members.get(field.classes[0], ()) if each != value]
        return random.choice(others_of) if others_of else None
    if field.kind is Kind.DATE:
        return Literal("2019-03-04", datatype=iri("xsd:date"))
    if field.kind is Kind.NUMBER and isinstance(value, Literal):
        return Literal("17" if "." not in value.value else "17.0", datatype=value.datatype)
    return None


def _misspelt_property(base: Base, position: int, field: Field, _: Graph, random: Random) -> Fault | None:
    name = field.path.value
    cut = max(name.rfind("/"), name.rfind("#")) + 1
    wrong = NamedNode(name[:cut] + misspelt(name[cut:], random))
    repeated = sum(each.predicate == field.path for each in base.about()) > 1
    if wrong == field.path or repeated:
        return None
    statements = _with(base, position, path=wrong)
    return Fault(
        "misspelt property",
        base,
        statements,
        position,
        is_mechanical=True,
        begins_wrong=True,
        in_property=True,
    )


def _wrong_scheme(base: Base, position: int, field: Field, _: Graph, __: Random) -> Fault | None:
    name = field.path.value
    wrong = NamedNode(
        name.replace("https://", "http://", 1)
        if name.startswith("https://")
        else name.replace("http://", "https://", 1)
    )
    statements = _with(base, position, path=wrong)
    if sum(each.predicate == field.path for each in base.about()) > 1:
        return None
    return Fault(
        "http for https", base, statements, position, is_mechanical=True, begins_wrong=True, in_property=True
    )


def _unknown_thing(base: Base, position: int, field: Field, _: Graph, __: Random) -> Fault | None:
    value = base.statements[position].object
    if field.kind is not Kind.ENTITY or not isinstance(value, NamedNode) or not field.classes:
        return None
    return _replaced(base, position, NamedNode(_stem(value) + "QZQ77"), "unknown thing")


def _wrong_class(base: Base, position: int, field: Field, graph: Graph, random: Random) -> Fault | None:
    if field.kind is not Kind.ENTITY or not field.classes:
        return None
    wrong = iri("gcm:Theme") if iri("gcm:Theme") not in field.classes else iri("gcm:Fund")
    return _replaced(base, position, random.choice(graph.members[wrong]), "thing of another class")


def _wrong_case(base: Base, position: int, field: Field, _: Graph, __: Random) -> Fault | None:
    value = _thing_elsewhere(base, position, field)
    if value is None:
        return None
    wrong = NamedNode(_stem(value) + _code(value).swapcase())
    return None if wrong == value else _replaced(base, position, wrong, "wrong case", mechanical=True)


def _wrong_prefix(base: Base, position: int, field: Field, _: Graph, __: Random) -> Fault | None:
    value = _thing_elsewhere(base, position, field)
    if value is None or shorten(value) == value.value:
        return None
    wrong = NamedNode(PREFIXES["gcm"] + _code(value))
    return _replaced(base, position, wrong, "wrong prefix", mechanical=True)


def _label_for_thing(base: Base, position: int, field: Field, graph: Graph, __: Random) -> Fault | None:
    value = base.statements[position].object
    if (
        _is_own(base, position)
        or field.kind not in (Kind.ENTITY, Kind.CHOICE)
        or not isinstance(value, NamedNode)
    ):
        return None
    label = graph.labels.get(value)
    if label is None or label not in graph.unique or not (field.classes or field.choices):
        return None
    return _replaced(base, position, Literal(label, language="en"), "name for a thing", mechanical=True)


def _misspelt_choice(base: Base, position: int, field: Field, _: Graph, random: Random) -> Fault | None:
    value = base.statements[position].object
    if field.kind is not Kind.CHOICE or not isinstance(value, NamedNode):
        return None
    wrong = NamedNode(_stem(value) + misspelt(_code(value), random))
    return _replaced(base, position, wrong, "misspelt choice", mechanical=True)


def _no_language(base: Base, position: int, field: Field, _: Graph, __: Random) -> Fault | None:
    value = base.statements[position].object
    if field.kind is not Kind.TEXT or not isinstance(value, Literal) or value.language != "en":
        return None
    return _replaced(base, position, Literal(value.value), "no language", mechanical=True)


def _language_for_code(base: Base, position: int, field: Field, _: Graph, __: Random) -> Fault | None:
    value = base.statements[position].object
    if field.kind is not Kind.CODE or not isinstance(value, Literal):
        return None
    return _replaced(
        base, position, Literal(value.value, language="en"), "language on a code", mechanical=True
    )


def _no_datatype(base: Base, position: int, field: Field, _: Graph, __: Random) -> Fault | None:
    value = base.statements[position].object
    if field.kind not in (Kind.DATE, Kind.NUMBER, Kind.YES_NO, Kind.DURATION) or not isinstance(
        value, Literal
    ):
        return None
    return _replaced(base, position, Literal(value.value), "no datatype", mechanical=True)


def _impossible_date(base: Base, position: int, field: Field, _: Graph, __: Random) -> Fault | None:
    if field.kind is not Kind.DATE:
        return None
    return _replaced(base, position, Literal("2024-02-30", datatype=iri("xsd:date")), "impossible date")


def _date_as_people_write(base: Base, position: int, field: Field, _: Graph, __: Random) -> Fault | None:
    value = base.statements[position].object
    if field.kind is not Kind.DATE or not isinstance(value, Literal) or value.datatype != iri("xsd:date"):
        return None
    year, month, day = value.value.split("-")
    if int(day) <= 12:
        return None
    return _replaced(
        base, position, Literal(f"{day}.{month}.{year}"), "date as people write", mechanical=True
    )


def _number_with_separators(base: Base, position: int, field: Field, _: Graph, __: Random) -> Fault | None:
    value = base.statements[position].object
    if field.kind is not Kind.NUMBER or not isinstance(value, Literal):
        return None
    whole, dot, part = value.value.partition(".")
    written = f"{int(whole):,}{dot}{part}" if whole.isdigit() and value.value.isascii() else ""
    if written.count(",") < 2:  # 1,000 might as well be a decimal number
        return None
    return _replaced(
        base, position, Literal(written, datatype=value.datatype), "number with separators", mechanical=True
    )


def _address_as_text(base: Base, position: int, field: Field, _: Graph, __: Random) -> Fault | None:
    value = base.statements[position].object
    if (
        field.kind is not Kind.ADDRESS
        or not isinstance(value, NamedNode)
        or not value.value.startswith("http")
    ):
        return None
    return _replaced(base, position, Literal(value.value), "address as text", mechanical=True)


def _twice_in_a_language(base: Base, position: int, field: Field, _: Graph, __: Random) -> Fault | None:
    value = base.statements[position].object
    if not field.has_unique_languages or not isinstance(value, Literal):
        return None
    new = Triple(base.thing, field.path, Literal(value.value + " again", language=value.language))
    statements = (*base.statements[: position + 1], new, *base.statements[position + 1 :])
    return Fault("two in a language", base, statements, position + 1, also=(position,))


def _below_zero(base: Base, position: int, field: Field, _: Graph, __: Random) -> Fault | None:
    value = base.statements[position].object
    if field.low != "0" or not isinstance(value, Literal):
        return None
    return _replaced(base, position, Literal("-" + value.value, datatype=value.datatype), "below the least")


def _small_letters(base: Base, position: int, field: Field, _: Graph, __: Random) -> Fault | None:
    value = base.statements[position].object
    if (
        field.kind is not Kind.CODE
        or not isinstance(value, Literal)
        or not any("A-Z" in each for each in field.patterns)
    ):
        return None
    if value.value.lower() == value.value:
        return None
    return _replaced(base, position, Literal(value.value.lower()), "small letters", mechanical=True)


def _end_before_start(base: Base, _: Random) -> Fault | None:
    start, end = iri("schema:startDate"), iri("schema:endDate")
    at = {
        each.predicate: position
        for position, each in enumerate(base.statements)
        if each.subject == base.thing
    }
    if start not in at or end not in at:
        return None
    first, last = base.statements[at[start]].object, base.statements[at[end]].object
    if first == last or not isinstance(first, Literal) or not isinstance(last, Literal):
        return None
    swapped = replace(base, statements=_with(base, at[start], value=last))
    statements = _with(swapped, at[end], value=first)
    return Fault("end before beginning", base, statements, at[end], is_mechanical=True, also=(at[start],))


def _misspelt_class(base: Base, random: Random) -> Fault | None:
    position = _type(base)
    value = base.statements[position].object
    assert isinstance(value, NamedNode)
    wrong = NamedNode(_stem(value) + misspelt(_code(value), random))
    statements = _with(base, position, value=wrong)
    return Fault("misspelt class", base, statements, position, is_mechanical=True, begins_wrong=True)


def _superfluous_type(base: Base, _: Random) -> Fault | None:
    position = _type(base)
    if base.form.name not in ("network", "joint-programme", "guidance", "resolution", "state"):
        return None
    above = {"network": "Organization", "joint-programme": "Project", "state": "Place"}.get(
        base.form.name, "Document"
    )
    new = Triple(base.thing, TYPE, iri(f"gcm:{above}"))
    statements = (*base.statements[: position + 1], new, *base.statements[position + 1 :])
    return Fault("superfluous class", base, statements, position + 1, is_mechanical=True, also=(position,))


def misspelt(word: str, random: Random) -> str:
    """Swap two letters in the middle, leave one out, or double one; never the first."""
    places: Sequence[int] = [at for at in range(1, len(word) - 1) if word[at] != word[at + 1]]
    if not places:
        return word + word[-1]
    at = random.choice(places)
    way = random.randrange(3)
    if way == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :] if way == 1 else word[:at] + word[at] + word[at:]


def _thing_elsewhere(base: Base, position: int, field: Field) -> NamedNode | None:
    """Give the value if it is a thing of the graph, of a class that the field names."""
    value = base.statements[position].object
    is_one = field.kind is Kind.ENTITY and field.classes and not _is_own(base, position)
    return value if is_one and isinstance(value, NamedNode) else None


def _is_own(base: Base, position: int) -> bool:
    """Whether the value is described in the file itself, under an address made for it."""
    value = base.statements[position].object
    return any(value == each.subject for each in base.statements)


def _first(base: Base, statements: Sequence[Triple]) -> int:
    return next(at for at, each in enumerate(statements) if each.subject == base.thing)


def _type(base: Base) -> int:
    return next(
        at for at, each in enumerate(base.statements) if each in base.about() and each.predicate == TYPE
    )


def _code(name: NamedNode) -> str:
    return name.value.removeprefix(_stem(name))


def _stem(name: NamedNode) -> str:
    return name.value[: max(name.value.rfind("/"), name.value.rfind("#")) + 1]


MAKERS: Sequence[Maker] = (
    _missing,
    _one_too_many,
    _misspelt_property,
    _wrong_scheme,
    _unknown_thing,
    _wrong_class,
    _wrong_case,
    _wrong_prefix,
    _label_for_thing,
    _misspelt_choice,
    _no_language,
    _language_for_code,
    _no_datatype,
    _impossible_date,
    _date_as_people_write,
    _number_with_separators,
    _address_as_text,
    _twice_in_a_language,
    _below_zero,
    _small_letters,
)
__all__ = ["LABEL", "Fault", "Graph", "faults_of"]
