"""Says which of the surveyed languages a comment is written in, short comments included.

Two lingua detectors share the work so that memory stays small: one in high accuracy mode over
the surveyed languages and their nearest neighbours, one in low accuracy mode over the languages
that are only ever answered as `OTHER`. Scripts that no surveyed language uses need neither.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from lingua import ConfidenceValue, LanguageDetectorBuilder
from lingua import Language as Lingua

from models.contracts import LANGUAGES, OTHER, Language
from models.folding import fold

_SURVEYED = (Lingua.POLISH, Lingua.CZECH, Lingua.ESTONIAN, Lingua.ENGLISH)
_NEIGHBOURS = (Lingua.SLOVAK, Lingua.FINNISH)
_FOREIGN = (
    Lingua.GERMAN,
    Lingua.LATVIAN,
    Lingua.LITHUANIAN,
    Lingua.SLOVENE,
    Lingua.CROATIAN,
    Lingua.SPANISH,
    Lingua.FRENCH,
    Lingua.ITALIAN,
    Lingua.SWEDISH,
    Lingua.HUNGARIAN,
    Lingua.ROMANIAN,
)
_READ_CHARACTERS = 200
"""How much of a comment is read; lingua gains nothing measurable past it."""
_OTHER_SHARE = 0.03
"""Prior of all other languages together, where the caller does not say."""
_MOST_OTHER_SHARE = 0.9
_LEAST_SHARE = 0.005
"""No surveyed language is ruled out, however rare it is in a survey."""
_FLOOR = 1e-6
_SHARPNESS = 1.25
"""Exponent of lingua's confidences, which are too modest; set for log loss on 1,600 sentences."""
_WORD_BONUS = math.log(4.0)
_MOST_WORDS = 4

_WORDS = {
    Lingua.POLISH: """
        nie jest sie bardzo juz tylko byl sa dla przez przy dziekuje polecam paczka paczki paczke
        kurier kuriera przesylka przesylki zamowienie zwrot pieniedzy obsluga szybko brak moja
        wszystko dobrze czekam nikt gdzie kiedy dlaczego czy ktos tragedia slabo drogo dzien uwag
        zarzutu porzadku wiecej dlugo nigdy moze mila kiepsko dziala git spoko zimne jedzenie""",
    Lingua.CZECH: """
        jsem sem jsme jste jsou neni prislo prisel vubec porad furt vse vsechno zasilka zasilku
        zasilky kuryr kuryra dekuji dekuju diky spokojenost spokojena spokojeny hruza rychly taky
        jen jenom kdyz muj ktery ktera proc ted penize vydejna vydejne nikdo nekdo neco cekam
        cekal cekala nevim bych nemam zadne zadny prosim doporucuji nedoporucuji
        fajn moc zas poradku vytknout ujde byt jde kde rychle dodani docela""",
    Lingua.ESTONIAN: """
        ei oli pole kuid aga vaga hea pakk paki pakki kuller kulleri mitte siis kui koik korras
        raha tagasi tuli saadeti kus mu minu mis kes jalle ikka veel ning aitah tanan kiire kallis
        tootab toota liiga palju katte kohale joudnud teenindus rahul viga soovita soovitan polnud
        normaalne automaat hasti sujus midagi oelda taitsa halb kehv jube""",
    Lingua.ENGLISH: """
        the and is was were not my you very too of for had have good great bad slow fast thanks
        thank parcel delivery driver nothing still waiting again service staff money refund with
        your be could better would never where reply all happy fine nice""",
    Lingua.SLOVAK: """
        som nebol nebola vobec este zasielka zasielku zasielky dakujem peniaze preco iba ked
        neviem prisiel nedviha nikto rychlo viac bolo bola boli dorucenie dodanie
        poskodena poskodeny""",
    Lingua.FINNISH: """
        kiitos todella nopea paketti paketin kukaan tilaus rahaa rahoja toimitus tullut eika
        mutta olen vielakaan""",
    Lingua.GERMAN: """
        ich und der das nicht kam keiner sehr mit auf ein eine leider danke geld kein niemand
        gestern heute""",
}


def _word_table() -> dict[str, Lingua]:
    return {word: language for language, words in _WORDS.items() for word in words.split()}


def _is_latin(letter: str) -> bool:
    return letter < "\u0250" or "LATIN" in unicodedata.name(letter, "")


class LanguageDetector:
    """Identifies the language of comments; loading takes about two seconds and 300 MB."""

    def __init__(self) -> None:
        near = (*_SURVEYED, *_NEIGHBOURS)
        self._near = (
            LanguageDetectorBuilder.from_languages(*near).with_preloaded_language_models().build()
        )
        self._far = (
            LanguageDetectorBuilder.from_languages(*near, *_FOREIGN)
            .with_low_accuracy_mode()
            .with_preloaded_language_models()
            .build()
        )
        self._languages_by_word = _word_table()

    def detect(self, text: str, *, priors: Mapping[str, float] | None = None) -> Language:
        """Identify the language of one comment.

        Args:
            text: a comment, of which the first 200 characters are read.
            priors: share of each language code in the survey, `OTHER` included if it is known;
                without it the four are held equally likely and anything else rare.

        Returns:
            The most probable language with its posterior probability; `OTHER` with confidence 0
            where there is no letter to go by.
        """
        return self.detect_many([text], priors=priors)[0]

    def detect_many(
        self, texts: Sequence[str], *, priors: Mapping[str, float] | None = None
    ) -> list[Language]:
        """Identify the language of each comment, in order; see `detect`."""
        log_priors = _log_priors(priors)
        heads = [" ".join(text[:_READ_CHARACTERS].split()) for text in texts]
        answers = [_by_script(head) for head in heads]
        open_at = [at for at, answer in enumerate(answers) if answer is None]
        unread = [heads[at] for at in open_at]
        near = self._near.compute_language_confidence_values_in_parallel(unread)
        far = self._far.compute_language_confidence_values_in_parallel(unread)
        for at, head, near_values, far_values in zip(open_at, unread, near, far, strict=True):
            evidence = _join(_log(near_values), _log(far_values))
            for language in self._known_words(head):
                evidence[language] += _WORD_BONUS
            answers[at] = _most_probable(evidence, log_priors)
        return [answer or Language(OTHER, 0.0) for answer in answers]

    def _known_words(self, text: str) -> Iterable[Lingua]:
        words = dict.fromkeys(re.findall(r"[a-z]+", fold(text)))
        known = (self._languages_by_word.get(word) for word in words)
        found = [language for language in known if language is not None]
        return [one for at, one in enumerate(found) if found[:at].count(one) < _MOST_WORDS]


def _by_script(text: str) -> Language | None:
    """Decide by script alone: nothing to go by, or letters that no surveyed language uses."""
    letters = [letter for letter in text if letter.isalpha()]
    if not letters:
        return Language(OTHER, 0.0)
    latin = sum(map(_is_latin, letters)) / len(letters)
    return Language(OTHER, 1.0 - latin) if latin < 0.5 else None


def _log(values: Iterable[ConfidenceValue]) -> dict[Lingua, float]:
    return {one.language: _SHARPNESS * math.log(one.value + _FLOOR) for one in values}


def _join(near: dict[Lingua, float], far: dict[Lingua, float]) -> dict[Lingua, float]:
    """Put the far languages on the near detector's scale: equal at the best near language."""
    shift = max(near.values()) - max(far[language] for language in near)
    return {**{language: value + shift for language, value in far.items()}, **near}


def _log_priors(priors: Mapping[str, float] | None) -> dict[Lingua, float]:
    given = priors or {}
    other = min(max(given.get(OTHER, _OTHER_SHARE), _LEAST_SHARE), _MOST_OTHER_SHARE)
    shares = [max(given.get(code, 0.0), _LEAST_SHARE) for code in LANGUAGES]
    strangers = (*_NEIGHBOURS, *_FOREIGN)
    logs = {
        language: math.log((1.0 - other) * share / sum(shares))
        for language, share in zip(_SURVEYED, shares, strict=True)
    }
    return logs | {language: math.log(other / len(strangers)) for language in strangers}


def _most_probable(
    evidence: Mapping[Lingua, float], log_priors: Mapping[Lingua, float]
) -> Language:
    scores = {language: value + log_priors[language] for language, value in evidence.items()}
    top = max(scores.values())
    weights = {language: math.exp(score - top) for language, score in scores.items()}
    total = sum(weights.values())
    shares = {
        code: weights[language] / total for code, language in zip(LANGUAGES, _SURVEYED, strict=True)
    }
    shares[OTHER] = max(0.0, 1.0 - sum(shares.values()))
    code = max(shares, key=lambda one: shares[one])
    return Language(code, min(1.0, shares[code]))
