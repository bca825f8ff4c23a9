"""What people call the codes of the product: signals, segments, states, moods, languages."""

from __future__ import annotations

from collections.abc import Mapping

from models.contracts import OTHER
from pipelines.messages import N_
from service.review.language import _, locale, pgettext

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
_ONLY = {
    "late": N_("past their time"),
    "unsure": N_("read with little certainty"),
    "came_back": N_("unread replies and returned messages"),
}
_OUTCOMES = {
    "solved": N_("solved"),
    "explained": N_("explained"),
    "compensated": N_("compensated"),
    "not_solvable": N_("cannot be solved now"),
    "not_reached": N_("customer not reached"),
}
_MOVES = {
    "open": N_("opened"),
    "answer": N_("the customer wrote again"),
    "assign": N_("handed over"),
    "contact": N_("contact begun"),
    "wait": N_("waits for the customer"),
    "wake": N_("woken"),
    "verify": N_("it worked"),
    "resolve": N_("resolved"),
    "snooze": N_("snoozed"),
    "close": N_("closed without contact"),
    "reopen": N_("reopened"),
    "undo": N_("taken back"),
}
_STEPS = {
    "assign": N_("Hand over"),
    "contact": N_("Start contact"),
    "wait": N_("Wait for the customer"),
    "snooze": N_("Snooze"),
    "wake": N_("Wake"),
    "resolve": N_("Resolve"),
    "verify": N_("It worked"),
    "close": N_("Close without contact"),
    "reopen": N_("Reopen"),
    "undo": N_("Undo"),
}
"""Moves as the buttons that make them are called."""
_FACTS = {
    "tier": N_("tier"),
    "account": N_("account"),
    "email": N_("e-mail"),
    "phone": N_("phone"),
}
_FATES = {
    "kept": N_("kept"),
    "grown": N_("grown"),
    "shrunk": N_("shrunk"),
    "new": N_("new ones"),
    "split": N_("split"),
    "merged": N_("merged"),
    "retired": N_("retired"),
}
_EVIDENCE = {
    "overlap": N_("overlap"),
    "cosine": N_("likeness"),
    "unexplained": N_("without a theme before"),
    "part": N_("part of the theme"),
    "mainly": N_("mainly from it"),
    "apart": N_("distance"),
    "inside": N_("inside the other"),
    "dimensions": N_("dimensions before"),
    "dimensions_now": N_("dimensions now"),
    "excerpts": N_("excerpts"),
    "of_excerpts": N_("of excerpts"),
}
_DRAFT_STATES = {
    "draft": N_("draft"),
    "in_review": N_("in review"),
    "approved": N_("approved"),
    "rejected": N_("rejected"),
    "sent": N_("sent or on its way"),
}
_MESSAGE_STATES = {
    "waiting": N_("waits to be sent"),
    "sending": N_("being sent"),
    "sent": N_("sent"),
    "uncertain": N_("nobody knows whether it was sent"),
    "failed": N_("could not be sent"),
    "bounced": N_("came back"),
    "cancelled": N_("taken back"),
}
_WAYS = {
    "mail": N_("by e-mail"),
    "webhook": N_("by webhook"),
    "help_desk": N_("as a reply in the help desk"),
    "by_hand": N_("by hand"),
    "export": N_("in a file for a mailing tool"),
}
_REPLIES = {
    "reply": N_("reply"),
    "bounce": N_("came back"),
    "delayed": N_("delayed"),
    "automatic": N_("automatic answer"),
    "unsubscribe": N_("wants no more messages"),
}
_LISTED = {
    "asked by mail": N_("asked by mail"),
    "asked by a link": N_("asked by a link"),
}
_LISTERS = {
    "customer": N_("the customer"),
    "mail server": N_("the mail server"),
}
"""Why and by whom somebody was put on the list of those not to contact, where no person did."""
_CHANNELS = {
    "email": N_("e-mail"),
    "sms": N_("text message"),
    "letter": N_("letter"),
    "chat": N_("chat"),
    "call": N_("call"),
}
_ACTION_STATES = {
    "planned": N_("planned"),
    "under_way": N_("under way"),
    "done": N_("done"),
    "declined": N_("not taken up"),
}
_ACTION_STEPS = {
    "plan": N_("Planned"),
    "start": N_("Begun"),
    "finish": N_("Said to be done"),
    "decline": N_("Said not to be taken up"),
    "reopen": N_("Opened again"),
}
_MARKS = {
    "reply": N_("the customer wrote back"),
    "bounce": N_("a message came back"),
    "on_its_way": N_("an answer waits in the outbox"),
    "uncertain": N_("an answer was perhaps sent"),
    "failed": N_("an answer could not be sent"),
}
_NAMES: Mapping[str, Mapping[str, str]] = {
    "signal": _SIGNALS,
    "segment": _SEGMENTS,
    "mood": _MOODS,
    "state": _STATES,
    "only": _ONLY,
    "outcome": _OUTCOMES,
    "move": _MOVES,
    "step": _STEPS,
    "fact": _FACTS,
    "fate": _FATES,
    "evidence": _EVIDENCE,
    "draft": _DRAFT_STATES,
    "listed": _LISTED,
    "lister": _LISTERS,
    "channel": _CHANNELS,
    "action": _ACTION_STATES,
    "action_step": _ACTION_STEPS,
    "message": _MESSAGE_STATES,
    "way": _WAYS,
    "reply": _REPLIES,
    "mark": _MARKS,
}


def named(code: str, kind: str) -> str:
    """What a code of a kind is called in the reader's language; one without a name as it is."""
    name = _NAMES[kind].get(code)
    return _(name) if name else code


def language_name(code: str) -> str:
    """What a language is called in the reader's: `Czech`, `czeski`."""
    if code == OTHER:
        return _("another language")
    return pgettext("a language", "%(name)s", name=str(locale().languages.get(code, code)))


def language_of(code: str, text: str) -> str:
    """What the language of a text is called; a text without words is in none."""
    is_in_none = code == OTHER and not any(character.isalpha() for character in text)
    return _("no words") if is_in_none else language_name(code)


def signal_name(code: str) -> str:
    """What a signal is called in the reader's language."""
    return named(code, "signal")
