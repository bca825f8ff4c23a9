"""The document of what makes an answer urgent: `weights.yaml`."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, TypeAlias

from pydantic import Field, field_validator, model_validator

from models.signals import NAMES
from pipelines.advice import EntryError
from pipelines.contracts import LEVELS, SEGMENTS, AttributeValue, Level, Segment
from pipelines.messages import N_
from pipelines.rules.documents import Document, WholeNumber, parse

Points: TypeAlias = Annotated[WholeNumber, Field(ge=-100, le=100)]
Share: TypeAlias = Annotated[WholeNumber, Field(ge=0, le=100)]


class Steps(Document):
    """Points by how large an attribute is: those of the last step that is reached."""

    attribute: Annotated[str, Field(min_length=1, max_length=80)]
    steps: dict[float, Points]

    def points(self, value: float) -> int:
        """Points of a value; none below the first step."""
        reached = [points for step, points in sorted(self.steps.items()) if value >= step]
        return reached[-1] if reached else 0


class Weights(Document):
    """`weights.yaml` as it is written; every number is points."""

    segments: dict[Segment, Share]
    low_score: Share
    worst_excerpt: Share
    mismatch: Share
    signals: dict[str, Points]
    tiers: dict[str, Points]
    account: Points
    account_size: Steps
    tenure: Steps
    detractor_before: Points
    theme_spiking: Points
    themes: dict[str, Points]
    due_soon: Share
    breached: Share
    unsure: Share
    levels: dict[Level, Share]

    @field_validator("signals")
    @classmethod
    def _known_signals(cls, value: dict[str, int]) -> dict[str, int]:
        for name in value:
            if name not in NAMES:
                raise EntryError(
                    N_("“%(name)s” is no signal; write one of %(known)s"),
                    name=name[:60],
                    known=", ".join(NAMES),
                )
        return value

    @field_validator("tiers")
    @classmethod
    def _in_lower_case(cls, value: dict[str, int]) -> dict[str, int]:
        return {name.casefold(): points for name, points in value.items()}

    @model_validator(mode="after")
    def _whole(self) -> Weights:
        missing = [name for name in SEGMENTS if name not in self.segments]
        if missing:
            raise EntryError(
                N_("segments lack points for %(missing)s; add them"), missing=", ".join(missing)
            )
        floors = [self.levels.get(level, -1) for level in LEVELS]
        if floors[-1] != 0 or any(higher <= lower for higher, lower in pairwise(floors)):
            raise EntryError(
                N_("levels fall from %(first)s to %(last)s, which begins at 0; order them so"),
                first=LEVELS[0],
                last=LEVELS[-1],
            )
        return self

    def level(self, score: int) -> Level:
        """The level that a score from 0 to 100 reaches."""
        return next(level for level in LEVELS if score >= self.levels[level])

    def scores(self, level: Level) -> tuple[int, int]:
        """The least and the greatest score of a level."""
        higher = LEVELS[: LEVELS.index(level)]
        return self.levels[level], self.levels[higher[-1]] - 1 if higher else 100


def weights_of(content: str) -> Weights:
    """Weights from YAML of the shape of `weights.yaml`.

    Raises:
        RuleError: it cannot be read, or an entry is missing, unknown or out of its range.
    """
    return parse(Weights, content)


def number_of(value: AttributeValue) -> float | None:
    """An attribute as a number; None where it is none."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        found = float(str(value).replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except ValueError:
        return None
    return found if found == found and abs(found) != float("inf") else None
