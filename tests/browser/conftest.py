"""The real server over the invented world, and a browser that reports what a page must not do."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.servers import started

ROOT = Path(__file__).parents[2]

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
    """Serve the world on a free port, as a user would; give its address."""
    store = tmp_path_factory.mktemp("store")
    world = ROOT / "tests" / "world"
    options = ["--store", str(store), "--data", str(world), "--only-data", "--no-validate"]
    with started([sys.executable, "-m", "gcm.cli", "serve", "--port", "0", *options], folder=ROOT) as server:
        yield server.address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Run Debian's Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_OPTIONS)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Open pages with the settings of a reader; the test fails if one of them does what it must not."""
    watches: list[Watch] = []
    contexts = []

    def open_it(path: str, **settings: object) -> Page:
        context = browser.new_context(base_url=server, **settings)  # type: ignore[arg-type]  # Playwright's own
        contexts.append(context)
        page = context.new_page()
        watches.append(Watch(page, server))
        page.goto(path)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert [problem for watch in watches for problem in watch.problems] == []
