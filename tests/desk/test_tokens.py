"""Tokens: shown once, kept as hashes, ended by time or by hand."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from gcm.cli import commands
from gcm.desk import Role, Tokens
from gcm.errors import DeskError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_token_opens_what_its_role_allows(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "desk")
    secret = tokens.issue("example-one", Role.REVIEW, days=1)
    curator = tokens.find(secret)
    assert curator is not None
    assert (curator.handle, curator.role) == ("example-one", Role.REVIEW)
    assert tokens.named(curator.token) == curator
    assert tokens.find(secret + "x") is None
    assert tokens.find("") is None


def test_tokens_cannot_be_guessed_or_read(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    secrets = {tokens.issue("example-one", Role.PROPOSE, days=1) for _ in range(5)}
    assert len(secrets) == 5
    assert all(len(each) >= 4 + 43 for each in secrets), "256 bits are 43 characters"
    text = (tmp_path / "tokens.json").read_text("utf-8")
    assert not [each for each in secrets if each in text or each.removeprefix("gcm_") in text]
    assert (tmp_path / "tokens.json").stat().st_mode & 0o77 == 0


def test_a_token_ends(tmp_path: Path) -> None:
    now = [NOW]
    tokens = Tokens(tmp_path, now=lambda: now[0])
    secret = tokens.issue("example-one", Role.PROPOSE, days=2)
    now[0] = NOW + timedelta(days=2) - timedelta(seconds=1)
    assert tokens.find(secret)
    assert tokens.is_any()
    now[0] = NOW + timedelta(days=2)
    assert tokens.find(secret) is None
    assert not tokens.is_any()


def test_revoking_by_name_and_by_handle(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    first, second, other = (
        tokens.issue(handle, Role.PROPOSE, days=1) for handle in ("example-one", "example-one", "example-two")
    )
    tokens.revoke(tokens.all()[0].name)
    assert [tokens.find(each) is not None for each in (first, second, other)] == [False, True, True]
    tokens.revoke("example-one")
    assert [tokens.find(each) is not None for each in (first, second, other)] == [False, False, True]
    with pytest.raises(DeskError, match="no token “nobody”"):
        tokens.revoke("nobody")


@pytest.mark.parametrize("handle", ["", "Ann", "a b", "a@b.org", "-a", "a-", "a--b", "é", "x" * 33, "../a"])
def test_handles_are_plain(tmp_path: Path, handle: str) -> None:
    with pytest.raises(DeskError, match="is no handle"):
        Tokens(tmp_path / "desk").issue(handle, Role.PROPOSE, days=1)
    assert not (tmp_path / "desk").exists()


def test_without_a_folder_there_is_no_token(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path / "none")
    assert not tokens.is_any()
    assert tokens.find("gcm_x") is None
    assert not (tmp_path / "none").exists()


def gcm(*arguments: str) -> tuple[int, str, str]:
    outcome = CliRunner().invoke(commands, ["token", *arguments])
    return outcome.exit_code, outcome.stdout, outcome.stderr


def test_the_command_line_makes_lists_and_revokes(tmp_path: Path) -> None:
    place = ("--desk", str(tmp_path))
    code, secret, warning = gcm("add", "example-one", "--role", "review", "--days", "7", *place)
    assert (code, "once" in warning) == (0, True)
    assert Tokens(tmp_path).find(secret.strip())
    code, listed, _ = gcm("list", *place)
    assert code == 0
    assert "example-one  review  until" in listed
    assert listed.rstrip().endswith("valid")
    assert secret.strip() not in listed
    assert gcm("revoke", "example-one", *place)[0] == 0
    assert gcm("list", *place)[1].rstrip().endswith("revoked")
    assert gcm("revoke", "nobody", *place)[0] == 2
    assert gcm("add", "No Handle", "--role", "review", *place)[0] == 2


def test_the_command_line_wants_a_folder() -> None:
    code, _, message = gcm("list")
    assert (code, "GCM_DESK" in message) == (2, True)


def test_what_is_kept_of_a_token(tmp_path: Path) -> None:
    Tokens(tmp_path, now=lambda: NOW).issue("example-one", Role.PROPOSE, days=1)
    (row,) = json.loads((tmp_path / "tokens.json").read_text("utf-8"))
    assert set(row) == {"name", "handle", "role", "sha256", "made", "expires", "is_revoked"}
    assert (row["role"], row["expires"]) == ("propose", "2026-11-23T12:00:00+00:00")
