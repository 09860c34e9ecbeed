"""What a change does: the graph as it would be, in words, on which pages, and in which figures."""

from collections.abc import Callable
from pathlib import Path

import pytest
from gcm.describe import Graph, Link, Text
from gcm.describe.affected import LANGUAGES, Reach, _differs, affected_pages
from gcm.describe.changed import Deed, Sides, ThingChange, changed_things, describe_changes
from gcm.describe.figures import Measure, compare_figures, figures_of
from gcm.describe.overlay import Difference, Overlay
from gcm.errors import QueryError
from gcm.query import GraphInfo, OpenVersion, evaluate
from gcm.vocab import shorten
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from tests.changes import changed_store, claims, draw, quads_of

pytestmark = pytest.mark.server

#: A pledge that another State makes together with the one that is known.
NEW_PLEDGE = """
pledge:950 a gcm:Pledge ; gcm:isMadeBy place:ZZB ; gcm:isAbout objective:7, objective:1 ;
  dcterms:date "2024-05"^^xsd:gYearMonth ; skos:prefLabel "Draw <b>better</b> examples"@en .
"""


@pytest.fixture(scope="module")
def base(world_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Hold the world on disk, where the engine's order rests on the statements alone."""
    return changed_store(world_store, Difference(), folder=tmp_path_factory.mktemp("base"))


MakeSides = Callable[[Difference], Sides]


@pytest.fixture
def sides_of(base: Store, tmp_path: Path) -> MakeSides:
    """Give what makes both sides of a change."""
    return lambda difference: Sides(
        Graph(base), Graph(changed_store(base, difference, folder=tmp_path / "after")), difference
    )


def overlaid(store: Store, difference: Difference) -> Sides:
    return Sides(Graph(store), Graph(Overlay(store, difference)), difference)


@pytest.mark.parametrize("seed", range(3))
def test_an_overlay_holds_what_the_changed_store_holds(base: Store, tmp_path: Path, seed: int) -> None:
    difference = draw(base, seed=seed, count=20)
    made, overlay = changed_store(base, difference, folder=tmp_path), Overlay(base, difference)
    assert set(overlay.quads_for_pattern(None, None, None)) == set(made)
    for quad in (*difference.added, *difference.removed):
        for pattern in (
            (quad.subject, None, None, None),
            (None, quad.predicate, quad.object, None),
            (quad.subject, quad.predicate, quad.object, quad.graph_name),
            (None, None, quad.object, None),
            (None, None, None, quad.graph_name),
        ):
            found = [*overlay.quads_for_pattern(*pattern)]
            assert set(found) == set(made.quads_for_pattern(*pattern))
            assert len(found) == len(set(found))


def test_what_another_dataset_says_too_stays_in_the_merge(base: Store) -> None:
    here = claims(base)[0]
    there = Quad(here.subject, here.predicate, here.object, NamedNode("https://w3id.org/gcm/data/elsewhere"))
    moved = Overlay(base, Difference(frozenset({there}), frozenset({here})))
    found = moved.quads_for_pattern(here.subject, here.predicate, here.object)
    assert {each.graph_name for each in found} == {there.graph_name, DefaultGraph()}


def test_what_two_datasets_say_goes_when_both_are_silent(base: Store, tmp_path: Path) -> None:
    here = claims(base)[0]
    there = Quad(here.subject, here.predicate, here.object, NamedNode("https://w3id.org/gcm/data/elsewhere"))
    twice = changed_store(base, Difference(frozenset({there})), folder=tmp_path)
    pattern = (here.subject, here.predicate, here.object, DefaultGraph())
    one, both = frozenset({here}), frozenset({here, there})
    assert [*Overlay(twice, Difference(removed=one)).quads_for_pattern(*pattern)]
    assert not [*Overlay(twice, Difference(removed=both)).quads_for_pattern(*pattern)]


def test_an_overlay_answers_no_query(base: Store) -> None:
    with pytest.raises(QueryError, match="only proposed"):
        evaluate(Overlay(base, Difference()), "ASK {}")


#: What objective 1 of the Compact is called.
DATA_OBJECTIVE = "Collect and utilize accurate and disaggregated data as a basis for evidence-based policies"


def plain(value: Link | Text) -> str:
    return value.text if isinstance(value, Text) else value.name.text


def rows(thing: ThingChange) -> list[tuple[str, list[str], list[str]]]:
    return [
        (each.name.text, [plain(one) for one in each.old], [plain(one) for one in each.new])
        for each in thing.properties
    ]


def test_a_new_thing_is_told_with_all_that_is_said_of_it(base: Store) -> None:
    difference = Difference(quads_of(NEW_PLEDGE))
    sides = overlaid(base, difference)
    (group,) = describe_changes(sides, changed_things(difference), language="en")
    assert [plain(each) for each in group.actors] == ["Samplia"]
    (thing,) = group.things
    assert (thing.deed, thing.thing.name.text) == (Deed.NEW, "Draw <b>better</b> examples")
    assert [plain(each) for each in thing.kinds] == ["Pledge"]
    (topics,) = thing.topics
    assert (topics.kind.name.text, topics.are_numbers) == ("Objective", True)
    assert [plain(each) for each in topics.links] == ["1", "7"]
    assert rows(thing) == [
        ("name", [], ["Draw <b>better</b> examples"]),
        ("is about", [], [DATA_OBJECTIVE, "Address and reduce vulnerabilities in migration"]),
        ("is made by", [], ["Samplia"]),
        ("date", [], ["2024-05"]),
    ]
    assert [plain(each) for each in thing.datasets] == [
        "Commitments of an invented world (invented for tests)"
    ]


def test_a_changed_thing_is_told_by_old_and_new_values_in_the_words_of_the_form(base: Store) -> None:
    difference = Difference(
        quads_of('pledge:901 dcterms:date "2022-05"^^xsd:gYearMonth ; gcm:isAbout objective:17 .'),
        quads_of('pledge:901 dcterms:date "2022-05-19"^^xsd:date ; gcm:isAbout objective:1 .'),
    )
    sides = overlaid(base, difference)
    (group,) = describe_changes(sides, [NamedNode("https://w3id.org/gcm/id/pledge/901")], language="fr")
    (thing,) = group.things
    assert thing.deed is Deed.CHANGED
    assert rows(thing) == [
        ("porte sur", [DATA_OBJECTIVE], ["objective:17"]),
        ("date", ["2022-05-19"], ["2022-05"]),
    ]


def test_a_removed_thing_has_the_name_that_it_had(base: Store) -> None:
    gone = frozenset(
        each for each in claims(base) if each.subject == NamedNode("https://w3id.org/gcm/id/pledge/902")
    )
    difference = Difference(removed=gone)
    (group,) = describe_changes(overlaid(base, difference), changed_things(difference), language="en")
    (thing,) = group.things
    assert (thing.deed, thing.thing.name.text) == (Deed.REMOVED, "Share instances")
    assert all(old and not new for _, old, new in rows(thing))
    (back,) = describe_changes(
        overlaid(base, difference).reversed(), changed_things(difference), language="en"
    )
    assert back.things[0].deed is Deed.NEW


def test_what_only_another_dataset_says_is_restated(base: Store) -> None:
    here = quads_of("pledge:901 gcm:isAbout objective:7 .")
    there = quads_of("pledge:901 gcm:isAbout objective:7 .", dataset="world-reviews")
    (group,) = describe_changes(
        overlaid(base, Difference(there, here)), changed_things(Difference(there)), language="en"
    )
    (thing,) = group.things
    assert thing.restated
    assert rows(thing) == []
    assert len(thing.datasets) == 2


#: Changes that reach far: by the name of a State, by a code that stands in names of others, by a title.
FAR = {
    "State": ('place:ZZA skos:prefLabel "Exampleland"@en .', "Exampleland", "world-places"),
    "code": ('document:A-RES-73-195 skos:notation "A/RES/73/195" .', "A/RES/73/195", "world-compact"),
    "chance": None,
}


@pytest.mark.parametrize("kind", FAR)
def test_every_page_that_changes_is_listed(base: Store, sides_of: MakeSides, kind: str) -> None:
    """The oracle describes every thing of the world twice; the list may hold classes and shapes beside."""
    change = FAR[kind]
    difference = draw(base, seed=3)
    if change is not None:
        said, name, dataset = change
        other = quads_of(said.replace(name, f"Other {name}"), dataset=dataset)
        difference = Difference(other, quads_of(said, dataset=dataset))
        assert difference.removed <= set(base)
    sides = sides_of(difference)
    things = {quad.subject for quad in claims(base)} | {quad.object for quad in claims(base)}
    changed = {
        each for each in things if isinstance(each, NamedNode) and _differs(sides, each, languages=LANGUAGES)
    }
    found = affected_pages(sides, most=10_000)
    assert changed - {each.iri for each in found.pages} == set()
    assert found.unseen == 0


def test_pages_are_listed_with_the_reason(sides_of: MakeSides) -> None:
    sides = sides_of(Difference(quads_of(NEW_PLEDGE), quads_of("pledge:902 gcm:isAbout objective:7 .")))
    found = {shorten(each.iri): each.reach for each in affected_pages(sides, most=1_000).pages}
    assert found == {
        "pledge:950": Reach.NEW,
        "pledge:902": Reach.SAID,
        "objective:1": Reach.LINKED,
        "objective:7": Reach.LINKED,
        "place:ZZB": Reach.LINKED,
        "gcmd:world-commitments": Reach.LISTED,
        "figure:901": Reach.LISTED,
        "gcm:Commitment": Reach.LISTED,
        "gcm:Pledge": Reach.LISTED,
    }
    few = affected_pages(sides, most=1)
    assert [each.reach for each in few.pages] == [Reach.NEW]
    assert few.unseen > 0


def test_figures_are_compared_on_both_sides(sides_of: MakeSides) -> None:
    sides = sides_of(Difference(quads_of(NEW_PLEDGE)))
    before, after = (figures_of(version_of(each), each) for each in (sides.before, sides.after))
    changes = compare_figures(before, after)
    told = {(each.measure, each.name.rpartition("/")[2]): (each.before, each.after) for each in changes}
    questions = {name: told.pop(key) for key in [*told] for kind, name in [key] if kind is Measure.QUESTION}
    before_all, after_all = told.pop((Measure.STATEMENTS, ""))
    assert after_all is not None
    assert before_all is not None
    assert after_all - before_all == 6
    assert told == {
        (Measure.CLASS, "Pledge"): (3, 4),
        (Measure.DATASET, "world-commitments"): (114, 120),
        (Measure.KNOWN, "901"): (2, 3),
    }
    assert questions["pledges"] == (4, 5)
    assert questions["reported-beside-known"] == (5, 5)  # as many rows, one of which has another number
    assert compare_figures(before, before) == ()


def version_of(graph: Graph) -> OpenVersion:
    """Describe the version that a store would be: its statements and graphs are counted."""
    assert isinstance(graph.store, Store)
    counts = {
        name: len([*graph.store.quads_for_pattern(None, None, None, name)])
        for name in graph.store.named_graphs()
        if isinstance(name, NamedNode)
    }
    graphs = tuple(GraphInfo(name, "x.ttl", count) for name, count in counts.items())
    return OpenVersion("x", Path("x"), graph.store, "2026-11-22T08:00:00Z", sum(counts.values()), graphs)
