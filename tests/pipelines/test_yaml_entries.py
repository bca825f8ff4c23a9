from __future__ import annotations

from typing import Any

import pytest

from pipelines.contracts import PipelineError
from pipelines.rules.documents import RuleError
from pipelines.rules.team import team_of
from pipelines.theme_life.touchpoints import TaxonomyError, read_taxonomy
from pipelines.yaml_entries import read_yaml


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("[NO, no, on]", ["NO", "no", "on"]),
        ("[010, 8:00, 2026-12-31]", ["010", "8:00", "2026-12-31"]),
        ("[true, False]", [True, False]),
        ("[3, -2, 0.25, .5]", [3, -2, 0.25, 0.5]),
        ("[~, null, '']", [None, None, ""]),
        ("{a: &x {k: 1}, b: {<<: *x, k: 2}}", {"a": {"k": 1}, "b": {"k": 2}}),
    ],
)
def test_plain_values_are_what_people_mean_by_them(written: str, read: Any) -> None:
    assert read_yaml(written, PipelineError) == read


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("a: 1\nb: 2\na: 3", r"“a” stands twice, in lines 1 and 3"),
        ("a:\n  b: 1\n  'b': 2", r"“b” stands twice, in lines 2 and 3"),
        ("a: [1", r"no YAML from line 1, column 6 on\. Indent"),
        ("a:\n\tb: 1", r"line 2 holds a tab"),
        ("a: \u0001", r"holds the character U\+0001"),
        ("[" * 5_000, r"Nest it less"),
        ("a: 1\n---\nb: 2", r"no YAML from line 2"),
    ],
)
def test_what_cannot_be_read_names_the_line_and_what_to_do(written: str, said: str) -> None:
    with pytest.raises(PipelineError, match=said):
        read_yaml(written, PipelineError)


def test_a_key_that_stands_twice_is_refused_in_every_document() -> None:
    with pytest.raises(RuleError, match="“members” stands twice"):
        team_of("members: {}\nmembers: {}")
    with pytest.raises(TaxonomyError, match="“key” stands twice"):
        read_taxonomy("- {key: a, key: b}\n- {}")
