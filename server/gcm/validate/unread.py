"""What could not be read, and so might mend a fault found elsewhere."""

import re
from collections.abc import Iterable

from pyoxigraph import NamedNode

from gcm.validate.finding import Finding, Term
from gcm.validate.overlay import View
from gcm.vocab import PREFIXES

#: The last steps of the addresses that a text holds, in whatever syntax.
_ADDRESSES = re.compile(r"[:/#]([\w.%-]*\w)")
_LAST_STEP = re.compile(r"[^:/#]*$")
#: The constraint components that look further than at the value itself (SHACL sections 4.6 and 4.7).
_FAR = frozenset(
    f"{PREFIXES['sh']}{name}ConstraintComponent"
    for name in ("Not", "And", "Or", "Xone", "Node", "QualifiedMinCount", "QualifiedMaxCount")
)


class Unread:
    """The texts that could not be read. What they mention they may describe."""

    def __init__(self, texts: Iterable[bytes], view: View) -> None:
        """Take the texts, and the graph without them."""
        self._view = view
        self._mentioned = frozenset(
            name for text in texts for name in _ADDRESSES.findall(text.decode(errors="replace"))
        )

    def may_mend(self, finding: Finding) -> bool:
        """Tell whether a fault may be one only because a text could not be read."""
        if not self._mentioned:
            return False
        terms = (finding.focus, finding.predicate, finding.value)
        return any(self._mentions(each) for each in terms) or (
            finding.component in _FAR and any(self._mentions(each) for each in self._near(finding))
        )

    def _near(self, finding: Finding) -> Iterable[Term]:
        nodes = (finding.focus, finding.value)
        return (quad.object for node in nodes if node is not None for quad in self._view.about(node))

    def _mentions(self, term: Term | None) -> bool:
        if not isinstance(term, NamedNode):
            return False
        last = _LAST_STEP.search(term.value)
        return last is not None and last[0] in self._mentioned
