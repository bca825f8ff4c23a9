"""The commands that measure: `odzew eval` and `odzew bench`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from pipelines.understanding import Reader
from service.cli.house import errors, opened
from service.settings import Settings, load


def eval_(
    data: Annotated[Path | None, typer.Option(help="Folder with evaluation files.")] = None,
    task: Annotated[list[str] | None, typer.Option(help="Only this task; repeatable.")] = None,
    as_json: Annotated[Path | None, typer.Option("--json", help="Write results here.")] = None,
    from_reviews: Annotated[
        bool,
        typer.Option("--from-reviews", help="Task triage on the priorities that people changed."),
    ] = False,
    worst: Annotated[
        Path | None, typer.Option(help="Write the surest mistakes to CSV files in this folder.")
    ] = None,
) -> None:
    """Measure the models: on the own suites, and on every file of the folder; 1 below a gate."""
    from eval import gates
    from eval.datasets import DatasetError
    from eval.results import write_worst
    from eval.run import Bench, run, to_json
    from service import sample

    if data is not None and not data.is_dir():
        raise DatasetError(f"{data} is no folder. Name one with evaluation files.")
    settings = load()
    if from_reviews:
        data, task = _reviews(settings, data, task), ["triage"]
    bench = Bench(_reader(settings), data, sample.FOLDER, settings.weights)
    results = run(bench, task or (), say=errors.print)
    table = Table("task", "dataset", "language", "n", "metrics", box=None)
    for one in results:
        metrics = "  ".join(f"{name} {value:.3f}" for name, value in one.metrics.items())
        table.add_row(one.name, one.dataset, one.language, str(one.n), metrics)
    Console().print(table)
    if as_json is not None:
        as_json.write_text(json.dumps(to_json(results), indent=1) + "\n", "utf-8")
    if worst is not None:
        for path in write_worst(results, worst):
            errors.print(f"Written: {path}")
    failed = gates.failures(gates.load(), results)
    for sentence in failed:
        errors.print(sentence, style="red", markup=False)
    if failed:
        raise typer.Exit(1)


def _reviews(settings: Settings, data: Path | None, task: Sequence[str] | None) -> Path:
    """The folder with the judged cases of the workspace, written anew."""
    from service.reviews import write_cases

    if data is not None or task:
        raise typer.BadParameter("--from-reviews goes without --data and --task.")
    with opened(settings) as (odzew, workspace):
        path = write_cases(odzew.database, workspace, settings.home / "reviews")
    errors.print(f"Written: {path}")
    return path.parent


def bench(
    name: Annotated[
        str, typer.Argument(help="What to time: reading, themes or queue.")
    ] = "reading",
    cases: Annotated[
        int, typer.Option(min=1_000, max=1_000_000, help="Of the bench queue.")
    ] = 50_000,
    excerpts: Annotated[
        int, typer.Option(min=1_000, max=1_000_000, help="Of the bench themes.")
    ] = 100_000,
    as_json: Annotated[Path | None, typer.Option("--json", help="Write timings here.")] = None,
) -> None:
    """Time parts of the product as ratios within one run."""
    from dataclasses import asdict

    from eval import bench_themes
    from eval.bench import READING, reading
    from eval.datasets import DatasetError
    from service import queue_bench, sample

    timings: Sequence[Any]
    if name == READING:
        timings = reading(_reader(load()), sample.FOLDER, say=errors.print)
    elif name == bench_themes.NAME:
        timings = bench_themes.themes(
            _reader(load()), sample.FOLDER, count=excerpts, say=errors.print
        )
    elif name == queue_bench.NAME:
        timings = queue_bench.queue(_reader(load()), count=cases, say=errors.print)
    else:
        known = f"{READING}, {bench_themes.NAME}, {queue_bench.NAME}"
        raise DatasetError(f"There is no bench {name!r}. Benches are: {known}.")
    table = Table("part", "ms each", "of the first", box=None)
    for one in timings:
        table.add_row(one.part, f"{one.milliseconds:.3f}", f"{one.ratio:.3f}")
    Console().print(table)
    if as_json is not None:
        as_json.write_text(json.dumps([asdict(one) for one in timings], indent=1) + "\n", "utf-8")


def _reader(settings: Settings) -> Reader:
    from models.encoder import open_encoder

    return Reader.load(open_encoder(settings.weights, settings.encoder, fast=settings.fast))
