"""`gcm token`: who may propose changes, and who may decide on them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gcm.cli.options import desk_option, examples

if TYPE_CHECKING:
    from gcm.desk import Token, Tokens


@click.group(
    epilog=examples(
        "gcm token add north-desk --role propose --days 90 --desk /srv/desk",
        "gcm token revoke north-desk --desk /srv/desk",
    )
)
def token() -> None:
    """Make, list and revoke the tokens of curators."""


@token.command()
@click.argument("handle")
@click.option(
    "--role",
    type=click.Choice(["propose", "review"]),
    required=True,
    help="propose, or review: also decide on the proposals of others.",
)
@click.option("--days", type=click.FloatRange(0, 3650, min_open=True), default=90, show_default=True)
@desk_option
def add(handle: str, role: str, days: float, desk: Path | None) -> None:
    """Make a token for HANDLE and print it, this once.

    HANDLE is what the record of publications calls its owner, for ever and for everybody: never a name or an
    address of a person.
    """
    from gcm.desk import Role

    secret = _tokens(desk).issue(handle, Role(role), days=days)
    click.echo(secret)
    click.echo("This is shown once. Whoever has it acts as this curator.", err=True)


@token.command("list")
@desk_option
def show(desk: Path | None) -> None:
    """List all tokens: name, handle, role, end, and whether they still open anything."""
    now = datetime.now(UTC)
    for each in _tokens(desk).all():
        until = each.expires.isoformat(timespec="minutes")
        click.echo(f"{each.name}  {each.handle}  {each.role.value}  until {until}  {_state(each, now)}")


@token.command()
@click.argument("name")
@desk_option
def revoke(name: str, desk: Path | None) -> None:
    """Revoke the token of this NAME, or all of the handle NAME; sessions with it end at once."""
    for each in _tokens(desk).revoke(name):
        click.echo(f"{each.name}  {each.handle}  revoked")


def _tokens(desk: Path | None) -> "Tokens":
    from gcm.desk import Tokens  # not above: it brings the engine of validation, which takes a second

    if desk is None:
        raise click.UsageError("Name the folder of tokens and proposals by --desk or GCM_DESK.")
    return Tokens(desk)


def _state(token: "Token", now: datetime) -> str:
    if token.is_revoked:
        return "revoked"
    return "valid" if token.is_valid(now) else "over"
