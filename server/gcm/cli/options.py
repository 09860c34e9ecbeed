"""What several commands share: their options, their progress line, and a version that is ready to be read."""

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gcm.layout import Sources, find_sources, graph_root
from gcm.limits import read_limits
from gcm.load import Version, build, is_built
from gcm.remote import Endpoint, is_remote, read_endpoint

if TYPE_CHECKING:
    from gcm.desk import Desk
    from gcm.load.upload import Sent

Command = TypeVar("Command", bound=Callable[..., Any])  # Any: click's decorators take every function

_FOLDER = click.Path(path_type=Path, file_okay=False)


class _Place(click.ParamType[Path | Endpoint]):
    """A folder, or an address: what GCM_STORE names."""

    name = "place"

    def convert(
        self, value: str | Path | Endpoint, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path | Endpoint:
        """Read the address of a remote store; anything else is a folder."""
        if isinstance(value, Endpoint):
            return value
        if isinstance(value, str) and is_remote(value):
            return read_endpoint(value, os.environ)
        return Path(_FOLDER.convert(value, param, ctx))


def examples(*lines: str) -> str:
    """Write the example lines that end the help of a command."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def source_options(command: Command) -> Command:
    """Add --data and --only-data."""
    only = click.option(
        "--only-data", is_flag=True, help="Use the folders of --data instead of our own data."
    )
    data = click.option(
        "--data",
        multiple=True,
        type=_FOLDER,
        metavar="DIR",
        help="A folder of Turtle files beside ours; repeatable.",
    )
    return data(only(command))


def store_option(command: Command) -> Command:
    """Add --store."""
    return click.option(
        "--store",
        type=_Place(),
        metavar="DIR|URL",
        envvar="GCM_STORE",
        default=".gcm",
        show_default=True,
        show_envvar=True,
        help="The folder of built versions, or the SPARQL endpoint of a remote store.",
    )(command)


def desk_option(command: Command) -> Command:
    """Add --desk."""
    return click.option(
        "--desk",
        type=_FOLDER,
        metavar="DIR",
        envvar="GCM_DESK",
        show_envvar=True,
        help="The folder of tokens and proposals; without it, nobody can propose anything.",
    )(command)


def opened_desk(folder: Path | None, store: Path, data: tuple[Path, ...], only_data: bool) -> "Desk | None":
    """Open the desk in a folder; its new datasets come into the last folder of --data, or into ours.

    What a killed process has left undone is finished. Raises ConflictError if files were changed meanwhile.
    """
    if folder is None:
        return None
    from gcm.desk import Desk

    desk = Desk(
        folder.resolve(),
        sources=partial(chosen_sources, tuple(each.resolve() for each in data), only_data),
        store=store.resolve(),
        data=(data[-1] if data else graph_root() / "data").resolve(),
        kept=int(read_limits(os.environ).kept_versions),
    )
    desk.recover()
    return desk


def chosen_sources(data: tuple[Path, ...], only_data: bool) -> Sources:
    """Find the files that --data and --only-data choose. Raises SourceError if a folder has none."""
    if only_data and not data:
        raise click.UsageError("--only-data needs at least one --data DIR.")
    return find_sources(graph_root(), data=data, with_own_data=not only_data)


def ready_version(sources: Sources, store: Path, *, validates: bool = True) -> Version:
    """Build the version of these sources if it is not there, after checking them.

    Leaves the program with 1 if they break rules.
    """
    with ProgressLine() as progress:
        if validates and not is_built(sources, store):
            _check(sources, progress)
        return build(sources, store, progress=progress, kept=int(read_limits(os.environ).kept_versions))


def loaded_version(sources: Sources, endpoint: Endpoint, *, validates: bool = True) -> "Sent":
    """Load the version of these sources into a remote store, after checking them.

    Leaves the program with 1 if they break rules.
    """
    from gcm.load.upload import upload
    from gcm.remote.wire import Wire

    with ProgressLine() as progress:
        if validates:
            _check(sources, progress)
        return upload(sources, Wire(endpoint), limits=read_limits(os.environ), progress=progress)


def _check(sources: Sources, progress: "ProgressLine") -> None:
    from gcm.validate.run import validate  # not above: it takes 0.3 s, and a version that is there needs none

    report = validate(sources, progress=progress)
    if not report.conforms:
        from gcm.cli.report import echo_report

        progress.clear()
        echo_report(report)
        click.echo("Not built: mend the violations first, or see them in place with --no-validate.", err=True)
        raise click.exceptions.Exit(1)


class ProgressLine:
    """Says on stderr what is going on: one line that changes on a terminal, plain lines elsewhere."""

    def __init__(self) -> None:
        """Start the clock."""
        self._stream = sys.stderr
        self._started = time.monotonic()

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def __call__(self, text: str) -> None:
        """Say what is going on now."""
        if self._stream.isatty():
            click.echo(f"\r\x1b[K{self.seconds:5.1f} s  {text}", nl=False, err=True)
        else:
            click.echo(text, err=True)

    @property
    def seconds(self) -> float:
        """The seconds since the start."""
        return time.monotonic() - self._started

    def clear(self) -> None:
        """Remove the line from a terminal."""
        if self._stream.isatty():
            click.echo("\r\x1b[K", nl=False, err=True)
