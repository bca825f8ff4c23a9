"""The moment at which the tests of sending begin."""

from __future__ import annotations

from datetime import UTC, datetime

NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
"""A Wednesday, noon in Poland."""
