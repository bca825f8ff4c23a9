"""The commands that get the house going: `odzew serve`, `odzew demo` and `odzew reindex`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from pipelines.contracts import PipelineError
from service.cli.callers import sign_in
from service.cli.house import errors, opened, say_json
from service.cli.themes import refit
from service.settings import load
from service.storage import access

DEMO_KEY_FILE = "demo-key"


def serve(
    host: Annotated[str | None, typer.Option(help="Address; ODZEW_HOST otherwise.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; ODZEW_PORT otherwise.")] = None,
) -> None:
    """Serve pages and API; prints a one-time sign-in link."""
    import uvicorn

    from service.app import create_app

    chosen = {"host": host, "port": port}
    given = {name: value for name, value in chosen.items() if value is not None}
    with opened(load(**given)) as (
        odzew,
        workspace,
    ):
        settings = odzew.settings
        with odzew.database.transaction() as session:
            token = access.create_link(session, workspace, access.FIRST, datetime.now(UTC))
        errors.print(f"\nSign in once within 30 minutes: {sign_in(settings, token)}")
        key_file = settings.home / DEMO_KEY_FILE
        if key_file.is_file():
            errors.print(f"Demo API key: {key_file.read_text('utf-8').strip()}")
        errors.print()
        uvicorn.run(
            create_app(odzew),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            server_header=False,
        )


def demo() -> None:
    """Load the sample workspace with its themes and an API key; safe to run again."""
    from service import sample

    with opened() as (odzew, workspace):
        loaded = sample.load(odzew, workspace)
        state = f"{loaded.imported} answers loaded" if loaded.imported else "already loaded"
        errors.print(f"Sample workspace: {state}")
        if loaded.imported or odzew.refit_is_due(workspace):
            refit(odzew, workspace)
        key_file = odzew.settings.home / DEMO_KEY_FILE
        with odzew.database.transaction() as session:
            known = key_file.is_file() and access.caller_of_key(
                session, key_file.read_text("utf-8").strip()
            )
            if not known:
                _, secret = access.create_key(session, workspace, "demo", datetime.now(UTC))
                key_file.touch(mode=0o600)
                key_file.write_text(secret + "\n", "utf-8")


def reindex() -> None:
    """Rebuild the vector index from what SQL holds."""
    with opened() as (odzew, _):
        index = odzew.meanings.index
        if index is None:
            raise PipelineError("The vector index is open in another process. Stop it first.")
        index.clear()
        with odzew.database.snapshot() as session:
            found = [one.id for one in access.workspaces(session)]
        say_json({"indexed": sum(odzew.meanings.catch_up(one) for one in found)})
