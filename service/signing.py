"""Tokens that are signed with a key of this data folder, for links that need no signing in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from pathlib import Path

_FILE = "notice-key"
_BYTES = 32
_LONGEST = 2_000


class SignedTokens:
    """Signs values with a key of this data folder, made at first use; they do not run out.

    Args:
        home: the data folder.
        purpose: a token for one purpose is none for another.
    """

    def __init__(self, home: Path, purpose: str) -> None:
        self._key, self._purpose = _key(home / _FILE), purpose.encode() + b":"

    def token(self, *values: str) -> str:
        """What stands in a link."""
        said = json.dumps(values, ensure_ascii=False).encode()
        return f"{_letters(said)}.{_letters(self._mark(said))}"

    def read(self, token: str) -> tuple[str, ...] | None:
        """The values of a token; None where it was not signed here."""
        said, _, mark = token[:_LONGEST].partition(".")
        try:
            content, given = _bytes(said), _bytes(mark)
        except ValueError:
            return None
        if not hmac.compare_digest(self._mark(content), given):
            return None
        return tuple(json.loads(content))

    def _mark(self, said: bytes) -> bytes:
        return hmac.digest(self._key, self._purpose + said, hashlib.sha256)


def _key(file: Path) -> bytes:
    """The key that lies in a file, written whole by whichever process is first."""
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        own = file.with_name(f"{_FILE}.{secrets.token_hex(4)}")
        own.touch(mode=0o600)
        own.write_bytes(secrets.token_bytes(_BYTES))
        try:
            file.hardlink_to(own)
        except FileExistsError:
            pass
        finally:
            own.unlink()
    return file.read_bytes()


def _letters(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(letters: str) -> bytes:
    return base64.b64decode(letters + "=" * (-len(letters) % 4), altchars="-_", validate=True)
