"""Saying who we are to a server that asks: by password (RFC 7617) or by digest (RFC 7616)."""

import hashlib
import secrets
from base64 import b64encode
from threading import Lock
from urllib.request import parse_http_list, parse_keqv_list

from gcm.errors import BackendError
from gcm.remote.endpoint import Endpoint

_HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


class Credentials:
    """What answers the challenge of one server; safe to use from several threads.

    Nothing is sent before the server has asked for it, and a password in the clear only over TLS or to this
    machine itself.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._lock = Lock()
        self._uses = 0
        self._challenges: dict[str, str] = {}  # path -> what the server asked for there

    def known(self, *, method: str, target: str) -> str | None:
        """Give the field Authorization for a path where we were asked before; None if we were not."""
        challenge = self._challenges.get(target.partition("?")[0])
        return self.answer(challenge, method=method, target=target) if challenge else None

    def answer(self, challenge: str, *, method: str, target: str) -> str | None:
        """Give the field Authorization for a request that was answered 401; None if we have no credentials.

        Raises BackendError if the server asks in a way that we cannot answer.
        """
        if not self._endpoint.user:
            return None
        self._challenges[target.partition("?")[0]] = challenge
        scheme, _, rest = challenge.partition(" ")
        if scheme.lower() == "digest":
            return self._digest(parse_keqv_list(parse_http_list(rest)), method, target)
        if scheme.lower() == "basic" and self._is_private():
            pair = f"{self._endpoint.user}:{self._endpoint.password}".encode()
            return f"Basic {b64encode(pair).decode('ascii')}"
        raise BackendError(
            f"The store asks for credentials by {scheme or 'no scheme'}, which is not safe here."
        )

    def _is_private(self) -> bool:
        return self._endpoint.scheme == "https" or self._endpoint.host in {"127.0.0.1", "::1", "localhost"}

    def _digest(self, asked: dict[str, str], method: str, target: str) -> str:
        """Compute the answer of RFC 7616 section 3.4, with a nonce and count of our own."""
        algorithm = asked.get("algorithm", "MD5")
        realm, nonce = asked.get("realm", ""), asked.get("nonce", "")
        if algorithm.upper() not in _HASHES or "auth" not in asked.get("qop", "auth"):
            raise BackendError(f"The store asks for a digest of the kind {algorithm}, which we do not know.")
        with self._lock:
            self._uses += 1
            count = f"{self._uses:08x}"

        def digest(*words: str) -> str:
            return _HASHES[algorithm.upper()](":".join(words).encode()).hexdigest()

        own = secrets.token_hex(8)
        who = digest(self._endpoint.user, realm, self._endpoint.password)
        response = digest(who, nonce, count, own, "auth", digest(method, target))
        fields = {"username": self._endpoint.user, "realm": realm, "nonce": nonce, "uri": target}
        fields |= {"response": response, "cnonce": own}
        fields |= {"opaque": asked["opaque"]} if "opaque" in asked else {}
        quoted = ", ".join(f'{name}="{value}"' for name, value in fields.items())
        return f"Digest {quoted}, algorithm={algorithm}, qop=auth, nc={count}"
