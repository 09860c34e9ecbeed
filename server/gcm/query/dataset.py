"""The dataset that a query is asked of (SPARQL 1.1 Query section 13, SPARQL 1.1 Protocol section 2.1.4).

A default graph of several graphs is their merge: what two of them state, it holds once. The engine reads
them one after the other and matches it twice; then the merge is made in memory, and the query asked of that.
"""

import re
from collections.abc import Iterator, Sequence

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from gcm.errors import QueryError
from gcm.query.engine import Results, evaluate
from gcm.query.guard import Token, significant_tokens

#: The part of a name after its prefix, which cannot be a keyword: `prov:wasDerivedFrom`.
_LOCAL_NAME = re.compile(r":[\w.-]+")

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


def evaluate_merged(
    store: Store, text: str, *, default_graphs: Sequence[str], named_graphs: Sequence[str]
) -> Results:
    """Start a query like `evaluate`, with a true merge where several graphs make up its default graph.

    Raises QueryError as `evaluate` does.
    """
    default, named = tuple(default_graphs), tuple(named_graphs)
    if not default and not named and "FROM" in _LOCAL_NAME.sub("", text).upper():
        default, named = graphs_of(text)
    default = tuple(dict.fromkeys(default))  # the engine would read a graph named twice two times, too
    if len(default) < 2:
        return evaluate(store, text, default_graphs=default, named_graphs=named)
    evaluate(store, text, default_graphs=default, named_graphs=named)  # mistakes come before the work
    return evaluate(_merge(store, default, named), text, is_merged=True, named_graphs=named)


def graphs_of(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the IRIs after FROM and after FROM NAMED; none of a text that is not SPARQL."""
    tokens = significant_tokens(text)
    default, named = _clauses(tokens)
    return _resolve(default, tokens), _resolve(named, tokens)


def _clauses(tokens: Sequence[Token]) -> tuple[list[str], list[str]]:
    default: list[str] = []
    named: list[str] = []
    following = [*tokens[1:], Token("other", ""), Token("other", "")]
    for place, token in enumerate(tokens):
        if token.word == "FROM" and following[place].word == "NAMED":
            named.append(following[place + 1].text)
        elif token.word == "FROM":
            default.append(following[place].text)
        elif token.word == "FROMNAMED":  # the engine reads it as two words
            named.append(following[place].text)
    return default, named


def _resolve(names: Sequence[str], tokens: Sequence[Token]) -> tuple[str, ...]:
    """Have the engine read names as the query's prologue says: relative and prefixed ones, too."""
    start = next((place for place, token in enumerate(tokens) if token.word.startswith(_FORMS)), 0)
    prologue = " ".join(token.text for token in tokens[:start])
    columns = " ".join(f"({name} AS ?g{number})" for number, name in enumerate(names))
    if not names:
        return ()
    try:
        results = evaluate(Store(), f"{prologue} SELECT {columns} {{}}")
    except QueryError:  # the query itself has the same mistake, and says so better
        return ()
    assert isinstance(results, QuerySolutions)  # it is a SELECT
    terms = [term for solution in results for term in solution]
    return tuple(term.value for term in terms if isinstance(term, NamedNode))


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
