"""A query as the SPARQL 1.1 Protocol sends it."""

from urllib.parse import urlencode

from gcm.remote.dialect import Dialect
from gcm.remote.graphs import Dataset
from gcm.remote.wire import Request


def request_of(text: str, dataset: Dataset, dialect: Dialect, wanted: str, seconds: float) -> Request:
    """Make the request for a query (SPARQL 1.1 Protocol section 2.1.2), with its time if that can be said."""
    pairs = [("query", text), *dataset.parameters(), *dialect.parameters(seconds)]
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": wanted}
    return Request("", body=urlencode(pairs).encode("ascii"), headers=headers)
