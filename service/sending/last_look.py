"""When the mailbox was read last, and what went wrong: kept for pages of all processes."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

log = logging.getLogger(__name__)

_NAME = "mailbox.json"


@dataclass(frozen=True, slots=True)
class LastLook:
    """What came of looking into the mailbox.

    Attributes:
        read_at: when it could be read; None where it never could.
        problem: what went wrong since, blank where nothing did.
        failed_at: when that was.
    """

    read_at: datetime | None = None
    problem: str = ""
    failed_at: datetime | None = None

    def failed(self, problem: str, at: datetime) -> LastLook:
        """After a look that failed."""
        return replace(self, problem=problem, failed_at=at)

    def write(self, home: Path) -> None:
        """Keep it in a data folder, instead of the one before."""
        unfinished = home / f"{_NAME}.part"
        unfinished.write_text(json.dumps(asdict(self), default=datetime.isoformat), "utf-8")
        unfinished.replace(home / _NAME)

    @classmethod
    def read(cls, home: Path) -> LastLook:
        """What is known in a data folder; nothing where there was no look or the file is broken."""
        try:
            stored = json.loads((home / _NAME).read_text("utf-8"))
            for name in ("read_at", "failed_at"):
                stored[name] = stored[name] and datetime.fromisoformat(stored[name])
            return cls(**stored)
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, TypeError, KeyError):
            log.warning("%s cannot be read; what came of the last look is not told.", home / _NAME)
            return cls()
