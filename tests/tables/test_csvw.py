"""Descriptions are CSVW, say all that templates, exports and imports need, and are what drives them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from gcm.errors import SourceError
from gcm.given import Form, Given
from gcm.tables import Surroundings, describe_table, read_description, read_table, write_description
from gcm.vocab import PREFIXES
from pyoxigraph import NamedNode

from tests.tables.tables import csv_of, messages, said

#: What the Metadata Vocabulary for Tabular Data allows: tables (section 5.4), schemas (5.5), columns (5.6).
TABLE = {
    "@context",
    "url",
    "dialect",
    "notes",
    "tableDirection",
    "tableSchema",
    "transformations",
    "@id",
    "@type",
}
SCHEMA = {"columns", "foreignKeys", "primaryKey", "rowTitles", "@id", "@type"}
COLUMN = {"name", "suppressOutput", "titles", "virtual", "@id", "@type"}
#: What they inherit (section 5.7).
INHERITED = {
    "aboutUrl", "datatype", "default", "lang", "null", "ordered", "propertyUrl", "required", "separator",
    "textDirection", "valueUrl",
}  # fmt: skip
#: The prefixes of common properties that the context defines (section 5.8, RDFa 1.1 initial context).
COMMON = ("dc:", "rdfs:", "schema:", "http://", "https://")
#: Datatypes (Model for Tabular Data section 6.4) that we use.
DATATYPES = {"string", "decimal", "boolean", "anyURI", "duration"}

Json = Mapping[str, Any]  # Any: JSON, looked at key by key


def json_of(surroundings: Surroundings, name: str) -> Json:
    described = describe_table(surroundings.forms[name])
    found: Json = json.loads(write_description(described, url=f"{name}.csv"))
    return found


def unknown(described: Json, known: set[str]) -> set[str]:
    return {key for key in described if key not in known and not key.startswith(COMMON)}


def test_descriptions_use_the_words_of_csvw_alone(surroundings: Surroundings) -> None:
    for name in surroundings.forms:
        table = json_of(surroundings, name)
        assert unknown(table, TABLE | INHERITED) == set(), name
        assert unknown(table["tableSchema"], SCHEMA | INHERITED) == set(), name
        for column in table["tableSchema"]["columns"]:
            assert unknown(column, COLUMN | INHERITED) == set(), name
            datatype = column.get("datatype", "string")
            assert (
                set(datatype) <= {"base", "format"} if isinstance(datatype, dict) else datatype in DATATYPES
            )


def test_columns_are_named_once_and_virtual_ones_come_last(surroundings: Surroundings) -> None:
    for name in surroundings.forms:
        columns = json_of(surroundings, name)["tableSchema"]["columns"]
        names = [each["name"] for each in columns]
        titles = [title for each in columns if "titles" in each for title in each["titles"]]
        assert len(set(names)) == len(names), name
        assert all(each.isidentifier() and each.isascii() and not each.startswith("_") for each in names), (
            name
        )
        assert len({each["titles"][0] for each in columns if "titles" in each}) == len(columns) - 1, name
        assert [each.get("virtual", False) for each in columns] == [False] * (len(columns) - 1) + [True]
        assert titles


@pytest.mark.parametrize(
    ("column", "said_of_it"),
    [
        ("identifier", {"required": False, "suppressOutput": True}),
        ("other_name_en", {"lang": "en", "separator": "\n", "propertyUrl": PREFIXES["skos"] + "altLabel"}),
        ("is_made_by", {"required": True, "separator": "; ", "suppressOutput": True}),
        ("amount", {"datatype": "decimal", "propertyUrl": PREFIXES["gcm"] + "amount"}),
        ("web_page", {"datatype": "anyURI", "valueUrl": "{+web_page}"}),
        ("currency", {"datatype": {"base": "string", "format": "^[A-Z]{3}$"}}),
        ("type", {"virtual": True, "valueUrl": PREFIXES["gcm"] + "Pledge"}),
    ],
)
def test_what_is_said_of_a_column(surroundings: Surroundings, column: str, said_of_it: Json) -> None:
    columns = json_of(surroundings, "pledge")["tableSchema"]["columns"]
    found = next(each for each in columns if each["name"] == column)
    assert {key: found[key] for key in said_of_it} == said_of_it


def test_a_description_comes_back_from_its_json(surroundings: Surroundings) -> None:
    for name, form in surroundings.forms.items():
        described = describe_table(form)
        again = read_description(write_description(described, url="x.csv"), name="x.json")
        for column, other in zip(described.columns, again.columns, strict=True):
            assert other == column, f"{name}: {column.name}"
        assert replace(again, columns=described.columns) == described


def test_a_table_with_headings_of_its_own_is_read_by_its_description(surroundings: Surroundings) -> None:
    described = json.loads(write_description(describe_table(surroundings.forms["pledge"]), url="ours.csv"))
    schema = described["tableSchema"]
    kept = [
        each for each in schema["columns"] if each["name"] in ("identifier", "name_en", "is_made_by", "type")
    ]
    kept[0]["titles"], kept[1]["titles"], kept[2]["titles"] = "No.", ["Title of the promise"], ["Who"]
    kept[2]["separator"] = " and "
    schema["columns"] = kept
    table = csv_of(("Who", "Title of the promise", "No."), ("MDA and KGZ", "One", "901"))
    reading = read_table(
        Given("ours.csv", table, Form.CSV),
        surroundings,
        description=read_description(json.dumps(described), name="ours.json"),
    )
    assert [each for each in messages(reading) if "rest" not in each] == []
    assert set(said(reading)) == {
        "pledge:901 gcm:isMadeBy place:MDA",
        "pledge:901 gcm:isMadeBy place:KGZ",
        'pledge:901 skos:prefLabel "One"@en',
    }
    assert reading.description.cls == NamedNode(PREFIXES["gcm"] + "Pledge")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "mend this line"),
        ("[]", "no description of a table"),
        ("{}", "no description of a table"),
        ('{"tableSchema": {"aboutUrl": "http://x/{a}", "columns": []}}', "no description of a table"),
        ("[" * 100_000, "no description of a table|mend"),
    ],
)
def test_what_is_no_description_is_refused(text: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        read_description(text, name="x.json")
