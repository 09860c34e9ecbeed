"""`gcm serve`: for those who publish."""

import gc
import logging
import os
from contextlib import nullcontext
from pathlib import Path

import click

from gcm.cli.options import (
    chosen_sources,
    desk_option,
    examples,
    opened_desk,
    ready_version,
    source_options,
    store_option,
)
from gcm.errors import ServerError
from gcm.limits import read_limits
from gcm.remote import Endpoint


@click.command(epilog=examples("gcm serve", "gcm serve --data my-data --port 8080 --workers 2"))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free port."
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Server processes.")
@click.option("--no-validate", is_flag=True, help="Serve even if the files break rules.")
@source_options
@desk_option
@store_option
def serve(
    host: str,
    port: int,
    workers: int,
    no_validate: bool,
    data: tuple[Path, ...],
    only_data: bool,
    desk: Path | None,
    store: Path | Endpoint,
) -> None:
    """Build the graph if need be, and serve its pages, its data and its SPARQL endpoint.

    With a remote store, serve what `gcm load` has put there. With a desk, curators who have a token (`gcm
    token add`) propose changes, and publish those of others.
    """
    from gcm.web.serve import claim_port
    from gcm.web.serve import serve as run

    read_limits(os.environ)  # a setting without meaning, like a taken port, is told before the build
    free = claim_port(host, port)
    if isinstance(store, Endpoint):  # it is loaded by `gcm load`, with the right to write
        if desk:
            raise ServerError("Proposals are published into files here; leave --desk out for a remote store.")
        own = None
    else:
        own = opened_desk(desk, store, data, only_data)
        with own.lock().held() if own else nullcontext():
            ready_version(chosen_sources(data, only_data), store, validates=not no_validate)
    _log_requests()
    gc.freeze()  # server processes are forked from here: collections leave alone what they share
    run(store, host=host, port=free, workers=workers, desk=own)


def _log_requests() -> None:
    """Write one line for each request, and nothing before it: the line says the time itself."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    requests = logging.getLogger("gcm.web.record")
    requests.addHandler(handler)
    requests.propagate = False
    logging.getLogger("gcm").setLevel(logging.INFO)
