"""How a client asks: what its header fields say, read once for all requests that have the same fields."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

Fields = tuple[tuple[bytes, bytes], ...]

#: Fields on which no answer rests: they name the client, the request, or the page that led here.
_WITHOUT_EFFECT = frozenset({b"connection", b"origin", b"referer", b"user-agent", b"x-request-id"})


@dataclass(frozen=True, eq=False)
class Manner:
    """The header fields of a request, with names in small letters, in the order in which they were sent."""

    fields: Fields

    def value(self, name: bytes) -> str:
        """Give the value of a field; of one that stands several times, all with commas between."""
        return ",".join([value.decode("latin-1") for each, value in self.fields if each == name])

    @cached_property
    def request_id(self) -> str:
        """What the client calls its request."""
        return self.value(b"x-request-id")

    @cached_property
    def forwarded(self) -> str:
        """The addresses from which proxies say the request comes."""
        return self.value(b"x-forwarded-for")

    @cached_property
    def weighty(self) -> tuple[bytes, ...]:
        """The fields on which answers can rest, names and values in turn."""
        return tuple(part for field in self.fields if field[0] not in _WITHOUT_EFFECT for part in field)

    @cached_property
    def size(self) -> int:
        """How many bytes the names and values have."""
        return sum(len(name) + len(value) for name, value in self.fields)


@lru_cache(maxsize=64)  # heads may be long
def manner_of(fields: Fields) -> Manner:
    """Give the manner of a request."""
    return Manner(fields)
