"""`gcm template`, `gcm import` and `gcm export`: for those who work with spreadsheets."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gcm.cli.files import read_header
from gcm.cli.options import chosen_sources, examples, source_options
from gcm.errors import SourceError
from gcm.given import SUFFIXES, Form, Given, Place, TableAbout
from gcm.layout import Sources
from gcm.limits import read_limits

if TYPE_CHECKING:
    from pyoxigraph import Triple

    from gcm.fields import FormShape
    from gcm.tables import Problem

_FORMS = {"xlsx": Form.XLSX, "csv": Form.CSV}
_FILE = click.Path(path_type=Path, dir_okay=False)

_output = click.option("--output", type=_FILE, metavar="FILE", help="Default: standard output.")
_format = click.option("--format", "form", type=click.Choice(list(_FORMS)), default="xlsx", show_default=True)


@click.command(
    epilog=examples("gcm template pledge --output pledges.xlsx", "gcm template event --format csv")
)
@click.argument("kind")
@_format
@_output
@source_options
def template(kind: str, form: str, output: Path | None, data: tuple[Path, ...], only_data: bool) -> None:
    """Write an empty table for things of a KIND, such as pledge, practice, voluntary-report or event.

    It has a column for each property, with its help, lists to choose from, an example row that is not read,
    and a sheet that explains.
    """
    from gcm.tables import things_of, write_template

    graph = _Graph(chosen_sources(data, only_data))
    shape = graph.form(kind)
    things = things_of(graph.data(None), shape.cls)
    _write(output, write_template(shape, graph.surroundings, things=things, to=_FORMS[form]))


@click.command(
    epilog=examples(
        "gcm export pledge --output pledges.xlsx",
        "gcm export event --format csv --dataset gcmd:regional-information-brief --output events.csv",
    )
)
@click.argument("kind")
@_format
@click.option("--dataset", metavar="IRI", help="Only what this data set says; gcmd:… is enough.")
@click.option("--description", type=_FILE, metavar="FILE", help="Write the CSVW metadata of the table there.")
@_output
@source_options
def export(
    kind: str,
    form: str,
    dataset: str | None,
    description: Path | None,
    output: Path | None,
    data: tuple[Path, ...],
    only_data: bool,
) -> None:
    """Write all things of a KIND as a filled-in template: change it, and import it again."""
    from gcm.tables import things_of, write_description, write_export

    graph = _Graph(chosen_sources(data, only_data))
    shape = graph.form(kind)
    wanted = graph.dataset(dataset) if dataset else ""
    if wanted and not graph.has(wanted):
        raise click.UsageError(
            f"There is no data set {dataset}. Name one as its file does, such as gcmd:sdg."
        )
    things = things_of(graph.data(wanted or None), shape.cls)
    written, rows = write_export(shape, graph.surroundings, things=things, to=_FORMS[form], dataset=wanted)
    for triple in rows.left_out:
        click.echo(f"left out, since no column can hold it: {triple}", err=True)
    if description:
        url = output.name if output else f"{shape.name}.csv"
        _write(description, write_description(rows.description, url=url).encode())
    _write(output, written)


@click.command(
    "import",
    epilog=examples(
        "gcm import pledges.xlsx --as pledge --source header.ttl --output data/my-pledges.ttl",
        "gcm import pledges.csv --source header.ttl",
    ),
)
@click.argument("table", type=_FILE)
@click.option(
    "--as", "kind", metavar="KIND", default="", help="What the rows are, if the table does not say."
)
@click.option(
    "--source",
    "header",
    type=_FILE,
    metavar="HEADER.ttl",
    required=True,
    help="The header of the data set: a Turtle file that says its title, source, licence.",
)
@click.option("--description", type=_FILE, metavar="FILE", help="CSVW metadata by which to read the table.")
@_output
@source_options
@click.pass_context
def import_table(
    context: click.Context,
    table: Path,
    kind: str,
    header: Path,
    description: Path | None,
    output: Path | None,
    data: tuple[Path, ...],
    only_data: bool,
) -> None:
    """Make Turtle of a filled-in TABLE (.xlsx, .csv, .tsv), by the same shapes.

    New rows get addresses by the rule of their class. Names and codes become the things that they mean; what
    cannot be understood, or means several things, is told at its cell, and nothing is written. Exit code 1 if
    anything must be mended.
    """
    from gcm.tables import read_description, read_table
    from gcm.turtle import read_text

    about = TableAbout(kind, read_header(header))
    form = _form_of(table)
    given = Given(str(table), _read(table), form, about)
    described = read_description(read_text(description), name=str(description)) if description else None
    graph = _Graph(chosen_sources(data, only_data))
    reading = read_table(given, graph.surroundings, limits=read_limits(os.environ), description=described)
    _tell(reading.problems)
    if not reading.is_sound:
        click.echo("Nothing is written: mend the violations first.", err=True)
        context.exit(1)
    _write(output, reading.turtle().encode())


def _tell(problems: "Iterable[Problem]") -> None:
    for each in problems:
        heading = f" [{each.place.heading}]" if each.place.heading else ""
        expected = f" {each.expected}" if each.expected else ""
        is_news = each.written is not None and each.written not in each.expected
        meant = f" Perhaps you mean {each.written}." if is_news else ""
        click.echo(
            f"{_where(each.place)}: {each.severity}{heading}: {each.message}{expected}{meant}", err=True
        )


def _where(place: Place) -> str:
    return f"{place.file}:{place.line}: {place.cell}" if place.line and place.cell else str(place)


def _form_of(path: Path) -> Form:
    form = SUFFIXES.get(path.suffix.lower())
    if form is None or not form.is_table:
        raise SourceError("a table ends in .xlsx, .csv or .tsv; save it as one of them.", path=path)
    return form


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"the file cannot be read ({error.strerror}).", path=path) from None


def _write(output: Path | None, content: bytes) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise SourceError(f"the file cannot be written ({error.strerror}).", path=output) from None


class _Graph:
    """The graph as its files have it."""

    def __init__(self, sources: Sources) -> None:
        from gcm.fields import read_fields
        from gcm.fields.names import Names
        from gcm.tables import Surroundings
        from gcm.turtle import read_triples

        self._sources = sources
        files = (*sources.ontology, *sources.data)
        self._read = {path: read_triples(path) for path in files}
        statements = [each.triple for read in self._read.values() for each in read]
        self.surroundings = Surroundings.of(read_fields(sources), Names(statements), statements)

    def form(self, kind: str) -> "FormShape":
        found = self.surroundings.form(kind)
        if found is None:
            known = ", ".join(sorted(self.surroundings.forms))
            raise click.UsageError(f"There is no kind “{kind}”. The kinds are: {known}.")
        return found

    def dataset(self, name: str) -> str:
        from gcm.vocab import expand

        found = expand(name)
        return found.value if found else name

    def data(self, dataset: str | None) -> "Iterable[Triple]":
        """Give the statements of one data set, or of all."""
        for path in self._sources.data:
            if dataset is None or self._is_of(path, dataset):
                yield from (each.triple for each in self._read[path])

    def has(self, dataset: str) -> bool:
        return any(self._is_of(path, dataset) for path in self._sources.data)

    def _is_of(self, path: Path, dataset: str) -> bool:
        from gcm.turtle import dataset_of

        return dataset_of(self._read[path], path=path).value == dataset
