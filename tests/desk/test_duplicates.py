"""Possible duplicates: of the same class and actor, with a like name and a near date."""

import pytest
from gcm.desk import Desk, StatementEdit
from gcm.desk.duplicates import find_duplicates
from gcm.vocab import PREFIXES, THING
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from tests.desk_world import COMMITMENTS, LABEL, ONE, PLEDGE, THREE

TYPE = NamedNode(PREFIXES["rdf"] + "type")
CLASS = NamedNode(PREFIXES["gcm"] + "Pledge")
MADE_BY = NamedNode(PREFIXES["gcm"] + "isMadeBy")
DATE = NamedNode(PREFIXES["dcterms"] + "date")
KNOWN = NamedNode(THING + "pledge/1")
NEW = NamedNode(THING + "pledge/2")


def described(
    thing: NamedNode, name: str, *, actor: str = "place/AAA", date: str = "", kind: NamedNode = CLASS
) -> frozenset[Triple]:
    said = [
        Triple(thing, TYPE, kind),
        Triple(thing, LABEL, Literal(name, language="en")),
        *([Triple(thing, MADE_BY, NamedNode(THING + actor))] if actor else []),
        *([Triple(thing, DATE, Literal(date))] if date else []),
    ]
    return frozenset(said)


@pytest.mark.parametrize(
    ("new", "is_like"),
    [
        (described(NEW, "Count examples better"), True),
        (described(NEW, "COUNT  EXAMPLES bétter"), True),  # case, accents and blanks do not count
        (described(NEW, "Count example better"), True),
        (described(NEW, "Something else"), False),
        (described(NEW, "Count examples better", actor="place/BBB"), False),
        (described(NEW, "Count examples better", actor=""), True),  # who knows
        (described(NEW, "Count examples better", date="2022-06-18"), True),  # 30 days later
        (described(NEW, "Count examples better", date="2022-06-19"), False),
        (described(NEW, "Count examples better", date="2022-04-19"), True),
        (described(NEW, "Count examples better", date="2022"), True),  # a year has all its days
        (described(NEW, "Count examples better", date="2021"), False),
        (described(NEW, "Count examples better", date="2022-02-30"), True),  # no date at all
        (described(NEW, "Count examples better", kind=NamedNode(PREFIXES["gcm"] + "Event")), False),
    ],
)
def test_what_is_alike(new: frozenset[Triple], is_like: bool) -> None:
    known = Store()
    known.extend(Quad(*each) for each in described(KNOWN, "Count examples better", date="2022-05-19"))
    found = find_duplicates([NEW], new, known)
    assert [(each.new, each.known) for each in found] == ([(NEW, KNOWN)] if is_like else [])


def test_duplicates_are_listed_with_the_proposal(desk: Desk) -> None:
    """The pledge of the world, and the same once more in a proposal that waits."""
    made_by = described(NEW, "Count examples better!", actor="place/ZZA", date="2022-05-20")
    first = desk.propose_statements(ONE, [StatementEdit(COMMITMENTS, add=made_by)])
    (duplicate,) = first.duplicates
    assert (duplicate.new, duplicate.known, duplicate.known_label) == (NEW, PLEDGE, "Count examples better")
    assert desk.proposal(first.number).duplicates == first.duplicates
    again = described(NamedNode(THING + "pledge/3"), "Count examples better!", actor="place/ZZA")
    second = desk.propose_statements(THREE, [StatementEdit(COMMITMENTS, add=again)])
    assert [each.known for each in second.duplicates] == [PLEDGE, NEW]
