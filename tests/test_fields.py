"""The shapes as fields: every class of things is a form, and its fields say what its shapes say."""

from pathlib import Path

import pytest
from gcm.fields import Field, Fields, FormShape, Kind, read_fields
from gcm.layout import Sources, find_sources
from gcm.turtle import read_triples
from gcm.vocab import PREFIXES, shorten
from pyoxigraph import NamedNode

ROOT = Path(__file__).parents[1]
SH = PREFIXES["sh"]


@pytest.fixture(scope="module")
def sources() -> Sources:
    return find_sources(ROOT)


@pytest.fixture(scope="module")
def fields(sources: Sources) -> Fields:
    return read_fields(sources)


def field_of(form: FormShape, path: str) -> Field:
    return next(each for each in form.fields if shorten(each.path) == path)


def test_every_class_of_things_is_a_form(sources: Sources, fields: Fields) -> None:
    statements = [each.triple for path in sources.shapes for each in read_triples(path)]
    targets = {each.object for each in statements if each.predicate.value == SH + "targetClass"}
    forms = {form.cls for form in fields.forms.values()}
    assert {"pledge", "practice", "voluntary-report", "event", "contribution", "state"} <= set(fields.forms)
    left = {shorten(each) for each in targets - forms if isinstance(each, NamedNode)}
    assert {each for each in left if each.startswith("gcm:") and each[4:] in WITH_DATA} == set()


#: Classes whose members stand in data, not in the ontology.
WITH_DATA = ("Pledge", "Practice", "Event", "Vote", "Treaty", "Fund", "Objective", "Place", "Document")


@pytest.mark.parametrize(
    ("form", "path", "kind", "minimum", "maximum"),
    [
        ("pledge", "skos:prefLabel", Kind.TEXT, 1, None),
        ("pledge", "gcm:pledgeType", Kind.CHOICE, 0, 1),
        ("pledge", "gcm:isAbout", Kind.ENTITY, 0, None),
        ("pledge", "gcm:isMadeBy", Kind.ENTITY, 1, None),
        ("pledge", "dcterms:date", Kind.DATE, 0, 1),
        ("pledge", "gcm:amount", Kind.NUMBER, 0, 1),
        ("pledge", "foaf:page", Kind.ADDRESS, 0, None),
        ("pledge", "owl:deprecated", Kind.YES_NO, 0, 1),
        ("event", "gcm:isAbout", Kind.ENTITY, 0, None),  # a thing of any class
        ("project", "gcm:duration", Kind.DURATION, 0, 1),
        ("state", "gcm:iso3", Kind.CODE, 1, 1),  # what the class above and the class itself say, together
    ],
)
def test_a_field_says_what_its_shapes_say(
    fields: Fields, form: str, path: str, kind: Kind, minimum: int, maximum: int | None
) -> None:
    found = field_of(fields.forms[form], path)
    assert (found.kind, found.minimum, found.maximum) == (kind, minimum, maximum)


def test_a_field_joins_what_classes_above_say(fields: Fields) -> None:
    assert field_of(fields.forms["state"], "gcm:iso3").patterns == ("^[^X]", "^[A-Z]{3}$")
    report = field_of(fields.forms["voluntary-report"], "gcm:isMadeBy")
    assert [shorten(each) for each in report.classes] == ["gcm:State"]


def test_what_a_warning_asks_for_is_recommended(fields: Fields) -> None:
    found = field_of(fields.forms["practice"], "gcm:isImplementedIn")
    assert (found.minimum, found.is_recommended, len(found.shapes)) == (0, True, 2)


def test_a_closed_list_names_its_members(fields: Fields) -> None:
    kinds = field_of(fields.forms["pledge"], "gcm:pledgeType").choices
    assert [shorten(each) for each in kinds if isinstance(each, NamedNode)] == [
        "gcm:CommonPledge",
        "gcm:IndividualPledge",
        "gcm:PartnershipPledge",
    ]


def test_fields_stand_in_the_order_of_groups_and_of_fields(fields: Fields) -> None:
    for form in fields.forms.values():
        places = [(each.group_order, each.order) for each in form.fields]
        assert places == sorted(places), form.name


def test_names_come_in_the_language_asked_for(fields: Fields) -> None:
    form = fields.forms["voluntary-report"]
    assert (form.label("fr"), form.label("es")) == ("Rapport volontaire", "Voluntary Report")
    assert field_of(form, "gcm:isMadeFor").name("ru") == "для какого обзора"


def test_classes_below_are_found(fields: Fields) -> None:
    gcm = PREFIXES["gcm"]
    below = {shorten(each) for each in fields.subclasses(NamedNode(gcm + "Actor"))}
    assert below == {"gcm:Actor", "gcm:State", "gcm:Organization", "gcm:Network"}
    assert NamedNode(gcm + "Place") in fields.superclasses(NamedNode(gcm + "State"))


def test_every_property_of_a_form_is_known_by_name(fields: Fields) -> None:
    for form in fields.forms.values():
        assert {each.path for each in form.fields} <= set(fields.properties), form.name
        assert all(each.name() and each.help for each in form.fields), form.name
