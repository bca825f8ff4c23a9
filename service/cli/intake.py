"""The commands that take in what customers wrote: `odzew import` and `odzew classify`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from service.cli.house import errors, opened, say_json
from service.cli.themes import refit

if TYPE_CHECKING:
    from service.importing import Omission, Rejection


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
            found["themes"] = refit(odzew, workspace)
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


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=errors,
    )


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
