"""Forms that are checked and sent: by the real validation, to a real desk over a copy of the world."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gcm.desk import Desk, Role, State
from gcm.vocab import shorten
from pyoxigraph import NamedNode
from werkzeug.test import TestResponse

from tests.desk_world import Place, make_world
from tests.form_reader import typed_in
from tests.served import served

pytestmark = pytest.mark.server

HTML = {"Accept": "text/html"}

#: A pledge in which there is nothing to mend.
GOOD = {
    "skos:prefLabel.0": "Check examples",
    "skos:prefLabel.0.lang": "en",
    "gcm:objectivesKnown.0": "gcm:NoneKnown",
    "gcm:isMadeBy.0": "Samplia",
    "dataset": "gcmd:world-commitments",
    "passage@gcm:locator.0": "row 2",
    "passage@gcm:locator.0.lang": "en",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Copy the world."""
    return make_world(tmp_path_factory.mktemp("forms") / "place")


@pytest.fixture(scope="module")
def own(place: Place) -> Desk:
    """Open a desk that really validates, for which somebody has a token."""
    found = place.desk()
    found.tokens.issue("example-two", Role.REVIEW, days=1)
    return found


@pytest.fixture(scope="module")
def app(place: Place, own: Desk) -> Iterator[Flask]:
    """Serve with the desk."""
    with served(place.store, own) as made:
        yield made


@pytest.fixture
def curator(app: Flask, own: Desk) -> FlaskClient:
    """Sign in, as a browser does."""
    client = app.test_client()
    token = own.tokens.issue("example-one", Role.PROPOSE, days=1)
    assert client.post("/sign-in", data={"token": token}).status_code == 303
    return client


def send(
    client: FlaskClient, typed: dict[str, str], path: str = "/propose/pledge", **more: str
) -> TestResponse:
    """Open the form, type, and send what the page holds beside: the tokens that forms carry."""
    page = client.get(path, headers=HTML).get_data(as_text=True)
    hidden = re.findall(r'<input type="hidden" name="(form_token|seen)" value="([^"]*)">', page)
    return client.post(path, data={**dict(hidden), "do": "send", **typed, **more}, headers=HTML)


def said_in(response: TestResponse, key: str) -> list[str]:
    """Give the messages beside an input or a field."""
    found = re.search(
        rf'<ul class="said" id="{key}-said"[^>]*>(.*?)</ul>', response.get_data(as_text=True), re.DOTALL
    )
    return re.findall(r"<li[^>]*>(.*?)</li>", unescape(found[1])) if found else []


def changes_of(own: Desk, number: int) -> tuple[set[str], set[str]]:
    """Give what comes and goes by a proposal."""
    (change,) = own.proposal(number).changes
    return {_short(str(each)) for each in change.added}, {_short(str(each)) for each in change.removed}


def _short(statement: str) -> str:
    for name, start in (("id:", "https://w3id.org/gcm/id/"), ("gcm:", "https://w3id.org/gcm/ontology/")):
        statement = re.sub(rf"<{start}([^>]*)>", rf"{name}\1", statement)
    return re.sub(r"<[^>]*[/#]([^>/#]*)>", r"\1", statement)


@pytest.mark.parametrize(
    ("typed", "key", "message"),
    [
        ({"schema:currency.0": "Euro"}, "f-schema-currency-0", "currency"),
        ({"skos:prefLabel.0": ""}, "f-skos-prefLabel", "name"),
        ({"gcm:amount.0": "-5"}, "f-gcm-amount-0", "sum"),
        ({"gcm:objectivesKnown.0": ""}, "f-gcm-objectivesKnown", "Say how much"),
    ],
)
def test_what_the_shapes_say_stands_beside_its_field(
    app: Flask, typed: dict[str, str], key: str, message: str
) -> None:
    response = app.test_client().post("/propose/pledge", data={**GOOD, "do": "check", **typed}, headers=HTML)
    assert response.status_code == 422
    assert any(message in each for each in said_in(response, key)), said_in(response, key)


def test_all_mistakes_are_told_at_once(app: Flask) -> None:
    wrong = {"gcm:isMadeBy.0": "Nowhere", "dcterms:date.0": "soon", "schema:currency.0": "Euro"}
    response = app.test_client().post("/propose/pledge", data={**GOOD, "do": "check", **wrong}, headers=HTML)
    links = re.findall(r'<li><a href="#([^"]+)">', response.get_data(as_text=True))
    assert links == ["f-gcm-isMadeBy-0", "f-dcterms-date-0", "f-schema-currency-0"]


@pytest.mark.parametrize(
    ("dataset", "missing"),
    [
        ("", ["f-dataset-0"]),
        (
            "new",
            [
                "f-dataset-name-0",
                "f-document-skos-prefLabel-0",
                "f-document-foaf-page-0",
                "f-document-dcterms-publisher-0",
                "f-dataset-dcterms-description-0",
                "f-dataset-gcm-readOn-0",
            ],
        ),
    ],
)
def test_mistakes_are_told_before_a_source_is_chosen(app: Flask, dataset: str, missing: list[str]) -> None:
    typed = {"do": "check", "dataset": dataset, "gcm:amount.0": "-5"}
    response = app.test_client().post("/propose/pledge", data=typed, headers=HTML)
    links = re.findall(r'<li><a href="#([^"]+)">', response.get_data(as_text=True))
    own = ["f-skos-prefLabel-0", "f-gcm-objectivesKnown-0", "f-gcm-isMadeBy-0", "f-gcm-amount-0"]
    assert set(links) == {*own, *missing}
    (said,) = said_in(response, "f-gcm-isMadeBy")
    assert said.startswith("This field is empty. Name at least one actor")


def test_a_missing_address_is_told_where_no_field_is_for_it(app: Flask) -> None:
    typed = GOOD | {"do": "check", "gcm:isMadeTo.0": "fund:901", "gcm:isMadeBy.1": "Exampleland"}
    two = app.test_client().post("/propose/contribution", data=typed, headers=HTML)
    assert two.status_code == 422
    assert "The address cannot be made yet" in two.get_data(as_text=True)
    one = app.test_client().post("/propose/contribution", data=typed | {"gcm:isMadeBy.0": ""}, headers=HTML)
    page = one.get_data(as_text=True)
    assert "There is contribution:ZZA already." in page
    assert '<a href="/doc/contribution/ZZA">' in page


def test_what_was_found_right_can_be_sent_at_once(app: Flask, curator: FlaskClient) -> None:
    button = '<button form="proposal" name="do" value="send">'
    for client, count in ((curator, 1), (app.test_client(), 0)):
        response = client.post("/propose/pledge", data=GOOD | {"do": "check"}, headers=HTML)
        assert response.get_data(as_text=True).count(button) == count


def test_what_would_change_is_in_the_order_of_the_form(app: Flask) -> None:
    response = app.test_client().post("/propose/pledge", data=GOOD | {"do": "check"}, headers=HTML)
    names = re.findall(r"<li><strong>(.*?)</strong>", response.get_data(as_text=True))
    assert names == ["type", "name", "has objectives known", "is made by", "source"]


def test_what_is_misspelt_is_not_missed(app: Flask) -> None:
    typed = GOOD | {
        "do": "check",
        "gcm:isAbout.0": "vulnerabilities",
        "gcm:objectivesKnown.0": "gcm:AllKnown",
    }
    response = app.test_client().post("/propose/pledge", data=typed, headers=HTML)
    links = re.findall(r'<li><a href="#([^"]+)">', response.get_data(as_text=True))
    assert links == ["f-gcm-isAbout-0"]  # and not that no objective is named


def test_who_is_not_signed_in_loses_nothing(app: Flask, own: Desk) -> None:
    before = len(own.proposals())
    response = app.test_client().post("/propose/pledge", data={**GOOD, "do": "send"}, headers=HTML)
    page = unescape(response.get_data(as_text=True))
    assert response.status_code == 401
    assert "sign in" in page
    assert 'value="Check examples"' in page
    assert len(own.proposals()) == before


def test_a_form_becomes_a_proposal(curator: FlaskClient, own: Desk) -> None:
    response = send(curator, GOOD, comment="As the register says.")
    number = own.proposals()[0].number
    assert (response.status_code, response.headers["Location"]) == (303, f"/proposals/{number}")
    proposal = own.proposal(number)
    assert (proposal.state, proposal.by) == (State.OPEN, "example-one")
    assert proposal.title == "Pledge: Check examples"
    assert proposal.events[0].comment == "As the register says."
    (pledge,) = proposal.new
    local = shorten(pledge).replace("pledge:", "id:pledge/")
    assert changes_of(own, number) == (
        {
            f"{local} type gcm:Pledge",
            f"{local} gcm:isMadeBy id:place/ZZB",
            f"{local} gcm:objectivesKnown gcm:NoneKnown",
            f"{local} wasDerivedFrom id:passage/905.2",
            f'{local} prefLabel "Check examples"@en',
        },
        set(),
    )


def test_the_next_proposal_takes_another_address(curator: FlaskClient, own: Desk) -> None:
    taken: list[NamedNode] = []
    for name in ("One more", "And another"):
        assert send(curator, {**GOOD, "skos:prefLabel.0": name}).status_code == 303
        taken += own.proposals()[0].new
    assert len(set(taken)) == 2


def test_a_new_source_comes_with_its_dataset(curator: FlaskClient, own: Desk) -> None:
    typed = GOOD | {
        "dataset": "new",
        "dataset@name.0": "invented-gazette",
        "dataset@dcterms:description.0": "One pledge. Invented for tests.",
        "dataset@gcm:readOn.0": "20.11.2026",
        "document@skos:prefLabel.0": "Invented Gazette",
        "document@foaf:page.0": "https://example.org/gazette",
        "document@dcterms:publisher.0": "Ministry of Instances",
    }
    response = send(curator, typed)
    assert response.status_code == 303, said_of(response)
    proposal = own.proposals()[0]
    (change,) = proposal.changes
    assert (shorten(change.dataset), change.before) == ("gcmd:invented-gazette", "")
    assert proposal.report.conforms
    assert {shorten(each).partition(":")[0] for each in proposal.new} == {
        "pledge",
        "document",
        "passage",
        "gcmd",
    }


def said_of(response: TestResponse) -> list[str]:
    """Give all messages at the head of a page, for a test that fails."""
    return re.findall(r"<li>.*?</li>", response.get_data(as_text=True).partition('id="problems"')[2])


EDIT = "/propose/pledge?edit=/id/pledge/903"


def opened(client: FlaskClient) -> dict[str, str | list[str]]:
    """Give what a form that opens filled in would send."""
    return typed_in(client.get(EDIT, headers=HTML)) | {"do": "send"}


def test_a_change_is_exactly_the_difference(curator: FlaskClient, own: Desk) -> None:
    typed = opened(curator) | {"dcterms:date.0": "2023-05"}
    response = curator.post(EDIT, data=typed, headers=HTML)
    assert response.status_code == 303, said_of(response)
    number = own.proposals()[0].number
    assert changes_of(own, number) == ({'id:pledge/903 date "2023-05"^^gYearMonth'}, set())
    assert own.proposal(number).title == "Pledge: Pay for tests"


def test_sending_a_form_as_it_was_opened_proposes_nothing(curator: FlaskClient, own: Desk) -> None:
    before = len(own.proposals())
    response = curator.post(EDIT, data=opened(curator), headers=HTML)
    assert response.status_code == 422
    assert "Nothing would change" in response.get_data(as_text=True)
    assert len(own.proposals()) == before


def test_what_others_changed_meanwhile_is_told_before_it_is_overwritten(
    curator: FlaskClient, own: Desk
) -> None:
    typed = opened(curator) | {"dcterms:date.0": "2024", "seen": "0000000000000000"}
    response = curator.post(EDIT, data=typed, headers=HTML)
    page = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "Somebody has changed this" in page
    assert re.search(r'compare it with <a href="/doc/pledge/\d+">', page)
    assert 'value="2024"' in page
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen is not None
    again = curator.post(EDIT, data=typed | {"seen": seen[1]}, headers=HTML)
    assert again.status_code == 303
    assert own.proposals()[0].state is State.OPEN


def test_a_form_from_another_site_is_refused_and_loses_nothing(curator: FlaskClient, own: Desk) -> None:
    before = len(own.proposals())
    foreign = {"Origin": "https://example.org", **HTML}
    for headers, token in ((foreign, None), (HTML, "wrong")):
        typed = GOOD | {"do": "send"} | ({"form_token": token} if token else {})
        response = curator.post("/propose/pledge", data=typed, headers=headers)
        assert response.status_code == 403
        assert 'value="Check examples"' in response.get_data(as_text=True)
    assert len(own.proposals()) == before


def test_a_curator_is_offered_to_send(curator: FlaskClient) -> None:
    response = curator.get("/propose/pledge", headers=HTML)
    page = response.get_data(as_text=True)
    assert 'value="send"' in page
    assert "You are not signed in" not in page
    assert response.headers["Cache-Control"] == "no-store"


def test_files_of_the_world_are_where_they_were(place: Place) -> None:
    """Proposals live beside the graph."""
    kept = {path.name: path.read_bytes() for path in place.data.iterdir()}
    world = Path(__file__).parents[1] / "world"
    assert kept == {path.name: path.read_bytes() for path in world.iterdir()}
