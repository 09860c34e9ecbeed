"""Turtle: the line of every triple, the canonical form, and what is refused."""

from pathlib import Path

import pytest
import rdflib
from gcm.errors import SourceError
from gcm.turtle import (
    canonical_text,
    count_comments,
    dataset_of,
    parse_triples,
    read_term,
    read_triples,
    write_triples,
)
from gcm.turtle.proof import is_same_graph
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

HERE = Path("my.ttl")
#: The same cases in each run, and no limit in milliseconds: a busy machine is not a fault of the code.
steady = settings(deadline=None, derandomize=True, database=None)
PREFIXES = "@prefix ex: <http://example.org/> .\n@prefix dcat: <http://www.w3.org/ns/dcat#> .\n"


def lines_of(text: str, *, path: Path = HERE) -> list[int]:
    return [each.line for each in parse_triples(text.encode(), path=path)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("ex:a ex:p 1 .\nex:b ex:p 2 .\n", [3, 4]),
        ("ex:a ex:p 1 .\r\nex:b ex:p 2 .\r\n", [3, 4]),  # Windows
        ("ex:a ex:p 1 ; ex:q 2 .", [3, 3]),  # no line break at the end
        ("ex:a\n  ex:p 1 ;\n  ex:q 2 ,\n    3 .", [4, 5, 6]),
        ("# a remark\n\nex:a ex:p 1 . # another\nex:a ex:q 1 .", [5, 6]),
        ('ex:a ex:p """one\ntwo\nthree""" ;\n ex:q 1 .', [5, 6]),  # a long text counts where it ends
        ('ex:a ex:p "x" ;\n ex:q "y" .\n', [3, 4]),  # as the canonical form writes it
        ("ex:a ex:p ( 1\n2 ) .", [3, 3, 4, 4, 4]),
        (f'ex:a ex:p "{"x" * 20_000}" .\nex:b ex:p 1 .', [3, 4]),  # longer than one read
    ],
)
def test_each_triple_has_its_line(text: str, lines: list[int]) -> None:
    assert sorted(lines_of(PREFIXES + text)) == lines


def test_each_triple_has_its_line_in_other_formats() -> None:
    n_triples = "<http://a/> <http://p/> <http://b/> .\n\n<http://a/> <http://p/> <http://c/> .\n"
    assert lines_of(n_triples, path=Path("my.nt")) == [1, 3]
    rdf_xml = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">\n'
        '<rdf:Description rdf:about="http://a/">\n<e:p>1</e:p>\n<e:q>2</e:q>\n</rdf:Description>\n</rdf:RDF>'
    )
    assert lines_of(rdf_xml, path=Path("my.rdf")) == [3, 4]


def test_values_keep_the_form_in_which_they_are_written() -> None:
    text = PREFIXES + 'ex:a ex:p 01 , 1.50 , "2024-02-30"^^<http://www.w3.org/2001/XMLSchema#date> .'
    values = [each.triple.object for each in parse_triples(text.encode(), path=HERE)]
    assert [value.value for value in values if isinstance(value, Literal)] == ["01", "1.50", "2024-02-30"]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"<http://a/> <http://p/> 1 .\n<http://a/> <http://p/> oops .", 2, "mend this line"),
        (b"<http://a/> <http://p/> 1", 1, "mend this line"),  # unfinished
        ("<http://a/> <http://p/> 'gr\u00fcn' .".encode("latin-1"), 1, "UTF-8"),
        (b"<http://a/> <http://p/> 1 .\n\n<http://a/> <http://p/> '\xff' .", 3, "UTF-8"),
        (b"<a> <http://p/> 1 .", 1, "mend this line"),  # relative, and no base
        (b"<http://a/> <http://p/> 'x'@ar--rtl .", 1, "RDF 1.1"),
        (b"<http://a/> <http://p/> <<( <http://a/> <http://p/> 1 )>> .", 1, "RDF 1.1"),
    ],
)
def test_a_faulty_file_is_refused_at_its_line(tmp_path: Path, content: bytes, line: int, words: str) -> None:
    path = tmp_path / "my.ttl"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=words) as caught:
        read_triples(path)
    assert (caught.value.path, caught.value.line) == (path, line)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gone.ttl", "no such file"),
        ("folder.ttl", "is a folder"),
        ("table.csv", "only files that end in .ttl"),
    ],
)
def test_what_is_no_readable_file_is_refused(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "folder.ttl").mkdir()
    (tmp_path / "table.csv").write_text("a,b\n")
    with pytest.raises(SourceError, match=words):
        read_triples(tmp_path / name)


def test_a_byte_order_mark_means_nothing(tmp_path: Path) -> None:
    path = tmp_path / "my.ttl"
    path.write_bytes(b"\xef\xbb\xbf<http://a/> <http://p/> 1 .")
    assert [each.line for each in read_triples(path)] == [1]


def test_blank_nodes_of_two_files_stay_apart() -> None:
    first, second = (parse_triples(b"_:same <http://p/> 1 .", path=HERE) for _ in range(2))
    assert first[0].triple.subject != second[0].triple.subject


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("ex:a ex:p 1 .", 1, "begin it with a header such as: <https://w3id.org/gcm/data/"),
        ("", 1, "begin it with a header"),
        ("ex:a a dcat:Dataset .\nex:b a dcat:Dataset .", 4, "second dataset"),
        ("[] a dcat:Dataset .", 3, "no IRI"),
    ],
)
def test_a_file_that_is_not_one_dataset_is_refused(text: str, line: int, words: str) -> None:
    triples = parse_triples((PREFIXES + text).encode(), path=HERE)
    with pytest.raises(SourceError, match=words) as caught:
        dataset_of(triples, path=HERE)
    assert caught.value.line == line


def test_the_header_names_the_dataset() -> None:
    triples = parse_triples((PREFIXES + "ex:a a dcat:Dataset .").encode(), path=HERE)
    assert dataset_of(triples, path=HERE) == NamedNode("http://example.org/a")


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("place:MDA", NamedNode("https://w3id.org/gcm/id/place/MDA")),
        ("<https://example.org/x>", NamedNode("https://example.org/x")),
        ("https://example.org/x", NamedNode("https://example.org/x")),
        ('"Moldova"@en', Literal("Moldova", language="en")),
        ("7", Literal(7)),
        ("MDA", Literal("MDA")),
        ("A/RES/73/195", Literal("A/RES/73/195")),
        ("nobody:knows", Literal("nobody:knows")),
        ('1 . <x:s> <x:p> "a"', Literal('1 . <x:s> <x:p> "a"')),  # no second statement slips in
        ("", Literal("")),
    ],
)
def test_a_value_is_read_as_in_turtle(text: str, term: NamedNode | Literal) -> None:
    assert read_term(text) == term


CANONICAL = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix ex: <http://example.org/> .
@prefix gcm: <https://w3id.org/gcm/ontology/> .
@prefix place: <https://w3id.org/gcm/id/place/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:z
    a dcat:Dataset ;
.

ex:a2
    a gcm:Pledge ;
    <http://other.example/p> <http://example.org/a/b> ;
    ex:alone "one" ;
    ex:numbers
        01 ,
        1.50 ,
        1e3 ,
        "1e3"^^xsd:decimal ,
        true ;
    ex:texts
        \"\"\"two
lines\"\"\" ,
        "a \\\\ \\" \\t \\r \\u0007"@en ;
    gcm:isMadeBy
        place:ALB ,
        place:MDA ;
.

ex:a10
    sh:in ( "a" ex:b 3 () ) ;
    sh:or (
        [
            sh:datatype xsd:date ;
        ]
        []
    ) ;
.

[]
    ex:p "nameless" ;
.
"""

DISORDERLY = """\
PREFIX pl: <https://w3id.org/gcm/id/place/> # ours has another name
PREFIX unused: <http://unused.example/>
PREFIX o: <https://w3id.org/gcm/ontology/> PREFIX ex: <http://example.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
ex:a10 sh:or ( [ sh:datatype <http://www.w3.org/2001/XMLSchema#date> ] [] ) ; sh:in ("a" ex:b 3 ()) .
[] ex:p "nameless" .
ex:a2 <http://other.example/p> <http://example.org/a/b> ; o:isMadeBy pl:MDA, pl:ALB, pl:MDA ;
  ex:texts "a \\\\ \\" \\t \\r \\u0007"@EN, "two\\nlines" ; ex:alone 'one' ;
  ex:numbers true , 01, 1.50, 1e3, "1e3"^^<http://www.w3.org/2001/XMLSchema#decimal> .
ex:a2 a o:Pledge . ex:z a <http://www.w3.org/ns/dcat#Dataset> .
"""


def test_the_canonical_form_is_the_approved_one() -> None:
    assert canonical_text(DISORDERLY, path=HERE) == CANONICAL


def test_a_known_prefix_means_what_it_means_everywhere() -> None:
    text = "@prefix gcm: <http://not.ours.example/> . gcm:a gcm:p gcm:b ."
    assert "@prefix" not in canonical_text(text, path=HERE)


def test_what_the_canonical_form_needs_is_written_in_it() -> None:
    assert canonical_text("", path=HERE) == ""
    assert canonical_text("@prefix ex: <http://example.org/> .", path=HERE) == ""


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("ex:a ex:p _:x .\nex:b ex:p _:x .", 4, "two statements use this blank node"),
        ("_:x ex:p _:y .\n_:y ex:p _:x .", 3, "lead back to themselves"),
        ("_:x ex:p _:x .", 3, "lead back to themselves"),
        ("ex:a ex:p .", 3, "mend this line"),
    ],
)
def test_a_text_without_canonical_form_is_refused(text: str, line: int, words: str) -> None:
    with pytest.raises(SourceError, match=words) as caught:
        canonical_text(PREFIXES + text, path=HERE)
    assert caught.value.line == line


@pytest.mark.parametrize(
    "change",
    [
        ("gcm.turtle.canonical._Writer._literal", lambda _, literal: f'"{literal.value}!"'),
        (
            "gcm.turtle.canonical._Writer._literal",
            lambda _, literal: literal.value.lstrip("0"),
        ),  # an equal number
        ("gcm.turtle.canonical._Writer._nested", lambda *_, **__: "[]"),
    ],
)
def test_a_changed_graph_is_refused(monkeypatch: pytest.MonkeyPatch, change: tuple[str, object]) -> None:
    monkeypatch.setattr(*change)
    with pytest.raises(SourceError, match="two parsers do not read the same graph"):
        canonical_text("<http://a/> <http://p/> 01 ; <http://q/> [ <http://p/> <http://b/> ] .", path=HERE)


def test_statements_that_are_not_read_as_they_are_written_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    thing, name = NamedNode("http://a/"), NamedNode("http://p/")
    with pytest.raises(SourceError, match="not read as they are written"):
        write_triples([Triple(BlankNode("x"), name, thing)])
    monkeypatch.setattr("gcm.turtle.canonical._Writer._literal", lambda _, literal: f'"{literal.value}!"')
    with pytest.raises(SourceError, match="not read as they are written"):
        write_triples([Triple(thing, name, Literal("x"))])


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("1", "1", True),
        ("1", "01", True),  # its parser cannot tell; the first one does
        ('"1"', "1", False),
        ('"x"@en', '"x"@en-GB', False),
        ("[ <http://p/> 1 ]", "[ <http://p/> 1 ]", True),
        ("[ <http://p/> 1 ]", "[ <http://p/> 2 ]", False),
        ('"2024-13-45"^^<http://www.w3.org/2001/XMLSchema#date>', '"x"', False),
    ],
)
def test_the_second_parser_compares_to_the_letter(before: str, after: str, same: bool) -> None:
    texts = [f"<http://a/> <http://p/> {value} ." for value in (before, after)]
    assert is_same_graph(*texts) is same
    assert rdflib.NORMALIZE_LITERALS  # as it was before


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("# one\nex:a ex:p 1 . # two", 2),
        ('<http://a/#b> <http://p/> \'#\', "# \\" #", \'\'\'#\'\'\', """\n# "no" \n""" .', 0),
        ("ex:a\\#b ex:p 1 .", 0),
        ("", 0),
    ],
)
def test_comments_are_counted(text: str, count: int) -> None:
    assert count_comments(text) == count


def quoted(value: str) -> str:
    return '"' + "".join(f"\\U{ord(character):08X}" for character in value) + '"'


IRIS = st.sampled_from(
    [
        "()",
        "<http://example.org/%20a>",
        "<http://example.org/>",
        "<http://example.org/a.>",  # no local name ends with a dot
        "<https://w3id.org/gcm/id/place/a/b>",  # nor holds a plain slash
        "<urn:x:é>",
        "dcat:Dataset",
        "ex:a",
        "ex:a.b",
        "ex:b",
        "ex:b10",
        "gcm:Pledge",
        "place:MDA",
    ]
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=8) | st.text(
    st.sampled_from('"\\\n\r\t x#'), max_size=8
)
TYPES = st.sampled_from(["xsd:date", "xsd:integer", "xsd:boolean", "xsd:decimal", "xsd:double", "ex:type"])
LITERALS = st.one_of(
    TEXTS.map(quoted),
    st.builds("{}@{}".format, TEXTS.map(quoted), st.sampled_from(["en", "zh-Hans", "EN-gb"])),
    st.builds("{}^^{}".format, TEXTS.map(quoted), TYPES),
    st.from_regex(
        r"[+-]?[0-9]{1,3}|[+-]?[0-9]{0,2}\.[0-9]{1,2}|[+-]?[0-9]{1,2}\.?[eE][+-]?[0-9]", fullmatch=True
    ),
    st.sampled_from(["true", "false"]),
)
PREDICATES = st.sampled_from(["a", "ex:p", "ex:q", "rdf:first", "rdf:rest", "<http://example.org/p/q>"])
VALUES = st.recursive(
    IRIS | LITERALS,
    lambda values: st.one_of(
        st.lists(values, max_size=4).map(lambda members: f"( {' '.join(members)} )"),
        st.lists(st.builds("{} {}".format, PREDICATES, values), max_size=3).map(
            lambda pairs: f"[ {' ; '.join(pairs)} ]"
        ),
    ),
    max_leaves=6,
)
STATEMENTS = st.builds(
    "{} {} {} .".format, IRIS.filter(lambda iri: iri != "()") | st.just("[]"), PREDICATES, VALUES
)
TEXT_PREFIXES = "".join(
    f"@prefix {name}: <{iri}> .\n"
    for name, iri in {
        "dcat": "http://www.w3.org/ns/dcat#",
        "ex": "http://example.org/",
        "gcm": "https://w3id.org/gcm/ontology/",
        "place": "https://w3id.org/gcm/id/place/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }.items()
)


@pytest.mark.server
@steady
@given(st.lists(STATEMENTS, max_size=6))
@example(["ex:a ex:p ( [ ex:q ( 1 ) ] ) ."])
@example(['ex:a ex:p "long\\n \\"\\"\\"\\" \\"" .'])
def test_formatting_keeps_the_graph_and_twice_is_once(statements: list[str]) -> None:
    text = TEXT_PREFIXES + "\n".join(statements)
    once = canonical_text(text, path=HERE)  # compares the graphs with a second parser
    assert canonical_text(once, path=HERE) == once
    assert is_same_graph(text, once)


@steady
@given(st.lists(st.builds("{} {} {} .".format, IRIS.filter(lambda iri: iri != "()"), PREDICATES, LITERALS)))
def test_statements_are_written_as_their_text_is(statements: list[str]) -> None:
    text = TEXT_PREFIXES + "\n".join(statements)
    triples = [quad.triple for quad in parse(text, format=RdfFormat.TURTLE)]
    lines = (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
    assert write_triples(triples) == canonical_text(lines, path=HERE)


@steady
@given(
    st.permutations(
        ["ex:a ex:p 1 .", "ex:a ex:p [ ex:q 2 ] .", "ex:b a ex:C .", "[] ex:p 3 .", "ex:a ex:p [] ."]
    )
)
def test_one_graph_has_one_form(statements: list[str]) -> None:
    assert canonical_text(PREFIXES + "\n".join(statements), path=HERE) == canonical_text(
        PREFIXES + "\n".join(sorted(statements)), path=HERE
    )


@steady
@given(
    st.lists(
        st.builds("{} {} {}".format, IRIS.filter(lambda iri: iri != "()"), PREDICATES, VALUES), max_size=5
    )
)
def test_lines_are_right_in_the_canonical_form(statements: list[str]) -> None:
    text = canonical_text(TEXT_PREFIXES + " .\n".join([*statements, "ex:last ex:p 1 ."]), path=HERE)
    lines = text.split("\n")
    for each in parse_triples(text.encode(), path=HERE):
        value = each.triple.object
        if isinstance(value, Literal) and value.value.isalnum() and value.value.isascii():
            assert value.value in lines[each.line - 1]
