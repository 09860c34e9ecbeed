"""How tests make tables and read them; all content of theirs is invented, in the real graph."""

import csv
import io
from collections.abc import Sequence

from gcm.given import Form, Given, TableAbout
from gcm.tables import Surroundings, TableReading, read_table
from gcm.vocab import shorten
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from pyoxigraph import NamedNode

#: The header of a data set invented for tests, with one document as its source.
HEADER = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dcterms: <http://purl.org/dc/terms/> .
<https://w3id.org/gcm/data/invented> a dcat:Dataset ; dcterms:title "Invented for tests"@en ;
    dcterms:source <https://w3id.org/gcm/id/document/104> .
"""


def csv_of(*rows: Sequence[str]) -> bytes:
    """Write rows as a plain text table."""
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()


def read_rows(
    surroundings: Surroundings, *rows: Sequence[str], kind: str = "pledge", header: str = HEADER
) -> TableReading:
    """Read rows, the first of them headings, as a text table."""
    given = Given("my.csv", csv_of(*rows), Form.CSV, TableAbout(kind, header))
    return read_table(given, surroundings)


def read_sheets(surroundings: Surroundings, workbook: Workbook, *, kind: str = "pledge") -> TableReading:
    """Read a workbook."""
    return read_table(Given("my.xlsx", bytes_of(workbook), Form.XLSX, TableAbout(kind, HEADER)), surroundings)


def bytes_of(workbook: Workbook) -> bytes:
    """Save a workbook."""
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def workbook_of(*rows: Sequence[object]) -> tuple[Workbook, Worksheet]:
    """Make a workbook with one sheet, called Pledges, that holds rows."""
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Pledges"
    for row in rows:
        sheet.append(list(row))
    return workbook, sheet


def messages(reading: TableReading) -> list[str]:
    """Give the problems as lines: cell, severity, message."""
    return [f"{each.place.cell} {each.severity}: {each.message}" for each in reading.problems]


def said(reading: TableReading) -> list[str]:
    """Give the statements as short lines, but for types and sources."""
    lines = []
    for each in reading.statements:
        value = each.triple.object
        predicate = shorten(each.triple.predicate)
        subject = each.triple.subject
        assert isinstance(subject, NamedNode)
        if predicate not in ("rdf:type", "prov:wasDerivedFrom"):
            lines.append(
                f"{shorten(subject)} {predicate} {shorten(value) if isinstance(value, NamedNode) else value}"
            )
    return lines
