"""The property that may have been meant where one stands that the class does not have."""

from collections.abc import Sequence
from dataclasses import replace

from pyoxigraph import Literal, NamedNode, Triple

from gcm.fields import Field, Kind
from gcm.fields.field import local_name
from gcm.validate.explain.case import Answer, Case
from gcm.validate.explain.nearest import MOST
from gcm.validate.explain.spelling import allowed_slips, distance
from gcm.validate.explain.words import candidate, short_address, shown
from gcm.validate.finding import Term
from gcm.validate.remedy import ReplacePredicate, TurnRound
from gcm.validate.report import Candidate
from gcm.vocab import PREFIXES

#: Properties of other vocabularies and their nearest relative here; candidates, since they say a little less.
_RELATIVES = {
    PREFIXES[prefix] + name: PREFIXES[ours] + property_
    for prefix, name, ours, property_ in (
        ("rdfs", "label", "skos", "prefLabel"),
        ("schema", "name", "skos", "prefLabel"),
        ("foaf", "name", "skos", "prefLabel"),
        ("dcterms", "title", "skos", "prefLabel"),
        ("schema", "alternateName", "skos", "altLabel"),
        ("rdfs", "comment", "skos", "note"),
        ("schema", "description", "dcterms", "description"),
        ("schema", "url", "foaf", "page"),
        ("foaf", "homepage", "foaf", "page"),
        ("rdfs", "seeAlso", "foaf", "page"),
        ("owl", "sameAs", "skos", "exactMatch"),
        ("dcterms", "source", "prov", "wasDerivedFrom"),
        ("dcterms", "subject", "gcm", "isAbout"),
        ("dcterms", "identifier", "skos", "notation"),
        ("dcterms", "created", "dcterms", "date"),
        ("schema", "location", "gcm", "venue"),
    )
}


def other_property(case: Case) -> Answer:
    """Find the field that may have been meant, or that the statement stands the wrong way round.

    Only here, where the class does not have the property, can it be told that a statement is turned round: of
    a property that both sides can have, either may be wrong.
    """
    predicate = case.finding.predicate
    if predicate is None or case.form is None:
        return Answer()
    if (turned := _turned(case)) is not None:
        return Answer((), turned)
    same = _same_name(predicate, case.form.fields)
    near = _fitting(same or _near(case, predicate, case.form.fields), case.finding.value)
    found = [candidate_of(case, each) for each in near[:MOST]]
    if len(near) != 1 or not (same or _is_slip(case, predicate, near[0])) or predicate.value in _RELATIVES:
        return Answer(tuple(found))
    new = near[0].path
    title = f"Write the property as {short_address(new)} (“{near[0].name()}”)"
    return Answer(tuple(found), ReplacePredicate(title, new))


def candidate_of(case: Case, field: Field) -> Candidate:
    """Make a candidate of a field: its property with its name in the form."""
    made = candidate(case, field.path)
    return Candidate(iri=made.iri, label=field.name(), written=made.written)


def _same_name(predicate: NamedNode, fields: Sequence[Field]) -> list[Field]:
    """Find the fields with the same last part in another namespace or case, or with its name as last part."""
    name = _plain(local_name(predicate))
    return [each for each in fields if name in (_plain(local_name(each.path)), _plain(each.name()))]


def _near(case: Case, predicate: NamedNode, fields: Sequence[Field]) -> list[Field]:
    relative = _RELATIVES.get(predicate.value)
    related = [each for each in fields if each.path.value == relative]
    if related or predicate in case.fields.properties:
        return related
    name = _plain(local_name(predicate))
    far = [(_distance(name, each), each) for each in fields]
    least = min((slips for slips, _ in far), default=0)
    misspelt = [each for slips, each in far if slips == least <= _slips(name)]
    return misspelt or [each for each in fields if _is_described_by(name, each)]


def _is_described_by(name: str, field: Field) -> bool:
    """Tell whether a name says what a field holds, objective for Objectives, or says more than its name."""
    local = _plain(local_name(field.path))
    holds = {_plain(local_name(each)) for each in field.classes}
    return name in holds or (len(local) > 4 and local in name) or (len(name) > 4 and name in local)


def _distance(name: str, field: Field) -> int:
    names = (local_name(field.path), field.name())
    return min(distance(name, _plain(each), most=_slips(name)) for each in names)


def _slips(name: str) -> int:
    return max(1, allowed_slips(name))


def _is_slip(case: Case, predicate: NamedNode, field: Field) -> bool:
    """Tell whether nobody knows the property, and it is spelt nearly as the field's: else it was meant."""
    name = _plain(local_name(predicate))
    is_known = predicate in case.fields.properties
    return not is_known and _distance(name, field) <= _slips(name)


def _fitting(fields: Sequence[Field], value: Term | None) -> Sequence[Field]:
    """Choose the fields that take values of this kind, text or thing, if that leaves any."""
    fitting = [each for each in fields if _takes_things(each) is not isinstance(value, Literal)]
    return fitting or fields


def _takes_things(field: Field) -> bool:
    return field.kind in (Kind.ENTITY, Kind.CHOICE, Kind.ADDRESS)


def missing_value(case: Case) -> Answer:
    """Find the missing statement where it stands the wrong way round: place:MDA is made by pledge:8."""
    path, classes = case.finding.predicate, case.field.classes if case.field else ()
    found = [
        each
        for each in case.around.references(case.finding.focus)
        if each.predicate == path and case.is_one_of(each.subject, classes) and not _is_a_field(case, each)
    ]
    if len(found) != 1 or not classes:
        return Answer()
    return Answer((), _turn_round(case, found[0]))


def turned_reference(case: Case, path: NamedNode, cls: NamedNode) -> Answer:
    """Find the one statement in which a thing of a class names the thing in question, and not the reverse."""
    references = case.around.references(case.finding.focus)
    found = [each for each in references if each.predicate == path and case.is_one_of(each.subject, [cls])]
    return Answer((), _turn_round(case, found[0])) if len(found) == 1 else Answer()


def _turn_round(case: Case, wrong: Triple) -> TurnRound:
    name = case.fields.properties.get(wrong.predicate, {}).get("en", short_address(wrong.predicate))
    title = f"Turn it round: {shown(case, wrong.object)} “{name}” {shown(case, wrong.subject)}"
    return TurnRound(title, statement=wrong)


def _is_a_field(case: Case, statement: Triple) -> bool:
    forms = [form for each in case.types(statement.subject) if (form := case.fields.form(each))]
    return any(each.path == statement.predicate for form in forms for each in form.fields)


def _turned(case: Case) -> TurnRound | None:
    """Find that the value is what has this field, and the thing in question is what it takes."""
    focus, predicate, value = case.finding.focus, case.finding.predicate, case.finding.value
    if not (isinstance(focus, NamedNode) and isinstance(value, NamedNode) and predicate is not None):
        return None
    if not any(_has_field(case, each, predicate, focus) for each in case.types(value)):
        return None
    return replace(_turn_round(case, Triple(focus, predicate, value)), statement=None)


def _has_field(case: Case, cls: NamedNode, predicate: NamedNode, value: NamedNode) -> bool:
    form = case.fields.form(cls)
    fields = [each for each in form.fields if each.path == predicate] if form else []
    return any(each.classes and case.is_one_of(value, each.classes) for each in fields)


def wrong_class(case: Case, cls: NamedNode) -> tuple[NamedNode, ...]:
    """Find the classes with nearly the same name: gcm:Pldge, gcm:pledge."""
    name = _plain(local_name(cls))
    most = allowed_slips(name)
    far = {each: distance(name, _plain(local_name(each)), most=most) for each in case.fields.classes}
    near = [each for each in far if far[each] <= most and each != cls]
    return tuple(sorted(near, key=lambda each: (far[each], each.value)))[:MOST]


def _plain(name: str) -> str:
    """Give the letters and digits of a name: is_made_by, isMadeBy and "is made by" are one."""
    return "".join(filter(str.isalnum, name.casefold()))
