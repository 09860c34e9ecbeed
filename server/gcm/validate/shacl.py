"""SHACL: the shapes against one graph; the only door to pyshacl, which is right on plain rdflib graphs."""

import multiprocessing
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pyshacl
import rdflib
from pyoxigraph import Literal, NamedNode, Triple
from pyshacl.errors import ReportableRuntimeError
from rdflib.namespace import SH

from gcm.errors import SourceError
from gcm.process.sandbox import end_with_parent
from gcm.validate.finding import Finding, Term
from gcm.validate.options import Progress
from gcm.validate.targets import TARGET_PROPERTIES, find_targets
from gcm.validate.terms import Terms
from gcm.vocab import PREFIXES

_SH = PREFIXES["sh"]
_MESSAGE = NamedNode(_SH + "message")
#: What shapes say to people. The engine would look at all of it again for every node: without it, a run takes
#: two thirds of the time.
_FOR_PEOPLE = frozenset(
    NamedNode(_SH + name) for name in ("defaultValue", "description", "group", "message", "name", "order")
)
_FOR_THE_ENGINE = (_SH, PREFIXES["rdf"])
#: Pairs of shape and node; below this, a second process would cost more than it saves.
_WORTH_SHARING = 1500
#: Pairs that one process takes at a time, so that progress can be told.
_SHARE = 1000


def find_faults(
    data: Iterable[Triple],
    shapes: Iterable[Triple],
    *,
    folder: Path,
    nodes: Collection[Term] | None = None,
    progress: Progress = lambda _: None,
) -> list[Finding]:
    """Check `data`, or only its `nodes`, against `shapes`, with no inference beyond rdfs:subClassOf.

    Raises SourceError for `folder`, where the shapes lie, if they are no SHACL.
    """
    statements, rules = list(data), list(shapes)
    targets = [each for each in find_targets(rules, statements) if nodes is None or each.object in nodes]
    run = _Run(statements, rules, folder)
    if len(targets) < _WORTH_SHARING:
        return run.faults(targets)
    return _in_processes(run, targets, progress)


def _in_processes(run: "_Run", targets: Sequence[Triple], progress: Progress) -> list[Finding]:
    """Share the targets out to one process per core; forked, so that none has to read the graph again."""
    cores = len(os.sched_getaffinity(0))
    count = max(cores, -(-len(targets) // _SHARE))
    parts = [targets[first::count] for first in range(count)]
    found: list[Finding] = []
    with ProcessPoolExecutor(
        cores,
        mp_context=multiprocessing.get_context("fork"),
        initializer=_remember,
        initargs=(run, os.getpid()),
    ) as pool:
        try:
            for done, findings in enumerate(pool.map(_faults_of_part, parts), 1):
                found += findings
                if count > cores:
                    progress(f"checked {done * 100 // count} %")
        except BrokenProcessPool as error:  # one was ended by the kernel, which lacks memory
            raise MemoryError from error
    return found


_runs: "list[_Run]" = []  # of a forked process: the one run that it works for


def _remember(run: "_Run", parent: int) -> None:
    end_with_parent(parent)
    _runs[:] = [run]


def _faults_of_part(targets: Sequence[Triple]) -> list[Finding]:
    return _runs[0].faults(targets)


class _Run:
    """One graph and its shapes, ready for any selection of targets."""

    def __init__(self, data: Sequence[Triple], shapes: Sequence[Triple], folder: Path) -> None:
        self._terms = Terms()
        self._data = self._terms.graph(data)
        self._rules = [each for each in shapes if _is_rule(each)]
        self._messages = _messages(shapes)
        self._folder = folder

    def faults(self, targets: Iterable[Triple]) -> list[Finding]:
        shapes = self._terms.graph([*self._rules, *targets])
        try:
            _, report, text = pyshacl.validate(self._data, shacl_graph=shapes, inplace=True)
        except ReportableRuntimeError as error:
            raise SourceError(f"the shapes are not SHACL ({error}); mend them.", path=self._folder) from None
        if not isinstance(report, rdflib.Graph):
            raise SourceError(f"the shapes cannot be applied ({text}); mend them.", path=self._folder)
        return [self._finding(report, result) for result in report.objects(None, SH.result)]

    def _finding(self, report: rdflib.Graph, result: rdflib.term.Node) -> Finding:
        path = self._terms.ours(report.value(result, SH.resultPath))
        focus = self._terms.ours(report.value(result, SH.focusNode))
        assert focus is not None  # SHACL section 3.6.2.1: every result has one, and it is a node of the data
        source = str(report.value(result, SH.sourceShape))
        return Finding(
            focus=focus,
            predicate=path if isinstance(path, NamedNode) else None,
            value=self._terms.ours(report.value(result, SH.value)),
            severity=str(report.value(result, SH.resultSeverity)).removeprefix(_SH).lower(),
            message=self._messages.get(source) or str(report.value(result, SH.resultMessage)),
            source=source,
            component=str(report.value(result, SH.sourceConstraintComponent)),
        )


def _is_rule(triple: Triple) -> bool:
    name = triple.predicate
    return (
        name.value.startswith(_FOR_THE_ENGINE) and name not in _FOR_PEOPLE and name not in TARGET_PROPERTIES
    )


def _messages(shapes: Iterable[Triple]) -> Mapping[str, str]:
    """Take the message of each shape: the English one, else the first by its language."""
    found: dict[str, Literal] = {}
    for each in shapes:
        shape, text = each.subject, each.object
        if each.predicate == _MESSAGE and isinstance(shape, NamedNode) and isinstance(text, Literal):
            found[shape.value] = min(found.get(shape.value, text), text, key=_preference)
    return {shape: text.value for shape, text in found.items()}


def _preference(text: Literal) -> tuple[bool, str, str]:
    return (text.language != "en", text.language or "", text.value)
