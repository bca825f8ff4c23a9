"""What can go wrong with a stored thing: it is not there, or somebody was faster."""

from __future__ import annotations

from pipelines.contracts import PipelineError
from pipelines.messages import ToldError


class NotFoundError(ToldError):
    """There is no such thing in this workspace."""


class ConflictError(PipelineError):
    """Somebody else changed it meanwhile, or it was decided before."""
