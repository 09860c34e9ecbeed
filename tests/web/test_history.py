"""What became of things and datasets from version to version, with whatever others have written in them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gcm.layout import Sources, find_sources, graph_root
from gcm.limits import Limits
from gcm.load import build
from gcm.web.in_words import reveal
from gcm.web.versions import site

from tests.served import served, words_of

COMMITMENTS = "world-commitments.ttl"

#: A name that would run a script, turn the direction of what follows, and hide a letter.
HOSTILE = '"<script>alert(1)</script> \\u202Eevil\\u202C \\u0007bell &amp; \\"quoted\\""@en'


@pytest.fixture(scope="module")
def changing_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Serve the world after three changes of its files: a date, a hostile name, a pledge that goes."""
    root, data = graph_root(), tmp_path_factory.mktemp("data")
    for path in (root / "tests" / "world").glob("*.ttl"):
        (data / path.name).write_text(path.read_text("utf-8"), "utf-8")
    store = tmp_path_factory.mktemp("store")
    sources = find_sources(root, data=[data], with_own_data=False)
    _build(sources, store)
    _replace(data / COMMITMENTS, '"2022-05-19"^^xsd:date', '"2022-05"^^xsd:gYearMonth')
    _build(sources, store)
    _replace(data / COMMITMENTS, '"Count examples better"@en', HOSTILE)
    _build(sources, store)
    text = (data / COMMITMENTS).read_text("utf-8")
    text = text.replace('"Pay for tests"', '"Pay for many tests"')
    begin = text.index("pledge:902\n    a")
    (data / COMMITMENTS).write_text(text[:begin] + text[text.index("pledge:903\n") :], "utf-8")
    _build(sources, store)
    for path in (store / "versions").glob("*/manifest.json"):  # all in one second, as quick changes are
        said = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps(said | {"built": "2026-11-22T08:00:00+00:00"}), "utf-8")
    with served(store) as app:
        yield app


def _build(sources: Sources, store: Path) -> None:
    build(sources, store, progress=lambda _: None)


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def reader(changing_app: Flask) -> FlaskClient:
    """Ask about what changed."""
    return changing_app.test_client()


def page_at(reader: FlaskClient, path: str, status: int = 200) -> str:
    answer = reader.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == status
    return answer.text


def steps_of(page: str) -> list[str]:
    return [words_of(each) for each in page.split('<section class="step"')[1:]]


def test_a_thing_has_its_history_newest_first(reader: FlaskClient) -> None:
    newest, oldest = steps_of(page_at(reader, "/history/id/pledge/901"))
    assert "Things: 1. Statements that come: 1; that go: 1." in oldest
    assert "by changed files, without a proposal" in oldest
    assert "Exampleland pledge Count examples better on objectives 1 and 7" in oldest
    assert "date before: 2022-05-19 → after: 2022-05" in oldest
    assert "name before: Count examples better → after: <script>alert(1)</script>" in newest


def test_what_others_wrote_is_shown_and_never_done(reader: FlaskClient) -> None:
    page = page_at(reader, "/history/id/pledge/901")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "\u202e" not in page
    assert "⟨U+202E⟩evil⟨U+202C⟩ ␇bell" in page
    assert "&amp;amp; &#34;quoted&#34;" in page


def test_a_removed_thing_keeps_its_history(reader: FlaskClient) -> None:
    page = page_at(reader, "/history/id/pledge/902")
    (step,) = steps_of(page)
    assert "<h1>History of" in page
    assert "no longer the pledge Share instances on objective 7" in step
    assert "/doc/pledge/902" not in page  # there is no such page any more


def test_a_dataset_has_its_history(reader: FlaskClient) -> None:
    removal, renaming, dating = steps_of(page_at(reader, "/history/data/world-commitments"))
    assert "Things: 2. Statements that come: 1; that go: 9." in removal
    assert "Share instances" in removal
    assert "Pay for many tests" in removal
    assert "Count examples better" in renaming
    assert "2022-05-19" in dating


def test_other_languages_say_the_same(reader: FlaskClient) -> None:
    page = page_at(reader, "/history/id/pledge/902?lang=ru")
    assert "удалено: добровольное обещание" in words_of(page)
    assert "/history?lang=ru" in page
    assert "suppression :" in words_of(page_at(reader, "/history/id/pledge/902?lang=fr"))


def test_all_publications_are_listed(reader: FlaskClient) -> None:
    page = page_at(reader, "/history")
    rows = re.findall(r"<tr>\n<th scope=\"row\">.*?</tr>", page, re.DOTALL)
    assert len(rows) == 4
    assert all("/history/data/world-commitments" in each for each in rows[:3])
    assert "The oldest version that is kept" in rows[3]
    assert all(re.search(r"/version/[0-9a-f]{16}/", each) for each in rows)


def test_a_thing_that_never_changed_says_so(reader: FlaskClient) -> None:
    assert "No change of it is known" in page_at(reader, "/history/id/place/ZZA")


def test_what_nobody_knows_has_no_history(reader: FlaskClient) -> None:
    page_at(reader, "/history/id/place/NONE", status=404)


def test_pages_lead_to_their_history(reader: FlaskClient) -> None:
    assert 'href="/history/id/pledge/901"' in page_at(reader, "/doc/pledge/901")
    newest = reader.get("/").headers["GCM-Version"]
    assert 'href="/history/id/pledge/901"' in page_at(reader, f"/version/{newest}/doc/pledge/901")


def test_a_history_is_valid_until_a_version_comes(reader: FlaskClient) -> None:
    first = reader.get("/history/id/pledge/901", headers={"Accept": "text/html"})
    again = reader.get("/history/id/pledge/901", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)


def test_a_long_change_is_cut(reader: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with reader.application.app_context():
        own = site()
    monkeypatch.setattr(own, "limits", Limits(shown_changes=1))
    page = page_at(reader, "/history/data/world-commitments?anew")
    assert page.count("Only the first 1 things are shown here.") == 1
    assert "Pay for many tests" not in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, naïve Ж", "plain words, naïve Ж"),
        ("a\tb\nc", "a\tb\nc"),
        ("\x00\x1b", "␀␛"),
        ("\u202eabc\u2066", "⟨U+202E⟩abc⟨U+2066⟩"),  # turn and isolate: UAX 9
        ("\u200b\ufeff\u00ad", "⟨U+200B⟩⟨U+FEFF⟩⟨U+00AD⟩"),  # nothing to be seen
        ("می\u200cخواهم", "می\u200cخواهم"),  # Persian needs it
        ("\x85\ue000", "⟨U+0085⟩⟨U+E000⟩"),
        ("a\u00a0b", "a\u00a0b"),
    ],
)
def test_what_cannot_be_seen_is_written_out(text: str, shown: str) -> None:
    assert reveal(text) == shown
