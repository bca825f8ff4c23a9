"""What can go wrong with a stored thing: it is not there, or somebody was faster."""

from __future__ import annotations

from pipelines.contracts import PipelineError


class NotFoundError(Exception):
    """There is no such thing in this workspace."""


class ConflictError(PipelineError):
    """Somebody else changed it meanwhile, or it was decided before."""
