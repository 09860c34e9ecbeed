"""What the validation found, beside the fields that it is about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Triple

from gcm.turtle import read_term
from gcm.validate.report import Result
from gcm.vocab import PREFIXES, shorten
from gcm.web.forms.draft import Draft, Spot
from gcm.web.forms.source import DERIVED_FROM

#: The rule that says that nothing is in a field (SHACL section 4.2.1).
_MISSING = PREFIXES["sh"] + "MinCountConstraintComponent"


@dataclass(frozen=True)
class Finding:
    """A message beside a field, and whether it must be heeded before the draft can be published.

    `candidates` are what may have been meant: things, or words to write.
    """

    message: str
    is_violation: bool = True
    candidates: tuple[NamedNode | str, ...] = ()


@dataclass(frozen=True)
class Findings:
    """The messages by the row or field that they are about; `others` are about the draft as a whole."""

    beside: Mapping[Spot, tuple[Finding, ...]] = field(default_factory=dict)
    others: tuple[Finding, ...] = ()

    @property
    def has_violations(self) -> bool:
        """Whether something must be mended."""
        every = (*(each for group in self.beside.values() for each in group), *self.others)
        return any(each.is_violation for each in every)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not self.beside and not self.others


def place(draft: Draft, results: Iterable[Result]) -> Findings:
    """Put faults and results beside their fields.

    Where what was typed is no value, the validation did not see it: what it misses there is not said.
    """
    beside: dict[Spot, list[Finding]] = {
        spot: [Finding(each.message, candidates=each.candidates)] for spot, each in draft.faults.items()
    }
    faulty = {key for key, _ in draft.faults} | (set() if draft.is_source_told else {shorten(DERIVED_FROM)})
    others: list[Finding] = []
    touched = {each.subject for each in draft.add | draft.header | draft.remove} | {
        draft.subject,
        draft.dataset,
    }
    own = {each.value for each in touched if isinstance(each, NamedNode)}
    for result in results:
        finding = Finding(_words(draft, result), result.severity == "violation", _meant(result))
        spot = spot_of(draft, result)
        if spot is not None and spot[0] not in faulty:
            beside.setdefault(spot, []).append(finding)
        elif spot is None and (result.focus in own or result.value in own):
            others.append(finding)
    return Findings(
        {spot: tuple(dict.fromkeys(each)) for spot, each in beside.items()}, tuple(dict.fromkeys(others))
    )


def spot_of(draft: Draft, result: Result) -> Spot | None:
    """Find the row that a result is about, else its field; None if it is about neither."""
    if result.predicate is None:
        return None
    predicate = NamedNode(result.predicate)
    for statement, spot in draft.spots.items():
        if _is_about(statement, result):
            return spot
    if result.focus == draft.subject.value:
        return (shorten(predicate), -1) if any(each.path == predicate for each in draft.form.fields) else None
    key = next(
        (
            key
            for (subject, path), key in draft.blamed.items()
            if (subject.value, path) == (result.focus, predicate)
        ),
        None,
    )
    return (key, -1) if key else None


def _is_about(statement: Triple, result: Result) -> bool:
    value = statement.object
    written = value.value if isinstance(value, NamedNode) else str(value)
    is_same = isinstance(statement.subject, NamedNode) and statement.subject.value == result.focus
    return is_same and statement.predicate.value == result.predicate and written == result.value


def _words(draft: Draft, result: Result) -> str:
    """Say what is wrong and what to do; an empty field of the thing needs not say whose it is."""
    is_own_and_empty = result.component == _MISSING and result.focus == draft.subject.value
    wrong = "This field is empty." if is_own_and_empty else result.message
    return f"{wrong} {result.expected}".strip()


def _meant(result: Result) -> tuple[NamedNode | str, ...]:
    """Give what can be chosen instead: things and plain values; a text in a language has to be written."""
    terms = (NamedNode(each.iri) if each.iri else read_term(each.written) for each in result.candidates)
    return tuple(
        each if isinstance(each, NamedNode) else each.value
        for each in terms
        if isinstance(each, NamedNode) or not each.language
    )
