"""Reports as JSON: what is written is read back the same, whatever stands in it."""

import json

import pytest
from gcm.given import Place
from gcm.validate.report import Candidate, Edit, Fix, Report, Result
from gcm.validate.serial import as_json, from_json
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reports import REPORT

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
MAYBE = st.none() | TEXT
NUMBER = st.none() | st.integers(1, 10**6)
PLACES = st.builds(Place, TEXT, NUMBER, NUMBER, NUMBER, NUMBER, MAYBE, MAYBE, MAYBE)
EDITS = st.builds(Edit, TEXT, st.integers(0), st.integers(0), TEXT, MAYBE)
RESULTS = st.builds(
    Result,
    PLACES,
    st.sampled_from(["violation", "warning", "info"]),
    TEXT,
    MAYBE,
    MAYBE,
    TEXT,
    TEXT,
    TEXT,
    MAYBE,
    st.lists(st.builds(Candidate, TEXT, TEXT, TEXT), max_size=2).map(tuple),
    st.none() | st.builds(Fix, TEXT, st.lists(EDITS, max_size=2).map(tuple)),
    st.lists(TEXT, max_size=2).map(tuple),
    TEXT,
)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(RESULTS, max_size=3).map(tuple))
def test_a_report_comes_back_the_same(results: tuple[Result, ...]) -> None:
    assert from_json(as_json(Report(results))) == Report(results)


def test_the_document_says_all_by_name() -> None:
    document = json.loads(as_json(REPORT))
    assert list(document) == ["conforms", "counts", "results"]
    assert (document["conforms"], document["counts"]) == (False, {"violation": 2, "warning": 1, "info": 1})
    first = document["results"][0]
    assert first["place"] == {
        "file": "my file.ttl",
        "line": 3,
        "column": 32,
        "end_line": 3,
        "end_column": 41,
        "pointer": None,
        "cell": None,
        "heading": None,
    }
    assert first["candidates"][0]["label"] == "Zedland"
    assert first["fix"]["edits"][0]["text"] == "place:ZZA"


def test_a_report_that_was_kept_before_it_said_more_is_read() -> None:
    document = json.loads(as_json(REPORT))
    for each in document["results"]:
        del each["also"], each["demand"]
    first = from_json(json.dumps(document)).results[0]
    assert (first.also, first.demand, first.message) == ((), "", REPORT.results[0].message)


@pytest.mark.parametrize("text", ["[]", "{}", '{"results": [{}]}', '{"results": [{"place": {}}]}', "no JSON"])
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no report|Expecting value"):
        from_json(text)
