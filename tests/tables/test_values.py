"""Cells: what is understood, and what is said where it is not. All tables here are invented."""

import pytest
from gcm.tables import Column, Surroundings, describe_table
from gcm.tables.values import Trouble, read_value, split
from gcm.vocab import shorten
from pyoxigraph import Literal, NamedNode


def column_of(surroundings: Surroundings, table: str, title: str) -> Column:
    description = describe_table(surroundings.fields.forms[table])
    return next(each for each in description.columns if each.title == title)


@pytest.mark.parametrize(
    ("table", "column", "text", "value"),
    [
        ("pledge", "is made by", "MDA", "place:MDA"),
        ("pledge", "is made by", "Turkey", "place:TUR"),
        ("pledge", "is about", "objective 7", "objective:7"),
        ("pledge", "has pledge nature", "Material", "gcm:Material"),
        ("pledge", "has pledge nature", "financière", "gcm:Financial"),  # in any language
        ("pledge", "date", "2024", '"2024"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        ("pledge", "date", "2024-02", '"2024-02"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'),
        ("pledge", "date", "2024-02-29", '"2024-02-29"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("pledge", "amount", "1250.50", '"1250.50"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("pledge", "amount", "1250", '"1250"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("reported-figure", "value", "93", '"93"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("reported-figure", "value", "0.5", '"0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("practice", "is ongoing", "Yes", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        ("practice", "is ongoing", "VRAI", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),  # Excel
        ("practice", "is ongoing", "нет", '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        ("project", "duration", "P18M", '"P18M"^^<http://www.w3.org/2001/XMLSchema#duration>'),
        ("pledge", "web page", "https://example.org/a", "https://example.org/a"),
        ("pledge", "note [fr]", "=1+1", '"=1+1"@fr'),
        ("pledge", "code", "007", '"007"'),
    ],
)
def test_cells_that_are_understood(
    surroundings: Surroundings, table: str, column: str, text: str, value: str
) -> None:
    found = read_value(column_of(surroundings, table, column), text, surroundings.names)
    assert isinstance(found, NamedNode | Literal)
    assert (shorten(found) if isinstance(found, NamedNode) else str(found)) == value


@pytest.mark.parametrize(
    ("table", "column", "text", "message", "meant"),
    [
        ("pledge", "is made by", "Portugl", "Nothing is called “Portugl” here.", "PRT Portugal"),
        ("pledge", "is made by", "objective 7", "“objective 7” is of another kind: Objective.", None),
        ("pledge", "is about", "24", "Nothing is called “24” here.", None),
        ("pledge", "has pledge nature", "Finanical", "Nothing is called “Finanical” here.", "Financial"),
        ("pledge", "date", "31.12.2023", "“31.12.2023” is no date.", "2023-12-31"),
        ("pledge", "date", "2023/1/5", "“2023/1/5” is no date.", "2023-01-05"),
        ("pledge", "date", "05/06/2023", "“05/06/2023” is no date.", None),  # May or June
        ("pledge", "date", "2023-02-30", "“2023-02-30” is no date.", None),
        ("pledge", "date", "soon", "“soon” is no date.", None),
        ("pledge", "date", "12/31/2023", "“12/31/2023” is no date.", "2023-12-31"),  # no 31st month
        ("pledge", "date", "31.12.2023 00:00:00", "“31.12.2023 00:00:00” is no date.", "2023-12-31"),
        ("pledge", "date", "03/2024", "“03/2024” is no date.", "2024-03"),
        ("pledge", "date", "mars 2024", "“mars 2024” is no date.", "2024-03"),
        ("dataset", "issued on", "mars 2024", "“mars 2024” is no date.", None),  # a day is wanted
        ("pledge", "amount", "1 250 000", "“1 250 000” is no such number.", "1250000"),
        ("pledge", "amount", "1250,5", "“1250,5” is no such number.", "1250.5"),
        ("pledge", "amount", "1,250", "“1,250” is no such number.", None),  # a thousand, or one and a quarter
        ("pledge", "amount", "1.250,50", "“1.250,50” is no such number.", "1250.50"),
        ("pledge", "amount", "1,250,000", "“1,250,000” is no such number.", "1250000"),
        ("pledge", "amount", "1,2,3", "“1,2,3” is no such number.", None),
        ("pledge", "amount", "EUR 5", "“EUR 5” is no such number.", None),
        ("pledge", "amount", "12%", "“12%” is no such number.", None),
        ("practice", "is ongoing", "perhaps", "“perhaps” is neither yes nor no.", None),
        ("project", "duration", "18 months", "“18 months” is no length of time.", None),
        ("project", "duration", "P", "“P” is no length of time.", None),
        (
            "pledge",
            "web page",
            "www.example.org",
            "“www.example.org” is no web address.",
            "https://www.example.org",
        ),
        ("pledge", "web page", "https://a b", "“https://a b” is no web address.", None),
        ("pledge", "web page", "https://a/<b>", "“https://a/<b>” is no web address.", None),
        ("dataset", "issued on", "2024", "“2024” is not precise enough, or too precise.", None),
    ],
)
def test_cells_that_are_told(
    surroundings: Surroundings, table: str, column: str, text: str, message: str, meant: str | None
) -> None:
    found = read_value(column_of(surroundings, table, column), text, surroundings.names)
    assert isinstance(found, Trouble)
    assert found.message == message
    assert found.expected.startswith("Write ")
    nearest = shorten(found.candidates[0]) if found.candidates else None
    assert (found.written or nearest) == meant or (meant is None and not found.written)


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("date", "03/04/2026", "Write 2026-04-03 if the day stands first, 2026-03-04 if the month does."),
        ("amount", "1,250", "Write 1250, or 1.250, as it is meant."),
    ],
)
def test_what_can_mean_two_values_is_told_with_both(
    surroundings: Surroundings, column: str, text: str, expected: str
) -> None:
    found = read_value(column_of(surroundings, "pledge", column), text, surroundings.names)
    assert isinstance(found, Trouble)
    assert (found.expected, found.written) == (expected, None)


def test_an_ambiguous_name_is_told_with_all_that_it_may_be(surroundings: Surroundings) -> None:
    column = column_of(surroundings, "expression-of-interest", "is about")
    found = read_value(column, "International cooperation", surroundings.names)
    assert isinstance(found, Trouble)
    assert found.message == "“International cooperation” is the name of 3 things here."
    assert {"objective:23", "principle:b"} < {shorten(each) for each in found.candidates}
    assert "23 Strengthen international cooperation" in found.expected
    assert "(principle:b)" in found.expected


@pytest.mark.parametrize(
    ("column", "text", "pieces"),
    [
        ("is about", "7; 8;9", ["7", "8", "9"]),
        ("is about", "7\n8", ["7", "8"]),
        ("is about", " ; 7 ;; ", ["7"]),
        ("other name [en]", "One; two\nThree", ["One; two", "Three"]),  # texts may hold semicolons
        ("other name [en]", "One\u2028and\x85half\r\nTwo", ["One\u2028and\x85half", "Two"]),
        ("has pledge type", "a; b", ["a; b"]),  # one value only
    ],
)
def test_several_values_in_a_cell(
    surroundings: Surroundings, column: str, text: str, pieces: list[str]
) -> None:
    assert split(column_of(surroundings, "pledge", column), text, surroundings.names) == pieces
