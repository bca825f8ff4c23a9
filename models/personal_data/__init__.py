"""Finds personal data in a comment, so that it can be masked."""

from models.personal_data.contracts import PERSONAL_TYPES, PersonalSpan, PersonalType
from models.personal_data.find import find, leave_out, mask, mask_part

__all__ = [
    "PERSONAL_TYPES",
    "PersonalSpan",
    "PersonalType",
    "find",
    "leave_out",
    "mask",
    "mask_part",
]
