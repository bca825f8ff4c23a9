"""Task `sample`: are the root causes that the sample's writers meant found again?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from eval import datasets
from eval.fits import Corpus, fit
from eval.results import Result
from eval.tasks.topics import engine_metrics
from models.themes import ThemeModel
from models.themes.naming import concept_named
from pipelines.contracts import Understanding
from pipelines.followup.planning import Voice, make_plan
from pipelines.page import Comment
from pipelines.understanding import Reader

NAME = "sample"
_MEANT = {
    "app_logout": ("app_login",),
    "courier_never_rang": ("courier_never_rang",),
    "damaged": ("parcel_damaged",),
    "fast_smooth": ("overall_smooth",),
    "helpline_unreachable": ("phone_hold", "no_callback", "passed_around", "chatbot"),
    "invoice_wrong": ("invoice_error",),
    "kind_staff": ("staff_friendly", "courier_conduct"),
    "late": ("delivery_late",),
    "locker_full": ("locker_full",),
    "locker_jammed": ("locker_fault",),
    "packaging_waste": ("packaging_waste",),
    "point_hours": ("pickup_point_hours", "opening_hours_branch"),
    "price_up": ("price_increase", "delivery_fee", "value_for_money", "hidden_fees"),
    "refund_slow": ("refund_wait",),
    "return_hassle": ("return_process",),
    "tracking_frozen": ("tracking_unclear",),
    "wrong_item": ("wrong_item",),
}
"""Concepts whose names say what a cause of the sample is."""
_TOPICS = {
    "app_logout": ("app", "account"),
    "courier_never_rang": ("courier", "delivery"),
    "damaged": ("packaging", "delivery"),
    "fast_smooth": ("delivery", "overall", "courier", "pickup"),
    "helpline_unreachable": ("helpline",),
    "invoice_wrong": ("billing",),
    "kind_staff": ("staff", "courier"),
    "late": ("delivery",),
    "locker_full": ("pickup",),
    "locker_jammed": ("pickup",),
    "packaging_waste": ("packaging",),
    "point_hours": ("pickup", "branch"),
    "price_up": ("price", "fees"),
    "refund_slow": ("refund",),
    "return_hassle": ("returns",),
    "tracking_frozen": ("delivery",),
    "wrong_item": ("order_contents", "delivery"),
}
"""Touchpoints that a message about a cause may name."""
_VOICE = Voice("Zipako", None, "care@zipako.example", "Europe/Warsaw")


def run(reader: Reader, folder: Path) -> Iterator[Result]:
    """Fit themes on the whole sample, then score the rows with exactly one cause.

    A row's theme is the one that its comment mentions most surely; a row without any counts as
    unthemed. The product never reads the column `cause`.
    """
    rows = [
        row
        for path in datasets.find(folder, "feedback_*.csv")
        for row in datasets.read(path, ("text", "cause")).rows
        if row["text"].strip()
    ]
    comments = [Comment(row["text"]) for row in rows]
    model = fit(reader, Corpus.of_comments(reader, [row["text"] for row in rows]))
    themed = reader.read(comments, model)
    scored, found = [], []
    for row, said in zip(rows, themed, strict=True):
        if row["cause"] and "|" not in row["cause"]:
            scored.append({**row, "language": said.language.code})
            found.append(said.themes[0].id if said.themes else None)
    values = engine_metrics(scored, found, "engine", label="cause")
    plain = {name.removeprefix("engine_"): value for name, value in values.items()}
    plain["themes"] = float(len(model.themes))
    plain |= _names_right(model, [row["cause"] for row in scored], found)
    plain |= _topics_right(model, rows, themed)
    yield Result(NAME, "sample", "all", len(scored), plain)


def _topics_right(
    model: ThemeModel, rows: Sequence[Mapping[str, str]], themed: Sequence[Understanding]
) -> dict[str, float]:
    """The share of complaints whose message names a touchpoint, and of those the share it fits.

    A comment has one cause and often several parts, of which the worst is named; it counts as wrong
    also where that part is truly about another thing than the cause.
    """
    now = datetime.now(UTC)
    complaints, said, right = 0, 0, 0
    for row, read in zip(rows, themed, strict=True):
        if not row["cause"] or "|" in row["cause"]:
            continue
        plan = make_plan(
            read,
            *("detractor", None, _VOICE),
            feedback_id="",
            respond_by=now,
            touchpoints=model.touchpoints,
        )
        if plan is None or plan.segment == "promoter":
            continue
        complaints += 1
        said += plan.topic is not None
        right += plan.topic in _TOPICS.get(row["cause"], ())
    return {"topic_said": said / max(complaints, 1), "topic_right": right / max(said, 1)}


def _names_right(
    model: ThemeModel, causes: Sequence[str], found: Sequence[str | None]
) -> dict[str, float]:
    """How many themes have a concept's name, and the share of them whose commonest cause it says.

    Args:
        model: the themes.
        causes: of n comments.
        found: their themes.
    """
    right = [
        concept in _MEANT.get(_commonest(causes, found, theme.id), ())
        for theme in model.themes
        if (concept := concept_named(theme.label)) and theme.id in found
    ]
    return {"known_names": float(len(right)), "known_names_right": sum(right) / max(len(right), 1)}


def _commonest(causes: Sequence[str], found: Sequence[str | None], theme: str) -> str:
    own = Counter(cause for cause, one in zip(causes, found, strict=True) if one == theme)
    return own.most_common(1)[0][0]
