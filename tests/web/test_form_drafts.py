"""Drafts: a form that is not touched changes nothing, and one that is changes that and nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from gcm.describe import Graph
from gcm.fields import Fields
from gcm.fields.names import Names
from gcm.given import Place
from gcm.validate.report import Candidate, Result
from gcm.vocab import ONTOLOGY, SHAPES, THING, expand, shorten
from gcm.web.forms.draft import ADDRESS, Draft, Standing, fill, key_of, make_draft, stand
from gcm.web.forms.entered import Entered, Row, input_name, read_entered
from gcm.web.forms.findings import place
from gcm.web.forms.source import NEW
from gcm.web.forms.world import World
from pyoxigraph import DefaultGraph, NamedNode, Store

TODAY = "2026-11-22"


def world_of(store: Store, language: str = "en") -> World:
    rules = [
        quad.triple for each in (ONTOLOGY, SHAPES) for quad in store.quads_for_pattern(None, None, None, each)
    ]
    every = (quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph()))
    return World(Graph(store), Fields(rules), Names(every), language, TODAY)


@pytest.fixture(scope="module")
def world(world_store: Store) -> World:
    return world_of(world_store)


@pytest.fixture(scope="module")
def real(real_store: Store) -> World:
    return world_of(real_store, "fr")


def term(name: str) -> NamedNode:
    found = expand(name)
    assert found is not None
    return found


def sent(entered: Entered) -> Entered:
    """Give what arrives when a form is sent as it was shown."""
    inputs: list[tuple[str, list[str]]] = [(name, [value]) for name, value in entered.settings.items()]
    for key, rows in entered.rows.items():
        for number, row in enumerate(rows):
            inputs += [
                (input_name(key, number), [row.text]),
                (input_name(key, number, "lang"), [row.language]),
            ]
    return read_entered(inputs)


def standings(world: World) -> Iterator[tuple[str, Standing]]:
    """Give every thing that has a form, with each dataset that speaks of it."""
    for form in world.fields.forms.values():
        for thing in world.graph.subjects(term("rdf:type"), form.cls):
            if thing.value.startswith(THING):
                for dataset in world.datasets_of(thing):
                    yield form.name, stand(form, thing, dataset, world)


def test_a_form_that_is_not_touched_changes_nothing(world: World) -> None:
    count = 0
    for name, standing in standings(world):
        form = world.fields.forms[name]
        draft = make_draft(form, sent(fill(form, standing, world)), world, standing=standing)
        assert (draft.add, draft.remove, draft.faults) == (frozenset(), frozenset(), {}), standing.thing
        count += 1
    assert count > 100


@pytest.mark.server  # all of it takes seconds
def test_no_form_of_the_real_data_changes_what_it_does_not_show(real: World) -> None:
    count, kept = 0, set()
    for name, standing in standings(real):
        form = real.fields.forms[name]
        english = replace(real, language="en")  # opened in one language, sent in another
        draft = make_draft(form, sent(fill(form, standing, english)), real, standing=standing)
        assert (draft.add, draft.remove, draft.faults) == (frozenset(), frozenset(), {}), standing.thing
        kept |= {shorten(each.predicate) for each in standing.kept}
        count += 1
    assert count > 3000
    assert kept <= {"rdf:type"}, "a form cannot show what its class is made of"


def change(world: World, thing: str, alter: Callable[[Entered], Entered]) -> Draft:
    """Open the form of a thing in the dataset that says what it is, alter it, and send it."""
    iri = term(thing)
    form = next(each for each in world.fields.forms.values() if each.cls in world.graph.types(iri))
    standing = stand(form, iri, world.datasets_of(iri)[0], world)
    return make_draft(form, sent(alter(fill(form, standing, world))), world, standing=standing)


def difference(draft: Draft) -> tuple[list[str], list[str]]:
    """Give what comes and goes as short lines."""
    return tuple(  # type: ignore[return-value]  # two lists, one for each of the two
        sorted(
            f"{in_short(each.subject)} {in_short(each.predicate)} {in_short(each.object)}"
            for each in statements
        )
        for statements in (draft.add, draft.remove)
    )


def in_short(value: object) -> str:
    if isinstance(value, NamedNode):
        return shorten(value)
    return str(value).replace("<http://www.w3.org/2001/XMLSchema#", "xsd:").rstrip(">")


def test_one_value_changed_is_one_statement_changed(world: World) -> None:
    draft = change(world, "pledge:901", lambda each: each.with_rows("dcterms:date", [Row("20.5.2022")]))
    assert difference(draft) == (
        ['pledge:901 dcterms:date "2022-05-20"^^xsd:date'],
        ['pledge:901 dcterms:date "2022-05-19"^^xsd:date'],
    )
    assert draft.dataset == term("gcmd:world-commitments")


def test_a_value_is_added_and_another_taken_away(world: World) -> None:
    def alter(entered: Entered) -> Entered:
        about = [Row("7"), Row("objective 3"), Row("")]
        return entered.with_rows("gcm:isAbout", about).with_rows("skos:notation", [Row("")])

    assert difference(change(world, "pledge:901", alter)) == (
        ["pledge:901 gcm:isAbout objective:3"],
        ["pledge:901 gcm:isAbout objective:1", 'pledge:901 skos:notation "9001"'],
    )


def test_statements_that_the_form_does_not_know_are_kept(world_store: Store) -> None:
    store = Store()
    store.extend(world_store.quads_for_pattern(None, None, None, None))
    dataset, pledge = term("gcmd:world-commitments"), term("pledge:901")
    odd = next(iter(store.quads_for_pattern(pledge, term("skos:notation"), None, dataset)))
    for graph in (dataset, DefaultGraph()):
        store.add(type(odd)(pledge, NamedNode("http://example.org/odd"), odd.object, graph))
        store.add(type(odd)(pledge, term("dcterms:date"), odd.object, graph))  # a text where a date belongs
    world = world_of(store)
    form = world.fields.forms["pledge"]
    standing = stand(form, pledge, dataset, world)
    assert {shorten(each.predicate) for each in standing.kept} == {
        "rdf:type",
        "http://example.org/odd",
        "dcterms:date",
    }
    draft = make_draft(form, sent(Entered()), world, standing=standing)  # everything shown is emptied
    assert draft.remove == standing.known
    assert not draft.add


NEW_PLEDGE = Entered(
    rows={
        "skos:prefLabel": (Row("A tenth pledge", "en"), Row("", "fr")),
        "gcm:isMadeBy": (Row("Exampleland"),),
        "gcm:objectivesKnown": (Row("gcm:NoneKnown"),),
    },
    settings={"dataset": "gcmd:world-commitments"},
)

#: What NEW_PLEDGE says, whatever it rests on.
SAID = [
    "pledge:904 gcm:isMadeBy place:ZZA",
    "pledge:904 gcm:objectivesKnown gcm:NoneKnown",
    "pledge:904 rdf:type gcm:Pledge",
    'pledge:904 skos:prefLabel "A tenth pledge"@en',
]


def draft_of(world: World, entered: Entered, form: str = "pledge") -> Draft:
    return make_draft(world.fields.forms[form], sent(entered), world)


def test_a_new_thing_gets_an_address_and_rests_on_the_document_of_its_dataset(world: World) -> None:
    draft = draft_of(world, NEW_PLEDGE)
    assert not draft.faults
    assert difference(draft) == (sorted([*SAID, "pledge:904 prov:wasDerivedFrom document:905"]), [])


def test_addresses_in_waiting_proposals_are_not_given_twice(world: World) -> None:
    waiting = replace(world, reserved=frozenset({term("pledge:904"), term("pledge:910")}))
    assert draft_of(waiting, NEW_PLEDGE).thing == term("pledge:911")


def test_a_place_in_the_document_becomes_a_passage(world: World) -> None:
    draft = draft_of(world, NEW_PLEDGE.with_rows("passage@gcm:locator", [Row("row 9", "en")]))
    assert difference(draft)[0] == sorted(
        [
            *SAID,
            "pledge:904 prov:wasDerivedFrom passage:905.3",
            "passage:905.3 dcterms:isPartOf document:905",
            'passage:905.3 gcm:locator "row 9"@en',
            "passage:905.3 rdf:type gcm:Passage",
        ]
    )


def test_a_passage_that_is_known_is_used_again(world: World) -> None:
    draft = draft_of(world, NEW_PLEDGE.with_rows("passage@gcm:locator", [Row("row 2", "en")]))
    assert difference(draft)[0] == sorted([*SAID, "pledge:904 prov:wasDerivedFrom passage:905.2"])


def test_a_place_is_in_the_document_that_is_cited(world: World) -> None:
    entered = NEW_PLEDGE.with_rows("prov:wasDerivedFrom", [Row("Invented Leaflet on Migration Law")])
    draft = draft_of(world, entered.with_rows("passage@gcm:locator", [Row("page 40", "en")]))
    assert "passage:909.2 dcterms:isPartOf document:909" in difference(draft)[0]
    derived = [each for each in difference(draft)[0] if "wasDerivedFrom" in each]
    assert derived == ["pledge:904 prov:wasDerivedFrom passage:909.2"]


NEW_SOURCE = Entered(
    rows={
        **NEW_PLEDGE.rows,
        "dataset@name": (Row("invented-gazette"),),
        "dataset@dcterms:description": (Row("One pledge. Invented for tests.", "en"),),
        "dataset@gcm:readOn": (Row("2026-11-20"),),
        "document@skos:prefLabel": (Row("Invented Gazette", "en"),),
        "document@foaf:page": (Row("https://example.org/gazette"),),
        "document@dcterms:publisher": (Row("Ministry of Instances"),),
    },
    settings={"dataset": NEW},
)


def test_a_new_source_makes_a_dataset_with_its_document(world: World) -> None:
    draft = draft_of(world, NEW_SOURCE)
    assert not draft.faults
    assert draft.dataset == term("gcmd:invented-gazette")
    number = shorten(next(each.subject for each in draft.add if each.object == term("gcm:Document")))  # type: ignore[arg-type]  # a document has an address
    assert f"pledge:904 prov:wasDerivedFrom {number}" in difference(draft)[0]
    assert f"{number} dcterms:publisher organization:903" in difference(draft)[0]
    header = {shorten(each.predicate): each.object for each in draft.header}
    assert header["dcterms:source"] == term(number)
    assert header["dcterms:publisher"] == term("organization:GCMKG")
    assert header["dcterms:license"] == NamedNode("https://creativecommons.org/licenses/by/4.0/")
    assert {
        "rdf:type",
        "dcterms:title",
        "dcterms:issued",
        "dcterms:modified",
        "dcterms:rights",
    } <= header.keys()
    assert {"dcterms:conformsTo", "dcterms:description", "gcm:readOn"} <= header.keys()


def test_a_new_document_joins_those_of_its_dataset(world: World) -> None:
    document = {key: rows for key, rows in NEW_SOURCE.rows.items() if not key.startswith("dataset@")}
    draft = draft_of(world, Entered(document, NEW_PLEDGE.settings))
    assert not draft.faults
    sources = [
        each for each in difference(draft)[0] if each.startswith("gcmd:world-commitments dcterms:source")
    ]
    assert len(sources) == 1


@pytest.mark.parametrize(
    ("key", "rows", "message"),
    [
        ("dataset@name", [], "short name"),
        ("dataset@name", [Row("Two Words")], "no short name"),
        ("dataset@name", [Row("all")], "no short name"),  # files of that name hold everything
        ("dataset@name", [Row("world-law")], "already"),
        ("dataset@dcterms:description", [], "in your own words"),
        ("dataset@gcm:readOn", [], "Give the day"),
        ("dataset@gcm:readOn", [Row("2026")], "no day"),
        ("document@skos:prefLabel", [], "title"),
        ("document@foaf:page", [Row("example.org")], "no web address"),
        ("document@dcterms:publisher", [Row("Nobody at all")], "Nobody at all"),
    ],
)
def test_what_a_new_source_lacks_is_said_beside_its_field(
    world: World, key: str, rows: list[Row], message: str
) -> None:
    draft = draft_of(world, NEW_SOURCE.with_rows(key, rows))
    assert [(spot, message in fault.message) for spot, fault in draft.faults.items()] == [((key, 0), True)]


def test_all_that_a_new_source_lacks_is_said_at_once(world: World) -> None:
    draft = draft_of(world, replace(NEW_PLEDGE, settings={"dataset": NEW}))
    assert {key for key, _ in draft.faults} == NEW_SOURCE.rows.keys() - NEW_PLEDGE.rows.keys()


def test_one_of_several_documents_is_chosen(world: World) -> None:
    draft = draft_of(world, replace(NEW_PLEDGE, settings={"dataset": "gcmd:world-law"}))
    (fault,) = draft.faults.values()
    assert fault.candidates == (term("document:909"), term("document:908"))  # by their titles
    chosen = NEW_PLEDGE.with_rows("prov:wasDerivedFrom", [Row("document:909")])
    assert not draft_of(world, replace(chosen, settings={"dataset": "gcmd:world-law"})).faults


def test_one_of_many_documents_is_searched(real: World) -> None:
    entered = Entered({"skos:prefLabel": (Row("A pledge", "en"),)}, {"dataset": "gcmd:network-website"})
    fault = draft_of(real, entered).faults["prov:wasDerivedFrom", 0]
    assert (fault.candidates, "search" in fault.message) == ((), True)


def test_a_dataset_must_be_chosen(world: World) -> None:
    draft = draft_of(world, replace(NEW_PLEDGE, settings={}))
    assert list(draft.faults) == [("dataset", 0)]


def test_statements_from_another_source_stand_beside_those_that_are_there(world: World) -> None:
    form, other = world.fields.forms["pledge"], term("gcmd:world-law")
    standing = stand(form, term("pledge:902"), other, world)
    assert standing.statements == frozenset()
    entered = Entered({"dcterms:date": (Row("2023"),)})
    draft = make_draft(form, sent(entered), world, standing=standing)
    assert (
        difference(draft)
        == (
            ['pledge:902 dcterms:date "2023"^^xsd:gYear', "pledge:902 prov:wasDerivedFrom document:908"],
            [],
        )
        or draft.faults
    )  # the dataset may rest on several documents


def test_an_address_made_of_values_waits_for_them(world: World) -> None:
    draft = draft_of(world, replace(NEW_PLEDGE, rows={}), "contribution")
    assert (draft.thing, "is made by" in draft.faults[ADDRESS, 0].message) == (None, True)
    made = draft_of(world, Entered({"gcm:isMadeBy": (Row("ZZB"),)}, NEW_PLEDGE.settings), "contribution")
    assert made.thing == term("contribution:ZZB")


def test_an_address_that_is_taken_leads_to_its_thing(world: World) -> None:
    made = draft_of(world, Entered({"gcm:isMadeBy": (Row("ZZA"),)}, NEW_PLEDGE.settings), "contribution")
    fault = made.faults[ADDRESS, 0]
    assert "already" in fault.message
    assert fault.candidates == (term("contribution:ZZA"),)


@pytest.mark.parametrize(
    ("code", "thing"), [("ZZT9", "treaty:ZZT9"), ("two words", None), ("x" * 101, None), ("", None)]
)
def test_a_public_code_makes_an_address(world: World, code: str, thing: str | None) -> None:
    entered = Entered({ADDRESS: (Row(code),)}, NEW_PLEDGE.settings)
    draft = draft_of(world, entered, "treaty")
    assert (shorten(draft.thing) if draft.thing else None) == thing
    assert ((ADDRESS, 0) in draft.faults) == (thing is None)


def result_of(**facts: object) -> Result:
    base = Result(Place("x.nt"), "violation", "", None, None, "Mend it.", "gcms:X")
    return replace(base, **facts)  # type: ignore[arg-type]  # each test names fields of a result


def test_results_stand_beside_what_they_are_about(world: World) -> None:
    draft = draft_of(world, NEW_SOURCE.with_rows("gcm:isAbout", [Row(""), Row("7")]))
    focus, header = term("pledge:904").value, term("gcmd:invented-gazette").value
    found = place(
        draft,
        [
            result_of(focus=focus, predicate=term("gcm:isAbout").value, value=term("objective:7").value),
            result_of(focus=focus, predicate=term("dcterms:date").value, severity="warning"),
            result_of(focus=header, predicate=term("gcm:readOn").value),
            result_of(focus=focus, message="All of it."),
            result_of(focus=term("place:ZZA").value, value=focus, message="Elsewhere."),
            result_of(focus=term("place:ZZB").value, message="Not ours."),
        ],
    )
    spots = {spot: [each.message for each in group] for spot, group in found.beside.items()}
    assert spots == {
        ("gcm:isAbout", 1): ["Mend it."],
        ("dcterms:date", -1): ["Mend it."],
        ("dataset@gcm:readOn", -1): ["Mend it."],
    }
    assert [each.message for each in found.others] == ["All of it.", "Elsewhere."]
    assert found.has_violations


def test_what_was_not_read_is_not_said_to_be_missing(world: World) -> None:
    draft = draft_of(world, NEW_PLEDGE.with_rows("gcm:isMadeBy", [Row("Nowhere at all")]))
    missing = result_of(focus=term("pledge:904").value, predicate=term("gcm:isMadeBy").value)
    found = place(draft, [missing])
    assert list(found.beside) == [("gcm:isMadeBy", 0)]
    assert "Nowhere at all" in found.beside["gcm:isMadeBy", 0][0].message


def test_candidates_of_a_result_can_be_chosen(world: World) -> None:
    draft = draft_of(world, NEW_PLEDGE)
    meant = Candidate(term("place:ZZB").value, "Samplia", "place:ZZB")
    about = {"focus": term("pledge:904").value, "predicate": term("gcm:isMadeBy").value}
    found = place(draft, [result_of(**about, value=term("place:ZZA").value, candidates=(meant,))])
    assert found.beside["gcm:isMadeBy", 0][0].candidates == (term("place:ZZB"),)
    values = (Candidate("", "", '"EUR"'), Candidate("", "", "7"), Candidate("", "", '"Wort"@de'))
    found = place(draft, [result_of(**about, value=term("place:ZZA").value, candidates=values)])
    assert found.beside["gcm:isMadeBy", 0][0].candidates == ("EUR", "7")


def test_so_many_mistakes_are_helped_and_no_more(world: World) -> None:
    rows = [Row(f"Exampland {number}") for number in range(30)]
    faults = draft_of(world, NEW_PLEDGE.with_rows("gcm:isMadeBy", rows)).faults
    assert len(faults) == 30
    assert sum(bool(each.candidates) for each in faults.values()) == 20


def test_every_field_has_a_key_of_its_own(world: World) -> None:
    for form in world.fields.forms.values():
        keys = [key_of(each) for each in form.fields]
        assert len(set(keys)) == len(keys)
