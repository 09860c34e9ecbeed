"""Whose request it is: the address it came from, or the one that a trusted proxy names."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from flask import request

from gcm.errors import ServerError
from gcm.query import Caller
from gcm.web.record import record

Network = IPv4Network | IPv6Network

#: The setting that names the proxies whose word is taken, as addresses or networks with commas between.
VARIABLE = "GCM_TRUSTED_PROXIES"

#: Where a request keeps its caller, in WSGI's environment.
KEY = "gcm.caller"

#: One household or company has at least so many bits of IPv6 addresses to itself (RFC 6177 section 2).
_IPV6_BITS = 64


def read_proxies(environment: Mapping[str, str]) -> tuple[Network, ...]:
    """Read which proxies are trusted; none if the setting is absent.

    Raises ServerError if it holds something else than addresses and networks.
    """
    words = [word.strip() for word in environment.get(VARIABLE, "").split(",")]
    try:
        return tuple(ip_network(word) for word in words if word)
    except ValueError as error:
        raise ServerError(f"{VARIABLE} holds what is no network: {error}. Write 10.0.0.0/8,::1.") from error


@lru_cache(maxsize=4096)
def name_client(address: str, forwarded: str, *, proxies: tuple[Network, ...]) -> str:
    """Name the client behind `address`; `forwarded` is X-Forwarded-For, believed as far as proxies are.

    Each proxy adds at the end the address that asked it: read from there, the first that is no proxy of ours
    is the client. What stands before it is anybody's invention.
    """
    name = address
    for step in reversed([word.strip() for word in forwarded.split(",") if word.strip()]):
        if not _is_within(name, proxies) or not _is_address(step):
            break
        name = step
    return _shared_name(name)


def asking(text: str) -> Caller:
    """Give the caller of the current request, which asks the query `text`."""
    record().ask(text)
    return caller()


def caller() -> Caller:
    """Give the caller of the current request."""
    found = request.environ.setdefault(KEY, Caller(request.remote_addr or ""))
    assert isinstance(found, Caller)  # nobody else writes here
    return found


def _is_within(name: str, proxies: Sequence[Network]) -> bool:
    return _is_address(name) and any(ip_address(name) in network for network in proxies)


def _is_address(word: str) -> bool:
    try:
        ip_address(word)
    except ValueError:
        return False
    return True


def _shared_name(name: str) -> str:
    """Give all addresses of one IPv6 network the same name."""
    if not _is_address(name):
        return name
    address = ip_address(name)
    if not isinstance(address, IPv6Address):
        return name
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), _IPV6_BITS), strict=False))
