"""Versions: built whole, switched in one step, whatever happens meanwhile."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
from gcm import load
from gcm.errors import SourceError, StoreError
from gcm.layout import Sources, find_sources
from gcm.load import versions
from gcm.load.stock import Stock, take_stock
from gcm.vocab import ONTOLOGY, SHAPES
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

pytestmark = pytest.mark.server

SMALL = Path(__file__).parent / "small"
HEADER = "<https://w3id.org/gcm/data/{0}> a <http://www.w3.org/ns/dcat#Dataset> .\n"


def quietly(_: str) -> None:
    """Say nothing."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Copy the small graph, so that a test may change it."""
    return Path(shutil.copytree(SMALL, tmp_path / "graph"))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Name a folder for versions that does not exist yet."""
    return tmp_path / "below" / "store"


def build(root: Path, store: Path) -> load.Version:
    return load.build(find_sources(root), store, progress=quietly, kept=3)


def add_dataset(root: Path, name: str) -> None:
    (root / "data" / f"{name}.ttl").write_text(HEADER.format(name))


def rubbish(store: Path) -> set[str]:
    return {path.name for path in store.iterdir()} - {"versions", "current", "lock", "removed", "hashes.json"}


def test_a_version_holds_each_triple_in_the_graph_of_its_file(root: Path, store: Path) -> None:
    version = build(root, store)
    opened = Store.read_only(str(version.path / "store"))
    graphs = {str(each) for each in opened.named_graphs()}
    datasets = {f"<https://w3id.org/gcm/data/{name}>" for name in ("actors", "pledges")}
    assert graphs == datasets | {str(ONTOLOGY), str(SHAPES)}
    first, number = NamedNode("http://example.org/pledge1"), NamedNode("http://example.org/number")
    found = {(each.graph_name, each.object) for each in opened.quads_for_pattern(first, number, None, None)}
    pledges = NamedNode("https://w3id.org/gcm/data/pledges")
    assert {graph for graph, _ in found} == {pledges, DefaultGraph()}
    assert {value.value for _, value in found if isinstance(value, Literal)} == {"1"}  # stored by value


def test_the_default_graph_holds_a_triple_of_two_datasets_once(root: Path, store: Path) -> None:
    for name in ("first", "second"):
        path = root / "data" / f"{name}.ttl"
        path.write_text(HEADER.format(name) + "<http://a/> <http://p/> 1 .\n")
    opened = Store.read_only(str(build(root, store).path / "store"))
    results = opened.query("SELECT (COUNT(*) AS ?count) WHERE { ?s <http://p/> ?o }")
    assert "1" in str(next(iter(results))[0])  # type: ignore[arg-type] # a SELECT has solutions


def test_the_manifest_counts_each_file(root: Path, store: Path) -> None:
    version = build(root, store)
    manifest = json.loads((version.path / "manifest.json").read_text())
    rows = [(each["iri"].rpartition("/")[2], each["file"], each["triples"]) for each in manifest["graphs"]]
    assert manifest["id"] == version.id
    assert manifest["built"].endswith("+00:00")
    assert ("pledges", "pledges.ttl", 14) in rows
    assert manifest["triples"] == sum(triples for _, _, triples in rows)


def test_the_same_files_make_the_same_version_once(root: Path, store: Path) -> None:
    said: list[str] = []
    first = build(root, store)
    again = load.build(find_sources(root), store, progress=said.append)
    assert (again, said) == (first, [])
    assert load.is_built(find_sources(root), store)


@pytest.mark.parametrize(
    "name", ["ontology/core.ttl", "shapes/core.ttl", "shapes/checks/no-date.rq", "data/actors.ttl"]
)
def test_any_changed_file_makes_another_version(root: Path, name: str) -> None:
    before = load.version_id(find_sources(root))
    (root / name).write_text((root / name).read_text() + "\n")
    assert load.version_id(find_sources(root)) != before


def test_a_renamed_file_and_a_new_one_make_another_version(root: Path) -> None:
    ids = [load.version_id(find_sources(root))]
    (root / "data" / "actors.ttl").rename(root / "data" / "others.ttl")
    ids.append(load.version_id(find_sources(root)))
    add_dataset(root, "new")
    ids.append(load.version_id(find_sources(root)))
    assert len(set(ids)) == 3


def test_a_version_is_named_by_its_files_wherever_they_lie(root: Path) -> None:
    assert load.version_id(find_sources(root)) == load.version_id(find_sources(SMALL))


def test_the_new_version_becomes_current_and_the_old_one_stays_whole(root: Path, store: Path) -> None:
    old = build(root, store)
    reader = Store.read_only(str(old.path / "store"))
    add_dataset(root, "new")
    new = build(root, store)
    assert load.current(store) == new != old
    assert (
        len(reader)
        == len(Store.read_only(str(old.path / "store")))
        < len(Store.read_only(str(new.path / "store")))
    )


def test_going_back_to_older_files_makes_their_version_current(root: Path, store: Path) -> None:
    old = build(root, store)
    add_dataset(root, "new")
    build(root, store)
    (root / "data" / "new.ttl").unlink()
    assert build(root, store) == old == load.current(store)


def test_the_version_that_was_served_last_is_kept(root: Path, store: Path) -> None:
    first = build(root, store)
    for name in ("one", "two"):
        add_dataset(root, name)
        build(root, store)
    for name in ("one", "two"):
        (root / "data" / f"{name}.ttl").unlink()
    assert build(root, store) == first
    add_dataset(root, "three")
    build(root, store)
    assert first.id in {path.name for path in (store / "versions").iterdir()}


def test_the_last_three_versions_are_kept(root: Path, store: Path) -> None:
    built = [build(root, store)]
    for name in ("one", "two", "three", "four"):
        add_dataset(root, name)
        built.append(build(root, store))
    assert {path.name for path in (store / "versions").iterdir()} == {each.id for each in built[-3:]}
    assert (store / "removed").read_text().split() == [each.id for each in built[:-3]]
    assert rubbish(store) == set()


def test_without_a_version_the_message_says_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="build one with: gcm load"):
        load.current(tmp_path)


def test_a_version_that_is_gone_is_named(root: Path, store: Path) -> None:
    version = build(root, store)
    shutil.rmtree(version.path)
    with pytest.raises(StoreError, match=f"version {version.id} is gone"):
        load.current(store)
    assert build(root, store) == version == load.current(store)


def test_a_file_that_is_not_turtle_leaves_the_version_before(root: Path, store: Path) -> None:
    old = build(root, store)
    (root / "data" / "new.ttl").write_text("oops")
    with pytest.raises(SourceError, match=r"new\.ttl:1: "):
        build(root, store)
    assert load.current(store) == old
    assert rubbish(store) == set()


def test_two_files_cannot_be_the_same_dataset(root: Path, store: Path) -> None:
    (root / "data" / "twin.ttl").write_text(HEADER.format("actors"))
    with pytest.raises(SourceError, match=r"twin\.ttl: .*already the dataset of .*actors\.ttl"):
        build(root, store)


@pytest.mark.parametrize("name", ["all", "ontology", "shapes"])
def test_files_to_download_of_a_dataset_cannot_have_the_names_of_ours(
    root: Path, store: Path, name: str
) -> None:
    (root / "data" / "clash.ttl").write_text(HEADER.format(name))
    with pytest.raises(SourceError, match=rf"clash\.ttl: .*named “{name}”, as ours are; give it another IRI"):
        build(root, store)


def test_files_that_change_while_they_are_read_are_not_published(
    root: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_too_early(sources: Sources, directory: Path) -> Stock:
        stock = take_stock(sources, directory)
        (root / "data" / "actors.ttl").write_text(HEADER.format("actors"))
        return stock

    monkeypatch.setattr(versions, "take_stock", look_too_early)
    with pytest.raises(StoreError, match="changed while they were read"):
        build(root, store)
    assert rubbish(store) == set()


FAULTS = {
    "syntax": ("<http://a> <http://p> 1 .\n<http://b> oops .\n", r":3: "),
    "second header": (HEADER.format("twin"), r":2: this is a second dataset"),
    "triple term": ("<http://a> <http://p> <<( <http://a> <http://p> 1 )>> .\n", r":2: .*RDF 1\.2"),
    "direction": ('<http://a> <http://p> "a"@en--ltr .\n', r":2: .*RDF 1\.2"),
    "no base": ("<a> <http://p> 1 .\n", r":2: "),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_line_and_nothing_is_left(root: Path, store: Path, name: str) -> None:
    old = build(root, store)
    text, message = FAULTS[name]
    (root / "data" / "new.ttl").write_text(HEADER.format("new") + text)
    with pytest.raises(SourceError, match=rf"new\.ttl{message}"):
        load.build(find_sources(root), store.with_name("fresh"), progress=quietly)
    with pytest.raises(SourceError, match=rf"new\.ttl{message}"):
        build(root, store)
    assert load.current(store) == old
    assert rubbish(store) == rubbish(store.with_name("fresh")) == set()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<http://a> <http://p> 1 .", r":1: the file does not say which dataset it is"),
        (b"[] a <http://www.w3.org/ns/dcat#Dataset> .", r":1: the dataset has no IRI"),
        (HEADER.format("new").encode() + b"<http://a> <http://p> '\xff' .", r":2: this line is not UTF-8"),
        (HEADER.format("new").encode() + b"# \xff\n", r":2: this line is not UTF-8"),
    ],
)
def test_a_file_that_is_no_dataset_is_told(root: Path, store: Path, data: bytes, message: str) -> None:
    (root / "data" / "new.ttl").write_bytes(data)
    with pytest.raises(SourceError, match=rf"new\.ttl{message}"):
        build(root, store)


@pytest.mark.parametrize(
    "text",
    [
        "_:a <http://p> 1 ; <http://q> _:b . _:b <http://p> 2 .",
        "[] <http://p> 1 .",
        "<http://a> <http://p> ( 1 2 ) .",
        "<http://a> <http://p> [ <http://q> 3 ] .",
        "<http://a> <http://p> 'no blank node (but a bracket)' .",
        "\ufeff<http://a> <http://p> 1 .",
    ],
)
def test_both_graphs_have_the_same_statements_and_nodes(root: Path, store: Path, text: str) -> None:
    mark, rest = text[:1] if text.startswith("\ufeff") else "", text.removeprefix("\ufeff")
    (root / "data" / "new.ttl").write_text(mark + HEADER.format("new") + rest, encoding="utf-8")
    opened = Store.read_only(str(build(root, store).path / "store"))
    new = NamedNode("https://w3id.org/gcm/data/new")
    named = {each.triple for each in opened.quads_for_pattern(None, None, None, new)}
    merged = {each.triple for each in opened.quads_for_pattern(None, None, None, DefaultGraph())}
    assert named <= merged
    assert len(named) > 1
    others = {each.triple for each in opened if each.graph_name not in (new, DefaultGraph())}
    assert named | others == merged


def test_a_folder_that_cannot_be_written_is_one_clear_line(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot be written in .*name a folder with room by --store"):
        build(root, tmp_path / "file" / "store")


def test_a_second_builder_waits_for_the_first(root: Path, store: Path) -> None:
    store.mkdir(parents=True)
    with (store / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        def release(text: str) -> None:
            if text.startswith("waiting"):
                fcntl.flock(lock, fcntl.LOCK_UN)
            else:  # now the other has it
                with pytest.raises(BlockingIOError):
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

        assert load.build(find_sources(root), store, progress=release) == load.current(store)


BUILDER = """
import os, sys
from pathlib import Path
from gcm.load import difference, versions, write
from gcm.layout import find_sources
steps = 0
def step():
    global steps
    steps += 1
    if steps == int(sys.argv[3]):
        os.kill(os.getpid(), 9)
def watch(module, name):
    original = getattr(module, name)
    def call(*arguments, **options):
        step()
        return original(*arguments, **options)
    setattr(module, name, call)
for name in ("link", "mkdir", "rename", "replace", "rmdir", "symlink", "unlink", "utime"):
    watch(os, name)
for module, names in {
    versions: ("write_version", "write_through"),
    write: ("Store", "copy_store", "update_store", "write_store", "write_record", "count_triples"),
}.items():
    for name in names:
        watch(module, name)
difference._PART = float(sys.argv[4])
versions.build(find_sources(Path(sys.argv[1])), Path(sys.argv[2]), progress=lambda _: None, kept=3)
"""


def is_finished_before(step: int, root: Path, store: Path, *, part: float) -> bool:
    """Build in a process that ends itself with signal 9 at this step; tell whether it finished before."""
    command = [sys.executable, "-c", BUILDER, str(root), str(store), str(step), str(part)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode in (-signal.SIGKILL, 0), done.stderr
    return done.returncode == 0


def sizes(store: Path) -> dict[str, int]:
    """Count the triples of every version, which fails if one is not whole."""
    paths = (store / "versions").iterdir()
    return {path.name: sum(1 for _ in Store.read_only(str(path / "store"))) for path in paths}


@pytest.mark.server
@pytest.mark.parametrize("part", [0, 1000], ids=["from nothing", "from the version before"])
def test_a_build_killed_at_any_step_leaves_whole_versions(
    root: Path, store: Path, tmp_path: Path, part: float
) -> None:
    for name in ("one", "two", "three"):
        build(root, store)
        add_dataset(root, name)
    old_id, new_id = load.current(store).id, load.version_id(find_sources(root))
    whole = sizes(store)
    whole[new_id] = whole[old_id] + 2
    served = []
    for step in count(1):
        killed = Path(shutil.copytree(store, tmp_path / f"killed-{step}", symlinks=True))
        if is_finished_before(step, root, killed, part=part):
            break
        assert sizes(killed).items() <= whole.items(), step
        served.append(load.current(killed).id)
        build(root, killed)
        assert (load.current(killed).id, len(sizes(killed)), rubbish(killed)) == (new_id, 3, set()), step
    assert served == sorted(served, key=[old_id, new_id].index)
    assert min(served.count(old_id), served.count(new_id)) > 5  # else nothing was watched


def test_the_next_build_removes_what_killed_ones_left(root: Path, store: Path) -> None:
    build(root, store)
    (store / "removing-half").mkdir()
    (store / "building-half" / "store").mkdir(parents=True)
    (store / "current.new").symlink_to("nowhere")
    build(root, store)
    assert rubbish(store) == set()


FULL = """
import resource, sys
from pathlib import Path
from gcm import load
from gcm.errors import StoreError
from gcm.layout import find_sources
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    load.build(find_sources(Path(sys.argv[1])), Path(sys.argv[2]), progress=lambda _: None)
except StoreError as error:
    print(error)
"""


def test_a_full_disk_is_one_clear_line(root: Path, store: Path) -> None:
    old = build(root, store)
    add_dataset(root, "new")
    command = [sys.executable, "-c", FULL, str(root), str(store)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert "a version cannot be written in" in done.stdout, done
    assert load.current(store) == old
    build(root, store)
    assert rubbish(store) == set()


def test_a_file_is_read_into_the_graph_of_its_kind(root: Path) -> None:
    sources = find_sources(root)
    graphs = [load.read_graph_file(path, sources=sources).graph for path in sources.files]
    names = [graph.value.removeprefix("https://w3id.org/gcm/") for graph in graphs]
    assert names == ["ontology", "shapes", "data/actors", "data/pledges"]


def test_a_file_that_is_gone_has_no_version(root: Path) -> None:
    sources = find_sources(root)
    (root / "data" / "actors.ttl").unlink()
    with pytest.raises(SourceError, match=r"actors\.ttl: the file cannot be read"):
        load.version_id(sources)


def test_a_clock_set_back_does_not_remove_the_current_version(root: Path, store: Path) -> None:
    for name in ("one", "two", "three"):
        add_dataset(root, name)
        build(root, store)
    for path in (store / "versions").iterdir():
        os.utime(path, (4e9, 4e9))  # built in the year 2096, as the clock then said
    add_dataset(root, "four")
    version = build(root, store)
    assert load.current(store) == version
    assert version.path.is_dir()
    assert len(sizes(store)) == 3
