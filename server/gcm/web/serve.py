"""The application as a server, in processes of their own."""

import asyncio
import errno
import gc
import logging
import os
import resource
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing import parent_process
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import uvloop
from flask import Flask

from gcm.errors import BackendError, ServerError, StoreError
from gcm.limits import Limits, read_limits
from gcm.load import Version, current
from gcm.remote import Endpoint
from gcm.web import create_app
from gcm.web.bridge import Bridge
from gcm.web.clients import Network, read_proxies
from gcm.web.kept import KeptAnswers
from gcm.web.listening import answer
from gcm.web.metrics import Metrics
from gcm.web.preparing import prepare
from gcm.web.quick import Quick
from gcm.web.reception import Reception
from gcm.web.record import Lines, Record
from gcm.web.supervisor import Supervisor
from gcm.web.versions import Site, site
from gcm.web.warming import keep_warm

if TYPE_CHECKING:
    from gcm.desk import Desk

log = logging.getLogger(__name__)

#: Threads of a process for what is cheap: pages, documents, what is already computed. Those that wait for
#: queries come on top, so that these are always free.
_THREADS = 32

#: When it is looked for objects that hold each other and nobody else does: after so many new ones, after so
#: many such looks also among what was left, after so many of these among all. As Python has it (700, 10, 10)
#: answers that are kept would be gone through again and again; with longer pauses a look takes milliseconds.
_GARBAGE = 2_000, 10, 500

#: Versions on which queries can be running at the same time, while one after the other is taken up.
_VERSIONS = 4


def claim_port(host: str, port: int) -> int:
    """Find out that `port` is free; 0 chooses one that is.

    Raises ServerError if it is taken, or if `host` is no address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen()  # taken ports are sometimes noticed only here
        except (OSError, OverflowError) as error:
            raise ServerError(_explain(error, host, port)) from error
        chosen: int = listener.getsockname()[1]
        return chosen


def serve(place: Path | Endpoint, *, host: str, port: int, workers: int, desk: "Desk | None" = None) -> None:
    """Serve the current version of a folder of versions, or of a remote store, until interrupted.

    At `desk` curators propose and publish changes. Limits come from the environment. Raises ServerError if
    the port is taken, a limit has no meaning or server processes die too often, StoreError if there is no
    version.
    """
    limits, proxies = read_limits(os.environ), read_proxies(os.environ)
    version = place if isinstance(place, Endpoint) else current(place)
    claim_port(host, port)
    _allow_files()
    supervisor = Supervisor(
        partial(_work, _resolved(place), limits, proxies, desk),
        host=host,
        port=port,
        count=workers,
        restarts=limits.process_restarts,
        stop_seconds=limits.stop_seconds,
    )
    supervisor.run(partial(_announce, version, host, port))


def _allow_files() -> None:
    """Open as many files as the system allows: a thousand idle connections are not to be all there are."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # some systems allow fewer than they say
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _resolved(place: Path | Endpoint) -> Path | Endpoint:
    return place if isinstance(place, Endpoint) else place.resolve()


def _work(
    place: Path | Endpoint,
    limits: Limits,
    proxies: tuple[Network, ...],
    desk: "Desk | None",
    listener: socket.socket,
    answers: Callable[[], object],
) -> None:
    """Be a server process: open the first version, and serve until SIGTERM."""
    Thread(target=_end_with_parent, name="gcm-parent", daemon=True).start()
    app = _load(place, limits, desk)
    gc.set_threshold(*_GARBAGE)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(app, listener, limits=limits, proxies=proxies, answers=answers))


def _load(place: Path | Endpoint, limits: Limits, desk: "Desk | None") -> Flask:
    """Make the application, with its first version open before the first request."""
    if desk is not None:
        desk.build_apart()
    app = create_app(place, limits=limits, desk=desk)
    with app.app_context():
        site().on_open.append(prepare)
        if desk is not None and isinstance(place, Path):
            site().on_open.append(keep_warm(app.extensions["gcm.bench"], desk))
        try:
            site().serving()
        except (StoreError, BackendError) as error:  # what is missing may come back
            log.error("%s", error)
    return app


async def _serve(
    app: Flask,
    listener: socket.socket,
    *,
    limits: Limits,
    proxies: tuple[Network, ...],
    answers: Callable[[], object],
) -> None:
    lines = Lines(asyncio.get_running_loop().call_later)
    note = partial(_note, app.extensions["gcm.metrics"], lines)
    own: Site = app.extensions["gcm"]
    reception = Reception(
        Bridge(app, threads=_count_threads(limits), limits=limits),
        proxies=proxies,
        note=note,
        kept=KeptAnswers(own.stamp),
        quick=Quick(own, limits),
    )
    try:
        await answer(listener, reception.receive, limits=limits, begun=answers, note=note)
    finally:
        lines.write()


def _note(metrics: Metrics, lines: Lines, record: Record) -> None:
    record.take_time()
    metrics.count(record)
    lines.add(record.to_line())


def _count_threads(limits: Limits) -> int:
    """Count the threads of a process: each query holds one while it waits and until its answer has begun."""
    return _THREADS + int(limits.waiting_queries) + _VERSIONS * int(limits.worker_count)


def _end_with_parent() -> None:
    """End this process when the one that started it has been killed: its workers end with it."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(os.EX_UNAVAILABLE)


def _announce(version: Version | Endpoint, host: str, port: int) -> None:
    """Say where the server is."""
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    served = f"version {version.id}" if isinstance(version, Version) else f"the store at {version}"
    sys.stderr.write(f"Serving {served} at {address}  (Ctrl-C stops)\n")
    sys.stderr.flush()


def _explain(error: Exception, host: str, port: int) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use on {host}. Stop what uses it, or choose another with --port."
    return f"{host} port {port} cannot be listened on ({error}). Choose others with --host and --port."
