"""Templates and exports as files: workbooks, text tables and their descriptions."""

from gcm.fields import FormShape
from gcm.given import Form
from gcm.tables.comma import write_text_table
from gcm.tables.csvw import to_json
from gcm.tables.description import Description, describe_table
from gcm.tables.example import example_row
from gcm.tables.surroundings import Surroundings
from gcm.tables.writing import Rows, Things, rows_of_things


def write_template(form: FormShape, surroundings: Surroundings, *, things: Things, to: Form) -> bytes:
    """Write an empty table of a class with an example row, which shows one of `things` if there are any."""
    description = describe_table(form)
    row = example_row(description, things, surroundings.names)
    return _written(description, (row,), surroundings, form=form, to=to, dataset="")


def write_export(
    form: FormShape, surroundings: Surroundings, *, things: Things, to: Form, dataset: str = ""
) -> tuple[bytes, Rows]:
    """Write things as a filled-in template; say also which rows that made, and what no column could hold.

    `dataset` is the IRI of the data set of which the things are, "" for several.
    """
    rows = rows_of_things(things, describe_table(form), surroundings.names)
    return _written(rows.description, rows.rows, surroundings, form=form, to=to, dataset=dataset), rows


def write_description(description: Description, *, url: str) -> str:
    """Write the metadata of the text table at `url`, by CSVW."""
    return to_json(description, url=url)


def _written(
    description: Description,
    rows: tuple[tuple[str, ...], ...],
    surroundings: Surroundings,
    *,
    form: FormShape,
    to: Form,
    dataset: str,
) -> bytes:
    if to is Form.XLSX:
        about = {
            "form": form.name,
            "class": form.cls.value,
            "ontology": surroundings.version,
            "dataset": dataset,
        }
        from gcm.tables.workbook import write_workbook  # not above: openpyxl takes a quarter of a second

        return write_workbook(description, rows, names=surroundings.names, about=about)
    return write_text_table([[each.heading for each in description.columns], *rows])
