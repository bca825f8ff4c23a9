from __future__ import annotations

from collections import Counter

from service.review.map_contexts import NAMED, map_page
from service.storage.theme_map import MapCounts


def counts_of(themes: dict[str | None, int]) -> MapCounts:
    return MapCounts(
        Counter(themes), Counter(positive=sum(themes.values())), Counter(pl=sum(themes.values()))
    )


def test_of_many_themes_the_largest_are_named_and_the_rest_are_one_line() -> None:
    sizes: dict[str | None, int] = {f"thm_{at}": 100 - at for at in range(NAMED + 3)}
    names = {str(theme): f"Theme {theme}" for theme in sizes}
    page = map_page(counts_of({**sizes, None: 7, "thm_retired": 3}), names)
    *named, others, without = page.legends["theme"]
    assert [one.theme for one in named] == [f"thm_{at}" for at in range(NAMED)]
    assert (others.label, others.count) == ("3 other themes", 92 + 91 + 90)
    assert (without.key, without.count) == ("none", 7 + 3)
    assert round(sum(one.share for one in page.legends["theme"]), 9) == 1
    assert [size for _, _, size in page.themes] == sorted(sizes.values(), reverse=True)


def test_a_legend_has_no_line_without_points() -> None:
    page = map_page(counts_of({"thm_a": 2}), {"thm_a": "A", "thm_empty": "Empty"})
    assert [one.key for one in page.legends["theme"]] == ["thm_a"]
    assert [one.key for one in page.legends["mood"]] == ["positive"]
    assert [one.key for one in page.legends["language"]] == ["pl"]
    assert page.themes == (("thm_a", "A", 2),)


def test_a_map_without_points_has_empty_legends() -> None:
    page = map_page(counts_of({}), {})
    assert page.total == 0
    assert set(page.legends.values()) == {()}
