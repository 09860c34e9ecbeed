"""The statements of a version in a remote store, as `Statements`: what pages and questions of ours ask.

What is said of a thing is asked for once and remembered, together with what is likely to be asked next: the
things that earlier answers have named. So a page costs some ten requests and not some hundred.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from io import BytesIO
from threading import RLock

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    Variable,
    parse,
)

from gcm.errors import BackendError
from gcm.limits import Limits
from gcm.remote.dialect import PLAIN, Dialect, dialect_of
from gcm.remote.graphs import Dataset
from gcm.remote.request import request_of
from gcm.remote.results import (
    GRAPH,
    TABLE,
    Incoming,
    check_reply,
    check_table,
    read_rows,
    read_statements,
    read_table,
)
from gcm.remote.terms import Term, pattern_there, term_here, term_there
from gcm.remote.wire import Clock, Reply, Wire

#: How many things are remembered, and how many are asked for at once.
_REMEMBERED = 20_000
_TOGETHER = 100

Graph = NamedNode | BlankNode | DefaultGraph

_UNION = DefaultGraph()
_Row = tuple[object, ...]
Value = NamedNode | BlankNode | Literal | Triple

_EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


class RemoteStore:
    """One version in a remote store; safe to use from several threads, while each result stays in one."""

    def __init__(self, wire: Wire, dataset: Dataset, *, limits: Limits, dialect: Dialect = PLAIN) -> None:
        self.wire = wire
        self.dataset = dataset
        self.limits = limits
        self.dialect = dialect
        self._known: OrderedDict[NamedNode, tuple[Quad, ...]] = OrderedDict()
        self._likely: OrderedDict[NamedNode, None] = OrderedDict()
        self._lock = RLock()

    def ask(self, text: str, dataset: Dataset, *, wanted: str, clock: Clock) -> Reply:
        """Send a query and give its answer, which is of the type that is wanted.

        Raises BackendError if there is none, LimitError if the engine has cut it short.
        """
        reply = self.wire.send(request_of(text, dataset, self.dialect, wanted, clock.seconds), clock)
        try:
            if reply.status != 200:
                raise BackendError(f"The store answers {reply.status}: {reply.text()[:200]}")
            check_reply(reply, wanted, seconds=clock.seconds)
        except BaseException:
            reply.close()
            raise
        self.dialect = dialect_of(reply.headers)
        return reply

    def quads_for_pattern(
        self,
        subject: NamedNode | BlankNode | Triple | None,
        predicate: NamedNode | None,
        object: NamedNode | BlankNode | Literal | Triple | None,  # noqa: A002  # pyoxigraph's own name
        graph_name: Graph | None = None,
    ) -> Iterator[Quad]:
        """Give the statements that match; raises BackendError if the store does not give them."""
        if isinstance(subject, NamedNode | BlankNode):
            found: Iterable[Quad] = self._about(subject)
        elif predicate is None and object is None and graph_name is not None:
            found = self._whole(graph_name)
        else:
            found = self._matching(predicate, object, graph_name)
        for quad in found:
            if _fits(quad, predicate, object, graph_name):
                yield quad

    def query(
        self,
        query: str,
        *,
        base_iri: str | None = None,
        prefixes: dict[str, str] | None = None,
        default_graph: Graph | list[Graph] | None = None,
        named_graphs: list[NamedNode | BlankNode] | None = None,
        substitutions: dict[Variable, NamedNode | BlankNode | Literal | Triple] | None = None,
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Answer a query of ours; a graph is read whole, for it is asked for at a terminal only."""
        prologue = "".join(f"PREFIX {name}: <{iri}> " for name, iri in (prefixes or {}).items())
        text = (f"BASE <{base_iri}> " if base_iri else "") + prologue + query
        text += "".join(self._bound(name, value) for name, value in (substitutions or {}).items())
        dataset = self.dataset
        if default_graph is not None or named_graphs is not None:
            chosen = [default_graph] if isinstance(default_graph, Graph) else [*(default_graph or ())]
            names = [each.value for each in chosen if isinstance(each, NamedNode)]
            dataset = dataset.narrowed(names, [str(each.value) for each in named_graphs or ()])
        body = self._read(text, dataset, GRAPH if _is_graph(query) else TABLE)
        if _is_graph(query):
            return _as_graph(body)
        check_table(body)
        return read_table(BytesIO(body))

    def _bound(self, name: Variable, value: NamedNode | BlankNode | Literal | Triple) -> str:
        """Write a value of a variable; at the end of a query it holds for all of it (SPARQL section 10.2)."""
        return f"\nVALUES ({name}) {{ ({term_there(value, self.dialect)}) }}"

    def _read(self, text: str, dataset: Dataset, wanted: str) -> bytes:
        """Give a whole answer, no longer than `store_bytes`."""
        clock = Clock(self.limits.query_seconds, "query_seconds")
        with closing(self.ask(text, dataset, wanted=wanted, clock=clock)) as reply:
            incoming = Incoming(reply, self.dialect, most_bytes=self.limits.store_bytes)
            return b"".join(iter(incoming.read, b""))

    def _rows(self, text: str, dataset: Dataset) -> Iterator[_Row]:
        """Give the rows of a question that a page asks, as they come."""
        clock = Clock(self.limits.store_seconds, "store_seconds")
        with closing(self.ask(text, dataset, wanted=TABLE, clock=clock)) as reply:
            incoming = Incoming(reply, self.dialect, most_bytes=float("inf"))
            yield from read_rows(incoming)

    def _whole(self, graph_name: Graph) -> Iterator[Quad]:
        """Give a whole graph as it comes, for those who write it on."""
        clock = Clock(self.limits.answer_seconds, "answer_seconds")
        with closing(self.ask(_EVERYTHING, self._only(graph_name), wanted=GRAPH, clock=clock)) as reply:
            incoming = Incoming(reply, self.dialect, most_bytes=float("inf"))
            for quad in read_statements(incoming):
                yield _quad(quad.subject, quad.predicate, quad.object, graph_name)

    def _matching(
        self, predicate: NamedNode | None, value: Value | None, graph_name: Graph | None
    ) -> list[Quad]:
        """Give the statements with this property or value; what they are about is likely to be asked next."""
        places = (("p", predicate), ("o", value))
        names = [name for name, term in places if term is None]
        pattern = " ".join(["?s", *(pattern_there(name, term, self.dialect) for name, term in places)])
        selected = " ".join(f"?{name}" for name in ("s", *names))
        if graph_name is None:
            text, dataset = f"SELECT {selected} ?g WHERE {{ GRAPH ?g {{ {pattern} }} }}", self.dataset
        else:
            text, dataset = f"SELECT {selected} WHERE {{ {pattern} }}", self._only(graph_name)
        found: list[Quad] = []
        for row in self._rows(text, dataset):
            bound = dict(zip(("s", *names, "g"), row, strict=False))
            place = bound.get("g", graph_name)
            found.append(_quad(bound["s"], bound.get("p", predicate), bound.get("o", value), place))
        self._expect(quad.subject for quad in found)
        return found if graph_name is not None else [*found, *_merged(found)]

    def _about(self, subject: NamedNode | BlankNode) -> tuple[Quad, ...]:
        """Give what is said of a thing, in each dataset and merged, from memory if it was asked before."""
        key = NamedNode(term_there(subject, self.dialect).value)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
            asked = [key, *self._likely_with(key)]
        found = self._fetch(asked)
        with self._lock:
            self._known.update(found)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        self._expect(quad.object for quad in found[key])
        return found[key]

    def _fetch(self, subjects: Sequence[NamedNode]) -> dict[NamedNode, tuple[Quad, ...]]:
        names = " ".join(map(str, subjects))
        text = f"SELECT ?s ?p ?o ?g WHERE {{ VALUES ?s {{ {names} }} GRAPH ?g {{ ?s ?p ?o }} }}"
        said: dict[NamedNode, list[Quad]] = {each: [] for each in subjects}
        for subject, predicate, value, graph in self._rows(text, self.dataset):
            assert isinstance(subject, NamedNode)  # the store holds no blank nodes
            said.setdefault(subject, []).append(_quad(subject, predicate, value, graph))
        return {each: (*quads, *_merged(quads)) for each, quads in said.items()}

    def _likely_with(self, key: NamedNode) -> list[NamedNode]:
        """Give what is likely to be asked next, if this was likely too: both were named together."""
        if key not in self._likely:
            return []
        del self._likely[key]
        latest = min(_TOGETHER, len(self._likely))
        return [self._likely.popitem()[0] for _ in range(latest)]

    def _expect(self, terms: Iterable[object]) -> None:
        with self._lock:
            for term in terms:
                if isinstance(term, NamedNode | BlankNode):
                    key = NamedNode(term_there(term, self.dialect).value)
                    if key not in self._known:
                        self._likely[key] = None
            while len(self._likely) > _REMEMBERED:
                self._likely.popitem(last=False)

    def _only(self, graph_name: Graph) -> Dataset:
        if isinstance(graph_name, NamedNode):
            return self.dataset.narrowed([graph_name.value], [])
        return self.dataset


def _is_graph(query: str) -> bool:
    """Tell whether a query of ours or of a terminal asks for a graph."""
    words = re.sub(r"#[^\n]*|<[^>]*>|\"[^\"]*\"", " ", query).upper().split()
    form = next((word for word in words if word.startswith(_FORMS)), "")
    return form.startswith(("CONSTRUCT", "DESCRIBE"))


def _as_graph(body: bytes) -> QueryTriples:
    """Make the engine's own kind of graph, which only a query gives."""
    store = Store()
    store.bulk_extend(parse(body, RdfFormat.N_TRIPLES))
    results = store.query(_EVERYTHING)
    assert isinstance(results, QueryTriples)  # it is a CONSTRUCT
    return results


def _merged(quads: Iterable[Quad]) -> list[Quad]:
    """Give each statement once, in the default graph, as our own store holds it."""
    triples = dict.fromkeys(quad.triple for quad in quads)
    return [Quad(each.subject, each.predicate, each.object, _UNION) for each in triples]


def _quad(subject: object, predicate: object, value: object, graph_name: object) -> Quad:
    """Make a statement of terms of the store."""
    return Quad(_here(subject), predicate, _here(value), graph_name)  # type: ignore[arg-type]  # pyoxigraph checks


def _here(term: object) -> Term:
    assert isinstance(term, NamedNode | BlankNode | Literal | Triple)  # a row of ours has no gaps
    return term_here(term)


def _fits(quad: Quad, predicate: object, value: object, graph_name: object) -> bool:
    wanted = ((quad.predicate, predicate), (quad.object, value), (quad.graph_name, graph_name))
    return all(term is None or found == term for found, term in wanted)
