"""What can be an e-mail address, and what a telephone number, as people write them."""

from __future__ import annotations

import re
from typing import Final

from pipelines.contracts import PipelineError
from pipelines.messages import N_

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
MAILBOX: Final = re.compile(
    rf"(?=[^@]{{1,64}}@.{{1,253}}$)[\w!#$%&'*+/=?^`{{|}}~-]+(\.[\w!#$%&'*+/=?^`{{|}}~-]+)*"
    rf"@{_LABEL}(\.{_LABEL})*",
    re.ASCII | re.IGNORECASE,
)
"""An e-mail address as mail servers take it, those of one's own machines too: no part is empty."""
_DIGITS: Final = range(5, 21)
"""How many a number may have: those of a small office's exchange, to E.164's fifteen with the zeros
that dial abroad and an extension."""


def is_email(text: str) -> bool:
    """Whether a text is one e-mail address that can be written to over the internet.

    A domain without a dot is a slip far more often than a machine's name.
    """
    return MAILBOX.fullmatch(text) is not None and "." in text.partition("@")[2]


def is_phone(text: str) -> bool:
    """Whether a text can be a telephone number: digits are counted, all between them is let be.

    People write +48 600 100 200, 0048…, (22) 123-45-67 and "600 100 200 ext. 12".
    """
    return "@" not in text and sum(sign.isdecimal() for sign in text) in _DIGITS


def check_reachable(text: str) -> None:
    """See that somebody can be written to or called at what a person typed.

    Raises:
        PipelineError: it is neither an e-mail address nor a telephone number.
    """
    if not (is_email(text) or is_phone(text)):
        raise PipelineError(
            N_(
                "“%(address)s” is neither an e-mail address nor a telephone number; write one "
                "such as anna@example.com or +48 600 100 200."
            ),
            address=text[:80],
        )
