"""The example row of a template: what a filled-in row looks like, marked so that it is never read."""

from collections.abc import Mapping

from gcm.fields import Kind
from gcm.fields.names import Names
from gcm.tables.description import Column, Description
from gcm.tables.writing import Things, rows_of_things

#: What stands in the place of the identifier.
MARK = "EXAMPLE (this row is not read)"

_SHOWN: Mapping[Kind, str] = {
    Kind.DATE: "2024-03-15",
    Kind.NUMBER: "1250",
    Kind.YES_NO: "true",
    Kind.ADDRESS: "https://example.org/page",
    Kind.DURATION: "P18M",
    Kind.TEXT: "Text",
    Kind.CODE: "CODE-1",
}


def example_row(description: Description, things: Things, names: Names) -> tuple[str, ...]:
    """Give the thing of which most is said as a row; where there is none, a value of the right kind each."""
    if not things:
        return (MARK, *(_shown(column, names) for column in description.columns[1:]))
    fullest = max(things, key=lambda each: (len(things[each]), each.value))
    written = rows_of_things({fullest: things[fullest]}, description, names)
    cells = dict(zip((each.name for each in written.description.columns), written.rows[0], strict=True))
    return (MARK, *(cells[column.name] for column in description.columns[1:]))


def _shown(column: Column, names: Names) -> str:
    if not column.has_things:
        return _SHOWN.get(column.kind, "") if column.is_marked else ""
    there = names.members(column.classes) if column.classes else ()
    return names.title_of(there[0]) if there and column.minimum else ""
