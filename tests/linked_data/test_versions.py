"""Versions stay addressable: permalinks, Memento (RFC 7089), and what was removed, over three versions."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote
from weakref import ref

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gcm.query import read_manifest
from gcm.vocab import BASE, PREFIXES
from gcm.web import archive
from gcm.web.versions import site
from pyoxigraph import Literal, NamedNode, Triple
from werkzeug.http import http_date, parse_date
from werkzeug.test import TestResponse

from tests.served import served
from tests.servers import wait_until

pytestmark = pytest.mark.server

MakeVersion = Callable[[Path, str, Mapping[str, Sequence[Triple]]], Path]

TURTLE = {"Accept": "text/turtle"}
PAGE = {"Accept": "text/html"}
START = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NAMES = quote("SELECT ?name WHERE { ?s skos:prefLabel ?name } ORDER BY ?name")


def term(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)


def said(subject: str, name: str, *more: tuple[str, NamedNode | Literal]) -> list[Triple]:
    thing = NamedNode(BASE + subject)
    return [
        Triple(thing, term("rdf:type"), term("gcm:Document")),
        Triple(thing, term("skos:prefLabel"), Literal(name, language="en")),
        *(Triple(thing, term(predicate), value) for predicate, value in more),
    ]


FIRST = [*said("id/document/1", "One, at first"), *said("id/document/2", "Two")]
SECOND = [
    *said("id/document/1", "One, later"),
    *said("id/document/2", "Two", ("dcterms:isReplacedBy", NamedNode(BASE + "id/document/3"))),
    *said("id/document/3", "Three"),
]
THIRD = [*said("id/document/1", "One, at last"), *said("id/document/3", "Three")]
DEPRECATED = said(
    "id/document/9", "Nine",
    ("owl:deprecated", Literal(True)), ("dcterms:isReplacedBy", NamedNode(BASE + "id/document/3")),
)  # fmt: skip


def publish(
    directory: Path, make: MakeVersion, name: str, triples: Sequence[Triple], built: datetime
) -> None:
    """Make a version and say when it was built."""
    header = Triple(NamedNode(BASE + "data/one"), term("rdf:type"), term("dcat:Dataset"))
    place = make(directory, name, {"one": [header, *triples]}) / "manifest.json"
    manifest = json.loads(place.read_text("utf-8")) | {"built": built.isoformat()}
    place.write_text(json.dumps(manifest), encoding="utf-8")


@pytest.fixture
def store(tmp_path: Path, version_maker: MakeVersion) -> Path:
    """Hold the first version."""
    publish(tmp_path, version_maker, "v1", FIRST, START)
    return tmp_path


@pytest.fixture
def app(store: Path) -> Iterator[Flask]:
    with served(store) as app:
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def later(store: Path, version_maker: MakeVersion) -> Callable[[], None]:
    """Publish two more versions, one a day."""

    def publish_both() -> None:
        publish(store, version_maker, "v2", SECOND, START + DAY)
        publish(store, version_maker, "v3", [*THIRD, *DEPRECATED], START + 2 * DAY)

    return publish_both


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory, version_maker: MakeVersion) -> Iterator[FlaskClient]:
    """Ask a server of all three versions."""
    directory = tmp_path_factory.mktemp("history")
    publish(directory, version_maker, "v1", FIRST, START)
    publish(directory, version_maker, "v2", SECOND, START + DAY)
    publish(directory, version_maker, "v3", [*THIRD, *DEPRECATED], START + 2 * DAY)
    with served(directory) as app:
        yield app.test_client()


class Link(NamedTuple):
    """One element of a Link header, or of a document in link format."""

    target: str
    relations: frozenset[str]
    parameters: Mapping[str, str]


def read_links(text: str) -> list[Link]:
    """Read what RFC 8288 section 3 and RFC 6690 section 2 describe."""
    found = []
    for target, rest in re.findall(r"<([^>]*)>((?:\s*;\s*[a-z]+=\"[^\"]*\")*)", text):
        parameters = dict(re.findall(r"([a-z]+)=\"([^\"]*)\"", rest))
        found.append(Link(target, frozenset(parameters.pop("rel").split()), parameters))
    return found


def linked(reply: TestResponse, relation: str) -> list[Link]:
    return [each for each in read_links(reply.headers.get("Link", "")) if relation in each.relations]


PINNED: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("/version/v1/doc/document/1.ttl", {}),
    ("/version/v1/doc/document/1", TURTLE),
    ("/version/v1/doc/document/1", PAGE),
    ("/version/v1/doc/document/2.csv", {}),
    ("/version/v1/data/one.nq", {}),
    ("/version/v1/", PAGE),
    ("/version/v1/search?q=one", PAGE),
    (f"/version/v1/sparql?query={NAMES}", {"Accept": "text/csv"}),
    (f"/version/v1/sparql.json?query={NAMES}", {}),
)


@pytest.mark.parametrize(("path", "headers"), PINNED)
def test_a_permalink_gives_the_same_bytes_after_later_versions(
    client: FlaskClient, later: Callable[[], None], path: str, headers: Mapping[str, str]
) -> None:
    before = client.get(path, headers=headers)
    assert before.status_code == 200
    later()
    after = client.get(path, headers=headers)
    assert client.get("/limits").headers["GCM-Version"] == "v3"
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])
    assert after.headers["GCM-Version"] == "v1"
    again = client.get(path, headers={**headers, "If-None-Match": before.headers["ETag"]})
    assert again.status_code == 304


#: Prints a digest of each form of some pinned addresses, as a server process of its own answers them.
DIGESTS = """
import hashlib, sys
from pathlib import Path
from gcm.limits import Limits
from gcm.web import create_app
client = create_app(Path(sys.argv[1]), limits=Limits(worker_count=1)).test_client()
for path in sys.argv[2:]:
    for coding in ("identity", "gzip", "br", "zstd"):
        for accept in ("text/html", "text/turtle", "application/rdf+xml, application/json;q=0.5"):
            reply = client.get(path, headers={"Accept": accept, "Accept-Encoding": coding})
            fields = {name: reply.headers.get(name) for name in ("ETag", "Content-Type", "Content-Encoding")}
            print(path, coding, accept, reply.status_code, hashlib.sha256(reply.data).hexdigest(), fields)
"""


def test_a_permalink_gives_the_same_bytes_after_a_restart(
    store: Path, client: FlaskClient, version_maker: MakeVersion, later: Callable[[], None]
) -> None:
    """In every coding too; another process orders its sets in another way."""
    many = [triple for number in range(200) for triple in said(f"id/document/{number}", f"Document {number}")]
    many += [
        Triple(each.subject, term("gcm:isAbout"), NamedNode(BASE + "id/document/1"))
        for each in many[::2]
    ]  # fmt: skip
    publish(store, version_maker, "v0", many, START)
    paths = [f"/version/v0{path}" for path in ("/doc/document/1", "/doc/document/1.nq", "/data/one", "/",
                                               f"/sparql?query={NAMES}", "/search?q=document")]  # fmt: skip
    runs = []
    for seed in ("1", "2", "3"):
        command = [sys.executable, "-c", DIGESTS, str(store), *paths]
        environment = os.environ | {"PYTHONHASHSEED": seed}
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        runs.append(run.stdout)
        if seed == "1":
            later()
    assert runs[0].count(" 200 ") >= 60
    assert runs[1] == runs[0]
    assert runs[2] == runs[0]
    assert client.get("/limits").headers["GCM-Version"] == "v3"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "You are reading version <code>v1</code>, built on "),
        ("fr", "Vous lisez la version <code>v1</code>, établie le "),
        ("ru", "Вы читаете версию <code>v1</code>, созданную "),
    ],
)
def test_a_pinned_page_says_so(history: FlaskClient, language: str, words: str) -> None:
    path = f"/doc/document/1?lang={language}"
    page = history.get(f"/version/v1{path}", headers=PAGE).get_data(as_text=True)
    assert f'{words}<time datetime="2026-01-01T12:00:00+00:00">2026-01-01</time>.' in page
    assert f'<a rel="latest-version" href="{path}">' in page
    newest = history.get(path, headers=PAGE).get_data(as_text=True)
    assert 'class="pinned"' not in newest


def test_every_page_links_to_the_versions(history: FlaskClient) -> None:
    for path in ("/", "/limits", "/doc/document/1", "/questions", "/search", "/sparql", "/none", "/versions"):
        page = history.get(path, headers=PAGE).get_data(as_text=True)
        assert '<a rel="version-history" href="/versions">' in page, path
    pinned = history.get("/version/v1/limits?lang=fr", headers=PAGE).get_data(as_text=True)
    assert '<a rel="version-history" href="/versions?lang=fr">' in pinned


@pytest.mark.parametrize("back", [DAY, 5 * DAY])
def test_what_is_served_is_the_last_version_also_after_a_clock_was_set_back(
    client: FlaskClient, store: Path, version_maker: MakeVersion, later: Callable[[], None], back: timedelta
) -> None:
    """RFC 7089 sections 4.5.3 and 2.2.4: who asks for now gets what is served now."""
    later()
    publish(store, version_maker, "v4", FIRST, START + 2 * DAY - back)
    now = {"Accept-Datetime": http_date(START + 900 * DAY)}
    assert client.get("/doc/document/1", headers=now).headers["Location"] == "/version/v4/doc/document/1"
    timemap = read_links(client.get("/timemap/doc/document/1").get_data(as_text=True))
    assert [each.target[-22:-15] for each in timemap if "last" in each.relations] == ["sion/v4"]
    moments = [each.parameters["datetime"] for each in timemap if "memento" in each.relations]
    (own,) = [each for each in timemap if "self" in each.relations]
    dates = sorted(moment for each in moments if (moment := parse_date(each)))
    assert [parse_date(own.parameters[name]) for name in ("from", "until")] == [dates[0], dates[-1]]
    assert client.get("/versions.json").get_json()["versions"][0]["id"] == "v4"
    before = {"Accept-Datetime": http_date(START + DAY * 0.5)}
    assert client.get("/doc/document/1", headers=before).headers["Location"] == "/version/v1/doc/document/1"


def test_a_return_to_older_files_is_the_last_version(
    client: FlaskClient, store: Path, later: Callable[[], None]
) -> None:
    """The same files make the same version, so what is served again was built before the others."""
    later()
    link = store / "next"
    link.symlink_to(Path("versions") / "v1")
    link.replace(store / "current")
    now = {"Accept-Datetime": http_date(START + 900 * DAY)}
    assert client.get("/doc/document/1", headers=now).headers["Location"] == "/version/v1/doc/document/1"
    assert client.get("/versions.json").get_json()["versions"][0]["id"] == "v1"


def test_all_versions_answer_at_once(history: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those whose workers had to give way to others start them again."""
    monkeypatch.setattr(archive, "OLD_POOLS", 1)
    rows = [
        history.get(f"/version/{name}/sparql.csv?query={NAMES}").data for name in ("v1", "v2", "v3", "v1")
    ]
    assert rows[0] == rows[3] == b"name\r\n" + b'"One, at first"\r\nTwo\r\n'
    assert len(set(rows)) == 3
    assert history.get(f"/sparql.csv?query={NAMES}").data == rows[2]


def test_a_pinned_page_stays_in_its_version(history: FlaskClient) -> None:
    text = history.get("/version/v2/doc/document/2", headers=PAGE).get_data(as_text=True)
    assert 'href="/version/v2/doc/document/3"' in text
    outside = {each for each in re.findall(r'href="(/[^"]*)"', text) if not each.startswith("/version/v2/")}
    newest = {"/doc/document/2", "/propose", "/proposals", "/validate"}
    assert outside == newest | {
        "/versions",
        "/history",
        "/history/id/document/2",
    }  # and what is of all versions
    thing = history.get("/version/v2/id/document/2")
    assert (thing.status_code, thing.headers["Location"]) == (303, "/version/v2/doc/document/2")
    assert history.get("/version/v2/doc/document/2/").headers["Location"] == "/version/v2/doc/document/2"
    assert history.get("/version/v2").headers["Location"] == "/version/v2/"


def test_a_query_can_be_posted_to_a_version(history: FlaskClient) -> None:
    form = {"query": "SELECT (COUNT(*) AS ?n) WHERE { ?s a ?c }"}
    counts = [history.post(f"{at}/sparql.csv", data=form).data for at in ("/version/v1", "/version/v2", "")]
    assert counts == [b"n\r\n3\r\n", b"n\r\n4\r\n", b"n\r\n4\r\n"]


@pytest.mark.parametrize(
    "path", ["/version/none/", "/version/none/doc/document/1.ttl", "/version/none/sparql?query=ASK{}",
             "/version/v1/version/v1/limits", "/version/v1/versions", "/version/v1/timemap/doc/document/1"],
)  # fmt: skip
def test_an_unknown_version_is_404_with_what_is_kept(client: FlaskClient, path: str) -> None:
    reply = client.get(path, headers={"Accept": "application/json"})
    assert reply.status_code == 404
    assert client.get(path, headers=PAGE).status_code == 404
    if path.startswith("/version/none"):
        assert reply.get_json()["kept"] == ["v1"]
        assert "/versions" in reply.get_json()["detail"]


def test_a_removed_version_is_410_with_what_is_kept(
    client: FlaskClient, store: Path, later: Callable[[], None]
) -> None:
    assert client.get("/version/v1/doc/document/1.ttl").status_code == 200
    later()
    (store / "removed").write_text("v0\nv1\n")
    shutil.rmtree(store / "versions" / "v1")
    for path in ("/version/v1/doc/document/1.ttl", "/version/v0/"):
        reply = client.get(path, headers={"Accept": "application/json"})
        assert (reply.status_code, reply.get_json()["kept"]) == (410, ["v3", "v2"])
        assert "no longer kept" in reply.get_json()["detail"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/version/v1/sparql", 200),
        ("/version/none/sparql", 404),  # the version is at fault, not the method
        ("/version/v1", 405),
        ("/version/none", 405),
        ("/version/none/", 405),
    ],
)
def test_queries_are_posted_to_what_is_in_a_version(client: FlaskClient, path: str, status: int) -> None:
    reply = client.post(path, data={"query": "ASK {}"}, headers={"Accept": "application/json"})
    assert reply.status_code == status
    if status == 404:
        assert reply.get_json()["kept"] == ["v1"]
    if status == 405:
        assert "POST" not in reply.headers["Allow"]


def test_a_version_that_is_removed_while_it_is_looked_at_is_passed_over(
    client: FlaskClient, store: Path, later: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_and_lose(version: Path) -> object:
        manifest = read_manifest(version)
        if version.name == "v1":
            version.rename(store / "removing-v1")
        return manifest

    later()
    monkeypatch.setattr(archive, "read_manifest", read_and_lose)
    assert client.get("/version/v1/doc/document/1.ttl").status_code == 404
    assert client.get("/version/v2/doc/document/1.ttl").status_code == 200


def test_versions_are_listed(history: FlaskClient) -> None:
    listed = history.get("/versions.json").get_json()
    assert (listed["current"], listed["kept_versions"]) == ("v3", 10)
    assert [(each["id"], each["built"], each["triples"], each["path"]) for each in listed["versions"]] == [
        ("v3", "2026-01-03T12:00:00+00:00", 9, "/version/v3/"),
        ("v2", "2026-01-02T12:00:00+00:00", 8, "/version/v2/"),
        ("v1", "2026-01-01T12:00:00+00:00", 5, "/version/v1/"),
    ]
    page = history.get("/versions", headers=PAGE)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert page.get_data(as_text=True).count('<th scope="row">') == 3
    assert history.get("/versions", headers={"Accept": "application/json"}).get_json() == listed


def test_a_listing_changes_its_validator_with_the_versions(
    client: FlaskClient, store: Path, later: Callable[[], None]
) -> None:
    later()
    tag = client.get("/versions.json").headers["ETag"]
    assert client.get("/versions.json", headers={"If-None-Match": tag}).status_code == 304
    shutil.rmtree(store / "versions" / "v1")
    assert client.get("/versions.json", headers={"If-None-Match": tag}).status_code == 200


# RFC 7089

TIMED = ("/doc/document/1", "/doc/document/1.ttl", "/data/one", f"/sparql?query={NAMES}")


@pytest.mark.parametrize(
    ("moment", "version"),
    [
        (START - DAY, "v1"),  # section 4.5.3: before the first, the first
        (START, "v1"),
        (START + DAY / 2, "v1"),
        (START + DAY, "v2"),
        (START + DAY * 1.9, "v2"),
        (START + DAY * 2, "v3"),
        (START + DAY * 900, "v3"),  # and after the last, the last
    ],
)
@pytest.mark.parametrize("path", TIMED)
def test_a_document_is_its_own_timegate(
    history: FlaskClient, path: str, moment: datetime, version: str
) -> None:
    """Section 4.1.1: 302, Vary, the original, no Memento-Datetime."""
    reply = history.get(path, headers={"Accept-Datetime": http_date(moment), "Accept": "*/*"})
    assert (reply.status_code, reply.headers["Location"]) == (302, f"/version/{version}{path}")
    assert "accept-datetime" in reply.headers["Vary"].lower()
    assert "Memento-Datetime" not in reply.headers
    assert [each.target for each in linked(reply, "original")] == [path]
    assert [each.target for each in linked(reply, "timemap")] == [f"/timemap{path}"]
    assert history.get(reply.headers["Location"]).headers["GCM-Version"] == version


@pytest.mark.parametrize("path", TIMED)
def test_a_memento_says_of_which_moment_it_is(history: FlaskClient, path: str) -> None:
    """Sections 2.1.1 and 2.2: Memento-Datetime and the links to its neighbours."""
    reply = history.get(f"/version/v2{path}")
    assert reply.headers["Memento-Datetime"] == "Fri, 02 Jan 2026 12:00:00 GMT"
    for relation in ("original", "timegate"):
        assert [each.target for each in linked(reply, relation)] == [path]
    found = {
        each.target: (set(each.relations), each.parameters["datetime"]) for each in linked(reply, "memento")
    }
    assert found == {
        f"/version/v1{path}": ({"first", "prev", "memento"}, http_date(START)),
        f"/version/v3{path}": ({"last", "next", "memento"}, http_date(START + 2 * DAY)),
    }
    again = history.get(f"/version/v2{path}", headers={"If-None-Match": reply.headers["ETag"]})
    assert (again.status_code, again.headers["Memento-Datetime"]) == (304, reply.headers["Memento-Datetime"])
    ignored = history.get(f"/version/v2{path}", headers={"Accept-Datetime": http_date(START)})
    assert ignored.status_code == 200  # section 4.5.1: a memento never negotiates


@pytest.mark.parametrize("path", TIMED)
def test_the_original_names_its_timegate(client: FlaskClient, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 200
    assert "accept-datetime" in reply.headers["Vary"].lower()
    assert "Memento-Datetime" not in reply.headers
    assert [each.target for each in linked(reply, "timegate")] == [path]
    assert [each.target for each in linked(reply, "timemap")] == [f"/timemap{path}"]


@pytest.mark.parametrize("path", TIMED)
def test_a_timemap_lists_every_memento(history: FlaskClient, path: str) -> None:
    """Section 5."""
    reply = history.get(f"/timemap{path}")
    assert (reply.status_code, reply.mimetype) == (200, "application/link-format")
    links = read_links(reply.get_data(as_text=True))
    assert all(each.target.startswith("http://localhost/") for each in links)
    assert [each.target for each in links if "original" in each.relations] == [f"http://localhost{path}"]
    (own,) = [each for each in links if "self" in each.relations]
    assert own.parameters["from"] == http_date(START)
    assert own.parameters["until"] == http_date(START + 2 * DAY)
    mementos = [each for each in links if "memento" in each.relations]
    assert [each.target for each in mementos] == [f"http://localhost/version/v{n}{path}" for n in (1, 2, 3)]
    assert [each.relations - {"memento"} for each in mementos] == [{"first"}, set(), {"last"}]
    for each in mementos:
        got = history.get(each.target.removeprefix("http://localhost"))
        assert got.headers["Memento-Datetime"] == each.parameters["datetime"]


def test_only_versions_that_hold_a_document_are_its_mementos(history: FlaskClient) -> None:
    links = read_links(history.get("/timemap/doc/document/2").get_data(as_text=True))
    assert [each.target[-18:-15] for each in links if "memento" in each.relations] == ["/v1", "/v2"]
    now = history.get("/doc/document/2", headers={"Accept-Datetime": http_date(START + 5 * DAY)})
    assert now.headers["Location"] == "/version/v2/doc/document/2"
    assert history.get("/timemap/doc/document/77").status_code == 404
    assert history.get("/timemap/limits").status_code == 404
    assert history.get("/timemap/none").status_code == 404


@pytest.mark.parametrize("text", ["", "yesterday", "2026-01-01", "Thu, 99 Jan 2026 12:00:00 GMT", "0"])
def test_what_is_no_moment_is_400(history: FlaskClient, text: str) -> None:
    """Section 4.5.2."""
    reply = history.get("/doc/document/1", headers={"Accept-Datetime": text, "Accept": "application/json"})
    assert (reply.status_code, "Accept-Datetime" in reply.get_json()["detail"]) == (400, True)


def test_other_addresses_have_no_moment(client: FlaskClient) -> None:
    for path in ("/limits", "/id/document/1", "/none", "/versions"):
        reply = client.get(path, headers={"Accept-Datetime": http_date(START)})
        assert reply.status_code in {200, 303, 404}
        assert "timegate" not in reply.headers.get("Link", "")


# What was removed


@pytest.mark.parametrize("path", ["/doc/document/2", "/doc/document/2.ttl", "/id/document/2"])
def test_a_removed_thing_is_410_with_its_last_version_and_successor(
    client: FlaskClient, later: Callable[[], None], path: str
) -> None:
    """RFC 9110 section 15.5.11: two versions had it, the last one is named."""
    assert client.get(path).status_code in {200, 303}
    later()
    reply = client.get(path, headers={"Accept": "application/json"})
    assert reply.status_code == 410
    told = reply.get_json()
    assert told["permalink"] == f"/version/v2{path}"
    assert told["successor"] == f"{BASE}id/document/3"
    assert "after version v2" in told["detail"]
    assert [each.target for each in linked(reply, "successor-version")] == [f"{BASE}id/document/3"]
    assert client.get(told["permalink"]).status_code in {200, 303}
    assert client.get(path, headers=PAGE).status_code == 410
    assert client.get(f"/version/v3{path}").status_code == 404  # that version stays as it was


def test_what_never_was_is_404(history: FlaskClient) -> None:
    for path in ("/doc/document/77", "/id/document/77", "/doc/document/2.exe", "/ontology/none"):
        assert history.get(path).status_code == 404


def test_a_deprecated_thing_names_its_successor(history: FlaskClient) -> None:
    for headers in (PAGE, TURTLE):
        reply = history.get("/doc/document/9", headers=headers)
        assert reply.status_code == 200
        assert [each.target for each in linked(reply, "successor-version")] == [f"{BASE}id/document/3"]
        assert b"document/3" in reply.data or b"document:3" in reply.data
    assert linked(history.get("/doc/document/1"), "successor-version") == []


def test_old_version_that_nobody_asks_for_is_closed(
    tmp_path: Path, version_maker: MakeVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its store, its graph and its workers end; asked again, it is opened again."""
    for number, name in enumerate(("v1", "v2", "v3")):
        publish(tmp_path, version_maker, name, FIRST, START + number * DAY)
    now = 1000.0
    monkeypatch.setattr(archive, "monotonic", lambda: now)
    with served(tmp_path) as app, app.test_request_context():
        old = ref(site().kept("v1"))
        now += archive.IDLE_SECONDS + 1
        assert old() is not None
        recent = ref(site().kept("v2"))
        assert (old(), recent() is None) == (None, False)
        assert site().kept("v1").version.id == "v1"


def test_version_that_is_no_longer_served_is_freed(tmp_path: Path, version_maker: MakeVersion) -> None:
    """After the last request on it, whatever was remembered of it."""
    publish(tmp_path, version_maker, "v1", FIRST, START)
    with served(tmp_path) as app:
        client = app.test_client()
        assert client.get("/doc/document/1", headers=PAGE).status_code == 200
        with app.app_context():
            old = ref(site().newest().graph)
        publish(tmp_path, version_maker, "v2", SECOND, START + DAY)
        assert client.get("/doc/document/1", headers=PAGE).headers["GCM-Version"] == "v2"
        wait_until(lambda: old() is None)
