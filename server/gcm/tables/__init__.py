"""Tables: templates from shapes, tables as statements with their cells, things as filled-in templates."""

from gcm.tables.description import Column, Description, describe_table
from gcm.tables.problem import Problem
from gcm.tables.reading import TableReading, TableStatement, read_table
from gcm.tables.surroundings import Surroundings
from gcm.tables.writing import Rows, Things, rows_of_things, things_of

__all__ = [
    "Column",
    "Description",
    "Problem",
    "Rows",
    "Surroundings",
    "TableReading",
    "TableStatement",
    "Things",
    "describe_table",
    "read_table",
    "rows_of_things",
    "things_of",
]
