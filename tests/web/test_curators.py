"""Who acts: tokens in headers, sessions in browsers, and what other sites cannot do with them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gcm.desk import Desk, Role
from gcm.errors import LimitError
from gcm.web import sessions
from gcm.web.attempts import Attempts
from gcm.web.curators import COOKIE

from tests.desk_world import ONE, Place, add_note, lenient, make_small
from tests.served import served


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Give folders with a desk."""
    return make_small(tmp_path_factory.mktemp("curators") / "place")


@pytest.fixture(scope="module")
def own(place: Place) -> Desk:
    """Open the desk."""
    return place.desk(lenient)


@pytest.fixture(scope="module")
def tokens(own: Desk) -> dict[str, str]:
    """Make a token for each of two handles."""
    return {
        "one": own.tokens.issue("example-one", Role.PROPOSE, days=1),
        "two": own.tokens.issue("example-two", Role.REVIEW, days=1),
    }


@pytest.fixture
def app(place: Place, own: Desk, tokens: dict[str, str]) -> Iterator[Flask]:
    """Serve with the desk; each test has attempts of its own."""
    assert tokens
    with served(place.store, own) as made:
        yield made


@pytest.fixture
def asker(app: Flask) -> FlaskClient:
    """Ask as a browser does: it keeps cookies."""
    return app.test_client()


def sign_in(asker: FlaskClient, token: str) -> str:
    """Sign in, and give what forms carry then."""
    response = asker.post("/sign-in", data={"token": token}, headers={"Origin": "http://localhost"})
    assert (response.status_code, response.headers["Location"]) == (303, "/proposals")
    cookie = asker.get_cookie(COOKIE)
    assert cookie is not None
    session = sessions.read(cookie.value, key=asker.application.extensions["gcm.desk"].secret(), now=0)
    assert session is not None
    return sessions.form_token(session, key=asker.application.extensions["gcm.desk"].secret())


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_cookie_is_for_this_site_and_no_script(asker: FlaskClient, tokens: dict[str, str]) -> None:
    response = asker.post("/sign-in", data={"token": tokens["one"]})
    (cookie,) = response.headers.getlist("Set-Cookie")
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=28800"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    secure = asker.post("/sign-in", data={"token": tokens["one"]}, base_url="https://localhost")
    assert "Secure" in secure.headers["Set-Cookie"]


def test_signing_out_ends_the_session(asker: FlaskClient, tokens: dict[str, str]) -> None:
    sign_in(asker, tokens["one"])
    assert b"example-one" in asker.get("/sign-in").data
    assert asker.post("/sign-out").status_code == 303
    assert b"example-one" not in asker.get("/sign-in").data


def test_a_wrong_token_is_told_and_not_repeated(asker: FlaskClient) -> None:
    response = asker.post("/sign-in", data={"token": "gcm_wrong"})
    assert response.status_code == 401
    assert b"opens nothing" in response.data
    assert b"gcm_wrong" not in response.data
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "header", ["Bearer gcm_wrong", "Basic b25lOnR3bw==", "Bearer", "Bearer \u00e9", "bearer  "]
)
def test_a_header_that_opens_nothing_is_401(asker: FlaskClient, header: str) -> None:
    response = asker.post("/proposals", data=b"x", headers={"Authorization": header})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="proposals"'
    assert response.get_json()["type"].endswith("#sign-in")


def test_without_a_token_nothing_is_changed(asker: FlaskClient) -> None:
    for path in ("/proposals", "/proposals/1/approve", "/proposals/1/comment"):
        assert asker.post(path, data={"comment": "x"}).status_code == 401


@pytest.mark.parametrize(
    ("headers", "with_token", "status"),
    [
        ({"Origin": "http://localhost"}, True, 422),  # let through; then the comment is found to be empty
        ({}, True, 422),  # old browsers send no Origin
        ({"Origin": "http://localhost"}, False, 403),
        ({"Origin": "http://evil.example"}, True, 403),
        ({"Origin": "null"}, True, 403),
        ({"Sec-Fetch-Site": "cross-site"}, True, 403),
    ],
)
def test_forms_of_other_sites_change_nothing(
    asker: FlaskClient,
    own: Desk,
    tokens: dict[str, str],
    headers: dict[str, str],
    with_token: bool,
    status: int,
) -> None:
    if not own.proposals():
        own.propose_statements(ONE, add_note("for comments"))
    token = sign_in(asker, tokens["one"])
    form = {"form_token": token} if with_token else {"form_token": "x" * len(token)}
    assert asker.post("/proposals/1/comment", data=form, headers=headers).status_code == status


def test_other_sites_cannot_sign_in(asker: FlaskClient, tokens: dict[str, str]) -> None:
    response = asker.post(
        "/sign-in", data={"token": tokens["one"]}, headers={"Origin": "http://evil.example"}
    )
    assert response.status_code == 403
    assert "Set-Cookie" not in response.headers


def test_cookies_that_we_did_not_write_open_nothing(
    asker: FlaskClient, own: Desk, tokens: dict[str, str]
) -> None:
    sign_in(asker, tokens["two"])
    cookie = asker.get_cookie(COOKIE)
    assert cookie is not None
    body, _, signature = cookie.value.partition(".")
    session = sessions.begin(own.tokens.all()[1].name, expires=9e12)
    forged = sessions.write(session, key=b"another key")
    for value in (f"{body}x.{signature}", f"{body}.{signature[:-2]}aa", forged, "x", "", ".", "\u00e9.x"):
        asker.set_cookie(COOKIE, value)
        assert b"example-two" not in asker.get("/sign-in").data, value


def test_sessions_end(own: Desk) -> None:
    session = sessions.begin("name", expires=100.0)
    written = sessions.write(session, key=own.secret())
    assert sessions.read(written, key=own.secret(), now=99.0) == session
    assert sessions.read(written, key=own.secret(), now=100.0) is None


def test_revoking_a_token_ends_its_sessions(asker: FlaskClient, own: Desk) -> None:
    sign_in(asker, own.tokens.issue("example-five", Role.REVIEW, days=1))
    assert b"example-five" in asker.get("/sign-in").data
    own.tokens.revoke("example-five")
    assert b"example-five" not in asker.get("/sign-in").data


def test_trying_tokens_is_limited_by_client(asker: FlaskClient, tokens: dict[str, str]) -> None:
    statuses = [asker.post("/sign-in", data={"token": f"gcm_{each}"}).status_code for each in range(11)]
    assert statuses == [401] * 10 + [429]
    refused = asker.post("/proposals", headers=bearer(tokens["one"]))
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert refused.get_json()["limit"] == "sign_in_attempts"
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert (
        asker.get("/proposals.json", headers=bearer(tokens["one"]), environ_overrides=elsewhere).status_code
        == 200
    )


def test_attempts_are_forgotten_after_a_minute() -> None:
    now = [0.0]
    attempts = Attempts(2, now=lambda: now[0])
    for _ in range(2):
        attempts.refuse_more("a")
        attempts.note("a")
    with pytest.raises(LimitError):
        attempts.refuse_more("a")
    attempts.refuse_more("b")
    now[0] = 60.0
    attempts.refuse_more("a")


@pytest.mark.parametrize(
    "path", ["/proposals", "/proposals/1", "/sign-in", "/proposals.json", "/proposals/99"]
)
def test_answers_to_curators_are_never_kept(asker: FlaskClient, tokens: dict[str, str], path: str) -> None:
    for headers in (bearer(tokens["one"]), {}):
        response = asker.get(path, headers=headers)
        assert response.headers["Cache-Control"] == "no-store"
        assert {"Authorization", "Cookie"} <= set(response.vary)


def test_without_tokens_the_server_says_that_it_only_reads(place: Place, tmp_path: Path) -> None:
    bare = Place(tmp_path / "bare")
    nobody = Desk(bare.folder, sources=place.sources, store=place.store, data=place.data, check=lenient)
    for own in (None, nobody):
        with served(place.store, own) as app:
            asker = app.test_client()
            assert asker.get("/proposals.json").get_json() == {"readOnly": True, "proposals": []}
            refused = asker.post("/proposals", data=b"x", headers=bearer("gcm_x"))
            assert (refused.status_code, refused.get_json()["type"].partition("#")[2]) == (403, "no-curators")
            assert b"read-only" in asker.get("/sign-in").data
            assert asker.post("/sign-in", data={"token": "x"}).status_code == 403
    assert not bare.folder.exists()


def test_tokens_are_in_no_file_and_no_page(asker: FlaskClient, own: Desk, tokens: dict[str, str]) -> None:
    sign_in(asker, tokens["one"])
    pages = [
        asker.get(path).data for path in ("/sign-in", "/proposals.json", "/proposals/1.json", "/metrics")
    ]
    files = [path.read_bytes() for path in own.folder.rglob("*") if path.is_file()]
    assert files
    for token in tokens.values():
        assert not [each for each in (*pages, *files) if token.encode() in each]
    assert (own.folder / "tokens.json").stat().st_mode & 0o77 == 0
    assert (own.folder / "key").stat().st_mode & 0o77 == 0
