"""Who answers customers in a workspace."""

from __future__ import annotations

from sqlalchemy.orm import Session

from pipelines.cases import MoveError
from pipelines.followup.review import ReviewError
from pipelines.messages import N_
from service.storage import access
from service.storage.access import Caller
from service.wiring import Odzew


def people_of(odzew: Odzew, session: Session, person: Caller) -> tuple[str, ...]:
    """Whom a case can be given to, in order: the team, and all who have signed in."""
    team = odzew.rules(person.workspace).team.members
    return tuple(sorted({person.name, *team, *access.people(session, person.workspace)}))


def may_approve(odzew: Odzew, workspace: str, name: str) -> bool:
    """Whether somebody's role lets them approve drafts: all may whom the team lets."""
    member = odzew.rules(workspace).team.members.get(name)
    return member is None or member.approves


def check_speaker(caller: Caller) -> None:
    """See that a key may say what people decided.

    Raises:
        ReviewError: it was not made to.
    """
    if not caller.approves:
        raise ReviewError(
            N_(
                "This key may not approve or send for people. "
                "`odzew keys create NAME --approves` makes one that may."
            )
        )


def check_owner(odzew: Odzew, session: Session, workspace: str, owner: str | None) -> None:
    """See that a case is given to somebody who is there; where no team is named, to anybody.

    Raises:
        MoveError: neither a member of the team nor somebody who has signed in.
    """
    team = odzew.rules(workspace).team
    if not team.members or owner is None:
        return
    known = {*team.members, *access.people(session, workspace), team.default_owner}
    if owner not in known:
        raise MoveError(
            N_("There is no %(name)s here. A case is given to one of: %(people)s."),
            name=owner[:60],
            people=", ".join(sorted(filter(None, known))),
        )
