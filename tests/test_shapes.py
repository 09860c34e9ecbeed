"""The shapes and checks: each case has the report that was approved, each rule is broken by some case."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyshacl
import pytest
from gcm.layout import Sources, find_sources
from gcm.turtle import read_triples
from gcm.validate import Result
from gcm.validate.run import validate
from gcm.vocab import KINDS, PREFIXES, SHAPE, shorten
from pyoxigraph import NamedNode
from rdflib import RDF, RDFS, SH, BNode, Graph, URIRef
from rdflib.term import Node

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "shapes"
INVALID = sorted(CASES.glob("*/invalid.*.ttl"))
VALID = sorted(CASES.glob("*/valid.*.ttl"))
CHECKS = sorted((ROOT / "shapes" / "checks").glob("*.rq"))
COLUMNS = ("line", "severity", "focus", "path", "value", "message", "expected", "fix", "source")

#: Fewer cases in a folder would mean that some got lost.
MINIMUM = {
    "actors": 15,
    "checks": 27,
    "commitments": 25,
    "core": 64,
    "dataset": 11,
    "funding": 12,
    "law": 14,
    "ontology": 12,
    "reviews": 15,
}

#: What every property shape says of itself: for reports, and for the pages, forms and tables made from it.
SAID_OF_A_PROPERTY = (SH.path, SH.name, SH.description, SH.order, SH.group, SH.message, SH.severity)

Reports = Mapping[Path, list[Result]]

each_invalid = pytest.mark.parametrize(
    "path", INVALID, ids=lambda path: f"{path.parent.name}-{path.stem.removeprefix('invalid.')}"
)
each_check = pytest.mark.parametrize("check", CHECKS, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def world() -> Sources:
    """Find our ontology, shapes and checks, and the tiny invented graph as data."""
    return find_sources(ROOT, data=[ROOT / "tests" / "world"], with_own_data=False)


@pytest.fixture(scope="module")
def reports(world: Sources) -> Reports:
    """Check all cases at once in the context of the tiny world; they share no thing, so none meddles."""
    found = defaultdict(list)
    for result in validate(world, [*INVALID, *VALID]).results:
        found[result.path].append(result)
    return found


@pytest.fixture(scope="module")
def shapes(world: Sources) -> Graph:
    """Read all statements about shapes."""
    return graph_of(world.shapes)


@pytest.fixture(scope="module")
def ontology(world: Sources) -> Graph:
    """Read all statements about terms."""
    return graph_of(world.ontology)


@each_invalid
def test_report_is_the_approved_one(path: Path, reports: Reports, approve: bool) -> None:
    expected = path.with_suffix(".csv")
    report = table(reports.get(path, []))
    if approve:
        expected.write_text(report, encoding="utf-8")
    approved = expected.read_text(encoding="utf-8") if expected.is_file() else "(no file yet)"
    repair = f"if the difference is right: tests/run tests/test_shapes.py -k {path.parent.name} --approve"
    assert report == approved, repair


@each_invalid
def test_invalid_case_breaks_one_rule(path: Path, reports: Reports) -> None:
    assert len({result.source for result in reports.get(path, [])}) == 1


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.parent.name)
def test_valid_case_has_nothing_to_mend(path: Path, reports: Reports) -> None:
    assert table(reports.get(path, [])) == table([])


def test_cases_break_nothing_elsewhere(reports: Reports) -> None:
    assert set(reports) - {*INVALID, *VALID} == set()


def test_cases_share_no_thing() -> None:
    owners = defaultdict(set)
    for path in [*INVALID, *VALID]:
        for each in read_triples(path):
            owners[str(each.triple.subject)].add(path.name)
    assert {thing: paths for thing, paths in owners.items() if len(paths) > 1} == {}


def test_cases_say_that_they_are_invented() -> None:
    for path in [*INVALID, *VALID]:
        assert "nvented for tests" in path.read_text(encoding="utf-8"), path.name


def test_every_folder_of_cases_has_its_minimum() -> None:
    counts = {folder.name: len(list(folder.glob("invalid.*.ttl"))) for folder in CASES.iterdir()}
    assert set(counts) == set(MINIMUM)
    assert {name: count for name, count in counts.items() if count < MINIMUM[name]} == {}
    assert {path.parent.name for path in VALID} == set(MINIMUM) - {"checks"}


def test_every_report_has_its_case() -> None:
    assert {path.with_suffix(".ttl") for path in CASES.glob("*/*.csv")} == set(INVALID)


def test_every_property_shape_is_fired(reports: Reports, shapes: Graph) -> None:
    fired = {result.source for results in reports.values() for result in results}
    assert names(property_shapes(shapes)) - {source.removeprefix(SHAPE) for source in fired} == set()


@each_check
def test_every_check_catches_something(check: Path, reports: Reports) -> None:
    case = CASES / "checks" / f"invalid.{check.stem}.ttl"
    assert {result.source for result in reports[case]} == {check.stem}


def test_shapes_are_shacl(shapes: Graph) -> None:
    """The shapes conform to the shapes of shapes (SHACL appendix C), which are too slow for every run."""
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, text


def test_every_property_shape_belongs_to_a_node_shape(shapes: Graph) -> None:
    assert property_shapes(shapes) == set(shapes.objects(None, SH.property))


@pytest.mark.parametrize("predicate", SAID_OF_A_PROPERTY, ids=lambda predicate: predicate.fragment)
def test_every_property_shape_says_its(predicate: URIRef, shapes: Graph) -> None:
    assert names(property_shapes(shapes) - set(shapes.subjects(predicate))) == set()


def test_property_shapes_are_named_in_three_languages(shapes: Graph) -> None:
    for shape in property_shapes(shapes):
        languages = sorted(getattr(name, "language", "") or "" for name in shapes.objects(shape, SH.name))
        assert languages == ["en", "fr", "ru"], shape


def test_groups_are_declared_and_used(shapes: Graph) -> None:
    assert set(shapes.objects(None, SH.group)) == set(shapes.subjects(RDF.type, SH.PropertyGroup))


def test_order_of_properties_is_total(shapes: Graph) -> None:
    """Within one class no two properties claim the same place of the same group."""
    for shape in shapes_of_things(shapes):
        places: dict[tuple[Node | None, Node | None], set[Node | None]] = defaultdict(set)
        for each in shapes.objects(shape, SH.property):
            place = (shapes.value(each, SH.group), shapes.value(each, SH.order))
            places[place].add(shapes.value(each, SH.path))
        assert [paths for paths in places.values() if len(paths) > 1] == [], shape


def test_messages_tell_a_curator_what_to_do(shapes: Graph) -> None:
    for message in shapes.objects(None, SH.message):
        assert re.fullmatch(r"[A-Z].*[.]", str(message)), message
        assert "iolat" not in str(message), message


def test_shapes_have_addresses(shapes: Graph) -> None:
    nameless = {shape for shape in shapes.subjects() if isinstance(shape, BNode)}
    assert nameless == set(shapes.subjects(RDF.first)), "only lists may do without an address"


def test_a_misspelt_property_is_never_silent(shapes: Graph, ontology: Graph) -> None:
    """Each class with instances has a closed shape, its own or one above that ignores what the class adds."""
    shape_of = {shapes.value(shape, SH.targetClass): shape for shape in shapes_of_things(shapes)}
    for target, shape in shape_of.items():
        above = {shape_of[each] for each in ontology.objects(target, RDFS.subClassOf) if each in shape_of}
        closed = {each for each in {shape, *above} if (each, SH.closed, None) in shapes}
        assert closed, f"close {shape}"
        for parent in closed - {shape}:
            missing = paths_of(shapes, shape) - paths_of(shapes, parent) - ignored_by(shapes, parent)
            assert missing == set(), f"{parent} must ignore what {shape} adds"


def test_every_kind_of_thing_has_a_valid_case() -> None:
    subjects = {each.triple.subject for path in VALID for each in read_triples(path)}
    kinds = {shorten(subject).split(":")[0] for subject in subjects if isinstance(subject, NamedNode)}
    assert set(KINDS) - kinds == set()


def test_chapters_have_the_same_names_everywhere() -> None:
    chapters = {path.stem for path in (ROOT / "ontology").glob("*.ttl")}
    assert {path.stem for path in (ROOT / "shapes").glob("*.ttl")} == chapters | {"dataset", "ontology"}
    assert set(MINIMUM) == chapters | {"dataset", "ontology", "checks"}


@each_check
def test_check_says_problem_and_remedy(check: Path) -> None:
    text = check.read_text(encoding="utf-8")
    header = dict(re.findall(r"^#\+ (\w+): (.+)$", text, flags=re.MULTILINE))
    assert set(header) - {"draft", "around"} == {"title", "message", "severity"}
    assert {header["severity"], header.get("draft", "warning")} <= {"violation", "warning"}
    assert header["title"].endswith(".")
    assert header["message"].endswith(".")
    assert "ORDER BY" in text


@each_check
def test_check_declares_the_prefixes_it_uses(check: Path) -> None:
    text = check.read_text(encoding="utf-8")
    body = re.sub(r'"[^"]*"|<[^>]*>|^#.*$|^PREFIX.*$', "", text, flags=re.MULTILINE)
    used = {prefix for prefix in PREFIXES if re.search(rf"(?<![\w?-]){re.escape(prefix)}:", body)}
    declared = dict(re.findall(r"^PREFIX (\S*): <(.*)>$", text, flags=re.MULTILINE))
    assert declared == {prefix: PREFIXES[prefix] for prefix in sorted(used)}


def table(results: Iterable[Result]) -> str:
    """Write results as CSV, one row each, IRIs with our prefixes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in results:
        terms = (short(each.focus), short(each.predicate), short(each.value))
        told = (each.message, each.expected, each.fix.title if each.fix else "")
        writer.writerow([each.line, each.severity, *terms, *told, short(each.source)])
    return text.getvalue()


def short(text: str | None) -> str | None:
    """Give the prefixed name of an IRI; a literal, a name or nothing stays what it is."""
    return shorten(NamedNode(text)) if text and text.startswith("http") else text


def graph_of(paths: Iterable[Path]) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph


def property_shapes(shapes: Graph) -> set[Node]:
    return set(shapes.subjects(RDF.type, SH.PropertyShape))


def shapes_of_things(shapes: Graph) -> set[Node]:
    """Find the node shapes that aim at a class, but for those of the ontology itself."""
    of_terms = {URIRef(SHAPE + "Ontology"), URIRef(SHAPE + "Term")}
    return set(shapes.subjects(SH.targetClass)) - of_terms


def names(nodes: Iterable[Node]) -> set[str]:
    return {str(node).removeprefix(SHAPE) for node in nodes}


def paths_of(shapes: Graph, shape: Node) -> set[Node]:
    return {path for each in shapes.objects(shape, SH.property) for path in shapes.objects(each, SH.path)}


def ignored_by(shapes: Graph, shape: Node) -> set[Node]:
    head = shapes.value(shape, SH.ignoredProperties)
    return set() if head is None else set(shapes.items(head))
