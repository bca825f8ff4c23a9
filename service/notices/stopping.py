"""Links that end mail of a kind for one person, by one click and without signing in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.notices.choices import KINDS, Kind
from service.signing import SignedTokens


@dataclass(frozen=True)
class Stop:
    """Whose mail of which kind a link ends."""

    workspace: str
    person: str
    kind: Kind


class StopLinks:
    """Links that end a person's mail of a kind."""

    def __init__(self, home: Path) -> None:
        self._tokens = SignedTokens(home, "stop")

    def token(self, stop: Stop) -> str:
        """What stands in a link."""
        return self._tokens.token(stop.workspace, stop.person, stop.kind)

    def read(self, token: str) -> Stop | None:
        """What a link ends; None where it was not signed here."""
        found = self._tokens.read(token)
        if found is None:
            return None
        workspace, person, kind = found
        return Stop(workspace, person, kind) if kind in KINDS else None
