"""Conditions of a request (RFC 9110 section 13) over a real socket."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.server

Ask = Callable[..., Any]  # Any: the reply of conftest.py, which test modules cannot import

QUERY = quote("SELECT ?s WHERE { ?s a ?c } ORDER BY ?s LIMIT 3")
OLD, NEW = "Sat, 01 Jan 2000 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"

#: One address of each kind that has a validator, with what is asked for.
ADDRESSES = (
    ("/doc/place/ZZA", "text/html"),
    ("/doc/place/ZZA", "text/turtle"),
    ("/doc/place/ZZA.csv", "*/*"),
    ("/data/world-places.nt", "*/*"),
    ("/ontology", "text/html"),
    ("/versions.json", "*/*"),
    (f"/sparql?query={QUERY}", "text/csv"),
    (f"/sparql.json?query={QUERY}", "*/*"),
    ("/sparql", "text/turtle"),
    ("/static/site.css", "*/*"),
    ("/.well-known/void", "text/turtle"),
)


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
@pytest.mark.parametrize(("path", "accept"), ADDRESSES)
@pytest.mark.parametrize(
    ("form", "status"),
    [
        ("{}", 200),
        ('"other", {}', 200),
        ("*", 200),
        ('"other"', 412),
        ("W/{}", 412),  # section 8.8.3.2: compared strongly, a weak one never matches
        ("other", 412),
    ],
)
def test_if_match(ask: Ask, path: str, accept: str, coding: str, form: str, status: int) -> None:
    """Section 13.1.1, with the validator of the coding that is sent."""
    fields = {"Accept": accept, "Accept_Encoding": coding}
    tag = ask(path, **fields).field("ETag")
    reply = ask(path, If_Match=form.format(tag), **fields)
    assert reply.status == status
    assert (reply.field("ETag") == tag) == (status == 200)


@pytest.mark.parametrize(("path", "accept"), ADDRESSES)
def test_a_failed_condition_is_a_problem_that_scripts_can_read(ask: Ask, path: str, accept: str) -> None:
    """Section 15.5.13; RFC 9457; Fetch standard section 3.3."""
    reply = ask(path, Accept=accept, If_Match='"other"')
    assert reply.status == 412
    assert b"If-Match" in reply.body
    assert reply.field("Access-Control-Allow-Origin") == "*"
    assert reply.field("X-Content-Type-Options") == "nosniff"
    assert "accept" in reply.members("Vary")
    head = ask(path, method="HEAD", Accept=accept, If_Match='"other"')
    assert (head.status, head.body) == (412, b"")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"If_Match": '"other"', "If_None_Match": "{}"}, 412),  # 1: If-Match comes first
        ({"If_Match": "{}", "If_None_Match": "{}"}, 304),  # 3: If-None-Match after it
        ({"If_Match": "{}", "If_Unmodified_Since": OLD}, 200),  # 2: only without If-Match
        ({"If_Match": "{}", "If_None_Match": '"other"'}, 200),
        ({"If_None_Match": '"other"', "If_Modified_Since": NEW}, 200),  # 4: only without If-None-Match
        ({"If_None_Match": "{}", "If_Modified_Since": OLD}, 304),
    ],
)
@pytest.mark.parametrize("path", ["/doc/place/ZZA.ttl", f"/sparql.csv?query={QUERY}", "/static/site.css"])
def test_conditions_have_an_order(ask: Ask, path: str, fields: Mapping[str, str], status: int) -> None:
    """Section 13.2.2, by its numbers."""
    tag = ask(path).field("ETag")
    assert ask(path, **{name: value.format(tag) for name, value in fields.items()}).status == status


@pytest.mark.parametrize("path", ["/doc/place/ZZA.ttl", "/limits", f"/sparql.csv?query={QUERY}"])
@pytest.mark.parametrize("date", [OLD, NEW, "nonsense"])
def test_dates_mean_nothing_where_there_is_none(ask: Ask, path: str, date: str) -> None:
    """Sections 13.1.3 and 13.1.4: without a date of the last change, both fields must be ignored."""
    assert ask(path).field("Last-Modified") == ""
    assert ask(path, If_Modified_Since=date).status == 200
    assert ask(path, If_Unmodified_Since=date).status == 200


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"If_Modified_Since": OLD}, 200),
        ({"If_Modified_Since": NEW}, 304),
        ({"If_Modified_Since": "nonsense"}, 200),
        ({"If_Unmodified_Since": OLD}, 412),
        ({"If_Unmodified_Since": NEW}, 200),
        ({"If_Unmodified_Since": "nonsense"}, 200),
    ],
)
def test_files_have_a_date(ask: Ask, fields: Mapping[str, str], status: int) -> None:
    """Sections 13.1.3 and 13.1.4, where there is one; what is no date is ignored."""
    assert ask("/static/site.css", **fields).status == status


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/doc/place/ZZA.ttl", "GET", 304),
        ("/limits", "HEAD", 304),
        (
            "/sparql.csv?query=SELECT%20(RAND()%20AS%20%3Fr)%20%7B%7D",
            "GET",
            304,
        ),  # it is there, if never alike
        (f"/sparql.csv?query={QUERY}", "QUERY", 415),  # a condition does not hide another mistake
        ("/doc/place/NONE", "GET", 404),
        ("/id/place/ZZA", "GET", 303),
        ("/doc/place/ZZA/", "GET", 308),
        ("/doc/place/ZZA.ttl", "OPTIONS", 200),  # section 13.2.1: it selects nothing
    ],
)
def test_whatever_is_there(ask: Ask, path: str, method: str, status: int) -> None:
    """Section 13.1.2, `*`; section 13.2.1: what would not have succeeded has no conditions."""
    assert ask(path, method=method, If_None_Match="*").status == status
    if status not in {304, 200}:
        assert ask(path, method=method, If_Match='"other"').status == status


def test_other_methods_fail_where_something_is(ask: Ask) -> None:
    """Section 13.1.2: for methods other than GET and HEAD the answer is 412."""
    path = f"/sparql?query={QUERY}"
    fields = {"Content_Type": "application/x-www-form-urlencoded", "Content_Length": "0"}
    assert ask(path, method="POST", **fields).status == 200
    assert ask(path, method="POST", If_None_Match="*", **fields).status == 412
    assert ask(path, method="POST", If_None_Match='"other"', **fields).status == 200
    assert ask(path, method="POST", If_Match="*", **fields).status == 200
    assert ask(path, method="POST", If_Match='"other"', **fields).status == 412
