"""The command line `odzew`: which commands there are, and how it ends where one cannot go on."""

from __future__ import annotations

import logging
import os
import sys

import typer

from models.contracts import ModelError
from pipelines.contracts import PipelineError
from service.cli import intake, mail, measuring, notices, serving
from service.cli.callers import keys_app, users_app
from service.cli.house import errors
from service.cli.templates import templates_app
from service.cli.themes import themes_app
from service.settings import SettingsError
from service.storage.conflicts import NotFoundError
from service.storage.database import StorageError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Reads customer feedback, finds root causes and triages who needs an answer today.",
)
app.add_typer(themes_app, name="themes")
app.add_typer(keys_app, name="keys")
app.add_typer(users_app, name="users")
app.add_typer(templates_app, name="templates")

app.command("eval")(measuring.eval_)
app.command("bench")(measuring.bench)
app.command("digest")(notices.digest)
app.command("mail")(mail.mail)
app.command("serve")(serving.serve)
app.command("demo")(serving.demo)
app.command("import")(intake.import_)
app.command("classify")(intake.classify)
app.command("reindex")(serving.reindex)


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
