"""A report as SARIF 2.1.0 (OASIS standard), which code hosts show beside the changed lines.

Sections are those of the standard. Columns are Unicode code points, as ours are (section 3.14.17).
"""

import hashlib
import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from gcm.given import Place
from gcm.validate.render.checked import Checked, rule_of
from gcm.validate.report import Edit, Fix, Result
from gcm.vocab import BASE

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS: Mapping[str, str] = MappingProxyType({"violation": "error", "warning": "warning", "info": "note"})

#: The name of our way to tell that two results are the same; its number changes with the way.
_FINGERPRINT = "gcmFinding/v1"

Json = dict[str, Any]  # Any: what JSON holds


def write_sarif(checked: Checked) -> str:
    """Write one run of the tool `gcm`, with its rules, results, regions, fixes and fingerprints."""
    results = checked.report.results
    rules = {rule_of(each): each for each in reversed(results)}
    run = {
        "tool": {"driver": _driver([*rules.values()])},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "exitCode": 0 if checked.report.conforms else 1}],
        "artifacts": [{"location": _location(file)} for file in checked.by_file],
        "results": [*_results(checked, [*rules])],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _driver(rules: Sequence[Result]) -> Json:
    return {
        "name": "gcm",
        "fullName": "gcm validate",
        "semanticVersion": version("gcm-knowledge-graph"),
        "informationUri": BASE,
        "rules": [_rule(each) for each in rules],
    }


def _rule(result: Result) -> Json:
    """Describe the rule that a result comes from (section 3.49)."""
    rule: Json = {
        "id": rule_of(result),
        "shortDescription": {"text": f"Rule {rule_of(result)}"},
        "help": {"text": result.expected or result.message},
        "defaultConfiguration": {"level": _LEVELS[result.severity]},
    }
    return rule | ({"helpUri": result.source} if result.source.startswith(BASE) else {})


def _results(checked: Checked, rules: Sequence[str]) -> Iterator[Json]:
    positions = {file: _Positions(checked.text_of(file)) for file in checked.by_file}
    index = {rule: number for number, rule in enumerate(rules)}
    seen: Counter[str] = Counter()
    for result in checked.report.results:
        same = _identity(result)
        seen[same] += 1
        described = _result(result, positions) | {"ruleIndex": index[rule_of(result)]}
        yield described | {"partialFingerprints": {_FINGERPRINT: f"{same}:{seen[same]}"}}


def _result(result: Result, positions: "Mapping[str, _Positions]") -> Json:
    """Describe one result (section 3.27)."""
    described: Json = {
        "ruleId": rule_of(result),
        "level": _LEVELS[result.severity],
        "message": {"text": _message(result)},
        "locations": [_place(result.place)],
        "properties": _properties(result),
    }
    texts = result.fix is not None and not any(each.cell for each in result.fix.edits)
    return described | ({"fixes": [_fix(result.fix, positions)]} if result.fix and texts else {})


def _message(result: Result) -> str:
    """Say all that a person needs, since few viewers show properties."""
    parts = [result.message]
    parts += [f"Expected: {result.expected}"] if result.expected else []
    meant = ", ".join(f"{each.written} ({each.label})" for each in result.candidates)
    parts += [f"Did you mean {meant}?"] if meant else []
    return "\n".join(parts)


def _properties(result: Result) -> Json:
    named = {
        "focus": result.focus,
        "predicate": result.predicate,
        "value": result.value,
        "component": result.component,
        "expected": result.expected,
        "candidates": [vars(each) for each in result.candidates],
        "cell": result.place.cell,
        "heading": result.place.heading,
    }
    return {name: value for name, value in named.items() if value}


def _identity(result: Result) -> str:
    """Name what stays the same when lines are added above (section 3.27.17)."""
    parts = (result.place.file, result.source, result.focus, result.predicate, result.value)
    return hashlib.sha256(
        "\0".join(each or "" for each in parts).encode("utf-8", "surrogatepass")
    ).hexdigest()[:32]


def _place(place: Place) -> Json:
    """Give a location (section 3.28); a cell or a JSON pointer is a logical one (section 3.33)."""
    physical = {"artifactLocation": _location(place.file)} | _region(place)
    logical = [
        {"fullyQualifiedName": name, "kind": kind}
        for name, kind in ((place.cell, "member"), (place.pointer, "value"))
        if name
    ]
    return {"physicalLocation": physical} | ({"logicalLocations": logical} if logical else {})


def _region(place: Place) -> Json:
    if place.line is None:
        return {}
    named = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column if place.column else None,
    }
    return {"region": {name: number for name, number in named.items() if number}}


def _fix(fix: Fix, positions: "Mapping[str, _Positions]") -> Json:
    """Describe a remedy (section 3.55): its replacements, file by file."""
    changes = []
    for file in dict.fromkeys(edit.file for edit in fix.edits):
        replacements = [
            {"deletedRegion": positions[file].region(edit), "insertedContent": {"text": edit.text}}
            for edit in fix.edits
            if edit.file == file
        ]
        changes.append({"artifactLocation": _location(file), "replacements": replacements})
    return {"description": {"text": fix.title}, "artifactChanges": changes}


def _location(file: str) -> Json:
    return {"uri": quote(file, safe="/~")}


class _Positions:
    """The lines of a text, to say where an edit stands."""

    def __init__(self, text: str | None) -> None:
        self._starts: list[int] | None = None
        if text is not None:
            self._starts = [0, *(at + 1 for at, sign in enumerate(text) if sign == "\n")]

    def region(self, edit: Edit) -> Json:
        """Give lines and columns; without the text, the numbers of the characters (section 3.30.2)."""
        if self._starts is None:
            return {"charOffset": edit.start, "charLength": edit.end - edit.start}
        (line, column), (end_line, end_column) = self._at(edit.start), self._at(edit.end)
        return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}

    def _at(self, offset: int) -> tuple[int, int]:
        assert self._starts is not None  # asked only where there is a text
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
