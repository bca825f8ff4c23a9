from __future__ import annotations

import pytest

from models.contracts import LANGUAGES
from tests.pipelines.followup.golden import FOLDER, NEWS, PLAIN, PRAISE, RESTRAINED, written


@pytest.mark.parametrize("language", LANGUAGES)
def test_drafts_are_those_that_were_read(language: str) -> None:
    kept = (FOLDER / f"{language}.txt").read_text("utf-8")
    assert kept.count("=== ") == PLAIN + RESTRAINED + NEWS + PRAISE
    assert written(language) == kept, "read the new ones, then: see docs/templates.md"
