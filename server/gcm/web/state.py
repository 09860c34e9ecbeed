"""How the server is: for those who watch over it. None of these answers waits for a query."""

from collections.abc import Iterator

from flask import Response, current_app

from gcm.errors import BackendError, StoreError
from gcm.web.metrics import CONTENT_TYPE, Metrics, write_family, write_pool
from gcm.web.versions import Serving, site


def show_health() -> Response:
    """Say that the process answers."""
    return _plain("The server answers.\n")


def show_readiness() -> Response:
    """Say whether questions can be answered: a version is open, and a worker runs queries on it."""
    try:
        serving = site().serving()
    except BackendError:
        return _plain("The remote store does not answer.\n", status=503)
    except StoreError:
        return _plain("There is no version of the graph to serve. Build one: gcm load.\n", status=503)
    if not serving.pool.is_answering():
        if site().is_remote:
            return _plain("The remote store does not answer; what is remembered is served.\n", status=503)
        reason = f"Version {serving.version.id} is open, but no worker can read it. Build it again: gcm load."
        return _plain(reason + "\n", status=503)
    return _plain(f"Version {serving.version.id} is served.\n")


def show_metrics() -> Response:
    """Give the counts of this process."""
    metrics = current_app.extensions["gcm.metrics"]
    assert isinstance(metrics, Metrics)  # create_app puts nothing else there
    lines = [*metrics.write(), *_write_version()]
    response = _plain("\n".join(lines) + "\n")
    response.content_type = CONTENT_TYPE
    return response


def _write_version() -> Iterator[str]:
    try:
        serving: Serving | None = site().serving()
    except (BackendError, StoreError):
        serving = None
    labels = {"version": serving.version.id} if serving else {"version": ""}
    help_text = "1 for the version that is served, 0 if there is none."
    yield from write_family("gcm_version_info", "gauge", help_text, [(labels, int(serving is not None))])
    if serving is not None:
        triples = "Statements of the version that is served."
        yield from write_family("gcm_version_triples", "gauge", triples, [({}, serving.version.triples)])
        yield from write_pool(serving.pool)


def _plain(text: str, *, status: int = 200) -> Response:
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "5"} if status == 503 else {})
    return Response(text, status=status, content_type="text/plain; charset=utf-8", headers=headers)
