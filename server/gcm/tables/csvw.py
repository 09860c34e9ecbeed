"""Descriptions of tables as JSON, by the Metadata Vocabulary for Tabular Data (CSVW) of the W3C.

What CSVW has no word for stands in common properties (section 5.8) of SHACL: which classes the things of a
column may have, which words its list has, which datatypes its values. Columns in which things are written by
their names are left out by converters (`suppressOutput`): only a look-up in the graph makes them addresses.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode

from gcm.errors import SourceError
from gcm.fields import Kind
from gcm.tables.description import REQUIRED_MARK, Column, Description
from gcm.vocab import PREFIXES, THING

#: What a JSON object holds; its values are checked where they are used.
Json = Mapping[str, Any]

CONTEXT = "http://www.w3.org/ns/csvw"

#: How our tables are written as text (section 5.9).
DIALECT = {"encoding": "utf-8", "header": True, "headerRowCount": 1, "delimiter": ",", "doubleQuote": True}

_SH = PREFIXES["sh"]
_XSD = PREFIXES["xsd"]
_CLASS, _IN, _DATATYPE, _PATTERN, _MINIMUM = (
    _SH + each for each in ("class", "in", "datatype", "pattern", "minCount")
)

#: The words that CSVW has for datatypes (Model for Tabular Data section 6.4), by kinds of columns.
_BASES = {
    Kind.NUMBER: "decimal",
    Kind.YES_NO: "boolean",
    Kind.ADDRESS: "anyURI",
    Kind.DURATION: "duration",
}
#: A day, a month or a year: no datatype of CSVW is all three, so the text is described.
_DATES = {"base": "string", "format": r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"}


def to_json(description: Description, *, url: str) -> str:
    """Write a description for the file at `url`, which may be relative to the description."""
    columns = [_column(each) for each in description.columns] + [_type_column(description)]
    table = {
        "@context": [CONTEXT, {"@language": "en"}],
        "url": url,
        "dc:title": description.label,
        "dc:description": description.help,
        "dialect": DIALECT,
        "tableSchema": {"aboutUrl": f"{description.start}{{identifier}}", "columns": columns},
    }
    return json.dumps(table, ensure_ascii=False, indent=2) + "\n"


def _column(column: Column) -> dict[str, object]:
    described: dict[str, object] = {
        "name": column.name,
        "titles": list(dict.fromkeys((column.heading, *column.titles))),
        "dc:description": column.help,
        "datatype": _datatype(column),
        "required": column.is_required,
    }
    optional = {
        "propertyUrl": column.path.value if column.path else None,
        "lang": column.language,
        "separator": column.separator,
        "valueUrl": f"{{+{column.name}}}" if column.kind is Kind.ADDRESS else None,
        "suppressOutput": True if column.has_things or column.path is None else None,
        _CLASS: [{"@id": each.value} for each in column.classes],
        _IN: [_choice(each) for each in column.choices],
        _DATATYPE: [{"@id": each.value} for each in column.datatypes],
        _PATTERN: list(column.patterns),
        _MINIMUM: column.minimum,
    }
    return described | {name: value for name, value in optional.items() if value}


def _datatype(column: Column) -> object:
    if column.kind is Kind.DATE:
        return _DATES
    if column.kind is Kind.CODE and len(column.patterns) == 1:
        return {"base": "string", "format": column.patterns[0]}
    return _BASES.get(column.kind, "string")


def _choice(value: NamedNode | Literal) -> dict[str, str]:
    return {"@id": value.value} if isinstance(value, NamedNode) else {"@value": value.value}


def _type_column(description: Description) -> dict[str, object]:
    """Say of which class the rows are (section 5.6: virtual columns come last)."""
    return {
        "name": "type",
        "virtual": True,
        "propertyUrl": PREFIXES["rdf"] + "type",
        "valueUrl": description.cls.value,
    }


def from_json(text: str, *, name: str) -> Description:
    """Read a description that `to_json` could have written; its headings may be others.

    Raises SourceError, naming `name`, if it is not JSON or lacks what a description needs.
    """
    try:
        return _description(json.loads(text))
    except json.JSONDecodeError as error:
        raise SourceError(f"{error.msg}; mend this line.", path=Path(name), line=error.lineno) from None
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, RecursionError) as error:
        message = (
            f"this is no description of a table that we can use ({error}); begin with one that we wrote."
        )
        raise SourceError(message, path=Path(name)) from None


def _description(table: Json) -> Description:
    schema = table["tableSchema"]
    start, _, name = schema["aboutUrl"].partition("{")
    (kind_of_rows,) = (each for each in schema["columns"] if each.get("virtual"))
    columns = tuple(_read_column(each) for each in schema["columns"] if not each.get("virtual"))
    if name != "identifier}" or columns[0].name != "identifier" or not start.startswith(THING):
        raise ValueError("its rows have no identifier of ours")
    return Description(
        cls=NamedNode(kind_of_rows["valueUrl"]),
        kind=start.removeprefix(THING).strip("/"),
        label=str(table.get("dc:title", "")),
        help=str(table.get("dc:description", "")),
        columns=columns,
    )


def _read_column(described: Json) -> Column:
    titles = described.get("titles", described["name"])
    headings = [titles] if isinstance(titles, str) else list(titles)
    marked = headings[0].endswith(REQUIRED_MARK)
    datatype = described.get("datatype", "string")
    column = Column(
        name=described["name"],
        titles=tuple(dict.fromkeys(each.removesuffix(REQUIRED_MARK) for each in headings)),
        path=NamedNode(described["propertyUrl"]) if "propertyUrl" in described else None,
        language=described.get("lang"),
        separator=described.get("separator"),
        is_required=bool(described.get("required")),
        is_marked=marked,
        minimum=int(described.get(_MINIMUM, 0)),
        help=str(described.get("dc:description", "")),
        classes=tuple(NamedNode(each["@id"]) for each in described.get(_CLASS, ())),
        choices=tuple(_read_choice(each) for each in described.get(_IN, ())),
        datatypes=tuple(NamedNode(each["@id"]) for each in described.get(_DATATYPE, ())),
        patterns=tuple(described.get(_PATTERN, ())),
    )
    return _with_kind(column, datatype)


def _read_choice(value: Mapping[str, str]) -> NamedNode | Literal:
    return NamedNode(value["@id"]) if "@id" in value else Literal(value["@value"])


def _with_kind(column: Column, datatype: object) -> Column:
    kinds = {base: kind for kind, base in _BASES.items()}
    found = kinds.get(datatype) if isinstance(datatype, str) else None
    ways: Sequence[tuple[bool, Kind]] = (
        (column.path is None, Kind.CODE),
        (bool(column.choices), Kind.CHOICE),
        (bool(column.classes), Kind.ENTITY),
        (column.language is not None, Kind.TEXT),
        (datatype == _DATES, Kind.DATE),
        (found is not None, found or Kind.OTHER),
        (bool(column.datatypes), Kind.CODE),
    )
    return replace(column, kind=next((kind for fits, kind in ways if fits), Kind.ENTITY))
