"""The command `odzew mail`: takes in a mail that a mail server hands over."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from pipelines.contracts import PipelineError
from service.cli.house import opened
from service.sending.inbound import take_in


def mail() -> None:
    """Take in one mail from stdin: a customer's answer, or a message that came back."""
    with opened() as (odzew, workspace):
        most = odzew.settings.max_body_bytes
        content = sys.stdin.buffer.read(most + 1)
        if len(content) > most:
            raise PipelineError(f"A mail has at most {most:,} bytes (ODZEW_MAX_BODY_BYTES).")
        reply = take_in(odzew, workspace, content, datetime.now(UTC))
    sys.stdout.write(f"{reply.kind} {reply.case_id}\n")
