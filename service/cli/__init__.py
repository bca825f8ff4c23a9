"""The command line `odzew`: one function a command."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from models.contracts import ModelError, TooFewTextsError
from pipelines.contracts import PipelineError
from service.cli import mail, measuring, notices
from service.cli.templates import templates_app
from service.settings import Settings, SettingsError, load
from service.storage import access
from service.storage.conflicts import NotFoundError
from service.storage.database import StorageError
from service.wiring import Odzew

if TYPE_CHECKING:
    from service.importing import Omission, Rejection

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Reads customer feedback, finds root causes and triages who needs an answer today.",
)
themes_app = typer.Typer(no_args_is_help=True, help="Root-cause themes.")
_LONGEST_NAME = 100

keys_app = typer.Typer(no_args_is_help=True, help="API keys.")
users_app = typer.Typer(no_args_is_help=True, help="People who sign in.")
app.add_typer(themes_app, name="themes")
app.add_typer(keys_app, name="keys")
app.add_typer(users_app, name="users")
app.add_typer(templates_app, name="templates")

app.command("eval")(measuring.eval_)
app.command("bench")(measuring.bench)
app.command("digest")(notices.digest)
app.command("mail")(mail.mail)

errors = Console(stderr=True, highlight=False, soft_wrap=True)
DEMO_KEY_FILE = "demo-key"


def main() -> None:
    """Run the command line; what a person can mend ends with a sentence and exit code 2."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for name in ("models", "service"):
        logging.getLogger(name).setLevel(logging.INFO)
    from eval.datasets import DatasetError
    from service.connectors.files import FileFormatError

    mendable = (
        PipelineError,
        ModelError,
        NotFoundError,
        SettingsError,
        StorageError,
        FileFormatError,
        DatasetError,
    )
    try:
        app()
    except mendable as error:
        errors.print(str(error), style="red", markup=False)
        sys.exit(2)
    except OSError as error:
        if error.filename is None:
            raise
        errors.print(f"{error.filename}: {error.strerror}", style="red", markup=False)
        sys.exit(2)


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[tuple[Odzew, str]]:
    """The house and the id of the workspace that the command line works on."""
    odzew = Odzew(settings or load())
    try:
        with odzew.database.transaction() as session:
            workspace = access.ensure_workspace(
                session, odzew.settings.workspace, datetime.now(UTC)
            )
        yield odzew, workspace
    finally:
        odzew.close()


def say_json(value: object) -> None:
    """One line of JSON on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


@app.command()
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
        errors.print(f"\nSign in once within 30 minutes: {_sign_in(settings, token)}")
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


@app.command()
def demo() -> None:
    """Load the sample workspace with its themes and an API key; safe to run again."""
    from service import sample

    with opened() as (odzew, workspace):
        loaded = sample.load(odzew, workspace)
        state = f"{loaded.imported} answers loaded" if loaded.imported else "already loaded"
        errors.print(f"Sample workspace: {state}")
        if loaded.imported or odzew.refit_is_due(workspace):
            _refit(odzew, workspace)
        key_file = odzew.settings.home / DEMO_KEY_FILE
        with odzew.database.transaction() as session:
            known = key_file.is_file() and access.caller_of_key(
                session, key_file.read_text("utf-8").strip()
            )
            if not known:
                _, secret = access.create_key(session, workspace, "demo", datetime.now(UTC))
                key_file.touch(mode=0o600)
                key_file.write_text(secret + "\n", "utf-8")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, TSV, JSONL, XLSX or Parquet.")],
    map_: Annotated[
        str | None,
        typer.Option("--map", help="field=column,... such as text=comment,score=nps,attr:shop=x"),
    ] = None,
    scale: Annotated[
        str, typer.Option(help="nps, csat5, ces7, stars5, or MIN-MAX, MIN-MAX:lower")
    ] = "nps",
    survey: Annotated[str | None, typer.Option(help="Survey name; the file's otherwise.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Text encoding, if not found.")] = None,
    rejected: Annotated[
        Path | None,
        typer.Option(help="Write rejected rows and omissions, with reasons, to this CSV."),
    ] = None,
    themes: Annotated[bool, typer.Option(help="Fit themes afterwards when that is due.")] = True,
    as_json: Annotated[
        bool, typer.Option("--json", help="Summary as JSON, last on stdout.")
    ] = False,
) -> None:
    """Import a file of feedback; safe to run again, what was imported is not doubled."""
    import time

    from pipelines.intake import parse_map
    from pipelines.segments import parse_scale
    from service.importing import import_file, peak_memory_mb

    mapping, parsed = parse_map(map_) if map_ else None, parse_scale(scale)
    started = time.monotonic()
    with opened() as (odzew, workspace):
        with _progress() as progress:
            task = progress.add_task("Importing", total=None)
            summary = import_file(
                odzew,
                workspace,
                file,
                scale=parsed,
                survey=survey or file.stem,
                mapping=mapping,
                encoding=encoding,
                on_progress=lambda rows, total: progress.update(task, completed=rows, total=total),
            )
        found = summary.to_json()
        if themes and odzew.refit_is_due(workspace):
            odzew.taxonomy(workspace)  # read while the models are there
            odzew.rest()  # fitting needs the memory that reading held
            found["themes"] = _refit(odzew, workspace)
        odzew.watch_themes(workspace)
        found["total_seconds"] = round(time.monotonic() - started, 2)
        found["peak_memory_mb"] = peak_memory_mb()
    _print_rows(summary.rejections, "rejected rows")
    _print_rows(summary.omissions, "omissions")
    if rejected is not None:
        told = [(one.row, one.reason) for one in summary.rejections]
        told += [(one.row, one.reason) for one in summary.omissions]
        _write_rejected(rejected, sorted(told))
    errors.print(
        f"{summary.rows} rows: {summary.imported} imported, {summary.duplicates} seen before, "
        f"{summary.rejected} rejected; {summary.seconds:.1f} s, {found['peak_memory_mb']} MB"
    )
    if as_json:
        say_json(found)


def _print_rows(found: Sequence[Rejection | Omission], what: str) -> None:
    for one in found[:20]:
        errors.print(f"Row {one.row}: {one.reason}", style="yellow", markup=False)
    if len(found) > 20:
        errors.print(f"... and {len(found) - 20} more {what} (--rejected FILE)")


def _write_rejected(path: Path, rows: list[tuple[int, str]]) -> None:
    import csv

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([("row", "reason"), *rows])


@app.command()
def classify() -> None:
    """Read request bodies as JSON lines from stdin; numbered answers, in order, go to stdout.

    Blank lines are skipped. A line that cannot be read is answered with its error, and the exit
    code is then 1.
    """
    from service.api.classify import classify_records
    from service.cli.lines import batches, in_place, read_lines

    is_clean = True
    with opened() as (odzew, workspace):
        for lines in batches(read_lines(sys.stdin.buffer)):
            records = [line.record for line in lines if line.record is not None]
            for answer in in_place(lines, classify_records(odzew, workspace, records)):
                is_clean = is_clean and "error" not in answer
                say_json(answer)
            sys.stdout.flush()
    if not is_clean:
        raise typer.Exit(1)


@themes_app.command("refit")
def themes_refit() -> None:
    """Fit themes on all feedback."""
    with opened() as (odzew, workspace):
        say_json(_refit(odzew, workspace))


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
    sys.stdout.write(_sign_in(settings, token) + "\n")


def _sign_in(settings: Settings, token: str) -> str:
    return f"http://{settings.host}:{settings.port}/sign-in?token={token}"


@keys_app.command("list")
def keys_list() -> None:
    """List keys by name; the keys themselves are not kept."""
    with opened() as (odzew, workspace), odzew.database.snapshot() as session:
        table = Table("id", "name", "created", "revoked", box=None)
        for key in access.keys(session, workspace):
            revoked = f"{key.revoked_at:%Y-%m-%d}" if key.revoked_at else ""
            table.add_row(key.id, key.name, f"{key.created_at:%Y-%m-%d}", revoked)
    Console().print(table)


@app.command()
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


def _refit(odzew: Odzew, workspace: str) -> dict[str, Any]:
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


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=errors,
    )
