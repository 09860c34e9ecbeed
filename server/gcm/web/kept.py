"""Answers that are kept ready: what has been asked before of the same version is answered at once.

An answer with a validator rests on nothing but the version, the request line and the header fields. So it may
be given again to whoever sends the same, and stands in front of the application.
"""

from collections import OrderedDict
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from gcm.web.record import Record
from gcm.web.versions import Stamp

Message = MutableMapping[str, Any]  # Any: ASGI messages hold text, bytes, numbers and lists

#: Fields on which no answer rests: they name the client, the request, or the page that led here.
_WITHOUT_EFFECT = frozenset({b"connection", b"origin", b"referer", b"user-agent", b"x-request-id"})

#: Longer answers, in bytes, are made each time; and how many bytes are kept in all.
LONGEST_BYTES, KEPT_BYTES = 65_536, 33_554_432

#: What an answer takes beside its body and what was asked, in bytes.
_OWN_BYTES = 3_000

#: Times that the request is held: in the key, and in the header fields of the answer.
_REPEATED = 4


@dataclass(frozen=True)
class Whole:
    """An answer that is there; `record` is what was written down when it was made."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes
    record: Record


@dataclass(frozen=True)
class Key:
    """All that an answer rests on."""

    stamp: Stamp
    request: tuple[bytes, ...]


class KeptAnswers:
    """The answers to requests that came lately; the longest unused goes first. For one thread only.

    `stamp` gives what changes with the versions: then all is forgotten.
    """

    def __init__(self, stamp: Callable[[], Stamp | None], *, at_most: int = KEPT_BYTES) -> None:
        self._stamp = stamp
        self._at_most = at_most
        self._seen: Stamp | None = None
        self._kept: OrderedDict[tuple[bytes, ...], Whole] = OrderedDict()
        self._bytes = 0

    def key(self, scope: Message) -> Key | None:
        """Give what the answer to a request rests on; None if it cannot be kept."""
        if scope["method"] != "GET":
            return None
        stamp = self._stamp()
        if stamp != self._seen:
            self._kept.clear()
            self._seen, self._bytes = stamp, 0
        fields = [each for each in scope["headers"] if each[0] not in _WITHOUT_EFFECT]
        asked = (scope["raw_path"], scope["query_string"], *(part for field in fields for part in field))
        return Key(stamp, asked) if stamp else None

    def find(self, key: Key) -> Whole | None:
        """Find the answer to a request that came before."""
        found = self._kept.get(key.request)
        if found is not None:
            self._kept.move_to_end(key.request)
        return found

    def keep(self, key: Key, answer: Whole) -> None:
        """Keep an answer, if it has a validator, is short, and is of the newest version, now as then."""
        if key.stamp != self._seen or key.stamp.newest != answer.record.version or not _is_lasting(answer):
            return
        before = self._kept.get(key.request)
        self._bytes += _size(key.request, answer) - (_size(key.request, before) if before else 0)
        self._kept[key.request] = answer
        while self._bytes > self._at_most:
            self._bytes -= _size(*self._kept.popitem(last=False))


def _is_lasting(answer: Whole) -> bool:
    names = {name for name, _ in answer.headers}
    is_whole = answer.status in {200, 304} and len(answer.body) <= LONGEST_BYTES
    may_be_kept = (b"cache-control", b"no-store") not in answer.headers
    return is_whole and may_be_kept and b"etag" in names and b"set-cookie" not in names


def _size(request: tuple[bytes, ...], answer: Whole) -> int:
    return len(answer.body) + _OWN_BYTES + _REPEATED * sum(map(len, request))
