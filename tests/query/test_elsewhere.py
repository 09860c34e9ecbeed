"""What becomes of a query before it goes to an engine elsewhere."""

import pytest
from gcm.errors import RefusedQueryError
from gcm.query.guard import all_tokens, significant_tokens, without_from
from gcm.remote.graphs import Dataset, foreign_names, with_prologue

OURS = Dataset(("merge",), ("one", "two"))


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("SELECT * FROM <a> { }", "SELECT *          { }"),
        ("SELECT * FROM NAMED <a> FROM b:c { }", "SELECT *                         { }"),
        ("SELECT * fromnamed<a> { }", "SELECT *              { }"),
        ("SELECT*FROM<a>{ }", "SELECT*       { }"),
        ("SELECT * FROM # <a>\n<b> { }", "SELECT *      # <a>\n    { }"),  # a comment stands between
        ('SELECT ("FROM <a>" AS ?FROM) { }', 'SELECT ("FROM <a>" AS ?FROM) { }'),  # no clause
        ("SELECT * { ?s from:x <from> }", "SELECT * { ?s from:x <from> }"),
    ],
)
def test_from_is_taken_out_and_all_else_stays_in_its_place(text: str, sent: str) -> None:
    assert without_from(all_tokens(text)) == sent


@pytest.mark.parametrize("text", ["SELECT (1<2AS?x)FROM:a#>\n{ }", "DESCRIBEFROM <a>"])
def test_from_that_may_be_hidden_is_refused(text: str) -> None:
    with pytest.raises(RefusedQueryError, match="Write FROM apart"):
        without_from(all_tokens(text))


@pytest.mark.parametrize(
    ("default", "named", "read"),
    [
        ([], [], OURS),
        (["one"], [], Dataset(("one",), ())),
        ([], ["one"], Dataset((), ("one",))),
        (["one", "two", "one"], [], Dataset(("merge",), ())),  # all of ours together are the merge
        (["state"], ["state"], Dataset((), ())),  # a graph that is not ours is empty
        (["merge"], [], Dataset((), ())),
    ],
)
def test_query_sees_no_graph_but_ours(default: list[str], named: list[str], read: Dataset) -> None:
    assert OURS.narrowed(default, named) == read


def test_empty_lists_are_said_too() -> None:
    """An engine that is told of no default graph reads what it likes."""
    names = [name for name, _ in Dataset((), ()).parameters()]
    assert names == ["default-graph-uri", "named-graph-uri"]


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("SELECT * { ?s a gcm:Pledge }", "gcm"),
        ("PREFIX gcm: <http://example.org/> SELECT * { ?s a gcm:Pledge }", ""),  # it has its own
        ("SELECT * { ?s a nobody:Knows }", ""),
    ],
)
def test_prefixes_of_ours_are_added_where_they_are_used(text: str, added: str) -> None:
    sent, length = with_prologue(text, [each.text for each in significant_tokens(text)])
    assert sent.endswith(text)
    assert len(sent) == length + len(text)
    assert (sent.count("PREFIX gcm: <https://w3id.org/gcm/ontology/>") == 1) == bool(added)
    assert sent.startswith("BASE <https://w3id.org/gcm/>")


def test_base_of_the_query_stays() -> None:
    text = "BASE <http://example.org/> SELECT * { <a> ?p ?o }"
    assert with_prologue(text, [each.text for each in significant_tokens(text)]) == (text, 0)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("define input:inference 'x' SELECT * {}", "define"),
        ("SELECT (bif:now() AS ?x) {}", "bif:now"),
        ("SELECT (<sql:x>() AS ?x) {}", "<sql:x>"),
        ("SELECT ('define' AS ?define) {}", ""),
    ],
)
def test_words_of_an_engine_are_found(text: str, word: str) -> None:
    assert foreign_names([each.text for each in significant_tokens(text)]) == word
