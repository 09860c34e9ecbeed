"""Proposals over HTTP: sent, read, decided, and told by problems what is wrong."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gcm.desk import Desk, Role
from gcm.vocab import DATASET
from gcm.web.uploads import body_limit
from werkzeug.test import TestResponse

from tests.desk_world import COMMITMENTS, Place, copy_place, given_with, lenient, make_small, note
from tests.served import served

pytestmark = pytest.mark.server

Members = dict[str, Any]  # Any: what JSON holds


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Build the graph once."""
    return make_small(tmp_path_factory.mktemp("api") / "pattern")


@pytest.fixture
def own(pattern: Place, tmp_path: Path) -> Desk:
    """Open a desk on a copy."""
    return copy_place(pattern, tmp_path / "place").desk(lenient)


@pytest.fixture
def app(own: Desk) -> Iterator[Flask]:
    """Serve it."""
    with served(own.folder.parent / "store", own) as made:
        yield made


class Asker:
    """A program with a token. Any: what the client takes."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"}

    def post(
        self, path: str, *, headers: dict[str, str] | None = None, **request: Any
    ) -> TestResponse:  # Any: the client's
        """Send something."""
        return self._client.post(path, headers=self._headers | (headers or {}), **request)

    def get(self, path: str, **headers: str) -> TestResponse:
        """Read something."""
        return self._client.get(path, headers=self._headers | headers)


@pytest.fixture
def one(app: Flask, own: Desk) -> Asker:
    """Ask with the right to propose."""
    return Asker(app.test_client(), own.tokens.issue("example-one", Role.PROPOSE, days=1))


@pytest.fixture
def two(app: Flask, own: Desk) -> Asker:
    """Ask with the right to decide."""
    return Asker(app.test_client(), own.tokens.issue("example-two", Role.REVIEW, days=1))


def turtle(own: Desk, text: str) -> bytes:
    return given_with(own, note(text)).data


def propose(one: Asker, own: Desk, text: str = "new") -> TestResponse:
    return one.post("/proposals?title=A+note", data=turtle(own, text), content_type="text/turtle")


def test_from_a_file_to_the_page_and_back(one: Asker, two: Asker, own: Desk, app: Flask) -> None:
    made = propose(one, own)
    assert (made.status_code, made.headers["Location"]) == (201, "/proposals/1")
    assert made.json is not None
    assert (made.json["title"], made.json["state"], made.json["by"]) == ("A note", "open", "example-one")
    assert made.json["changes"] == [
        {"dataset": COMMITMENTS.value, "added": [f"{note('new')} ."], "removed": []}
    ]
    done = two.post("/proposals/1/approve", json={"comment": "fine"})
    assert done.status_code == 200
    assert [each["act"] for each in done.json["events"]] == ["proposed", "approved", "published"]  # type: ignore[index]  # it has a body
    page = app.test_client().get("/doc/pledge/901.nt")
    assert str(note("new")).encode() in page.data
    assert page.headers["GCM-Version"] == done.json["events"][-1]["version"]  # type: ignore[index]  # it has a body
    back = one.post("/proposals/1/revert")
    assert (back.status_code, back.headers["Location"]) == (201, "/proposals/2")
    assert two.post("/proposals/2/approve").status_code == 200
    assert str(note("new")).encode() not in app.test_client().get("/doc/pledge/901.nt").data


def test_a_form_with_several_files(one: Asker, own: Desk) -> None:
    other = f'<{DATASET}other> a <http://www.w3.org/ns/dcat#Dataset> ; <http://example.org/p> "x"@en .'
    form = {
        "file": [(BytesIO(turtle(own, "a")), "a.ttl"), (BytesIO(other.encode()), "b.ttl")],
        "title": "Two files",
        "comment": "from a form",
    }
    made = one.post("/proposals", data=form, content_type="multipart/form-data")
    assert made.status_code == 201
    assert made.json is not None
    assert made.json["given"] == ["a.ttl", "b.ttl"]
    assert made.json["events"][0]["comment"] == "from a form"
    assert len(made.json["changes"]) == 2


def test_pasted_text(one: Asker, own: Desk) -> None:
    made = one.post("/proposals", data={"text": turtle(own, "pasted").decode()})
    assert made.json is not None
    assert (made.status_code, made.json["given"]) == (201, ["pasted text"])


def test_list_and_patch(one: Asker, two: Asker, own: Desk) -> None:
    propose(one, own, "a")
    propose(one, own, "b")
    two.post("/proposals/1/reject", data={"comment": "no"})
    listed: Members = one.get("/proposals.json").json or {}
    assert not listed["readOnly"]
    assert [(each["number"], each["state"]) for each in listed["proposals"]] == [(2, "open"), (1, "rejected")]
    chosen: Members = one.get("/proposals.json?state=open").json or {}
    assert [each["number"] for each in chosen["proposals"]] == [2]
    patch = one.get("/proposals/2.patch")
    assert patch.mimetype == "application/rdf-patch"
    assert patch.text == f"TX .\nA {note('b')} <{COMMITMENTS.value}> .\nTC .\n"


def test_decisions_name_what_they_are_about(one: Asker, two: Asker, own: Desk) -> None:
    propose(one, own)
    seen = two.get("/proposals/1.json").headers["ETag"]
    one.post("/proposals/1/comment", data={"comment": "wait"})
    late = two.post("/proposals/1/approve", headers={"If-Match": seen})
    assert (late.status_code, (late.json or {})["type"].partition("#")[2]) == (412, "condition")
    assert two.post("/proposals/1/approve", data={"tag": seen.strip('"')}).status_code == 412
    assert own.proposal(1).state.is_waiting
    now = two.get("/proposals/1.json").headers["ETag"]
    assert two.post("/proposals/1/approve", headers={"If-Match": now}).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/proposals/1/approve", 403, "not-allowed"),  # one's own
        ("/proposals/9/approve", 404, "no-proposal"),
        ("/proposals/1/comment", 422, "submission"),  # an empty one
        ("/proposals/1/revert", 409, "conflict"),
        ("/proposals/1/nonsense", 404, "no-address"),
    ],
)
def test_what_cannot_be_done(one: Asker, own: Desk, path: str, status: int, kind: str) -> None:
    propose(one, own)
    response = one.post(path)
    assert (response.status_code, (response.json or {})["type"].partition("#")[2]) == (status, kind)


@pytest.mark.parametrize(
    ("data", "content_type", "status", "words"),
    [
        (b"", "text/turtle", 422, "Nothing was sent"),
        (b"nonsense", "application/octet-stream", 422, "syntax cannot be told"),
    ],
)
def test_what_cannot_be_a_proposal(
    one: Asker, own: Desk, data: bytes, content_type: str, status: int, words: str
) -> None:
    response = one.post("/proposals", data=data, content_type=content_type)
    assert response.status_code == status
    assert words in (response.json or {})["detail"]
    assert own.proposals() == ()


@pytest.mark.parametrize(
    ("number", "status"), [("77", 404), ("9" * 18, 404), ("9" * 5000, 422), ("²", 422), ("-1", 422)]
)
def test_what_is_replaced_is_a_number(one: Asker, own: Desk, number: str, status: int) -> None:
    response = one.post(f"/proposals?replaces={number}", data=turtle(own, "x"), content_type="text/turtle")
    assert response.status_code == status
    assert own.proposals() == ()


def test_a_comment_in_json_is_a_text(one: Asker, own: Desk) -> None:
    propose(one, own)
    for sent in ({"comment": 1}, ["x"], None):
        assert one.post("/proposals/1/comment", json=sent).status_code == 422
    assert one.post("/proposals/1/comment", json={"comment": "yes"}).status_code == 200


def test_browsers_are_sent_to_the_page(one: Asker, own: Desk) -> None:
    propose(one, own)
    page = {"Accept": "text/html,*/*;q=0.8"}
    done = one.post("/proposals/1/comment", data={"comment": "yes"}, headers=page)
    assert (done.status_code, done.headers["Location"]) == (303, "/proposals/1")


def test_files_may_be_larger_than_queries() -> None:
    assert body_limit("/proposals", "POST") == "upload_bytes"
    assert body_limit("/proposals/7/approve", "POST") == "body_bytes"
    assert body_limit("/proposals", "GET") == "body_bytes"


def test_a_file_over_the_limit_is_413(own: Desk) -> None:
    with served(own.folder.parent / "store", own, upload_bytes=500) as app:
        one = Asker(app.test_client(), own.tokens.issue("example-one", Role.PROPOSE, days=1))
        assert one.post("/proposals", data=b"x" * 501, content_type="text/turtle").status_code == 413
