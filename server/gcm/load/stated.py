"""What other graphs state too: looked up by threads, so that the disk is asked for many pages at once."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple

#: Statements that a query asks for, and queries at the same time. For each statement the system may have to
#: read a page of a table. The engine lets go of Python's lock while it answers a query.
_AT_ONCE, _THREADS = 64, 16

_QUERY = """SELECT DISTINCT ?number WHERE {{
  VALUES (?number ?subject ?predicate ?value) {{ {rows} }}
  GRAPH ?other {{ ?subject ?predicate ?value }}
  FILTER (?other != {graph})
}}"""


def stated_elsewhere(store: Store, triples: Iterable[Triple], graph: NamedNode) -> set[Triple]:
    """Give those of the triples of a file that a named graph other than its own, `graph`, states too."""
    named = [each for each in triples if not _is_own(each)]
    parts = [named[start : start + _AT_ONCE] for start in range(0, len(named), _AT_ONCE)]
    with ThreadPoolExecutor(_THREADS) as threads:
        return {each for part in threads.map(partial(_ask, store, graph), parts) for each in part}


def _is_own(triple: Triple) -> bool:
    """Tell whether a triple has a blank node: no other file has the same."""
    return isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode)


def _ask(store: Store, graph: NamedNode, triples: Sequence[Triple]) -> list[Triple]:
    rows = " ".join(
        f"({number} {each.subject} {each.predicate} {each.object})" for number, each in enumerate(triples)
    )
    solutions = store.query(_QUERY.format(rows=rows, graph=graph))
    assert isinstance(solutions, QuerySolutions)  # SELECT
    numbers = (solution["number"] for solution in solutions)
    return [triples[int(each.value)] for each in numbers if isinstance(each, Literal)]
