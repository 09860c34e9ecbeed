"""Loading a remote store: what is sent, what a reader sees meanwhile, what a load that was killed leaves."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from gcm.cli import commands
from gcm.errors import BackendError, StoreError
from gcm.layout import Sources, find_sources, graph_root
from gcm.limits import Limits
from gcm.load import version_id
from gcm.load.upload import Sent, upload
from gcm.remote import read_endpoint
from gcm.remote.state import STATE, look, merge_name
from gcm.remote.wire import Wire
from pyoxigraph import NamedNode, Store

from tests.servers import wait_until

from .conftest import Engine, LittleStore

pytestmark = pytest.mark.server

ROOT = graph_root()
REVIEWS = "https://w3id.org/gcm/data/world-reviews"


def copy_of_world(folder: Path) -> Path:
    return Path(shutil.copytree(ROOT / "tests" / "world", folder / "world"))


def sources(data: Path) -> Sources:
    return find_sources(ROOT, data=[data], with_own_data=False)


def load(engine: Engine, data: Path) -> Sent:
    return upload(sources(data), Wire(engine.writer), limits=Limits(), progress=lambda _: None)


def add_statement(data: Path) -> None:
    path = data / "world-reviews.ttl"
    more = f'<{REVIEWS}> <http://www.w3.org/2004/02/skos/core#note> "Changed."@en .\n'
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")


def held(server: LittleStore) -> set[str]:
    return {str(graph.value) for graph in server.statements.named_graphs()}


def writings(server: LittleStore) -> list[str]:
    return [f"{method} {path}" for method, path, asked in server.asked if not asked]


def test_load_puts_every_dataset_and_the_merge_there(little_store: LittleStore, world_store: Store) -> None:
    sent = load(little_store.engine, ROOT / "tests" / "world")
    assert sent.graphs == 11
    here = {quad.graph_name for quad in world_store if isinstance(quad.graph_name, NamedNode)}
    assert held(little_store) == {each.value for each in here} | {STATE, merge_name(sent.id)}
    store = little_store.engine.store()
    assert len([*store.quads_for_pattern(None, None, None, NamedNode(REVIEWS))]) == len(
        [*world_store.quads_for_pattern(None, None, None, NamedNode(REVIEWS))]
    )


def test_statement_about_the_version_is_written_last(little_store: LittleStore) -> None:
    load(little_store.engine, ROOT / "tests" / "world")
    assert "store%2Fstate" in writings(little_store)[-1]


def test_same_files_are_not_sent_again(little_store: LittleStore) -> None:
    first = load(little_store.engine, ROOT / "tests" / "world")
    little_store.asked.clear()
    assert load(little_store.engine, ROOT / "tests" / "world") == Sent(first.id, 0)
    assert writings(little_store) == []


def test_only_what_changed_is_sent(little_store: LittleStore, tmp_path: Path) -> None:
    data = copy_of_world(tmp_path)
    first = load(little_store.engine, data)
    add_statement(data)
    little_store.asked.clear()
    second = load(little_store.engine, data)
    assert (second.graphs, second.id == first.id) == (1, False)
    sent = [each for each in writings(little_store) if "world" in each]
    assert len(sent) == 1
    assert "world-reviews" in sent[0]


def test_dataset_whose_file_has_gone_is_removed(little_store: LittleStore, tmp_path: Path) -> None:
    data = copy_of_world(tmp_path)
    load(little_store.engine, data)
    (data / "world-reviews.ttl").unlink()
    load(little_store.engine, data)
    assert REVIEWS not in held(little_store)


def test_merge_of_the_version_before_stays_for_its_readers(little_store: LittleStore, tmp_path: Path) -> None:
    data = copy_of_world(tmp_path)
    names = [load(little_store.engine, data).id]
    for _ in range(2):
        add_statement(data)
        names.append(load(little_store.engine, data).id)
        path = data / "world-law.ttl"
        path.write_text(path.read_text("utf-8") + f'<{REVIEWS}> a "x{len(names)}" .\n', "utf-8")
    merges = {each for each in held(little_store) if "merge" in each}
    assert merges == {merge_name(each) for each in names[-2:]}


@pytest.mark.parametrize("writings_taken", range(4))
def test_load_that_fails_leaves_the_old_version_and_the_next_one_finishes(
    little_store: LittleStore, tmp_path: Path, writings_taken: int
) -> None:
    data = copy_of_world(tmp_path)
    first = load(little_store.engine, data)
    add_statement(data)
    little_store.refuse_after = writings_taken
    if writings_taken < 4:
        with pytest.raises(BackendError):
            load(little_store.engine, data)
    little_store.refuse_after = -1
    state, _ = look(Wire(little_store.engine.reader), limits=Limits())
    assert state is not None
    assert state.id == first.id
    second = load(little_store.engine, data)
    state, _ = look(Wire(little_store.engine.reader), limits=Limits())
    assert state is not None
    assert (state.id, state.coming) == (second.id, "")
    assert state.id == version_id(sources(data))
    store = little_store.engine.store()
    reviews = [*store.quads_for_pattern(NamedNode(REVIEWS), None, None, NamedNode(REVIEWS))]
    assert any("note" in quad.predicate.value for quad in reviews)


def test_reader_sees_the_old_name_or_the_new_one(little_store: LittleStore, tmp_path: Path) -> None:
    data = copy_of_world(tmp_path)
    names = [load(little_store.engine, data).id]
    add_statement(data)
    reader = Wire(little_store.engine.reader)
    seen: list[str] = []

    def note(_: str) -> None:
        state, _dialect = look(reader, limits=Limits())
        seen.append(state.id if state else "")

    names.append(upload(sources(data), Wire(little_store.engine.writer), limits=Limits(), progress=note).id)
    note("")
    assert (seen[0], seen[-1]) == (names[0], names[1])
    assert set(seen) == set(names)


def test_site_takes_up_what_was_loaded(
    little_store: LittleStore, tmp_path: Path, serve_store: Callable[..., Flask]
) -> None:
    data = copy_of_world(tmp_path)
    first = load(little_store.engine, data)
    client = serve_store(little_store.engine).test_client()
    page = client.get("/data/world-reviews.ttl")
    assert page.headers["GCM-Version"] == first.id
    add_statement(data)
    second = load(little_store.engine, data)
    wait_until(lambda: client.get("/data/world-reviews.ttl").headers["GCM-Version"] == second.id)
    newer = client.get("/data/world-reviews.ttl")
    assert (newer.headers["ETag"] == page.headers["ETag"], "Changed." in newer.text) == (False, True)
    assert client.get(f"/version/{second.id}/data/world-reviews.ttl").status_code == 200
    assert client.get(f"/version/{first.id}/data/world-reviews.ttl").status_code == 404


def test_store_of_an_unknown_engine_needs_its_graphs_named(little_store: LittleStore) -> None:
    plain = read_endpoint(f"http://127.0.0.1:{little_store.server_port}/sparql", {})
    with pytest.raises(StoreError, match="GCM_STORE_GRAPHS"):
        load(Engine("plain", plain), ROOT / "tests" / "world")


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(commands, arguments)
    return result.exit_code, result.output


def test_commands_speak_to_a_remote_store(little_store: LittleStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GCM_STORE", str(little_store.engine.writer))
    monkeypatch.setenv("GCM_STORE_GRAPHS", "/graphs")
    code, output = run("query", "ASK { ?s ?p ?o }")
    assert (code, "load one with: gcm load" in output) == (2, True)
    world = str(ROOT / "tests" / "world")
    code, output = run("load", "--no-validate", "--only-data", "--data", world)
    assert (code, "graphs that were sent: 11" in output) == (0, True), output
    code, output = run("query", "SELECT (COUNT(*) AS ?n) { ?s a gcm:Pledge }", "--format", "csv")
    assert (code, output.split()) == (0, ["n", "3"])
    code, output = run("query", "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }", "--format", "nt")
    assert (code, output.count(" .\n") > 100) == (0, True)


@pytest.mark.backend
@pytest.mark.server
def test_changed_files_are_loaded_anew(engine: Engine, tmp_path: Path, world_store: Store) -> None:
    data = copy_of_world(tmp_path)
    add_statement(data)
    assert load(engine, data).graphs == 1
    store = engine.store()
    graph = NamedNode(REVIEWS)
    before = len([*world_store.quads_for_pattern(None, None, None, graph)])
    after = len([*store.quads_for_pattern(None, None, None, graph)])
    assert load(engine, ROOT / "tests" / "world").graphs == 1  # as the other tests want it
    assert after == before + 1
    assert len([*engine.store().quads_for_pattern(None, None, None, graph)]) == before
