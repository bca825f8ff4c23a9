"""What the pages of actions are given: plain dataclasses, made from stored rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pipelines.followup.drafting import Draft
from pipelines.followup.findings import Finding
from service import draft_desk
from service.action_desk import ActionDesk
from service.action_reach import LEFT, reach_of
from service.review.language import _, language, told
from service.review.pages import day, moment
from service.storage.access import Caller
from service.storage.action_tables import ActionLetter, ActionRow
from service.storage.actions import ActionRepository
from service.storage.answer_tables import ExcerptRow
from service.storage.cases import CaseRepository
from service.storage.draft_rows import standing
from service.storage.draft_tables import DraftRow
from service.storage.raised import RaisedThemes
from service.storage.themes import ThemeRepository
from service.wiring import Odzew

LETTERS_A_PAGE = 50


@dataclass(frozen=True)
class ActionLine:
    """An action in a list, with the name of its theme where that lives."""

    row: ActionRow
    theme: str | None
    theme_name: str
    since: str


@dataclass(frozen=True)
class Letter:
    """A message to one customer about an action.

    Attributes:
        state: of the draft; "overtaken" where another message was drafted since.
        said: what the customer says of the theme.
        is_sure: whether their own words bear out that they raised it.
        findings: what the linter says of one that nobody has decided about: weight and sentence.
    """

    row: DraftRow
    name: str
    state: str
    said: tuple[str, ...]
    is_sure: bool
    findings: tuple[tuple[str, str], ...]

    @property
    def is_ticked(self) -> bool:
        """Whether nothing blocks it and it surely goes to who it should."""
        return self.is_sure and all(weight != "blocking" for weight, _ in self.findings)


@dataclass(frozen=True)
class ToSilent:
    """What those who did not answer are told in one language."""

    draft: Draft
    findings: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ActionPage:
    """One action.

    Attributes:
        events: moment, person and step, oldest first.
        to_write: how many customers would be drafted a message.
        left_out: why others are not, and how many.
        letters: of this part of the list.
        total: letters in all.
    """

    line: ActionLine
    events: tuple[tuple[str, str, str], ...]
    to_write: int
    left_out: tuple[tuple[str, int], ...]
    letters: tuple[Letter, ...]
    total: int
    offset: int
    silent: tuple[ToSilent, ...]

    @property
    def pages(self) -> tuple[str, str]:
        """Addresses of the part before and after, blank where there is none."""
        here, after = f"/actions/{self.line.row.id}?offset=", self.offset + LETTERS_A_PAGE
        before = f"{here}{max(self.offset - LETTERS_A_PAGE, 0)}" if self.offset else ""
        return before, f"{here}{after}" if after < self.total else ""


def line_of(
    actions: ActionRepository, row: ActionRow, names: Mapping[str, str], zone: ZoneInfo
) -> ActionLine:
    """An action with the name of the theme it is against."""
    theme = actions.theme_of(row)
    name = names.get(theme, theme) if theme else _("a theme that is no more")
    return ActionLine(row, theme, name, day(row.since.astimezone(zone).date()))


def lines_of(
    session: Session, workspace: str, zone: ZoneInfo, theme: str | None = None
) -> tuple[ActionLine, ...]:
    """Actions, the newest first, perhaps of one theme."""
    actions = ActionRepository(session, workspace)
    names = ThemeRepository(session, workspace).names(language())
    return tuple(line_of(actions, row, names, zone) for row in actions.listed(theme))


def action_page(
    odzew: Odzew, session: Session, person: Caller, action_id: str, offset: int, now: datetime
) -> ActionPage:
    """All that the page of an action shows."""
    workspace, zone = person.workspace, odzew.settings.zone
    actions = ActionRepository(session, workspace)
    row = actions.get(action_id)
    desk = ActionDesk(odzew, workspace, person.name)
    reach = reach_of(odzew, session, workspace, row, now)
    rows = actions.letters(row.id, limit=LETTERS_A_PAGE, offset=offset)
    theme = actions.theme_of(row)
    answers = [letter.feedback_id for _, letter in rows]
    said = RaisedThemes(session, workspace).said(answers, theme) if theme else {}
    return ActionPage(
        line=line_of(actions, row, ThemeRepository(session, workspace).names(language()), zone),
        events=tuple((moment(one.at, zone), one.who, one.step) for one in row.events),
        to_write=len(reach.recipients),
        left_out=tuple((_(LEFT[why]), count) for why, count in sorted(reach.left_out.items())),
        letters=tuple(
            _letter(odzew, session, workspace, one, letter, said.get(letter.feedback_id, []))
            for one, letter in rows
        ),
        total=actions.count_letters(row.id),
        offset=offset,
        silent=tuple(
            ToSilent(draft, _shown(found)) for draft, found in desk.silent(session, row, now)
        ),
    )


def _letter(
    odzew: Odzew,
    session: Session,
    workspace: str,
    row: DraftRow,
    letter: ActionLetter,
    said: Sequence[ExcerptRow],
) -> Letter:
    state = standing(row) if row.purpose != "answer" else "overtaken"
    found = (
        draft_desk.findings(odzew, session, workspace, row)
        if state in ("draft", "in_review")
        else []
    )
    customer = CaseRepository(session, workspace).get(row.case_id).feedback.respondent
    name = (customer.name or customer.external_id) if customer else _("Unknown customer")
    words = tuple(one.text for one in said)
    return Letter(row, name, state, words, letter.is_sure, _shown(found))


def _shown(findings: Sequence[Finding]) -> tuple[tuple[str, str], ...]:
    return tuple((one.weight, told(one.told)) for one in findings)
