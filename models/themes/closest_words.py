"""Words that lie closest to a group, for languages whose texts have no phrase to name it by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from models.contracts import LANGUAGES, Vectors
from models.folding import fold
from models.labels import base_form, opens_in_base_form, phrases, proper_names
from models.personal_data.given_names import is_called
from models.themes.naming import NAME_PHRASES

CLOSE = 0.2
"""Cosine with a group's middle from which on a word of its own texts says what it is about."""
CLOSER = 0.35
"""The same of a word that only others say."""
_CENTRAL = 8
"""Texts nearest to a group's middle, in each language, whose words count as its own."""
_COMMON = 1_000
"""Words of a language that are looked at beside, those in most texts."""


def with_closest(
    words: Mapping[int, Mapping[str, Sequence[str]]],
    texts: Sequence[str],
    languages: Sequence[str],
    groups: NDArray[np.int64],
    near: Vectors,
    centroids: Vectors,
    read: Callable[[list[str], list[str]], Vectors],
) -> dict[int, dict[str, list[str]]]:
    """Keyphrases and, where a language has too few to name a group by, the words closest to it.

    They are words of the group's most central texts or, closer still, any that two texts of the
    language hold; they are in a dictionary, in their base form, and no proper names.

    Args:
        words: keyphrases: group -> language -> phrases.
        texts: n excerpts.
        languages: n codes.
        groups: the n numbers of their groups.
        near: (n,) cosine of each text with its group's middle.
        centroids: (c, d) middles of the groups, by number.
        read: gives m words of m languages their (m, d) vectors.
    """
    result = {at: {code: list(best) for code, best in own.items()} for at, own in words.items()}
    spoken = np.array(languages)
    for code in LANGUAGES:
        lacking = [at for at, own in result.items() if _lacks(own.get(code, ()), code)]
        rows = np.flatnonzero(spoken == code)
        if not lacking or not len(rows):
            continue
        said = _telling_words([texts[at] for at in rows.tolist()], code)
        own_words = {at: _central(said, groups[rows] == at, near[rows]) for at in lacking}
        common = [one for one, held in Counter(chain(*said)).most_common(_COMMON) if held > 1]
        every = sorted(set(common).union(*own_words.values()))
        if not every:
            continue
        cosines = read(every, [code] * len(every)) @ centroids[lacking].T
        for column, at in enumerate(lacking):
            best = result[at].get(code, [])
            for place in np.argsort(-cosines[:, column], kind="stable").tolist():
                least = CLOSE if every[place] in own_words[at] else CLOSER
                is_new = every[place] not in " ".join(best).split()
                if _lacks(best, code) and is_new and cosines[place, column] >= least:
                    best.append(every[place])
            if best:
                result[at][code] = best
    return result


def _lacks(best: Sequence[str], code: str) -> bool:
    """Whether there are fewer than `NAME_PHRASES` that read as a name."""
    return sum(opens_in_base_form(one, code) for one in best) < NAME_PHRASES


def _telling_words(texts: Sequence[str], code: str) -> list[set[str]]:
    """Words of each text that are in a dictionary, in base form, no proper or first names."""
    proper = proper_names(texts, code)
    found = []
    for text in texts:
        lemmas = {phrase[0] for phrase in phrases(text, code) if len(phrase) == 1}
        found.append(
            {
                one
                for one in lemmas - proper
                if base_form(one, code) == one and not is_called(fold(one))
            }
        )
    return found


def _central(said: Sequence[set[str]], own: NDArray[np.bool_], near: Vectors) -> set[str]:
    """Words of the texts of a group that lie nearest to its middle."""
    rows = np.flatnonzero(own)
    central = rows[np.argsort(-near[rows], kind="stable")][:_CENTRAL]
    return set(chain(*(said[at] for at in central.tolist())))
