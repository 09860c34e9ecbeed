"""The dataset that a query is asked of (SPARQL 1.1 Query section 13, SPARQL 1.1 Protocol section 2.1.4).

A default graph of several graphs is their merge: what two of them state, it holds once. The engine reads
them one after the other and matches it twice; then the merge is made in memory, and the query asked of that.
Of graphs of which no two state the same, the engine's union is the merge, and nothing is copied.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from gcm.query.clauses import graphs_of
from gcm.query.engine import Results, evaluate

#: How many statements graphs hold: as the engine matches them, and as a set.
_MATCHED = "SELECT (COUNT(*) AS ?count) { ?s ?p ?o }"
_DIFFERENT = "SELECT (COUNT(*) AS ?count) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"

#: Choices of graphs of which a worker remembers whether they are disjoint.
_REMEMBERED = 64


def evaluate_merged(
    store: Store, text: str, *, default_graphs: Sequence[str], named_graphs: Sequence[str]
) -> Results:
    """Start a query like `evaluate`, with a true merge where several graphs make up its default graph.

    Raises QueryError and RefusedQueryError as `evaluate` does.
    """
    asked, named = tuple(default_graphs), tuple(named_graphs)
    own = graphs_of(text)
    if not asked and not named:
        asked, named = own
    default = tuple(dict.fromkeys(asked))  # the engine would read a graph named twice two times, too
    results = evaluate(store, text, default_graphs=default, named_graphs=named)  # mistakes come before work
    if len(default) < 2 or _are_disjoint(store, default):
        return results
    return evaluate(_merge(store, default, named), text, is_merged=True, named_graphs=named)


@lru_cache(_REMEMBERED)  # a version never changes
def _are_disjoint(store: Store, graphs: tuple[str, ...]) -> bool:
    """Tell whether no two of these graphs state the same."""
    return _count(store, _MATCHED, graphs) == _count(store, _DIFFERENT, graphs)


def _count(store: Store, text: str, graphs: tuple[str, ...]) -> str:
    results = evaluate(store, text, default_graphs=graphs)
    assert isinstance(results, QuerySolutions)  # it is a SELECT
    return str(next(results)["count"])


def _merge(store: Store, default: Sequence[str], named: Sequence[str]) -> Store:
    """Copy what the query may see: the merge as default graph, and the named graphs."""
    merged = Store()
    for iri in default:
        merged.extend(_copies(store, iri, DefaultGraph()))
    for iri in dict.fromkeys(named):
        merged.extend(_copies(store, iri, NamedNode(iri)))
    return merged


def _copies(store: Store, iri: str, target: NamedNode | DefaultGraph) -> Iterator[Quad]:
    for quad in store.quads_for_pattern(None, None, None, NamedNode(iri)):
        yield Quad(quad.subject, quad.predicate, quad.object, target)
