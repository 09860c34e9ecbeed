"""Checking a file as a curator does: paste, read, mend, take away; with and without script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from .deeds import follow, violations

pytestmark = pytest.mark.browser

Open = Callable[..., Page]

#: The file of the README with its two mistakes mended, and a new one that can be mended by itself.
MISSPELT = (
    (Path(__file__).parents[1] / "readme" / "my-source.ttl")
    .read_text()
    .replace("2026-02-30", "2026-02-20")
    .replace("gcm:isMadeBy place:ZZZ ;", "gcm:isMadBy place:ZZA ; # who?")
)
MENDED = MISSPELT.replace("isMadBy", "isMadeBy")


def check(page: Page, text: str) -> None:
    """Paste a text and check it, whatever the language of the page."""
    page.fill("#text", text)
    follow(page, page.locator("form.editor button").click)


def saved(page: Page, button: str) -> str:
    """Press a button that saves a file, and read the file."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    return Path(download.value.path()).read_bytes().decode()


@pytest.mark.parametrize("has_script", [True, False])
def test_a_misspelt_property_is_found_mended_and_taken_away(open_page: Open, has_script: bool) -> None:
    page = open_page("/validate", java_script_enabled=has_script)
    check(page, MISSPELT)
    line = page.locator("pre.lines .row", has_text="gcm:isMadBy")
    assert line.locator(".line").inner_text() == "38"
    assert line.locator("mark").all_inner_texts() == ["gcm:isMadBy"]
    finding = page.locator(".findings > li", has_text="A Pledge has no field gcm:isMadBy.")
    assert "is made by" in finding.locator("ul").inner_text()
    follow(page, finding.get_by_role("button", name="Apply this fix").click)
    assert page.get_by_role("status").inner_text() == "Nothing must be mended."
    assert saved(page, "Download pasted.ttl") == MENDED
    check(open_page("/validate"), MENDED)


def test_what_is_changed_by_hand_is_checked_again(open_page: Open) -> None:
    page = open_page("/validate")
    check(page, MISSPELT)
    page.get_by_role("textbox", name="pasted.ttl").fill(MENDED)
    follow(page, page.get_by_role("button", name="Check again").click)
    assert page.get_by_role("status").inner_text() == "Nothing must be mended."


def test_files_are_uploaded_and_reports_taken_away(open_page: Open, tmp_path: Path) -> None:
    for name in ("one.ttl", "two.ttl"):
        (tmp_path / name).write_text("<a> <b> .")
    page = open_page("/validate")
    page.get_by_label("Files to check").set_input_files([tmp_path / "one.ttl", tmp_path / "two.ttl"])
    follow(page, page.get_by_role("button", name="Check", exact=True).click)
    assert page.locator("section.sheet h2").all_inner_texts() == ["one.ttl", "two.ttl"]
    follow(page, page.get_by_role("button", name="Show only two.ttl").click)
    assert page.locator("section.sheet h2").all_inner_texts() == ["two.ttl"]
    assert '"file": "one.ttl"' in saved(page, "json")


@pytest.mark.parametrize("tag", ["en", "fr", "ru"])
def test_axe_finds_nothing_on_a_report(open_page: Open, tag: str) -> None:
    page = open_page(f"/validate?lang={tag}")
    check(page, MISSPELT)
    assert page.locator(".findings > li").count() == 3
    page.locator("summary").first.click()
    assert violations(page) == []


def test_a_report_can_be_read_by_keyboard_and_on_a_telephone(open_page: Open) -> None:
    page = open_page("/validate", viewport={"width": 320, "height": 640})
    check(page, MISSPELT)
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert page.evaluate(wide) is False
    button = page.get_by_role("button", name="Apply this fix").first
    button.focus()
    follow(page, lambda: page.keyboard.press("Enter"))
    assert page.get_by_role("status").inner_text() == "Nothing must be mended."
