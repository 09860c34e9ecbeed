"""`gcm fmt`: for those who write the files."""

from collections.abc import Iterable
from pathlib import Path

import click

from gcm.cli.files import replace_file
from gcm.cli.options import examples
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
    replace_file(path, written.encode())
    comments = count_comments(text)
    click.echo(f"{path}: written" + (f", without its comments ({comments})" if comments else ""))
    return True
