"""The one place that knows every table: `metadata` is complete for whoever takes it from here."""

from __future__ import annotations

from service.storage import (  # noqa: F401 - their tables join the metadata
    access_tables,
    action_tables,
    answer_tables,
    book_tables,
    case_tables,
    document_tables,
    draft_tables,
    notice_tables,
    queue_tables,
    theme_tables,
)
from service.storage.base import Base

metadata = Base.metadata
