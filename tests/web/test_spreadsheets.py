"""Templates and exports over HTTP: what they are, that they are cached, and that they come back the same."""

import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gcm.describe.graph import UNION
from gcm.given import Form, Given, TableAbout
from gcm.tables import read_table, things_of
from gcm.web.reading import graph
from gcm.web.spreadsheets import surroundings
from openpyxl import load_workbook
from pyoxigraph import Triple

XLSX = Form.XLSX.value


@pytest.mark.parametrize(
    ("address", "media_type", "name"),
    [
        ("/template/pledge.xlsx", XLSX, "pledge-template.xlsx"),
        ("/template/voluntary-report.csv", "text/csv", "voluntary-report-template.csv"),
        ("/export/pledge.xlsx", XLSX, "pledge.xlsx"),
        ("/export/pledge.csv", "text/csv", "pledge.csv"),
        ("/export/pledge.json", "application/csvm+json", ""),
    ],
)
def test_files_are_sent_with_their_types_and_names(
    client: FlaskClient, address: str, media_type: str, name: str
) -> None:
    response = client.get(address)
    assert (response.status_code, response.mimetype) == (200, media_type)
    disposition = response.headers.get("Content-Disposition", "")
    assert disposition == (f'attachment; filename="{name}"' if name else "")
    assert response.headers["GCM-Version"]
    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(address).data == response.data


@pytest.mark.parametrize(
    "address",
    [
        "/template/promise.xlsx",
        "/template/pledge.json",
        "/template/pledge.pdf",
        "/template/dataset.xlsx",  # headers are no tables
        "/export/pledge",
        "/export/pledge.ttl",
        "/export/../pledge.csv",
    ],
)
def test_other_addresses_are_404(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_text_table_points_to_its_description(client: FlaskClient) -> None:
    links = client.get("/export/pledge.csv").headers["Link"]
    assert '</export/pledge.json>; rel="describedby"; type="application/csvm+json"' in links
    described = json.loads(client.get("/export/pledge.json").data)
    assert (described["@context"][0], described["url"]) == ("http://www.w3.org/ns/csvw", "pledge.csv")
    titles = [each["titles"][0] for each in described["tableSchema"]["columns"] if "titles" in each]
    header = client.get("/export/pledge.csv").data.decode("utf-8-sig").splitlines()[0]
    assert header.split(",") == titles


@pytest.mark.parametrize("name", ["pledge", "event", "reported-figure"])
def test_an_export_comes_back_the_same(world_app: Flask, client: FlaskClient, name: str) -> None:
    data = client.get(f"/export/{name}.csv").data
    with world_app.test_request_context():
        known = surroundings()
        form = known.forms[name]
        things = things_of(
            (quad.triple for quad in graph().store.quads_for_pattern(None, None, None, UNION)), form.cls
        )
        reading = read_table(Given("x.csv", data, Form.CSV, TableAbout(name)), known)
    said = {each.triple for each in reading.statements}
    assert reading.problems == ()
    assert said == {
        Triple(iri, path, value)
        for iri, properties in things.items()
        for path, values in properties.items()
        for value in values
    }
    assert things


def test_a_template_offers_what_this_version_holds(client: FlaskClient) -> None:
    workbook = load_workbook(io.BytesIO(client.get("/template/pledge.xlsx").data))
    offered = {cell.value for row in workbook["Lists"].iter_rows() for cell in row}
    objective = "1 Collect and utilize accurate and disaggregated data as a basis for evidence-based policies"
    assert objective in offered
