"""What axe-core finds on every kind of page, in every language: nothing (WCAG 2.2 AA, and good practice)."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(open_page: Open, path: str, scheme: str) -> None:
    if "{version}" in path:
        served = open_page("/versions").locator("main th code").first.inner_text()
        path = path.format(version=served)
    page = open_page(path, color_scheme=scheme)
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def test_axe_finds_what_is_wrong(open_page: Open) -> None:
    page = open_page("/limits")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert "html-has-lang" in {each["id"] for each in Axe().run(page).response["violations"]}
