"""The shipped rules, for tests of what follows from them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from pipelines.rules import Rules

RULES = Rules.of({}, ZoneInfo("Europe/Warsaw"))
