"""`gcm load`: for those who publish."""

from contextlib import nullcontext
from pathlib import Path

import click

from gcm.cli.options import (
    chosen_sources,
    desk_option,
    examples,
    loaded_version,
    opened_desk,
    ready_version,
    source_options,
    store_option,
)
from gcm.remote import Endpoint


@click.command(epilog=examples("gcm load", "gcm load --data my-data --store /srv/gcm"))
@click.option("--no-validate", is_flag=True, help="Build even if the files break rules.")
@source_options
@desk_option
@store_option
def load(
    no_validate: bool,
    data: tuple[Path, ...],
    only_data: bool,
    desk: Path | None,
    store: Path | Endpoint,
) -> None:
    """Check all files and build one immutable version of the graph from them.

    A server that follows the folder of versions takes the new one up by itself. If anything must be mended,
    or if the build is interrupted, the version before stays. The same files make the same version, built
    once. Into a remote store, only graphs that changed are sent.
    """
    if isinstance(store, Endpoint):
        sent = loaded_version(chosen_sources(data, only_data), store, validates=not no_validate)
        click.echo(f"Version {sent.id} is current in {store}; graphs that were sent: {sent.graphs}")
        return
    own = opened_desk(desk, store, data, only_data)
    with own.lock().held() if own else nullcontext():  # no server publishes half of something meanwhile
        version = ready_version(chosen_sources(data, only_data), store, validates=not no_validate)
    click.echo(f"Version {version.id} is current in {store}")
