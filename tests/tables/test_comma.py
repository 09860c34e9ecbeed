"""Text tables in the dialects of spreadsheets; and that no cell we write is run as a formula."""

import csv
import io

import pytest
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
