"""Syntax errors: each at its place, in plain words, and all of a file at once."""

import pytest
from gcm.errors import SourceError
from gcm.given import Form, Given
from gcm.limits import Limits
from gcm.syntax import read

HEAD = "@prefix ex: <http://example.org/> .\n"
XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://example.org/">\n'


def faults(text: str, form: Form) -> list[str]:
    """Give the faults of a text as lines of a report."""
    with pytest.raises(SourceError) as caught:
        read(Given("f", text.encode(), form), limits=Limits())
    return [str(each) for each in (caught.value, *caught.value.further)]


_TURTLE = [
    (
        "ex:a ex:b ex:c\nex:d ex:e ex:f .",
        ["f:2:15: a dot is missing after this, before ex:d on a line below."],
    ),
    (
        "ex:a ex:b 1 # c\n  ex:c 2 .",
        ["f:2:12: a ; or a dot is missing after this, before ex:c on a line below."],
    ),
    (
        "ex:a ex:b 1 ;\nex:d ex:e 2 .",
        ["f:2:13: a new statement begins on a line below; end this one with a dot."],
    ),
    (
        "ex:a\n  ex:b 1 ;\n\n# c\nex:d\n  a ex:E ;\n.",  # as `gcm fmt` writes it
        ["f:3:10: a new statement begins on a line below; end this one with a dot."],
    ),
    (
        "ex:a\n  ex:b 1 ; # c\n\nex:d\n  ex:e 2 ;\n.",
        ["f:3:10: a new statement begins on a line below; end this one with a dot."],
    ),
    (
        "ex:a\n  ex:b ex:c ,\n  a .",  # no subject above
        ["f:4:3: a is no value; write <an IRI>, a prefix:name, a text in quotation marks, or a number."],
    ),
    (
        'ex:a ex:b "c ;\n ex:d "e" .\nex:a ex:b x .',
        [
            "f:2:11: the text is not closed on its line; close it, or put long texts in three quotation "
            "marks.",
            "f:4:11: x is no value; write <an IRI>, a prefix:name, a text in quotation marks, or a number.",
        ],
    ),
    (  # the same slip with a comment, and texts in later sentences: none of them is to blame
        'ex:a ex:b "c ;  # it is a c\n ex:d "e"@en .\nex:f ex:b "g"@en ;\n ex:d "h"@en .\n',
        ["f:2:11: the text is not closed on its line; close it, or put long texts in three quotation marks."],
    ),
    (  # not on the line below the last
        "ex:a ex:b 1 .\nex:c ex:d 2  # two\n\n",
        ["f:3:12: the file ends in the middle of a statement; end it with a dot, or } if a graph is open."],
    ),
    ("ex:a xe:b 3 .\n", ["f:2:6: the prefix xe: is not declared; did you mean ex:?"]),
    (
        "ex:a gcm:b 3 .\n",
        [
            "f:2:6: the prefix gcm: is not declared; write before it: @prefix gcm: "
            "<https://w3id.org/gcm/ontology/> ."
        ],
    ),
    (
        "ex:a foo:b 1 ;\n foo:c 2 .\n",
        ["f:2:6: the prefix foo: is not declared; write before it: @prefix foo: <…> ."],
    ),
    (
        "ex:a ex:b “c” ;\n ex:c ‘d’ .",
        [
            "f:2:11: “ is a quotation mark of a word processor; write a straight one instead.",
            "f:3:7: ‘ is a quotation mark of a word processor; write a straight one instead.",
        ],
    ),
    (
        "ex:a ex:b ;\n ex:c 1 .",
        ['f:2:11: a value is missing before the ";"; write one, or take the stray sign away.'],
    ),
    ("ex:a ex:b ( 1 2 .\n", ['f:2:17: a ) is missing before the "."; close the list that is open.']),
    ("ex:a ex:b [ ex:c 1 .\n", ['f:2:20: a ] is missing before "."; close the square bracket that is open.']),
    ("ex:a ex:b 2020-01-31 .", ['f:2:15: a date is a text with a datatype; write "2020-01-31"^^xsd:date.']),
    ('ex:a ex:b "x"@en_US .', ["f:2:17: a language tag has hyphens, such as en-GB; write - for _."]),
    (
        'ex:a ex:b "say "hi" to" .',
        ['f:2:17: the text ends before hi"; a quotation mark inside a text is written \\".'],
    ),
    ("ex:a ex:b True .", ["f:2:11: True is written in small letters: true."]),
    (
        "ex:a ex:b http://x.org/y .",
        ["f:2:11: this address stands without its brackets; write it between < and >."],
    ),
    (
        "ex:a ex:b <x> .",
        ["f:2:11: <x> is no whole IRI; begin it with https:// or the like, or declare a @base."],
    ),
    (
        "ex:a ex:b <http://a b> .",
        ["f:2:11: a space cannot stand in an IRI; write %20 for it, or close the IRI with > before it."],
    ),
    (
        "ex:a ex:b ex:c/d .",
        ["f:2:15: / cannot stand in a prefix:name; write the whole address between < and >."],
    ),
    ("ex:a ex:b 1 .. ", ['f:2:14: this "." is one too many; take it away.']),
    (
        "ex:a ex:b 1",
        ["f:2:12: the file ends in the middle of a statement; end it with a dot, or } if a graph is open."],
    ),
    (
        "ex:a .",
        ["f:2:6: the statement ends before it says anything; write a property and a value before this dot."],
    ),
    (
        "ex:a = 1 .",
        ["f:2:6: = is no property; write <an IRI>, a prefix:name or a, after ; for one more property."],
    ),
    (
        "ex:a ex:b <<ex:a ex:b 1>> .",
        ["f:2: triple terms and base directions are RDF 1.2; say it in RDF 1.1."],
    ),
    (
        "{ ex:a ex:b 1 . }",
        ["f:2:1: graphs in { } are TriG; save the file as .trig, or take the brackets away."],
    ),
]

_OTHERS = [
    (
        Form.TRIG,
        HEAD + "ex:g { ex:a ex:b 1\n ex:c ex:d 2 . }",
        [
            "f:2:19: a ; or a dot is missing after this, before ex:c on a line below, or a } that closes the "
            "graph."
        ],
    ),
    (  # the graph that a fault stands in still ends with its bracket
        Form.TRIG,
        HEAD + "ex:g { ex:a ex:b “c” .\n}\nex:h { ex:a ex:b 1 .\nex:a ex:b ; ex:c 1 .\n}\n",
        [
            "f:2:18: “ is a quotation mark of a word processor; write a straight one instead.",
            'f:5:11: a value is missing before the ";"; write one, or take the stray sign away.',
        ],
    ),
    (
        Form.TRIG,
        HEAD + "ex:g { ex:a ex:b 1 . ",
        ["f:2:22: the file ends in the middle of a statement; end it with a dot, or } if a graph is open."],
    ),
    (
        Form.N_TRIPLES,
        '<http://a> <http://b> "c .\n<http://a> <http://b> <http://c> .\n<http://a> b "d" .\n',
        [
            "f:1:23: the text that begins here has no end; close it with the same quotation marks.",
            'f:3:12: b cannot stand here; each line has only <whole IRIs>, _:names and texts in ".',
        ],
    ),
    (
        Form.N_TRIPLES,
        "<http://a> <http://b> 5 .\n<http://a> <http://b> <http://c>\n",
        [
            'f:1:23: 5 cannot stand here; each line has only <whole IRIs>, _:names and texts in ".',
            "f:2:33: each line is one whole statement that ends with a dot; end it before this.",
        ],
    ),
    (
        Form.N_QUADS,
        '<http://a> <http://b> "c" <http://d> <http://e> .\n',
        ["f:1:38: each line is one whole statement that ends with a dot; end it before this."],
    ),
    (
        Form.RDF_XML,
        XML + "<a>x</b></rdf:RDF>",
        ["f:2:7: this end tag does not fit the open element; close that first."],
    ),
    (Form.RDF_XML, XML + "<a>\n", ["f:3:1: the file ends before its elements do; close them."]),
    (
        Form.RDF_XML,
        XML + "<a x=1/></rdf:RDF>",
        [
            "f:2:6: this sign cannot stand here; write &lt; for < and &amp; for & in a text, "
            "and values of attributes in quotation marks."
        ],
    ),
    (
        Form.RDF_XML,
        XML + "<a>&eacute;</a></rdf:RDF>",
        ["f:2:4: this & names no entity that XML knows; write the letter itself, or &amp; for &."],
    ),
    (
        Form.RDF_XML,
        XML + "<C>text</C></rdf:RDF>",
        [
            'f:2:4: "text" stands outside of a property; put it between <property> and '
            "</property>, inside the element of a thing."
        ],
    ),
    (
        Form.RDF_XML,
        XML + "<C><p:q/></C></rdf:RDF>",
        ['f:2:5: the prefix p: is not declared; write xmlns:p="https://…" in <rdf:RDF>.'],
    ),
    (
        Form.RDF_XML,
        XML + '<C rdf:about="x"/></rdf:RDF>',
        ["f:2:15: x is no whole IRI; begin it with https:// or the like, or declare a base."],
    ),
    (
        Form.RDF_XML,
        XML + '<C><p a="b"/></C></rdf:RDF>',
        [
            "f:2: a name here has no namespace; write rdf:about, rdf:resource and the like "
            "with their prefix, and declare xmlns for names without one."
        ],
    ),
    (
        Form.JSON_LD,
        '{"a" 1}',
        ['f:1:6: a colon is missing before this; an object is written { "key": value }.'],
    ),
    (
        Form.JSON_LD,
        '{"a": “x”}',
        ["f:1:7: “ is a quotation mark of a word processor; write a straight one instead."],
    ),
    (
        Form.JSON_LD,
        '{"a": "x\ny"}',
        ["f:1:9: a line break or tab stands in a text; write \\n or \\t for it."],
    ),
    (
        Form.JSON_LD,
        '{"@context": {"a": 5}, "a": 1}',
        ["f:1:20: a name in a context stands for an IRI; write it as a text."],
    ),
    (
        Form.JSON_LD,
        '{"http://e.org/p": {"@id": 5}}',
        ["f:1:28: the value of @id is a text in quotation marks."],
    ),
    (
        Form.JSON_LD,
        '{"@context": {"a": {"@id": "http://e.org", "@type": "foo"}}, "a": 1}',
        ["f:1:53: foo is no whole IRI; begin it with https:// or the like, or declare a base."],
    ),
    (
        Form.JSON_LD,
        "",
        ["f:1:1: a value is expected here; write a text in quotation marks, a number, true, false or null."],
    ),
]


@pytest.mark.parametrize(("text", "expected"), _TURTLE)
def test_faults_of_turtle_are_told_in_plain_words(text: str, expected: list[str]) -> None:
    assert faults(HEAD + text, Form.TURTLE) == expected


@pytest.mark.parametrize(("form", "text", "expected"), _OTHERS)
def test_faults_of_other_syntaxes_are_told_in_plain_words(form: Form, text: str, expected: list[str]) -> None:
    assert faults(text, form) == expected


def test_all_faults_of_a_file_are_told_at_once() -> None:
    text = HEAD + 'ex:a ex:b x .\nex:a ex:b "open .\nex:a ex:b 1 .\nex:c ex:d <http://open .\n'
    text += "ex:a ex:b y .\nex:a ex:b 2 ..\n"
    assert [int(fault.split(":")[1]) for fault in faults(text, Form.TURTLE)] == [2, 3, 5, 6, 7]


def test_no_more_than_a_hundred_faults_are_told() -> None:
    assert len(faults("x y z .\n" * 1_000, Form.TURTLE)) == 100
    assert len(faults("x y z .\n" * 1_000, Form.N_TRIPLES)) == 100


def test_a_fault_names_its_column() -> None:
    with pytest.raises(SourceError) as caught:
        read(Given("f.ttl", f"{HEAD}ex:a ex:b c .".encode(), Form.TURTLE), limits=Limits())
    assert (caught.value.line, caught.value.column, caught.value.path.name) == (2, 11, "f.ttl")
