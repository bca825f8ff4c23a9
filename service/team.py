"""Who answers customers in a workspace."""

from __future__ import annotations

from sqlalchemy.orm import Session

from service.storage import access
from service.storage.access import Caller
from service.wiring import Odzew


def people_of(odzew: Odzew, session: Session, person: Caller) -> tuple[str, ...]:
    """Whom a case can be given to, in order: the team, and all who have signed in."""
    team = odzew.rules(person.workspace).team.members
    return tuple(sorted({person.name, *team, *access.people(session, person.workspace)}))
