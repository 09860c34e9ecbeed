"""What only a browser shows: width, keyboard, colours, scripts, the policy."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from .conftest import Watch
from .deeds import follow

pytestmark = pytest.mark.browser

Open = Callable[..., Page]

#: One page of each kind.
PAGES = (
    "/",
    "/questions",
    "/questions/vote-of-a-state?place=place:ZZA",
    "/limits",
    "/propose",
    "/propose/pledge",
    "/propose/pledge?edit=/id/pledge/901",
    "/worklist",
    "/worklist/labels-missing?class=gcm:Objective",
    "/search?q=example",
    "/sparql",
    "/sparql?query=SELECT+*+WHERE+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+3",
    "/sparql?query=SELECT+nonsense",
    "/data",
    "/data/world-places",
    "/ontology",
    "/ontology/Pledge",
    "/shapes",
    "/history",
    "/history/data/world-places",
    "/proposals",
    "/doc/place/ZZA",
    "/doc/place/ZZX",
    "/doc/pledge/901?lang=ru",
    "/doc/place/ZZZ",
)

#: Gives every text whose colour is too near to what is behind it (WCAG 2.2, 1.4.3), with the ratio.
CONTRASTS = """() => {
  const channel = (part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = numbers(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!hasText || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const lights = [light(numbers(style.color)), light(behind(element))].sort((a, b) => b - a);
    const ratio = (lights[0] + 0.05) / (lights[1] + 0.05);
    const isLarge = parseFloat(style.fontSize) >= 24;
    if (ratio < (isLarge ? 3 : 4.5)) faint.push([element.tagName, element.className, ratio.toFixed(2)]);
  }
  return faint;
}"""

#: Tells whether the wide table has moved, or moves within five seconds.
SCROLLED = """() => new Promise((tell) => {
  const table = document.querySelector("div.scroll");
  table.addEventListener("scroll", () => tell(true));
  setTimeout(() => tell(false), 5000);
  if (table.scrollLeft > 0) tell(true);
})"""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_narrow_screen_and_its_text_stands_out(open_page: Open, path: str) -> None:
    page = open_page(path, viewport={"width": 320, "height": 640}, color_scheme="light")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.set_viewport_size({"width": 1280, "height": 720})
    assert page.evaluate(CONTRASTS) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(CONTRASTS) == []


def test_the_first_key_leads_past_the_navigation(open_page: Open) -> None:
    page = open_page("/doc/place/ZZA")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Enter")
    page.wait_for_url("**#content")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_what_has_the_focus_can_be_seen(open_page: Open) -> None:
    page = open_page("/doc/place/ZZA")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", page.evaluate("document.activeElement.outerHTML")


def test_a_query_is_asked_by_its_keys(open_page: Open) -> None:
    page = open_page("/sparql")
    page.fill("#query", "SELECT ?pledge WHERE { ?pledge a gcm:Pledge } ORDER BY ?pledge")
    follow(page, lambda: page.press("#query", "Control+Enter"))
    assert page.locator("tbody td").all_inner_texts() == [
        "Count examples better",
        "Share instances",
        "Pay for tests",
    ]


def test_a_query_is_asked_without_scripts(open_page: Open) -> None:
    page = open_page("/sparql", java_script_enabled=False)
    page.fill("#query", "ASK { ?pledge a gcm:Pledge }")
    follow(page, page.locator("form.editor button").first.click)
    assert page.locator("tbody td").all_inner_texts() == ["true"]


def test_a_question_is_asked_without_scripts(open_page: Open) -> None:
    page = open_page("/questions/vote-of-a-state", java_script_enabled=False)
    page.select_option("select[name=choice]", "gcm:InFavour")
    page.fill("input[name=place]", "place:ZZA")
    follow(page, page.locator("form.fields button").first.click)
    assert page.locator("tbody tr").count() == 1


def test_a_thing_is_found_by_its_name_and_read(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False)
    page.fill("#q", "exampleland")
    follow(page, lambda: page.press("#q", "Enter"))
    follow(page, page.locator("main").get_by_role("link", name="Exampleland", exact=True).click)
    assert page.url.endswith("/doc/place/ZZA")


def test_a_wide_table_is_scrolled_by_keyboard(open_page: Open) -> None:
    page = open_page("/questions/vote-of-a-state", viewport={"width": 320, "height": 640})
    table = page.locator("div.scroll")
    table.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(SCROLLED)


@pytest.mark.parametrize(
    ("deed", "problem"),
    [
        (
            "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')",
            "policy violation: style",
        ),
        (
            "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
            "policy violation: script",
        ),
        (
            "document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.2:9/x.png'}))",
            "policy violation: img",
        ),
        ("setTimeout(() => nothing.there)", "script error"),
        ("console.error('oops')", "console: oops"),
    ],
)
def test_what_a_page_must_not_do_is_noticed(browser: Browser, server: str, deed: str, problem: str) -> None:
    page = browser.new_page(base_url=server)
    watch = Watch(page, server)
    page.goto("/limits")
    assert watch.problems == []
    page.evaluate(f"() => {{ {deed} }}")
    for _ in range(100):
        if not any(problem in each for each in watch.problems):
            page.evaluate("() => new Promise(requestAnimationFrame)")  # let what happened be reported
    assert any(problem in each for each in watch.problems), watch.problems
    page.close()
