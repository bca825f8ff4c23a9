"""Which touchpoint each known concept is about, by hand."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_LISTED: Final[Mapping[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("places.toml").read_text("utf-8")
)
PLACES: Final[Mapping[str, str]] = {
    concept: touchpoint for touchpoint, concepts in _LISTED.items() for concept in concepts
}
"""Key of the shipped touchpoint, by concept; one that is about nothing in particular has none."""
