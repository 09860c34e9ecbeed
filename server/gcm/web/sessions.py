"""Sessions of curators with a browser: signed, not stored; each ends when its token does."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as EncodingError
from dataclasses import dataclass
from secrets import token_urlsafe

#: What a signature is for, so that none passes for another.
_SESSION, _FORM = b"session", b"form"

_NONCE_BYTES = 16


@dataclass(frozen=True)
class Session:
    """Whose browser it is (the name of a token, which is no secret), until when (seconds since 1970)."""

    token: str
    expires: float
    nonce: str


def begin(token: str, *, expires: float) -> Session:
    """Begin a session."""
    return Session(token, expires, token_urlsafe(_NONCE_BYTES))


def write(session: Session, *, key: bytes) -> str:
    """Write a session as the value of a cookie."""
    body = urlsafe_b64encode(json.dumps(vars(session)).encode()).decode()
    return f"{body}.{_sign(_SESSION, body, key)}"


def read(value: str, *, key: bytes, now: float) -> Session | None:
    """Read the value of a cookie; None if it is not of our making, or over."""
    body, _, signature = value.partition(".")
    if not hmac.compare_digest(signature.encode(), _sign(_SESSION, body, key).encode()):
        return None
    try:
        session = Session(**json.loads(urlsafe_b64decode(body)))
    except (ValueError, TypeError, EncodingError):  # signed by an older program
        return None
    return session if now < session.expires else None


def form_token(session: Session, *, key: bytes) -> str:
    """Give what each form of this session carries, and no page of another site can know."""
    return _sign(_FORM, session.nonce, key)


def is_form_token(value: str, session: Session, *, key: bytes) -> bool:
    """Tell whether a form carries what it must."""
    return hmac.compare_digest(value.encode(), form_token(session, key=key).encode())


def _sign(purpose: bytes, text: str, key: bytes) -> str:
    digest = hmac.new(key, purpose + b"\0" + text.encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).decode()
