"""One function for whatever is given: all faults in one run, each at its place, in the graph it is for."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from gcm.given import Form, Given, TableAbout
from gcm.layout import find_sources
from gcm.limits import Limits
from gcm.syntax import apply
from gcm.validate import Options, Outcome
from gcm.validate.context import Context
from gcm.validate.overlay import View
from gcm.validate.report import Result
from gcm.validate.run import check
from gcm.vocab import DATASET, ONTOLOGY, PREFIXES, SHAPES, expand
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse, serialize

from tests.validate.submissions import DATASET as DATASET_HEADER
from tests.validate.submissions import HEADER, PLEDGE, WHOLE, turtle

pytestmark = pytest.mark.server

ROOT = Path(__file__).parents[2]
SH = PREFIXES["sh"]
SUBMITTED = NamedNode(DATASET + "submitted")

Check = Callable[..., Outcome]


@pytest.fixture(scope="module")
def context() -> Context:
    """Take the tiny world as the graph."""
    return Context.of_sources(find_sources(ROOT, data=[ROOT / "tests" / "world"], with_own_data=False))


@pytest.fixture(scope="module")
def submit(context: Context) -> Check:
    """Check in the tiny world."""

    def submit_all(*given: Given, **options: object) -> Outcome:
        return check(given, context, options=Options(**options))  # type: ignore[arg-type]  # as tests say

    return submit_all


def rows(results: Sequence[Result]) -> list[tuple[str, str, str]]:
    """Give place, severity and rule of each result."""
    return [(str(each.place), each.severity, rule_of(each)) for each in results]


def rule_of(result: Result) -> str:
    return result.source.rpartition("/")[2]


FORMATS = {
    Form.TURTLE: RdfFormat.TURTLE,
    Form.TRIG: RdfFormat.TRIG,
    Form.N_TRIPLES: RdfFormat.N_TRIPLES,
    Form.N_QUADS: RdfFormat.N_QUADS,
    Form.RDF_XML: RdfFormat.RDF_XML,
    Form.JSON_LD: RdfFormat.JSON_LD,
}


def written_as(form: Form, text: str) -> Given:
    """Write a Turtle text in another syntax."""
    triples = [each.triple for each in parse(text, format=RdfFormat.TURTLE)]
    if form in (Form.TRIG, Form.N_QUADS):
        quads = [Quad(each.subject, each.predicate, each.object, SUBMITTED) for each in triples]
        written = serialize(quads, format=FORMATS[form])
    else:
        written = serialize(triples, format=FORMATS[form])
    assert written is not None
    return Given(f"mine.{form.name.lower()}", written, form)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_a_right_submission_conforms_in_every_syntax(form: Form, submit: Check) -> None:
    outcome = submit(written_as(form, WHOLE))
    assert outcome.report.results == ()
    assert set(outcome.datasets) == {SUBMITTED}


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_a_wrong_value_is_found_at_its_place_in_every_syntax(form: Form, submit: Check) -> None:
    given = written_as(form, WHOLE.replace("place:ZZA", "place:QQQ"))
    results = submit(given).report.results
    assert {rule_of(each) for each in results} == {"Commitment-isMadeBy", "link-to-nothing"}
    lines = given.data.decode().splitlines()
    for each in results:
        assert each.line is not None
        written = lines[each.line - 1][(each.place.column or 1) - 1 :]
        assert "QQQ" in written
        assert each.place.file == given.name


def test_datasets_are_the_same_from_every_syntax(submit: Check) -> None:
    texts = {submit(written_as(form, WHOLE)).datasets[SUBMITTED] for form in FORMATS}
    assert len(texts) == 1
    (text,) = texts
    assert submit(turtle(text)).datasets[SUBMITTED] == text  # it is canonical


def test_all_faults_of_all_files_are_told_in_one_run(submit: Check) -> None:
    lost_semicolon = WHOLE.replace("gcmd:submitted", "gcmd:broken").replace("place:ZZA ;", "place:ZZA")
    broken = turtle(lost_semicolon, "a.ttl")
    no_header = turtle(HEADER + PLEDGE.replace("8001", "8002").replace("place:ZZA", "region:1"), "b.ttl")
    other = WHOLE.replace("8001", "8003").replace("gcm:isAbout", "gcm:isAbuot")
    several = other.replace('date "2024-05-17"^^xsd:date ;\n    gcm:isAb', "date 2 ;\n    gcm:isAb")
    results = submit(broken, no_header, turtle(several, "c.ttl")).report.results
    assert {(each.place.file, rule_of(each)) for each in results} == {
        ("a.ttl", "syntax"),
        ("b.ttl", "syntax"),  # region: is no prefix here
        ("c.ttl", "Pledge"),
        ("c.ttl", "undeclared-term"),
        ("c.ttl", "Thing-date"),
        ("c.ttl", "objectives-not-as-known"),
    }


def test_a_file_without_header_is_told_so_and_checked(submit: Check) -> None:
    outcome = submit(turtle(HEADER + PLEDGE.replace("place:ZZA", "document:901")))
    assert [rule_of(each) for each in outcome.report.results] == ["syntax", "Commitment-isMadeBy"]
    assert "does not say which dataset it is" in outcome.report.results[0].message
    assert outcome.datasets == {}


@pytest.mark.parametrize(
    ("written", "profile"),
    [
        ("dcat:Datset", "strict"),
        ("dcat:dataset", "draft"),  # it is wrong, not missing
        ("<https://www.w3.org/ns/dcat#Dataset>", "strict"),
    ],
)
def test_a_misspelt_header_is_told_at_its_class_with_its_fix(
    written: str, profile: str, submit: Check
) -> None:
    text = WHOLE.replace("dcat:Dataset", written)
    outcome = submit(turtle(text), profile=profile)
    (result,) = outcome.report.results
    assert rows([result]) == [("mine.ttl:15:7", "violation", "syntax")]
    assert result.message.startswith(f"{written} is not the class of datasets")
    assert result.fix is not None
    assert apply(text, result.fix.edits) == WHOLE
    assert set(outcome.datasets) == {SUBMITTED}


def test_a_misspelt_header_of_a_graph_is_told_at_its_class(submit: Check) -> None:
    given = written_as(Form.N_QUADS, WHOLE.replace("dcat:Dataset", "dcat:Datset"))
    (result,) = submit(given).report.results
    assert result.message.startswith("dcat:Datset is not the class of datasets")
    assert result.place.line == given.data.decode().split("#Datset>")[0].count("\n") + 1


@pytest.mark.parametrize(
    ("class_name", "rules"),
    [
        ("dcat:Catalog", ["syntax"]),  # another word, no slip
        ("gcm:Dataset", ["syntax", "undeclared-term"]),  # the check of terms tells of ours, with a fix
    ],
)
def test_what_is_no_slip_is_a_file_without_header(class_name: str, rules: list[str], submit: Check) -> None:
    results = submit(turtle(WHOLE.replace("dcat:Dataset", class_name))).report.results
    assert [rule_of(each) for each in results] == rules
    assert "does not say which dataset it is" in results[0].message


def test_what_an_unreadable_file_may_describe_is_not_missed(submit: Check) -> None:
    links = turtle(WHOLE.replace("place:ZZA", "organization:8009"))
    broken = turtle(HEADER + "organization:8009 a gcm:Organization ; oops .", "other.ttl")
    assert {rule_of(each) for each in submit(links).report.results} == {
        "Commitment-isMadeBy",
        "link-to-nothing",
    }
    assert [each.place.file for each in submit(links, broken).report.results] == ["other.ttl"]


@pytest.mark.parametrize(
    ("mention", "hides"),
    [
        ("document:901", True),
        ("<https://w3id.org/gcm/id/document/901>", True),
        ("mine:901", True),  # whatever that means
        ("</901>", True),
        ("objective:901", False),
        ("<https://w3id.org/gcm/id/objective/901>", False),
    ],
)
def test_an_unreadable_file_hides_only_what_it_may_describe(mention: str, hides: bool, submit: Check) -> None:
    wrong = turtle(WHOLE.replace("place:ZZA", "document:901"))  # a document is no actor
    broken = turtle(HEADER + f"{mention} a gcm:Organization ; oops .", "other.ttl")
    told = {each.place.file for each in submit(wrong, broken).report.results}
    assert told == ({"other.ttl"} if hides else {"other.ttl", wrong.name})


def trig(*graphs: tuple[str, str]) -> Given:
    """Write named graphs, each with its name and content."""
    blocks = [f"{name} {{ {content} }}\n" for name, content in graphs]
    return Given("mine.trig", (HEADER + "".join(blocks)).encode(), Form.TRIG)


def test_each_named_graph_is_a_dataset(submit: Check) -> None:
    second = DATASET_HEADER.replace("submitted", "second")
    given = trig(
        ("gcmd:submitted", DATASET_HEADER + PLEDGE), ("gcmd:second", second + PLEDGE.replace("8001", "8002"))
    )
    outcome = submit(given)
    assert outcome.report.results == ()
    assert set(outcome.datasets) == {SUBMITTED, NamedNode(DATASET + "second")}


@pytest.mark.parametrize(
    ("graph", "content", "words"),
    [
        ("gcmd:third", PLEDGE, "does not say that it is a dataset"),
        ("gcmd:third", DATASET_HEADER + PLEDGE, "does not say that it is a dataset"),
        ("gcmd:submitted", DATASET_HEADER + PLEDGE + "gcmd:b a dcat:Dataset .", "this is a second dataset"),
        ("<https://w3id.org/gcm/shapes>", "gcm:Pledge a gcm:Pledge .", "holds the rules"),
    ],
)
def test_a_named_graph_that_is_no_dataset_is_told(
    graph: str, content: str, words: str, submit: Check
) -> None:
    results = submit(trig((graph, content))).report.results
    assert any(words in each.message for each in results if each.source == "syntax")


@pytest.mark.parametrize("header", [DATASET_HEADER, ""])
@pytest.mark.parametrize("is_first", [True, False])
def test_what_stands_in_no_graph_is_told_at_its_line(is_first: bool, header: str, submit: Check) -> None:
    named = f"gcmd:submitted {{ {header} {PLEDGE.replace('8001', '8002')} }}\n"
    text = HEADER + (PLEDGE + named if is_first else named.replace("    a gcm", " a gcm") + PLEDGE)
    results = submit(Given("mine.trig", text.encode(), Form.TRIG)).report.results
    (result,) = (each for each in results if "the file does not say which dataset" in each.message)
    assert result.line == text.splitlines().index("    a gcm:Pledge ;") + 1


@pytest.mark.parametrize("own", [ONTOLOGY, SHAPES], ids=["ontology", "shapes"])
def test_nobody_gives_rules_as_data(own: NamedNode, submit: Check) -> None:
    """A shape that a stranger sends is a thing like any other, and is never applied."""
    shape = (
        "gcm:S a sh:NodeShape ; sh:targetClass gcm:Pledge ; sh:property [ sh:path gcm:x ; sh:minCount 9 ] ."
    )
    text = f"@prefix sh: <{SH}> .\n{HEADER}<{own.value}> a dcat:Dataset . {shape} {PLEDGE}"
    outcome = submit(turtle(text))
    assert any("holds the rules" in each.message for each in outcome.report.results)
    applied = {each.source for each in outcome.report.results if each.component}
    assert applied
    assert all(each.startswith(PREFIXES["gcms"]) for each in applied)
    assert outcome.datasets == {}


def test_two_files_of_one_dataset_are_told(submit: Check) -> None:
    outcome = submit(turtle(WHOLE), turtle(WHOLE.replace("8001", "8002"), "other.ttl"))
    assert ("other.ttl", "violation", "syntax") in rows(outcome.report.results)
    assert outcome.datasets == {}


def test_a_draft_may_lack_things_but_not_have_wrong_ones(submit: Check) -> None:
    text = WHOLE.replace("    gcm:isMadeBy place:ZZA ;\n", "").replace(
        "    dcterms:source document:901 ;\n", ""
    )
    wrong = text.replace("objective:7", "document:901")
    strict = {rule_of(each): each.severity for each in submit(turtle(text)).report.results}
    assert strict == {"Commitment-isMadeBy": "violation", "Dataset-source": "violation"}
    draft = submit(turtle(text), profile="draft").report
    assert {rule_of(each): each.severity for each in draft.results} == dict.fromkeys(strict, "warning")
    assert draft.conforms
    assert not submit(turtle(wrong), profile="draft").report.conforms


def test_a_draft_may_lack_its_header(submit: Check) -> None:
    assert submit(turtle(HEADER + PLEDGE), profile="draft").report.conforms
    assert not submit(turtle(HEADER + PLEDGE)).report.conforms


def test_only_wanted_shapes_and_nodes_are_told(submit: Check) -> None:
    text = WHOLE.replace("place:ZZA", "document:901").replace("organization:901", "document:901")
    text += PLEDGE.replace("8001", "8002").replace("place:ZZA", "document:901")
    pledge, made_by = PREFIXES["pledge"] + "8002", PREFIXES["gcms"] + "Commitment-isMadeBy"

    def found(**options: object) -> set[tuple[str, str]]:
        results = submit(turtle(text), **options).report.results
        return {(each.focus.rpartition("/")[2], rule_of(each)) for each in results}

    everything = found()
    assert len(everything) == 3
    assert found(shapes=(made_by,)) == {("8001", "Commitment-isMadeBy"), ("8002", "Commitment-isMadeBy")}
    assert found(nodes=(pledge,)) == {each for each in everything if each[0] == "8002"}
    assert found(shapes=(PREFIXES["gcms"] + "Dataset",)) == {("submitted", "Dataset-publisher")}
    assert found(shapes=("duplicate-label",)) == set()


def test_a_context_says_what_is_around_a_node(context: Context) -> None:
    state, region = expand("place:ZZA"), expand("gcm:isInRegion")
    assert state is not None
    assert region in {each.predicate for each in View(context.store).about(state)}
    assert {each.object for each in View(context.store).references(state)} == {state}
    assert context.names.label_of(state) == "Exampleland"


def test_there_are_two_profiles() -> None:
    with pytest.raises(ValueError, match="strict, draft"):
        Options(profile="lax")


def test_what_a_new_edition_takes_away_is_told_where_it_is_missed(submit: Check) -> None:
    """The world's places are given anew, without the State that pledges."""
    path = ROOT / "tests" / "world" / "world-places.ttl"
    text = path.read_text()
    assert "place:ZZA\n" in text
    head, _, rest = text.partition("place:ZZA\n")
    gone = submit(turtle(head + rest.partition("\n.\n")[2])).report.results
    elsewhere = [each for each in gone if each.place.file != "mine.ttl"]
    assert {"link-to-nothing", "Commitment-isMadeBy"} <= {rule_of(each) for each in elsewhere}
    assert all(each.value == PREFIXES["place"] + "ZZA" or "ZZA" in each.focus for each in elsewhere)
    assert submit(turtle(text)).report.results == ()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("gcm:isMadeBy", "gcm:isMadBy"),
        ('"2024-05-17"^^xsd:date ;\n    gcm:isAbout', '"2024-05-17" ;\n    gcm:isAbout'),
        ('"Submitted"@en', '"Submitted"@EN'),
        ("gcm:SomeKnown", "gcm:SomeKnwon"),
    ],
)
def test_a_fix_mends_its_place_and_nothing_else(right: str, wrong: str, submit: Check) -> None:
    text = "# a note\n" + WHOLE.replace(right, wrong) + "# another\n"
    fixes = [each.fix for each in submit(turtle(text)).report.results if each.fix]
    if wrong.endswith("@EN"):
        assert fixes == []  # language tags have no case (RDF 1.1 Concepts section 3.3)
        return
    assert fixes
    mended = apply(text, fixes[0].edits)
    assert submit(turtle(mended)).report.results == ()
    assert triples_of(mended) == triples_of(WHOLE)
    assert mended.startswith("# a note\n")
    assert mended.endswith("# another\n")


def triples_of(text: str) -> set[Triple]:
    return {each.triple for each in parse(text, format=RdfFormat.TURTLE)}


def test_results_hold_what_a_report_in_shacl_needs(submit: Check) -> None:
    (result,) = submit(turtle(WHOLE.replace("objective:7", "document:901"))).report.results[:1]
    assert (result.focus, result.predicate) == (PREFIXES["pledge"] + "8001", PREFIXES["gcm"] + "isAbout")
    assert result.value == PREFIXES["document"] + "901"
    assert result.component == f"{SH}ClassConstraintComponent"
    assert expand("gcms:" + rule_of(result)) == NamedNode(result.source)
    assert result.message
    assert result.expected


CSV_HEADER = DATASET_HEADER.replace("submitted", "sheet")


def csv_given(text: str, header: str = HEADER + CSV_HEADER) -> Given:
    """Give a table of pledges."""
    return Given("my.csv", text.encode(), Form.CSV, TableAbout("pledge", header))


def test_a_table_is_checked_in_its_cells(submit: Check) -> None:
    row = "pledge:8001,Invented pledge,QQQ,Some Known,yesterday"
    text = f"Identifier,Name [en],Is made by,Objectives known,Date\n{row}\n"
    results = submit(csv_given(text)).report.results
    assert {each.place.cell for each in results} >= {"C2", "E2"}
    assert all(each.place.file == "my.csv" for each in results)


def test_a_fix_of_a_table_writes_into_its_cell(submit: Check) -> None:
    text = "Identifier,Name [en],Amount,Currency\npledge:8001,Invented pledge,5000,usd\n"
    (fix,) = (each.fix for each in submit(csv_given(text)).report.results if each.fix)
    assert apply(text, fix.edits) == text.replace("usd", "USD")


def test_a_table_without_header_of_its_dataset_is_told_so(submit: Check) -> None:
    text = "Identifier,Name [en]\npledge:8001,Invented pledge\n"
    messages = [each.message for each in submit(csv_given(text, header="")).report.results]
    assert any("the table does not say of which dataset" in each for each in messages)


def test_a_fault_in_the_header_of_a_table_is_not_told_at_a_line_of_the_table(submit: Check) -> None:
    text = "Identifier,Name [en]\npledge:8001,Invented pledge\n"
    (result,) = submit(csv_given(text, header="<a:b> <a:b>\n<a:b> .\n<a:b> <a:b> .\n")).report.results
    assert (result.place.file, result.place.line) == ("my.csv", None)
    assert result.message.startswith("in the header of its dataset, line 3: a value is missing before")


def test_a_submission_beyond_its_limit_is_told_so(context: Context) -> None:
    outcome = check([turtle(WHOLE)], context, limits=Limits(upload_bytes=100))
    assert [rule_of(each) for each in outcome.report.results] == ["syntax"]
