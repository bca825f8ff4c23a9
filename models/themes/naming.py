"""Names themes in four languages: by a concept, a place and terms, or phrases of their own."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, count
from pathlib import Path

from models.contracts import LANGUAGES
from models.labels import opens_in_base_form

NAME_PHRASES = 2
NAME_PARTS = 3
"""Places and terms that a name is made of."""
SEPARATOR = " · "
VARIOUS = {"pl": "Różne", "cs": "Různé", "et": "Mitmesugust", "en": "Various"}
"""Stands before a phrase in another language, where nothing else says what it is about."""
_QUOTES = {"pl": "„{}”", "cs": "„{}“", "et": "„{}“", "en": "“{}”"}

_KNOWN = Path(__file__).with_name("known_names.csv")


def names_of(
    phrases_by_language: Mapping[str, Sequence[str]],
    known: str | None = None,
    place: Mapping[str, str] | None = None,
    near: Mapping[str, str] | None = None,
    terms: Sequence[Mapping[str, str]] = (),
) -> dict[str, str]:
    """Names in every language, made alike; none where nothing is said.

    Terms stand behind the place or what is near, if there is one, and mean the same everywhere.
    Without any, phrases stand alone, or behind the place, where each language has one that reads
    as a name. Otherwise the place stands alone; without one, a phrase stands behind what is near. A
    language without a phrase has that of another in quotation marks, never bare.

    Args:
        phrases_by_language: best phrases, by language.
        known: the concept that the texts are mostly about; then its hand-written names are taken.
        place: name of the touchpoint that they are clearly about, by language.
        near: name of a touchpoint or concept that many of them are nearest to.
        terms: names of the terms that set them apart, by language, best first.
    """
    if known is not None and known in known_names():
        return dict(known_names()[known])
    if said := _by_terms(terms, place or near):
        return said
    own = _fit_for_names(phrases_by_language)
    if place is not None:
        own = {code: best[:1] for code, best in _unsaid(own, place).items()}
    most = min((len(own.get(code, ())) for code in LANGUAGES), default=0)
    if most:
        heads = {code: [place[code]] if place is not None else [] for code in LANGUAGES}
        return {
            code: SEPARATOR.join([*heads[code], *own[code][: min(most, NAME_PHRASES)]])
            for code in LANGUAGES
        }
    if place is not None:
        return {code: place[code] for code in LANGUAGES}
    row = next(_rows(_unsaid(phrases_by_language, near or {}), LANGUAGES), None)
    if row is None:
        return {}
    return {
        code: phrase
        if near is None and phrase in phrases_by_language.get(code, ())
        else f"{(near or VARIOUS)[code]}: {phrase}"
        for code, phrase in row.items()
    }


def concept_named(name: str) -> str | None:
    """The concept that an English name is of, whatever tells it apart from another theme's."""
    return _by_english_name().get(name) or _by_english_name().get(name.split(": ")[0])


@cache
def _by_english_name() -> Mapping[str, str]:
    return {names["en"]: concept for concept, names in known_names().items()}


def _by_terms(terms: Sequence[Mapping[str, str]], head: Mapping[str, str] | None) -> dict[str, str]:
    """Names of the place, where there is one, and of terms that it does not say; none without."""
    parts = [head] if head else []
    for own in terms:
        if all(_is_unsaid(own, part) and _is_unsaid(part, own) for part in parts):
            parts.append(own)
    return {
        code: _opened(SEPARATOR.join(part[code] for part in parts[:NAME_PARTS]))
        for code in (LANGUAGES if terms else ())
    }


def _opened(name: str) -> str:
    """A name as it is written, with a capital."""
    return name[:1].upper() + name[1:]


def unlike(
    names: Mapping[str, str],
    phrases_by_language: Mapping[str, Sequence[str]],
    others: Sequence[Mapping[str, str]],
    places: Sequence[Mapping[str, str]] = (),
    terms: Sequence[Mapping[str, str]] = (),
) -> dict[str, str]:
    """Names that no other theme has, told apart in every language by the same kind of thing.

    What is added is a term, else a phrase, in quotation marks where a language has none of its own,
    else the name of a place, else a number.

    Args:
        names: by language.
        phrases_by_language: best phrases, by language.
        others: names of the other themes.
        places: names of touchpoints near it, by language, the nearest first.
        terms: names of the terms that set it apart, by language, best first.
    """
    taken = {(code, name.casefold()) for own in others for code, name in own.items()}
    unsaid = _unsaid(phrases_by_language, names)
    tails: Iterator[Mapping[str, str]] = chain(
        [{}],
        (term for term in terms if _is_unsaid(term, names)),
        _rows(unsaid, tuple(names)),
        (place for place in places if _is_unsaid(place, names)),
        (dict.fromkeys(names, str(number)) for number in count(2)),
    )
    tried = (
        {code: f"{name}: {tail[code]}" if tail else name for code, name in names.items()}
        for tail in tails
    )
    return next(own for own in tried if not taken & {(code, own[code].casefold()) for code in own})


def _fit_for_names(phrases_by_language: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Phrases that read as a name: words that a dictionary knows, in their base form."""
    return {
        code: [one for one in best if opens_in_base_form(one, code)]
        for code, best in phrases_by_language.items()
    }


def _unsaid(
    phrases_by_language: Mapping[str, Sequence[str]], names: Mapping[str, str]
) -> dict[str, list[str]]:
    """Phrases that names do not say already."""
    return {
        code: [one for one in best if one.casefold() not in names.get(code, "").casefold()]
        for code, best in phrases_by_language.items()
    }


def _rows(
    phrases_by_language: Mapping[str, Sequence[str]], codes: Sequence[str]
) -> Iterator[dict[str, str]]:
    """Phrases side by side: the next one of each language, or in quotation marks the one quoted.

    What is quoted is of the language that has most phrases, of equals English.
    """
    fit = _fit_for_names(phrases_by_language)
    own = (
        fit
        if any(fit.values())
        else {code: list(all_) for code, all_ in phrases_by_language.items()}
    )
    main = max(own, key=lambda code: (len(own[code]), code == "en"), default="")
    for at, quoted in enumerate(own.get(main, ())):
        yield {
            code: own[code][at] if at < len(own.get(code, ())) else _QUOTES[code].format(quoted)
            for code in codes
        }


def _is_unsaid(place: Mapping[str, str], names: Mapping[str, str]) -> bool:
    return not any(place[code].casefold() in name.casefold() for code, name in names.items())


@cache
def known_names() -> dict[str, dict[str, str]]:
    """Hand-written names of the concepts of `models.concepts`: concept -> language -> name."""
    with _KNOWN.open(encoding="utf-8", newline="") as file:
        return {row.pop("concept"): row for row in csv.DictReader(file)}
