"""The commands `odzew keys` and `odzew users`: which machines and people may come in."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from pipelines.contracts import PipelineError
from service.cli.house import errors, opened
from service.settings import Settings, load
from service.storage import access

keys_app = typer.Typer(no_args_is_help=True, help="API keys.")
users_app = typer.Typer(no_args_is_help=True, help="People who sign in.")
_LONGEST_NAME = 100


@keys_app.command("create")
def keys_create(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    approves: Annotated[
        bool, typer.Option("--approves", help="It may say which person approved a draft.")
    ] = False,
) -> None:
    """Make an API key; it is shown this once."""
    with opened() as (odzew, workspace), odzew.database.transaction() as session:
        _, secret = access.create_key(
            session, workspace, name[:200], datetime.now(UTC), approves=approves
        )
    sys.stdout.write(secret + "\n")


@keys_app.command("revoke")
def keys_revoke(name: Annotated[str, typer.Argument(help="Name or id of the key.")]) -> None:
    """Revoke an API key at once."""
    with opened() as (odzew, workspace), odzew.database.transaction() as session:
        count = access.revoke_key(session, workspace, name, datetime.now(UTC))
    if not count:
        raise PipelineError(f"There is no key {name!r} to revoke. `odzew keys list` shows them.")
    errors.print(f"{count} revoked")


@keys_app.command("list")
def keys_list() -> None:
    """List keys by name; the keys themselves are not kept."""
    with opened() as (odzew, workspace), odzew.database.snapshot() as session:
        table = Table("id", "name", "created", "revoked", box=None)
        for key in access.keys(session, workspace):
            revoked = f"{key.revoked_at:%Y-%m-%d}" if key.revoked_at else ""
            table.add_row(key.id, key.name, f"{key.created_at:%Y-%m-%d}", revoked)
    Console().print(table)


@users_app.command("add")
def users_add(
    name: Annotated[str, typer.Argument(help="As the team's document names them.")],
) -> None:
    """Print a link that signs somebody in under their name, once within 30 minutes."""
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise PipelineError(f"Give a name of 1 to {_LONGEST_NAME} characters.")
    settings = load()
    with opened(settings) as (odzew, workspace), odzew.database.transaction() as session:
        token = access.create_link(session, workspace, name, datetime.now(UTC))
    sys.stdout.write(sign_in(settings, token) + "\n")


def sign_in(settings: Settings, token: str) -> str:
    """The address that signs in whoever opens it first."""
    return f"http://{settings.host}:{settings.port}/sign-in?token={token}"
