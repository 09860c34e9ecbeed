"""The competency questions: well formed, right over the tiny world, answered by the real data."""

import re
from pathlib import Path

import pytest
from gcm.query import Query, questions, solutions
from gcm.vocab import PREFIXES, expand
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store
from rdflib.plugins.sparql import prepareQuery

ROOT = Path(__file__).parents[1]
EXPECTED = ROOT / "tests" / "questions"

#: Fewer would mean that questions got lost.
MINIMUM = 25

#: What a question may be about: the headings under which they are listed.
GROUPS = {"Actors", "Compact", "Commitments", "Reviews", "Funding", "Law", "Sources", "Gaps"}

#: Questions that the files of this repository cannot answer yet: on a server, curators fill this dataset.
UNANSWERED = {"who-published-what"}

#: The only words of SPARQL that are written small.
SMALL_WORDS = {"a", "false", "true"}

ALL = questions()
EXAMPLES = [
    pytest.param(question, name, example, id=f"{question.name}-{name}")
    for question in ALL
    for name, example in question.examples.items()
]
each_question = pytest.mark.parametrize("question", ALL, ids=lambda question: question.name)


def test_there_are_questions() -> None:
    assert len(ALL) >= MINIMUM


@each_question
def test_header_is_complete(question: Query) -> None:
    assert question.title.endswith("?")
    assert set(question.titles) == {"fr", "ru"}
    assert all(title.endswith("?") for title in question.titles.values())
    assert question.group in GROUPS
    assert not question.notes, f"unknown header lines {question.notes}"
    assert all(param.explanation for param in question.params)
    assert set(question.examples) == {param.name for param in question.params}
    assert {param.name for param in question.params} <= set(selected(question))
    assert {*question.mends, *([question.makes] if question.makes else [])} <= set(selected(question))


def test_titles_are_told_apart() -> None:
    for titles in ([q.title for q in ALL], [q.titles["fr"] for q in ALL], [q.titles["ru"] for q in ALL]):
        assert len(set(titles)) == len(titles)


@each_question
def test_question_is_sparql_for_every_engine(question: Query) -> None:
    assert isinstance(Store().query(question.text), QuerySolutions)
    prepareQuery(question.text)


@each_question
def test_prefixes_are_ours_and_all_used(question: Query) -> None:
    declared = dict(re.findall(r"^PREFIX (\S*): <(.*)>$", question.text, flags=re.MULTILINE))
    used = set(re.findall(r"(?<![\w?:-])([a-z][a-z-]*):(?=\w)", body(question)))
    assert declared == {prefix: PREFIXES[prefix] for prefix in sorted(used)}


@each_question
def test_keywords_are_in_capitals(question: Query) -> None:
    words = set(re.findall(r"(?<![\w?:-])[A-Za-z]+(?![\w:-])", body(question)))
    assert {word for word in words if not word.isupper()} <= SMALL_WORDS


@each_question
def test_rows_over_the_world(question: Query, world_store: Store, approve: bool) -> None:
    path = EXPECTED / f"{question.name}.csv"
    rows = table(solutions(world_store, question, bind={}))
    if approve:
        path.write_text(rows, encoding="utf-8")
    expected = path.read_text(encoding="utf-8") if path.is_file() else "(no file yet)"
    repair = f'tests/run tests/test_questions.py -k "world and {question.name}" --approve'
    assert rows == expected, f"if the new rows are right: {repair}"


@each_question
def test_world_has_a_row_for_the_question(question: Query, world_store: Store) -> None:
    assert list(solutions(world_store, question, bind={})), "add to tests/world what the question asks for"


def test_every_expected_file_has_its_question() -> None:
    assert {path.stem for path in EXPECTED.iterdir()} == {question.name for question in ALL}


@each_question
def test_real_data_answers(question: Query, real_store: Store) -> None:
    has_answer = any(solutions(real_store, question, bind={}))
    assert has_answer == (question.name not in UNANSWERED), "the real data has no answer, or has one now"


@each_question
def test_order_is_total(question: Query, real_store: Store) -> None:
    order = re.search(r"^ORDER BY (.*)\n\Z", question.text, flags=re.MULTILINE)
    assert order, "end the question with one line of ORDER BY"
    names = selected(question)
    keys = [names.index(name) for name in re.findall(r"\?(\w+)", order[1])]
    rows = [tuple(row) for row in solutions(real_store, question, bind={})]
    assert len({tuple(row[key] for key in keys) for row in rows}) == len(rows), "rows with equal keys"


@pytest.mark.parametrize(("question", "name", "example"), EXAMPLES)
def test_parameter_keeps_the_rows_that_carry_its_value(
    question: Query, name: str, example: str, real_store: Store
) -> None:
    value = expand(example)
    assert value is not None, f"{example} has no known prefix"
    rows = [tuple(row) for row in solutions(real_store, question, bind={name: value})]
    every_row = [tuple(row) for row in solutions(real_store, question, bind={})]
    column = selected(question).index(name)
    assert rows, f"the real data has no answer for {name}={example}"
    assert rows == [row for row in every_row if row[column] == value]


def table(rows: QuerySolutions) -> str:
    """Write rows as the engine does, with line ends that a diff can show."""
    written = rows.serialize(format=QueryResultsFormat.CSV) or b""
    return written.decode("utf-8").replace("\r\n", "\n")


def selected(question: Query) -> list[str]:
    """Name the variables of a question's answer, in their order."""
    return [variable.value for variable in solutions(Store(), question, bind={}).variables]


def body(question: Query) -> str:
    """Give the text without PREFIX lines, IRIs and strings, in which only SPARQL's own words are left."""
    lines = [line for line in question.text.splitlines() if not line.startswith("PREFIX")]
    return re.sub(r'"[^"]*"|<[^>\s]*>', "", "\n".join(lines))
