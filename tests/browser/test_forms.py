"""Forms in a browser, without scripts and with them: mistakes, messages beside their fields, nothing lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .deeds import follow, violations

pytestmark = pytest.mark.browser

Open = Callable[..., Page]

MADE_BY = "#f-gcm-isMadeBy-0"
DATE = "#f-dcterms-date-0"


def fill_wrongly(page: Page) -> None:
    """Type a pledge with three mistakes: no such actor, no such day, no dataset."""
    page.fill("#f-skos-prefLabel-0", "A browser’s pledge")
    page.select_option("#f-gcm-objectivesKnown-0", "gcm:NoneKnown")
    page.fill(MADE_BY, "Examplland")
    page.fill(DATE, "30.2.2023")


def check(page: Page) -> None:
    """Press the button that checks."""
    follow(page, page.locator(".deeds button[value=check]").click)


def problems_of(page: Page) -> list[str]:
    return page.locator("#problems li").all_inner_texts()


@pytest.mark.parametrize("with_scripts", [False, True])
def test_a_form_is_filled_in_wrongly_mended_and_found_right(open_page: Open, *, with_scripts: bool) -> None:
    page = open_page("/propose/pledge", java_script_enabled=with_scripts)
    fill_wrongly(page)
    check(page)
    if with_scripts:
        expect(page.locator("#problems")).to_be_focused()
    assert len(problems_of(page)) == 3
    assert page.input_value("#f-skos-prefLabel-0") == "A browser’s pledge"
    assert page.input_value(MADE_BY) == "Examplland"
    assert page.input_value(DATE) == "30.2.2023"
    assert "is no date" in page.locator("#f-dcterms-date-0-said").inner_text()

    page.get_by_label("ZZA Exampleland", exact=True).check()  # one of those that may be meant
    page.fill(DATE, "28.2.2023")
    page.select_option("#f-dataset-0", "gcmd:world-commitments")
    page.fill("#f-passage-gcm-locator-0", "row 3")
    check(page)
    assert problems_of(page) == []
    changes = page.locator("#checked .changes").inner_text()
    assert "date: 2023-02-28" in changes
    assert "is made by: Exampleland" in changes


def test_the_summary_leads_to_the_field(open_page: Open) -> None:
    page = open_page("/propose/pledge", java_script_enabled=False)
    fill_wrongly(page)
    follow(page, lambda: page.press(DATE, "Enter"))  # as the button to check does
    page.click("#problems a[href='#f-dcterms-date-0']")
    expect(page.locator(DATE)).to_be_focused()
    page.keyboard.type("2023-")
    assert page.input_value(DATE) != "30.2.2023"


def test_messages_belong_to_their_inputs(open_page: Open) -> None:
    page = open_page("/propose/pledge")
    fill_wrongly(page)
    check(page)
    wrong = page.locator("[aria-invalid=true]")
    assert sorted(wrong.evaluate_all("all => all.map((each) => each.id)")) == [
        "f-dataset-0",
        "f-dcterms-date-0",
        "f-gcm-isMadeBy-0",
    ]
    expect(page.locator(DATE)).to_have_accessible_description(re.compile("is no date"))
    expect(page.locator(MADE_BY)).to_have_accessible_name(re.compile("is made by"))


def test_axe_finds_nothing_in_a_form_with_mistakes(open_page: Open) -> None:
    page = open_page("/propose/pledge")
    fill_wrongly(page)
    check(page)
    assert violations(page) == []


def test_rows_are_added_and_things_searched_without_scripts(open_page: Open) -> None:
    page = open_page("/propose/pledge", java_script_enabled=False)
    page.fill("#f-skos-prefLabel-0", "Kept")
    page.fill("#f-gcm-isAbout-0", "vulnerabilities")
    follow(page, page.locator("button[name=search][value='gcm:isAbout']").click)
    page.get_by_label("7 Address and reduce vulnerabilities in migration").check()
    follow(page, page.locator("button[name=add][value='gcm:isAbout']").click)
    assert page.input_value("#f-gcm-isAbout-0") == "objective:7"
    page.fill("#f-gcm-isAbout-1", "3")
    follow(page, page.locator("button[name=add][value='gcm:isAbout']").click)
    values = [page.input_value(f"#f-gcm-isAbout-{number}") for number in range(3)]
    assert values == ["objective:7", "3", ""]
    assert page.input_value("#f-skos-prefLabel-0") == "Kept"


def test_things_are_suggested_while_somebody_types(open_page: Open) -> None:
    page = open_page("/propose/pledge")
    page.locator(MADE_BY).press_sequentially("sampl")
    options = page.locator(f"{MADE_BY}-found option")
    expect(options.first).to_have_attribute("value", "ZZB Samplia")
    assert page.get_attribute(MADE_BY, "list") == "f-gcm-isMadeBy-0-found"


def test_a_thing_is_changed_in_one_place(open_page: Open) -> None:
    page = open_page("/worklist/pledges-without-date", java_script_enabled=False)
    follow(page, page.get_by_role("link", name=re.compile("Mend.*Share instances")).click)
    assert page.input_value("#f-skos-prefLabel-0") == "Share instances"
    page.fill(DATE, "2023-05")
    check(page)
    assert page.locator("#checked h3").all_inner_texts() == ["Added (1)"]
    assert page.locator("#checked li").all_inner_texts() == ["date: 2023-05"]


def test_the_dataset_is_taken_along_as_turtle(open_page: Open) -> None:
    page = open_page("/propose/pledge?edit=/id/pledge/902", java_script_enabled=False)
    page.fill(DATE, "2023-05")
    with page.expect_download() as started:
        page.click("button[value=download]")
    download = started.value
    assert download.suggested_filename == "world-commitments.ttl"
    text = download.path().read_text("utf-8")
    assert 'dcterms:date "2023-05"^^xsd:gYearMonth ;' in text
    assert text.count("dcterms:date ") == 4  # one more than before
