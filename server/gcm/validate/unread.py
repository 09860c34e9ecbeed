"""What could not be read, and so might mend a fault found elsewhere."""

import re
from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode

from gcm.validate.checks import Check
from gcm.validate.finding import Finding, Term
from gcm.validate.overlay import View
from gcm.vocab import PREFIXES

#: The steps of the addresses that a text holds, in whatever syntax, each with the step or prefix before it.
_ADDRESSES = re.compile(r"(?<![\w.-])(?=([\w.-]*)([:/#])([\w.%-]*\w))")
_LAST_STEPS = re.compile(r"([^:/#]*)[:/#]([^:/#]*)$")


def _components(*names: str) -> frozenset[str]:
    return frozenset(f"{PREFIXES['sh']}{name}ConstraintComponent" for name in names)


#: What more statements about the node itself may mend (SHACL sections 4.2 and 4.8).
_MISSING = _components("MinCount", "HasValue")
#: What more statements about the value may mend (section 4.1.1).
_CLASS = _components("Class")
#: What more statements about anything near may mend (sections 4.6 and 4.7).
_FAR = _components("Not", "And", "Or", "Xone", "Node", "QualifiedMinCount", "QualifiedMaxCount")


class Unread:
    """The texts that could not be read. What they mention they may describe."""

    def __init__(self, texts: Iterable[bytes], view: View, checks: Iterable[Check]) -> None:
        """Take the texts, and the graph without them; some checks find something missing."""
        self._view = view
        self._of_missing = frozenset(each.name for each in checks if each.draft)
        self._mentioned: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for before, sign, last in (each for text in texts for each in _addresses(text)):
            self._mentioned[last].add((before, sign))

    def may_mend(self, finding: Finding) -> bool:
        """Tell whether a fault may be one only because a text could not be read."""
        return bool(self._mentioned) and any(self._mentions(each) for each in self._menders(finding))

    def _menders(self, finding: Finding) -> Iterable[Term | None]:
        """Give the nodes about which more statements would mend a fault: a text stays what it is."""
        if isinstance(finding.value, Literal):
            return ()
        if finding.component in _CLASS:
            return (finding.value,)
        if finding.component in _MISSING:
            return (finding.focus,)
        if finding.component in _FAR:
            return (finding.focus, finding.value, *self._near(finding))
        if finding.source not in self._of_missing:
            return ()
        is_unknown = finding.value is not None and not self._view.about(finding.value)
        return (finding.focus, finding.value if is_unknown else None)

    def _near(self, finding: Finding) -> Iterable[Term]:
        nodes = (finding.focus, finding.value)
        return (quad.object for node in nodes if node is not None for quad in self._view.about(node))

    def _mentions(self, term: Term | None) -> bool:
        if not isinstance(term, NamedNode):
            return False
        steps = _LAST_STEPS.search(term.value)
        return steps is not None and any(
            _may_be(term, steps[1], before, sign) for before, sign in self._mentioned.get(steps[2], ())
        )


def _addresses(text: bytes) -> Iterable[tuple[str, str, str]]:
    return _ADDRESSES.findall(text.decode(errors="replace"))


def _may_be(node: NamedNode, step: str, before: str, sign: str) -> bool:
    """Tell whether a last step, with what stands before it, may name a node whose last but one is `step`.

    objective:5 is not theme:5; of a prefix that is not ours nobody knows what it means.
    """
    if sign == ":" and before in PREFIXES:
        return node.value.startswith(PREFIXES[before])
    return sign == ":" or before in ("", step)
