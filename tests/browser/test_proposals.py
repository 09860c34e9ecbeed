"""The whole story in a browser: a proposal by one, its preview, its approval by another, and back again."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from shutil import copytree
from threading import Event, Thread

import pytest
from playwright.sync_api import Page

from tests.servers import Server

from .deeds import ROOT, follow, open_proposal, serving, sign_in, violations

pytestmark = pytest.mark.browser

FILE = "world-commitments.ttl"

#: What is proposed: another date for a pledge, and a new one whose name would run a script.
NEW_NAME = "Invent <script>alert(1)</script> more"
PLEDGE = f"""
pledge:950 a gcm:Pledge ; gcm:isMadeBy place:ZZB ; gcm:isAbout objective:7 , objective:1 ;
  gcm:objectivesKnown gcm:AllKnown ; gcm:pledgeType gcm:IndividualPledge ;
  gcm:pledgeNature gcm:ProcessOriented ; prov:wasDerivedFrom passage:905.1 ;
  skos:prefLabel "{NEW_NAME}"@en .
"""


class Office:
    """A server with a desk, and the tokens of two curators."""

    def __init__(self, folder: Path, server: Server) -> None:
        """Make the tokens as whoever runs the server does."""
        self.server, self._folder = server, folder
        self.proposer = self._token("example-one", "propose")
        self.reviewer = self._token("example-two", "review")

    def _token(self, handle: str, role: str) -> str:
        command = [sys.executable, "-m", "gcm.cli", "token", "add", handle, "--role", role]
        return subprocess.run(
            [*command, "--desk", str(self._folder)], capture_output=True, text=True, check=True
        ).stdout.strip()

    def propose(self, text: str, title: str) -> int:
        """Send a file as a program does; give the number of the proposal."""
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        fields = {
            "Authorization": f"Bearer {self.proposer}",
            "Content-Type": "text/turtle",
            "Accept": "application/json",
        }
        connection.request("POST", f"/proposals?title={title}", body=text.encode(), headers=fields)
        with closing(connection), connection.getresponse() as response:
            body = response.read().decode()
            assert response.status == 201, body
            return int(response.headers["Location"].rpartition("/")[2])


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the world, since publication changes its files."""
    folder = tmp_path_factory.mktemp("office")
    copytree(ROOT / "tests" / "world", folder / "data")
    return folder


@pytest.fixture(scope="module")
def office(folders: Path) -> Iterator[Office]:
    """Serve the world with a desk."""
    with serving(folders / "data", store=folders / "store", desk=folders / "desk") as server:
        yield Office(folders / "desk", server)


@pytest.fixture
def browse(visit: Callable[..., Page], office: Office) -> Callable[..., Page]:
    """Give what opens a browser of its own for a curator, or for nobody."""

    def open_it(token: str = "", **settings: object) -> Page:
        page = visit(office.server.address, **settings)
        if token:
            page.goto("/proposals")
            sign_in(page, token)
        return page

    return open_it


@pytest.fixture(scope="module")
def number(office: Office, folders: Path) -> int:
    """Propose another date for a pledge, and a new pledge."""
    text = (folders / "data" / FILE).read_text("utf-8")
    text = text.replace('"2022-05-19"^^xsd:date', '"2022-05"^^xsd:gYearMonth') + PLEDGE
    return office.propose(text, "More%20pledges")


@pytest.mark.parametrize("query", ["", "?lang=fr", "?lang=ru"])
def test_axe_finds_nothing_on_what_curators_see(
    browse: Callable[..., Page], office: Office, number: int, query: str
) -> None:
    page = browse(office.reviewer)
    open_proposal(page, number)
    for path in ("", f"/{number}", f"/{number}/preview/", f"/{number}/preview/doc/pledge/950"):
        page.goto(f"/proposals{path}{query}")
        assert violations(page) == [], path


@pytest.mark.parametrize("path", ["", "/{number}", "/{number}/preview/doc/pledge/950"])
def test_what_curators_see_fits_a_narrow_screen(
    browse: Callable[..., Page], office: Office, number: int, path: str
) -> None:
    page = browse(office.reviewer, viewport={"width": 320, "height": 640})
    page.goto("/proposals" + path.format(number=number))
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_wrong_token_opens_nothing(browse: Callable[..., Page]) -> None:
    page = browse("gcm_nonsense")
    assert page.get_by_role("alert").count() == 1
    page.goto("/proposals")
    assert page.get_by_text("Signed in as").count() == 0


def test_the_whole_story(browse: Callable[..., Page], office: Office, number: int, folders: Path) -> None:
    """Without scripts: what is proposed is seen beforehand, published by another, and taken back."""
    before = (folders / "data" / FILE).read_bytes()
    one = browse(office.proposer, java_script_enabled=False)
    two = browse(office.reviewer, java_script_enabled=False)
    reader = browse(java_script_enabled=False)

    open_proposal(one, number)
    assert one.get_by_role("button", name="Approve and publish").count() == 0

    open_proposal(two, number)
    assert two.get_by_text(f"a new pledge, {NEW_NAME} on objectives 1 and 7").count() == 1
    assert two.locator("del").first.inner_text().endswith("2022-05-19")
    row = two.locator("table.figures tr", has_text="Known: Pledge")
    assert row.locator("td").all_inner_texts() == ["3", "4"]

    follow(two, two.locator("ul.affected").get_by_role("link", name=NEW_NAME).first.click)
    assert f"/proposals/{number}/preview/doc/pledge/950" in two.url
    assert two.locator("h1").inner_text() == NEW_NAME
    foreseen = properties_of(two)
    follow(two, two.get_by_role("link", name="Back to the proposal").click)

    assert reader.goto(f"/proposals/{number}/preview/doc/pledge/950").status == 401  # type: ignore[union-attr]  # it answers
    assert reader.goto("/doc/pledge/950").status == 404  # type: ignore[union-attr]  # as above

    two.fill("#comment", "Right, <b>page 3</b>.")
    with Asking(office) as failures:
        follow(two, two.get_by_role("button", name="Approve and publish").click)
        assert two.url.endswith(f"/proposals/{number}")
        assert two.locator("strong.state").inner_text() == "Published"
        reader.goto("/doc/pledge/950")
    assert failures == []
    assert two.locator("blockquote").inner_text() == "Right, <b>page 3</b>."
    assert reader.locator("h1").inner_text() == NEW_NAME
    assert properties_of(reader) == foreseen
    follow(reader, reader.get_by_role("link", name="History").first.click)
    assert reader.get_by_role("link", name="More pledges").count() == 1
    reader.goto("/history")
    assert reader.get_by_role("link", name="More pledges").count() == 1

    one.goto(f"/proposals/{number}")
    follow(one, one.get_by_role("button", name="Propose to take it back").click)
    assert one.get_by_text(f"It takes back proposal {number}.").count() == 1
    back = int(one.url.rpartition("/")[2].partition("?")[0])
    open_proposal(two, back)
    follow(two, two.get_by_role("button", name="Approve and publish").click)
    assert two.locator("strong.state").inner_text() == "Published"
    assert reader.goto("/doc/pledge/950").status == 410  # type: ignore[union-attr]  # as above
    assert (folders / "data" / FILE).read_bytes() == before
    two.goto(f"/proposals/{number}")
    assert two.locator("strong.state").inner_text() == "Taken back"
    reader.goto("/history/id/pledge/950")
    assert reader.get_by_text("no longer the pledge").count() == 1

    follow(two, two.get_by_role("button", name="Sign out").click)
    two.goto(f"/proposals/{back}")
    assert two.get_by_text("Signed in as").count() == 0


def properties_of(page: Page) -> list[str]:
    """Give the words of the first properties of a thing, however they are laid out."""
    return (page.locator("article dl.properties").first.text_content() or "").split()


class Asking:
    """Ask for a page again and again while something happens; give what failed."""

    def __init__(self, office: Office) -> None:
        self._server, self._ended, self._failures = office.server, Event(), list[str]()
        self._thread = Thread(target=self._ask)

    def _ask(self) -> None:
        while not self._ended.is_set():
            for path in ("/doc/place/ZZA", "/doc/pledge/901"):
                status = self._server.get(path, Accept="text/html")[0].status
                self._failures += [] if status == 200 else [f"{path} {status}"]

    def __enter__(self) -> list[str]:
        self._thread.start()
        return self._failures

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
