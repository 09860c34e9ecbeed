"""`gcm fmt` and `gcm validate`: for those who write the files."""

from collections.abc import Iterable
from pathlib import Path

import click

from gcm.cli.options import ProgressLine, chosen_sources, examples, source_options
from gcm.errors import SourceError
from gcm.layout import graph_root

_FILES = click.Path(path_type=Path)


@click.command(epilog=examples("gcm fmt data/pledges.ttl", "gcm fmt --check data"))
@click.argument("paths", nargs=-1, type=_FILES)
@click.option("--check", is_flag=True, help="Change nothing; name the files that are not in canonical form.")
@click.pass_context
def fmt(context: click.Context, paths: tuple[Path, ...], check: bool) -> None:
    """Write Turtle files in their canonical form.

    PATHS are files or folders; without any, the ontology, shapes and data of the graph. The same graph is
    always written with the same bytes. Comments do not survive: say what is worth keeping with
    skos:editorialNote.
    """
    folders = [graph_root() / name for name in ("ontology", "shapes", "data")]
    well = [_format_file(path, check=check) for path in _turtle_files(paths or folders)]
    context.exit(0 if all(well) else 1)


def _turtle_files(paths: Iterable[Path]) -> list[Path]:
    return [file for path in paths for file in (sorted(path.rglob("*.ttl")) if path.is_dir() else [path])]


def _format_file(path: Path, *, check: bool) -> bool:
    """Format one file, or only check it; tell whether all is well with it."""
    from gcm.turtle import canonical_text, count_comments, read_text

    try:
        text = read_text(path)
        written = canonical_text(text, path=path)
    except SourceError as error:
        click.echo(str(error), err=True)
        return False
    if written == text:
        return True
    if check:
        click.echo(f"{path}: not in canonical form; write it with: gcm fmt {path}", err=True)
        return False
    _replace(path, written)
    comments = count_comments(text)
    click.echo(f"{path}: written" + (f", without its comments ({comments})" if comments else ""))
    return True


def _replace(path: Path, text: str) -> None:
    """Write a file so that a crash leaves either the old text or the new one."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.chmod(path.stat().st_mode & 0o777)
        beside.replace(path)
    except OSError as error:
        raise SourceError(
            f"the file cannot be written ({error.strerror}); check its folder.", path=path
        ) from None


@click.command(epilog=examples("gcm validate my.ttl", "gcm validate --format json data/pledges.ttl"))
@click.argument("files", nargs=-1, type=_FILES)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@source_options
@click.pass_context
def validate(
    context: click.Context, files: tuple[Path, ...], form: str, data: tuple[Path, ...], only_data: bool
) -> None:
    """Check files against the shapes and checks of the graph.

    FILES (Turtle, N-Triples or RDF/XML) are checked in the context of the graph, so that they can speak of
    its States, objectives and documents; without any, the whole graph is checked. Each result names the file
    and line, says what to do, and names the rule. Exit code 1 if anything must be mended; warnings are
    allowed.
    """
    from gcm.cli.report import echo_json, echo_report, summary
    from gcm.validate import validate as check

    with ProgressLine() as progress:
        report = check(chosen_sources(data, only_data), files, progress=progress)
    (echo_json if form == "json" else echo_report)(report)
    click.echo(summary(report, progress.seconds), err=True)
    context.exit(0 if report.conforms else 1)
