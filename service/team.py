"""Who answers customers in a workspace."""

from __future__ import annotations

from sqlalchemy.orm import Session

from pipelines.cases import MoveError
from pipelines.followup.review import ReviewError
from pipelines.messages import N_
from service.storage import access
from service.storage.access import Caller
from service.wiring import Odzew

_NOBODY_YET = N_(
    "There is no %(name)s here, nor anybody else yet. Add people with `odzew users add NAME`, or "
    "as members of the team on the page Rules."
)
_OTHERS = N_(
    "There is no %(name)s here. A case is given to one of: %(people)s. Others are added with "
    "`odzew users add NAME`, or as members of the team on the page Rules."
)


def people_of(odzew: Odzew, session: Session, person: Caller) -> tuple[str, ...]:
    """Whom somebody can give a case to, themselves among them, in order."""
    return tuple(sorted({person.name, *_known(odzew, session, person.workspace)}))


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
    """See that a case is given to somebody who is there: a person, or a machine by its key.

    Raises:
        MoveError: neither of the team, nor somebody who was ever given a way to sign in, nor a key.
    """
    if owner is None:
        return
    people = _known(odzew, session, workspace)
    machines = (f"key:{key.name}" for key in access.keys(session, workspace) if not key.revoked_at)
    if owner not in {*people, *machines}:
        message = _OTHERS if people else _NOBODY_YET
        raise MoveError(message, name=owner[:60], people=", ".join(sorted(people)))


def _known(odzew: Odzew, session: Session, workspace: str) -> set[str]:
    """The team, and all who can sign in."""
    team = odzew.rules(workspace).team
    default = {team.default_owner} if team.default_owner else set[str]()
    return {*team.members, *access.people(session, workspace)} | default
