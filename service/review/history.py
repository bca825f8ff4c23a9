"""The history of a case, as a person would write it down: when, who, and what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from pipelines.contracts import ENGINE
from pipelines.messages import N_, Fact, Told
from pipelines.words import shortened
from service.review.comments import ShownComment
from service.review.contexts import given
from service.review.language import _, quoted, told
from service.review.names import named
from service.review.pages import moment
from service.storage.answer_tables import Feedback
from service.storage.case_rows import TOLD
from service.storage.case_tables import CaseAlert, CaseEvent
from service.storage.draft_tables import DraftRow
from service.storage.judging import JUDGE

_QUOTE: Final = 120
_AT_ONCE: Final = ("by_hand", "export")
"""Ways in which a message is sent as it is put in the outbox."""

_BEGUN: Final = N_("Contact with the customer began")
_MOVES: Final = {
    "open": N_("The case was opened"),
    "answer": N_("The customer wrote again"),
    "assign": N_("The case is now with %(owner)s"),
    "contact": _BEGUN,
    "wait": N_("We are waiting for the customer"),
    "wake": N_("The case was brought back into the queue"),
    "verify": N_("It was confirmed that it worked"),
    "snooze": N_("The case was put off until %(until)s"),
    "close": N_("The case was closed without contact"),
    "reopen": N_("The case was reopened"),
    "undo": N_("The last move was taken back"),
    JUDGE: N_("The priority was changed from %(before)s to %(level)s"),
}
"""What a move is told as; a person's words about it stand behind."""
_SAID: Final = {
    ("answer", "Answer %(answer)s"): N_("The customer wrote again: %(answer)s"),
    ("verify", "Answer %(answer)s"): N_(
        "The customer wrote again and is no longer unhappy: %(answer)s"
    ),
    ("reopen", "Still unhappy: answer %(answer)s"): N_(
        "The case was reopened because the customer is still unhappy: %(answer)s"
    ),
    ("reopen", "Unhappy again: answer %(answer)s"): N_(
        "The case was reopened because the customer is unhappy again: %(answer)s"
    ),
    ("answer", "The customer replied"): N_("The customer answered our message"),
    ("reopen", "The customer replied and is still unhappy"): N_(
        "The case was reopened because the customer answered our message and is still unhappy"
    ),
    ("answer", "The message came back"): N_("Our message did not reach the customer"),
    ("reopen", "The message came back"): N_(
        "The case was reopened because our message did not reach the customer"
    ),
    ("contact", "Message sent"): N_("A message was sent to the customer"),
    ("contact", "Message of %(name)s sent"): N_(
        "The message that %(name)s had put in the outbox was sent to the customer"
    ),
    ("contact", "Message put in the outbox"): _BEGUN,
    ("wake", "Its sleep is over"): N_("The case came back as planned"),
    ("close", "Answered before this workspace opened"): N_(
        "The case was closed: the customer had been answered before this workspace was opened"
    ),
    ("assign", "By rule %(number)s of the team"): N_(
        "The case is now with %(owner)s, by rule %(number)s of the team"
    ),
    ("assign", "In turn"): N_("The case is now with %(owner)s, whose turn it was"),
    (
        "assign",
        "Nobody of %(names)s is there with room and the language: to the default owner",
    ): N_(
        "The case is now with %(owner)s, the default owner: of %(names)s nobody was there who had "
        "room and the language"
    ),
    ("assign", "Second level: %(why)s"): N_("Second level. %(why)s"),
    (
        "open",
        "Nobody of %(names)s is there with room and the language, and there is no default owner",
    ): N_(
        "The case was opened and nobody has it yet: of %(names)s nobody was there who had room and "
        "the language, and there is no default owner"
    ),
    ("open", "Moved out of the bucket no_comment"): N_(
        "The answer was moved into the queue from those without a comment"
    ),
    ("open", "Moved out of the bucket praise"): N_(
        "The answer was moved into the queue from those that only praise"
    ),
    ("open", "Moved out of the bucket other_language"): N_(
        "The answer was moved into the queue from those in another language"
    ),
    ("open", "Moved out of the bucket spam"): N_("The answer was moved into the queue from spam"),
    ("open", "%(moved)s. %(why)s"): "%(moved)s. %(why)s",
}
"""What a reason that the engine noted with a move is told as, the move included."""
_ALERTS: Final = {
    "due_soon": N_("The case is due soon"),
    "breached": N_("The time for this case has run out"),
}
_VERDICTS: Final = {
    "submitted": N_("Draft %(number)s was submitted for review"),
    "approved": N_("Draft %(number)s was approved"),
    "rejected": N_("Draft %(number)s was rejected"),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a history."""

    at: datetime
    who: str
    what: str


def history_of(
    events: Sequence[CaseEvent],
    drafts: Sequence[DraftRow],
    alerts: Sequence[CaseAlert],
    answers: Sequence[Feedback],
    zone: ZoneInfo,
) -> tuple[tuple[str, str, str], ...]:
    """When, who and what, newest first; `answers` are those of the case, for what they say."""
    said = {one.id: _in_short(one) for one in answers}
    lines = [Happened(one.at, one.who, _of_event(one, said, zone)) for one in events]
    lines += [Happened(one.at, ENGINE, _(_ALERTS[one.kind])) for one in alerts]
    for draft in drafts:
        lines += _of_draft(draft)
    lines.sort(key=lambda line: line.at, reverse=True)
    return tuple((moment(line.at, zone), line.who, line.what) for line in lines)


def _of_draft(draft: DraftRow) -> list[Happened]:
    number = draft.number
    lines = [
        Happened(draft.created_at, draft.author, _("Draft %(number)s was written", number=number))
    ]
    for one in draft.decisions:
        what = _with_note(_(_VERDICTS[one.verdict], number=number), one.reason)
        lines.append(Happened(one.at, one.who, what))
    message = draft.message
    if message is not None and message.way not in _AT_ONCE:
        put = _("Draft %(number)s was put in the outbox", number=number)
        lines.append(Happened(message.created_at, message.who, put))
    return lines


def _of_event(event: CaseEvent, said: Mapping[str, str], zone: ZoneInfo) -> str:
    """What a move is told as, with whoever made it left out."""
    details = event.details
    if TOLD in details:
        note = Told.of_json(details[TOLD])
        sentence = told(_sentence(event.move, note, said, str(details.get("owner", ""))))
        is_whole = (event.move, note.message) in _SAID
        return sentence if is_whole else f"{_of_move(event, zone)}: {sentence}"
    ended = details.get("resolution")
    if ended:
        return _of_resolution(ended)
    if event.move not in _MOVES:  # of an earlier version
        return _with_note(named(event.move, "move"), event.note)
    if event.move == "reopen" and details.get("unhappy"):
        return _with_note(_("The case was reopened on the second level"), event.note)
    return _with_note(_of_move(event, zone), event.note)


def _of_move(event: CaseEvent, zone: ZoneInfo) -> str:
    details = event.details
    until = details.get("until")
    return _(
        _MOVES[event.move],
        owner=details.get("owner", ""),
        until=moment(datetime.fromisoformat(until), zone) if until else "",
        level=details.get("level", ""),
        before=details.get("instead_of", ""),
    )


def _sentence(move: str, note: Told, said: Mapping[str, str], owner: str) -> Told:
    """A reason of ours with the move it came with; one that is not known stays as it is."""
    facts: dict[str, Fact] = {**note.facts, "owner": owner}
    for name, value in note.facts.items():
        if isinstance(value, Told):
            facts[name] = _sentence(move, value, said, owner)
    if "answer" in facts:
        facts["answer"] = said.get(str(facts["answer"])) or _("(no longer here)")
    return Told(_SAID.get((move, note.message), note.message), facts)


def _of_resolution(ended: Mapping[str, object]) -> str:
    causes = ended["causes"]
    outcome = named(str(ended["outcome"]), "outcome")
    if isinstance(causes, Sequence) and causes:
        return _(
            "The case was resolved. Outcome: %(outcome)s. Root cause: %(cause)s",
            outcome=outcome,
            cause=quoted(str(causes[-1])),
        )
    return _(
        "The case was resolved. Outcome: %(outcome)s. The root cause is not known: %(why)s",
        outcome=outcome,
        why=quoted(str(ended["unknown_because"])),
    )


def _in_short(answer: Feedback) -> str:
    """The beginning of what an answer says; the score where it has no words."""
    words = shortened(" ".join(ShownComment.of(answer).text.split()), _QUOTE)
    return quoted(words) if words else given(answer)


def _with_note(what: str, note: str) -> str:
    return f"{what}: {quoted(note)}" if note else what
