"""Explanations of what the checks find, and of faults that need more than one statement to be understood."""

import csv
import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from gcm.load import read_graph_file
from gcm.turtle import parse_triples, read_triples
from gcm.validate.checks import read_check, run_check
from gcm.validate.context import Context
from gcm.validate.explain import Explanation, explain
from gcm.validate.finding import Finding
from gcm.validate.remedy import (
    Add,
    Remedy,
    Remove,
    ReplaceObject,
    ReplacePredicate,
    ReplaceSubject,
    SwapValues,
    TurnRound,
)
from gcm.vocab import PREFIXES, expand, shorten
from pyoxigraph import Literal, NamedNode, Triple

from tests.validate.graph import ROOT, WORLD, Graph, world, world_fields, world_names

MESSAGES = Path(__file__).parent / "checks.csv"
COLUMNS = ("check", "message", "expected", "candidates", "remedy")
CASES = sorted((ROOT / "tests" / "shapes" / "checks").glob("invalid.*.ttl"))
HEAD = "\n".join(f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in PREFIXES.items())


def name(text: str) -> NamedNode:
    found = expand(text)
    assert found is not None, text
    return found


def triples_of(text: str) -> list[Triple]:
    return [each.triple for each in parse_triples(f"{HEAD}\n{text}".encode(), path=Path("test.ttl"))]


def told(finding: Finding, more: Iterable[Triple]) -> Explanation:
    return explain(
        finding,
        statement=None,
        fields=world_fields(),
        names=world_names(),
        context=Graph(more, beneath=world()),
    )


@cache
def said() -> tuple[Triple, ...]:
    """Read what the cases of all checks say; no two speak of the same thing."""
    return tuple(each.triple for path in CASES for each in read_triples(path))


@cache
def findings() -> tuple[Finding, ...]:
    """Let each check look at all cases in the tiny world, and keep what it finds in them."""
    files = [read_graph_file(path, sources=WORLD) for path in (*WORLD.files, *CASES)]
    store = Context.of_files(files, checks=(), folder=ROOT).store
    own = {each.subject for each in said()}
    found = [each for path in WORLD.checks for each in run_check(store, read_check(path))]
    return tuple(each for each in found if each.focus in own)


def test_every_check_is_explained() -> None:
    assert {finding.source for finding in findings()} == {path.stem for path in WORLD.checks}


def test_messages_of_checks_are_the_approved_ones(approve: bool) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for finding in findings():
        explanation = told(finding, said())
        candidates = "; ".join(f"{each.written} {each.label}".strip() for each in explanation.candidates)
        remedy = explanation.remedy
        done = f"{type(remedy).__name__}: {remedy.title}" if remedy else ""
        writer.writerow((finding.source, explanation.message, explanation.expected, candidates, done))
    if approve:
        MESSAGES.write_text(text.getvalue(), encoding="utf-8")
    assert MESSAGES.read_text(encoding="utf-8") == text.getvalue(), (
        "if the difference is right: tests/run tests/validate/test_explain_checks.py --approve"
    )


def finding_of(
    source: str, focus: str, path: str, value: NamedNode | Literal | None, *, component: str = ""
) -> Finding:
    return Finding(
        focus=name(focus),
        predicate=name(path),
        value=value,
        severity="violation",
        message="Do it right.",
        source=name(source).value if component else source,
        component=f"{PREFIXES['sh']}{component}ConstraintComponent" if component else None,
        title="" if component else "Something is wrong.",
    )


ISSUED = Literal("2024-05", datatype=name("xsd:gYearMonth"))
MAIL = Literal("someone@example.org", language="en")


@pytest.mark.parametrize(
    ("statements", "finding", "remedy"),
    [
        (  # a State does not have the field, a pledge does
            "place:ZZA gcm:isMadeBy pledge:9999 . pledge:9999 a gcm:Pledge .",
            finding_of("gcms:Place", "place:ZZA", "gcm:isMadeBy", name("pledge:9999"), component="Closed"),
            TurnRound("Turn it round: pledge:9999 “is made by” place:ZZA (Exampleland)"),
        ),
        (  # the same fault, seen from the pledge that lacks its actor
            "place:ZZA gcm:isMadeBy pledge:9999 . pledge:9999 a gcm:Pledge .",
            finding_of("gcms:Commitment-isMadeBy", "pledge:9999", "gcm:isMadeBy", None, component="MinCount"),
            TurnRound(
                "Turn it round: pledge:9999 “is made by” place:ZZA (Exampleland)",
                statement=Triple(name("place:ZZA"), name("gcm:isMadeBy"), name("pledge:9999")),
            ),
        ),
        (  # the actor is there, under a misspelt property
            "pledge:9999 a gcm:Pledge ; gcm:isMadBy place:ZZA .",
            finding_of("gcms:Commitment-isMadeBy", "pledge:9999", "gcm:isMadeBy", None, component="MinCount"),
            ReplacePredicate(
                "Write the property as gcm:isMadeBy (“is made by”)",
                name("gcm:isMadeBy"),
                statement=Triple(name("pledge:9999"), name("gcm:isMadBy"), name("place:ZZA")),
            ),
        ),
        (  # a wrong property does not hide what is meant by its value
            "pledge:9999 a gcm:Pledge ; gcm:isMadBy organization:ZZA .",
            finding_of("link-to-nothing", "pledge:9999", "gcm:isMadBy", name("organization:ZZA")),
            None,
        ),
        (
            'pledge:9999 a gcm:Pledge ; skos:prefLabel "A pledge of tests" .',
            finding_of("no-english-name", "pledge:9999", "skos:prefLabel", Literal("A pledge of tests")),
            ReplaceObject("Add the language tag @en", Literal("A pledge of tests", language="en")),
        ),
        (  # both sides can have the field: either may be wrong
            "pledge:9999 a gcm:Pledge ; prov:wasDerivedFrom organization:901 .",
            finding_of(
                "gcms:Thing-wasDerivedFrom",
                "pledge:9999",
                "prov:wasDerivedFrom",
                name("organization:901"),
                component="Or",
            ),
            None,
        ),
        (  # objectives can be about anything, so that only the commitment shows it
            "pledge:9999 a gcm:Pledge . objective:7 gcm:isAbout pledge:9999 .",
            finding_of("objectives-not-as-known", "pledge:9999", "gcm:objectivesKnown", name("gcm:AllKnown")),
            TurnRound(
                "Turn it round: pledge:9999 “is about” objective:7 "
                "(Address and reduce vulnerabilities in migration)",
                statement=Triple(name("objective:7"), name("gcm:isAbout"), name("pledge:9999")),
            ),
        ),
        (
            "<http://w3id.org/gcm/id/pledge/9> a gcm:Pledge .",
            Finding(
                focus=NamedNode("http://w3id.org/gcm/id/pledge/9"),
                predicate=name("rdf:type"),
                value=name("gcm:Pledge"),
                severity="violation",
                message="Give it another address.",
                source="address-of-another-kind",
            ),
            ReplaceSubject("Write the address pledge:9", name("pledge:9")),
        ),
        (
            'event:9999 a gcm:Event ; schema:startDate "2024-05"^^xsd:gYearMonth ; schema:endDate "2023" .',
            finding_of("end-before-start", "event:9999", "schema:endDate", Literal("2023")),
            SwapValues(
                "Exchange the two dates",
                other=Triple(name("event:9999"), name("schema:startDate"), ISSUED),
            ),
        ),
        (  # which of two beginnings is meant?
            'event:9999 schema:startDate "2024-05"^^xsd:gYearMonth, "2025" ; schema:endDate "2023" .',
            finding_of("end-before-start", "event:9999", "schema:endDate", Literal("2023")),
            None,
        ),
        (
            "place:ZZY a gcm:Place, gcm:State .",
            finding_of("superfluous-type", "place:ZZY", "rdf:type", name("gcm:Place")),
            Remove("Remove the class gcm:Place (Place)"),
        ),
        (
            "pledge:9999 a gcm:Pldge .",
            finding_of("undeclared-term", "pledge:9999", "rdf:type", name("gcm:Pldge")),
            ReplaceObject("Write the class as gcm:Pledge", name("gcm:Pledge")),
        ),
        (
            'pledge:9999 skos:prefLabel "A pledge"@en .',
            finding_of("thing-without-type", "pledge:9999", "rdf:type", None),
            Add("Add the class gcm:Pledge (Pledge)", name("rdf:type"), name("gcm:Pledge")),
        ),
        (  # a place may be a State
            'place:ZZY skos:prefLabel "A place"@en .',
            finding_of("thing-without-type", "place:ZZY", "rdf:type", None),
            None,
        ),
        (
            'finding:9999 skos:note "someone@example.org"@en .',
            finding_of("private-address", "finding:9999", "skos:note", MAIL),
            Remove("Remove the e-mail address"),
        ),
        (  # two spellings of one number
            "pledge:9999 a gcm:Pledge ; gcm:amount 5, 5.0 .",
            finding_of("gcms:Commitment-amount", "pledge:9999", "gcm:amount", None, component="MaxCount"),
            Remove(
                "Remove 5, which is said twice",
                statement=Triple(
                    name("pledge:9999"), name("gcm:amount"), Literal("5", datatype=name("xsd:integer"))
                ),
            ),
        ),
    ],
)
def test_remedies_that_need_more_than_the_statement(
    statements: str, finding: Finding, remedy: Remedy | None
) -> None:
    assert told(finding, triples_of(statements)).remedy == remedy


def test_a_thing_of_a_kind_with_several_classes_gets_them_all_as_candidates() -> None:
    finding = finding_of("thing-without-type", "place:ZZY", "rdf:type", None)
    explanation = told(finding, triples_of('place:ZZY skos:prefLabel "A place"@en .'))
    assert [shorten(NamedNode(each.iri)) for each in explanation.candidates] == ["gcm:Place", "gcm:State"]


def test_private_addresses_are_not_repeated() -> None:
    finding = finding_of("private-address", "finding:9999", "skos:note", MAIL)
    explanation = told(finding, triples_of('finding:9999 skos:note "someone@example.org"@en .'))
    assert "@" not in explanation.message
