"""Which excerpts a list shows: the query that the API's and the pages' lists of excerpts share."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from fastapi import Depends, Query

from service.storage.theme_excerpts import ExcerptFilter

Offset: TypeAlias = Annotated[int, Query(ge=0, le=10_000_000)]


def asked_excerpts(
    language: Annotated[
        Literal["", "pl", "cs", "et", "en", "other"], Query(description="Language of the answer.")
    ] = "",
    mood: Annotated[
        Literal["", "negative", "neutral", "positive"], Query(description="Sentiment.")
    ] = "",
    words: Annotated[
        str,
        Query(max_length=300, description="All stand in the text, with or without accents."),
    ] = "",
) -> ExcerptFilter:
    """The filter of a request, without a theme; what is empty does not count."""
    return ExcerptFilter(None, language, mood, words)


AskedExcerpts: TypeAlias = Annotated[ExcerptFilter, Depends(asked_excerpts)]
