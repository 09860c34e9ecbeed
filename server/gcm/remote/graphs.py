"""Which graphs of the remote store a query may see, and the query as it is sent.

The engine's own default graph may be anything (Virtuoso's is all it holds), so each query is sent with its
dataset: the merge of the version as default graph, its datasets as named graphs (SPARQL 1.1 Protocol
section 2.1.4). Engines differ in what FROM means beside that, so FROM is read by us and taken out.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gcm.vocab import BASE, PREFIXES

#: A graph that holds nothing: what a query reads that names only graphs which are not ours.
NOTHING = f"{BASE}store/nothing"

_PREFIXED = re.compile(r"([A-Za-z][\w.-]*)?:")


@dataclass(frozen=True)
class Dataset:
    """What a query is asked of."""

    default: tuple[str, ...]
    named: tuple[str, ...]

    def parameters(self) -> list[tuple[str, str]]:
        """Write it as the protocol does; both lists must say something, or engines fill them themselves."""
        return [
            *(("default-graph-uri", each) for each in self.default or (NOTHING,)),
            *(("named-graph-uri", each) for each in self.named or (NOTHING,)),
        ]

    def narrowed(self, default: Sequence[str], named: Sequence[str]) -> "Dataset":
        """Give the part of this that a query names, or all of it if it names nothing.

        A graph that is not ours is empty; all of ours together are the merge.
        """
        if not default and not named:
            return self
        ours = tuple(each for each in dict.fromkeys(default) if each in self.named)
        is_all = len(ours) > 1 and set(ours) == set(self.named)
        chosen = tuple(each for each in dict.fromkeys(named) if each in self.named)
        return Dataset(self.default if is_all else ours, chosen)


def with_prologue(text: str, tokens: Iterable[str]) -> tuple[str, int]:
    """Put what our endpoint knows before a query, on its first line; give the characters that were added.

    `tokens` are those of the query: only prefixes that it uses and does not declare are added, since engines
    differ in what a second declaration means.
    """
    words = list(tokens)
    declared = {after.partition(":")[0] for word, after in pairwise(words) if word.upper() == "PREFIX"}
    used = {found[1] or "" for word in words if (found := _PREFIXED.match(word))}
    lines = [f"PREFIX {name}: <{PREFIXES[name]}>" for name in sorted(used - declared) if name in PREFIXES]
    if "BASE" not in {word.upper() for word in words}:
        lines.insert(0, f"BASE <{BASE}>")
    added = "".join(f"{line} " for line in lines)
    return added + text, len(added)


def foreign_names(tokens: Iterable[str]) -> str:
    """Name what in a query is no SPARQL but reaches into an engine's own machinery; empty if nothing does.

    Virtuoso reads `define input:…` before a query, which can make it fetch addresses, and calls its own
    functions by `bif:` and `sql:`.
    """
    for word in tokens:
        small = word.lower().lstrip("<")
        if small == "define" or small.startswith(("bif:", "sql:")):
            return word
    return ""
