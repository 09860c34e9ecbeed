"""Text tables in the dialects of spreadsheets; and that no cell we write is run as a formula."""

import csv
import io

import pytest
from gcm.errors import SourceError
from gcm.given import Form, Given, TableAbout
from gcm.tables import Surroundings, read_table
from gcm.tables.comma import guarded, unguarded, write_text_table
from hypothesis import given as example
from hypothesis import settings, strategies

from tests.tables.tables import HEADER, messages, said

DIALECTS = [
    pytest.param('pledge identifier,name [en],is made by\r\n901,"One, two",MDA; KGZ\r\n', id="commas"),
    pytest.param('pledge identifier;name [en];is made by\n901;One, two;"MDA; KGZ"\n', id="semicolons"),
    pytest.param("pledge identifier\tname [en]\tis made by\n901\tOne, two\tMDA; KGZ\n", id="tabs"),
    pytest.param("pledge identifier|name [en]|is made by\n901|One, two|MDA; KGZ\n", id="bars"),
    pytest.param('sep=;\npledge identifier;name [en];is made by\n901;One, two;"MDA\nKGZ"\n', id="said"),
    pytest.param('\ufeffpledge identifier,name [en],is made by\r901,"One, two","MDA\rKGZ"\r', id="mark"),
    pytest.param('"pledge identifier","name [en]","is made by"\n"901","One, two","MDA;KGZ"', id="all-quoted"),
]


@pytest.mark.parametrize("text", DIALECTS)
def test_dialects(surroundings: Surroundings, text: str) -> None:
    reading = read_table(Given("my.csv", text.encode(), Form.CSV, TableAbout("pledge", HEADER)), surroundings)
    assert messages(reading) == []
    assert said(reading) == [
        'pledge:901 skos:prefLabel "One, two"@en',
        "pledge:901 gcm:isMadeBy place:MDA",
        "pledge:901 gcm:isMadeBy place:KGZ",
    ]


def test_lines_are_those_of_the_file(surroundings: Surroundings) -> None:
    text = 'pledge identifier,name [en],is made by\n901,"One\ntwo",MDA\n\n902,Two,Portugl\n'
    reading = read_table(Given("my.csv", text.encode(), Form.CSV, TableAbout("pledge", HEADER)), surroundings)
    (problem,) = reading.problems
    assert (problem.place.line, problem.place.cell, problem.place.heading) == (5, "C4", "is made by")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("name [en];date\r\nTürkiye;2024\r\n".encode("cp1252"), "my.csv:2: this line is not UTF-8"),
        ("name [en]\tdate\r\nTürkiye\t2024\r\n".encode("utf-16"), "my.csv:1: this is UTF-16"),
        ("name [en];date\r\n".encode("utf-16-le"), "my.csv:1: this line holds a zero byte"),  # without mark
    ],
)
def test_other_encodings_of_spreadsheets_are_told(
    surroundings: Surroundings, data: bytes, message: str
) -> None:
    with pytest.raises(SourceError) as raised:
        read_table(Given("my.csv", data, Form.CSV, TableAbout("pledge", HEADER)), surroundings)
    assert str(raised.value).startswith(message)
    assert "“CSV UTF-8”" in str(raised.value)


@pytest.mark.parametrize(
    ("delimiter", "number", "told"),
    [
        (";", "1.250", ["C2 warning: “1.250” is read with a point before decimals, not as 1250."]),
        (";", "0.250", []),  # no thousand begins with 0
        (";", "1.25", []),
        (",", "1.250", []),  # where commas part cells, points do not part thousands
    ],
)
def test_points_where_decimals_have_commas_are_told(
    surroundings: Surroundings, delimiter: str, number: str, told: list[str]
) -> None:
    rows = (("pledge identifier", "name [en]", "amount"), ("901", "One", number))
    text = "\r\n".join(delimiter.join(row) for row in rows)
    reading = read_table(Given("my.csv", text.encode(), Form.CSV, TableAbout("pledge", HEADER)), surroundings)
    assert messages(reading) == told
    assert f'pledge:901 gcm:amount "{number}"^^<http://www.w3.org/2001/XMLSchema#decimal>' in said(reading)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+44 20 7946 0000", "'+44 20 7946 0000"),
        ("-12.5", "-12.5"),  # a number does nothing
        ("'=1", "''=1"),
        ("'quoted'", "'quoted'"),
        ("plain", "plain"),
    ],
)
def test_texts_that_spreadsheets_would_run_are_guarded(text: str, written: str) -> None:
    assert guarded(text) == written
    assert unguarded(written) == text


@settings(deadline=None, max_examples=50)
@example(strategies.text())
def test_guarding_can_always_be_undone(text: str) -> None:
    assert unguarded(guarded(text)) == text


@settings(deadline=None, max_examples=50)
@example(strategies.text(min_size=1))
def test_no_cell_that_is_written_begins_a_formula(text: str) -> None:
    (row,) = csv.reader(io.StringIO(write_text_table([[text]]).decode("utf-8-sig"), newline=""), strict=True)
    begins_a_formula = (
        row[0][0] in "=+-@\t\r" and not row[0].lstrip("+-").replace(",", ".", 1).replace(".", "", 1).isdigit()
    )
    assert not begins_a_formula
