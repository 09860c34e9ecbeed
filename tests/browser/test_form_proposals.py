"""A curator signs in, fills in a form with a mistake, mends it, and sends it: in a browser, to a desk."""

from collections.abc import Callable, Iterator

import pytest
from gcm.desk import Role
from playwright.sync_api import Page, expect

from tests.desk_world import Place, make_world

from .deeds import follow, serving, sign_in

pytestmark = pytest.mark.browser

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Copy the world."""
    return make_world(tmp_path_factory.mktemp("forms") / "place")


@pytest.fixture(scope="module")
def token(place: Place) -> str:
    """Make a token."""
    return place.desk().tokens.issue("example-one", Role.PROPOSE, days=1)


@pytest.fixture(scope="module")
def server(place: Place, token: str) -> Iterator[str]:
    """Serve the copy with a desk; give its address."""
    assert token
    with serving(place.data, store=place.store, desk=place.folder) as running:
        yield running.address


@pytest.mark.parametrize("with_scripts", [False, True])
def test_a_pledge_is_typed_mended_and_sent(
    open_page: Open, place: Place, token: str, *, with_scripts: bool
) -> None:
    page = open_page("/proposals", java_script_enabled=with_scripts)
    sign_in(page, token)

    page.goto("/propose/pledge")
    page.fill("#f-skos-prefLabel-0", "Test what a browser sends")
    page.select_option("#f-gcm-objectivesKnown-0", "gcm:AllKnown")
    page.fill("#f-gcm-isAbout-0", "vulnerabilities")
    page.fill("#f-gcm-isMadeBy-0", "Samplia")
    page.select_option("#f-dataset-0", "gcmd:world-commitments")
    page.fill("#comment", "From the register.")
    follow(page, page.locator("button[value=send]").click)
    assert page.locator("#problems li").count() == 1
    assert page.input_value("#comment") == "From the register."

    page.get_by_label("7 Address and reduce vulnerabilities in migration").check()
    follow(page, page.locator("button[value=send]").click)
    number = len(place.desk().proposals())
    expect(page).to_have_url(f"{page.url.partition('/proposals')[0]}/proposals/{number}")
    assert "Test what a browser sends" in page.locator("main").inner_text()
    proposal = place.desk().proposal(number)
    assert (proposal.title, proposal.by) == ("Pledge: Test what a browser sends", "example-one")
    assert proposal.report.conforms


@pytest.mark.parametrize("with_scripts", [False, True])
def test_what_was_typed_before_signing_in_stays(open_page: Open, token: str, *, with_scripts: bool) -> None:
    page = open_page("/propose/pledge", java_script_enabled=with_scripts)
    page.fill("#f-skos-prefLabel-0", "Typed by a stranger")
    assert page.locator("button[value=send]").count() == 0
    with page.expect_popup() as beside:
        page.locator("main").get_by_role("link", name="Sign in").click()
    beside.value.fill("#token", token)
    follow(beside.value, beside.value.locator("main form button").click)
    follow(page, page.locator("button[value=check]").last.click)
    assert page.input_value("#f-skos-prefLabel-0") == "Typed by a stranger"
    assert page.locator("button[value=send]").count() == 1
