"""Tells what no customer wrote to be answered: links alone, advertising, keys hit at random.

It is careful: what holds a word that a customer might say of us is never taken for spam on the
strength of a link or of one phrase.
"""

from __future__ import annotations

import re
from itertools import groupby

from models.folding import fold

_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[a-z0-9-]{2,}\.(?:com|net|org|info|biz|shop|xyz|online|top|site|ru"
    r"|io|ly|me|pl|cz|ee|eu)\b(?:/\S*)?"
)
_HANDLE = re.compile(r"\b(?:whats ?app|telegram|t\.me|viber|skype|wechat)\b|@[a-z0-9_.]{4,}")
_ADVERTS = tuple(
    re.compile(rf"\b(?:{words})")
    for words in (
        # Casinos and betting.
        r"casino|kasyno|kasino|free spins?|darmow\w* spin\w*|slots online|online slots|jackpot",
        # Pills.
        r"viagra|cialis|levitra|kamagra|weight loss pills?|cbd oil",
        # Money that comes by itself.
        r"(?:bitcoin|crypto|krypto)\w*|forex|binary options?|passive income|pasywny dochod"
        r"|pasivni prijem|passiivne sissetulek|double your (?:money|investment)"
        r"|earn (?:up to )?[$€£]?\d+|make money (?:online|fast|from home)"
        r"|zarabiaj (?:w|z|od|do|nawet)|vydelavej (?:z|az|online)|teeni (?:kodus|internetis)",
        # Loans.
        r"chwilowk\w+|pozyczk\w+ (?:bez bik|online|od reki)|kredyt\w* bez bik"
        r"|pujck\w+ (?:bez registru|online|ihned)|kiirlaen\w*|payday loans?|instant loans?",
        # Places in search engines.
        r"seo (?:services?|agency|expert|uslugi|sluzby)|backlinks?|guest posts?"
        r"|rank (?:higher|#?1) (?:on|in) google|(?:website|domain) traffic|pozycjonowani\w+ stron"
        r"|buy (?:followers|likes|reviews)|kup (?:obserwujacych|lajki|opinie)",
        # How such letters call.
        r"(?:click|kliknij|klikni|kliki) (?:here|now|the link|tu|tutaj|teraz|zde|siia)"
        r"|limited[- ]time offer|100% free|act now|dm me|contact (?:me|us) on"
        r"|visit (?:my|our) (?:site|website|shop|page)|promo ?code|kod rabatowy|slevovy kod",
    )
)
"""Kinds of phrases, folded; two kinds beside a link or a handle make an advertisement."""
_KINDS_OF_AN_ADVERT = 2
_MOST_LETTERS_BESIDE_LINKS = 3
_ROWS = ("qwertyuiop", "qwertzuiop", "asdfghjkl", "yxcvbnm", "zxcvbnm")
_SHORTEST_RUN, _SHORTEST_MASH, _SHORTEST_MUTE = 3, 4, 7
_LONGEST_RUN = max(map(len, _ROWS))
_RUNS = frozenset(
    keys[start:end]
    for row in _ROWS
    for keys in (row, row[::-1])
    for start in range(len(keys))
    for end in range(start + _SHORTEST_RUN, len(keys) + 1)
)
_VOWELS = frozenset("aeiouylr")
"""With the two that carry a syllable in Czech."""


def is_spam(text: str) -> bool:
    """Whether a comment is nothing but links, an advertisement, or keys hit at random."""
    folded = fold(text)
    beside, links = _LINK.subn(" ", folded)
    letters = sum(character.isalpha() for character in beside)
    if links and letters <= _MOST_LETTERS_BESIDE_LINKS:
        return True
    if links or _HANDLE.search(folded):
        return sum(bool(kind.search(folded)) for kind in _ADVERTS) >= _KINDS_OF_AN_ADVERT
    return _is_mash(beside)


def _is_mash(folded: str) -> bool:
    """Whether every word is keys hit at random, and together they are more than a slip."""
    words = re.findall(r"[^\W\d_]+", folded)
    return sum(map(len, words)) >= _SHORTEST_MASH and all(map(_is_mashed, words))


def _is_mashed(word: str) -> bool:
    if not word.isascii():
        return False
    if len(word) >= _SHORTEST_MASH and _is_of_runs(word):
        return True
    # Long letters ("hmmmm") are a sigh, so each counts twice at most.
    heard = sum(min(2, len(list(same))) for _, same in groupby(word))
    return heard >= _SHORTEST_MUTE and not _VOWELS & set(word)


def _is_of_runs(word: str) -> bool:
    """Whether a word falls into stretches of neighbouring keys, forwards or back."""
    reached = {0}
    for end in range(_SHORTEST_RUN, len(word) + 1):
        starts = range(max(0, end - _LONGEST_RUN), end - _SHORTEST_RUN + 1)
        if any(start in reached and word[start:end] in _RUNS for start in starts):
            reached.add(end)
    return len(word) in reached
