"""Findings as results: each at its place, explained, with what mends it, in the order of the report."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pyoxigraph import NamedNode, Triple

from gcm.fields import Fields
from gcm.fields.names import Names
from gcm.validate.context import Context, Rules
from gcm.validate.explain import explain
from gcm.validate.finding import Finding, Term
from gcm.validate.mending import Mender
from gcm.validate.overlay import View
from gcm.validate.places import Blame, Places
from gcm.validate.report import Result
from gcm.validate.submission import Document
from gcm.vocab import PREFIXES

#: Of several things that one shape demands of one value, the one that explains most is told (SHACL
#: section 4): a text where an address belongs does not fit the pattern of addresses either.
_TELLING = ("NodeKind", "Datatype", "Class", "In", "LanguageIn")
_RANKS = {f"{PREFIXES['sh']}{name}ConstraintComponent": rank for rank, name in enumerate(_TELLING)}


@dataclass(frozen=True)
class Told:
    """What is known when findings are told: what was given, the graph around it, and both together."""

    documents: Sequence[Document]
    context: Context
    rules: Rules
    view: View

    def results(self, findings: Iterable[Finding]) -> Iterator[Result]:
        """Turn findings into results; what one shape says of one value is one."""
        places = Places(self.documents, self.context)
        mender = Mender(places)
        told = frozenset(pair for each in self.documents for pair in each.told)
        for finding, also in _each_once(findings):
            if finding.value is None and (finding.focus, finding.predicate) in told:
                continue  # there is a value, and it could not be read
            yield self._result(finding, places.of(finding), mender, also=also)

    def _result(self, finding: Finding, blame: Blame, mender: Mender, *, also: tuple[str, ...]) -> Result:
        found = explain(
            finding,
            statement=blame.statement.triple if blame.statement else None,
            fields=self._fields,
            names=self._names,
            context=self._around,
        )
        return Result(
            place=blame.place,
            severity=finding.severity,
            focus=_text(finding.focus),
            predicate=finding.predicate.value if finding.predicate else None,
            value=None if finding.value is None else _text(finding.value),
            message=found.message,
            source=finding.source,
            expected=found.expected,
            component=finding.component,
            candidates=found.candidates,
            fix=mender.fix(found.remedy, finding, blame) if found.remedy else None,
            also=also,
            demand=finding.message,
        )

    @cached_property
    def _around(self) -> "_Around":
        return _Around(self.view)

    @cached_property
    def _fields(self) -> Fields:
        own = self.rules is self.context.rules
        return self.context.fields if own else Fields([*self.rules.ontology, *self.rules.shapes])

    @cached_property
    def _names(self) -> Names:
        """Of a graph made of files, all names; of a version those that it has had before the submission."""
        return self.context.known_names or Names(each.triple for each in self.view.all())


#: So many values are remembered with what refers to them: thousands of results may be about one value.
_REMEMBERED = 64


class _Around:
    """A state of the graph, as explanations look it up."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.references = lru_cache(_REMEMBERED)(self._references)

    def about(self, node: Term) -> Iterator[Triple]:
        """Give the statements with this subject, once each."""
        return iter(dict.fromkeys(each.triple for each in self.view.about(node)))

    def _references(self, node: Term) -> tuple[Triple, ...]:
        """Give the statements with this value, once each."""
        return tuple(dict.fromkeys(each.triple for each in self.view.references(node)))


def _each_once(findings: Iterable[Finding]) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """Give what explains most of all that one shape says of one value, and the components of the rest."""
    groups: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for each in sorted(findings, key=_rank):
        told_apart = each.component if each.value is None else None
        groups[each.focus, each.predicate, each.value, each.source, told_apart].append(each)
    for first, *others in groups.values():
        yield first, tuple(each.component for each in others if each.component)


def _rank(finding: Finding) -> tuple[int, str]:
    return _RANKS.get(finding.component or "", len(_RANKS)), finding.component or ""


def in_order(results: Iterable[Result]) -> tuple[Result, ...]:
    """Sort results by their files and places; the same result is there once."""
    return tuple(sorted(set(results), key=_order))


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


def _text(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
