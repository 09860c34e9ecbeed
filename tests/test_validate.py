"""Validation: each mistake at its line, in the words of its rule, and nothing else."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pyshacl
import pytest
import rdflib
from gcm.errors import SourceError
from gcm.given import Place
from gcm.layout import Sources, find_sources
from gcm.turtle import read_triples
from gcm.validate import Report, Result
from gcm.validate.lexical import is_well_formed
from gcm.validate.run import validate
from gcm.validate.shacl import find_faults
from gcm.validate.terms import Terms
from gcm.vocab import PREFIXES
from pyoxigraph import Literal, NamedNode, Triple
from rdflib.namespace import SH

SMALL = Path(__file__).parent / "small"
XSD = PREFIXES["xsd"]
EX = "http://example.org/"
PLEDGE_3 = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <http://example.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://w3id.org/gcm/data/mine> a dcat:Dataset .

ex:pledge3
    a ex:Pledge ;
    dcterms:date "2024-05-17"^^xsd:date ;
    ex:isMadeBy ex:MDA ;
    skos:prefLabel "Third"@en ;
.
"""

Write = Callable[[str], Path]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Copy the small graph, so that a test may change it."""
    return Path(shutil.copytree(SMALL, tmp_path / "graph"))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a stranger's file."""

    def write_text(text: str) -> Path:
        path = tmp_path / "mine.ttl"
        path.write_text(text)
        return path

    return write_text


def small() -> Sources:
    return find_sources(SMALL)


def short(report: Report) -> list[tuple[int | None, str, str, str | None]]:
    """Give line, severity, rule and value of each result."""
    return [
        (each.line, each.severity, each.source.removeprefix(EX), each.value and each.value.removeprefix(EX))
        for each in report.results
    ]


def test_the_small_graph_and_a_right_file_conform(write: Write) -> None:
    looking_two_steps_on = PLEDGE_3.replace("ex:MDA ;", "ex:MDA ; ex:neighbour ex:pledge1 ;")
    for files in ([], [write(PLEDGE_3)], [write(looking_two_steps_on)]):
        report = validate(small(), files)
        assert report == Report(())
        assert report.conforms


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("ex:isMadeBy ex:MDA", "ex:isMadeBy ex:Nobody", (11, "violation", "Pledge-isMadeBy", "Nobody")),
        (
            "    ex:isMadeBy ex:MDA ;\n",
            "",
            (8, "violation", "Pledge-isMadeBy", None),
        ),  # missing: where the node begins
        (
            "isMadeBy ex:MDA",
            "isMadeBy ex:MDA ; ex:isMdeBy ex:ALB",
            (11, "violation", "PledgeShape", "ALB"),
        ),  # closed
        ("2024-05-17", "2024-02-30", (10, "violation", "Pledge-date", f'"2024-02-30"^^<{XSD}date>')),
        ("2024-05-17", "2024-13-45", (10, "violation", "Pledge-date", f'"2024-13-45"^^<{XSD}date>')),
        (
            '"2024-05-17"^^xsd:date',
            '"20xx"^^xsd:gYear',
            (10, "violation", "Pledge-date", f'"20xx"^^<{XSD}gYear>'),
        ),
        ('    skos:prefLabel "Third"@en ;\n', "", (8, "warning", "Pledge-label", None)),
        # two of one language: the second
        (
            '"Third"@en',
            '"Third"@en , "Tert"@en',
            (12, "warning", "Pledge-label", None),
        ),  # two of one language
        (
            "ex:MDA ;",
            "ex:MDA ;\n    ex:number 1.5 ;",
            (12, "violation", "Pledge-number", f'"1.5"^^<{XSD}decimal>'),
        ),
        ("ex:MDA ;", "ex:MDA ;\n  ex:neighbour ex:x ;", (12, "violation", "Pledge-neighbour", "x")),
        ("ex:MDA ;", "ex:MDA ;\n  ex:witness ex:ALB , ex:MDA ;", (8, "violation", "Pledge-witness", None)),
        ('"Third"', '"First"', (12, "violation", "duplicate-label", '"First"@en')),  # a check
        ('    dcterms:date "2024-05-17"^^xsd:date ;\n', "", (8, "warning", "no-date", None)),
        ("    a ex:Pledge ;", "    a ex:Pldge ;", None),  # what no shape speaks of
    ],
)
def test_one_mistake_is_one_result_at_its_line(
    write: Write, right: str, wrong: str, expected: tuple[int, str, str, str | None] | None
) -> None:
    assert right in PLEDGE_3
    report = validate(small(), [write(PLEDGE_3.replace(right, wrong))])
    own = [
        each
        for each, result in zip(short(report), report.results, strict=True)
        if result.path.name == "mine.ttl"
    ]
    assert own == ([expected] if expected else [])
    assert report.conforms is (expected is None or expected[1] == "warning")


def test_a_result_speaks_english_and_says_all_it_knows(write: Write) -> None:
    path = write(PLEDGE_3.replace("ex:MDA", "ex:Nobody"))
    expected = Result(
        place=Place(str(path), line=11, column=17, end_line=11, end_column=26),
        severity="violation",
        focus=EX + "pledge3",
        predicate=EX + "isMadeBy",
        value=EX + "Nobody",
        message=f"<{EX}Nobody> in the field “is made by” is not known; it should be an Actor.",
        expected="Name an actor.",
        source=EX + "Pledge-isMadeBy",
        component=f"{PREFIXES['sh']}ClassConstraintComponent",
        demand="Name an actor.",
    )
    assert validate(small(), [path]).results == (expected,)


def test_a_value_keeps_the_form_in_which_it_is_written(write: Write) -> None:
    text = PLEDGE_3.replace("ex:MDA ;", "ex:MDA ; ex:number 01 , 01.5 , 1.5 ;")
    values = [each.value for each in validate(small(), [write(text)]).results]
    assert values == [f'"01.5"^^<{XSD}decimal>', f'"1.5"^^<{XSD}decimal>']


def test_lines_are_right_with_windows_line_ends(write: Write) -> None:
    path = write("")
    path.write_bytes(PLEDGE_3.replace("ex:MDA", "ex:Nobody").replace("\n", "\r\n").encode())
    assert short(validate(small(), [path]))[0] == (11, "violation", "Pledge-isMadeBy", "Nobody")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("ex:a ex:p 1 .\nex:b a ex:Pledge ; dcterms:date '2024'^^xsd:gYear ; ex:isMadeBy ex:ALB .", 8),
        ("ex:a ex:p 1 .\n\n# about b\n\nex:b\n a ex:Pledge .", 11),
        ("ex:a ex:p 'x'\n.\nex:b a ex:Pledge .", 9),
    ],
)
def test_a_missing_value_is_shown_where_its_node_begins(write: Write, text: str, line: int) -> None:
    header = PLEDGE_3.partition("\n\n")[0] + "\n"
    report = validate(small(), [write(header + text)])
    assert {each.line for each in report.results if each.focus == EX + "b"} == {line}


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "begin it with a header such as"),
        (b"<http://a/> <http://p/> 1 .", 1, "begin it with a header such as"),
        (b"<http://a/> <http://p/> oops .", 1, "oops is no value"),
        (b"\n'\xff'", 2, "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_result(
    tmp_path: Path, content: bytes, line: int, words: str
) -> None:
    path = tmp_path / "mine.ttl"
    path.write_bytes(content)
    (result,) = validate(small(), [path]).results
    assert (result.path, result.line, result.severity, result.source) == (path, line, "violation", "syntax")
    assert words in result.message


def test_all_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    report = validate(small(), [tmp_path / "gone.ttl", tmp_path, SMALL / "shapes" / "checks" / "no-date.rq"])
    assert {each.path.name: each.message.partition(";")[0] for each in report.results} == {
        "gone.ttl": "there is no such file",
        tmp_path.name: "this is a folder",
        "no-date.rq": "the syntax cannot be told",
    }


def test_a_broken_file_of_the_graph_itself_is_named(root: Path, write: Write) -> None:
    """What it says of actors is unknown, so nobody is told that there are none."""
    path = root / "data" / "actors.ttl"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines, "oops"]))
    for files in ([], [write(PLEDGE_3)]):
        (result,) = validate(find_sources(root), files).results
        assert (result.path.name, result.line) == ("actors.ttl", len(lines) + 1)


def test_a_file_of_the_graph_takes_its_own_place(root: Path) -> None:
    path = root / "data" / "pledges.ttl"
    path.write_text(path.read_text().replace("2022-05-17", "2022-05-32"))
    assert [each[2] for each in short(validate(find_sources(root), [path]))] == ["Pledge-date"]


def test_a_new_edition_of_a_dataset_takes_the_place_of_the_old_one(write: Write) -> None:
    old = (SMALL / "data" / "pledges.ttl").read_text()
    assert (
        validate(small(), [write(old.replace("2022-05-17", "2022-05-18"))]).results == ()
    )  # else: two dates


def test_two_files_of_one_dataset_are_refused(tmp_path: Path, write: Write) -> None:
    first = write(PLEDGE_3)
    second = tmp_path / "again.ttl"
    second.write_text(PLEDGE_3)
    (result,) = validate(small(), [first, second]).results
    assert (result.path, result.source) == (second, "syntax")
    assert "is already the dataset of" in result.message


def test_what_a_file_breaks_elsewhere_is_said(root: Path) -> None:
    path = root / "data" / "actors.ttl"
    path.write_text(path.read_text().replace("a ex:State", "a ex:Place"))
    (root / "data" / "more.ttl").write_text(
        PLEDGE_3.replace("ex:MDA", "ex:ALB")
    )  # in the same way as pledge1
    results = validate(find_sources(root), [path]).results
    assert {(each.path.name, each.focus.removeprefix(EX)) for each in results} == {
        ("pledges.ttl", "pledge1"),
        ("more.ttl", "pledge3"),
    }


def test_a_fault_of_two_files_is_shown_in_the_one_that_is_checked(write: Write) -> None:
    header = PLEDGE_3.partition("\n\n")[0] + "\n"
    path = write(header + "ex:pledge2 ex:witness ex:MDA .")  # one State witnesses it already
    (result,) = validate(small(), [path]).results
    assert (result.path, result.line, result.source) == (path, 7, EX + "Pledge-witness")


def test_a_duplicate_elsewhere_is_said_and_an_old_one_is_not(root: Path, write: Write) -> None:
    path = root / "data" / "pledges.ttl"
    path.write_text(path.read_text().replace('"Second"', '"First"'))  # an old fault of the graph
    assert validate(find_sources(root), [write(PLEDGE_3)]).results == ()
    actors = root / "data" / "actors.ttl"
    text = PLEDGE_3.replace("ex:pledge3", "ex:UNHCR").replace("a ex:Pledge ;", "a ex:State ;")
    report = validate(find_sources(root), [write(text.replace("Third", "Albania"))])
    assert [(each.path.name, each.line) for each in report.results if each.source == "duplicate-label"] == [
        (actors.name, 12),
        ("mine.ttl", 12),
    ]


FAULTS = [
    ("ex:isMadeBy ex:ALB", "ex:isMadeBy ex:Nobody"),
    ('"2022-05-17"^^xsd:date', '"yesterday"'),
    ('skos:prefLabel "Second"@en', 'skos:prefLabel "Second"@en , "Zweit"@en , "2"@en'),
    ("ex:number 01", "ex:number 01 , 1.5"),
    ("ex:neighbour ex:pledge1", "ex:neighbour ex:ALB , ex:Nobody"),
    ("ex:witness\n        ex:ALB", "ex:witness\n        ex:MDA , ex:ALB"),
    ("    ex:isMadeBy ex:ALB ;\n", ""),
]


@pytest.fixture
def faulty(root: Path) -> Sources:
    """Put all faults into the pledges of the small graph."""
    path = root / "data" / "pledges.ttl"
    text = path.read_text()
    copies = []
    for number, (right, wrong) in enumerate(FAULTS):
        assert right in text
        head, _, body = text.replace(right, wrong).partition("gcmd:pledges\n    a dcat:Dataset ;\n.\n")
        copies.append(body.replace("ex:pledge", f"ex:pledge{number}"))
    path.write_text(head + "gcmd:pledges\n    a dcat:Dataset ;\n.\n" + "".join(copies))
    actors = root / "data" / "actors.ttl"
    text = actors.read_text().replace('    skos:prefLabel "Moldova"@en ;\n', "")
    actors.write_text(text + "ex:SMR a ex:SmallState .\n")  # an actor two classes down
    return find_sources(root)


def triples_of(paths: Iterable[Path]) -> list[Triple]:
    return [each.triple for path in paths for each in read_triples(path)]


def rows_of_pyshacl(data: list[Triple], shapes: list[Triple]) -> set[tuple[str, ...]]:
    """Check with pyshacl alone, as it is meant to be used."""
    terms = Terms()
    _, report, _ = pyshacl.validate(terms.graph(data), shacl_graph=terms.graph(shapes))
    assert isinstance(report, rdflib.Graph)
    return {
        tuple(
            str(report.value(result, each))
            for each in (SH.focusNode, SH.resultPath, SH.value, SH.sourceShape)
        )
        for result in report.objects(None, SH.result)
    }


def rows_of_ours(data: list[Triple], shapes: list[Triple]) -> set[tuple[str, ...]]:
    """Check with our own choice of targets and rules."""
    found = find_faults(data, shapes, folder=SMALL)
    return {tuple(plain(each) for each in (row.focus, row.predicate, row.value, row.source)) for row in found}


def plain(term: object) -> str:
    """Write a term as rdflib's str() does."""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


@pytest.mark.parametrize("shared_from", [0, 10**9])  # by several processes, by one
def test_results_are_those_of_pyshacl(
    monkeypatch: pytest.MonkeyPatch, faulty: Sources, shared_from: int
) -> None:
    monkeypatch.setattr("gcm.validate.shacl._WORTH_SHARING", shared_from)
    data, shapes = triples_of(faulty.ontology + faulty.data), triples_of(faulty.shapes)
    rows = rows_of_ours(data, shapes)
    assert rows == rows_of_pyshacl(data, shapes)
    assert len({row[3] for row in rows}) >= 6  # of the rules, most are broken


@pytest.mark.parametrize("name", ["actors.ttl", "pledges.ttl"])
def test_a_file_alone_gives_what_the_whole_graph_gives_of_it(faulty: Sources, name: str) -> None:
    (path,) = (each for each in faulty.data if each.name == name)
    subjects = {
        each.triple.subject.value for each in read_triples(path) if isinstance(each.triple.subject, NamedNode)
    }
    whole = {each for each in validate(faulty).results if each.focus in subjects or each.value in subjects}
    assert set(validate(faulty, [path]).results) == whole
    assert whole


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (
            "date",
            ["2024-02-29", "-0044-03-15", "12024-02-29", "2024-05-17Z", "2024-05-17+02:00"],
            ["2023-02-29"],
        ),
        (
            "date",
            [],
            ["2024-13-01", "2024-1-1", "20240517", "2024-W01-1", "2024-05-17T00:00:00", "1900-02-29", ""],
        ),
        ("gYear", ["2024", "-0044", "0001"], ["24", "202x", "2024-05", "02024", " 2024"]),
        ("gYearMonth", ["2024-05"], ["2024-13", "2024-5", "2024"]),
        ("integer", ["1", "-01", "+7"], ["1.0", "1e3", "", "one", " 1", "١"]),
        ("decimal", ["1.50", "-.5", "7", "7."], ["1,5", "1e3", "."]),
        ("boolean", ["true", "false", "0", "1"], ["TRUE", "yes", ""]),
        ("string", ["anything", ""], []),
        ("unknown", ["anything"], []),
    ],
)
def test_lexical_forms_are_those_of_xml_schema(kind: str, right: list[str], wrong: list[str]) -> None:
    literals = {text: Literal(text, datatype=NamedNode(XSD + kind)) for text in right + wrong}
    assert [text for text, literal in literals.items() if is_well_formed(literal)] == right


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("no-date.rq", "SELECT ?entity WHERE { ?entity ?p ?o }", "the header has no title"),
        ("no-date.rq", "#+ title: x\nSELECT ?entity WHERE { ?entity ?p ?o }", "the header has no message"),
        ("no-date.rq", "#+ title: x\n#+ message: y\nSELECT ?entity WHERE { ?entity ?p ?o }", "SELECT of"),
        ("no-date.rq", "#+ title: x\n#+ message: y\nASK { }", "SELECT of"),
        ("no-date.rq", "#+ title: x\n#+ message: y\nSELECT oops", "not SPARQL"),
        ("no-date.rq", "#+ title: x\n#+ message: y\n#+ severity: bad\nASK { }", "severity"),
    ],
)
def test_a_check_that_is_none_is_refused(root: Path, name: str, text: str, words: str) -> None:
    (root / "shapes" / "checks" / name).write_text(text)
    with pytest.raises(SourceError, match=words) as caught:
        validate(find_sources(root))
    assert caught.value.path.name == name


@pytest.mark.parametrize(
    "shape",
    [
        "ex:S a sh:NodeShape ; sh:targetClass ex:State ; sh:property ex:gone .",
        "ex:S a sh:NodeShape ; sh:targetClass ex:State ; sh:property [ sh:path ex:p ; sh:datatype 1, 2 ] .",
    ],
)
def test_shapes_that_are_none_are_refused(root: Path, shape: str) -> None:
    path = root / "shapes" / "core.ttl"
    path.write_text(path.read_text() + shape)
    with pytest.raises(SourceError, match="shapes"):
        validate(find_sources(root))


def test_an_impossible_date_is_no_noise_in_the_log(write: Write, caplog: pytest.LogCaptureFixture) -> None:
    validate(small(), [write(PLEDGE_3.replace("2024-05-17", "2024-13-45"))])
    assert caplog.records == []


def test_progress_is_told(write: Write) -> None:
    said: list[str] = []
    validate(small(), [write(PLEDGE_3)], progress=said.append)
    assert said == ["checking 5 triples"]
