"""Reads the word lists of `words.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

_LISTS = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def words(name: str) -> frozenset[str]:
    """The list called `name`."""
    return frozenset(str(_LISTS[name]).split())
