"""Where people change themes: builds an edit from what is stored, previews or makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from models.contracts import LANGUAGES, Vectors
from pipelines.messages import N_
from pipelines.ports import StoredExcerpt
from pipelines.theme_life import changes, emerging, identity, membership
from pipelines.theme_life.changes import Effect
from pipelines.theme_life.edits import Edit, ThemeEditError, UnknownThemeError
from pipelines.theme_life.gone import reason_told
from pipelines.theme_life.touchpoints import SHIPPED, read_taxonomy
from service.storage.conflicts import ConflictError, NotFoundError
from service.storage.feedback import FeedbackRepository
from service.storage.theme_history import ThemeHistory
from service.storage.theme_tables import ThemeRow
from service.storage.themes import ThemeRepository
from service.wiring import Odzew

MOST_EXCERPTS = 20_000
"""Excerpts that one edit may name."""


class ThemeDesk:
    """Edits of one workspace's themes by one person.

    Each takes `preview`: then nothing is changed and the effect is what it would be.

    Attributes:
        seen: version of the theme model that the person saw a preview of; an edit is then made of
            this one only, and is a `ConflictError` where somebody changed themes meanwhile.
    """

    def __init__(self, odzew: Odzew, workspace: str, who: str, *, seen: str = "") -> None:
        self._odzew, self._workspace, self._who = odzew, workspace, who
        self.seen = seen

    def rename(
        self, theme: str, name: str, language: str | None = None, *, preview: bool = False
    ) -> Effect:
        """See `identity.Rename`."""
        return self._change("rename", lambda _: identity.Rename(theme, name, language), preview)

    def merge(self, theme: str, into: str, *, preview: bool = False) -> Effect:
        """See `membership.Merge`."""
        return self._change("merge", lambda _: membership.Merge(theme, into), preview)

    def retire(self, theme: str, reason: str, *, preview: bool = False) -> Effect:
        """See `identity.Retire`."""
        return self._change("retire", lambda _: identity.Retire(theme, reason), preview)

    def pin(
        self, theme: str, phrase: str, *, taken_away: bool = False, preview: bool = False
    ) -> Effect:
        """See `membership.PinPhrase`."""
        kind = "unpin" if taken_away else "pin"
        return self._change(
            kind, lambda _: membership.PinPhrase(theme, phrase, taken_away), preview
        )

    def place(
        self, theme: str, wanted: Mapping[str, str | None], *, preview: bool = False
    ) -> Effect:
        """See `identity.Place`."""
        keys = [one.key for one in self._odzew.touchpoints(self._workspace)]
        return self._change("place", lambda _: identity.Place(theme, dict(wanted), keys), preview)

    def move(self, excerpts: Sequence[int], theme: str | None, *, preview: bool = False) -> Effect:
        """See `membership.Move`."""
        chosen = _distinct(excerpts)

        def build(repository: ThemeRepository) -> Edit:
            vectors = repository.vectors_of(chosen)
            _check_all(len(vectors), chosen)
            return membership.Move(vectors, theme)

        return self._change("move", build, preview)

    def make(
        self,
        excerpts: Sequence[int],
        name: str = "",
        *,
        source: str | None = None,
        preview: bool = False,
    ) -> Effect:
        """A theme of excerpts: split from `source`, or chosen anywhere; see `membership.Make`.

        Without a name it is named by its own words.
        """
        chosen = set(_distinct(excerpts))

        def build(repository: ThemeRepository) -> Edit:
            stored, vectors = repository.excerpts()
            themes = repository.themes_of_excerpts()
            own = np.array([one.id in chosen for one in stored], bool)
            _check_all(int(own.sum()), chosen)
            of_source = np.array([theme == source for theme in themes], bool)
            if source is not None and not (own & of_source).sum() == len(chosen):
                raise ThemeEditError(N_("A theme is split by excerpts of its own; some are not."))
            rest = (of_source if source else np.ones(len(stored), bool)) & ~own
            names, keywords = emerging.named(_of(stored, own), _of(stored, rest))
            if name.strip():
                names = dict.fromkeys(LANGUAGES, name)
            return membership.Make(
                vectors[own], names, keywords, source, vectors[~own], int(rest.sum())
            )

        return self._change("split" if source else "make", build, preview)

    def undo(self, change_id: int) -> Effect:
        """Take the newest change back."""
        with self._odzew.database.transaction() as session:
            repository = ThemeRepository(session, self._workspace)
            repository.history.check_undoable(change_id)
            effect = changes.undo(repository, change_id, who=self._who)
            if repository.history.get(change_id).kind == "taxonomy":
                repository.put_taxonomy(repository.taxonomy_before(), who=self._who)
            return effect

    def accept(self, change_id: int) -> None:
        """Let a refit stand, and say so."""
        with self._odzew.database.transaction() as session:
            ThemeHistory(session, self._workspace).accept(change_id, who=self._who)

    def use_taxonomy(self, content: str) -> int:
        """Use a workspace's own taxonomy, or with nothing the one shipped; gives how many entries.

        Themes are sorted under it at once, but for those that people have placed. The one in use
        changes nothing.
        """
        content = content.replace("\r\n", "\n").strip()
        wanted = "" if content == SHIPPED.read_text("utf-8").strip() else content
        count = len(read_taxonomy(wanted)) if wanted else 0
        with self._odzew.database.transaction() as session:
            repository = ThemeRepository(session, self._workspace)
            if wanted == (repository.taxonomy() or ""):
                return len(self._odzew.touchpoints(self._workspace))
            repository.put_taxonomy(wanted, who=self._who)
        taxonomy = self._odzew.taxonomy(self._workspace)
        with self._odzew.database.transaction() as session:
            repository = ThemeRepository(session, self._workspace)
            changes.sort_under(repository, taxonomy, who=self._who)
        return count or len(taxonomy.touchpoints)

    def parts(self, theme: str) -> tuple[emerging.Group, ...]:
        """The parts that a theme seems to have."""
        with self._odzew.database.snapshot() as session:
            return emerging.parts(*_with_moments(session, self._workspace, theme))

    def emerging(self) -> tuple[emerging.Group, ...]:
        """Groups among the newest excerpts without a theme."""
        with self._odzew.database.snapshot() as session:
            stored = _with_moments(session, self._workspace, None, newest=emerging.NEWEST)
        return tuple(one for one in emerging.emerging(*stored) if one.names)

    def _change(self, kind: str, build: Callable[[ThemeRepository], Edit], preview: bool) -> Effect:
        database = self._odzew.database
        with database.snapshot() if preview else database.transaction() as session:
            repository = ThemeRepository(session, self._workspace)
            if not preview and self.seen not in {"", repository.model_version()}:
                raise ConflictError(
                    N_("Somebody changed themes meanwhile. Look at the edit again.")
                )
            try:
                if preview:
                    return changes.preview(repository, build(repository))
                return changes.make(repository, build(repository), kind=kind, who=self._who)
            except UnknownThemeError as error:
                raise _told(error, repository.get(error.theme)) from error


def _told(error: UnknownThemeError, gone: ThemeRow | None) -> UnknownThemeError:
    """The error with the name of a theme that is one no more, and why."""
    if gone is None:
        return error
    return UnknownThemeError(
        error.theme,
        N_("“%(label)s” is no theme any more: %(why)s."),
        label=gone.label,
        why=reason_told(gone.retired_reason or ""),
    )


def _with_moments(
    session: Session, workspace: str, theme: str | None, *, newest: int | None = None
) -> tuple[list[StoredExcerpt], Vectors, list[datetime]]:
    stored, vectors = ThemeRepository(session, workspace).excerpts_under(theme, newest=newest)
    moments = FeedbackRepository(session, workspace).moments({one.feedback_id for one in stored})
    return stored, vectors, [moments[one.feedback_id] for one in stored]


def _of(stored: Sequence[StoredExcerpt], chosen: NDArray[np.bool_]) -> list[StoredExcerpt]:
    return [one for one, own in zip(stored, chosen, strict=True) if own]


def _distinct(excerpts: Sequence[int]) -> list[int]:
    if not 1 <= len(excerpts) <= MOST_EXCERPTS:
        raise ThemeEditError(
            N_("Choose 1 to %(most)s excerpts; these are %(count)s."),
            most=MOST_EXCERPTS,
            count=len(excerpts),
        )
    return sorted(set(excerpts))


def _check_all(found: int, wanted: Sequence[int] | set[int]) -> None:
    if found != len(wanted):
        raise NotFoundError(
            N_("%(count)s of these excerpts are not here. Load the list again and choose."),
            count=len(wanted) - found,
        )
