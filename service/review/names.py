"""What people call the codes of the product: signals, segments, states, moods, languages."""

from __future__ import annotations

from collections.abc import Mapping

from service.review.language import N_, _, locale

_SIGNALS = {
    "open_problem": N_("problem still open"),
    "resolved_problem": N_("problem put right"),
    "churn_risk": N_("may leave"),
    "legal_threat": N_("legal threat"),
    "authority_complaint": N_("complaint to an authority"),
    "media_threat": N_("may go public"),
    "safety": N_("safety"),
    "health": N_("health"),
    "discrimination": N_("discrimination"),
    "fraud_or_security": N_("fraud or security"),
    "privacy": N_("privacy"),
    "vulnerable_person": N_("vulnerable person"),
    "contacted_before": N_("contacted before"),
    "promise_broken": N_("broken promise"),
    "effort": N_("too much effort"),
    "waiting": N_("waiting"),
    "price": N_("price"),
    "suggestion": N_("suggestion"),
    "question": N_("question"),
    "praise_person": N_("praises a person"),
    "recommend": N_("recommends us"),
    "upsell_interest": N_("wants more"),
    "asks_contact": N_("asks for contact"),
    "asks_no_contact": N_("asks for no contact"),
    "score_text_mismatch": N_("score contradicts text"),
}
_SEGMENTS = {
    "detractor": N_("detractor"),
    "passive": N_("passive"),
    "promoter": N_("promoter"),
}
_MOODS = {
    "negative": N_("negative"),
    "neutral": N_("neutral"),
    "positive": N_("positive"),
}
_STATES = {
    "to_answer": N_("to answer"),
    "new": N_("new"),
    "assigned": N_("assigned"),
    "contacting": N_("being contacted"),
    "waiting": N_("waiting for the customer"),
    "snoozed": N_("snoozed"),
    "resolved": N_("resolved"),
    "verified": N_("verified"),
    "closed": N_("closed without contact"),
    "all": N_("all"),
}
_NAMES: Mapping[str, Mapping[str, str]] = {
    "signal": _SIGNALS,
    "segment": _SEGMENTS,
    "mood": _MOODS,
    "state": _STATES,
}


def named(code: str, kind: str) -> str:
    """What a code of a kind is called in the reader's language; one without a name as it is."""
    name = _NAMES[kind].get(code)
    return _(name) if name else code


def language_name(code: str) -> str:
    """What a language is called in the reader's: `Czech`, `czeski`."""
    if code == "other":
        return _("another language")
    return str(locale().languages.get(code, code))


def signal_name(code: str) -> str:
    """What a signal is called in the reader's language."""
    return named(code, "signal")
