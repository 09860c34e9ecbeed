"""The property that may have been meant where one stands that the class does not have."""

from collections.abc import Sequence
from dataclasses import replace

from pyoxigraph import Literal, NamedNode

from gcm.fields import Field, Kind
from gcm.fields.field import local_name
from gcm.validate.explain.case import Answer, Case
from gcm.validate.explain.nearest import MOST
from gcm.validate.explain.spelling import allowed_slips, distance
from gcm.validate.explain.turned import missing_side, turned_round
from gcm.validate.explain.words import candidate, short_address
from gcm.validate.finding import Term
from gcm.validate.remedy import ReplacePredicate
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
    """Find the field that may have been meant, or that the statement stands the wrong way round."""
    predicate = case.finding.predicate
    if predicate is None:
        return Answer()
    if (turned := turned_round(case)) is not None:
        return Answer((), turned)
    meant = meant_fields(case, predicate, case.finding.value)
    candidates = tuple(candidate_of(case, each) for each in meant[:MOST])
    field = sure_field(case, predicate, case.finding.value)
    return Answer(candidates, _respell(field) if field is not None else None)


def missing_value(case: Case) -> Answer:
    """Find the missing statement where its property is misspelt, or where it stands the wrong way round."""
    path, said = case.finding.predicate, case.around.about(case.finding.focus)
    meant = ((each, sure_field(case, each.predicate, each.object)) for each in said)
    found = [each for each, field in meant if field is not None and field.path == path]
    if len(found) == 1 and case.field is not None:
        return Answer((), replace(_respell(case.field), statement=found[0]))
    return missing_side(case)


def meant_fields(case: Case, predicate: NamedNode, value: Term | None) -> Sequence[Field]:
    """Find the fields that may be meant by a property that the class does not have; none if it has it."""
    fields = case.form.fields if case.form else ()
    if any(each.path == predicate for each in fields):
        return ()
    return _fitting(_same_name(predicate, fields) or _near(case, predicate, fields), value)


def sure_field(case: Case, predicate: NamedNode, value: Term | None) -> Field | None:
    """Find the one field that is meant: by the same name elsewhere, or by a slip."""
    meant = meant_fields(case, predicate, value)
    if len(meant) != 1 or predicate.value in _RELATIVES:
        return None
    is_sure = bool(_same_name(predicate, meant)) or _is_slip(case, predicate, meant[0])
    return meant[0] if is_sure else None


def _respell(field: Field) -> ReplacePredicate:
    title = f"Write the property as {short_address(field.path)} (“{field.name()}”)"
    return ReplacePredicate(title, field.path)


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
