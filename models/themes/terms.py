"""Terms of customers' lives that mean the same in four languages, and the groups that say them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from models.contracts import LANGUAGES, Vectors
from models.labels import senses

TERMS = 3
"""Terms that are given of a group."""
MIN_TEXTS, MIN_SHARE = 3, 0.1
"""Texts, and share of a group's texts, that must say a term for it to be the group's."""
OFTENER = 2.0
"""Times as often as other texts that a group's must say a term, which sets it apart then."""
BESIDE = 0.4
"""Weight, of the first term's, from which on a third one says something beside two."""
_LEAST_NEAR = 0.1
"""Cosine that counts where a term or a text lies far from a group's middle."""

_TERMS = Path(__file__).with_name("terms.csv")

Form: TypeAlias = list[frozenset[str]]
"""What each word of a term may stand for."""


@cache
def term_names() -> tuple[dict[str, str], ...]:
    """What each term of `terms.csv` is called in every language: the first of its forms."""
    return tuple({code: forms[0] for code, forms in own.items()} for own in _forms())


def terms_said(text: str, language: str) -> set[int]:
    """Places of the terms that a text says in any of their forms, however its words are bent."""
    own = senses(text, language)
    return {
        term
        for at, sense in enumerate(own)
        for word in sense
        for term, form in _openings(language).get(word, ())
        if len(own) - at >= len(form)
        and all(said & meant for said, meant in zip(own[at:], form, strict=False))
    }


def terms_of(
    texts: Sequence[str],
    languages: Sequence[str],
    groups: NDArray[np.int64],
    near: Vectors,
    centroids: Vectors,
    read: Callable[[list[str], list[str]], Vectors] | None = None,
) -> list[list[dict[str, str]]]:
    """Names of at most `TERMS` terms that set each group apart, best first; all languages count.

    A term's weight is its c-TF-IDF over texts, the central ones counting more, times its cosine
    with the group's middle.

    Args:
        texts: n excerpts.
        languages: n codes.
        groups: the n numbers of their groups; a negative one is only compared with.
        near: (n,) cosine of each text with its group's middle.
        centroids: (c, d) middles of the groups, by number.
        read: gives m words of m languages their (m, d) vectors; without it weights alone decide.
    """
    said = [
        (at, term)
        for at, (text, code) in enumerate(zip(texts, languages, strict=True))
        for term in terms_said(text, code)
    ]
    if not said:
        return [[] for _ in centroids]
    row, column = np.array(said).T
    shape = len(texts), len(term_names())
    held = csr_matrix((np.ones(len(row)), (row, column)), shape)
    share = np.clip(near, _LEAST_NEAR, None)
    in_all = np.asarray(held.sum(axis=0))[0]
    rarity = np.log1p(len(texts) / np.maximum(in_all, 1))
    closeness = _closeness(centroids, read)
    found = []
    for group in range(len(centroids)):
        own = np.flatnonzero(groups == group)
        counts = np.asarray(held[own].sum(axis=0))[0]
        elsewhere = (in_all - counts) / max(len(texts) - len(own), 1)
        least = np.maximum(MIN_TEXTS, np.maximum(MIN_SHARE, OFTENER * elsewhere) * len(own))
        weights = (share[own] @ held[own]) * rarity * closeness[group] * (counts >= least)
        order = np.argsort(-weights, kind="stable")[:TERMS].tolist()
        enough = [0, 0, BESIDE * weights[order[0]]]
        found.append(
            [
                term_names()[at]
                for at, least in zip(order, enough, strict=True)
                if weights[at] > least
            ]
        )
    return found


def _closeness(
    centroids: Vectors, read: Callable[[list[str], list[str]], Vectors] | None
) -> Vectors:
    """(c, t) cosine of each group's middle with the mean of each term's names."""
    names = term_names()
    if read is None:
        return np.ones((len(centroids), len(names)), np.float32)
    words = [own[code] for own in names for code in LANGUAGES]
    vectors = read(words, list(LANGUAGES) * len(names))
    means = vectors.reshape(len(names), len(LANGUAGES), -1).mean(axis=1)
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    found: Vectors = np.clip(centroids @ means.T, _LEAST_NEAR, None)
    return found


@cache
def _forms() -> tuple[dict[str, list[str]], ...]:
    with _TERMS.open(encoding="utf-8", newline="") as file:
        return tuple(
            {code: row[code].split("|") for code in LANGUAGES} for row in csv.DictReader(file)
        )


@cache
def _openings(language: str) -> Mapping[str, list[tuple[int, Form]]]:
    """Forms of all terms by whatever their first word may stand for."""
    found: dict[str, list[tuple[int, Form]]] = {}
    for term, own in enumerate(_forms()):
        for written in own.get(language, ()):
            form = senses(written, language)
            for word in form[0]:
                found.setdefault(word, []).append((term, form))
    return found
