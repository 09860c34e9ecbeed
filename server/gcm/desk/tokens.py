"""Tokens: made and revoked at the command line, kept as hashes, each with a handle, a role and an end."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex, token_urlsafe

from gcm.desk.disk import FolderLock, json_text, write_file
from gcm.desk.values import Curator, Role
from gcm.errors import DeskError

#: What a token begins with, so that people and scanners know one when they see one.
PREFIX = "gcm_"

#: Random bytes of a token: 256 bits cannot be guessed, so that one round of a plain hash keeps them
#: (OWASP's slow hashes are for words that people choose).
_BYTES = 32

#: A handle: small letters, digits and hyphens; it becomes part of an address, /id/curator/HANDLE.
_HANDLE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST_HANDLE = 32


@dataclass(frozen=True)
class Token:
    """What is kept of a token: its name, whose it is, what it allows, until when (UTC); never the token."""

    name: str
    handle: str
    role: Role
    sha256: str
    made: datetime
    expires: datetime
    is_revoked: bool = False

    def is_valid(self, now: datetime) -> bool:
        """Tell whether it opens anything at this moment."""
        return not self.is_revoked and now < self.expires

    @property
    def curator(self) -> Curator:
        """Who acts with it."""
        return Curator(self.handle, self.role, self.name)


class Tokens:
    """The tokens in the folder of a desk, read anew for every question: what is revoked ends at once."""

    def __init__(self, folder: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Take the folder, which is made with the first token."""
        self._folder = folder
        self._path = folder / "tokens.json"
        self._now = now

    def issue(self, handle: str, role: Role, *, days: float) -> str:
        """Make a token and give it, this once.

        Raises DeskError if the handle is none.
        """
        if not _HANDLE.fullmatch(handle) or len(handle) > _LONGEST_HANDLE:
            raise DeskError(
                f"“{handle}” is no handle; take up to {_LONGEST_HANDLE} small letters, digits and hyphens, "
                "and no name of a person."
            )
        secret = PREFIX + token_urlsafe(_BYTES)
        made = self._now()
        token = Token(
            name=token_hex(4),
            handle=handle,
            role=role,
            sha256=_hash(secret),
            made=made,
            expires=made + timedelta(days=days),
        )
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        with FolderLock(self._folder / "lock").held():
            self._write([*self.all(), token])
        return secret

    def revoke(self, name: str) -> tuple[Token, ...]:
        """Revoke the token of this name, or all of this handle. Raises DeskError if there is none."""
        if not any(name in (each.name, each.handle) for each in self.all()):
            raise DeskError(f"There is no token “{name}”; `gcm token list` lists them.")
        with FolderLock(self._folder / "lock").held():
            known = self.all()
            hit = [each for each in known if name in (each.name, each.handle) and not each.is_revoked]
            self._write([replace(each, is_revoked=True) if each in hit else each for each in known])
        return tuple(hit)

    def all(self) -> tuple[Token, ...]:
        """List all tokens, in the order in which they were made."""
        try:
            rows = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return ()
        return tuple(_token(row) for row in rows)

    def is_any(self) -> bool:
        """Tell whether anybody can act at all at this moment."""
        return any(each.is_valid(self._now()) for each in self.all())

    def find(self, secret: str) -> Curator | None:
        """Give who acts with this token; None if it opens nothing. All are compared, in constant time."""
        digest = _hash(secret)
        found = [each for each in self.all() if hmac.compare_digest(each.sha256, digest)]
        return next((each.curator for each in found if each.is_valid(self._now())), None)

    def named(self, name: str) -> Curator | None:
        """Give who acts with the token of this name, which a session remembers; None if it is over."""
        found = (each for each in self.all() if each.name == name and each.is_valid(self._now()))
        return next((each.curator for each in found), None)

    def _write(self, tokens: list[Token]) -> None:
        rows = [
            asdict(each)
            | {
                "role": each.role.value,
                "made": each.made.isoformat(timespec="seconds"),
                "expires": each.expires.isoformat(timespec="seconds"),
            }
            for each in tokens
        ]
        write_file(self._path, json_text(rows), mode=0o600)


def _token(row: dict[str, str]) -> Token:
    return Token(
        name=row["name"],
        handle=row["handle"],
        role=Role(row["role"]),
        sha256=row["sha256"],
        made=datetime.fromisoformat(row["made"]),
        expires=datetime.fromisoformat(row["expires"]),
        is_revoked=bool(row["is_revoked"]),
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
