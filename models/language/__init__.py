"""Says which of the surveyed languages a comment is written in, short comments included."""

from __future__ import annotations

from models.language.detector import LanguageDetector
from models.language.model import NAME, VERSION

__all__ = ["NAME", "VERSION", "LanguageDetector"]
