"""What several test modules share: the option --approve, and two graphs held in memory."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pytest
from gcm.turtle import dataset_of, parse_triples
from gcm.vocab import DATASET, ONTOLOGY, SHAPES
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

ROOT = Path(__file__).parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run rewrite the expected files instead of comparing with them."""
    parser.addoption(
        "--approve", action="store_true", help="rewrite the expected files; review the diff like code"
    )


@pytest.fixture(scope="session")
def approve(request: pytest.FixtureRequest) -> bool:
    """Whether this run rewrites expected files."""
    return bool(request.config.getoption("--approve"))


@pytest.fixture(scope="session")
def world_store() -> Store:
    """Hold the tiny invented graph of tests/world, beside our ontology and shapes."""
    return store_of(ROOT / "tests" / "world")


@pytest.fixture(scope="session")
def real_store() -> Store:
    """Hold the real data, beside our ontology and shapes."""
    return store_of(ROOT / "data")


def store_of(folder: Path) -> Store:
    """Hold the files of `folder` as a version does: each in its dataset's graph, all in the default graph."""
    store = Store()
    for path in turtle_files(ROOT / "ontology"):
        add_file(store, path, graph=ONTOLOGY)
    for path in turtle_files(ROOT / "shapes"):
        add_file(store, path, graph=SHAPES)
    for path in turtle_files(folder):
        add_file(store, path)
    return store


def turtle_files(folder: Path) -> Iterable[Path]:
    """Find the files of a folder, of which there must be some."""
    found = sorted(folder.glob("*.ttl"))
    assert found, f"{folder} holds no Turtle file"
    return found


def add_file(store: Store, path: Path, *, graph: NamedNode | None = None) -> None:
    """Add one file to its graph and to the default graph."""
    located = parse_triples(path.read_bytes(), path=path)
    named = graph or dataset_of(located, path=path)
    triples = [each.triple for each in located]
    for into in (named, DefaultGraph()):
        store.extend(Quad(triple.subject, triple.predicate, triple.object, into) for triple in triples)


def make_version(directory: Path, name: str, graphs: Mapping[str, Sequence[Triple]]) -> Path:
    """Make a version by hand, the current one of `directory`; its graphs are named as datasets are."""
    path = directory / "versions" / name
    path.mkdir(parents=True)
    store = Store(str(path / "store"))
    for graph, triples in graphs.items():
        for into in (NamedNode(DATASET + graph), DefaultGraph()):
            store.bulk_extend(Quad(each.subject, each.predicate, each.object, into) for each in triples)
    store.flush()
    rows = [{"iri": DATASET + each, "file": f"{each}.ttl", "triples": len(graphs[each])} for each in graphs]
    total = sum(len(triples) for triples in graphs.values())
    manifest = {"id": name, "built": "2026-11-22T08:00:00Z", "graphs": rows, "triples": total}
    (path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    link = directory / "next"
    link.symlink_to(Path("versions") / name)
    link.replace(directory / "current")
    return path


#: What `small_store` holds: a statement that two datasets make, and many, for answers that take long.
EXAMPLE = "http://example.org/"
SAID_TWICE = Triple(NamedNode(EXAMPLE + "a"), NamedNode(EXAMPLE + "p"), Literal("twice", language="en"))
MANY = [
    Triple(NamedNode(f"{EXAMPLE}many/{number}"), NamedNode(EXAMPLE + "number"), Literal(number))
    for number in range(3000)
]


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hold one version of 3,002 statements, in a folder of versions."""
    directory = tmp_path_factory.mktemp("versions")
    make_version(directory, "version-1", {"one": [SAID_TWICE], "two": [SAID_TWICE], "many": MANY})
    return directory


@pytest.fixture(scope="session")
def version_maker() -> Callable[[Path, str, Mapping[str, Sequence[Triple]]], Path]:
    """Give tests what makes versions by hand."""
    return make_version
