"""What the queue's templates are given, and the addresses of its views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from models.contracts import OTHER
from service.review.contexts import Card
from service.review.language import _, quoted
from service.review.names import language_name, named
from service.storage.queue import NOBODY, TO_ANSWER, QueueFilter

_CAME_BACK = QueueFilter(state=None, only="came_back")


@dataclass(frozen=True)
class View:
    """A named view of the queue; `id` is of one that the person saved, None of a shipped one."""

    name: str
    address: str
    is_here: bool
    id: int | None = None


@dataclass(frozen=True)
class BulkResult:
    """What became of a move of many cases.

    Attributes:
        move: "assign", "close" or "undo".
        owner: to whom the cases were given; None where they were not.
        note: why they were closed.
        moved: of each case that was moved: its id and the customer's name.
        refused: of each case that was not moved: its id, the customer's name, and why.
    """

    id: str
    move: str
    owner: str | None
    note: str
    moved: tuple[tuple[str, str], ...]
    refused: tuple[tuple[str, str, str], ...]
    can_undo: bool


@dataclass(frozen=True)
class BulkForm:
    """What was typed into the form of many cases, kept where it could not be done."""

    cases: tuple[str, ...] = ()
    owner: str = ""
    note: str = ""


@dataclass(frozen=True)
class ViewForm:
    """The name typed for a view that could not be kept; `is_taken` where another has it."""

    name: str = ""
    is_taken: bool = False


@dataclass(frozen=True)
class QueuePage:
    """The queue: cards, filters with their counts, views, and where other pages of it are.

    Attributes:
        late: how many cases to answer are past their time.
        for_today: how many need somebody today, those among them.
        came_back: in how many cases something came back that nobody has looked at.
        query: of this view's address, without the page.
        can_search: whether a search by meaning can be answered.
        newest_event: after which cases are new to whoever looks at this page.
        elsewhere: how many that came since they last looked stand on other pages of the view.
    """

    cards: tuple[Card, ...]
    total: int
    first: int
    wanted: QueueFilter
    counts: Mapping[str, Mapping[str, int]]
    themes: Mapping[str, str]
    late: int
    for_today: int
    came_back: int
    newest_event: int
    elsewhere: int
    people: tuple[str, ...]
    me: str
    views: tuple[View, ...]
    query: str
    can_search: bool
    bulk: BulkResult | None
    previous: str | None
    following: str | None

    @property
    def everywhere(self) -> str:
        """Address of the same search among cases of every state."""
        return queue_url(replace(self.wanted, state=None))

    @property
    def what_came_back(self) -> str:
        """Address of the cases in which something came back that nobody has looked at."""
        return queue_url(_CAME_BACK)

    @property
    def newest_first(self) -> str:
        """Address of the same view, where the newest cases stand first."""
        return queue_url(replace(self.wanted, sort="newest"))

    @property
    def chosen(self) -> tuple[str, ...]:
        """What is chosen among the filters, as it is called where they are folded."""
        wanted = self.wanted
        names = (
            named(wanted.state or "all", "state") if wanted.state != TO_ANSWER else None,
            wanted.level,
            wanted.segment and named(wanted.segment, "segment"),
            _("another language or none")
            if wanted.language == OTHER
            else wanted.language and language_name(wanted.language),
            _("nobody") if wanted.owner == NOBODY else wanted.owner,
            wanted.theme and self.themes.get(wanted.theme, wanted.theme),
            wanted.only and named(wanted.only, "only"),
            wanted.asked and quoted(wanted.asked),
        )
        return tuple(name for name in names if name)


def view_query(wanted: QueueFilter, offset: int = 0) -> str:
    """The query of a view's address; only what is chosen stands in it."""
    chosen = {
        "state": wanted.state or "all",
        "segment": wanted.segment,
        "priority": wanted.level,
        "language": wanted.language,
        "theme": wanted.theme,
        "owner": wanted.owner,
        "only": wanted.only,
        "q": wanted.asked,
        "by": wanted.by if wanted.asked else None,
        "sort": wanted.sort,
        "offset": offset or None,
    }
    standard = {"state": TO_ANSWER, "by": "words", "sort": "priority"}
    return urlencode(
        {key: value for key, value in chosen.items() if value and standard.get(key) != value}
    )


def queue_url(wanted: QueueFilter, offset: int = 0) -> str:
    """Address of a page of the queue."""
    return queue_address(view_query(wanted, offset))


def queue_address(query: str) -> str:
    """Address of the queue with a query, possibly empty."""
    return f"/queue?{query}" if query else "/queue"


def shipped_views(me: str) -> tuple[tuple[str, QueueFilter], ...]:
    """Names and filters of the views that everybody has."""
    return (
        (_("Mine"), QueueFilter(owner=me)),
        (_("Late"), QueueFilter(state=None, only="late")),
        (_("Unsure P1"), QueueFilter(level="P1", only="unsure")),
        (_("What came back"), _CAME_BACK),
    )
