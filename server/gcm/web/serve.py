"""The application on a real server: granian, which runs it in processes of its own."""

import asyncio
import errno
import logging
import os
import resource
import socket
import sys
from contextlib import suppress
from functools import partial
from multiprocessing import parent_process
from multiprocessing.util import Finalize
from pathlib import Path
from threading import Thread

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels

from gcm.desk import Desk
from gcm.errors import BackendError, BrokenAnswerError, ServerError, StoreError
from gcm.limits import Limits, read_limits
from gcm.load import Version, current
from gcm.remote import Endpoint
from gcm.web import create_app
from gcm.web.bridge import Bridge
from gcm.web.clients import Network, read_proxies
from gcm.web.kept import KeptAnswers
from gcm.web.preparing import prepare
from gcm.web.quick import Quick
from gcm.web.record import Lines, Record
from gcm.web.supervisor import Supervisor, use_fork
from gcm.web.versions import Site, site
from gcm.web.warming import keep_warm

log = logging.getLogger(__name__)

#: Threads of a process for what is cheap: pages, documents, what is already computed. Those that wait for
#: queries come on top, so that these are always free.
_THREADS = 32

#: Versions on which queries can be running at the same time, while one after the other is taken up.
_VERSIONS = 4

#: Bytes of a request's first line and headers. The address alone may have 65,534: granian's HTTP library
#: takes no more and answers 414; a longer query is sent by POST.
_HEAD_BYTES = 131_072


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


def serve(place: Path | Endpoint, *, host: str, port: int, workers: int, desk: Desk | None = None) -> None:
    """Serve the current version of a folder of versions, or of a remote store, until interrupted.

    At `desk` curators propose and publish changes. Limits come from the environment. Raises ServerError if
    the port is taken, a limit has no meaning or server processes die too often, StoreError if there is no
    version.
    """
    limits, proxies = read_limits(os.environ), read_proxies(os.environ)
    version = place if isinstance(place, Endpoint) else current(place)
    claim_port(host, port)
    _allow_files()
    use_fork()
    server = Supervisor(
        "gcm.web.serve",
        restarts=limits.process_restarts,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        http1_settings=_http_settings(limits),
        log_level=LogLevels.error,
        workers_kill_timeout=max(1, round(limits.stop_seconds)),
    )
    heard, told = os.pipe()  # an Event of multiprocessing would stay locked if a process dies in the middle
    Thread(target=_announce, args=(version, host, port, heard), daemon=True).start()
    server.run(partial(_load, _resolved(place), limits, proxies, told, desk))


def _allow_files() -> None:
    """Open as many files as the system allows: a thousand idle connections are not to be all there are."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # some systems allow fewer than they say
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _resolved(place: Path | Endpoint) -> Path | Endpoint:
    return place if isinstance(place, Endpoint) else place.resolve()


def _http_settings(limits: Limits) -> HTTP1Settings:
    milliseconds = max(1, round(limits.request_seconds * 1000))
    return HTTP1Settings(header_read_timeout=milliseconds, max_buffer_size=_HEAD_BYTES)


def _load(
    place: Path | Endpoint, limits: Limits, proxies: tuple[Network, ...], told: int, desk: Desk | None
) -> Bridge:
    """Make the application in a server process, with its first version open before the first request."""
    Thread(target=_end_with_parent, name="gcm-parent", daemon=True).start()
    for handler in logging.getLogger("_granian").handlers:
        handler.addFilter(_is_news)
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
    os.write(told, b".")
    os.close(told)
    metrics = app.extensions["gcm.metrics"]

    lines = Lines(lambda seconds, act: asyncio.get_running_loop().call_later(seconds, act))
    Finalize(None, lines.write, exitpriority=1)  # before the process ends

    def note(record: Record) -> None:
        record.take_time()
        metrics.count(record)
        lines.add(record.to_line())

    own: Site = app.extensions["gcm"]
    return Bridge(
        app,
        threads=_count_threads(limits),
        limits=limits,
        proxies=proxies,
        note=note,
        kept=KeptAnswers(own.stamp),
        quick=Quick(own, limits),
    )


def _is_news(entry: logging.LogRecord) -> bool:
    """Tell whether granian has more to say than that we broke a connection, which our own line says."""
    return BrokenAnswerError.__name__ not in entry.getMessage()


def _count_threads(limits: Limits) -> int:
    """Count the threads of a process: each query holds one while it waits and until its answer has begun."""
    return _THREADS + int(limits.waiting_queries) + _VERSIONS * int(limits.worker_count)


def _end_with_parent() -> None:
    """End this process when the one that started it has been killed: its workers end with it."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(os.EX_UNAVAILABLE)


def _announce(version: Version | Endpoint, host: str, port: int, heard: int) -> None:
    """Say where the server is, once a process has opened the version and answers."""
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    os.read(heard, 1)
    served = f"version {version.id}" if isinstance(version, Version) else f"the store at {version}"
    sys.stderr.write(f"Serving {served} at {address}  (Ctrl-C stops)\n")
    sys.stderr.flush()


def _explain(error: Exception, host: str, port: int) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use on {host}. Stop what uses it, or choose another with --port."
    return f"{host} port {port} cannot be listened on ({error}). Choose others with --host and --port."
