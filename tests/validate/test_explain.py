"""Explanations: every fault is told in the words of the form, and mended where one way alone is right."""

import csv
import io
import re
from functools import cache
from pathlib import Path

from gcm.fields import Kind
from gcm.validate.explain import Explanation, explain
from gcm.validate.finding import Finding
from gcm.validate.remedy import Add, ReplaceObject, ReplacePredicate
from gcm.validate.report import Candidate
from gcm.vocab import PREFIXES
from pyoxigraph import Literal, NamedNode, Triple

from tests.validate.faults import Fault, faults_of
from tests.validate.graph import Graph, world, world_fields, world_names

MESSAGES = Path(__file__).parent / "messages.csv"
COLUMNS = ("case", "message", "expected", "candidates", "remedy")
TYPE = NamedNode(PREFIXES["rdf"] + "type")
FOCUS = NamedNode(PREFIXES["pledge"] + "9999")
#: So many cases of each fault are approved word for word.
APPROVED_OF_EACH = 2


def all_faults() -> list[Fault]:
    """Make every fault in every field of every class."""
    forms = world_fields().forms.values()
    return [each for form in forms for field in form.fields for each in faults_of(form, field, world_names())]


@cache
def by_key() -> dict[str, Fault]:
    return {each.key: each for each in all_faults()}


@cache
def told(key: str) -> Explanation:
    """Explain a fault as if the shapes had found it in a thing of its class."""
    fault = by_key()[key]
    statements = [Triple(FOCUS, fault.predicate, value) for value in fault.values]
    blamed = Triple(FOCUS, fault.predicate, fault.blamed) if fault.blamed is not None else None
    finding = Finding(
        focus=FOCUS,
        predicate=fault.predicate,
        value=fault.blamed,
        severity="violation",
        message=fault.form.message if fault.component == "Closed" else fault.field.message,
        source=fault.field.shape.value,
        component=f"{PREFIXES['sh']}{fault.component}ConstraintComponent",
    )
    return explain(
        finding,
        statement=blamed,
        fields=world_fields(),
        names=world_names(),
        context=Graph([Triple(FOCUS, TYPE, fault.form.cls), *statements], beneath=world()),
    )


def test_every_field_has_faults_and_there_are_many() -> None:
    hit = {(each.form.name, each.field.path) for each in all_faults()}
    fields = {(form.name, field.path) for form in world_fields().forms.values() for field in form.fields}
    assert fields - hit == set()
    assert len(by_key()) > 4000


def test_messages_use_the_words_of_the_form() -> None:
    wrong = {}
    for key, fault in by_key().items():
        message = told(fault.key).message
        name = fault.form.label() if fault.component == "Closed" else f"“{fault.field.name()}”"
        message = message.replace("https://w3id.org/gcm/doc/", "")  # as it was written
        if name not in message or re.search(
            r"\bsh:|_:|\bIRI\b|https://w3id|\bNone\b(?! Known)|\.\.", message
        ):
            wrong[key] = message
    assert wrong == {}


def test_messages_are_one_short_sentence() -> None:
    messages = {key: told(fault.key).message for key, fault in by_key().items()}
    assert {key: text for key, text in messages.items() if len(text) > 320 or not text.endswith(".")} == {}


def test_candidates_are_few_and_named() -> None:
    for key, fault in by_key().items():
        candidates = told(fault.key).candidates
        assert len(candidates) <= 5, key
        assert len(set(candidates)) == len(candidates), key
        assert all(each.written and (each.label or not _has_name(each)) for each in candidates), key


def test_mechanical_faults_get_the_right_remedy() -> None:
    """A fault with one right value gets it, and names it among the candidates."""
    expected = [fault for fault in by_key().values() if fault.right is not None]
    wrong = {fault.key: str(told(fault.key)) for fault in expected if not _is_named(fault)}
    assert wrong == {}
    mended = sum(_is_mended(fault) for fault in expected)
    assert mended == len(expected)


def test_what_is_ambiguous_is_not_mended() -> None:
    """What has no right value by rule must not get one, whatever is near."""
    open_faults = [fault for fault in by_key().values() if fault.right is None and fault.values[1:] == ()]
    assert len(open_faults) > 500
    mended = {fault.key: told(fault.key).remedy for fault in open_faults}
    assert {key: remedy for key, remedy in mended.items() if remedy is not None} == {}


def _has_name(candidate: Candidate) -> bool:
    return candidate.iri != "" and world_names().has_name(NamedNode(candidate.iri))


def _is_mended(fault: Fault) -> bool:
    remedy = told(fault.key).remedy
    return (isinstance(remedy, ReplaceObject | ReplacePredicate) and remedy.new == fault.right) or (
        isinstance(remedy, Add) and remedy.object == fault.right
    )


def _is_named(fault: Fault) -> bool:
    explanation = told(fault.key)
    return _is_mended(fault) or any(_means(each, fault.right) for each in explanation.candidates)


def _means(candidate: Candidate, right: NamedNode | Literal | None) -> bool:
    if isinstance(right, NamedNode):
        return candidate.iri == right.value
    return right is not None and right.value in candidate.written


def representative() -> list[Fault]:
    """Choose some cases of each fault: of different fields, the most used forms first."""
    chosen: dict[tuple[str, Kind], dict[str, Fault]] = {}
    order = {"pledge": 0, "event": 1, "project": 2, "treaty-status": 3, "place": 4}
    for fault in sorted(all_faults(), key=lambda each: order.get(each.form.name, 9)):
        of_kind = chosen.setdefault((fault.name, fault.field.kind), {})
        if len(of_kind) < APPROVED_OF_EACH:
            of_kind.setdefault(fault.field.path.value, fault)
    return [fault for of_kind in chosen.values() for fault in of_kind.values()]


def test_messages_are_the_approved_ones(approve: bool) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for fault in representative():
        writer.writerow(_row(fault.key, told(fault.key)))
    if approve:
        MESSAGES.write_text(text.getvalue(), encoding="utf-8")
    assert len(representative()) >= 60
    assert MESSAGES.read_text(encoding="utf-8") == text.getvalue(), (
        "if the difference is right: tests/run tests/validate/test_explain.py --approve"
    )


def _row(key: str, explanation: Explanation) -> tuple[str, ...]:
    candidates = "; ".join(f"{each.written} {each.label}".strip() for each in explanation.candidates)
    remedy = explanation.remedy
    done = f"{type(remedy).__name__}: {remedy.title}" if remedy else ""
    return key, explanation.message, explanation.expected, candidates, done
