"""Templates and exports of tables: `/template/pledge.xlsx`, `/export/pledge.csv`, and their CSVW metadata."""

from dataclasses import dataclass

from flask import Response, abort

from gcm.describe import Graph
from gcm.describe.terms import TYPE
from gcm.errors import LimitError
from gcm.fields import FormShape
from gcm.given import Form
from gcm.tables import (
    Rows,
    Surroundings,
    Things,
    describe_table,
    things_of,
    write_description,
    write_export,
    write_template,
)
from gcm.tables.surroundings import READ
from gcm.web.answers import Resource, TypedLink, answer
from gcm.web.knowledge import fields, names, said
from gcm.web.negotiate import CSV, Offer
from gcm.web.reading import graph, local
from gcm.web.versions import site

XLSX = Offer(Form.XLSX.value, "xlsx")

#: The metadata of a text table (Model for Tabular Data section 5.1: its media type and relation).
CSVW = Offer("application/csvm+json", "json", ("application/json",))

_TEMPLATES = (XLSX, CSV)
_EXPORTS = (XLSX, CSV, CSVW)
_FORMS = {XLSX.suffix: Form.XLSX, CSV.suffix: Form.CSV}


@dataclass(frozen=True)
class _Wanted:
    """Which table is asked for; a version has one of each."""

    name: str
    suffix: str


def send_template(name: str, suffix: str) -> Response:
    """Send an empty table for things of a class."""
    offer = _offer(suffix, _TEMPLATES)
    form = _form(name)
    resource = Resource(f"/template/{form.name}", _TEMPLATES)
    response = answer(resource, offer, lambda: _template(form, offer), is_chosen=False)
    return _named(response, f"{name}-template", offer)


def send_export(name: str, suffix: str) -> Response:
    """Send all things of a class as a filled-in template, or the description of that table."""
    offer = _offer(suffix, _EXPORTS)
    form = _form(name)
    described = TypedLink(local(f"/export/{form.name}.json"), "describedby", CSVW.media_type)
    resource = Resource(f"/export/{form.name}", _EXPORTS, () if offer == CSVW else (described,))
    response = answer(resource, offer, lambda: _export(form, offer), is_chosen=False)
    return _named(response, name, offer)


def _offer(suffix: str, offers: tuple[Offer, ...]) -> Offer:
    found = next((each for each in offers if each.suffix == suffix), None)
    return found or abort(404)


def _form(name: str) -> FormShape:
    return surroundings().forms.get(name) or abort(404)


def surroundings() -> Surroundings:
    """Give what tables are read and written with, in this version."""
    return graph().remember(_read_surroundings, "surroundings of tables")


def _read_surroundings(known: Graph, _: str) -> Surroundings:
    return Surroundings.of(fields(), names(), said(known, READ))


def _named(response: Response, name: str, offer: Offer) -> Response:
    """Say under which name the file is best kept (RFC 6266)."""
    if offer != CSVW:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{offer.suffix}"'
    return response


def _template(form: FormShape, offer: Offer) -> bytes:
    return graph().remember(_write_template, _Wanted(form.name, offer.suffix))


def _write_template(known: Graph, wanted: _Wanted) -> bytes:
    form = surroundings().forms[wanted.name]
    things = _things(known, form)
    return write_template(form, surroundings(), things=things, to=_FORMS[wanted.suffix])


def _export(form: FormShape, offer: Offer) -> bytes:
    if offer == CSVW:
        _, rows = graph().remember(_write_export, _Wanted(form.name, CSV.suffix))
        return write_description(rows.description, url=f"{form.name}.csv").encode()
    data, _ = graph().remember(_write_export, _Wanted(form.name, offer.suffix))
    return data


def _write_export(known: Graph, wanted: _Wanted) -> tuple[bytes, Rows]:
    form = surroundings().forms[wanted.name]
    things = _things(known, form)
    cells = len(things) * len(describe_table(form).columns)
    if cells > site().limits.table_cells:
        most = f"{site().limits.table_cells:.0f}"
        message = f"This table would have {cells} cells, more than {most}. Take the dumps, or ask a query."
        raise LimitError(message, limit="table_cells")
    return write_export(form, surroundings(), things=things, to=_FORMS[wanted.suffix])


def _things(known: Graph, form: FormShape) -> Things:
    members = known.subjects(TYPE, form.cls)
    return things_of((quad.triple for each in members for quad in known.about(each)), form.cls)
