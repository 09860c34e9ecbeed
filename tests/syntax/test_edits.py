"""Every edit of every statement changes that statement, and nothing else."""

from typing import Any

import pytest
from gcm.given import Edit, Form
from gcm.syntax import Locator, Part, Reading, Statement, apply
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from tests.syntax import documents

_XSD = "http://www.w3.org/2001/XMLSchema#"
_IRI = NamedNode("http://example.org/new")
_FAR = NamedNode("http://example.com/far#away")
_NEW = {
    Part.SUBJECT: (_IRI, _FAR),
    Part.PREDICATE: (_IRI, _FAR),
    Part.OBJECT: (
        _IRI,
        Literal('a "text"\n', language="fr"),
        Literal("5", datatype=NamedNode(_XSD + "integer")),
        Literal("2020-02-30", datatype=NamedNode(_XSD + "date")),
    ),
}

_many = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def changed(statement: Statement, part: Part, new: object) -> Quad:
    said = statement.triple
    terms: list[Any] = [said.subject, said.predicate, said.object]  # Any: the tests give terms that fit
    terms[part.value] = new
    subject, predicate, value = terms
    return Quad(subject, predicate, value, statement.graph or DefaultGraph())


def assert_said(reading: Reading, edits: tuple[Edit, ...], expected: list[Quad]) -> None:
    """Hold an edited text to what it should say."""
    text = apply(reading.text, edits)
    again = documents.reading_of(text, reading.given.form)
    found = [documents.quad_of(each) for each in again.statements]
    assert documents.graph_of(found) == documents.graph_of(expected), f"{reading.text}\n->\n{text}"


@pytest.mark.server
@pytest.mark.parametrize("form", list(documents.OF_FORMS))
@_many
@given(data=st.data())
def test_an_edit_changes_one_statement(data: st.DataObject, form: Form) -> None:
    reading = documents.reading_of(data.draw(documents.OF_FORMS[form]), form)
    locator = Locator(reading)
    quads = [documents.quad_of(each) for each in reading.statements]
    for statement, quad in zip(reading.statements, quads, strict=True):
        rest = [each for each in quads if each != quad]
        if removal := locator.remove(statement):
            assert_said(reading, removal, rest)
        for part, terms in _NEW.items():
            new = data.draw(st.sampled_from(terms))
            if edits := locator.edit(statement, part, new):
                assert_said(reading, edits, [*rest, changed(statement, part, new)])


@pytest.mark.server
@pytest.mark.parametrize("form", [Form.TURTLE, Form.N_TRIPLES, Form.RDF_XML, Form.JSON_LD])
@_many
@given(data=st.data())
def test_an_addition_adds_one_statement(data: st.DataObject, form: Form) -> None:
    reading = documents.reading_of(data.draw(documents.OF_FORMS[form]), form)
    locator = Locator(reading)
    quads = [documents.quad_of(each) for each in reading.statements]
    for statement in reading.statements:
        subject = statement.triple.subject
        edits = locator.add(subject, _FAR, Literal("x"))
        if edits and not isinstance(subject, Triple):
            assert_said(reading, edits, [*quads, Quad(subject, _FAR, Literal("x"))])


_PLAIN_TEXTS = {
    Form.TURTLE: f"{documents.PREFIXES}:a :p 1 , :b ; :q 'x' .",
    Form.TRIG: f"{documents.PREFIXES}:g {{ :a :p 1 , :b ; :q 'x' . }}",
    Form.N_TRIPLES: "<http://x.org/a> <http://x.org/p> <http://x.org/b> .\n",
    Form.N_QUADS: '<http://x.org/a> <http://x.org/p> "b" <http://x.org/g> .\n',
    Form.RDF_XML: f'{documents.XML_HEAD}<C rdf:about="#a"><p>x</p><p rdf:resource="#b"/></C></rdf:RDF>',
    Form.JSON_LD: '[{"@id": "http://x.org/a", "http://x.org/p": ["x", {"@id": "http://x.org/b"}]}]',
}


@pytest.mark.parametrize("form", list(_PLAIN_TEXTS))
def test_plain_statements_can_be_edited_in_each_syntax(form: Form) -> None:
    reading = documents.reading_of(_PLAIN_TEXTS[form], form)
    locator = Locator(reading)
    quads = [documents.quad_of(each) for each in reading.statements]
    for statement, quad in zip(reading.statements, quads, strict=True):
        rest = [each for each in quads if each != quad]
        assert_said(reading, locator.remove(statement) or (), rest)
        added = locator.add(statement.triple.subject, _FAR, _IRI) or ()
        assert_said(reading, added, [*quads, Quad(quad.subject, _FAR, _IRI, quad.graph_name)])
        for part, new in ((part, new) for part, terms in _NEW.items() for new in terms):
            edits = locator.edit(statement, part, new) or ()
            assert_said(reading, edits, [*rest, changed(statement, part, new)])


@pytest.mark.parametrize(
    "second", ['<C rdf:about="#a"></C>', '<rdf:Description rdf:about="#a" rdf:type="C"/>']
)
def test_a_type_that_is_stated_twice_can_be_edited(second: str) -> None:
    """The first element has one tag, which gets another name: what is added cannot stand in it."""
    text = f'{documents.XML_HEAD}<C rdf:about="#a" />{second}<C rdf:about="#b"/></rdf:RDF>'
    reading = documents.reading_of(text, Form.RDF_XML)
    locator = Locator(reading)
    quads = {documents.quad_of(each) for each in reading.statements}
    for part, new in ((part, new) for part, terms in _NEW.items() for new in terms):
        statement = reading.statements[0]
        expected = [*(quads - {documents.quad_of(statement)}), changed(statement, part, new)]
        if edits := locator.edit(statement, part, new):
            assert_said(reading, edits, expected)


_LAYOUT = [
    # statement, part and new term, text after: what is not touched keeps its layout and comments
    (0, None, None, ":a # who\n    :q 'x' ; # why\n    :r 2 , # two\n       3 ;\n."),
    (1, None, None, ":a # who\n    :p :b ;\n     # why\n    :r 2 , # two\n       3 ;\n."),
    (2, None, None, ":a # who\n    :p :b ;\n    :q 'x' ; # why\n    :r  # two\n       3 ;\n."),
    (3, None, None, ":a # who\n    :p :b ;\n    :q 'x' ; # why\n    :r 2  # two\n        ;\n."),
    (
        1,
        Part.OBJECT,
        Literal("y"),
        ':a # who\n    :p :b ;\n    :q "y" ; # why\n    :r 2 , # two\n       3 ;\n.',
    ),
    (
        2,
        Part.PREDICATE,
        NamedNode("http://example.org/s"),
        ":a # who\n    :p :b ;\n    :q 'x' ; # why\n    :r  # two\n       3 ;\n    :s 2 ;\n.",
    ),
]


@pytest.mark.parametrize(("index", "part", "new", "after"), _LAYOUT)
def test_layout_and_comments_stay(index: int, part: Part | None, new: object, after: str) -> None:
    text = ":a # who\n    :p :b ;\n    :q 'x' ; # why\n    :r 2 , # two\n       3 ;\n."
    reading = documents.reading_of(documents.PREFIXES + text, Form.TURTLE)
    locator = Locator(reading)
    statement = reading.statements[index]
    edits = locator.edit(statement, part, new) if part else locator.remove(statement)
    assert apply(reading.text, edits or ()) == documents.PREFIXES + after


def test_a_prefix_is_used_only_where_it_holds() -> None:
    text = "<http://x.org/a> <http://x.org/b> 1 .\n@prefix x: <http://x.org/> .\nx:a x:c 2 .\n"
    reading = documents.reading_of(text, Form.TURTLE)
    locator = Locator(reading)
    first, second = (
        locator.edit(each, Part.OBJECT, NamedNode("http://x.org/n")) for each in reading.statements
    )
    assert [edit.text for edit in first or ()] == ["<http://x.org/n>"]
    assert [edit.text for edit in second or ()] == ["x:n"]


def test_added_lines_end_as_the_others() -> None:
    text = f"{documents.PREFIXES}:a\n    :p 1 ;\n    :q 2 ;\n.\n".replace("\n", "\r\n")
    reading = documents.reading_of(text, Form.TURTLE)
    locator = Locator(reading)
    assert [each.text for each in locator.add(NamedNode("http://example.org/a"), _IRI, _IRI) or ()] == [
        "\r\n    :new :new ;"
    ]
    removal = locator.remove(reading.statements[0])
    assert apply(text, removal or ()) == text.replace("    :p 1 ;\r\n", "")


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="same characters"):
        apply("abcdef", [Edit("f", 0, 3, "x"), Edit("f", 2, 4, "y")])
    with pytest.raises(ValueError, match="outside"):
        apply("abc", [Edit("f", 2, 4, "y")])
