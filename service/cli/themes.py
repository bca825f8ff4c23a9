"""The commands `odzew themes`: fit them, list them, and write their excerpts to a file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from models.contracts import TooFewTextsError
from pipelines.contracts import PipelineError
from service.cli.house import errors, opened, say_json
from service.wiring import Odzew

themes_app = typer.Typer(no_args_is_help=True, help="Root-cause themes.")


@themes_app.command("refit")
def themes_refit() -> None:
    """Fit themes on all feedback."""
    with opened() as (odzew, workspace):
        say_json(refit(odzew, workspace))


@themes_app.command("list")
def themes_list(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List themes, largest first."""
    from service.api.themes import figures_json
    from service.storage.theme_figures import ThemeFigureRepository

    with opened() as (odzew, workspace), odzew.database.snapshot() as session:
        found = ThemeFigureRepository(session, workspace).overview()
        if as_json:
            for one in found.themes:
                say_json(figures_json(one))
            return
        table = Table("theme", "excerpts", "share", "sentiment", "languages", box=None)
        table.add_column("id", no_wrap=True, overflow="fold")
        for one in found.themes:
            spoken = " ".join(f"{code} {count}" for code, count in one.languages.items())
            table.add_row(
                one.theme.label,
                str(one.size),
                f"{one.share:.1%}",
                f"{one.sentiment:+.2f}",
                spoken,
                one.theme.id,
            )
        Console().print(table)
        share = found.unthemed / found.excerpts if found.excerpts else 0.0
        errors.print(
            f"{len(found.themes)} themes, {share:.1%} of {found.excerpts} excerpts without one"
        )


@themes_app.command("export")
def themes_export(
    file: Annotated[Path, typer.Argument(help="A file to write, .csv or .parquet.")],
) -> None:
    """Write every excerpt with its theme to a file."""
    from service.exporting import EXPORTS, export_themes

    kind = file.suffix.removeprefix(".").lower()
    if kind not in EXPORTS:
        raise PipelineError(f"Themes are exported as .csv or .parquet, not {file.suffix or file}.")
    with opened() as (odzew, workspace):
        content = export_themes(odzew, workspace, kind)
    unfinished = file.with_name(f"{file.name}.part")
    unfinished.write_bytes(content)
    unfinished.replace(file)
    errors.print(f"{file}: {len(content):,} bytes")


def refit(odzew: Odzew, workspace: str) -> dict[str, Any]:
    """Fit themes with a spinner; too little feedback is said, not an error."""
    errors.print("Finding themes in all that is stored; this takes a minute or so for the sample.")
    with errors.status("Fitting themes"):
        try:
            found = asdict(odzew.refit_themes(workspace))
            odzew.watch_themes(workspace)
            return found
        except TooFewTextsError as error:
            errors.print(str(error))
            return {"themes": 0}
