"""The figures that pages show of a whole version, and which of them a change alters."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from io import BytesIO

from pyoxigraph import NamedNode, QueryResultsFormat

from gcm.describe.graph import UNION, Graph
from gcm.describe.overview import class_counts
from gcm.describe.reported import reported_figure
from gcm.describe.terms import COUNT_OF
from gcm.query import OpenVersion, questions, solutions


class Measure(Enum):
    """What a figure counts."""

    STATEMENTS = "statements"
    DATASETS = "datasets"
    CLASS = "class"
    DATASET = "dataset"
    KNOWN = "known"
    QUESTION = "question"


@dataclass(frozen=True, order=True)
class Subject:
    """Of what a figure is: the class, dataset or reported figure by its IRI, a question by its name."""

    measure: str
    name: str = ""


@dataclass(frozen=True)
class Figure:
    """A number, and what else changes with it: for a question the digest of its rows."""

    number: int
    digest: str = ""


@dataclass(frozen=True)
class FigureChange:
    """A figure on both sides of a change; None where there is no such figure.

    Both numbers may be the same: then a question has other rows, as many as before.
    """

    measure: Measure
    name: str
    before: int | None
    after: int | None


Figures = Mapping[Subject, Figure]


def figures_of(version: OpenVersion, graph: Graph) -> Figures:
    """Count all that pages of a version show as figures; questions are asked without parameters."""
    return dict(
        (*_totals(version, graph), *_classes(graph), *_datasets(version), *_known(graph), *_answers(graph))
    )


def compare_figures(before: Figures, after: Figures) -> tuple[FigureChange, ...]:
    """List the figures that are not the same, in the order in which measures are listed above, by name."""
    order = {each.value: place for place, each in enumerate(Measure)}
    changed = [each for each in before.keys() | after.keys() if before.get(each) != after.get(each)]
    return tuple(
        FigureChange(
            Measure(each.measure),
            each.name,
            before[each].number if each in before else None,
            after[each].number if each in after else None,
        )
        for each in sorted(changed, key=lambda one: (order[one.measure], one.name))
    )


_Rows = Iterator[tuple[Subject, Figure]]


def _totals(version: OpenVersion, graph: Graph) -> _Rows:
    yield Subject(Measure.STATEMENTS.value), Figure(version.triples)
    yield Subject(Measure.DATASETS.value), Figure(len(graph.datasets))


def _classes(graph: Graph) -> _Rows:
    for each in class_counts(graph, language="en"):
        yield Subject(Measure.CLASS.value, each.kind.iri.value), Figure(each.count)


def _datasets(version: OpenVersion) -> _Rows:
    for iri in {each.iri for each in version.graphs}:
        count = sum(each.triples for each in version.graphs if each.iri == iri)
        yield Subject(Measure.DATASET.value, iri.value), Figure(count)


def _known(graph: Graph) -> _Rows:
    """Give how many things are known beside each number that a document reports."""
    for quad in graph.store.quads_for_pattern(None, COUNT_OF, None, UNION):
        if isinstance(quad.subject, NamedNode):
            found = reported_figure(graph, quad.subject, language="en")
            if found is not None and found.known is not None:
                yield Subject(Measure.KNOWN.value, quad.subject.value), Figure(found.known)


def _answers(graph: Graph) -> _Rows:
    for each in questions():
        written = BytesIO()
        solutions(graph.store, each, bind={}).serialize(written, QueryResultsFormat.TSV)
        rows = written.getvalue()
        digest = hashlib.sha256(rows).hexdigest()[:16]
        yield Subject(Measure.QUESTION.value, each.name), Figure(rows.count(b"\n") - 1, digest)
