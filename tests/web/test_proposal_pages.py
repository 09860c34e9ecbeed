"""The pages of proposals and previews, as curators and others see them, with whatever is proposed."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gcm.desk import Checked, Curator, Desk, Proposal
from gcm.given import Form, Given, Place
from gcm.validate import Report, Result
from gcm.web.preview_site import PreviewSite

from tests.desk_world import COMMITMENTS, ONE, TWO, add_note, copy_place, lenient, make_world, note
from tests.desk_world import Place as Folders
from tests.served import served, words_of
from tests.servers import wait_until

pytestmark = pytest.mark.server  # each preview is made by a process

#: A new pledge whose words would run a script, turn the direction of what follows, and ring a bell.
HOSTILE = """
pledge:950 a gcm:Pledge ; gcm:isMadeBy place:ZZA ; gcm:isAbout objective:7 , objective:1 ;
  gcm:objectivesKnown gcm:AllKnown ; gcm:pledgeType gcm:IndividualPledge ;
  dcterms:date "2022-05-20"^^xsd:date ; prov:wasDerivedFrom passage:905.1 ;
  skos:prefLabel "Count examples <b>bettr\\u202E\\u0007"@en ; skos:note "<script>alert(1)</script>"@en .
"""

TITLE = '"><img src=x onerror=alert(1)> \u202etitle'


def strict_on_fault(
    given: Sequence[Given], *, without: Collection[Path] = (), with_datasets: bool = True
) -> Checked:
    """Find a fault in files of one name, and nothing else."""
    checked = lenient(given, without=without, with_datasets=with_datasets)
    faults = tuple(
        Result(Place(each.name, 3), "violation", "", None, None, "Mend <this>.", "syntax-like")
        for each in given
        if each.name == "faulty.ttl"
    )
    return Checked(Report(faults), checked.datasets)


class Reader:
    """Somebody who reads pages: with a token, or without."""

    def __init__(self, client: FlaskClient, token: str = "") -> None:
        self.client = client
        self.headers = {"Accept": "text/html"} | ({"Authorization": f"Bearer {token}"} if token else {})

    def page(self, path: str, status: int = 200) -> str:
        """Give a page."""
        answer = self.client.get(path, headers=self.headers)
        assert answer.status_code == status, path
        return answer.text

    def words(self, path: str) -> str:
        """Give what a page says, on one line."""
        return words_of(self.page(path))


@dataclass(frozen=True)
class Stage:
    """A desk over the world, served, and the tokens of who proposes and who decides."""

    desk: Desk
    app: Flask
    tokens: Mapping[Curator, str]

    def reader(self, who: Curator | None = None) -> Reader:
        """Read with the token of somebody, or without one."""
        return Reader(self.app.test_client(), self.tokens[who] if who else "")


@contextmanager
def staged(folders: Folders) -> Iterator[Stage]:
    """Serve what is in folders, with their desk."""
    desk = folders.desk(strict_on_fault)
    tokens = {each: desk.tokens.issue(each.handle, each.role, days=1) for each in (ONE, TWO)}
    with served(folders.store, desk, preview_wait_seconds=30) as app:
        yield Stage(desk, app, tokens)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """Build the world, with folders for a desk, to be copied."""
    return make_world(tmp_path_factory.mktemp("pages") / "world")


@pytest.fixture(scope="module")
def stage(folders: Folders, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Serve a world in which nobody publishes."""
    with staged(copy_place(folders, tmp_path_factory.mktemp("stage") / "world")) as made:
        yield made


@pytest.fixture
def own_stage(folders: Folders, tmp_path: Path) -> Iterator[Stage]:
    """Serve a world in which one test may publish."""
    with staged(copy_place(folders, tmp_path / "world")) as made:
        yield made


@pytest.fixture(scope="module")
def desk(stage: Stage) -> Desk:
    """Give the desk that is served."""
    return stage.desk


@pytest.fixture(scope="module")
def proposal(desk: Desk) -> Proposal:
    """Propose a hostile pledge, and another date for a known one."""
    text = desk.texts().get(COMMITMENTS, "")
    text = text.replace('"2022-05-19"^^xsd:date', '"2022-05"^^xsd:gYearMonth') + HOSTILE
    return desk.propose(ONE, [Given("mine.ttl", text.encode(), Form.TURTLE)], title=TITLE)


@pytest.fixture
def nobody(stage: Stage) -> Reader:
    """Read without a token."""
    return stage.reader()


@pytest.fixture
def proposer(stage: Stage) -> Reader:
    """Read as who proposed."""
    return stage.reader(ONE)


@pytest.fixture
def reviewer(stage: Stage) -> Reader:
    """Read as who decides."""
    return stage.reader(TWO)


@pytest.fixture
def preview(reviewer: Reader, proposal: Proposal) -> str:
    """Have the preview of the proposal made, as whoever opens its page does; give where it is."""
    reviewer.page(f"/proposals/{proposal.number}")
    return f"/proposals/{proposal.number}/preview"


def buttons(page: str) -> list[str]:
    """List what can be done on a page: the last steps of the addresses of its forms."""
    form = page.partition('<form class="decide"')[2].partition("</form>")[0]
    return re.findall(r'formaction="/proposals/[0-9]+/(\w+)"', form)


def test_the_list_names_a_proposal_and_its_state(nobody: Reader, proposal: Proposal) -> None:
    words = nobody.words("/proposals")
    assert '"><img src=x onerror=alert(1)> ⟨U+202E⟩title To be decided example-one' in words
    assert "<img" not in nobody.page("/proposals")
    assert f'href="/proposals/{proposal.number}"' in nobody.page("/proposals")


def test_the_list_is_narrowed_by_state_and_handle(nobody: Reader, proposal: Proposal) -> None:
    link = f'href="/proposals/{proposal.number}"'
    for query, is_there in [
        ("state=waiting", True),
        ("state=open&by=example-one", True),
        ("state=rejected", False),
        ("by=nobody", False),
        ("state=nonsense&page=x", True),
        ("page=99999999999", True),
    ]:
        assert (link in nobody.page(f"/proposals?{query}")) is is_there, query


def test_a_change_is_told_in_words_by_old_and_new_value(nobody: Reader, proposal: Proposal) -> None:
    words = nobody.words(f"/proposals/{proposal.number}")
    assert "Exampleland pledge Count examples better on objectives 1 and 7" in words
    assert "date before: 2022-05-19 → after: 2022-05" in words
    assert "a new pledge, Count examples <b>bettr⟨U+202E⟩␇ on objectives 1 and 7" in words
    french = nobody.words(f"/proposals/{proposal.number}?lang=fr")
    assert "nouveau : promesse, Count examples <b>bettr" in french
    assert "sur les objectifs 1 et 7" in french


def test_nothing_that_is_proposed_is_ever_done(nobody: Reader, reviewer: Reader, proposal: Proposal) -> None:
    for path in (
        "",
        "/preview/",
        "/preview/doc/pledge/950",
        "/preview/doc/place/ZZA",
        "/preview/search?q=bettr",
    ):
        page = reviewer.page(f"/proposals/{proposal.number}{path}")
        assert "<script>alert" not in page
        assert "<b>bettr" not in page
        assert "<img" not in page
    shown = nobody.page(f"/proposals/{proposal.number}")
    assert "\u202e" not in shown
    assert "\x07" not in shown


def test_the_difference_is_given_as_text_and_as_patch(nobody: Reader, proposal: Proposal) -> None:
    text = nobody.page(f"/proposals/{proposal.number}/words")
    assert text.startswith("Exampleland\n  pledge “Count examples better” on objectives 1 and 7\n")
    assert "    → date: 2022-05-19 → 2022-05\n" in text
    assert "    + is made by: “Exampleland”\n" in text
    patch = nobody.page(f"/proposals/{proposal.number}.patch")
    assert '\nD <https://w3id.org/gcm/id/pledge/901> <http://purl.org/dc/terms/date> "2022-05-19"' in patch


def test_possible_duplicates_are_shown(nobody: Reader, proposal: Proposal) -> None:
    words = nobody.words(f"/proposals/{proposal.number}")
    assert "Perhaps known already" in words
    assert 'href="/doc/pledge/901"' in nobody.page(f"/proposals/{proposal.number}")


def test_strangers_read_and_can_do_nothing(nobody: Reader, proposal: Proposal) -> None:
    page = nobody.page(f"/proposals/{proposal.number}")
    assert buttons(page) == []
    assert "What changes" not in page
    assert "/preview" not in page
    assert 'href="/sign-in"' in page


def test_who_proposed_may_withdraw_and_not_decide(proposer: Reader, proposal: Proposal) -> None:
    page = proposer.page(f"/proposals/{proposal.number}")
    assert buttons(page) == ["withdraw"]
    assert "This proposal is your own" in page


def test_another_may_decide(reviewer: Reader, proposal: Proposal) -> None:
    page = reviewer.page(f"/proposals/{proposal.number}")
    assert buttons(page) == ["approve", "ask", "reject"]
    assert f'name="tag" value="{proposal.tag}"' in page
    assert "Signed in as <strong>example-two</strong>" in page


def test_who_may_decide_does_not_on_what_is_their_own(reviewer: Reader, desk: Desk) -> None:
    own = desk.propose_statements(TWO, add_note("By who may decide."), title="Own")
    page = reviewer.page(f"/proposals/{own.number}")
    assert buttons(page) == ["withdraw"]
    assert "This proposal is your own" in page
    assert "Your token allows proposals, not decisions." not in page


def test_pages_and_figures_that_change_are_listed(reviewer: Reader, proposal: Proposal) -> None:
    page = reviewer.page(f"/proposals/{proposal.number}")
    root = f"/proposals/{proposal.number}/preview"
    for path in (
        "/doc/pledge/950",
        "/doc/pledge/901",
        "/doc/place/ZZA",
        "/doc/objective/7",
        "/ontology/Pledge",
    ):
        assert f'href="{root}{path}"' in page
    assert 'href="/doc/pledge/901"' in page
    assert 'href="/doc/pledge/950"' not in page  # nothing is there yet
    words = words_of(page)
    assert "Known: Pledge34" in words
    assert "Known, of: Pledges from the invented region23" in words
    assert f'href="{root}/"' in page


def test_every_link_of_a_proposal_answers(reviewer: Reader, proposal: Proposal) -> None:
    own = f"/proposals/{proposal.number}"
    links = {urljoin(own, unescape(each)) for each in re.findall(r'href="([^"]+)"', reviewer.page(own))}
    local = sorted(each.partition("#")[0] for each in links if not urlsplit(each).netloc)
    assert len(local) > 30
    for each in local:
        with reviewer.client.get(each, headers=reviewer.headers, follow_redirects=True) as answer:
            assert answer.status_code == 200, each


def test_a_preview_shows_pages_as_they_will_be(reviewer: Reader, preview: str) -> None:
    page = reviewer.page(f"{preview}/doc/pledge/901")
    assert "This is a preview: the graph as proposal" in page
    assert '<time datetime="2022-05">' in page
    assert "<strong>4</strong> Pledge" in words_of_cards(reviewer.page(f"{preview}/"))
    links = re.findall(r'href="(/[^"]+)"', page)
    outside = {
        preview.removesuffix("/preview"),
        "/proposals",
        "/propose",
        "/validate",
        "/history",
        "/versions",
        "/history/id/pledge/901",
    }
    assert {each for each in links if not each.startswith(preview)} <= outside


def words_of_cards(page: str) -> str:
    return re.sub(r"<(?!/?strong)[^>]+>", "", page)


def test_a_preview_gives_data_too(reviewer: Reader, preview: str) -> None:
    answer = reviewer.client.get(f"{preview}/doc/pledge/950.ttl", headers=reviewer.headers)
    assert "bettr" in answer.text
    sent = reviewer.client.get(f"{preview}/id/pledge/950", headers=reviewer.headers)
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{preview}/doc/pledge/950")


def test_nobody_keeps_or_lists_a_preview(reviewer: Reader, preview: str) -> None:
    for path in (
        "/",
        "/doc/pledge/950",
        "/doc/pledge/950.ttl",
        "/data",
        "/doc/pledge/NONE",
        "/id/pledge/950",
    ):
        headers = reviewer.client.get(preview + path, headers=reviewer.headers).headers
        assert headers["Cache-Control"] == "no-store", path
        assert headers["X-Robots-Tag"] == "noindex, nofollow", path
        assert not {"ETag", "Link", "GCM-Version", "Memento-Datetime"} & set(headers.keys()), path
        assert "Cookie" in headers["Vary"], path


def test_a_preview_is_for_curators_alone(nobody: Reader, preview: str) -> None:
    for path in ("/", "/doc/pledge/950", "/doc/pledge/950.ttl", "/sparql", "/nonsense"):
        assert nobody.client.get(preview + path).status_code in {401, 404}, path
    with nobody.client.get(f"{preview}/static/site.css") as style:  # it is no secret
        assert style.status_code == 200
    assert "bettr" not in nobody.page(f"{preview}/doc/pledge/950", status=401)


@pytest.mark.parametrize(
    "path", ["/sparql", "/sparql?query=ASK+%7B%7D", "/rdf-graph-store", "/proposals", "/versions"]
)
def test_a_preview_has_nothing_but_pages(reviewer: Reader, proposal: Proposal, path: str) -> None:
    reviewer.page(f"/proposals/{proposal.number}/preview{path}", status=404)


def test_nothing_is_sent_to_a_preview(reviewer: Reader, proposal: Proposal) -> None:
    answer = reviewer.client.post(f"/proposals/{proposal.number}/preview/", headers=reviewer.headers)
    assert answer.status_code in {404, 405}


def test_the_address_without_a_slash_leads_to_the_first_page(reviewer: Reader, proposal: Proposal) -> None:
    answer = reviewer.client.get(f"/proposals/{proposal.number}/preview", headers=reviewer.headers)
    assert (answer.status_code, answer.headers["Location"]) == (308, f"/proposals/{proposal.number}/preview/")


def test_a_preview_that_is_not_there_leads_to_its_proposal(reviewer: Reader, stage: Stage) -> None:
    other = stage.desk.propose_statements(ONE, add_note("Not looked at yet."), title="No preview")
    answer = reviewer.client.get(f"/proposals/{other.number}/preview/", headers=reviewer.headers)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/proposals/{other.number}")
    previews = stage.app.extensions["gcm.previews"]
    assert isinstance(previews, PreviewSite)
    assert previews.previews.last(str(other.number)) is None
    reviewer.page("/proposals/999/preview/", status=404)


def test_a_proposal_with_faults_cannot_be_approved(reviewer: Reader, desk: Desk) -> None:
    text = desk.texts().get(COMMITMENTS, "") + f"{note('faulty')} .\n"
    faulty = desk.propose(ONE, [Given("faulty.ttl", text.encode(), Form.TURTLE)])
    page = reviewer.page(f"/proposals/{faulty.number}")
    assert buttons(page) == ["ask", "reject"]
    assert "It cannot be approved before its faults are mended." in page
    assert "To mend faulty.ttl:3 Mend <this>." in words_of(page)


def test_a_comment_is_shown_as_it_was_written(reviewer: Reader, desk: Desk) -> None:
    discussed = desk.propose_statements(ONE, add_note("To be discussed."), title="Discussed")
    desk.comment(TWO, discussed.number, comment="<b>Why</b>\n\u202eso?")
    desk.ask(TWO, discussed.number, comment="Say more.")
    page = reviewer.page(f"/proposals/{discussed.number}")
    assert "&lt;b&gt;Why&lt;/b&gt;\n⟨U+202E⟩so?" in page
    assert "example-two asked for changes Say more." in words_of(page)
    assert "Changes asked for" in page


def test_a_server_without_tokens_says_that_it_only_reads(folders: Folders, tmp_path: Path) -> None:
    with served(folders.store) as bare:
        reader = Reader(bare.test_client())
        assert "This server is read-only" in reader.page("/proposals")
        reader.page("/proposals/1/preview/", status=401)
        assert "preview" not in reader.page("/history")
    assert not [*tmp_path.iterdir()]


def test_what_was_published_is_history_and_can_be_taken_back(own_stage: Stage) -> None:
    """The page of a thing in the preview is the one that all see after the approval."""
    desk, reviewer, nobody = own_stage.desk, own_stage.reader(TWO), own_stage.reader()
    more = f"{note('To be published.')} .\n" + HOSTILE.replace("pledge:950", "pledge:960")
    text = desk.texts().get(COMMITMENTS, "") + more
    made = desk.propose(ONE, [Given("x.ttl", text.encode(), Form.TURTLE)], title="Published soon")
    path, root = "/doc/pledge/901", f"/proposals/{made.number}/preview"
    reviewer.page(f"/proposals/{made.number}")
    foreseen = reviewer.page(root + path)
    desk.approve(TWO, made.number, comment="Good.")
    wait_until(lambda: "To be published." in nobody.page(path))
    assert body_of(foreseen).replace(root, "") == body_of(nobody.page(path))
    page = reviewer.page(f"/proposals/{made.number}")
    assert buttons(page) == ["revert"]
    assert reviewer.client.get(f"{root}/", headers=reviewer.headers).status_code == 303
    assert "example-two published · version" in words_of(page)
    assert "To be published." in words_of(page)
    assert "a new pledge, Count examples <b>bettr" in words_of(page)
    assert "Known: Pledge34" in words_of(page)  # as it was when it was seen last
    history = nobody.words("/history/id/pledge/901")
    assert "Published soon · By example-one · Approved by example-two" in history
    assert "after: To be published." in history
    assert "Published soon example-one example-two" in nobody.words("/history")
    assert "/preview" not in re.sub(r"/proposals/\d+/preview", "", page)


def body_of(page: str) -> str:
    """Give what a page says of its thing; what points there is one more: the record of the publication."""
    return page.partition('<dl class="properties">')[2].partition("What points here")[0]


def test_a_clash_is_told_with_all_three_sides(own_stage: Stage) -> None:
    desk, reviewer = own_stage.desk, own_stage.reader(TWO)
    text = desk.texts().get(COMMITMENTS, "")
    first, second = (
        desk.propose(
            ONE,
            [
                Given(
                    "x.ttl", text.replace('"Share instances"@en', f'"Share {word}"@en').encode(), Form.TURTLE
                )
            ],
        )
        for word in ("one", "two")
    )
    assert "Other proposals about the same things" in reviewer.page(f"/proposals/{second.number}")
    desk.approve(TWO, first.number)
    page = reviewer.page(f"/proposals/{second.number}")
    assert "What stands in the way" in page
    words = words_of(page)
    assert "Before Share instances; Proposed Share two; There now Share one" in words
    assert f"(Proposal {first.number})" in words
    assert buttons(page) == ["ask", "reject"]
