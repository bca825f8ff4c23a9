from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.contracts import LANGUAGES
from models.themes import ThemeModel
from pipelines.theme_life.edits import Edit, ThemeEditError
from pipelines.theme_life.identity import Place, Rename, Retire
from pipelines.theme_life.matching import is_touched
from pipelines.theme_life.membership import Make, Merge, Move, PinPhrase
from pipelines.theme_life.refit import settle
from tests.pipelines.theme_life.edited import (
    CAUSES,
    KEYS,
    MANY,
    content,
    fitted,
    theme_of,
    themes_in,
)
from tests.pipelines.theme_life.fake_store import found_in


@dataclass(frozen=True)
class Draft:
    """An edit that fits, or nearly fits, any model: themes are told by their places."""

    kind: str
    one: int
    other: int
    text: str
    language: str | None
    rows: list[int]
    taken: bool

    def of(self, model: ThemeModel) -> Edit:
        ids = [theme.id for theme in model.themes]
        first, second = ids[self.one % len(ids)], ids[self.other % len(ids)]
        vectors = content().vectors[self.rows]
        held = np.array(themes_in(model, content())) == first
        chosen = held & np.isin(np.arange(len(held)), self.rows)
        part, left = content().vectors[chosen], content().vectors[held & ~chosen]
        found: dict[str, Edit] = {
            "rename": Rename(first, self.text, self.language),
            "merge": Merge(first, second),
            "make": Make(vectors, {"en": f"made {self.text}"}, {}),
            "split": Make(part, {"en": f"split {self.text}"}, {}, first, left),
            "move": Move(vectors, None if self.taken else first),
            "pin": PinPhrase(first, f"{CAUSES[self.other % 4]} number", taken_away=self.taken),
            "retire": Retire(first, self.text),
            "place": Place(first, {"touchpoint": KEYS[self.other % 2], "owner": "Ewa"}, KEYS),
            "parent": Place(first, {"parent": second}),
        }
        return found[self.kind]


DRAFTS = st.builds(
    Draft,
    st.sampled_from(
        ["rename", "merge", "make", "split", "move", "pin", "retire", "place", "parent"]
    ),
    st.integers(0, 9),
    st.integers(0, 9),
    st.text("abcż ", max_size=8),
    st.sampled_from([None, *LANGUAGES]),
    st.lists(st.integers(0, 59), min_size=1, max_size=12, unique=True),
    st.booleans(),
)
PINNED_AND_SPLIT = [
    Draft("pin", 0, 2, "", None, [0], False),
    Draft("split", 0, 0, "", None, [0, 30, 31], False),
]


@example(PINNED_AND_SPLIT, "again")
@settings(max_examples=150)
@given(st.lists(DRAFTS, max_size=8), st.sampled_from(["again", "held", "renewed"]))
def test_whatever_people_do_a_refit_keeps_it_and_everything_stays_in_order(
    made: list[Draft], then: str
) -> None:
    model = fitted()
    for draft in made:
        try:
            model = draft.of(model).apply(model)
        except ThemeEditError:
            continue
        assert_in_order(model)
    own = content()
    if then != "again":
        own = own + content(4 if then == "held" else MANY, 90)
    settled = settle(found_in(own), model, None, made_from=len(content().texts))
    again = ThemeModel.from_bytes(settled.model.to_bytes())
    assert again.version == settled.model.version
    assert_in_order(again)
    kept = [theme for at, theme in enumerate(model.themes) if is_touched(model, at)]
    assert {theme.id for theme in kept} <= set(again.places)
    if then != "renewed":
        assert set(model.places) <= set(again.places)
    for theme in kept:
        now = theme_of(again, theme.id)
        assert (now.given, now.owner, now.retired) == (theme.given, theme.owner, theme.retired)
        assert now.settled == theme.settled
        assert now.touchpoint == theme.touchpoint
        assert then == "renewed" or now.parent == theme.parent
    assert again.pins == model.pins
    assert moved(again) == moved(model)


def moved(model: ThemeModel) -> list[str | None]:
    """Where the excerpts that people moved are."""
    return [model.themes[at].id if at >= 0 else None for at in model.examples.owners]


def assert_in_order(model: ThemeModel) -> None:
    own = model.prototypes
    assert len(model.places) == len(model.themes)
    assert (np.diff(own.owners) >= 0).all()
    assert set(own.owners.tolist()) == set(range(len(model.themes)))
    assert own.centroids.shape == (len(own), model.dimensions)
    assert own.centroids.dtype == own.thresholds.dtype == np.float32
    assert len(own) == len(own.thresholds) == len(own.held)
    assert np.allclose(np.linalg.norm(own.centroids, axis=1), 1, atol=0.01)
    assert len(model.examples.owners) == len(model.examples.vectors)
    assert all(-1 <= at < len(model.themes) for at in model.examples.owners)
    assert {pin.theme for pin in model.pins} <= set(model.places)
    phrases = [pin.phrase.casefold() for pin in model.pins]
    assert len(set(phrases)) == len(phrases)
    assert {theme.parent for theme in model.themes} <= {None, *model.places}
