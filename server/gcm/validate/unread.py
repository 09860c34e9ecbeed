"""What could not be read, and so might mend a fault found elsewhere."""

import re
from collections.abc import Iterable

from pyoxigraph import NamedNode

from gcm.validate.finding import Finding, Term

#: The last steps of the addresses that a text holds, in whatever syntax.
_ADDRESSES = re.compile(r"[:/#]([\w.%-]*\w)")
_LAST_STEP = re.compile(r"[^:/#]*$")


class Unread:
    """The texts that could not be read. What they mention they may describe."""

    def __init__(self, texts: Iterable[bytes]) -> None:
        self._mentioned = frozenset(
            name for text in texts for name in _ADDRESSES.findall(text.decode(errors="replace"))
        )

    def may_mend(self, finding: Finding) -> bool:
        """Tell whether a fault may be one only because a text could not be read."""
        return bool(self._mentioned) and any(
            self._mentions(each) for each in (finding.focus, finding.predicate, finding.value)
        )

    def _mentions(self, term: Term | None) -> bool:
        if not isinstance(term, NamedNode):
            return False
        last = _LAST_STEP.search(term.value)
        return last is not None and last[0] in self._mentioned
