"""Problems that are found outside of the application, with the header fields that all its answers have."""

from gcm.web import SECURITY_HEADERS
from gcm.web.errors import Problem
from gcm.web.sharing import SHARED


def fields_of(problem: Problem, *, media_type: str, length: int) -> list[tuple[bytes, bytes]]:
    """Give the header fields of a problem that is written with so many bytes."""
    own = {"content-type": media_type, "content-language": "en", "content-length": str(length)}
    fields = {**own, **problem.headers, **SECURITY_HEADERS, **SHARED}
    return [(name.lower().encode(), value.encode()) for name, value in fields.items()]
