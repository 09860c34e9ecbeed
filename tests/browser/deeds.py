"""What browser tests do again and again: serve, sign in, go to another page, ask axe-core."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.servers import Server, started

ROOT = Path(__file__).parents[2]

#: Runs axe-core, and gives what must be mended; all else that it tells is large.
_VIOLATIONS = "() => axe.run({resultTypes: ['violations']}).then((found) => found.violations)"


@contextmanager
def serving(data: Path, *, store: Path, desk: Path | None = None) -> Iterator[Server]:
    """Serve a folder of invented data on a free port, as a user would, until the block ends."""
    command = [sys.executable, "-m", "gcm.cli", "serve", "--port", "0", "--only-data", "--no-validate"]
    folders = ["--data", str(data), "--store", str(store), *(["--desk", str(desk)] if desk else [])]
    with started([*command, *folders], folder=ROOT) as server:
        yield server


def follow(page: Page, deed: Callable[[], object]) -> None:
    """Do what leads to another page, and wait until that is there with its style: its words rest on both."""
    with page.expect_navigation():
        deed()


def sign_in(page: Page, token: str) -> None:
    """Sign in by the form to which the page leads."""
    follow(page, page.get_by_role("link", name="Sign in").first.click)
    page.fill("#token", token)
    follow(page, page.locator("main form button").first.click)


def open_proposal(page: Page, number: int) -> None:
    """Open a proposal; its preview takes some seconds on a busy machine."""
    page.goto(f"/proposals/{number}")
    again = page.get_by_role("link", name="Load this page again")
    for _ in range(60):
        if not again.count():
            break
        follow(page, again.click)


def violations(page: Page) -> list[tuple[str, str, list[str]]]:
    """Give what axe-core finds in light and in dark colours: the colours, the rule, the elements."""
    page.evaluate(Axe().axe_script)
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for each in page.evaluate(_VIOLATIONS):
            found.append((scheme, each["id"], [node["html"] for node in each["nodes"]]))
    return found
