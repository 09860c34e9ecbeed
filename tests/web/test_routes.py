"""Every address has its function, and what one function needs is not imported for all others."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from gcm.limits import Limits
from gcm.web import create_app
from gcm.web.late import Late
from gcm.web.routes import READING, WRITING, Route, modules_of

APP = create_app(Path("nowhere"), limits=Limits())

#: What a server without a desk does without until somebody asks for it.
SPARED = (
    *("gcm.desk", "gcm.preview", "gcm.syntax", "gcm.tables", "gcm.validate.render", "gcm.remote.wire"),
    *("gcm.describe.changed", "gcm.web.forms", "gcm.web.dcat", "gcm.web.pages", "gcm.web.report_page"),
    *("openpyxl", "pyshacl", "rdflib"),
)

#: Asks a first query and a first page, and says which modules that took.
FIRST = """
import json, sys
from pathlib import Path
from gcm.limits import Limits
from gcm.web import create_app, preparing, quick, serve, warming
from gcm.web.versions import site
app = create_app(Path(sys.argv[1]), limits=Limits(worker_count=1))
client = app.test_client()
statuses = [client.get(path).status_code for path in sys.argv[2:]]
with app.app_context():
    site().pool().close()
print(json.dumps({"statuses": statuses, "modules": [*sys.modules]}))
"""


@pytest.mark.parametrize("route", [*READING, *WRITING], ids=lambda each: f"{each.methods[0]} {each.address}")
def test_address_has_its_function(route: Route) -> None:
    module, _, name = route.view.partition(":")
    view = APP.view_functions[f"{module.partition('.')[0]}.{name}"]
    assert isinstance(view, Late)
    assert view.function.__module__ == f"gcm.web.{module}"


@pytest.mark.parametrize("hooks", [APP.before_request_funcs, APP.after_request_funcs])
def test_hooks_have_their_functions(hooks: dict[str | None, list[object]]) -> None:
    late = [each for name, acts in hooks.items() if name for each in acts]
    assert late
    assert all(isinstance(each, Late) and callable(each.function) for each in late)


def test_filters_have_their_functions() -> None:
    late = [each for each in APP.jinja_env.filters.values() if isinstance(each, Late)]
    assert late
    assert all(callable(each.function) for each in late)


def test_no_module_is_named_twice() -> None:
    assert modules_of((*READING, *READING)) == modules_of(READING)
    assert not set(modules_of(READING)) & set(modules_of(WRITING))


def test_first_query_and_page_take_only_what_they_need(world_app: Flask) -> None:
    directory = str(world_app.extensions["gcm"].directory)
    command = [sys.executable, "-c", FIRST, directory, "/sparql?query=ASK%7B%7D", "/doc/objective/7"]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert found["statuses"] == [200, 200]
    assert not [each for each in found["modules"] if each.startswith(SPARED)]
