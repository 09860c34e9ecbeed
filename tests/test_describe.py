"""What is said about an IRI, as pages show it and programs read it, over a graph of a few statements."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from gcm.describe import (
    Graph,
    Link,
    Listing,
    Page,
    Text,
    class_counts,
    contents_of,
    describe,
    describe_as_quads,
    designation_notes,
    document_of,
    fold,
    instances_of,
    is_noted,
    name_of,
    reported_figure,
    reported_of,
    search,
    write_quads,
    write_table,
)
from gcm.errors import UnknownIriError
from gcm.vocab import PREFIXES, expand
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

PAGE = Page(size=2)

#: Two datasets that say partly the same, with the shapes of a pledge; the prefixes are those of vocab.py.
STATEMENTS = (Path(__file__).parent / "describe" / "statements.trig").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def graph() -> Graph:
    return graph_of(STATEMENTS)


def graph_of(statements: str) -> Graph:
    """Hold TriG as a version does: every statement in its graph and in the default graph."""
    store = Store()
    prefixes = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in PREFIXES.items())
    for quad in parse((prefixes + statements).encode(), RdfFormat.TRIG):
        store.add(quad)
        store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    return Graph(store)


def iri(name: str) -> NamedNode:
    found = expand(name)
    assert found is not None
    return found


def words(values: Sequence[Link | Text]) -> list[str]:
    return [each.name.text if isinstance(each, Link) else each.text for each in values]


def test_shapes_give_sections_their_order_and_properties_their_names(graph: Graph) -> None:
    entity = describe(graph, iri("pledge:1"), page=PAGE)
    assert [
        (section.name.text if section.name else "", [each.name.text for each in section.properties])
        for section in entity.sections
    ] == [
        ("Names", ["number", "name"]),
        ("Actors", ["made by"]),  # from the shape of the superclass
        ("", ["note"]),  # no shape names it, so it comes last, by the words of its address
    ]


def test_each_value_names_every_dataset_that_states_it(graph: Graph) -> None:
    entity = describe(graph, iri("pledge:1"), page=PAGE)
    said = {
        (each.name.text, *words(assertion.values)): [origin.dataset.name.text for origin in assertion.origins]
        for section in entity.sections
        for each in section.properties
        for assertion in each.assertions
    }
    assert said == {
        ("number", "P1"): ["One"],
        ("name", "Promise"): ["One", "Two"],
        ("made by", "Land"): ["One"],
        ("note", "Seen again."): ["Two"],
    }


def test_an_origin_cites_the_passage_and_its_document(graph: Graph) -> None:
    one, two = describe(graph, iri("pledge:1"), page=PAGE).origins
    assert [
        (each.document.name.text, [place.locator.text for place in each.passages]) for each in one.citations
    ] == [
        ("D/1", ["para. 1"])  # by its symbol
    ]
    assert one.citations[0].page == NamedNode("https://example.org/1")
    # without a passage, the document that the dataset rests on
    assert [(each.document.name.text, each.passages) for each in two.citations] == [("Second document", ())]


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("fr", Text("Pays", "fr")),
        ("en", Text("Land", "en")),
        ("ru", Text("Land", "en", is_fallback=True)),  # English instead, and it says so
    ],
)
def test_a_name_is_in_the_language_of_the_reader_or_says_that_it_is_not(
    graph: Graph, language: str, shown: Text
) -> None:
    assert name_of(graph, iri("place:ZZA"), language=language) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("vote:ZZA", "Land · Against · as of 2018"),  # of what every vote must have
        ("sdgo:Target", "SDG target"),  # a class of others: the words of the shape for it
        ("gcm:isImplementedIn", "is implemented in"),  # a term without a label: the words of its address
        ("practice:7", "practice:7"),  # a thing nobody describes: its short address
    ],
)
def test_what_has_no_label_gets_a_name(graph: Graph, name: str, shown: str) -> None:
    assert name_of(graph, iri(name), language="en").text == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://www.wikidata.org/entity/Q217", "Wikidata Q217"),
        ("https://sws.geonames.org/617790/", "GeoNames 617790"),
        ("http://metadata.un.org/sdg/codes/geoArea/498", "UN SDG area 498"),
        ("https://example.org/x", "https://example.org/x"),  # nobody we know: the address
    ],
)
def test_an_identifier_of_others_is_named_by_its_scheme(graph: Graph, address: str, shown: str) -> None:
    assert name_of(graph, NamedNode(address), language="en").text == shown


def test_a_class_of_others_is_listed_where_its_shape_is(graph: Graph) -> None:
    pages = {each.kind.iri: each.page for each in class_counts(graph, language="en")}
    assert pages[iri("sdgo:Target")] == iri("gcms:Target")
    assert pages[iri("gcm:Vote")] == iri("gcm:Vote")


def listing(listings: Sequence[Listing], name: str) -> Listing:
    return next(each for each in listings if each.name.text == name)


@pytest.mark.parametrize(
    ("number", "shown", "page"),
    [
        (1, ["Promise", "Łódź first"], 1),  # 2 before 10
        (2, ["Ten"], 2),
        (9, ["Ten"], 2),  # beyond the last page is the last page
    ],
)
def test_incoming_links_are_counted_and_paged(graph: Graph, number: int, shown: list[str], page: int) -> None:
    asked = Page(size=2, number=number, predicate=iri("gcm:isMadeBy"), kind=iri("gcm:Pledge"))
    found = listing(
        describe(graph, iri("place:ZZA"), page=asked).incoming, "made by"
    )  # as the shape names it
    assert found.kind == Link(iri("gcm:Pledge"), Text("Pledge", "en"))
    assert (found.count, found.pages, found.page, words(found.links)) == (3, 2, page, shown)


def test_a_page_number_turns_only_the_list_it_is_for(graph: Graph) -> None:
    asked = Page(size=1, number=2, predicate=iri("gcm:isCastBy"), kind=iri("gcm:Vote"))
    assert listing(describe(graph, iri("place:ZZA"), page=asked).incoming, "made by").page == 1


def test_members_of_a_class_are_no_incoming_links_of_it(graph: Graph) -> None:
    found = describe(graph, iri("gcm:Pledge"), page=PAGE).incoming
    assert [each.predicate for each in found] == [iri("gcm:isCountOf"), iri("sh:targetClass")]


def test_members_of_a_class_include_those_of_its_subclasses(graph: Graph) -> None:
    assert words(instances_of(graph, iri("gcm:Commitment"), language="en", page=Page(size=9)).links) == [
        "Promise",
        "Łódź first",
        "Ten",
        "Of nobody",
    ]


def test_a_dataset_lists_what_it_holds_by_class(graph: Graph) -> None:
    found = contents_of(graph, iri("gcmd:two"), language="en", page=PAGE)
    assert [(each.kind.iri, words(each.links)) for each in found if each.kind] == [
        (iri("dcat:Dataset"), ["Two"]),
        (iri("gcm:Document"), ["Second document"]),
        (iri("gcm:Pledge"), ["Promise"]),
    ]


def test_an_iri_that_nobody_describes_is_unknown(graph: Graph) -> None:
    with pytest.raises(UnknownIriError, match="place/ZZZ"):
        describe(graph, iri("place:ZZZ"), page=PAGE)
    with pytest.raises(UnknownIriError, match="place/ZZZ"):
        describe_as_quads(graph, iri("place:ZZZ"), size=2)


def test_a_reported_figure_stands_beside_what_is_known(graph: Graph) -> None:
    (found,) = reported_of(graph, iri("gcm:Pledge"), language="en")  # a percentage counts nothing
    assert (found.known, found.value.text, found.as_of) == (
        3,  # the pledge of nobody is of no region
        "93",
        Text("2024-03", datatype=iri("xsd:gYearMonth")),
    )


def test_what_is_no_count_has_no_known_number(graph: Graph) -> None:
    share = reported_figure(graph, iri("figure:2"), language="en")
    assert share is not None
    assert share.known is None
    assert reported_figure(graph, iri("pledge:1"), language="en") is None


def test_classes_are_counted_without_the_terms_of_the_ontology(graph: Graph) -> None:
    assert {each.kind.name.text: each.count for each in class_counts(graph, language="en")} == {
        "Pledge": 4,
        "Document": 2,
        "Reported Figure": 2,
        "Passage": 1,
        "Place": 1,
        "State": 1,
        "Vote": 1,
        "SDG target": 1,
    }


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("Noteland", True),
        ("Network of Noteland and others", True),
        ("A note on Noteland.", False),  # the note itself
        ("Land", False),
    ],
)
def test_names_with_a_designation_note_are_found_in_any_words(graph: Graph, text: str, noted: bool) -> None:
    assert is_noted(graph, text) is noted
    assert words(designation_notes(graph, language="en")) == ["A note on Noteland."]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("PROMISE", ["Promise"]),  # case
        ("lodz", ["Łódź first"]),  # accents, and letters that have none to drop
        ("pays", ["Land"]),  # another language than the reader's
        ("d/1", ["First document"]),  # a code
        ("document first", ["First document"]),  # words in any order
        ("one", ["One"]),  # a dataset
        ("", []),
        ("nothing of the kind", []),
    ],
)
def test_search(graph: Graph, asked: str, found: list[str]) -> None:
    groups = search(graph, asked, language="en", size=5)
    assert [each.name.text for group in groups for each in group.links] == found


def test_a_cut_search_says_how_many_there_are(graph: Graph) -> None:
    (group,) = search(graph, "document", language="en", size=1)[:1]
    assert (words(group.links), group.count) == (["First document"], 2)


@settings(deadline=timedelta(seconds=2))
@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_nodes_without_a_name_are_shown_by_what_they_say(graph: Graph) -> None:
    (section,) = describe(graph, iri("gcms:Vote-by"), page=PAGE).sections
    said = {each.name.text: words(each.assertions[0].values) for each in section.properties}
    assert said["in"] == ["Against", "7"]
    assert said["or"] == ["datatype date", "datatype g year"]


def test_nodes_that_lead_to_themselves_come_to_an_end(graph: Graph) -> None:
    (section,) = describe(graph, iri("treaty:odd"), page=PAGE).sections
    said = {each.name.text: words(each.assertions[0].values) for each in section.properties}
    assert said == {"is about": ["1"], "note": ["note …"]}
    assert len(describe_as_quads(graph, iri("treaty:odd"), size=2)) == 7


def test_a_description_holds_the_nodes_without_a_name_that_it_leads_to(graph: Graph) -> None:
    written = write_quads(describe_as_quads(graph, iri("gcms:Vote-by"), size=2), media_type="text/turtle")
    found = list(parse(written, RdfFormat.TURTLE))
    assert {str(quad.object) for quad in found if quad.predicate == iri("sh:datatype")} == {
        str(iri("xsd:date")),
        str(iri("xsd:gYear")),
    }
    nameless = {quad.object for quad in found if isinstance(quad.object, BlankNode)}
    assert nameless <= {quad.subject for quad in found}


def triples_of(quads: Sequence[Quad]) -> set[tuple[str, str, str]]:
    return {(str(each.subject), str(each.predicate), str(each.object)) for each in quads}


def test_a_description_is_enough_without_a_second_request(graph: Graph) -> None:
    found = triples_of(describe_as_quads(graph, iri("pledge:1"), size=2))
    expected = [
        (document_of(iri("pledge:1")), iri("foaf:primaryTopic"), iri("pledge:1")),
        (iri("pledge:1"), iri("gcm:isMadeBy"), iri("place:ZZA")),
        (iri("place:ZZA"), iri("skos:prefLabel"), '"Pays"@fr'),  # names of what is mentioned
        (iri("passage:1.1"), iri("gcm:locator"), '"para. 1"@en'),  # its sources
        (iri("document:1"), iri("foaf:page"), NamedNode("https://example.org/1")),
    ]
    assert {tuple(str(each) for each in triple) for triple in expected} <= found


def test_a_description_that_leaves_links_out_says_so(graph: Graph) -> None:
    quads = describe_as_quads(graph, iri("place:ZZA"), size=2)
    pledges = [each for each in quads if each.predicate == iri("gcm:isMadeBy")]
    comments = [str(each.object) for each in quads if each.predicate == iri("rdfs:comment")]
    assert len(pledges) == 2
    assert len(comments) == 1
    assert comments[0].startswith('"3 things point here by <https://w3id.org/gcm/ontology/isMadeBy>')
    assert not [
        each
        for each in describe_as_quads(graph, iri("place:ZZA"), size=3)
        if each.predicate == iri("rdfs:comment")
    ]


def test_a_designation_note_goes_with_every_mention() -> None:
    graph = graph_of(
        STATEMENTS + "gcmd:two { network:X skos:prefLabel 'X'@en ; gcm:isNetworkFor place:ZZX . }"
    )
    found = triples_of(describe_as_quads(graph, iri("network:X"), size=2))
    assert (str(iri("place:ZZX")), str(iri("gcm:designationNote")), '"A note on Noteland."@en') in found


@pytest.mark.parametrize(
    ("media_type", "form"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/n-quads", RdfFormat.N_QUADS),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/rdf+xml", RdfFormat.RDF_XML),
    ],
)
def test_every_form_says_the_same(graph: Graph, media_type: str, form: RdfFormat) -> None:
    quads = describe_as_quads(graph, iri("pledge:1"), size=2)
    written = write_quads(quads, media_type=media_type)
    assert triples_of(list(parse(written, form))) == triples_of(quads)


def test_n_quads_name_the_datasets(graph: Graph) -> None:
    written = write_quads(describe_as_quads(graph, iri("pledge:1"), size=2), media_type="application/n-quads")
    named = {
        str(quad.graph_name) for quad in parse(written, RdfFormat.N_QUADS) if quad.object == iri("gcm:Pledge")
    }
    assert named == {str(iri("gcmd:one")), str(iri("gcmd:two"))}


def test_turtle_declares_the_prefixes_it_uses_and_no_others(graph: Graph) -> None:
    lines = (
        write_quads(describe_as_quads(graph, iri("pledge:1"), size=2), media_type="text/turtle")
        .decode()
        .splitlines()
    )
    declared = [line.split()[1].rstrip(":") for line in lines if line.startswith("@prefix")]
    body = "\n".join(line for line in lines if not line.startswith("@prefix"))
    assert declared
    assert [prefix for prefix in declared if f"{prefix}:" not in body] == []
    assert f"<{PREFIXES['gcm']}" not in body


def test_a_table_has_a_row_for_each_statement_and_dataset(graph: Graph) -> None:
    rows = write_table(graph.about(iri("pledge:1"))).decode().splitlines()
    assert rows[0] == "subject,property,value,language,datatype,dataset"
    assert sorted(row for row in rows if "Promise" in row) == [
        f"{iri('pledge:1').value},{iri('skos:prefLabel').value},Promise,en,,{iri(name).value}"
        for name in ("gcmd:one", "gcmd:two")
    ]
