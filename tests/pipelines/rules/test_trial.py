from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import yaml

from pipelines.contracts import Answer, Segment
from pipelines.rules import Rules
from pipelines.rules.documents import shipped
from pipelines.rules.trial import Judged, try_rules
from pipelines.segments import NPS
from pipelines.triage import Standing
from tests.pipelines.house import RULES
from tests.pipelines.made_up import NOON, understood


def judged(case_id: str, segment: Segment, score: float, *signals: str) -> Judged:
    answer = Answer("", score, NPS, "delivery", NOON)
    read = understood(score=-0.5, signals=signals)
    return Judged(case_id, read, segment, answer, Standing(), NOON + timedelta(hours=1))


CASES = [
    judged("calm", "passive", 7),
    judged("waits", "detractor", 5, "waiting"),
    judged("unsafe", "detractor", 2, "safety"),
]


def with_weights(**entries: object) -> Rules:
    content = yaml.safe_dump({**yaml.safe_load(shipped("weights")), **entries})
    return Rules.of({"weights": content}, ZoneInfo("Europe/Warsaw"))


def test_the_same_rules_move_nothing() -> None:
    trial = try_rules(CASES, RULES, RULES)
    assert trial.moved == 0
    assert [one.case_id for one in trial.shifts] == ["unsafe", "waits", "calm"]
    assert all(one.before == one.after for one in trial.shifts)
    assert [one.place_before for one in trial.shifts] == [1, 2, 3]


def test_other_weights_order_anew_and_levels_are_counted() -> None:
    tried = with_weights(signals={"waiting": 60, "safety": 0})
    trial = try_rules(CASES, RULES, tried)
    assert [one.case_id for one in trial.shifts] == ["waits", "unsafe", "calm"]
    first = trial.shifts[0]
    assert (first.place_before, first.place_after) == (2, 1)
    assert first.after.level == "P1"
    assert sum(trial.levels.values()) == len(CASES)
    assert trial.moved == sum(one.before.level != one.after.level for one in trial.shifts) >= 2


def test_no_cases_are_no_trial_and_no_error() -> None:
    assert try_rules([], RULES, RULES).shifts == ()
