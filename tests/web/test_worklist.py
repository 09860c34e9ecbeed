"""The work list: each row of its questions leads to the form that mends it."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from gcm.query import questions

HTML = {"Accept": "text/html"}
WORK = [each.name for each in questions() if each.mends or each.makes]


def page_of(client: FlaskClient, path: str) -> str:
    response = client.get(path, headers=HTML)
    assert response.status_code == 200, path
    return unescape(response.get_data(as_text=True))


def links_in(page: str) -> list[str]:
    """Give where the rows of a page lead to be mended."""
    return re.findall(r'href="([^"]*/propose/[^"]+)"', page)


def test_the_list_has_every_question_that_mends() -> None:
    assert WORK == [
        "facts-grown-old",
        "known-only-by-number",
        "labels-missing",
        "pledges-without-date",
        "practices-without-objectives",
        "statements-less-sure",
        "treaty-disagreements",
    ]


@pytest.mark.parametrize("name", WORK)
def test_a_part_counts_the_rows_of_its_question(client: FlaskClient, name: str) -> None:
    rows = client.get(f"/questions/{name}.csv").get_data(as_text=True).splitlines()[1:]
    assert f'<span class="count">{len(rows)}</span></h1>' in page_of(client, f"/worklist/{name}")
    first = page_of(client, "/worklist").partition(f'<h2 id="{name}">')[2].partition("</section>")[0]
    assert f'<span class="count">{len(rows)}</span></h2>' in first
    assert first.count("<tr>") == min(len(rows), 5) + 1


@pytest.mark.parametrize(
    ("name", "links"),
    [
        (
            "pledges-without-date",  # the dataset says in whose statements the date is missing
            [
                f"/propose/pledge?edit=%2Fid%2Fpledge%2F{number}&dataset=%2Fdata%2Fworld-commitments"
                for number in (902, 903)
            ],
        ),
        (
            "known-only-by-number",  # the last is a kind of event: no class of its own
            ["/propose/pledge", "/propose/practice", "/propose/event"],
        ),
        (
            "treaty-disagreements",  # either side may be wrong
            [
                f"/propose/treaty-status?edit=%2Fid%2Ftreaty-status%2F{status}-{year}"
                for status in ("ZZT1-ZZA", "ZZT1-ZZB", "ZZT2-ZZB")
                for year in (2015, 2022)
            ],
        ),
    ],
)
def test_each_row_leads_to_its_form(client: FlaskClient, name: str, links: list[str]) -> None:
    assert links_in(page_of(client, f"/worklist/{name}")) == links


def test_a_part_is_filtered_and_its_file_too(client: FlaskClient) -> None:
    page = page_of(client, "/worklist/labels-missing?class=gcm:Objective")
    assert "/propose/document" not in page
    assert links_in(page)[0] == "/propose/objective?edit=%2Fid%2Fobjective%2F1"
    assert 'href="/questions/labels-missing.csv?class=gcm%3AObjective"' in page


def test_long_parts_have_pages(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gcm.web.worklist.PAGE_ROWS", 10)
    pages = [page_of(client, f"/worklist/labels-missing?page={number}&size") for number in (1, 2, 3)]
    shown = [link for page in pages for link in links_in(page)]
    rows = client.get("/questions/labels-missing.csv").get_data(as_text=True).splitlines()[1:]
    assert len(shown) == len(rows) > 20
    assert "Page 3 of 3" in page_of(client, "/worklist/labels-missing?page=99&size")
    assert 'rel="prev" href="/worklist/labels-missing?page=2"' in pages[2]


@pytest.mark.parametrize("number", ["0", "-1", "x", "1" * 5000])
def test_a_page_that_is_none_is_the_first_or_last(client: FlaskClient, number: str) -> None:
    assert "/propose/" in page_of(client, f"/worklist/labels-missing?page={number}")


def test_a_question_of_another_kind_is_no_part(client: FlaskClient) -> None:
    assert client.get("/worklist/pledges", headers=HTML).status_code == 404


@pytest.mark.parametrize(("language", "words"), [("fr", "Liste de travail"), ("ru", "Список дел")])
def test_the_list_speaks_its_readers_language(client: FlaskClient, language: str, words: str) -> None:
    page = page_of(client, f"/worklist?lang={language}")
    assert f"<h1>{words}</h1>" in page
    assert all(link.endswith(f"lang={language}") for link in links_in(page))


def test_forms_are_never_pinned_to_a_version(client: FlaskClient) -> None:
    version = client.get("/worklist").headers["GCM-Version"]
    page = page_of(client, f"/version/{version}/worklist/pledges-without-date")
    assert links_in(page)[0].startswith("/propose/pledge?edit=")
