"""What was given, read: its statements, the dataset that each belongs to, and what could not be read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from pyoxigraph import NamedNode, Quad

from gcm.errors import SourceError
from gcm.given import Edit, Given, Place
from gcm.limits import Limits
from gcm.load import shared_datasets
from gcm.syntax import Locator, Part, Reading, Statement, read
from gcm.validate.finding import Term
from gcm.validate.misspelt import is_nearly_header, misspelt_header
from gcm.validate.report import Result, problem
from gcm.vocab import BASE, DATASET, ONTOLOGY, PREFIXES, SHAPES

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_DATASET = NamedNode(PREFIXES["dcat"] + "Dataset")
_NO_DATASET = "the file does not say which dataset it is"
#: What a header says at least.
EXAMPLE_HEADER = f'<{DATASET}my-data> a <{_DATASET.value}> ; <{PREFIXES["dcterms"]}title> "My data"@en .'


class Locating(Protocol):
    """Finds the places of statements, and says how to change them there: `gcm.syntax.Locator` is one."""

    def place(self, statement: Statement, part: Part, /) -> Place:
        """Give the place of one term of a statement."""

    def begin(self, node: object, /) -> Place | None:
        """Give the place where what is said of a node begins."""

    def edit(self, statement: Statement, part: Part, new: object, /) -> tuple[Edit, ...] | None:
        """Say how to write another term in the place of one."""

    def remove(self, statement: Statement, /) -> tuple[Edit, ...] | None:
        """Say how to take a statement away."""

    def add(self, subject: object, predicate: object, value: object, /) -> tuple[Edit, ...] | None:
        """Say how to state one thing more."""


@dataclass(frozen=True)
class Document:
    """One file that was given, read. `graphs` maps the graphs that it names (None: none) to datasets.

    `problems` are what cannot be read; `missing` are headers that are not there, which a draft may lack;
    `told` are the things and properties of which problems say already that a value is missing.
    """

    given: Given
    statements: Sequence[Statement] = ()
    graphs: Mapping[NamedNode | None, NamedNode] = field(default_factory=dict)
    reading: Reading | None = None
    cells: "Locating | None" = None
    problems: tuple[Result, ...] = ()
    missing: tuple[Result, ...] = ()
    told: frozenset[tuple[Term | None, NamedNode | None]] = frozenset()
    is_readable: bool = True

    @cached_property
    def locator(self) -> "Locating":
        """What finds the tokens or cells of its statements."""
        if self.cells is not None:
            return self.cells
        assert self.reading is not None  # only what was read has statements, and so faults
        return Locator(self.reading)

    def quads(self) -> Iterator[Quad]:
        """Give its statements, each in the graph of its dataset."""
        for each in self.statements:
            subject, predicate, value = each.triple
            yield Quad(subject, predicate, value, self.graphs[each.graph])

    def datasets(self) -> tuple[NamedNode, ...]:
        """Name the datasets that it holds, in the order of their first statements."""
        return tuple(dict.fromkeys(each for each in self.graphs.values() if not _is_nameless(each)))


def read_document(given: Given, *, limits: Limits, home: NamedNode | None = None) -> Document:
    """Read one file; `home` is the graph of all its statements if it is known beforehand.

    What cannot be read is among its problems.
    """
    try:
        reading = read(given, limits=limits)
    except SourceError as error:
        return Document(given, problems=tuple(problems_of(error, given)), is_readable=False)
    if home is not None:
        graphs: dict[NamedNode | None, NamedNode] = {each.graph: home for each in reading.statements}
        return Document(given, reading.statements, graphs, reading)
    headers = _Headers(reading)
    return Document(
        given,
        reading.statements,
        headers.graphs,
        reading,
        problems=headers.problems,
        missing=headers.missing,
    )


def problems_of(error: SourceError, given: Given) -> Iterator[Result]:
    """Turn an error into what is told of the file."""
    for each in (error, *error.further):
        yield problem(each.reason, Place(given.name, each.line, each.column))


def missing_header(name: str, what: str = _NO_DATASET, line: int | None = None) -> Result:
    """Say that a file, or a graph in it, does not say which dataset it is."""
    return problem(f"{what}; begin it with a header such as: {EXAMPLE_HEADER}", Place(name, line))


class _Headers:
    """Which datasets one file is: each graph that it names is one, and what stands in none is one."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._name = reading.given.name
        self._problems: list[Result] = []
        self._missing: list[Result] = []
        self._headers: dict[NamedNode | None, list[Statement]] = defaultdict(list)
        self._slips: dict[NamedNode | None, Statement] = {}  # what would be a header if it were spelt well
        first: dict[NamedNode | None, Statement] = {}
        for each in reading.statements:
            first.setdefault(each.graph, each)
            if each.triple.predicate == _TYPE and each.triple.object == _DATASET:
                self._headers[each.graph].append(each)
            elif is_nearly_header(each.triple):
                self._slips.setdefault(each.graph, each)
        if not first:
            self._miss(_NO_DATASET, 1)
        self._has_graphs = len(first) > 1
        self._named = {each.triple.subject for found in self._headers.values() for each in found}
        self.graphs = {graph: self._dataset_of(graph, each) for graph, each in first.items()}
        self.problems, self.missing = tuple(self._problems), tuple(self._missing)

    def _dataset_of(self, graph: NamedNode | None, first: Statement) -> NamedNode:
        return self._of_no_graph(first) if graph is None else self._of_graph(graph, first)

    def _of_graph(self, graph: NamedNode, first: Statement) -> NamedNode:
        others = [each for each in self._headers[graph] if each.triple.subject != graph]
        slip = self._slips.get(graph)
        if graph not in self._named and slip is not None and slip.triple.subject == graph:
            self._problems.append(misspelt_header(self._reading, slip))
        elif graph not in self._named:
            self._miss(f"the graph <{graph.value}> does not say that it is a dataset", first.line)
        self._refuse_second(others)
        return self._allowed(graph, first)

    def _of_no_graph(self, first: Statement) -> NamedNode:
        headers, slip = self._headers[None], self._slips.get(None)
        if not headers and slip is not None:
            self._problems.append(misspelt_header(self._reading, slip))
            headers = [slip]
        if not headers:
            line = first.line if self._has_graphs else 1  # of what is in no graph, or of a file
            self._miss(_NO_DATASET, line)
            return nameless(self._name)
        dataset = headers[0].triple.subject
        self._refuse_second([each for each in headers if each.triple.subject != dataset])
        if isinstance(dataset, NamedNode):
            return self._allowed(dataset, headers[0])
        message = f"the dataset has no IRI; name it, such as <{BASE}data/my-data>."
        self._problems.append(problem(message, self._at(headers[0].line)))
        return nameless(self._name)

    def _allowed(self, dataset: NamedNode, statement: Statement) -> NamedNode:
        """Refuse the graphs of the rules: what anybody gives is data."""
        if dataset not in (ONTOLOGY, SHAPES):
            return dataset
        message = f"<{dataset.value}> holds the rules, and is no dataset; give yours another IRI."
        self._problems.append(problem(message, self._at(statement.line)))
        return nameless(self._name)

    def _refuse_second(self, headers: Sequence[Statement]) -> None:
        if headers:
            message = "this is a second dataset in one file; give each dataset its own file."
            self._problems.append(problem(message, self._at(headers[0].line)))

    def _miss(self, what: str, line: int | None) -> None:
        self._missing.append(missing_header(self._name, what, line))

    def _at(self, line: int | None) -> Place:
        return Place(self._name, line)


#: Statements of a file that does not say which dataset it is stand in a graph of this name, and the file's.
_NAMELESS = "urn:x-gcm:no-dataset:"


def nameless(name: str) -> NamedNode:
    """Name the graph of the statements of a file that does not say which dataset it is."""
    return NamedNode(_NAMELESS + name.encode().hex())


def _is_nameless(graph: NamedNode) -> bool:
    return graph.value.startswith(_NAMELESS) or graph in (ONTOLOGY, SHAPES)


@dataclass(frozen=True)
class _InGraph:
    """What `shared_datasets` compares."""

    path: Path
    graph: NamedNode


def find_shared(documents: Iterable[Document]) -> Iterator[Result]:
    """Tell which files are the same dataset as one before, or would be downloaded under one name."""
    claims = [_InGraph(Path(each.given.name), graph) for each in documents for graph in each.datasets()]
    for error in shared_datasets(claims):
        yield problem(error.reason, Place(str(error.path), error.line))
