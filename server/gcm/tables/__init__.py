"""Tables: templates from shapes, tables as statements with their cells, things as filled-in templates."""

from gcm.tables.csvw import from_json as read_description
from gcm.tables.description import Column, Description, describe_table
from gcm.tables.files import write_description, write_export, write_template
from gcm.tables.mending import Mender, apply_to_workbook, read_cells
from gcm.tables.problem import Problem
from gcm.tables.reading import TableReading, TableStatement, read_table
from gcm.tables.surroundings import Surroundings
from gcm.tables.writing import Rows, Things, rows_of_things, things_of

__all__ = [
    "Column",
    "Description",
    "Mender",
    "Problem",
    "Rows",
    "Surroundings",
    "TableReading",
    "TableStatement",
    "Things",
    "apply_to_workbook",
    "describe_table",
    "read_cells",
    "read_description",
    "read_table",
    "rows_of_things",
    "things_of",
    "write_description",
    "write_export",
    "write_template",
]
