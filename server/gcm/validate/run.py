"""One validation, from what was given to the report."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from pyoxigraph import NamedNode

from gcm.errors import SourceError
from gcm.given import Given, Place
from gcm.layout import Sources
from gcm.limits import Limits
from gcm.load import GraphFile, read_graph_file
from gcm.syntax import form_of
from gcm.turtle import read_bytes
from gcm.validate.canonical import canonical_datasets
from gcm.validate.context import Context
from gcm.validate.engine import Engine, find_all, rules_with
from gcm.validate.options import DRAFT, Options, Progress
from gcm.validate.overlay import View, store_of
from gcm.validate.profile import Profile
from gcm.validate.report import Outcome, Report, Result, problem
from gcm.validate.results import Told, in_order
from gcm.validate.sheets import read_sheet
from gcm.validate.submission import Document, find_shared, read_document
from gcm.validate.unread import Unread
from gcm.vocab import ONTOLOGY, SHAPES

#: Our own files may be larger than what a stranger may send.
_OWN_LIMITS = replace(Limits(), upload_bytes=float("inf"))
_DEFAULTS = Options()
_LIMITS = Limits()


def _say_nothing(_: str) -> None:
    """Keep progress to itself."""


def check(
    given: Sequence[Given],
    context: Context,
    *,
    options: Options = _DEFAULTS,
    progress: Progress = _say_nothing,
    limits: Limits = _LIMITS,
) -> Outcome:
    """Check what somebody gives in the graph that it is for.

    A dataset that the graph has already takes the place of the one there. Results are about what was given,
    and about what it breaks elsewhere. What cannot be read is a result like any other; it hides nothing but
    faults that it might mend. Raises SourceError if the rules of the graph are none, QueryError if a shape of
    the options is none.
    """
    documents = [_read(each, context, limits=limits) for each in given]
    results = _results(documents, context, options=options, progress=progress)
    datasets = canonical_datasets(documents) if options.with_datasets else MappingProxyType({})
    return Outcome(Report(in_order(results)), datasets)


def _read(given: Given, context: Context, *, limits: Limits, home: NamedNode | None = None) -> Document:
    if given.form.is_table:
        return read_sheet(given, context, limits=limits)
    return read_document(given, limits=limits, home=home)


def validate(
    sources: Sources,
    files: Sequence[Path] = (),
    *,
    options: Options = _DEFAULTS,
    progress: Progress = _say_nothing,
) -> Report:
    """Check the whole graph, or only `files` in the context of the graph.

    A file that is one of the sources, or is the same dataset as one, takes its place; any other is added.
    Raises SourceError if the shapes or checks are no shapes or checks, QueryError if one of the options is
    none.
    """
    broken = _Broken()
    paths = {path.resolve(): path for path in files or sources.files}
    rest = [path for path in sources.files if path.resolve() not in paths]
    around = [*_read_around(rest, sources, broken)]
    context = Context.of_files(around, checks=sources.checks, folder=sources.shapes[0].parent)
    documents = [*_read_documents(paths.values(), sources, context, broken)]
    hidden = {path.resolve() for path in broken.paths} | {
        Path(each.given.name).resolve() for each in documents if not each.is_readable
    }
    if hidden.isdisjoint(_homes(sources)):
        told = _results(
            documents, context, options=options, progress=progress, unread=broken.texts, is_whole=not files
        )
    else:  # without all rules nothing can be said about data
        told = _unreadable(documents, options)
    return Report(in_order([*broken.faults, *told]))


def _results(
    documents: Sequence[Document],
    context: Context,
    *,
    options: Options,
    progress: Progress,
    unread: Iterable[bytes] = (),
    is_whole: bool = False,
) -> Iterator[Result]:
    """Find what is to be told."""
    yield from _unreadable(documents, options)
    quads = [quad for each in documents for quad in each.quads()]
    rules = rules_with(quads, context.rules)
    profile = Profile(options, rules)
    progress(f"checking {len(quads):,} triples")
    if is_whole:
        view = View(store_of(quads))
        found = find_all(view, rules, progress=progress)
    else:
        engine = Engine(quads, context, rules=rules, progress=progress, only_changes=options.only_changes)
        view, found = engine.view, engine.find(options.nodes)
    hidden = [*unread, *(each.given.data for each in documents if not each.is_readable)]
    texts = Unread(hidden, view, rules.checks)
    findings = [each for each in profile.apply(found) if not texts.may_mend(each)]
    yield from Told(documents, context, rules, view).results(findings)


def _unreadable(documents: Sequence[Document], options: Options) -> Iterator[Result]:
    """Tell what cannot be read, and which headers are missing."""
    for document in documents:
        yield from document.problems
        for each in document.missing:
            yield replace(each, severity="warning") if options.profile == DRAFT else each
    yield from find_shared(documents)


class _Broken:
    """Files that could not be read: the faults, the paths, and their texts where there are any."""

    def __init__(self) -> None:
        self.faults: list[Result] = []
        self.paths: list[Path] = []
        self.texts: list[bytes] = []

    @contextmanager
    def collecting(self, path: Path) -> Iterator[None]:
        """Turn a SourceError into results, so that one unreadable file does not hide the next."""
        try:
            yield
        except SourceError as error:
            self.paths.append(path)
            with suppress(OSError):  # it is missing, a folder, or may not be read
                self.texts.append(path.read_bytes())
            for each in (error, *error.further):
                self.faults.append(problem(each.reason, Place(str(each.path), each.line, each.column)))


def _homes(sources: Sources) -> Mapping[Path, NamedNode]:
    """Map the files of the ontology and of the shapes to their graphs."""
    groups = ((ONTOLOGY, sources.ontology), (SHAPES, sources.shapes))
    return {path.resolve(): graph for graph, paths in groups for path in paths}


def _read_documents(
    paths: Iterable[Path], sources: Sources, context: Context, broken: _Broken
) -> Iterator[Document]:
    homes = _homes(sources)
    for path in paths:
        with broken.collecting(path):
            data = read_bytes(path)
            given = Given(str(path), data, form_of(str(path), None, data))
            yield _read(given, context, limits=_OWN_LIMITS, home=homes.get(path.resolve()))


def _read_around(paths: Iterable[Path], sources: Sources, broken: _Broken) -> Iterator[GraphFile]:
    for path in paths:
        with broken.collecting(path):
            yield read_graph_file(path, sources=sources)
