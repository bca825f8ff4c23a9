"""The sentences that reasons of a priority are told in, in English, with places for facts."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.contracts import Reason
from pipelines.messages import N_

SIGNALS: Mapping[str, str] = {
    "safety": N_("Somebody's safety is at stake"),
    "legal_threat": N_("Speaks of a lawyer or a court"),
    "authority_complaint": N_("Speaks of a complaint to an authority"),
    "fraud_or_security": N_("Speaks of fraud, theft or a taken-over account"),
    "discrimination": N_("Felt discriminated against"),
    "media_threat": N_("Means to make it public"),
    "privacy": N_("Minds what was done with their data"),
    "vulnerable_person": N_("Touches somebody who needs particular care"),
    "open_problem": N_("The problem is still open"),
    "churn_risk": N_("Says they will leave"),
    "promise_broken": N_("A promise was not kept"),
    "contacted_before": N_("Has contacted us about it before"),
    "asks_contact": N_("Asks to be contacted"),
    "asks_no_contact": N_("Asks not to be contacted"),
    "health": N_("Speaks of somebody's health"),
    "effort": N_("Had to do too much"),
    "upsell_interest": N_("Is interested in more"),
    "question": N_("Asks a question"),
    "waiting": N_("Had to wait"),
    "price": N_("Minds the price"),
    "suggestion": N_("Makes a suggestion"),
    "praise_person": N_("Praises a person"),
    "recommend": N_("Recommends us"),
    "resolved_problem": N_("The problem was put right"),
}
"""The sentence of each signal, in the order in which they are named: the gravest first."""
SENTENCES: Mapping[str, str] = {
    **SIGNALS,
    "angry_text": N_("A high score, but an angry text"),
    "scale_upside_down": N_("A low score under praise: the scale may have been read upside down"),
    "detractor": N_("Detractor: %(score)s on %(low)s–%(high)s"),
    "passive": N_("Passive: %(score)s on %(low)s–%(high)s"),
    "promoter": N_("Promoter: %(score)s on %(low)s–%(high)s"),
    "no_score_detractor": N_("No score; the text reads like a detractor"),
    "no_score_passive": N_("No score; the text reads like a passive"),
    "no_score_promoter": N_("No score; the text reads like a promoter"),
    "low_score": N_("How low the score is"),
    "worst_excerpt": N_("Worst part"),
    "tier": N_("Customer tier: %(tier)s"),
    "account": N_("Business customer: %(account)s"),
    "account_size": N_("Account size: %(value)s"),
    "tenure": N_("Years as a customer: %(value)s"),
    "account_size_unread": N_("Account size: “%(value)s” is no number and does not count"),
    "tenure_unread": N_("Years as a customer: “%(value)s” is no number and does not count"),
    "detractor_before": N_("Was a detractor before"),
    "theme_spiking": N_("“%(theme)s” stands out these weeks"),
    "theme": N_("“%(theme)s” matters in itself"),
    "unsure": N_("Close to P1 and read with little certainty"),
    "due_soon": N_("Little time is left"),
    "breached": N_("Should have been contacted by now"),
    "judged": N_("%(who)s put it at %(level)s"),
    "floor": N_("Scores begin at 0"),
    "cap": N_("Scores end at 100"),
}


def reason(
    code: str, points: int, sentence: str = "", *, words: str = "", **facts: str | float
) -> Reason:
    """A reason, told in English, with what it takes to tell it in another language.

    Args:
        code: what counts.
        points: how much.
        sentence: key of `SENTENCES`; the code where none is given.
        words: of the customer, which show it.
        facts: values of the sentence by name.
    """
    key = sentence or code
    shown = {
        name: value if isinstance(value, str) else f"{value:g}" for name, value in facts.items()
    }
    text = SENTENCES[key] % shown
    return Reason(
        code,
        points,
        f"{text}: “{words}”" if words else text,
        {"sentence": key, "words": words, "values": facts},
    )
