"""Names: whatever people call a thing finds it, and only it."""

from pathlib import Path

import pytest
from gcm.fields.names import Names, fold
from gcm.layout import find_sources
from gcm.turtle import read_triples
from gcm.vocab import expand, shorten
from pyoxigraph import NamedNode

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def names() -> Names:
    sources = find_sources(ROOT)
    files = (*sources.ontology, *sources.data)
    return Names(each.triple for path in files for each in read_triples(path))


def term(name: str) -> NamedNode:
    found = expand(name)
    assert found is not None
    return found


def classes(text: str) -> list[NamedNode]:
    return [term(each) for each in text.split()]


@pytest.mark.parametrize(
    ("text", "among", "found"),
    [
        ("Republic of Moldova", "gcm:State", "place:MDA"),
        ("the Republic of Moldova", "gcm:State", "place:MDA"),
        ("REPUBLIC OF MOLDOVA", "gcm:State", "place:MDA"),
        ("MDA", "gcm:State", "place:MDA"),
        ("MDA", "gcm:Actor", "place:MDA"),  # the code of the State, not of its network
        ("mda", "gcm:Actor", "place:MDA"),
        ("MDA Republic of Moldova", "gcm:Actor", "place:MDA"),
        ("Republic of Moldova (MDA)", "gcm:Actor", "place:MDA"),
        ("Молдова", "gcm:Actor", "place:MDA"),
        ("Kyrgyz Republic", "gcm:Actor", "place:KGZ"),
        ("Turkey", "gcm:Actor", "place:TUR"),
        ("Türkiye", "gcm:Actor", "place:TUR"),
        ("Turkiye", "gcm:Actor", "place:TUR"),
        ("Czech Republic", "gcm:Actor", "place:CZE"),
        ("place:MDA", "gcm:State", "place:MDA"),
        ("place/MDA", "gcm:State", "place:MDA"),
        ("/id/place/MDA", "gcm:State", "place:MDA"),
        ("https://w3id.org/gcm/id/place/MDA", "gcm:State", "place:MDA"),
        ("http://w3id.org/gcm/doc/place/MDA.html", "gcm:State", "place:MDA"),
        ("place:MDA", "gcm:Objective", ""),  # a State is no objective
        ("7", "gcm:Objective", "objective:7"),
        ("objective 7", "gcm:Objective", "objective:7"),
        ("Objectif 7", "gcm:Objective", "objective:7"),
        ("7. Address and reduce vulnerabilities in migration", "gcm:Objective", "objective:7"),
        ("Reduce vulnerabilities", "gcm:Objective", "objective:7"),
        ("International cooperation", "gcm:Objective gcm:GuidingPrinciple", "objective:23 principle:b"),
        ("Material", "gcm:PledgeNature", "gcm:Material"),
        ("A/RES/73/195", "gcm:Document", "document:A-RES-73-195"),
        ("", "gcm:State", ""),
        ("?!", "gcm:State", ""),
        ("<>", "gcm:State", ""),
        ("Atlantis", "gcm:State", ""),
    ],
)
def test_find(names: Names, text: str, among: str, found: str) -> None:
    assert [shorten(each) for each in names.find(text, classes(among))] == found.split()


@pytest.mark.parametrize(
    ("text", "among", "nearest"),
    [
        ("Portugl", "gcm:Actor", "place:PRT"),
        ("Moldova Republic", "gcm:State", "place:MDA"),
        ("Kyrgistan", "gcm:State", "place:KGZ"),
        ("adress vulnerabilities", "gcm:Objective", "objective:7"),
        ("Finanical", "gcm:PledgeNature", "gcm:Financial"),
    ],
)
def test_nearest(names: Names, text: str, among: str, nearest: str) -> None:
    assert shorten(names.near(text, classes(among))[0]) == nearest


def test_nothing_is_near_to_noise(names: Names) -> None:
    assert names.near("qqqqzzzz", classes("gcm:State")) == ()
    assert len(names.near("a", count=3)) <= 3


@pytest.mark.parametrize(
    ("iri", "language", "title"),
    [
        ("place:MDA", "en", "MDA Republic of Moldova"),
        ("objective:7", "en", "7 Address and reduce vulnerabilities in migration"),
        ("gcm:Material", "fr", "Matérielle"),
        ("network:MDA", "en", "United Nations Network on Migration in the Republic of Moldova"),
        ("passage:104.3", "en", "passage:104.3"),
    ],
)
def test_titles(names: Names, iri: str, language: str, title: str) -> None:
    assert names.title_of(term(iri), language) == title


def test_codes_are_those_that_the_rule_of_the_class_makes_public(names: Names) -> None:
    codes = {
        each: names.code_of(term(each)) for each in ("place:MDA", "network:MDA", "pledge:8", "treaty:C097")
    }
    assert codes == {"place:MDA": "MDA", "network:MDA": None, "pledge:8": None, "treaty:C097": "No. 97"}


def test_members_are_those_of_the_class_and_of_classes_below(names: Names) -> None:
    assert [shorten(each) for each in names.members(classes("gcm:Objective"))[:3]] == [
        "objective:1",
        "objective:2",
        "objective:3",
    ]
    assert term("place:MDA") in names.members(classes("gcm:Actor"))


def test_each_thing_is_found_by_its_address(names: Names) -> None:
    things = names.members(classes("gcm:State gcm:Pledge gcm:Event gcm:Organization"))
    assert len(things) > 300
    assert [each for each in things if names.find(shorten(each)) != (each,)] == []


@pytest.mark.parametrize(
    ("text", "folded"),
    [("  Łódź — STRASSE ", "lodz strasse"), ("the Æther", "aether"), ("Côte d’Ivoire", "cote d ivoire")],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded
