"""Two hundred drafts to read; `python -m tests.pipelines.followup.golden` writes them anew."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

from eval.tasks.drafts import grid, news
from models.contracts import LANGUAGES
from pipelines.followup.grammar import NBSP
from pipelines.followup.plan import DraftPlan
from pipelines.followup.render import render

FOLDER = Path(__file__).parent / "golden_drafts"
PLAIN, RESTRAINED, NEWS, PRAISE = 24, 12, 10, 4
"""Drafts of each language: answers without and with something that asks for restraint, news, and
praise passed on."""


def written(language: str) -> str:
    """The drafts of a language, each under a line that says what it follows from.

    No-break spaces are written as spaces, so that a difference can be seen.
    """
    plans = list(grid(language))
    plain = [plan for plan in plans if not plan.sensitive]
    grave = [plan for plan in plans if plan.sensitive]
    later = list(news(language))
    told = [plan for plan in later if plan.purpose != "praise"]
    praised = [plan for plan in later if plan.purpose == "praise"]
    chosen = [
        *(*_spread(plain, PLAIN), *_spread(grave, RESTRAINED)),
        *(*_spread(told, NEWS), *_spread(praised, PRAISE)),
    ]
    return "\n".join(_shown(number, plan) for number, plan in enumerate(chosen, 1))


def _spread(plans: list[DraftPlan], count: int) -> list[DraftPlan]:
    """So many, drawn by a lot that is always the same, in their order."""
    drawn = sorted(range(len(plans)), key=lambda at: crc32(b"golden %d" % at))[:count]
    return [plans[at] for at in sorted(drawn)]


def _shown(number: int, plan: DraftPlan) -> str:
    text = render(plan)
    facts = [plan.segment, plan.channel, *plan.sensitive, *plan.signals]
    facts += [plan.purpose] if plan.purpose != "answer" else []
    facts += [plan.doing] if plan.doing else []
    facts += [f"about {plan.topic}"] if plan.topic else []
    facts += ["quoted"] if plan.quote else []
    lines = [f"=== {number}. {', '.join(facts)}"]
    lines += [f"Subject: {text.subject}", ""] if text.subject else []
    return "\n".join([*lines, text.body, ""]).replace(NBSP, " ")


def write() -> None:
    """Write the files anew."""
    FOLDER.mkdir(exist_ok=True)
    for language in LANGUAGES:
        (FOLDER / f"{language}.txt").write_text(written(language), "utf-8")


if __name__ == "__main__":
    write()
