"""The description in OpenAPI is true: every address is in it, and none does what it does not say."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from gcm.limits import Limits
from gcm.vocab import DATASET
from gcm.web import create_app
from gcm.web.openapi import describe, template
from gcm.web.operations import OPERATIONS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

RULES = tuple(create_app(Path("nowhere"), limits=Limits()).url_map.iter_rules())
DESCRIBED = json.loads(json.dumps(describe(RULES)))
SCHEMA = schemathesis.openapi.from_dict(DESCRIBED)
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATED = [(path, method) for path, operations in DESCRIBED["paths"].items() for method in operations]


def test_every_address_and_method_is_described() -> None:
    assert {rule.endpoint for rule in RULES} == set(OPERATIONS)
    methods = {
        (template(rule), method) for rule in RULES for method in {"GET", "POST"} & set(rule.methods or ())
    }
    assert {(path, method.upper()) for path, method in OPERATED} == methods


def test_what_curators_send_is_described() -> None:
    made, decided = (
        DESCRIBED["paths"][path]["post"] for path in ("/proposals", "/proposals/{number}/{decision}")
    )
    assert made["security"] == decided["security"] == [{"token": []}]
    assert DESCRIBED["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert {each["name"] for each in made["parameters"]} >= {"title", "comment", "name", "replaces"}
    assert "If-Match" in {each["name"] for each in decided["parameters"]}
    assert (made["requestBody"]["required"], decided["requestBody"]["required"]) == (True, False)


@pytest.mark.parametrize(
    ("path", "methods"), [("/proposals", {"POST"}), ("/search", set()), ("/propose/pledge", {"POST"})]
)
def test_options_name_the_methods_of_all_rules_of_an_address(
    client: FlaskClient, path: str, methods: set[str]
) -> None:
    allowed = client.options(path).headers["Allow"]
    assert set(allowed.split(", ")) == {"GET", "HEAD", "OPTIONS"} | methods


def test_description_is_where_the_endpoint_says(client: FlaskClient) -> None:
    """RFC 8631 section 4.1."""
    link = '</openapi.json>; rel="service-desc"; type="application/vnd.oai.openapi+json"'
    assert link in ", ".join(client.get("/sparql").headers.getlist("Link"))
    response = client.get("/openapi.json")
    assert (response.status_code, response.mimetype) == (200, "application/vnd.oai.openapi+json")
    assert json.loads(response.data) == DESCRIBED
    again = client.get("/openapi.json", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


QUERIES = [
    "ASK {}",
    "SELECT * { ?s ?p ?o } LIMIT 3",
    "DESCRIBE <http://example.org/a>",
    "CLEAR ALL",
    "SELECT nonsense",
    "ASK { SERVICE <http://example.org/> {} }",
    "SELECT (<<( <a:b> <a:b> 1 )>> AS ?t) {}",
]


def likely(case: Case[Any], data: st.DataObject) -> None:  # Any: a case of whatever it was drawn from
    """Put what means something in the place of some of what was drawn: chance alone seldom finds a query."""
    name = st.sampled_from(["all.nq", "one", "data", "place/MDA", "champions.csv", "ttl", "version-1"])
    for part in case.path_parameters if data.draw(st.booleans()) else ():
        if part != "family":
            case.path_parameters[part] = data.draw(name)
    if "query" in case.query and data.draw(st.booleans()):
        case.query["query"] = data.draw(st.sampled_from(QUERIES))
    if "graph" in case.query and data.draw(st.booleans()):
        case.query["graph"] = f"{DATASET}one"
    accepted = st.sampled_from(
        ["*/*", "text/html", "application/json", "text/plain", "text/turtle", "image/png"]
    )
    case.headers["Accept"] = data.draw(accepted)


@pytest.mark.server
@pytest.mark.parametrize(("path", "method"), OPERATED)
def test_no_answer_is_undescribed_or_a_fault(real_server_of_rows: str, path: str, method: str) -> None:
    @settings(
        max_examples=30,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(SCHEMA[path][method].as_strategy())
        likely(case, data)
        response = case.call(base_url=real_server_of_rows, allow_redirects=False)
        checks = CHECKS if response.status_code == 503 else [*CHECKS, not_a_server_error]
        case.validate_response(response, checks=checks)

    ask()


@pytest.fixture(scope="module")
def real_server_of_rows(real_server: Callable[[Path], int], small_store: Path) -> str:
    """Serve the small store; give where."""
    return f"http://127.0.0.1:{real_server(small_store)}"
