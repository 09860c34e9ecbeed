"""The real server over the invented world, and a browser that reports what a page must not do."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from .deeds import ROOT, serving

#: No sandbox for root; nothing that looks for other hosts, proxies or updates, since there are none.
_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
]

#: Reports what the policy refused, which is otherwise a line that differs between browsers.
_REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy violation: ${event.effectiveDirective} ${event.blockedURI}`));
"""


class Watch:
    """Notes what a page does wrong: script errors, violations of the policy, requests to other hosts."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.host = urlsplit(address).netloc
        self.problems: list[str] = []
        page.add_init_script(_REPORT_VIOLATIONS)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("console", self._hear)
        page.on("request", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        is_own_status = message.location["url"] == self.page.url and "Failed to load resource" in message.text
        if message.type == "error" and not is_own_status:  # the page itself may be about an error
            self.problems.append(f"console: {message.text}")

    def _see(self, request: Request) -> None:
        if urlsplit(request.url).netloc not in (self.host, ""):
            self.problems.append(f"request to another host: {request.url}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the world; give the address."""
    with serving(ROOT / "tests" / "world", store=tmp_path_factory.mktemp("store")) as running:
        yield running.address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run Debian's Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_OPTIONS)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open browsers of their own at a server; the test fails if a page in them does what it must not."""
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def open_it(address: str, **settings: object) -> Page:
        contexts.append(browser.new_context(base_url=address, **settings))  # type: ignore[arg-type]  # Playwright's own
        page = contexts[-1].new_page()
        watches.append(Watch(page, address))
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert [problem for watch in watches for problem in watch.problems] == []


@pytest.fixture
def open_page(visit: Callable[..., Page], server: str) -> Callable[..., Page]:
    """Open pages with the settings of a reader."""

    def open_it(path: str, **settings: object) -> Page:
        page = visit(server, **settings)
        page.goto(path)
        return page

    return open_it
