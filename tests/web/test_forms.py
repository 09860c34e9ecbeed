"""Forms as pages: made from the shapes, filled in from the graph, and never losing what was typed."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from gcm.turtle import parse_triples
from pyoxigraph import Literal
from werkzeug.test import TestResponse

from tests.form_reader import Inputs, form_in

HTML = {"Accept": "text/html"}

#: Forms that curators use most.
MAIN = ("pledge", "practice", "voluntary-report", "event", "contribution")

HOSTILE = '"><script>alert(1)</script>\u202e\x07{{ 7*7 }}'


def filled(inputs: Inputs) -> dict[str, str]:
    """Give the inputs that hold something, without the languages beside them."""
    return {name: value for name, value in inputs.values if value and not name.endswith(".lang")}


def get(client: FlaskClient, path: str) -> TestResponse:
    response = client.get(path, headers=HTML)
    assert response.status_code == 200, path
    return response


def test_the_list_has_every_form_the_most_used_first(client: FlaskClient) -> None:
    page = get(client, "/propose").get_data(as_text=True)
    found = re.findall(r'href="/propose/([a-z-]+)"', page)
    assert tuple(found[:5]) == MAIN
    assert {"document", "organization", "treaty-status"} <= set(found)
    assert not {"dataset", "curator", "published-change"} & set(found)  # made with what they hold or record
    assert len(found) == len(set(found))


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
@pytest.mark.parametrize("name", MAIN)
def test_a_form_has_a_label_and_an_explanation_for_every_input(
    client: FlaskClient, name: str, language: str
) -> None:
    inputs = form_in(get(client, f"/propose/{name}?lang={language}"))
    assert len(inputs.values) > 20
    assert len(inputs.ids) == len(set(inputs.ids)), "an identifier stands twice"
    assert inputs.labels <= set(inputs.ids)
    assert set(inputs.described) <= set(inputs.ids)


def test_fields_are_grouped_named_and_ordered_by_the_shape(client: FlaskClient) -> None:
    page = unescape(get(client, "/propose/pledge?lang=fr").get_data(as_text=True))
    legends = re.findall(r'<fieldset class="group"><legend>([^<]+)</legend>', page)
    assert legends[:4] == ["Nom et code", "Contenu", "Acteurs", "Lieux"]
    names = re.findall(r'<(?:label for="[^"]+"|legend)><span lang="fr">([^<]+)</span>', page)
    assert names.index("est fait par") < names.index("est fait lors de") < names.index("date")


def test_each_page_language_has_its_own_input(client: FlaskClient) -> None:
    inputs = form_in(get(client, "/propose/pledge"))
    languages = [value for name, value in inputs.values if re.fullmatch(r"skos:prefLabel\.\d\.lang", name)]
    assert languages == ["en", "fr", "ru"]


def test_closed_sets_have_lists_to_choose_from(client: FlaskClient) -> None:
    page = get(client, "/propose/pledge").get_data(as_text=True)
    objectives = re.search(r'<datalist id="l-gcm-Objective">(.*?)</datalist>', page)
    assert objectives is not None
    assert '<option value="7 Address and reduce vulnerabilities in migration">' in objectives[1]
    assert re.search(r'<input id="f-gcm-isAbout-0"[^>]* list="l-gcm-Objective"', page)
    assert '<option value="gcm:CommonPledge">' in page
    assert '<input type="checkbox" id="f-gcm-pledgeNature-c1"' in page


def test_what_must_be_filled_in_is_marked(client: FlaskClient) -> None:
    page = get(client, "/propose/pledge").get_data(as_text=True)
    required = re.findall(r'id="(f-[^"]+)" name="[^"]+"[^>]*aria-required="true"', page)
    assert required == ["f-skos-prefLabel-0", "f-gcm-objectivesKnown-0", "f-gcm-isMadeBy-0", "f-dataset-0"]


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/propose/report", 308, "/propose/voluntary-report"),  # the kind in addresses
        ("/propose/report?lang=fr&dataset=new", 308, "/propose/voluntary-report?lang=fr&dataset=new"),
        ("/propose?edit=pledge:901", 303, "/propose/pledge?edit=pledge:901"),
        ("/propose?edit=/id/place/ZZA&lang=ru", 303, "/propose/state?edit=/id/place/ZZA&lang=ru"),
        ("/propose?edit=/id/place/NONE", 404, None),
        ("/propose?edit=gcm:NoneKnown", 404, None),  # a word of the ontology has no form
        ("/propose/dataset", 404, None),
        ("/propose/dataset?edit=/data/world-law", 200, None),
        ("/propose/nothing", 404, None),
        ("/propose/curator", 404, None),  # only publications record them
        ("/propose/published-change", 404, None),
        ("/propose/publication", 404, None),  # the same by its kind
        ("/suggest/curator?field=skos:prefLabel&q=x", 404, None),
        ("/propose/place", 200, None),  # a class of this name, beside others of this kind
        ("/propose/pledge?edit=/id/pledge/none", 404, None),
        ("/propose/pledge?edit=%3Cscript%3E", 404, None),
        ("/propose/pledge?edit=/id/pledge/901&dataset=/data/none", 404, None),
        ("/suggest/pledge?field=none&q=x", 404, None),
    ],
)
def test_addresses(client: FlaskClient, path: str, status: int, location: str | None) -> None:
    response = client.get(path, headers=HTML)
    assert (response.status_code, response.headers.get("Location")) == (status, location)


def test_colons_are_set_as_the_language_has_them(client: FlaskClient) -> None:
    for tag, words in (("en", "Template:"), ("fr", "Modèle\u00a0:"), ("ru", "Шаблон:")):
        assert words in get(client, f"/propose/pledge?lang={tag}").get_data(as_text=True)


def test_what_publications_record_leads_to_no_form(client: FlaskClient) -> None:
    for path, count in (("/doc/publication/901", 0), ("/doc/curator/example-one", 0), ("/doc/pledge/901", 1)):
        page = get(client, path).get_data(as_text=True)
        assert page.count("Propose a change") == count, path


def test_forms_are_not_part_of_old_versions(client: FlaskClient) -> None:
    version = get(client, "/propose").headers["GCM-Version"]
    assert client.get(f"/version/{version}/propose/pledge", headers=HTML).status_code == 404


def test_nobody_keeps_a_form(client: FlaskClient) -> None:
    response = get(client, "/propose/pledge")
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_who_is_not_signed_in_is_told_what_can_be_done(client: FlaskClient) -> None:
    page = unescape(get(client, "/propose/pledge").get_data(as_text=True))
    assert "You are not signed in." in page
    assert 'value="check"' in page
    assert 'value="download"' in page
    assert 'value="send"' not in page


def test_a_form_opens_filled_in_with_what_one_dataset_says(client: FlaskClient) -> None:
    response = get(client, "/propose/pledge?edit=/id/pledge/901&dataset=/data/world-commitments")
    assert (
        filled(form_in(response)).items()
        >= {
            "skos:prefLabel.0": "Count examples better",
            "gcm:isAbout.1": "7 Address and reduce vulnerabilities in migration",
            "gcm:isMadeBy.0": "ZZA Exampleland",
            "gcm:objectivesKnown.0": "gcm:AllKnown",
            "dcterms:date.0": "2022-05-19",
            "prov:wasDerivedFrom.0": "passage:905.1",
        }.items()
    )
    page = response.get_data(as_text=True)
    assert re.search(r'value="gcm:ProcessOriented" checked', page)
    assert '<a href="/doc/objective/7">' in page  # what the words mean


def test_another_dataset_says_nothing_yet(client: FlaskClient) -> None:
    response = get(client, "/propose/pledge?edit=pledge:901&dataset=gcmd:world-law")
    assert set(filled(form_in(response))) == {"do", "seen"} - {"do"}
    assert 'aria-required="true"' not in response.get_data(as_text=True)  # others say what it is


def send(client: FlaskClient, path: str, **typed: object) -> TestResponse:
    data = {name.replace("__", ":").replace("_", "."): value for name, value in typed.items()}
    return client.post(path, data=data, headers=HTML)


TYPED = {
    "skos:prefLabel.0": "Typed <b>name</b>",
    "skos:prefLabel.0.lang": "en",
    "skos:prefLabel.1": "Имя",
    "skos:prefLabel.1.lang": "uk",
    "skos:note.0": "Two\r\nlines",
    "skos:note.0.lang": "en",
    "gcm:isMadeBy.0": "exam",
    "gcm:isAbout.0": "7",
    "gcm:isAbout.1": "",
    "gcm:isAbout.2": "no such objective",
    "gcm:pledgeType.0": "gcm:CommonPledge",
    "gcm:pledgeNature.0.pick": ["gcm:Financial", "gcm:Material"],
    "dcterms:date.0": "some day",
    "dataset": "gcmd:world-law",
    "document@foaf:page.0": "nowhere",
    "comment": "please",
}


@pytest.mark.parametrize(
    "deed", [{"add": "gcm:isMadeBy"}, {"search": "gcm:isMadeBy"}, {"do": "download"}, {}]
)
def test_what_was_typed_is_never_lost(client: FlaskClient, deed: dict[str, str]) -> None:
    response = client.post("/propose/pledge", data={**TYPED, **deed}, headers=HTML)
    assert response.status_code == (422 if "do" in deed else 200)
    found = form_in(response).values
    assert {
        ("skos:prefLabel.0", "Typed <b>name</b>"),
        ("skos:prefLabel.1", "Имя"),
        ("skos:prefLabel.1.lang", "uk"),
        ("gcm:isMadeBy.0", "exam"),
        ("gcm:isAbout.0", "7"),
        ("gcm:isAbout.1", "no such objective"),  # an empty row is not typed
        ("gcm:pledgeType.0", "gcm:CommonPledge"),
        ("gcm:pledgeNature.0.pick", "gcm:Financial"),
        ("gcm:pledgeNature.0.pick", "gcm:Material"),
        ("dcterms:date.0", "some day"),
        ("dataset", "gcmd:world-law"),
        ("document@foaf:page.0", "nowhere"),
    } <= set(form_in(response).values)
    assert any(name == "skos:note.0" and value.split() == ["Two", "lines"] for name, value in found)


def test_one_more_row_is_there_and_has_the_focus(client: FlaskClient) -> None:
    response = client.post("/propose/pledge", data={**TYPED, "add": "gcm:isAbout"}, headers=HTML)
    page = response.get_data(as_text=True)
    assert ("gcm:isAbout.2", "") in form_in(response).values
    assert re.search(r'<input id="f-gcm-isAbout-2"[^>]* autofocus>', page)
    assert page.count("autofocus") == 1


def test_a_search_offers_what_may_be_meant_and_takes_the_choice(client: FlaskClient) -> None:
    response = client.post("/propose/pledge", data={**TYPED, "search": "gcm:isMadeBy"}, headers=HTML)
    page = response.get_data(as_text=True)
    offered = re.findall(r'name="gcm:isMadeBy\.0\.pick" value="([^"]+)"', page)
    assert offered[0] == "place:ZZA"
    assert 'type="checkbox" id="f-gcm-isMadeBy-0-pick-1"' in page  # a pledge may have several actors
    picked = {**TYPED, "gcm:isMadeBy.0.pick": ["place:ZZA", "place:ZZB"], "add": "none"}
    chosen = filled(form_in(client.post("/propose/pledge", data=picked, headers=HTML)))
    assert (chosen["gcm:isMadeBy.0"], chosen["gcm:isMadeBy.1"]) == ("place:ZZA", "place:ZZB")


def test_of_one_value_one_can_be_chosen(client: FlaskClient) -> None:
    data = {"gcm:isMadeTo.0": "fund", "search": "gcm:isMadeTo"}
    page = client.post("/propose/contribution", data=data, headers=HTML).get_data(as_text=True)
    assert 'type="radio" id="f-gcm-isMadeTo-0-pick-1"' in page


@pytest.mark.parametrize("deed", ["search", "add"])
def test_nothing_typed_becomes_part_of_the_page(client: FlaskClient, deed: str) -> None:
    names = [*TYPED, "passage@gcm:locator.0", "thing@code.0", "seen", "comment"]
    data = {name: HOSTILE for name in names if not name.endswith("pick")} | {deed: "gcm:isMadeBy"}
    response = client.post("/propose/pledge", data=data, headers=HTML)
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert "<script>alert" not in page
    assert "49" not in re.findall(r'value="([^"]*)"', page)
    assert ("gcm:isMadeBy.0", HOSTILE) in form_in(response).values


@pytest.mark.parametrize("text", [HOSTILE, '\\u0041\n"""', "a\x00b", "x\u2028y\ufffe"])
def test_any_text_can_be_said(client: FlaskClient, text: str) -> None:
    typed = {
        "skos:prefLabel.0": text,
        "skos:prefLabel.0.lang": "en",
        "dataset": "gcmd:world-commitments",
        "do": "download",
    }
    response = client.post("/propose/pledge", data=typed, headers=HTML)
    assert (response.status_code, response.mimetype) == (200, "text/turtle")
    written = [each.triple.object for each in parse_triples(response.data, path=Path("written.ttl"))]
    assert any(isinstance(each, Literal) and each.value == text for each in written)


@pytest.mark.parametrize("form", MAIN)
def test_any_text_in_any_field_makes_a_page_or_a_file(client: FlaskClient, form: str) -> None:
    names = [name for name, _ in form_in(get(client, f"/propose/{form}")).values if name]
    for text in (HOSTILE, "\x00", "https://[", "x" * 300, "9" * 300, "P", "-", "en-a", "\ud7ff\uffff"):
        for deed in ("download", "add", "search"):
            data = dict.fromkeys(names, text) | {"do": "download", deed: "gcm:isMadeBy"}
            response = client.post(f"/propose/{form}", data=data, headers=HTML)
            assert response.status_code in (200, 422), (text, deed)


def test_a_body_of_another_type_is_refused(client: FlaskClient) -> None:
    response = client.post("/propose/pledge", data=b"{}", content_type="application/json")
    assert response.status_code == 415


@pytest.mark.parametrize(
    ("field", "text", "first"),
    [
        ("gcm:isMadeBy", "exampl", {"value": "ZZA Exampleland", "label": "ZZA Exampleland"}),
        ("gcm:isMadeBy", "zzb", {"value": "ZZB Samplia", "label": "ZZB Samplia"}),
        ("gcm:isAbout", "vulnerabilities", {"value": "7 Address and reduce vulnerabilities in migration"}),
        ("document@dcterms:publisher", "minist", {"value": "Ministry of Instances"}),
    ],
)
def test_suggestions_are_what_may_be_written(
    client: FlaskClient, field: str, text: str, first: dict[str, str]
) -> None:
    response = client.get("/suggest/pledge", query_string={"field": field, "q": text})
    found = json.loads(response.data)["suggestions"]
    assert found[0].items() >= first.items()
    assert response.mimetype == "application/json"
    assert "ETag" in response.headers  # it rests on the version alone


def test_suggestions_speak_the_readers_language(client: FlaskClient) -> None:
    asked = {"field": "gcm:isAbout", "q": "7", "lang": "fr"}
    found = json.loads(client.get("/suggest/pledge", query_string=asked).data)["suggestions"]
    assert found[0]["iri"] == "https://w3id.org/gcm/id/objective/7"
    assert found[0]["label"].startswith("7 ")


@pytest.mark.parametrize("text", ["", " ", "\u0000", "x" * 5000, "%", "('"])
def test_any_text_can_be_asked_for(client: FlaskClient, text: str) -> None:
    response = client.get("/suggest/pledge", query_string={"field": "gcm:isMadeBy", "q": text})
    assert response.status_code == 200
    assert isinstance(json.loads(response.data)["suggestions"], list)
