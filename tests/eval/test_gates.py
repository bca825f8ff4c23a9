"""The gates, and the shipped artifacts held against them on the repository's own suites."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval import gates, run
from eval.gates import Gate
from eval.results import Mistake, Result, write_worst
from eval.tasks import drafts, vocatives
from eval.training.sources import TRAINED_ON
from pipelines.understanding import Reader

OWN_SUITES = {
    *("sample", "posts", "hard_lines", "own_lines", "held_out", "suite", "blind"),
    *("own_cases", "own_held_out", "own_names", "grid"),
}
LEAST = Gate("sentiment", "macro_f1", dataset="posts", language="pl", least=0.7)
MOST = Gate("sentiment", "ece", most=0.05)


def result(language: str = "pl", **metrics: float) -> Result:
    return Result("sentiment", "posts", language, 10, metrics)


def test_a_result_below_a_gate_is_named_with_its_value_and_bound() -> None:
    (sentence,) = gates.failures([LEAST], [result(macro_f1=0.61)])
    assert sentence == "sentiment posts pl: macro_f1 is 0.610, at least 0.7 is required."
    (sentence,) = gates.failures([MOST], [result("cs", ece=0.2)])
    assert sentence == "sentiment posts cs: ece is 0.200, at most 0.05 is allowed."


def test_what_passes_or_is_not_meant_is_not_named() -> None:
    met = [result(macro_f1=0.7, ece=0.05), result("cs", macro_f1=0.1)]
    assert gates.failures([LEAST, MOST], met) == []


def test_every_gate_names_a_task_and_bounds_something() -> None:
    loaded = gates.load()
    assert len(loaded) > 10
    assert {gate.task for gate in loaded} <= set(run.TASKS)
    assert all((gate.least is None) != (gate.most is None) for gate in loaded)
    assert all(gate.dataset for gate in loaded), "a file of somebody else's is not gated"
    assert {gate.dataset for gate in loaded} - OWN_SUITES <= TRAINED_ON


def test_what_is_no_number_passes_no_gate() -> None:
    assert len(gates.failures([LEAST], [result(macro_f1=float("nan"))])) == 1


def test_the_worst_mistakes_of_a_language_are_written_surest_first(tmp_path: Path) -> None:
    mistakes = [
        Mistake("sentiment", "posts", "pl", f"tekst {at}", "negative", "positive", at / 100)
        for at in range(60)
    ]
    (path,) = write_worst([Result("sentiment", "posts", "pl", 60, {}, mistakes)], tmp_path / "new")
    lines = path.read_text("utf-8").splitlines()
    assert path.name == "worst_sentiment_pl.csv"
    assert len(lines) == 51
    assert "tekst 59" in lines[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["sentiment", "robustness", "mismatch", "signals", "language", "pii", "triage"]
)
def test_the_shipped_artifacts_pass_the_gates_on_the_own_suites(
    name: str, real_reader: Reader
) -> None:
    bench = run.Bench(real_reader, None, Path("nowhere"), Path("nowhere"))
    assert_gates_hold(name, run.run(bench, [name], say=lambda _: None))


def test_people_are_called_by_their_names_as_the_gates_ask() -> None:
    assert_gates_hold(vocatives.NAME, list(vocatives.run(None)))


def test_messages_pass_the_gates_over_a_fifth_of_the_grid() -> None:
    assert_gates_hold(drafts.NAME, list(drafts.run(one_in=5)))


def assert_gates_hold(name: str, results: list[Result]) -> None:
    own = [gate for gate in gates.load() if gate.task == name and gate.dataset in OWN_SUITES]
    assert own
    idle = [gate for gate in own if not any(map(gate.concerns, results))]
    assert idle == [], "a misspelt metric or language gates nothing"
    assert gates.failures(own, results) == []
