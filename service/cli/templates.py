"""The commands `odzew templates`: a file of templates out of a workspace, and into it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.contracts import PipelineError
from service.book_desk import BookDesk
from service.cli.house import opened

templates_app = typer.Typer(no_args_is_help=True, help="Templates of messages, as TOML.")

Language = Annotated[str, typer.Argument(help="Of the messages: pl, cs, et or en.")]
File = Annotated[str, typer.Argument(help="message, short or call.")]


@templates_app.command("export")
def export(language: Language, file: File) -> None:
    """Print a file of templates as it is in use, with the workspace's own wordings."""
    with opened() as (odzew, workspace):
        sys.stdout.write(BookDesk(odzew, workspace, "", language).export(file))


@templates_app.command("import")
def take(
    language: Language,
    file: File,
    path: Annotated[Path, typer.Argument(help="What was exported, changed; or part of it.")],
    who: Annotated[str, typer.Option(help="Who proposes it; somebody else publishes.")],
    why: Annotated[str, typer.Option(help="A few words for them.")],
) -> None:
    """Propose what a file changes; a second person publishes it on the page Templates."""
    who = " ".join(who.split())
    if not who:
        raise PipelineError("Say with --who whose proposal it is.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PipelineError(f"{path} cannot be read: {error.strerror}.") from error
    with opened() as (odzew, workspace):
        number = BookDesk(odzew, workspace, who, language).take(file, content, why)
        sys.stdout.write(f"{odzew.settings.pages}/templates/proposals/{number}\n")
