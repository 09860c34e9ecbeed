"""Addresses by rule: what the rules make, and that all our data follow them."""

from collections import defaultdict
from pathlib import Path

import pytest
from gcm.fields import read_fields
from gcm.fields.mint import Minter, Rule, Values
from gcm.fields.names import Names
from gcm.layout import find_sources
from gcm.turtle import read_triples
from gcm.vocab import PREFIXES, THING, expand, shorten
from pyoxigraph import Literal, NamedNode, Triple

ROOT = Path(__file__).parents[1]
TYPE = NamedNode(PREFIXES["rdf"] + "type")


def term(name: str) -> NamedNode:
    found = expand(name)
    assert found is not None
    return found


def literal(text: str, datatype: str = "string") -> Literal:
    return Literal(text, datatype=term(f"xsd:{datatype}"))


STATUS: Values = {
    term("gcm:isUnder"): [term("treaty:C097")],
    term("gcm:isStatusOf"): [term("place:MDA")],
    term("gcm:asOf"): [literal("2023-05", "gYearMonth")],
}
SYMBOL: Values = {term("skos:notation"): [literal("A/RES/73/195")]}
PART: Values = {term("dcterms:isPartOf"): [term("document:104")]}


@pytest.mark.parametrize(
    ("kind", "rule", "values", "taken", "minted"),
    [
        ("pledge", "{number}", {}, (), "pledge:1"),
        ("pledge", "{number}", {}, ("pledge/2", "pledge/11", "practice/40", "pledge/x12"), "pledge:12"),
        ("document", "{skos:notation} or {number}", SYMBOL, (), "document:A-RES-73-195"),
        ("document", "{skos:notation} or {number}", {}, ("document/9",), "document:10"),
        (
            "treaty-status",
            "{gcm:isUnder}-{gcm:isStatusOf}-{gcm:asOf}",
            STATUS,
            (),
            "treaty-status:C097-MDA-2023",
        ),
        ("passage", "{dcterms:isPartOf}.{number}", PART, ("passage/104.7", "passage/10.9"), "passage:104.8"),
        ("treaty", "{code}", {}, (), None),  # nobody can make up a public code
        ("vote", "{gcm:isCastBy}", {}, (), None),  # and nobody knows whose vote it is
        ("vote", "{gcm:isCastBy}", {term("gcm:isCastBy"): [term("place:MDA"), term("place:KGZ")]}, (), None),
    ],
)
def test_mint(kind: str, rule: str, values: Values, taken: tuple[str, ...], minted: str | None) -> None:
    found = Rule(kind, rule).mint(values, {THING + each for each in taken})
    assert (shorten(found.iri) if found else None) == minted
    assert found is None or Rule(kind, rule).allows(found.iri, values)


def test_a_minter_gives_no_address_twice() -> None:
    minter = Minter(Rule("passage", "{dcterms:isPartOf}.{number}"), {THING + "passage/104.7"})
    minted = [
        minter.mint(values) for values in (PART, PART, {term("dcterms:isPartOf"): [term("document:9")]})
    ]
    assert [shorten(each.iri) for each in minted if each] == ["passage:104.8", "passage:104.9", "passage:9.1"]


@pytest.mark.parametrize("address", ["pledge:x", "pledge:01", "practice:1", "pledge:1.2"])
def test_other_addresses_are_not_allowed(address: str) -> None:
    assert not Rule("pledge", "{number}").allows(term(address), {})


def test_all_data_follow_the_rules() -> None:
    sources = find_sources(ROOT)
    triples = [each.triple for path in (*sources.ontology, *sources.data) for each in read_triples(path)]
    said = by_subject(triples)
    names, fields = Names(triples), read_fields(sources)
    broken = []
    for subject, values in said.items():
        for cls in values.get(TYPE, ()):
            form = (
                fields.form(cls) if isinstance(cls, NamedNode) and subject.value.startswith(THING) else None
            )
            if form and not Rule(form.kind, names.rule_of(form.cls) or "").allows(subject, values):
                broken.append((shorten(subject), names.rule_of(form.cls)))
    assert broken == []
    assert len(said) > 3_000


def by_subject(triples: list[Triple]) -> dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]]:
    said: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in triples:
        assert isinstance(subject, NamedNode)
        assert isinstance(value, NamedNode | Literal)
        if value not in said[subject][predicate]:
            said[subject][predicate].append(value)
    return said
