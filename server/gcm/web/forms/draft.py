"""What was typed, as statements: those that come, those that go, and what cannot be one and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from pyoxigraph import Literal, NamedNode, Triple

from gcm.fields import Field, FormShape
from gcm.fields.mint import CODE
from gcm.vocab import THING, shorten
from gcm.web.forms.entered import Entered, Row
from gcm.web.forms.source import DERIVED_FROM, DOCUMENT, LOCATOR, SOURCE_KEYS, TYPE, Source, read_source
from gcm.web.forms.terms import Fault, offer, read_row, write_row
from gcm.web.forms.world import Statements, World, values_of

#: The key of the address of a new thing, where it is made of a public code.
ADDRESS = "thing@code"

#: In this language it is decided what a form can show: not in its reader's, which may change while they type.
FALLBACK = "en"

#: For so many mistakes it is searched what may have been meant; for more, when these are mended.
HELPED = 20

#: Of so many documents of a dataset one can be chosen; of more, one is searched.
LISTED_DOCUMENTS = 20

#: The longest public code, in characters.
LONGEST_CODE = 100

#: A row of a field, or with the number -1 the field itself.
Spot = tuple[str, int]


@dataclass(frozen=True)
class Standing:
    """A thing that is there, and what one dataset says of it: `known` in fields of the form, or `kept`."""

    thing: NamedNode
    dataset: NamedNode
    known: Statements
    kept: Statements

    @property
    def statements(self) -> Statements:
        """All that the dataset says of the thing."""
        return self.known | self.kept


@dataclass(frozen=True)
class Draft:
    """What a form asks for: statements that come and go in one dataset, and the faults in what was typed.

    `subject` is what the statements are about: the thing, or what stands in for it while it has no address.
    `spots` says which row made a statement; `blamed` which field stands for a property of another node.
    `assumed` are statements with what may have been meant by words that name nothing: only a check sees them,
    so that it does not miss what is there, if misspelt.
    """

    form: FormShape
    thing: NamedNode | None
    subject: NamedNode
    dataset: NamedNode | None
    add: Statements
    remove: Statements
    header: Statements
    faults: Mapping[Spot, Fault]
    spots: Mapping[Triple, Spot] = field(default_factory=dict)
    blamed: Mapping[tuple[NamedNode, NamedNode], str] = field(default_factory=dict)
    assumed: Statements = frozenset()
    is_new: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not self.add and not self.remove and not self.header

    @property
    def is_source_told(self) -> bool:
        """Whether it is said without a fault on which dataset and document this rests."""
        return SOURCE_KEYS.isdisjoint(key for key, _ in self.faults)


def key_of(each: Field) -> str:
    """Give the key of a field of the thing itself."""
    return shorten(each.path)


def stand(form: FormShape, thing: NamedNode, dataset: NamedNode, world: World) -> Standing:
    """Read what a dataset says of a thing, and which of it the form can show and give back unchanged."""
    fields = {each.path: each for each in form.fields}
    statements = world.statements(thing, dataset)
    known = frozenset(each for each in statements if _is_shown(each, fields, world))
    return Standing(thing, dataset, known, statements - known)


def fill(form: FormShape, standing: Standing, world: World) -> Entered:
    """Give a form as its user would have typed what a dataset says."""
    entered = Entered()
    for each in form.fields:
        values = sorted((one.object for one in standing.known if one.predicate == each.path), key=str)
        entered = entered.with_rows(
            key_of(each), [row for value in values if (row := _row(each, value, world))]
        )
    return entered


def make_draft(form: FormShape, entered: Entered, world: World, *, standing: Standing | None = None) -> Draft:
    """Make the statements of a form, about a thing that is there or a new one."""
    values, faults = _read_values(form, entered, world)
    cited = [each for path, each in values if path == DERIVED_FROM and _is_document(each, world)]
    dataset = standing.dataset if standing else None
    source = read_source(entered, world, dataset=dataset, cited=cited[0] if len(cited) == 1 else None)
    faults |= source.faults
    if any(each.path == DERIVED_FROM for each in form.fields):
        is_open = standing is None or not standing.statements
        _add_derivation(values, faults, source, is_open=is_open, is_place_new=bool(entered.filled(LOCATOR)))
    thing = standing.thing if standing else _name_thing(form, entered, values, world, faults)
    subject = thing or NamedNode(f"{THING}{form.kind}/new")
    spots = {Triple(subject, path, value): spot for (path, value), spot in values.items()}
    said = frozenset(spots) | (standing.kept if standing else {Triple(subject, TYPE, form.cls)})
    before = standing.statements if standing else frozenset()
    return Draft(
        form=form,
        thing=thing,
        subject=subject,
        dataset=source.dataset,
        add=(said - before) | source.added,
        remove=before - said,
        header=source.header,
        faults=faults,
        spots=spots,
        blamed=source.blamed,
        assumed=_assumed(form, subject, faults),
        is_new=standing is None,
    )


def _assumed(form: FormShape, subject: NamedNode, faults: Mapping[Spot, Fault]) -> Statements:
    paths = {key_of(each): each.path for each in form.fields}
    return frozenset(
        Triple(subject, paths[key], fault.candidates[0])
        for (key, _), fault in faults.items()
        if key in paths and fault.candidates
    )


Said = dict[tuple[NamedNode, NamedNode | Literal], Spot]


def _read_values(form: FormShape, entered: Entered, world: World) -> tuple[Said, dict[Spot, Fault]]:
    values: Said = {}
    faults: dict[Spot, Fault] = {}
    for each in form.fields:
        key = key_of(each)
        for number, row in enumerate(entered.of(key)):
            if not row.is_empty:
                found = read_row(each, row, world.names)
                if isinstance(found, Fault):
                    is_helped = len(faults) < HELPED
                    faults[key, number] = offer(each, row, found, world.names) if is_helped else found
                else:
                    values.setdefault((each.path, found), (key, number))
    return values, faults


def _add_derivation(
    values: Said, faults: dict[Spot, Fault], source: Source, *, is_open: bool, is_place_new: bool
) -> None:
    """Let a thing rest on the document or passage of its source: where nothing else is said, or it is new."""
    key = shorten(DERIVED_FROM)
    if source.derived_from is not None and is_place_new:
        for each in [each for each in values if each == (DERIVED_FROM, source.document)]:
            del values[each]  # the place says more than the whole
    if any(spot[0] == key for spot in faults):
        return
    is_said = any(path == DERIVED_FROM for path, _ in values)
    if source.derived_from is not None and (
        is_place_new or source.is_document_new or (is_open and not is_said)
    ):
        values.setdefault((DERIVED_FROM, source.derived_from), (key, -1))
    elif is_open and not is_said and source.dataset is not None and not source.faults:
        faults[key, 0] = _which_document(source.documents)


def _which_document(documents: tuple[NamedNode, ...]) -> Fault:
    """Ask in which document something is said: among few, by a list to choose from."""
    if len(documents) <= LISTED_DOCUMENTS:
        message = "The dataset rests on several documents. Choose the one in which this is said."
        return Fault(message, documents)
    return Fault(
        f"The dataset rests on {len(documents)} documents. Name the one in which this is said: write some "
        "words of its title and search."
    )


def _is_document(value: NamedNode | Literal, world: World) -> TypeGuard[NamedNode]:
    """Whether a value is a document, not a passage of one."""
    kinds = world.names.classes_below([DOCUMENT])
    return isinstance(value, NamedNode) and not kinds.isdisjoint(world.names.types(value))


def _name_thing(
    form: FormShape, entered: Entered, values: Said, world: World, faults: dict[Spot, Fault]
) -> NamedNode | None:
    """Give a new thing its address by the rule of its class; a fault where that cannot be done."""
    code = entered.first(ADDRESS)
    if code and (not CODE.fullmatch(code) or len(code) > LONGEST_CODE):
        faults[ADDRESS, 0] = Fault(f"“{code}” is no code: write letters, digits, hyphens and points.")
        return None
    said = values_of(Triple(form.cls, path, value) for path, value in values)
    thing = NamedNode(f"{THING}{form.kind}/{code}") if code else world.mint(form, said)
    if thing is None:
        faults[ADDRESS, 0] = Fault("The address cannot be made yet: " + what_is_needed(form, world))
    elif world.is_taken(thing):
        faults[ADDRESS, 0] = Fault(f"There is {shorten(thing)} already. Change that one instead.", (thing,))
    return thing


def what_is_needed(form: FormShape, world: World) -> str:
    """Say of what the address of a thing of this class is made."""
    rule = world.rule(form)
    names = {shorten(each.path): each.name() for each in form.fields}
    parts = [names[each] for each in (rule.parts if rule else ()) if each in names]
    listed = " and ".join(f"“{each}”" for each in parts)
    needed = (
        f"it is made of {listed}. Fill in one value {'for each' if len(parts) > 1 else 'there'}"
        if parts
        else ""
    )
    has_code = rule is not None and "code" in rule.parts
    way = "give the public code by which the thing is known" if has_code or not parts else ""
    return ", or ".join(each for each in (needed, way) if each) + "."


def _is_shown(statement: Triple, fields: Mapping[NamedNode, Field], world: World) -> bool:
    own = fields.get(statement.predicate)
    value = statement.object
    if own is None or not isinstance(value, NamedNode | Literal):
        return False
    return write_row(own, value, world.names, language=FALLBACK) is not None  # whoever reads it now or later


def _row(own: Field, value: object, world: World) -> Row | None:
    """Give a value as its reader may change it: in their language if it is read back from there."""
    if not isinstance(value, NamedNode | Literal):
        return None
    languages = (world.language, FALLBACK)
    rows = (write_row(own, value, world.names, language=each) for each in languages)
    return next((row for row in rows if row), None)
