"""What the flows need of storage; `service/storage` implements it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from models.contracts import Themed, Vectors
from models.themes import ThemeModel
from pipelines.assignment import Load
from pipelines.cases import Status, Step
from pipelines.clock import Clock
from pipelines.contracts import Answer, Bucket, Priority, Segment, Understanding
from pipelines.followup.drafting import Draft


@dataclass(frozen=True, slots=True)
class Opening:
    """A case to open with its first draft; None where the customer asked not to be contacted."""

    priority: Priority
    draft: Draft | None


@dataclass(frozen=True, slots=True)
class Received:
    """One answer with all that the flow made of it; stored whole or not at all."""

    feedback_id: str
    dedupe_key: str
    answer: Answer
    received_at: datetime
    understanding: Understanding
    segment: Segment | None
    priority: Priority
    bucket: Bucket
    opening: Opening | None


@dataclass(frozen=True, slots=True)
class StoredExcerpt:
    """An excerpt as stored: its number, the answer it is of, its language and text."""

    id: int
    feedback_id: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class VectorPoint:
    """One excerpt in the vector index."""

    id: int
    workspace: str
    feedback_id: str
    language: str
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A near excerpt; `similarity` is the cosine."""

    id: int
    feedback_id: str
    similarity: float


@dataclass(frozen=True, slots=True)
class CustomerCase:
    """The newest case of a customer, and the score of its priority."""

    id: str
    status: Status
    score: int


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step and the state of the case before it, None for a new case, and after it."""

    step: Step
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Placement:
    """An answer that belongs to a case.

    Attributes:
        is_new: whether the case begins with it.
        leads: whether the case is about this answer from now on, the most urgent one.
        status: of the case, after it.
        steps: what happened to the case, in order.
    """

    received: Received
    case_id: str
    is_new: bool
    leads: bool
    status: Status
    steps: tuple[StepTaken, ...]


class CaseStore(Protocol):
    """Cases of one workspace."""

    def newest_of(self, customers: Collection[str]) -> dict[str, CustomerCase]:
        """The newest case of each customer, by the customer's external id."""

    def load(self) -> Load:
        """Who has how many open cases, and who was given one last."""

    def place(self, placements: Sequence[Placement], clock: Clock) -> None:
        """Open cases and go on with those that were there, each with its events and draft."""


class FeedbackStore(Protocol):
    """Answers of one workspace."""

    def known(self, dedupe_keys: Iterable[str]) -> dict[str, str]:
        """Which keys are stored already: key -> feedback id."""

    def said(self, dedupe_keys: Iterable[str]) -> dict[str, Answer]:
        """What the stored answers of some keys say, by key."""

    def add(self, received: Sequence[Received]) -> list[VectorPoint]:
        """Store answers with what was read of them; gives the excerpts to index."""


@dataclass(frozen=True)
class Change:
    """A new theme model with what made it.

    Attributes:
        kind: one word: refit, rename, merge, ...
        who: a person or the engine.
        themes: ids of those it is about.
        report: what is told of it, as JSON.
        assigned: theme of each excerpt, in the order of `ThemeStore.excerpts`.
        made_from: excerpts there were when it was last measured how far themes reach.
    """

    kind: str
    who: str
    model: ThemeModel
    themes: tuple[str, ...]
    report: Mapping[str, Any]
    assigned: Sequence[Themed]
    made_from: int


class ThemeStore(Protocol):
    """Themes of one workspace and the excerpts they are found in."""

    def excerpts(self) -> tuple[list[StoredExcerpt], Vectors]:
        """All excerpts in a stable order, with their (n, d) float32 vectors."""

    def themes_of_excerpts(self) -> list[str | None]:
        """Id of each excerpt's theme, in the order of `excerpts`."""

    def current_model(self) -> ThemeModel | None:
        """The model in use, None before the first fit."""

    def made_from(self) -> int:
        """See `Change.made_from`; 0 before the first fit."""

    def put(self, change: Change) -> int:
        """Put a model in use, with the theme of each excerpt, and keep the change; its number."""

    def model_before(self, change_id: int) -> ThemeModel | None:
        """The model before a change; None unless the change is the one to be undone next."""

    def put_back(
        self, change_id: int, model: ThemeModel, assigned: Sequence[Themed], *, who: str
    ) -> None:
        """Put the model before a change in use again, and keep that it was undone."""


class VectorIndex(Protocol):
    """The derived index over excerpt vectors; two implementations, one contract test."""

    def upsert(self, points: Sequence[VectorPoint]) -> None:
        """Add points, replacing those with the same ids."""

    def delete(self, ids: Sequence[int]) -> None:
        """Remove points; unknown ids are no error."""

    def ids(self, workspace: str) -> set[int]:
        """Ids of all points of a workspace."""

    def search(self, workspace: str, vector: Vectors, limit: int) -> list[Neighbour]:
        """The nearest points of a workspace, nearest first."""

    def clear(self) -> None:
        """Remove every point of every workspace."""

    def close(self) -> None:
        """Flush and release the index; it is not used afterwards."""
