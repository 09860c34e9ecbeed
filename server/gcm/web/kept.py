"""Answers that are kept ready: what has been asked before of the same version is answered at once.

An answer with a validator rests on nothing but the version, the request line and the header fields. So it may
be given again to whoever sends the same, and stands in front of the application.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from gcm.web.exchange import Message, write_fields
from gcm.web.manner import Manner
from gcm.web.record import Record
from gcm.web.versions import Stamp

#: Longer answers, in bytes, are made each time; and how many bytes are kept in all.
LONGEST_BYTES, KEPT_BYTES = 65_536, 33_554_432

#: What an answer takes beside its body and what was asked, in bytes.
_OWN_BYTES = 3_000

#: Times that the request is held: in the key, and in the header fields of the answer.
_REPEATED = 4


class Whole(NamedTuple):
    """An answer that is there; `record` is what was written down when it was made.

    `head` holds its header fields, as lines. It `has_validator` if it may be given again.
    """

    status: int
    head: bytes
    body: bytes
    record: Record
    has_validator: bool


class Key(NamedTuple):
    """All that an answer rests on: the versions, and the path, query and header fields of the request."""

    stamp: Stamp
    request: tuple[bytes, bytes, tuple[bytes, ...]]
    size: int


def whole_of(status: int, fields: Sequence[tuple[bytes, bytes]], body: bytes, record: Record) -> Whole:
    """Describe an answer by its header fields."""
    names = {name for name, _ in fields}
    is_private = (b"cache-control", b"no-store") in fields or b"set-cookie" in names
    return Whole(status, write_fields(fields), body, record, b"etag" in names and not is_private)


class KeptAnswers:
    """The answers to requests that came lately; the longest unused goes first. For one thread only.

    `stamp` gives what changes with the versions: then all is forgotten.
    """

    def __init__(self, stamp: Callable[[], Stamp | None], *, at_most: int = KEPT_BYTES) -> None:
        self._stamp = stamp
        self._at_most = at_most
        self._seen: Stamp | None = None
        self._kept: OrderedDict[object, tuple[Whole, int]] = OrderedDict()  # with what each takes, in bytes
        self._bytes = 0

    def key(self, scope: Message, manner: Manner) -> Key | None:
        """Give what the answer to a request rests on; None if it cannot be kept."""
        if scope["method"] != "GET":
            return None
        stamp = self._stamp()
        if stamp != self._seen:
            self._kept.clear()
            self._seen, self._bytes = stamp, 0
        if stamp is None:
            return None
        path, query = scope["raw_path"], scope["query_string"]
        return Key(stamp, (path, query, manner.weighty), len(path) + len(query) + manner.size)

    def find(self, key: Key) -> Whole | None:
        """Find the answer to a request that came before."""
        found = self._kept.get(key.request)
        if found is None:
            return None
        self._kept.move_to_end(key.request)
        return found[0]

    def keep(self, key: Key, answer: Whole) -> None:
        """Keep an answer, if it has a validator, is short, and is of the newest version, now as then."""
        if key.stamp != self._seen or key.stamp.newest != answer.record.version or not _is_lasting(answer):
            return
        size = len(answer.head) + len(answer.body) + _OWN_BYTES + _REPEATED * key.size
        _, before = self._kept.pop(key.request, (None, 0))
        self._kept[key.request] = answer, size
        self._bytes += size - before
        while self._bytes > self._at_most:
            self._bytes -= self._kept.popitem(last=False)[1][1]


def _is_lasting(answer: Whole) -> bool:
    return answer.has_validator and answer.status in {200, 304} and len(answer.body) <= LONGEST_BYTES
