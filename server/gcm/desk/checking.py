"""Checking what is sent in the context of the files as they are now."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode

from gcm.desk.submission import Checked, Checker
from gcm.errors import SourceError
from gcm.given import Form, Given
from gcm.layout import Sources
from gcm.load import read_graph_file
from gcm.turtle import canonical_text
from gcm.validate import Report, Result, validate

_SUFFIX = {Form.TURTLE: ".ttl", Form.N_TRIPLES: ".nt", Form.RDF_XML: ".rdf"}


def checker_of(sources: Callable[[], Sources]) -> Checker:
    """Give what checks against the files that `sources` finds at that moment."""

    def check(given: Sequence[Given], *, without: Collection[Path] = ()) -> Checked:
        found = sources()
        kept = replace(found, data=tuple(path for path in found.data if path not in without))
        with TemporaryDirectory(prefix="gcm-check-") as folder:
            return _check(kept, given, Path(folder))

    return check


def _check(sources: Sources, given: Sequence[Given], folder: Path) -> Checked:
    names = {}
    for place, each in enumerate(given):
        if each.form not in _SUFFIX:
            raise SourceError("this form cannot be read here; send Turtle.", path=Path(each.name))
        path = folder / f"{place}{_SUFFIX[each.form]}"
        path.write_bytes(each.data)
        names[str(path)] = each.name
    report = validate(sources, [Path(path) for path in names])
    results = tuple(_renamed(each, names) for each in report.results)
    return Checked(Report(results), dict(_datasets(names, sources)))


def _renamed(result: Result, names: dict[str, str]) -> Result:
    place = replace(result.place, file=names.get(result.place.file, result.place.file))
    return replace(result, place=place)


def _datasets(names: dict[str, str], sources: Sources) -> Iterator[tuple[NamedNode, str]]:
    for path, name in names.items():
        try:
            file = read_graph_file(Path(path), sources=sources)
            lines = "\n".join(f"{each.triple} ." for each in file.triples)
            yield file.graph, canonical_text(lines, path=Path(name))
        except SourceError:  # the report says so
            continue
