"""How many rows the log says an answer has: the number that the engine itself would give."""

from io import BytesIO

import pytest
from gcm.query import evaluate, write
from gcm.query.engine import RESULT_FORMATS, kind_of
from gcm.query.rows import RowCount
from pyoxigraph import QuerySolutions, Store

TRAPS = r"""VALUES (?x ?y) {
  ("}},{" 1) ("a\nb\r\n\"c" UNDEF) (UNDEF UNDEF) ("},{" "},{") ("\\" "\\\"},{") ("<result>" "{}")
  (<a:b> "},{}") (UNDEF "\"},{\"x\":") (<<( <a:b> <a:c> "},{" )>> "x")
}"""


@pytest.mark.parametrize("media_type", RESULT_FORMATS)
@pytest.mark.parametrize(
    "text",
    [
        "SELECT * {}",  # one row without values
        "SELECT ?x { VALUES ?x {} }",
        "SELECT ?x { VALUES ?x { 1 } }",
        "SELECT ?x { VALUES ?x { UNDEF 1 UNDEF UNDEF } }",
        """SELECT ?x ?y { VALUES (?x ?y) { ("},{" "a") ("a" "},{") ("},{" UNDEF) ("a" "b") } }""",
        f"SELECT ?x ?y {{ {TRAPS} }}",
        f"SELECT ?x {{ {TRAPS} }}",
        f"SELECT ?y {{ {TRAPS} FILTER (?y != '{{}}') }}",
    ],
)
def test_rows_are_those_of_the_engine(text: str, media_type: str) -> None:
    counted = RowCount("select", media_type)
    output = BytesIO()
    write(evaluate(Store(), text), output, media_type=media_type)
    for start in range(0, len(output.getvalue()), 7):  # pieces may end anywhere
        counted.add(output.getvalue()[start : start + 7])
    results = evaluate(Store(), text)
    assert isinstance(results, QuerySolutions)
    assert str(counted) == str(len([*results]))


@pytest.mark.parametrize("media_type", RESULT_FORMATS)
def test_rows_of_a_long_answer_are_reckoned(media_type: str) -> None:
    values = " ".join(f"<http://example.org/{number}>" for number in range(10_000, 20_000))
    output = BytesIO()
    write(evaluate(Store(), f"SELECT ?x {{ VALUES ?x {{ {values} }} }}"), output, media_type=media_type)
    counted = RowCount("select", media_type)
    for start in range(0, len(output.getvalue()), 8192):
        counted.add(output.getvalue()[start : start + 8192])
    assert str(counted).startswith("~")
    assert abs(int(str(counted)[1:]) - 10_000) < 100


def test_what_is_no_table_has_no_rows() -> None:
    counted = RowCount(kind_of(evaluate(Store(), "ASK {}")), "text/csv")
    counted.add(b"true\n")
    assert str(counted) == ""


def test_beginning_without_rows_has_none() -> None:
    counted = RowCount("select", "application/sparql-results+json")
    counted.add(b'{"head":{"link":[{"a":"b"},{"c":"d"}')
    assert str(counted) == "0"
