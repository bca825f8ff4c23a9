"""The queue's address as what it asks for: filters, search and order, of pages and of JSON."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Query

from models.contracts import LANGUAGES, OTHER
from pipelines.cases import STATES
from pipelines.contracts import LEVELS, SEGMENTS, RejectedError
from pipelines.messages import N_
from pipelines.theme_life.gone import reason_told
from service.storage.queue import ONLY, TO_ANSWER, QueueFilter, SearchBy
from service.storage.queue_order import Sort
from service.storage.theme_survivors import survivor_of
from service.storage.themes import ThemeRepository
from service.wiring import Odzew

LONGEST_SEARCH = 300
"""Characters of what can be searched for."""


class UnsearchedError(RejectedError):
    """An order by nearness where nothing is searched for by meaning."""


@dataclass(frozen=True)
class QueueQuery:
    """Parameters of the queue; an empty value is none, `state=all` is every state."""

    state: str = TO_ANSWER
    segment: str = ""
    priority: str = ""
    language: str = ""
    theme: str = ""
    owner: str = ""
    only: str = ""
    q: Annotated[str, Query(max_length=LONGEST_SEARCH)] = ""
    by: SearchBy = "words"
    sort: Sort = "priority"

    def filter(self) -> QueueFilter:
        """A filter of known values.

        Raises:
            RejectedError: a value that nobody offers.
        """
        for name, value, offered in (
            ("state", self.state, (TO_ANSWER, *STATES, "all")),
            ("segment", self.segment, SEGMENTS),
            ("priority", self.priority, LEVELS),
            ("language", self.language, (*LANGUAGES, OTHER)),
            ("only", self.only, ONLY),
        ):
            if value and value not in offered:
                raise RejectedError(
                    N_("%(name)s is one of %(offered)s."), name=name, offered=", ".join(offered)
                )
        return QueueFilter(
            state=None if self.state == "all" else self.state or TO_ANSWER,
            segment=self.segment or None,
            level=self.priority or None,
            language=self.language or None,
            theme=self.theme or None,
            owner=self.owner or None,
            only=self.only or None,  # type: ignore[arg-type]
            asked=self.q.strip() or None,
            by=self.by,
            sort=self.sort,
        )

    def searched(self, odzew: Odzew, workspace: str) -> QueueFilter:
        """The filter with what a search by meaning finds now.

        A theme that was merged stands for the one that it was merged into.

        Raises:
            UnsearchedError: an order by nearness where nothing is searched for by meaning.
            RejectedError: a value that nobody offers, or a theme that is not here or none any more.
        """
        wanted = self.filter()
        if wanted.theme is not None:
            with odzew.database.snapshot() as session:
                living = _living(ThemeRepository(session, workspace), wanted.theme)
            wanted = replace(wanted, theme=living)
        if wanted.sort == "nearest" and (wanted.asked is None or wanted.by == "words"):
            raise UnsearchedError(
                N_(
                    "The nearest come first only in a search by meaning. Search for something by "
                    "meaning (q, by=meaning), or choose another order."
                )
            )
        if wanted.asked is None or wanted.by == "words":
            return wanted
        found = odzew.meanings.answers(workspace, wanted.asked)
        return replace(wanted, near=tuple(one.feedback_id for one in found))


def _living(repository: ThemeRepository, theme_id: str) -> str:
    theme = repository.get(theme_id)
    if theme is None:
        raise RejectedError(
            N_(
                "There is no theme %(theme)s here. Choose one that the themes page lists "
                "(GET /v1/themes), or leave theme out."
            ),
            theme=theme_id[:40],
        )
    living = survivor_of(repository, theme)
    if living is None:
        raise RejectedError(
            N_(
                "The theme “%(theme)s” is none any more: %(reason)s. Choose one that the themes "
                "page lists (GET /v1/themes), or leave theme out."
            ),
            theme=theme.label,
            reason=reason_told(theme.retired_reason or ""),
        )
    return living.id
