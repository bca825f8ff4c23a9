"""Who can be told in a workspace, where, and in which language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.contracts import LANGUAGES
from pipelines.notices.choices import Choices, Kind
from pipelines.rules import Rules
from pipelines.rules.team import Member
from service.storage import access
from service.storage.notices import NoticeRepository

_NOBODY = Member()


@dataclass(frozen=True)
class Recipient:
    """One person.

    Attributes:
        member: what the team's document says; a blank one of who only signs in.
        choices: their own, or those that everybody begins with.
        is_member: whether the team's document names them.
    """

    name: str
    member: Member
    choices: Choices
    is_member: bool

    def address(self, day: date) -> str | None:
        """Where mail reaches them on a day; None where it does not, or they are away."""
        return None if self.member.is_absent(day) else self.member.email

    def channel(self, kind: Kind, day: date, *, is_mailing: bool) -> str | None:
        """How a notice of a kind leaves the house for them; None where it does not."""
        wants_mail = is_mailing and self.choices.wants(kind, "mail")
        return "mail" if wants_mail and self.address(day) else None


def people(session: Session, workspace: str, rules: Rules) -> dict[str, Recipient]:
    """The team, and all who have signed in, by name."""
    chosen = NoticeRepository(session, workspace).choices()
    names = {*rules.team.members, *access.people(session, workspace)}
    return {name: _recipient(name, rules.team.members, chosen) for name in sorted(names)}


def person(session: Session, workspace: str, rules: Rules, name: str) -> Recipient:
    """One person, whether or not there is anybody of that name."""
    chosen = NoticeRepository(session, workspace).choices()
    return _recipient(name, rules.team.members, chosen)


def _recipient(
    name: str, members: Mapping[str, Member], chosen: Mapping[str, Choices]
) -> Recipient:
    member = members.get(name)
    spoken = [code for code in (member.languages if member else ()) if code in LANGUAGES]
    choices = chosen.get(name) or Choices(language=spoken[0] if spoken else "en")
    return Recipient(name, member or _NOBODY, choices, member is not None)
