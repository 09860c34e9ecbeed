"""`gcm validate`: for those who write the files, their editors, hooks and pipelines."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gcm.cli.files import read_header
from gcm.cli.options import ProgressLine, chosen_sources, examples, source_options
from gcm.errors import QueryError, SourceError
from gcm.given import Given, Place, TableAbout
from gcm.layout import Sources
from gcm.vocab import KINDS, expand

if TYPE_CHECKING:
    from gcm.validate import Options, Result
    from gcm.validate.render import Checked

#: What stands for standard input, and what it is called in reports where nobody names it.
_STDIN, _STDIN_NAME = "-", "standard input"

_FORMS = ("text", "json", "csv", "turtle", "sarif", "junit", "html")


@dataclass(frozen=True)
class Task:
    """What is to be checked, and how."""

    sources: Sources
    files: tuple[Path, ...]
    options: "Options"
    about: TableAbout | None = None
    stdin_name: str = _STDIN_NAME


@click.command(
    epilog=examples(
        "gcm validate my.ttl",
        "gcm validate --fix my.ttl",
        "gcm validate --format sarif *.ttl > gcm.sarif",
        "gcm validate pledges.xlsx --as pledge --header header.ttl",
        "cat my.ttl | gcm validate - --stdin-name my.ttl",
    )
)
@click.argument(
    "files",
    nargs=-1,
    metavar="[FILES|-]...",
    type=click.Path(path_type=Path, allow_dash=True, readable=False),
)
@click.option("--format", "form", type=click.Choice(_FORMS), default="text", show_default=True)
@click.option("--fix", is_flag=True, help="Show the suggested fixes as a difference, and ask.")
@click.option("--yes", is_flag=True, help="With --fix: do not ask.")
@click.option(
    "--profile",
    type=click.Choice(["strict", "draft"]),
    default="strict",
    show_default=True,
    help="draft: what is missing is a warning.",
)
@click.option(
    "--shape", "shapes", multiple=True, metavar="NAME", help="Only this shape or check; repeatable."
)
@click.option("--node", "nodes", multiple=True, metavar="IRI", help="Only this thing; repeatable.")
@click.option("--as", "kind", metavar="KIND", help="What rows of tables are, as for `gcm template`: pledge.")
@click.option(
    "--header",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The header of a table’s dataset, in Turtle.",
)
@click.option("--stdin-name", default=_STDIN_NAME, metavar="NAME", help="What standard input is called.")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="auto: on a terminal."
)
@source_options
@click.pass_context
def validate(
    context: click.Context,
    files: tuple[Path, ...],
    form: str,
    fix: bool,
    yes: bool,
    profile: str,
    shapes: tuple[str, ...],
    nodes: tuple[str, ...],
    kind: str | None,
    header: Path | None,
    stdin_name: str,
    color: str,
    data: tuple[Path, ...],
    only_data: bool,
) -> None:
    """Check files against the shapes and checks of the graph.

    FILES (Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD, CSV, XLSX) are checked in the context of the
    graph, so that they can speak of its States, objectives and documents; without any, the whole graph is
    checked. Each result names file, line and column, says what to do, and names the rule. Exit code 1 if
    anything must be mended; warnings are allowed.
    """
    from gcm.cli.mending import offer_fixes
    from gcm.cli.report import is_coloured, shown_path, summary
    from gcm.validate import Options

    if fix and (not files or Path(_STDIN) in files):
        raise click.UsageError("--fix needs files that it can write; name them.")
    options = Options(profile, tuple(map(_iri, shapes)), tuple(map(_node, nodes)), with_datasets=False)
    sources = chosen_sources(data, only_data)
    about = TableAbout(_kind(kind, sources), read_header(header) if header else "") if kind else None
    shown = tuple(dict.fromkeys(Path(shown_path(path)) for path in files))
    task = Task(sources, shown, options, about, stdin_name)
    with ProgressLine() as progress:
        try:
            checked, given = run(task, progress)
        except QueryError as error:
            raise click.UsageError(str(error)) from None
        if fix and offer_fixes(checked, given, asks=not yes, clear=progress.clear):
            checked, _ = run(task, progress)
    _echo(checked, form, is_coloured=is_coloured(color))
    click.echo(summary(checked.report, progress.seconds), err=True)
    context.exit(0 if checked.report.conforms else 1)


def run(task: Task, progress: ProgressLine) -> "tuple[Checked, tuple[Given, ...]]":
    """Check what was given, the whole graph if that is nothing; give also the files as they were read."""
    from gcm.cli.report import Texts, relative
    from gcm.validate import Report
    from gcm.validate.context import Context
    from gcm.validate.render import Checked
    from gcm.validate.run import check
    from gcm.validate.run import validate as validate_paths

    given, unreadable = _read(task)
    if task.about is None and Path(_STDIN) not in task.files:
        report = validate_paths(task.sources, task.files, options=task.options, progress=progress)
    else:
        around = Context.of_sources(task.sources)
        outcome = check(given, around, options=task.options, progress=progress)
        report = Report((*unreadable, *outcome.report.results))
    return Checked(relative(report), tuple(each.name for each in given), Texts(given).find), given


def _echo(checked: "Checked", form: str, *, is_coloured: bool) -> None:
    from gcm.validate.render import RENDERINGS, write_text

    if form == "text":
        click.echo(write_text(checked, is_coloured=is_coloured), nl=False, color=is_coloured)
    else:
        click.echo(RENDERINGS[form].write(checked).encode("utf-8", "replace"), nl=False)


def _read(task: Task) -> "tuple[tuple[Given, ...], tuple[Result, ...]]":
    """Read the files; one that cannot be read is a result like any other."""
    from gcm.validate.report import Result, problem

    given, unreadable = list[Given](), list[Result]()
    for path in task.files:
        try:
            given.append(_read_one(path, task))
        except SourceError as error:
            unreadable.append(problem(error.reason, Place(str(path), error.line)))
    return tuple(given), tuple(unreadable)


def _read_one(path: Path, task: Task) -> Given:
    from gcm.syntax import form_of
    from gcm.turtle import read_bytes

    is_stdin = str(path) == _STDIN
    name = task.stdin_name if is_stdin else str(path)
    data = sys.stdin.buffer.read() if is_stdin else read_bytes(path)
    form = form_of(name, None, data)
    return Given(name, data, form, task.about if form.is_table else None)


def _kind(name: str, sources: Sources) -> str:
    """Take the name of a kind, in addresses (`report`) or of its table (`voluntary-report`)."""
    from gcm.fields import read_fields

    if name not in KINDS and name not in read_fields(sources).forms:
        raise click.BadParameter(
            f"There is no kind {name!r}; take one of {', '.join(KINDS)}.", param_hint="--as"
        )
    return name


def _node(written: str) -> str:
    from pyoxigraph import NamedNode

    try:
        return NamedNode(_iri(written)).value
    except ValueError:
        raise click.BadParameter(f"{written!r} is no IRI.", param_hint="--node") from None


def _iri(written: str) -> str:
    """Read an IRI that may be written with one of our prefixes; a name of a check stays what it is."""
    found = expand(written)
    return found.value if found else written
