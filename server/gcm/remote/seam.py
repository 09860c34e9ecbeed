"""What whoever asks the graph needs of an engine: pyoxigraph's store and a remote store both have it."""

from collections.abc import Iterator
from typing import Protocol

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Triple,
    Variable,
)


class Statements(Protocol):
    """The statements of one version: in the graph of each dataset that makes them, merged in the default."""

    def quads_for_pattern(
        self,
        subject: NamedNode | BlankNode | Triple | None,
        predicate: NamedNode | None,
        object: NamedNode | BlankNode | Literal | Triple | None,  # noqa: A002  # pyoxigraph's own name
        graph_name: NamedNode | BlankNode | DefaultGraph | None = None,
    ) -> Iterator[Quad]:
        """Give the statements that match; None matches everything."""

    def query(
        self,
        query: str,
        *,
        base_iri: str | None = None,
        prefixes: dict[str, str] | None = None,
        default_graph: NamedNode
        | BlankNode
        | DefaultGraph
        | list[NamedNode | BlankNode | DefaultGraph]
        | None = None,
        named_graphs: list[NamedNode | BlankNode] | None = None,
        substitutions: dict[Variable, NamedNode | BlankNode | Literal | Triple] | None = None,
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Start a query; without graphs it is asked of the merge and of all datasets.

        Raises SyntaxError if the text is not SPARQL, RuntimeError if the engine cannot run it.
        """
