"""Picks and cleans the customer's own words, so that a letter may repeat them."""

from __future__ import annotations

import re
import unicodedata

_MIN_WORDS, _MAX_WORDS, _MAX_CHARACTERS = 3, 16, 120
_MARKS = {"pl": "„”«»", "cs": "„“‚‘", "et": "„“‚‘", "en": "“”‘’"}
_RUDE = {
    "pl": r"s?kurw|chuj|huj\b|pierd|[a-z]*jeb[ani]|pizd|dup[aeyi]\b|gown|sukinsyn|debil|idiot"
    r"|kretyn|palant|cham(?:em|owi|y|a)?\b|zasran|cholern|cholera|burak|bydl|zlodziej|oszust|chamst",
    "cs": r"kurv|pic[aoieu]\b|hovn|hajzl|debil|idiot|blb[eac]|kreten|[a-z]*sra[tcln]|prdel"
    r"|zmrd|kokot|curak|[a-z]*jeban|hovad|zlodej|podvodni|doprdel|sracka",
    "et": r"perse|munn|tura|kura[td]|sitt|sita|lits(id)?\b|idioot|debiil|loll|raisk|vittu|pask"
    r"|varga|varas|petis",
    "en": r"[a-z]*fuck|f\*+|[a-z]*shit|crap|bastard|bloody|arse(hole)?s?\b|ass(hole)?s?\b|bitch"
    r"|cunt|idiot|moron|damn|piss|wank|dick|thie(f|ves)|scam|liar|clown|joke\b|muppet",
}
_OPENERS = {
    "pl": {"a", "i", "ale", "no", "więc", "natomiast", "lecz", "oraz", "jednak"},
    "cs": {"a", "ale", "no", "takže", "jenže", "však", "avšak", "nicméně", "zato"},
    "et": {"ja", "aga", "kuid", "no", "ent", "ning"},
    "en": {"and", "but", "however"},
}
_DANGLING = {
    "pl": "bo ponieważ gdyż który która które których którego której którą że żeby aby by choć "
    "chociaż jak gdy kiedy jeśli a i czyli",
    "cs": "protože který která které kteří kterou kterého že aby abych ačkoli když jak kdyby a i "
    "než",
    "et": "sest et kuigi mis kes kui kuna ja ega nagu",
    "en": "because which that who although though whereas when if as and or than to",
}
_PEOPLE = {
    "pl": "kurier|doręczyciel|kierowca|sprzedawca|sprzedawczyni|kasjer(?:ka)?|ekspedient(?:ka)?"
    "|konsultant(?:ka)?|recepcjonist(?:a|ka)|lekarz|lekarka|pielęgniarka|technik|ochroniarz|obsługa",
    "cs": "kurýr(?:ka)?|doručovatel(?:ka)?|řidič(?:ka)?|prodavač(?:ka)?|pokladní|operátor(?:ka)?"
    "|recepční|lékař(?:ka)?|doktor(?:ka)?|sestra|technik|obsluha",
    "et": "kuller|juht|müüja|kassapidaja|teenindaja|konsultant|arst|õde|tehnik|töötaja",
    "en": "courier|driver|shop assistant|cashier|agent|advisor|receptionist|doctor|nurse"
    "|technician|manager|man|woman|lady|guy|girl|lad|bloke",
}
_IS = {"pl": "jest|był|była|byli", "cs": "je|byl|byla|byli", "et": "on|oli", "en": "is|was|were"}
_TITLED = {
    "pl": "panu?|pana|pani|panią|facet|babka|babsko",
    "cs": "pán|pána|paní|slečna|slečnu|chlap|ženská|baba",
    "et": "proua|härra|preili|naine|mees",
    "en": "mr|mrs|ms",
}
_ACCUSED = {
    language: re.compile(
        rf"\b(?:{_PEOPLE[language]})\b(?:\W+\w+){{0,2}}?\W+(?:{_IS[language]})\b"
        rf"|\b(?:{_TITLED[language]})\b",
        re.IGNORECASE,
    )
    for language in _PEOPLE
}
_CUT_SHORT = re.compile(
    r"\b(?:vel|č|čp|tel|ul|godz|hod|nr|str|min|max|np|tj|tzn|tzv|resp|cca|kl|lk|st|ok|zł|ks)$",
    re.IGNORECASE,
)
"""Abbreviations, after which the words went on that a quote would leave out."""
_JOINERS = {"a", "i", "czyli", "ja", "ega", "and", "or"}
_EMOTICON = re.compile(r"(?<!\S)(?:[:;=8xX]['’-]?[)(DPpOo/|*]+|<3+|\^\^)(?=\W|$)")
_UNSAFE = re.compile(r"https?:|www\.|@|\[\w+\]|[{}<>\\|*_#]|\d[\d \-]{6,}\d|(\w)\1\1")
_STOP = re.compile(r"(?<=\w)(?:\s*[;:(–—]\s*|\s+-\s+|[.!?…]+\s+|,\s+)")
_DOUBLE = re.compile("[\"„“”«»‟]|''|,,")


def clean_quote(text: str, language: str, *, name: str | None = None) -> str | None:
    """One clean phrase of 3 to 16 words out of an excerpt, without quotation marks of its own.

    Args:
        text: the excerpt, personal data masked.
        language: `pl`, `cs`, `et` or `en`.
        name: the respondent's name, which a quote must not hold.

    Returns:
        The words, or None where they cannot be repeated: too short, rude, shouted, with an
        address, a link or a long number in them, or a clause that cannot stand alone.
    """
    phrase = _typeset(_shorten(_without_pictures(text), language), language)
    phrase = _trim(phrase, language)
    words = phrase.split()
    if _CUT_SHORT.search(phrase) or (words[:1] and words[0].isdigit()):
        return None
    if not _MIN_WORDS <= len(words) <= _MAX_WORDS or len(phrase) > _MAX_CHARACTERS:
        return None
    if _UNSAFE.search(phrase) or _is_shouted(words) or phrase.count("(") != phrase.count(")"):
        return None
    if is_rude(phrase, language) or _names(phrase, name):
        return None
    dangling = words[0].casefold() in _DANGLING[language].split()
    return None if dangling and not phrase.endswith("?") else phrase


def is_rude(text: str, language: str) -> bool:
    """Whether a text swears or abuses somebody."""
    return bool(re.search(rf"\b(?:{_RUDE[language]})", folded(text)))


def accuses(phrase: str, language: str) -> bool:
    """Whether a complaint says what some person is like, or is about a lady or gentleman."""
    return bool(_ACCUSED[language].search(phrase))


def in_marks(quote: str, language: str) -> str:
    """The quote in its language's own quotation marks."""
    marks = _MARKS[language]
    return f"{marks[0]}{quote}{marks[1]}"


def _without_pictures(text: str) -> str:
    kept = [" " if unicodedata.category(c) in {"So", "Sk", "Cs", "Cn", "Co"} else c for c in text]
    plain = "".join(c for c in kept if c not in "\ufe0f\u200d")
    return " ".join(_EMOTICON.sub(" ", plain).split())


def _shorten(text: str, language: str) -> str:
    if len(text.split()) <= _MAX_WORDS:
        return text
    best = ""
    for stop in _STOP.finditer(text):
        head, tail = text[: stop.start()], text[stop.end() :].split()
        if len(head.split()) > _MAX_WORDS:
            break
        clause = head.rpartition(", ")[2].split()
        bound = set(_DANGLING[language].split())
        next_bound = "," in stop[0] and tail and tail[0].casefold() in bound - _JOINERS
        cut_bound = clause and clause[0].casefold() in bound
        if len(head.split()) > _MIN_WORDS and not next_bound and not cut_bound:
            best = head
    return best


def _trim(phrase: str, language: str) -> str:
    phrase = re.sub(r"[.…!,;:\s–—-]+$", "", phrase).lstrip(".…!?,;:–—-) ")
    phrase = re.sub(r"[?!]*\?[?!]*$", "?", phrase)
    first, _, rest = phrase.partition(" ")
    if first.strip(",").casefold() in _OPENERS[language] and len(rest.split()) >= _MIN_WORDS:
        return _trim(rest, language)
    return phrase


def _is_shouted(words: list[str]) -> bool:
    capitals = [word for word in words if word.isupper() and sum(map(str.isalpha, word)) >= 3]
    return len(capitals) > 1 or any(sum(map(str.isalpha, word)) > 4 for word in capitals)


def _names(phrase: str, name: str | None) -> bool:
    words = set(re.findall(r"\w{3,}", phrase.casefold()))
    return bool(words & set(re.findall(r"\w{3,}", (name or "").casefold())))


def folded(text: str) -> str:
    """A text in small letters without accents; ł, which no accent makes, becomes l."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _typeset(phrase: str, language: str) -> str:
    phrase = re.sub(r"\s-{1,2}\s", " – ", phrase.replace("...", "…"))
    phrase = re.sub(r"(?<=\w)'(?=\w)", "’", re.sub(r"\s+([,.;:?!…])", r"\1", phrase))
    phrase = re.sub(r"([,;])(?=[^\W\d])", r"\1 ", phrase)
    inner = _MARKS[language][2:]
    paired = len(_DOUBLE.findall(phrase)) % 2 == 0
    turns = iter(inner * len(phrase))
    phrase = _DOUBLE.sub(lambda _: next(turns) if paired else "", phrase)
    return " ".join(phrase.split())
