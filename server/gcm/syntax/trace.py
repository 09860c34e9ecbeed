"""What a scanner finds in a text: each statement with the places of its terms."""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal
#: From the first character up to the one behind the last.
Span = tuple[int, int]


#: So many traces that say the same but for blank nodes are tried for one statement.
_TRIED = 20


class Part(Enum):
    """The parts of a statement that can be to blame."""

    SUBJECT = 0
    PREDICATE = 1
    OBJECT = 2


@dataclass(slots=True, eq=False)
class Trace:
    """A statement as a scanner read it, and where each of its three terms stands.

    Blank nodes have names that only the scanner knows. `site` is what its syntax needs to change it.
    """

    subject: Term
    predicate: Term
    value: Term
    spans: tuple[Span, Span, Span]
    site: object = None


class Pairing:
    """Which trace is which statement: in order while they agree, else by what they say."""

    def __init__(self, triples: Sequence[Triple], traces: Sequence[Trace]) -> None:
        #: Names of blank nodes: the parser's to the scanner's, and the other way round.
        self.names: dict[Term, Term] = {}
        self._back: dict[Term, Term] = {}
        self.traces = self._in_order(triples, traces)

    def own(self, term: Term) -> Term:
        """Give the scanner's name of a term of the parser."""
        return self.names.get(term, term)

    def _in_order(self, triples: Sequence[Triple], traces: Sequence[Trace]) -> list[Trace | None]:
        found: list[Trace | None] = []
        for triple, trace in zip(triples, traces, strict=False):
            if not self._is_same(triple, trace):
                break
            found.append(trace)
        rest = len(found)
        return found + self._by_content(triples[rest:], traces[rest:])

    def _by_content(self, triples: Sequence[Triple], traces: Sequence[Trace]) -> list[Trace | None]:
        queues: Mapping[tuple[object, ...], deque[Trace]] = defaultdict(deque)
        for trace in traces:
            queues[_key(trace.subject, trace.predicate, trace.value)].append(trace)
        found: list[Trace | None] = []
        for triple in triples:
            queue = queues[_key(triple.subject, triple.predicate, triple.object)]
            fitting = next((each for each in islice(queue, _TRIED) if self._is_same(triple, each)), None)
            if fitting is not None:
                queue.remove(fitting)
            found.append(fitting)
        return found

    def _is_same(self, triple: Triple, trace: Trace) -> bool:
        pairs = ((triple.subject, trace.subject), (triple.object, trace.value))
        if triple.predicate != trace.predicate or not all(self._is_named(*pair) for pair in pairs):
            return False
        for term, own in pairs:
            if isinstance(term, BlankNode):
                self.names[term], self._back[own] = own, term
        return True

    def _is_named(self, term: object, own: Term) -> bool:
        """Whether two terms are the same; of blank nodes, whether they have always gone together."""
        if not isinstance(term, BlankNode):
            return term == own
        is_free = term not in self.names and own not in self._back
        return isinstance(own, BlankNode) and (is_free or self.names.get(term) == own)


def _key(*terms: object) -> tuple[object, ...]:
    return tuple(None if isinstance(term, BlankNode) else term for term in terms)
