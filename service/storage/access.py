"""Workspaces, API keys, sign-in links and browser sessions; secrets are kept as hashes only."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.storage.access_tables import ApiKey, BrowserSession, SignInLink, Workspace
from service.storage.base import new_id

LINK_LIFE = timedelta(minutes=30)
SESSION_LIFE = timedelta(days=14)
KEY_PREFIX = "odz_"
FIRST = "Admin"
"""Whom the link signs in that a server prints at its start."""


@dataclass(frozen=True)
class Caller:
    """Who is at the door.

    Attributes:
        name: the key's or the person's.
        approves: of a key, whether it may say which person approved a draft.
    """

    workspace: str
    name: str
    approves: bool = False


def ensure_workspace(session: Session, name: str, now: datetime) -> str:
    """Id of the workspace of this name, made if there is none."""
    found = session.scalar(select(Workspace.id).where(Workspace.name == name))
    if found is not None:
        return found
    workspace = Workspace(id=new_id("wsp"), name=name, created_at=now)
    session.add(workspace)
    session.flush()
    return workspace.id


def workspaces(session: Session) -> list[Workspace]:
    """All workspaces."""
    return list(session.scalars(select(Workspace).order_by(Workspace.created_at)))


def create_key(
    session: Session, workspace: str, name: str, now: datetime, *, approves: bool = False
) -> tuple[str, str]:
    """A new key: its id and the secret, which is shown this once."""
    secret = KEY_PREFIX + secrets.token_urlsafe(24)
    key = ApiKey(
        id=new_id("key"),
        workspace_id=workspace,
        name=name,
        sha256=_sha256(secret),
        created_at=now,
        approves=approves,
    )
    session.add(key)
    session.flush()
    return key.id, secret


def keys(session: Session, workspace: str) -> list[ApiKey]:
    """Keys of a workspace, revoked ones too, oldest first."""
    query = select(ApiKey).where(ApiKey.workspace_id == workspace).order_by(ApiKey.created_at)
    return list(session.scalars(query))


def revoke_key(session: Session, workspace: str, name_or_id: str, now: datetime) -> int:
    """Revoke keys by id or name; gives how many were revoked."""
    result = session.execute(
        update(ApiKey)
        .where(
            ApiKey.workspace_id == workspace,
            (ApiKey.id == name_or_id) | (ApiKey.name == name_or_id),
            ApiKey.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def caller_of_key(session: Session, secret: str) -> Caller | None:
    """Who a key belongs to, None where it is unknown or revoked."""
    row = session.execute(
        select(ApiKey.workspace_id, ApiKey.name, ApiKey.approves).where(
            ApiKey.sha256 == _sha256(secret), ApiKey.revoked_at.is_(None)
        )
    ).one_or_none()
    return None if row is None else Caller(row.workspace_id, row.name, row.approves)


def create_link(session: Session, workspace: str, person: str, now: datetime) -> str:
    """The token of a sign-in link that works once within `LINK_LIFE`."""
    token = secrets.token_urlsafe(24)
    session.add(
        SignInLink(
            sha256=_sha256(token), workspace_id=workspace, person=person, expires_at=now + LINK_LIFE
        )
    )
    return token


def use_link(session: Session, token: str, now: datetime) -> str | None:
    """Sign in by a link: the new browser session's token, None where the link is spent."""
    link = session.get(SignInLink, _sha256(token))
    if link is None:
        return None
    spent = session.execute(
        update(SignInLink)
        .where(
            SignInLink.sha256 == link.sha256,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now,
        )
        .values(used_at=now)
    )
    if spent.rowcount != 1:  # type: ignore[attr-defined]
        return None
    browser = secrets.token_urlsafe(24)
    session.add(
        BrowserSession(
            sha256=_sha256(browser),
            workspace_id=link.workspace_id,
            person=link.person,
            expires_at=now + SESSION_LIFE,
        )
    )
    return browser


def caller_of_session(session: Session, token: str, now: datetime) -> Caller | None:
    """Who a browser session belongs to, None where it is unknown or over."""
    row = session.get(BrowserSession, _sha256(token))
    if row is None or row.expires_at <= now:
        return None
    return Caller(row.workspace_id, row.person)


def people(session: Session, workspace: str) -> set[str]:
    """Everybody who was given a sign-in link, signed in or not; the first one only once used."""
    links = select(SignInLink.person).where(SignInLink.workspace_id == workspace)
    used = links.where((SignInLink.person != FIRST) | SignInLink.used_at.is_not(None))
    sessions = select(BrowserSession.person).where(BrowserSession.workspace_id == workspace)
    return set(session.scalars(used.union(sessions)))


def end_session(session: Session, token: str) -> None:
    """Sign out."""
    row = session.get(BrowserSession, _sha256(token))
    if row is not None:
        session.delete(row)


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
