"""Why a theme is none any more: kept as an English sentence, told in other languages too."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipelines.messages import N_, Told

ENCODER = N_("made with another encoder")
EMPTY = N_("no excerpt has it any more")
CHANGED = N_("gone with a change")
NO_THEME = N_("not a theme")
_MERGED = N_("merged into “%(label)s”")
_IS_MERGED = re.compile("merged into “(.*?)”?", re.DOTALL)


def merged_into(label: str) -> str:
    """The reason of a theme that was merged into another."""
    return str(Told(_MERGED, {"label": label}))


def is_merged(reason: str) -> bool:
    """Whether a kept reason says that the theme was merged into another."""
    return _IS_MERGED.fullmatch(reason) is not None


def reason_told(reason: str, names: Mapping[str, str] = {}) -> Told:
    """A kept reason as it is told; a person's own words stay as they are.

    Args:
        reason: as it is kept.
        names: what themes are called, by label.
    """
    merged = _IS_MERGED.fullmatch(reason)
    if merged is None:
        return Told(reason)
    return Told(_MERGED, {"label": names.get(merged[1], merged[1])})
