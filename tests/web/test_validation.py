"""/validate: the same report for programs in every form, and for people a page that mends."""

import csv
import io
import json
import re
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gcm.errors import LimitError
from gcm.given import Form, Given
from gcm.layout import graph_root
from gcm.limits import Limits
from gcm.validate.serial import as_json, from_json
from gcm.web import create_app
from gcm.web.carrying import pack
from gcm.web.validation import OFFERS
from gcm.web.versions import site
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from tests.benches import Failing, InProcess, Speller
from tests.reports import many

TURTLE = {"Content-Type": "text/turtle"}
PAGE = {"Accept": "text/html"}
WRONG = (graph_root() / "tests" / "readme" / "my-source.ttl").read_bytes()
SPELT = b"\xef\xbb\xbf# \xc3\xa9\r\n<http://example.org/a> <http://example.org/b> <ZZQ> . # ZZQ\r\n"
MENDED = SPELT.replace(b"<ZZQ>", b"<ZZA>")


@pytest.fixture
def use(world_app: Flask) -> Iterator[Callable[[object], FlaskClient]]:
    """Have the application check on another bench."""
    real = world_app.extensions["gcm.bench"]

    def use_it(bench: object) -> FlaskClient:
        world_app.extensions["gcm.bench"] = bench
        return world_app.test_client()

    yield use_it
    world_app.extensions["gcm.bench"] = real


@pytest.fixture(scope="module")
def in_process(world_app: Flask) -> InProcess:
    """Give a bench on the invented world."""
    with world_app.app_context():
        return InProcess((site().directory / "current").resolve())


@pytest.fixture
def checking(use: Callable[[object], FlaskClient], in_process: InProcess) -> FlaskClient:
    """Ask an application that checks in its own process."""
    return use(in_process)


def post(
    client: FlaskClient, data: bytes = WRONG, *, path: str = "/validate", **headers: str
) -> TestResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(path, data=data, headers=TURTLE | named)


def upload(
    client: FlaskClient, *files: tuple[str, bytes], path: str = "/validate", **more: str
) -> TestResponse:
    parts = [(io.BytesIO(data), name) for name, data in files]
    return client.post(path, data={"file": parts, **more}, headers=PAGE if path == "/validate" else {})


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.suffix)
def test_every_form_is_sent_by_name_and_by_type(checking: FlaskClient, offer: object) -> None:
    chosen = next(each for each in OFFERS if each == offer)
    by_type = post(checking, Accept=chosen.media_type)
    assert (by_type.status_code, by_type.mimetype) == (200, chosen.media_type)
    for name in (chosen.suffix, chosen.aliases[0], quote(chosen.media_type, safe="")):
        by_name = post(checking, path=f"/validate?format={name}").data
        assert by_name.replace(f"format={name}&amp;".encode(), b"") == by_type.data  # links to languages


@pytest.mark.server
def test_json_is_the_report_of_the_engine(checking: FlaskClient, in_process: InProcess) -> None:
    given = Given("my.ttl", WRONG, Form.TURTLE)
    report = in_process.check([given]).report
    assert not report.conforms
    answer = post(checking, path="/validate?name=my.ttl")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.get_data(as_text=True) == as_json(report)
    assert from_json(answer.get_data(as_text=True)) == report


def test_forms_agree_on_order_and_number(checking: FlaskClient) -> None:
    results = post(checking).get_json()["results"]
    rows = [*csv.DictReader(io.StringIO(post(checking, Accept="text/csv").get_data(as_text=True)))]
    sarif = post(checking, Accept="application/sarif+json").get_json(force=True)["runs"][0]["results"]
    lines = [each["place"]["line"] for each in results]
    assert len(lines) > 1
    assert [int(row["line"]) for row in rows] == lines
    assert [each["locations"][0]["physicalLocation"]["region"]["startLine"] for each in sarif] == lines


def test_an_answer_is_never_kept(checking: FlaskClient) -> None:
    answer = post(checking)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    assert "text/turtle" in answer.headers["Accept-Post"]
    assert answer.headers["GCM-Version"]


def test_several_files_are_checked_at_once(checking: FlaskClient) -> None:
    files = [("broken.ttl", b"<a> <b> ."), ("my.ttl", WRONG), ("my.ttl", WRONG), ("odd", b"\x00\x01")]
    results = upload(checking, *files, path="/validate?format=json").get_json()["results"]
    names = {each["place"]["file"] for each in results}
    assert names == {"broken.ttl", "my.ttl", "my (2).ttl", "odd"}
    assert {each["source"] for each in results if each["place"]["file"] in ("broken.ttl", "odd")} == {
        "syntax"
    }


@pytest.mark.server
def test_options_are_understood(checking: FlaskClient) -> None:
    strict = post(checking, b"").status_code
    assert strict == 400
    draft = post(checking, path="/validate?profile=draft").get_json()["counts"]
    full = post(checking).get_json()["counts"]
    assert draft["violation"] <= full["violation"]
    only = post(checking, path="/validate?shape=gcms:Thing-date").get_json()["results"]
    assert {each["source"] for each in only} == {"https://w3id.org/gcm/shapes/Thing-date"}
    none = post(checking, path="/validate?node=place:ZZA").get_json()
    assert none["results"] == []


def test_file_that_came_as_a_form_is_told_so(checking: FlaskClient) -> None:
    """As `curl --data-binary @my.ttl` sends it, without a header."""
    answer = checking.post(
        "/validate", data=WRONG, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 400
    assert "say its type" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("path", "data", "headers", "status", "kind"),
    [
        ("/validate", b" \n", {}, 400, "mistake"),
        ("/validate?profile=loose", WRONG, {}, 400, "mistake"),
        ("/validate?node=a%20b", WRONG, {}, 400, "mistake"),
        ("/validate?as=unicorn", WRONG, {}, 400, "mistake"),
        ("/validate?shape=no-such-check", WRONG, {}, 400, "mistake"),
        ("/validate?format=docx", WRONG, {}, 406, "not-acceptable"),
        ("/validate", WRONG, {"Accept": "image/png"}, 406, "not-acceptable"),
        ("/validate", WRONG, {"Content-Type": "image/png"}, 415, "body-type"),
        ("/validate", WRONG, {"Content-Type": "text/turtle; charset=latin-1"}, 415, "body-type"),
        ("/validate", WRONG, {"Content-Encoding": "gzip"}, 415, "body-type"),
        ("/validate", b"\x00\x01", {"Content-Type": "application/octet-stream"}, 415, "body-type"),
    ],
)
def test_what_cannot_be_checked_is_told(
    checking: FlaskClient, path: str, data: bytes, headers: dict[str, str], status: int, kind: str
) -> None:
    answer = checking.post(path, data=data, headers=TURTLE | headers)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.get_json()["type"].endswith(f"#{kind}")


@pytest.mark.parametrize(
    ("limit", "status"),
    [("validation_seconds", 503), ("validation_memory_bytes", 503), ("waiting_validations", 503)],
)
def test_a_limit_that_bites_is_named(use: Callable[[object], FlaskClient], limit: str, status: int) -> None:
    client = use(Failing(LimitError("Too much.", limit=limit)))
    answer = post(client)
    assert (answer.status_code, answer.get_json()["limit"]) == (status, limit)
    page = upload(client, ("my.ttl", b""), text="typed & kept", profile="draft")
    assert page.status_code == status
    shown = page.get_data(as_text=True)
    assert "typed &amp; kept</textarea>" in shown
    assert 'value="draft" selected' in shown


def test_a_body_that_is_too_large_is_413(world_app: Flask) -> None:
    with world_app.app_context():
        small = create_app(site().directory, limits=Limits(upload_bytes=1000, body_bytes=100)).test_client()
    answer = post(small, b"#" * 1001)
    assert (answer.status_code, answer.get_json()["limit"]) == (413, "upload_bytes")
    assert upload(small, ("a.ttl", b"#" * 1001)).status_code == 413
    query = small.post("/sparql", data={"query": "#" * 101})
    assert (query.status_code, query.get_json()["limit"]) == (413, "body_bytes")


def test_tables_are_given_their_kind(use: Callable[[object], FlaskClient]) -> None:
    seen: list[Given] = []

    class Seer(Speller):
        def check(self, given, **named):  # type: ignore[no-untyped-def]  # as its parent
            seen.extend(given)
            return super().check(given, **named)

    client = use(Seer())
    client.post("/validate?as=pledge&header=x", data=b"a,b\n1,2", headers={"Content-Type": "text/csv"})
    assert seen[0].about is not None
    assert (seen[0].form, seen[0].about.kind, seen[0].about.header) == (Form.CSV, "pledge", "x")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("voluntary-report", 200),  # as the template is called
        ("report", 200),  # as addresses have it
        ("state", 200),
        ("curator", 200),  # a table of what is there, if nobody proposes it
        ("place", 200),
        ("unicorn", 400),
    ],
)
def test_rows_are_of_any_class_that_has_a_template(client: FlaskClient, kind: str, status: int) -> None:
    answer = client.post(f"/validate?as={kind}", data=b"a,b\n1,2", headers={"Content-Type": "text/csv"})
    assert answer.status_code == status


def test_classes_are_called_by_their_names_in_the_form(client: FlaskClient) -> None:
    page = client.get("/validate?lang=fr", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert '<option value="voluntary-report">Rapport volontaire</option>' in page
    assert 'value="curator"' not in page


def test_the_header_is_asked_for_where_a_table_is(client: FlaskClient) -> None:
    for data, media_type, is_open in ((b"a,b\n1,2", "text/csv", True), (WRONG, "text/turtle", False)):
        answer = client.post(
            "/validate", data=data, headers={"Content-Type": media_type, "Accept": "text/html"}
        )
        assert ('<details class="header" open>' in answer.get_data(as_text=True)) == is_open


# The page


def fields(answer: TestResponse) -> dict[str, list[str]]:
    """Read what a browser would send back: the hidden fields, the text areas, and the buttons by name."""
    shown = answer.get_data(as_text=True)
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="([^"]*)" value="([^"]*)"', shown):
        found.setdefault(name, []).append(unescape(value))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n(.*?)</textarea>', shown, re.DOTALL):
        found[name] = [unescape(text).replace("\r\n", "\n").replace("\n", "\r\n")]
    return found


def press(client: FlaskClient, page: TestResponse, **button: str) -> TestResponse:
    """Send the form of a page back, as a browser does that knows no script."""
    sent = fields(page)
    kept = {name: values for name, values in sent.items() if name == "kept" or name.startswith("edited-")}
    return client.post("/validate", data={**kept, **button}, headers=PAGE)


@pytest.fixture
def speller(use: Callable[[object], FlaskClient]) -> FlaskClient:
    """Ask an application that knows one rule, with fixes."""
    return use(Speller())


def test_page_shows_findings_at_their_lines(speller: FlaskClient) -> None:
    shown = upload(speller, ("my.ttl", SPELT)).get_data(as_text=True)
    assert ">2</span> &lt;http://example.org/a&gt;" in shown
    assert "<mark>ZZQ</mark>&gt; . # <mark>ZZQ</mark>" in shown
    assert "Nothing is called &lt;ZZQ&gt;." in shown
    assert "<del>ZZQ</del> → <ins>ZZA</ins>" in shown
    assert 'href="/doc/place/ZZA">Zedland</a>' in shown
    assert "<code>&#34;ZZB&#34;</code> a literal</li>" in shown


def test_a_fix_changes_its_place_and_no_other_byte(speller: FlaskClient) -> None:
    page = upload(speller, ("my.ttl", SPELT))
    first = fields(page)["fix"][1]  # the one before applies all
    after = press(speller, page, fix=first)
    assert fields(after)["kept"] == [pack(Given("my.ttl", MENDED, Form.TURTLE))]
    saved = press(speller, after, download="my.ttl")
    assert saved.data == MENDED
    assert saved.headers["Content-Disposition"] == "attachment; filename*=UTF-8''my.ttl"


def test_all_fixes_are_applied_at_once(speller: FlaskClient) -> None:
    page = upload(speller, ("my.ttl", SPELT), ("b.ttl", b"# ZZQ"))
    after = press(speller, page, fix="all")
    assert "Nothing must be mended." in after.get_data(as_text=True)
    assert press(speller, after, download="b.ttl").data == b"# ZZA"
    assert press(speller, after, download="my.ttl").data == SPELT.replace(b"ZZQ", b"ZZA")


@pytest.fixture
def table(client: FlaskClient) -> bytes:
    """Fill in the template of pledges, with a date as spreadsheets like to write it."""
    workbook = load_workbook(io.BytesIO(client.get("/template/pledge.xlsx").data))
    sheet = workbook.worksheets[0]
    columns = {cell.value: number for number, cell in enumerate(sheet[1], start=1)}
    sheet.cell(3, 1).value = "951"
    sheet.cell(3, columns["date"]).value = "31.12.2023"
    data = io.BytesIO()
    workbook.save(data)
    return data.getvalue()


@pytest.mark.parametrize("which", ["one", "all"])
def test_a_workbook_is_mended_in_its_cell(checking: FlaskClient, table: bytes, which: str) -> None:
    page = upload(checking, ("my.xlsx", table))
    cell = re.search(r"<code>(Pledge![A-Z]+3)</code> date", page.text)
    assert cell is not None
    button = next(each for each in fields(page)["fix"] if each != "all" and cell[1] in each)
    mended = press(checking, page, fix=button if which == "one" else "all")
    assert "31.12.2023" not in mended.text
    sent = press(checking, mended, download="my.xlsx")
    assert sent.mimetype == Form.XLSX.value
    sheet, name = load_workbook(io.BytesIO(sent.data)).worksheets[0], cell[1].rpartition("!")[2]
    assert sheet[name].value == "2023-12-31"
    before = load_workbook(io.BytesIO(table)).worksheets[0]
    changed = [
        each.coordinate for row in sheet for each in row if each.value != before[each.coordinate].value
    ]
    assert changed == [name]


def test_only_cells_that_the_check_would_mend_are_written(checking: FlaskClient, table: bytes) -> None:
    page = upload(checking, ("my.xlsx", table))
    made_up = json.dumps([["my.xlsx", 0, 0, "x", "Pledge!A3"]])
    answer = press(checking, page, fix=made_up)
    assert (answer.status_code, "The fix is not for this file." in answer.text) == (400, True)


def test_what_was_typed_is_not_lost_to_a_fix(speller: FlaskClient) -> None:
    page = upload(speller, text="# ZZQ\n# one\n", path="/validate")
    kept = fields(page)["kept"][0]
    sent = {"kept": kept, "edited-0": "# ZZQ\r\n# two\r\n", "fix": fields(page)["fix"][1]}
    after = speller.post("/validate", data=sent, headers=PAGE)
    shown = after.get_data(as_text=True)
    assert "You have changed the text, so the fix was not applied" in shown
    assert fields(after)["edited-0"] == ["# ZZQ\r\n# two\r\n"]
    assert press(speller, after, download="pasted.ttl").data == b"# ZZQ\n# two\n"


@pytest.mark.parametrize("form", ["json", "csv", "turtle", "sarif", "junit", "html"])
def test_reports_can_be_taken_away(speller: FlaskClient, form: str) -> None:
    page = upload(speller, ("my.ttl", SPELT))
    assert form in fields(page)["report"]
    saved = press(speller, page, report=form)
    assert saved.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''report.")
    assert b"ZZQ" in saved.data


@pytest.mark.server
def test_ten_thousand_findings_stay_usable(use: Callable[[object], FlaskClient]) -> None:
    class Many(Speller):
        def check(self, given, **named):  # type: ignore[no-untyped-def]  # as its parent
            return type(super().check(given, **named))(many(10_000))

    client = use(Many())
    page = upload(client, ("many.ttl", b"# line\n" * 10_000))
    shown = page.get_data(as_text=True)
    assert len(page.data) < 400_000
    assert "To be mended: 10,000." in shown
    assert "Page 1 of 100" in shown
    assert shown.count('<li class="violation">') == 100
    forward = [each for each in fields(page)["show"] if each.startswith("page=2")]
    second = press(client, page, show=forward[0]).get_data(as_text=True)
    assert "Page 2 of 100" in second
    assert 'id="l-1-101"' in second
    assert "99 lines" not in second  # two lines before the first are shown
    assert "98 lines" in second


def test_one_rule_or_file_can_be_looked_at(speller: FlaskClient) -> None:
    page = upload(speller, ("a.ttl", b"# ZZQ"), ("b.ttl", b"# ZZQ"))
    only = [each for each in fields(page)["show"] if "file=b.ttl" in each]
    shown = press(speller, page, show=only[0]).get_data(as_text=True)
    assert shown.count('<li class="violation">') == 1
    assert '<h2 id="sheet-1">b.ttl</h2>' in shown
    assert press(speller, page, show="page=x&rule=none").status_code == 200


@pytest.mark.parametrize(
    "word",
    [
        "%",
        "AAAA",
        b64encode(zlib.compress(b'["a", "NONE"]\n')).decode(),
        b64encode(zlib.compress(b"no json")).decode(),
        pack(Given("a.ttl", b"#" * 100, Form.TURTLE))[:-8],
    ],
)
def test_a_damaged_word_is_a_mistake(speller: FlaskClient, word: str) -> None:
    answer = speller.post("/validate?format=json", data={"kept": word})
    assert answer.status_code == 400


def test_words_cannot_swell_beyond_the_limit(world_app: Flask) -> None:
    with world_app.app_context():
        small = create_app(site().directory, limits=Limits(upload_bytes=10_000)).test_client()
    word = pack(Given("a.ttl", b"#" * 6000, Form.TURTLE))
    assert len(word) < 200
    answer = small.post("/validate?format=json", data={"kept": [word, word]})
    assert (answer.status_code, answer.get_json()["limit"]) == (413, "upload_bytes")


@pytest.mark.parametrize("fix", ["x", "[]x", "[[1]]", '[["my.ttl", "a", 0, "", null]]', "{}", "[[]]"])
def test_a_fix_that_is_none_is_a_mistake_or_nothing(speller: FlaskClient, fix: str) -> None:
    page = upload(speller, ("my.ttl", SPELT))
    answer = press(speller, page, fix=fix)
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert press(speller, answer, download="my.ttl").data == SPELT


@pytest.mark.parametrize(("tag", "words"), [("fr", "Vérifier un fichier"), ("ru", "Проверить файл")])
def test_pages_speak_the_readers_language(speller: FlaskClient, tag: str, words: str) -> None:
    for answer in (
        speller.get(f"/validate?lang={tag}"),
        speller.get(f"/validate/help?lang={tag}"),
        speller.post(f"/validate?lang={tag}", data={"text": "# ZZQ"}, headers=PAGE),
    ):
        assert words in answer.get_data(as_text=True)


def test_the_form_can_be_kept_and_says_its_limits(client: FlaskClient) -> None:
    page = client.get("/validate")
    assert (page.status_code, "16 MiB" in page.get_data(as_text=True)) == (200, True)
    assert client.get("/validate", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304


def test_the_description_names_every_body(client: FlaskClient) -> None:
    described = json.loads(client.get("/openapi.json").data)["paths"]["/validate"]["post"]
    assert {form.value for form in Form} < set(described["requestBody"]["content"])
    assert "multipart/form-data" in described["requestBody"]["content"]
    assert {offer.media_type for offer in OFFERS} <= set(described["responses"]["200"]["content"])
    assert {"400", "413", "415", "429", "503"} <= set(described["responses"])


def test_files_are_checked_for_the_newest_version_only(client: FlaskClient) -> None:
    version = client.get("/validate").headers["GCM-Version"]
    assert post(client, path=f"/version/{version}/validate").status_code == 404
    pinned = client.get(f"/version/{version}/", headers=PAGE).get_data(as_text=True)
    assert 'href="/validate"' in pinned


def test_no_page_is_made_without_a_version(tmp_path: Path) -> None:
    empty = create_app(tmp_path, limits=Limits()).test_client()
    assert post(empty).status_code == 503
