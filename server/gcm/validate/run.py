"""One validation, from files to report."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from gcm.errors import SourceError
from gcm.given import Place
from gcm.layout import Sources
from gcm.load import GraphFile, read_graph_file, refuse_shared_datasets
from gcm.validate.checks import read_check, run_check, store_of
from gcm.validate.cut import cut_out
from gcm.validate.finding import Finding, Term
from gcm.validate.places import Places, subjects_of
from gcm.validate.report import Report, Result
from gcm.validate.shacl import find_faults
from gcm.vocab import ONTOLOGY, SHAPES

Progress = Callable[[str], None]


@dataclass(frozen=True)
class _Reading:
    """What was read: the files to be checked, and the rest of the graph that they stand in."""

    checked: tuple[GraphFile, ...]
    context: tuple[GraphFile, ...]

    @property
    def all(self) -> tuple[GraphFile, ...]:
        return self.checked + self.context


def validate(sources: Sources, files: Sequence[Path] = (), *, progress: Progress = lambda _: None) -> Report:
    """Check the whole graph, or only `files` in the context of the graph.

    A file that is one of the sources, or is the same dataset as one, takes its place; any other is added.
    Then results are only about nodes that the files speak of, and about what the files break elsewhere.
    A file that cannot be read is a result like any other. Raises SourceError if the shapes or checks are
    no shapes or checks.
    """
    faults: list[Result] = []
    reading = _read(sources, files, faults)
    if faults:
        return Report(tuple(faults))
    progress(f"checking {sum(len(file.triples) for file in reading.checked):,} triples")
    findings = _all_findings(sources, reading) if not files else _own_findings(sources, reading)
    return Report(_located(findings, reading))


def _read(sources: Sources, files: Sequence[Path], faults: list[Result]) -> _Reading:
    given = {path.resolve(): path for path in files}
    checked = _read_files(given.values() or sources.files, sources, faults)
    rest = [path for path in sources.files if files and path.resolve() not in given]
    datasets = {file.graph for file in checked} - {ONTOLOGY, SHAPES}
    context = [file for file in _read_files(rest, sources, faults) if file.graph not in datasets]
    with _collecting(faults):
        refuse_shared_datasets(checked)
    return _Reading(checked=tuple(checked), context=tuple(context))


def _read_files(paths: Iterable[Path], sources: Sources, faults: list[Result]) -> list[GraphFile]:
    found = []
    for path in paths:
        with _collecting(faults):
            found.append(read_graph_file(path, sources=sources))
    return found


@contextmanager
def _collecting(faults: list[Result]) -> Iterator[None]:
    """Turn a SourceError into a result, so that one unreadable file does not hide the next."""
    try:
        yield
    except SourceError as error:
        place = Place(str(error.path), error.line)
        faults.append(Result(place, "violation", "", None, None, error.reason, "syntax"))


def _all_findings(sources: Sources, reading: _Reading) -> list[Finding]:
    store = store_of(reading.all)
    checks = [finding for path in sources.checks for finding in run_check(store, read_check(path))]
    data = (each.triple for file in reading.all if file.graph != SHAPES for each in file.triples)
    return checks + find_faults(data, _shapes(reading), folder=sources.shapes[0].parent)


def _own_findings(sources: Sources, reading: _Reading) -> list[Finding]:
    subjects = subjects_of(reading.checked)
    findings = _shacl_of(subjects, sources, reading, with_all_references=False)
    if any(each.focus not in subjects for each in findings):
        findings = _shacl_of(subjects, sources, reading, with_all_references=True)
    return _own_checks(sources, reading, subjects) + findings


def _shacl_of(
    subjects: frozenset[Term], sources: Sources, reading: _Reading, *, with_all_references: bool
) -> list[Finding]:
    """Check what the files speak of, and what elsewhere has it as a value."""
    data = (each.triple for file in reading.all if file.graph != SHAPES for each in file.triples)
    ontology = [each.triple for file in reading.all if file.graph == ONTOLOGY for each in file.triples]
    cut = cut_out(data, subjects, with_all_references=with_all_references)
    folder = sources.shapes[0].parent
    findings = find_faults([*ontology, *cut.triples], _shapes(reading), folder=folder, nodes=cut.nodes)
    return [each for each in findings if each.focus in subjects or each.value in subjects]


def _own_checks(sources: Sources, reading: _Reading, subjects: frozenset[Term]) -> list[Finding]:
    """Run the checks on everything; of faults in other nodes keep those that the files bring."""
    checks = [read_check(path) for path in sources.checks]
    store = store_of(reading.all)
    findings = [finding for check in checks for finding in run_check(store, check)]
    if all(each.focus in subjects for each in findings):
        return findings
    store = store_of(reading.context)
    before = {finding for check in checks for finding in run_check(store, check)}
    return [each for each in findings if each.focus in subjects or each not in before]


def _shapes(reading: _Reading) -> Iterable[Triple]:
    return (each.triple for file in reading.all if file.graph == SHAPES for each in file.triples)


def _located(findings: Iterable[Finding], reading: _Reading) -> tuple[Result, ...]:
    found = set(findings)
    if not found:
        return ()
    places = Places(reading.all)
    return tuple(sorted({_result(finding, *places.of(finding)) for finding in found}, key=_order))


def _order(result: Result) -> tuple[str, int, str, str, str, str]:
    return (
        str(result.path),
        result.line or 0,
        result.source,
        result.focus,
        result.value or "",
        result.message,
    )


def _result(finding: Finding, path: Path, line: int | None) -> Result:
    return Result(
        place=Place(str(path), line),
        severity=finding.severity,
        focus=_text(finding.focus),
        predicate=finding.predicate.value if finding.predicate else None,
        value=None if finding.value is None else _text(finding.value),
        message=finding.message,
        source=finding.source,
    )


def _text(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
