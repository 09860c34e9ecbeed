"""Which findings are told, and how bad they are: what the options of a validation mean."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pyoxigraph import NamedNode, Triple

from gcm.errors import QueryError
from gcm.validate.context import Rules
from gcm.validate.finding import Finding
from gcm.validate.options import DRAFT, Options
from gcm.vocab import PREFIXES

_SH = PREFIXES["sh"]
_PROPERTY = NamedNode(_SH + "property")
#: The constraint components that ask for something to be there (SHACL sections 4.2.1 and 4.7.3).
_MISSING = frozenset({_SH + "MinCountConstraintComponent", _SH + "QualifiedMinCountConstraintComponent"})


class Profile:
    """The options of a validation, under some rules."""

    def __init__(self, options: Options, rules: Rules) -> None:
        """Refuse a shape or check that there is not, by QueryError: silence would look like success."""
        _refuse_unknown(options.shapes, rules)
        self._options = options
        self._drafts = {each.name: each.draft for each in rules.checks if each.draft}
        self._sources = _with_properties(frozenset(options.shapes), rules.shapes) if options.shapes else None

    def apply(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Give the findings that are to be told, as bad as they are here."""
        for each in findings:
            if self._is_wanted(each):
                yield self._eased(each) if self._options.profile == DRAFT else each

    def _is_wanted(self, finding: Finding) -> bool:
        nodes = self._options.nodes
        is_about = not nodes or (isinstance(finding.focus, NamedNode) and finding.focus.value in nodes)
        return is_about and (self._sources is None or finding.source in self._sources)

    def _eased(self, finding: Finding) -> Finding:
        if finding.severity == "violation" and finding.component in _MISSING:
            return replace(finding, severity="warning")
        if finding.source in self._drafts:
            return replace(finding, severity=self._drafts[finding.source])
        return finding


def _refuse_unknown(shapes: Iterable[str], rules: Rules) -> None:
    known = {each.subject.value for each in rules.shapes if isinstance(each.subject, NamedNode)}
    known.update(each.name for each in rules.checks)
    for each in shapes:
        if each not in known:
            raise QueryError(
                f"There is no shape or check “{each}”. Name one as reports do, such as gcms:Thing-date."
            )


def _with_properties(shapes: frozenset[str], triples: Iterable[Triple]) -> frozenset[str]:
    """Add the property shapes of each node shape."""
    return shapes.union(
        each.object.value
        for each in triples
        if each.predicate == _PROPERTY
        and isinstance(each.subject, NamedNode)
        and isinstance(each.object, NamedNode)
        and each.subject.value in shapes
    )
