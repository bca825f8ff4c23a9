"""Lays texts out as lessons: as the product reads them, and as people might have typed them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eval.perturbations import KINDS
from eval.training.lessons import Lesson, Parts
from eval.training.sources import SEED, Row, pairs_by_language, read_concepts, say, sentiment_rows
from models.contracts import POLARITIES
from models.encoder import MAX_TOKENS, PREFIX
from models.language import LanguageDetector
from models.reading_form import reading_form
from models.signals import NAMES
from pipelines.page import Comment, Page

PERTURBED = (
    *("no_diacritics", "no_diacritics", "typos", "typos"),
    *("careless", "stretched", "emoji", "code_switching"),
)
VERSIONS = 4
"""Of each text: as it was, and as people might have typed it."""


def collect(data: Path, tokenizer: Any) -> list[Lesson]:
    """Every labelled text that is not held out, and texts that only teachers label."""
    read = Typist(tokenizer)
    rows = [row for row in sentiment_rows(data) if not row.is_held_out]
    lessons = [read.lesson(row) for row in rows]
    lessons += lessons_of_pairs(data, read)
    for row in read_concepts():
        code = row["language"]
        lessons.append(read.lesson(Row(f"concepts.{code}", code, row["text"], "", False)))
    say(f"lessons: {len(lessons)} texts laid out")
    return lessons


def lessons_of_pairs(data: Path, read: Typist) -> Iterator[Lesson]:
    """Both sides of translation pairs whose other side is English; others of XED are Danish."""
    detector = LanguageDetector()
    for code, (texts, translations) in pairs_by_language(data, held_out=False).items():
        languages = detector.detect_many(translations)
        for text, translation, language in zip(texts, translations, languages, strict=True):
            if language.code == "en":
                yield read.lesson(Row(f"pairs.{code}", code, text, "", False), translation)
                yield read.lesson(Row("pairs.en", "en", translation, "", False))


class Typist:
    """Lays rows out as the product would read them, and as people might have typed them."""

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        self.chance = random.Random(SEED)  # noqa: S311 - to repeat, not to hide

    def lesson(self, row: Row, translation: str = "") -> Lesson:
        """A row as a lesson, with its English translation if it has one."""
        page = Page.of(Comment(row.text), row.language)
        forms = tuple(page.forms) or (row.text,)
        lengths = tuple(max(one.end - one.start, 1) for one in page.excerpts) or (1,)
        shares = None
        if row.label:
            shares = np.array([row.label == name for name in POLARITIES], np.float32)
        signals = None
        if row.signals is not None:
            signals = np.array([name in row.signals for name in NAMES], np.float32)
        versions = [self.tokens(forms)]
        for _ in range(VERSIONS - 1):
            change = KINDS[self.chance.choice(PERTURBED)]
            typed = [change(form, row.language, self.chance) for form in forms]
            versions.append(self.tokens([reading_form(one, row.language) or one for one in typed]))
        told = self.tokens([reading_form(translation, "en") or translation] if translation else ())
        return Lesson(row.source, tuple(versions), lengths, shares, signals, told)

    def tokens(self, forms: Sequence[str]) -> Parts:
        """Token ids of reading forms; of one longer than a window, its beginning."""
        return tuple(
            np.array(one.ids[:MAX_TOKENS], np.int32)
            for one in self.tokenizer.encode_batch([PREFIX + form for form in forms])
        )
