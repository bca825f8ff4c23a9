"""Keyphrases of groups of texts, in each language: counted by lemma, shown in base form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from models.contracts import LANGUAGES, Vectors
from models.labels import base_form, opens_in_base_form, phrases, proper_names

KEYPHRASES = 6
CANDIDATES = 24
NEAR = 0.1
"""Cosine with a group's middle below which a phrase says nothing of it."""
MIN_TEXTS = 2
"""Texts of a group that must hold a phrase, so that one customer's slips do not name it."""
_LEAST_SHARE = 0.05
"""How much a text far from the middle counts."""
_LONGER = 0.35
"""How much more each word beyond the first makes a phrase worth: it says more."""

Phrase: TypeAlias = tuple[str, ...]
"""Lemmas of its telling words."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A phrase that may name a group: its lemmas, as it is written, and how much it sets apart."""

    lemmas: Phrase
    written: str
    weight: float


def keyphrases(
    texts: Sequence[str],
    languages: Sequence[str],
    groups: Sequence[int] | NDArray[np.int64],
    centroids: Vectors | None = None,
    read: Callable[[list[str], list[str]], Vectors] | None = None,
    near: Vectors | None = None,
) -> dict[int, dict[str, list[str]]]:
    """Phrases that set each group apart, best first: group -> language -> phrases.

    Within each language a phrase's weight in a group is its c-TF-IDF (Grootendorst 2022) over the
    texts that hold it, the central ones counting more. Of the `CANDIDATES` that weigh most, those
    that lie nearest to the group's middle come first, so that a name says what the theme is about
    and not what it is full of. Of phrases that share a word the best is kept. Proper names are no
    phrases.

    Args:
        texts: n excerpts.
        languages: n codes.
        groups: the n numbers of their groups; a negative one is no group and only compared with.
        centroids: (c, d) middles of the groups, by number.
        read: gives m phrases of m languages their (m, d) vectors; without it weights alone decide.
        near: (n,) cosine of each text with its group's middle; without it all count the same.
    """
    share: Vectors = (
        np.ones(len(texts), np.float32) if near is None else np.clip(near, _LEAST_SHARE, None)
    )
    members = [int(group) for group in groups]
    result: dict[int, dict[str, list[str]]] = {at: {} for at in sorted(set(members)) if at >= 0}
    for code in LANGUAGES:
        rows = [at for at, language in enumerate(languages) if language == code]
        if not rows:
            continue
        own = [texts[at] for at in rows]
        held = _without_names([phrases(text, code) for text in own], proper_names(own, code))
        found = _telling(held, np.array([members[at] for at in rows]), share[rows], code)
        found = {group: own for group, own in found.items() if group >= 0}
        if read is not None and centroids is not None:
            found = _nearest_first(found, code, centroids, read)
        for group, candidates in found.items():
            if best := _apart(candidates):
                result[group][code] = [one.written for one in best]
    return result


def _without_names(
    held: Sequence[Mapping[Phrase, str]], proper: frozenset[str]
) -> list[dict[Phrase, str]]:
    """Phrases of each text without those that say a proper name."""
    return [
        {phrase: form for phrase, form in own.items() if proper.isdisjoint(phrase)} for own in held
    ]


def _nearest_first(
    found: Mapping[int, list[_Candidate]],
    code: str,
    centroids: Vectors,
    read: Callable[[list[str], list[str]], Vectors],
) -> dict[int, list[_Candidate]]:
    """Candidates by weight times nearness to their group's middle; what lies far off is dropped."""
    every = sorted({one.written for own in found.values() for one in own})
    if not every:
        return {}
    place = {phrase: at for at, phrase in enumerate(every)}
    vectors = read(every, [code] * len(every))
    result = {}
    for group, own in found.items():
        near = vectors[[place[one.written] for one in own]] @ centroids[group]
        ranked = [
            replace(one, weight=one.weight * float(cosine) ** 2)
            for one, cosine in zip(own, near, strict=True)
            if cosine >= NEAR
        ]
        result[group] = sorted(ranked, key=lambda one: (-one.weight, one.written))
    return result


def _telling(
    held: Sequence[Mapping[Phrase, str]],
    groups: NDArray[np.int64],
    share: Vectors,
    code: str,
) -> dict[int, list[_Candidate]]:
    """The `CANDIDATES` of each group that weigh most; see `_form` for how they are written.

    Args:
        held: phrases of each of n texts.
        groups: (n,) their groups.
        share: (n,) how much each text counts.
        code: their language.
    """
    numbers, places = np.unique(groups, return_inverse=True)
    vocabulary: dict[Phrase, int] = {}
    entries = [
        (place, vocabulary.setdefault(phrase, len(vocabulary)), counted)
        for own, place, counted in zip(held, places.tolist(), share.tolist(), strict=True)
        for phrase in own
    ]
    if not entries:
        return {}
    at, column, counted = (np.array(part) for part in zip(*entries, strict=True))
    shape = len(numbers), len(vocabulary)
    counts = csr_matrix((np.ones(len(at)), (at, column)), shape)
    shares = csr_matrix((counted, (at, column)), shape)
    in_all, in_each = np.asarray(counts.sum(axis=0))[0], np.asarray(counts.sum(axis=1))[:, 0]
    rarity = np.log1p(in_each.mean() / in_all)
    written = _written(held, places)
    listed = list(vocabulary)
    worth = rarity * np.array([1 + _LONGER * (len(phrase) - 1) for phrase in listed])
    found = {}
    for place, number in enumerate(numbers.tolist()):
        texts = counts[place].toarray()[0]
        weights = shares[place].toarray()[0] * worth / max(in_each[place], 1.0)
        enough = np.flatnonzero(texts >= MIN_TEXTS)
        own = [
            _Candidate(listed[one], _form(written[place, listed[one]], code), weights[one])
            for one in enough.tolist()
        ]
        own.sort(key=lambda one: (-one.weight, one.lemmas))
        found[number] = own[:CANDIDATES]
    return found


def _written(
    held: Sequence[Mapping[Phrase, str]], places: NDArray[np.int64]
) -> dict[tuple[int, Phrase], Counter[str]]:
    """How each group writes each phrase."""
    written: dict[tuple[int, Phrase], Counter[str]] = {}
    for own, place in zip(held, places.tolist(), strict=True):
        for phrase, form in own.items():
            written.setdefault((place, phrase), Counter())[form] += 1
    return written


def _apart(ordered: Sequence[_Candidate]) -> list[_Candidate]:
    """The first `KEYPHRASES` of which no two share a word, by lemma or as it is written."""
    kept: list[_Candidate] = []
    said: set[str] = set()
    for one in ordered:
        # A base form may be the very word that stands, under another lemma, in a longer phrase.
        words = {*one.lemmas, *one.written.split()}
        if not said & words:
            kept.append(one)
            said |= words
        if len(kept) == KEYPHRASES:
            break
    return kept


def _form(forms: Counter[str], code: str) -> str:
    """The form that begins in base form, of several the one written most, then the shortest.

    A word that is never written so is brought to its base form, if a dictionary has it.
    """
    best = min(
        forms, key=lambda form: (not opens_in_base_form(form, code), -forms[form], len(form), form)
    )
    is_word = " " not in best
    return (base_form(best, code) or best) if is_word else best
