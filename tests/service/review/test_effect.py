from __future__ import annotations

from types import SimpleNamespace

from service.review.pages import render
from service.review.theme_words import EffectLine


def test_a_preview_shows_the_largest_moves_and_folds_the_rest() -> None:
    moved = [EffectLine(f"Theme {at}", "New", at, ("one", "two")) for at in range(1, 9)]
    page = bytes(
        render(
            "effect.html",
            person="Ewa",
            here="themes",
            fields={"kind": "make", "excerpts": "1,2"},
            effect=SimpleNamespace(unthemed_share=(0.2, 0.1), note=""),
            moved=moved,
            asked="Make a theme",
            chosen=2,
            changed=False,
            tab="tree",
            problem="",
            back="/themes",
        ).body
    ).decode()
    assert (
        "36 excerpts would get another theme. Without a theme: 20.0% before, 10.0% after." in page
    )
    open_part, folded = page.split("3 smaller moves, 6 excerpts")
    assert [f"<b>Theme {at}</b>" in open_part for at in range(1, 9)] == [False] * 3 + [True] * 5
    assert [f"<b>Theme {at}</b>" in folded for at in range(1, 9)] == [True] * 3 + [False] * 5
    assert folded.index("Do it") > folded.index("Theme 1")
