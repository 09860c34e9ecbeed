"""Files that clients send: at which addresses, how large, how long they may take, and how many at once.

Everything here runs on the event loop of one server process, so nothing is locked.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from gcm.errors import LimitError
from gcm.limits import Limits

#: Addresses to which files are sent; all other bodies are short.
_ADDRESSES = frozenset({"/proposals", "/validate"})


def is_upload(path: str, method: str) -> bool:
    """Tell whether a request may bring files."""
    return method == "POST" and path in _ADDRESSES


def body_limit(path: str, method: str) -> str:
    """Name the limit of a request's body."""
    return "upload_bytes" if is_upload(path, method) else "body_bytes"


class Uploads:
    """The uploads that are being read and worked on: each holds its bytes in memory."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._of_client: Counter[str] = Counter()

    @contextmanager
    def room(self, client: str) -> Iterator[None]:
        """Count an upload for as long as it takes. Raises LimitError if there are too many."""
        if self._of_client[client] >= self._limits.client_uploads:
            message = "You are sending other files at the same time. Wait until they are answered."
            raise LimitError(message, limit="client_uploads")
        if self._of_client.total() >= self._limits.uploads:
            message = "Others are sending files at the same time. Try again in some seconds."
            raise LimitError(message, limit="uploads")
        self._of_client[client] += 1
        try:
            yield
        finally:
            self._of_client[client] -= 1
            self._of_client += Counter()  # which forgets those that have none
