"""The story of a table in a browser: template, a wrong table, a right one, a proposal, published, taken back.

No page runs a script, and everything is reached by links and buttons. What is filled in is invented.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gcm.desk import Role
from openpyxl import load_workbook
from playwright.sync_api import Page

from tests.desk_world import Place, make_world

from .deeds import follow, open_proposal, serving, sign_in, violations

pytestmark = pytest.mark.browser

NAME = "Teach how to fill in tables"
HEADER = """\
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix document: <https://w3id.org/gcm/id/document/> . @prefix gcm: <https://w3id.org/gcm/ontology/> .
@prefix organization: <https://w3id.org/gcm/id/organization/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://w3id.org/gcm/data/table-pledges> a dcat:Dataset ;
  dcterms:conformsTo <https://w3id.org/gcm/ontology/0.1.0> ;
  dcterms:description "Pledges of a table. Nothing of it was promised."@en ;
  dcterms:issued "2026-11-22"^^xsd:date ; dcterms:modified "2026-11-22"^^xsd:date ;
  dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
  dcterms:publisher organization:GCMKG ; dcterms:rights "Invented for tests."@en ;
  dcterms:source document:905 ; dcterms:title "Pledges of a table (invented for tests)"@en ;
  gcm:readOn "2026-11-22"^^xsd:date .
"""

#: A row of the table; the State is misspelt, and the date is as spreadsheets write it.
ROW = {
    "pledge identifier": "950",
    "name [en]": NAME,
    "is made by": "Examplland",
    "date": "20.05.2022",
    "is about": "7",
    "has objectives known": "all known",
    "has pledge type": "individual pledge",
    "has pledge nature": "process-oriented",
    "source place": "row 1",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Copy the world."""
    return make_world(tmp_path_factory.mktemp("tables") / "place")


@pytest.fixture(scope="module")
def tokens(place: Place) -> dict[str, str]:
    """Make a token for one who proposes, and for one who decides."""
    own = place.desk().tokens
    return {
        role.value: own.issue(f"example-{role.value}", role, days=1) for role in (Role.PROPOSE, Role.REVIEW)
    }


@pytest.fixture(scope="module")
def address(place: Place, tokens: dict[str, str]) -> Iterator[str]:
    """Serve the copy with a desk; give its address."""
    assert tokens
    with serving(place.data, store=place.store, desk=place.folder) as running:
        yield running.address


@pytest.fixture
def browse(visit: Callable[..., Page], address: str, tokens: dict[str, str]) -> Callable[..., Page]:
    """Give what opens a browser of its own for a role, "" for a reader."""

    def open_it(role: str = "", *, with_scripts: bool = False) -> Page:
        page = visit(address, java_script_enabled=with_scripts)
        page.goto("/proposals")
        if role:
            sign_in(page, tokens[role])
        return page

    return open_it


def saved(page: Page, press: Callable[[], None], path: Path) -> Path:
    """Press what saves a file, and keep the file."""
    with page.expect_download() as download:
        press()
    download.value.save_as(path)
    return path


def fill_in(path: Path, row: dict[str, str]) -> None:
    """Write a row below the example, as a person does."""
    workbook = load_workbook(path)
    sheet = workbook.worksheets[0]
    columns = {str(cell.value).rstrip("* "): number for number, cell in enumerate(sheet[1], start=1)}
    for heading, text in row.items():
        sheet.cell(3, columns[heading]).value = text
    workbook.save(path)


def check(page: Page, path: Path) -> None:
    """Check a table, with the header of its dataset."""
    page.goto("/validate")
    page.get_by_label("Files to check").set_input_files(path)
    page.locator("details.header summary").click()
    page.get_by_role("textbox", name="Header of the table’s dataset").fill(HEADER)
    follow(page, page.get_by_role("button", name="Check", exact=True).click)


def approve(page: Page, number: int) -> None:
    """Approve a proposal, which publishes it."""
    open_proposal(page, number)
    follow(page, page.get_by_role("button", name="Approve and publish").click)
    assert page.url.endswith(f"/proposals/{number}"), page.locator("main").inner_text()
    assert page.locator("strong.state").inner_text() == "Published"


def number_of(page: Page) -> int:
    """Read the number of the proposal that is shown."""
    return int(page.url.rpartition("/")[2].partition("?")[0])


def words_of(page: Page) -> list[str]:
    """Read what a page says of a thing, below its heading."""
    return page.locator("article > section").all_inner_texts()


def state_of(page: Page) -> list[str]:
    """Open the page of the State, and read what it says."""
    page.goto("/doc/place/ZZA")
    return words_of(page)


def test_from_the_template_to_the_page_and_back(
    browse: Callable[..., Page], place: Place, tmp_path: Path
) -> None:
    one, two, reader = browse("propose"), browse("review"), browse()
    before, files = state_of(reader), {each.name for each in place.data.iterdir()}

    follow(one, one.get_by_role("link", name="with a form").click)
    row = one.locator(".property", has=one.get_by_role("link", name="Pledge", exact=True))
    template = row.get_by_role("link", name="XLSX").first
    table = saved(one, template.click, tmp_path / "my.xlsx")
    fill_in(table, ROW)
    check(one, table)
    state = one.locator(".findings > li", has_text="Examplland")
    assert state.locator("code").first.inner_text().startswith("Pledge!")
    assert "Exampleland" in state.locator("ul").inner_text()
    assert state.get_by_text("is made by").count() >= 1

    one.get_by_role("textbox", name="Title").fill("A table of pledges")
    wrong_date = one.locator(".findings > li", has_text="20.05.2022")
    follow(one, wrong_date.get_by_role("button", name="Apply this fix").click)
    assert one.get_by_text("20.05.2022").count() == 0
    assert one.get_by_role("textbox", name="Title").input_value() == "A table of pledges"
    table = saved(one, one.get_by_role("button", name="Download my.xlsx").click, tmp_path / "mended.xlsx")
    fill_in(table, {"is made by": "Exampleland"})
    check(one, table)
    assert one.locator(".findings > li.violation").all_inner_texts() == []
    assert "Nothing must be mended." in one.get_by_role("status").inner_text()

    one.get_by_role("textbox", name="Title").fill("A table of pledges")
    follow(one, one.get_by_role("button", name="Send the proposal").click)
    number = number_of(one)
    assert one.get_by_role("button", name="Approve and publish").count() == 0

    open_proposal(two, number)
    assert two.locator("h1").inner_text().endswith("A table of pledges")
    assert two.get_by_text(f"a new pledge, {NAME} on objective 7").count() == 1
    follow(two, two.locator("ul.affected").get_by_role("link", name="Exampleland", exact=True).first.click)
    assert f"/proposals/{number}/preview/doc/place/ZZA" in two.url
    foreseen = words_of(two)
    assert NAME in "".join(foreseen)
    assert state_of(reader) == before

    approve(two, number)
    assert state_of(reader) == foreseen
    reader.goto("/doc/pledge/950")
    assert "2022-05-20" in reader.locator("article").inner_text()

    open_proposal(one, number)
    follow(one, one.get_by_role("button", name="Propose to take it back").click)
    assert number_of(one) != number
    approve(two, number_of(one))
    assert state_of(reader) == before
    assert {each.name for each in place.data.iterdir()} == files | {"publications.ttl"}


def test_axe_finds_nothing_where_a_table_is_sent(browse: Callable[..., Page], tmp_path: Path) -> None:
    page = browse("propose", with_scripts=True)
    page.goto("/propose")
    table = saved(page, page.get_by_role("link", name="XLSX").first.click, tmp_path / "my.xlsx")
    fill_in(table, ROW)
    check(page, table)
    assert page.get_by_role("button", name="Send the proposal").count() == 1
    assert violations(page) == []
