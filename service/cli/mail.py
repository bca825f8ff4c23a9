"""The command `odzew mail`: takes in a mail from stdin, or what waits in the mailbox."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from pipelines.contracts import PipelineError
from service.carriers.inbox import InboxError
from service.cli.house import opened
from service.sending.collecting import Collector
from service.sending.inbound import take_in
from service.storage.draft_tables import ReplyRow
from service.storage.file_lock import FileBusyError
from service.wiring import Odzew


def mail(
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Take in what waits in the mailbox (ODZEW_IMAP_URL).")
    ] = False,
) -> None:
    """Take in one mail from stdin: a customer's answer, or a message that came back."""
    with opened() as (odzew, workspace):
        replies = _fetched(odzew) if fetch else [_handed_over(odzew, workspace)]
    for reply in replies:
        sys.stdout.write(f"{reply.kind} {reply.case_id}\n")


def _handed_over(odzew: Odzew, workspace: str) -> ReplyRow:
    most = odzew.settings.max_body_bytes
    content = sys.stdin.buffer.read(most + 1)
    if len(content) > most:
        raise PipelineError(f"A mail has at most {most:,} bytes (ODZEW_MAX_BODY_BYTES).")
    return take_in(odzew, workspace, content, datetime.now(UTC))


def _fetched(odzew: Odzew) -> list[ReplyRow]:
    inbox = odzew.settings.inbox
    if inbox is None:
        raise PipelineError("No mailbox is set up: set ODZEW_IMAP_URL.")
    try:
        return Collector(odzew, inbox).collect(lambda: datetime.now(UTC))
    except FileBusyError as error:
        raise PipelineError("Another process is reading the mailbox. Wait for it.") from error
    except InboxError as error:
        raise PipelineError(f"The mailbox cannot be read: {error}") from error
