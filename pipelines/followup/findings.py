"""What the linter reads and says: a letter, findings, and lists of words by rule and language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from pipelines.followup.plan import DraftPlan
from pipelines.messages import Told

Weight: TypeAlias = Literal["blocking", "warning"]
_RULES_OF_WORDS = tomllib.loads(Path(__file__).with_name("lint_words.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of a message.

    Attributes:
        rule: its name, one of `RULES`.
        weight: "blocking" findings must be mended before the message can be approved.
        told: what is wrong and what to do.
        words: of the message, that it is about; empty where it is about none.
    """

    rule: str
    weight: Weight
    told: Told
    words: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that is looked over.

    Attributes:
        own: the body without the customer's words and the names of what they are about.
        today: the day it is looked over, in the customer's time, or None.
        allowed: kinds of promise that the workspace allows, of `PROMISES`.
        last: the body of the message that the customer had before, or None.
        detect: gives the language of a text and how sure that is.
        by_person: whether a person wrote or changed it.
    """

    plan: DraftPlan
    subject: str
    body: str
    own: str
    last: str | None
    today: date | None
    allowed: frozenset[str]
    detect: Callable[[str], tuple[str, float]] | None
    by_person: bool = False


def hits(rule: str, text: str, language: str, *, is_exact: bool = False) -> list[str]:
    """Words of a text that a rule's list has, each once."""
    pattern = _pattern(rule, language, is_exact)
    return list(dict.fromkeys(hit[0] for hit in pattern.finditer(text))) if pattern else []


@cache
def _pattern(rule: str, language: str, is_exact: bool) -> re.Pattern[str] | None:
    listed: Sequence[str] = _RULES_OF_WORDS[rule][language]
    flags = re.NOFLAG if is_exact else re.IGNORECASE
    return re.compile(rf"\b(?:{'|'.join(listed)})\b", flags) if listed else None
