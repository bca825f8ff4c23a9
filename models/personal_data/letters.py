"""Character classes that `re` has no name for."""

from __future__ import annotations

_LATIN = range(0x250)
CAPITAL = "[" + "".join(chr(code) for code in _LATIN if chr(code).isupper()) + "]"
SMALL = "[" + "".join(chr(code) for code in _LATIN if chr(code).islower()) + "]"
"""Letters of the Latin script; what combines of two code points a reading has joined."""
WORD = r"[^\W\d_](?:[^\W\d_]|['-](?=[^\W\d_])){0,24}"
"""The rest of a word after its first letter, with hyphens and apostrophes inside it."""
