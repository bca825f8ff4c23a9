"""Reads comments and gives them priorities, as classify does, for the tasks that judge those."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from models.contracts import LANGUAGES
from pipelines.contracts import Answer, Priority
from pipelines.reception import comment_of, judge
from pipelines.rules import Rules
from pipelines.segments import NPS
from pipelines.understanding import Reader

_RULES = Rules.of({}, ZoneInfo("UTC"))
_NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


def priorities(
    reader: Reader, texts: Sequence[str], scores: Sequence[float | None], language: str
) -> list[Priority]:
    """Priority of each comment by the shipped rules, as if it had just come.

    Args:
        reader: everything that reads.
        texts: comments.
        scores: 0-10 of each, None without one.
        language: code of the file, a hint where it is one that is read.
    """
    hint = language if language in LANGUAGES else None
    answers = [
        Answer(text, score, NPS, "eval", _NOW, language_hint=hint)
        for text, score in zip(texts, scores, strict=True)
    ]
    read = reader.read([comment_of(answer) for answer in answers], None)
    return [
        judge(said, answer, _RULES, now=_NOW)[1] for said, answer in zip(read, answers, strict=True)
    ]
