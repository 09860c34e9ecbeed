"""Lists of what points at a thing: whole and sorted where they are short, read only in part where not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from gcm.describe import Graph, Page, contents_of, describe_as_quads, instances_of, lists
from gcm.describe.graph import natural_order
from gcm.describe.incoming import incoming_of
from gcm.describe.lists import COUNTED_LINKS, Things, lists_to
from gcm.describe.terms import ABOUT, CLASS, COMMENT, OBJECT_PROPERTY, TARGET_CLASS, TYPE
from gcm.query import page_query
from gcm.vocab import BASE, SHAPES, TERM
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store

DATASET = NamedNode(BASE + "data/many")
HUB = NamedNode(BASE + "id/document/1")
PLEDGE, REPORT = NamedNode(TERM + "Pledge"), NamedNode(TERM + "Report")
MADE_BY = NamedNode(TERM + "isMadeBy")

#: How many things point at the hub: by one property things of two classes, by the other of one.
MANY, FEW = 700, 5


def thing(number: int) -> NamedNode:
    return NamedNode(f"{BASE}id/pledge/{number}")


def statements() -> Iterator[tuple[NamedNode, NamedNode, NamedNode]]:
    yield HUB, TYPE, NamedNode(TERM + "Document")
    yield PLEDGE, TYPE, CLASS
    yield MADE_BY, TYPE, OBJECT_PROPERTY  # so that it is found behind more links than are read
    for number in range(MANY):
        yield thing(number), TYPE, PLEDGE if number % 2 else REPORT
        yield thing(number), ABOUT, HUB
    for number in range(FEW):
        yield thing(number), MADE_BY, HUB


@pytest.fixture(scope="module")
def store() -> Store:
    found = Store()
    for subject, predicate, value in statements():
        for graph in (DATASET, DefaultGraph()):
            found.add(Quad(subject, predicate, value, graph))
    return found


@pytest.fixture
def graph(store: Store) -> Graph:
    return Graph(store)


def facts(found: tuple[Things, ...]) -> set[tuple[str, str, int, int, bool]]:
    return {
        (
            each.predicate.value.removeprefix(TERM),
            each.kind.value.removeprefix(TERM) if each.kind else "",
            each.count,
            each.pages,
            each.is_more,
        )
        for each in found
    }


def test_short_lists_are_sorted_by_class(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "READ_LINKS", MANY + FEW)
    found = lists_to(graph, HUB, page=Page(100))
    assert facts(found) == {
        ("isAbout", "Pledge", MANY // 2, 4, False),
        ("isAbout", "Report", MANY // 2, 4, False),
        ("isMadeBy", "Pledge", 2, 1, False),
        ("isMadeBy", "Report", 3, 1, False),
    }
    assert all(list(each.shown) == sorted(each.shown, key=natural_order) for each in found)


def test_long_lists_are_by_property_and_counted(graph: Graph) -> None:
    assert facts(lists_to(graph, HUB, page=Page(100))) == {
        ("isAbout", "", MANY, 7, False),
        ("isMadeBy", "", FEW, 1, False),
    }


def test_counting_ends(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNTED_LINKS", 300)
    assert ("isAbout", "", 300, 3, True) in facts(lists_to(graph, HUB, page=Page(100)))
    (listing, _) = incoming_of(graph, HUB, language="en", page=Page(100))
    assert (listing.count, listing.is_more) == (300, True)


@pytest.mark.parametrize("name", ["links-first", "links-count", "links-count-named"])
def test_query_counts_one_more_than_is_shown(name: str) -> None:
    assert f"LIMIT {COUNTED_LINKS + 1}\n" in page_query(name).text.replace(" }\n", "\n")


@pytest.mark.parametrize(
    ("named", "unnamed", "count", "is_more"),
    [
        (600, 0, 600, False),
        (600, 30, 600, False),  # all links are counted at once
        (1_990, 30, 1_990, False),  # one of those without a name is what tells whether there are more
        (2_000, 0, 2_000, False),
        (2_001, 30, 2_000, True),
    ],
)
def test_nodes_without_a_name_are_not_counted(
    tmp_path: Path, named: int, unnamed: int, count: int, is_more: bool
) -> None:
    store = Store(tmp_path)  # on disk, as versions are: the engine keeps an order there
    nodes: list[NamedNode | BlankNode] = [*map(thing, range(named)), *(BlankNode() for _ in range(unnamed))]
    store.extend(Quad(each, ABOUT, HUB, DefaultGraph()) for each in nodes)
    store.add(Quad(ABOUT, TYPE, OBJECT_PROPERTY, DefaultGraph()))
    (found,) = lists_to(Graph(store), HUB, page=Page(100))
    assert (found.count, found.is_more, len(found.shown)) == (count, is_more, 100)


def test_the_shape_of_a_class_is_shown_behind_very_many_things(tmp_path: Path) -> None:
    store, shape = Store(tmp_path), NamedNode(SHAPES.value + "/Pledge")
    things = range(3 * COUNTED_LINKS)  # the engine's order puts 2,001 of them before the shape
    store.bulk_extend(Quad(thing(each), TYPE, PLEDGE, DefaultGraph()) for each in things)
    store.extend(Quad(shape, TARGET_CLASS, PLEDGE, graph) for graph in (SHAPES, DefaultGraph()))
    (found,) = lists_to(Graph(store), PLEDGE, page=Page(100))
    assert (found.predicate, found.shown) == (TARGET_CLASS, (shape,))


def test_pages_of_a_long_list_hold_everything_once(graph: Graph) -> None:
    shown = [
        each
        for number in range(1, 8)
        for found in lists_to(graph, HUB, page=Page(100, number=number, predicate=ABOUT))
        if found.predicate == ABOUT
        for each in found.shown
    ]
    assert (len(shown), set(shown)) == (MANY, {thing(number) for number in range(MANY)})
    beyond = lists_to(graph, HUB, page=Page(100, number=99, predicate=ABOUT))
    assert {each.page for each in beyond if each.predicate == ABOUT} == {7}


def test_a_long_list_is_not_read_to_its_end(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    links_to = graph.links_to

    def count(value: NamedNode, *, predicate: NamedNode | None = None) -> Iterator[Quad]:
        for quad in links_to(value, predicate=predicate):
            read.append(quad)
            yield quad

    monkeypatch.setattr(graph, "links_to", count)
    monkeypatch.setattr(lists, "READ_LINKS", 50)
    lists_to(graph, HUB, page=Page(20))
    assert len([each for each in read if each.object == HUB]) < 50 + 2 * 20 + 10


def test_a_class_shows_a_page_of_many(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = instances_of(graph, PLEDGE, language="en", page=Page(500))
    monkeypatch.setattr("gcm.describe.overview.READ_MEMBERS", 10)
    asked = [Page(50, number=number, predicate=TYPE) for number in range(1, 8)]
    pages = [instances_of(graph, PLEDGE, language="en", page=each) for each in asked]
    assert {(each.count, each.pages) for each in pages} == {(MANY // 2, 7)}
    assert {each.iri for page in pages for each in page.links} == {each.iri for each in whole.links}


def test_a_dataset_shows_a_page_of_many(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gcm.describe.overview.READ_MEMBERS", 10)
    found = contents_of(graph, DATASET, language="en", page=Page(50))
    held = {each.kind.iri: (each.count, len(each.links)) for each in found if each.kind}
    assert (held[PLEDGE], held[REPORT]) == ((MANY // 2, 50), (MANY // 2, 50))


@pytest.mark.parametrize(("counted", "words"), [(2_000, f"{MANY} things"), (300, "More than 300 things")])
def test_data_say_that_there_are_more(
    graph: Graph, monkeypatch: pytest.MonkeyPatch, counted: int, words: str
) -> None:
    monkeypatch.setattr(lists, "COUNTED_LINKS", counted)
    quads = describe_as_quads(graph, HUB, size=20)
    said = [str(each.object) for each in quads if each.predicate == COMMENT]
    assert any(each.startswith(f'"{words} point here by <{ABOUT.value}>') for each in said)


def test_numbers_of_any_length_have_an_order() -> None:
    long = NamedNode(BASE + "id/pledge/" + "9" * 5_000)
    assert sorted([long, thing(10), thing(9)], key=natural_order)[:2] == [thing(9), thing(10)]
