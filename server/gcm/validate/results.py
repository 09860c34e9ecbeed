"""Findings as results: each at its place, in the order of the report."""

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode

from gcm.validate.finding import Finding, Term
from gcm.validate.places import Blame, Places
from gcm.validate.report import Result
from gcm.vocab import PREFIXES

#: Of several things that one shape demands of one value, the one that explains most is told (SHACL
#: section 4): a text where an address belongs does not fit the pattern of addresses either.
_TELLING = ("NodeKind", "Datatype", "Class", "In", "LanguageIn")
_RANKS = {f"{PREFIXES['sh']}{name}ConstraintComponent": rank for rank, name in enumerate(_TELLING)}


def make_results(findings: Iterable[Finding], places: Places) -> set[Result]:
    """Turn findings into results; what one shape says of one value is one."""
    return {_result(finding, places.of(finding)) for finding in _each_once(findings)}


def _each_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    seen = set()
    for each in sorted(set(findings), key=_rank):
        key = (
            each.focus,
            each.predicate,
            each.value,
            each.source,
            each.component if each.value is None else "",
        )
        if key not in seen:
            seen.add(key)
            yield each


def _rank(finding: Finding) -> tuple[int, str]:
    return _RANKS.get(finding.component or "", len(_RANKS)), finding.component or ""


def in_order(results: Iterable[Result]) -> tuple[Result, ...]:
    """Sort results by their files and places."""
    return tuple(sorted(results, key=_order))


def _order(result: Result) -> tuple[str, int, int, str, str, str, str]:
    place = result.place
    return (
        str(result.path),
        place.line or 0,
        place.column or 0,
        result.source,
        result.focus,
        result.value or "",
        result.message,
    )


def _result(finding: Finding, blame: Blame) -> Result:
    return Result(
        place=blame.place,
        severity=finding.severity,
        focus=_text(finding.focus),
        predicate=finding.predicate.value if finding.predicate else None,
        value=None if finding.value is None else _text(finding.value),
        message=finding.message,
        source=finding.source,
        component=finding.component,
    )


def _text(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
