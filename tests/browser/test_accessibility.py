"""What axe-core finds on every kind of page, in every language: nothing (WCAG 2.2 AA, and good practice)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from .deeds import violations

pytestmark = pytest.mark.browser

Open = Callable[..., Page]

#: One page of each kind; `{version}` stands for the version that is served.
PAGES = (
    "/",
    "/?lang=fr",
    "/?lang=ru",
    "/questions",
    "/questions?lang=ru",
    "/questions/pledges",
    "/questions/vote-of-a-state?place=place:ZZA",
    "/limits",
    "/propose",
    "/propose/pledge",
    "/propose/pledge?edit=/id/pledge/901",
    "/propose/event?lang=ru",
    "/worklist?lang=fr",
    "/worklist",
    "/worklist/labels-missing?class=gcm:Objective",
    "/versions",
    "/search",
    "/search?q=example",
    "/sparql",
    "/sparql?query=SELECT+*+WHERE+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+3",
    "/sparql?query=SELECT+nonsense",
    "/data",
    "/data/world-places",
    "/ontology",
    "/ontology/Pledge",
    "/ontology/isMadeBy",
    "/shapes",
    "/shapes/Pledge",
    "/doc/place/ZZA",
    "/doc/place/ZZX",
    "/doc/pledge/901?lang=ru",
    "/doc/figure/901",
    "/doc/objective/7?lang=fr",
    "/doc/place/NONE",
    "/validate",
    "/validate?lang=ru",
    "/validate/help?lang=fr",
    "/history",
    "/history?lang=ru",
    "/history/id/pledge/901?lang=fr",
    "/proposals",
    "/proposals?lang=ru&state=waiting",
    "/version/{version}/",
    "/version/{version}/doc/place/ZZA?lang=fr",
    "/version/none/",
)

#: Has headings with dark letters, which nobody reads on a dark ground.
FAINT_IN_THE_DARK = """() => document.querySelectorAll("h1").forEach((each) => {
  each.style.color = "#222";
})"""


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(open_page: Open, path: str) -> None:
    if "{version}" in path:
        served = open_page("/versions").locator("main th code").first.inner_text()
        path = path.format(version=served)
    assert violations(open_page(path)) == []


def test_axe_finds_what_is_wrong(open_page: Open) -> None:
    page = open_page("/limits")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    page.evaluate(FAINT_IN_THE_DARK)
    found = {(scheme, rule) for scheme, rule, _ in violations(page)}
    assert {("light", "html-has-lang"), ("dark", "color-contrast")} <= found
    assert ("light", "color-contrast") not in found
