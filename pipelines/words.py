"""Words of people: what they may type, and a long text cut short."""

from __future__ import annotations

import re

from pipelines.contracts import PipelineError
from pipelines.messages import N_, Told

MAX_NOTE = 2_000
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def shortened(text: str, most: int) -> str:
    """The beginning of a text, cut between words where it has any."""
    if len(text) <= most:
        return text
    start = text[: most - 1]
    return (start.rpartition(" ")[0] or start).rstrip(" ,;:") + "…"


def check_words(what: str, words: str, most: int) -> None:
    """See that what a person typed can be kept.

    Raises:
        PipelineError: too long, or with characters that no one types (NUL, half a surrogate pair).
    """
    if len(words) > most:
        raise PipelineError(
            N_("%(what)s has at most %(most)s characters; this one has %(count)s."),
            what=Told(what),
            most=most,
            count=len(words),
        )
    found = _CONTROLS.search(words)
    if found:
        raise PipelineError(
            N_("%(what)s holds a control character (%(code)s): remove it."),
            what=Told(what),
            code=f"U+{ord(found[0]):04X}",
        )
