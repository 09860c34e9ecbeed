"""Where a remote store is: its addresses, and who we are to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from gcm.errors import ServerError

#: The settings beside GCM_STORE: where graphs are written, and the name and word of whoever may.
GRAPHS_SETTING = "GCM_STORE_GRAPHS"
USER_SETTING = "GCM_STORE_USER"
PASSWORD_SETTING = "GCM_STORE_PASSWORD"

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Endpoint:
    """A SPARQL endpoint; `graphs` is the path of its Graph Store, empty if the engine's usual one is meant.

    Neither its text nor its representation holds the password.
    """

    scheme: str
    host: str
    port: int
    path: str
    graphs: str = ""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"


def is_remote(place: str) -> bool:
    """Tell whether a setting names a remote store, and not a folder."""
    return place.lower().startswith(("http://", "https://"))


def read_endpoint(address: str, environment: Mapping[str, str]) -> Endpoint:
    """Read the address of a remote store, and the settings beside it.

    Raises ServerError, without the address (it may hold a password), if it is none.
    """
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS[parts.scheme]
        graphs = urlsplit(environment.get(GRAPHS_SETTING, ""))
    except (ValueError, KeyError):
        raise ServerError("GCM_STORE is no address: write it like http://host:8890/sparql.") from None
    if not parts.hostname or parts.query or parts.fragment:
        raise ServerError("GCM_STORE needs a host and a path, and nothing after them: http://host/sparql.")
    if graphs.hostname and (graphs.scheme, graphs.hostname) != (parts.scheme, parts.hostname):
        raise ServerError(f"{GRAPHS_SETTING} must be on the host of GCM_STORE: credentials go nowhere else.")
    return Endpoint(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port,
        path=parts.path or "/",
        graphs=graphs.path,
        user=unquote(parts.username or "") or environment.get(USER_SETTING, ""),
        password=unquote(parts.password or "") or environment.get(PASSWORD_SETTING, ""),
    )
