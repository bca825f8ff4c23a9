from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models import concepts
from models.contracts import LANGUAGES, TooFewTextsError, Vectors
from models.themes import MIN_TEXTS, Atlas, Clusters
from models.themes.fit import sharpness_of, thresholds_of, unit_mean
from models.themes.naming import known_names
from pipelines.ports import StoredExcerpt
from pipelines.theme_life import changes, finding
from pipelines.theme_life.finding import Found, find
from pipelines.theme_life.refit import settle
from pipelines.theme_life.touchpoints import Taxonomy, Touchpoint
from tests.models.made_up_texts import A_CAUSE, CAUSES, DIMENSIONS, Corpus, around, corpus
from tests.pipelines.theme_life.fake_store import FakeThemeStore, stored

KNOWN = {"courier": "courier_never_rang", "refund": "refund_made_up", "invoice": "invoice_error"}
"""Concepts of three causes; the second is one that nobody has named."""
NOTHING = "nothing_to_improve"


def space_of(**named: str) -> concepts.ConceptSpace:
    """A concept space that knows some causes by name."""
    rows = [at for at, cause in enumerate(corpus().causes) if cause in named]
    causes = [named[corpus().causes[at]] for at in rows]
    return concepts.fit(corpus().vectors[rows], ["en"] * len(rows), causes)


def seen_by(space: concepts.ConceptSpace, vectors: Vectors) -> Vectors:
    """Theme vectors, where the neutral vectors are the encoder's own."""
    return space.theme_vectors(vectors, vectors, ["en"] * len(vectors))


SPACE = space_of(**KNOWN)
CLUELESS = replace(SPACE, prototypes=np.zeros_like(SPACE.prototypes))
"""A space that takes nothing to be about a concept."""


@cache
def content() -> Corpus:
    """The corpus with theme vectors."""
    return replace(corpus(), vectors=seen_by(SPACE, corpus().vectors))


@cache
def found() -> Found:
    """What is found in it, which takes seconds."""
    return find(stored(content()), content().vectors, SPACE)


def causes_of(own: Found, of: Corpus) -> list[str]:
    """The cause of each cluster, each of which must have one."""
    causes = np.array(of.causes)[own.clusters.rows]
    result = []
    for at in range(len(own.names)):
        (cause,) = set(causes[own.clusters.groups == at].tolist())
        result.append(cause)
    return result


def test_every_cause_is_a_cluster_with_names_keywords_and_vectors() -> None:
    own = found()
    assert sorted(causes_of(own, content())) == sorted(CAUSES)
    assert own.excerpts == len(content().texts)
    assert np.array_equal(own.vectors, content().vectors[own.clusters.rows])
    assert len(own.names) == len(own.keywords) == len(own.clusters.centroids)
    for names, keywords in zip(own.names, own.keywords, strict=True):
        assert {"en", "pl"} <= set(names)
        assert set(keywords) == {"en", "pl"}
        assert all(keywords.values())


def middles_on_map(own: Found) -> Vectors:
    """Where the clusters lie on the map."""
    places = own.atlas.place(own.vectors)
    return np.stack([places[own.clusters.groups == at].mean(axis=0) for at in range(len(CAUSES))])


def test_the_map_lays_each_cause_together() -> None:
    places = found().atlas.place(found().vectors)
    nearest = np.linalg.norm(places[:, None] - middles_on_map(found()), axis=2).argmin(axis=1)
    assert (nearest == found().clusters.groups).mean() > 0.9
    assert np.abs(places).max() < 3


def test_the_same_excerpts_give_the_same_clusters_and_a_map_that_looks_as_before() -> None:
    model = settle(found(), None, None).model
    again = find(stored(content()), content().vectors, SPACE, model)
    for name in ("rows", "groups", "centroids", "thresholds"):
        assert np.array_equal(getattr(again.clusters, name), getattr(found().clusters, name))
    assert (again.names, again.keywords) == (found().names, found().keywords)
    before, after = (middles_on_map(own) for own in (found(), again))
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.5


def test_the_same_excerpts_in_another_order_give_the_same_themes_with_the_same_excerpts() -> None:
    order = np.random.default_rng(1).permutation(len(content().texts))
    shuffled = Corpus(
        [content().texts[at] for at in order],
        [content().languages[at] for at in order],
        content().vectors[order],
        [content().causes[at] for at in order],
    )
    again = find(stored(shuffled), shuffled.vectors, SPACE)
    model, other = (settle(own, None, None).model for own in (found(), again))
    assert other.themes == model.themes
    assert other.to_bytes() == model.to_bytes()
    before = model.assign(content().vectors, content().texts, content().languages)
    after = other.assign(shuffled.vectors, shuffled.texts, shuffled.languages)
    assert after == [before[at] for at in order]


def test_what_is_found_becomes_the_themes_of_the_excerpts() -> None:
    store = FakeThemeStore(content())
    refit = changes.install(store, found(), None, who="odzew")
    assert refit.themes == len(CAUSES)
    assert refit.unthemed_share < 0.1
    for cause in CAUSES:
        own = [theme for theme in store.of_cause(cause) if theme is not None]
        assert len(own) >= 0.85 * A_CAUSE
        assert len(set(own)) == 1
    before = list(store.assigned)
    assert changes.install(store, found(), None, who="odzew").kept_share == 1.0
    assert store.assigned == before


def test_too_few_excerpts_are_refused_and_leave_the_model_in_use_alone() -> None:
    store = FakeThemeStore(content())
    changes.install(store, found(), None, who="odzew")
    few = [at for at in range(MIN_TEXTS - 1)]
    with pytest.raises(TooFewTextsError, match=f"at least {MIN_TEXTS}"):
        find(stored(content())[: len(few)], content().vectors[few], SPACE, store.model)
    assert len(store.history) == 1


def test_no_excerpts_are_too_few() -> None:
    with pytest.raises(TooFewTextsError):
        find([], np.zeros((0, SPACE.dimensions), np.float32), SPACE)


def test_excerpts_that_say_nothing_do_not_count() -> None:
    space = space_of(courier=NOTHING, refund=NOTHING, locker=NOTHING, invoice="invoice_error")
    vectors = seen_by(space, corpus().vectors)
    rows = [at for at, cause in enumerate(corpus().causes) if cause != "invoice"] + [-1, -2]
    with pytest.raises(TooFewTextsError, match="there are 2"):
        find([stored(corpus())[at] for at in rows], vectors[rows], space)


class Instead:
    """Clusters by cause and an empty map instead of those that take seconds to find."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.befores: list[Atlas | None] = []
        self.guides: list[NDArray[np.int64]] = []
        self.told: list[dict[str, Any]] = []
        patch.setattr(finding, "find_clusters", self.clusters)
        patch.setattr(finding, "fit_atlas", self.atlas)

    def clusters(
        self,
        texts: Sequence[str],
        languages: Sequence[str],
        vectors: Vectors,
        guides: NDArray[np.int64],
        **told: Any,
    ) -> Clusters:
        self.guides.append(guides)
        self.told.append(told)
        causes = [text.split()[0] for text in texts]
        groups = np.array([sorted(set(causes)).index(cause) for cause in causes])
        centroids = np.stack([unit_mean(vectors[groups == at]) for at in np.unique(groups)])
        thresholds = thresholds_of(vectors, groups, centroids)
        sharpness = sharpness_of(vectors @ centroids.T)
        return Clusters(np.arange(len(texts)), groups, centroids, thresholds, sharpness, 5)

    def atlas(
        self, vectors: Vectors, groups: NDArray[np.int64], *, seed: int, before: Atlas | None
    ) -> Atlas:
        self.befores.append(before)
        return Atlas.blank(vectors.shape[1])


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch) -> Instead:
    return Instead(monkeypatch)


WORDS = {"courier": "coral skips fence", "locker": "lizard gate sleeps", "refund": "ribbon is slow"}
"""Words that are no terms."""


def excerpts_of(counts: dict[str, tuple[str, int]]) -> tuple[list[StoredExcerpt], Vectors]:
    """Excerpts with words of one cause and vectors of that or another, so many of each."""
    texts, parts = [], []
    for word, (cause, count) in counts.items():
        kind = word.split("/")[0]
        texts += [f"{WORDS[kind]}" for _ in range(count)]
        parts.append(around(list(CAUSES).index(cause), count, len(texts), 0.1))
    made = Corpus(texts, ["en"] * len(texts), np.concatenate(parts), [""] * len(texts))
    return stored(made), seen_by(SPACE, made.vectors)


PLAIN = {
    "courier": ("courier", 10),
    "locker": ("locker", 10),
    "refund": ("refund", 10),
}


def test_a_cluster_about_a_known_concept_has_its_written_names(instead: Instead) -> None:
    own = find(*excerpts_of(PLAIN), SPACE)
    assert own.names[0] == known_names()["courier_never_rang"]
    assert set(own.names[0]) == set(LANGUAGES)
    assert (instead.guides[0][:10] == SPACE.number_of("courier_never_rang")).all()


def test_a_cluster_about_a_concept_that_nobody_named_is_named_by_its_words(
    instead: Instead,
) -> None:
    own = find(*excerpts_of(PLAIN), SPACE)
    assert (instead.guides[0][20:] == SPACE.number_of("refund_made_up")).all()
    assert set(own.names[2]) == set(LANGUAGES)
    assert all("ribbon" in name for name in own.names[2].values())


@pytest.mark.parametrize(("about", "known"), [(4, False), (5, False), (6, True), (10, True)])
def test_a_concept_names_a_cluster_that_is_mostly_about_it(
    instead: Instead, about: int, known: bool
) -> None:
    counts = {"courier": ("courier", about), "courier/other": ("locker", 10 - about)}
    made = excerpts_of({**counts, "locker": ("locker", 10)})
    guess = SPACE.guess(made[1])
    courier = SPACE.number_of("courier_never_rang")
    assert (guess[:10] == courier).sum() == about
    only = np.arange(len(SPACE.names))[:, None] == courier
    space = replace(SPACE, prototypes=SPACE.prototypes * only.astype(np.float32))
    own = find(*made, space)
    assert (own.names[0] == known_names()["courier_never_rang"]) is known


def test_without_a_known_concept_words_name_every_cluster(instead: Instead) -> None:
    own = find(*excerpts_of(PLAIN), CLUELESS)
    assert (instead.guides[0] == concepts.NO_CONCEPT).all()
    for names, words in zip(own.names, WORDS.values(), strict=True):
        word = words.split()[0]
        assert set(names) == set(LANGUAGES)
        assert all(word in name for name in names.values())


def axes() -> Taxonomy:
    """Touchpoints that lie where courier, refund and locker do."""
    made = np.eye(DIMENSIONS, dtype=np.float32)[:3]
    keys = list(CAUSES)[:3]
    named = [{code: f"Place of {key} ({code})" for code in LANGUAGES} for key in keys]
    return Taxonomy(
        tuple(Touchpoint(key, names, names) for key, names in zip(keys, named, strict=True)),
        seen_by(SPACE, made),
    )


def test_terms_name_what_is_no_concept_in_every_language_and_stand_behind_its_place(
    instead: Instead, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(WORDS, "locker", "lizard photo printer")
    alone = find(*excerpts_of(PLAIN), CLUELESS).names[1]
    assert alone["en"] in ("Photo · printer", "Printer · photo")
    assert {part.casefold() for part in alone["pl"].split(" · ")} == {"zdjęcie", "drukarka"}
    placed = find(*excerpts_of(PLAIN), CLUELESS, taxonomy=axes()).names[1]
    assert placed["et"].startswith("Place of locker (et) · ")
    assert {"foto", "printer"} == {*placed["et"].split(" · ")[1:]}


def test_a_clear_place_names_what_is_no_concept_in_every_language(instead: Instead) -> None:
    own = find(*excerpts_of(PLAIN), CLUELESS, taxonomy=axes())
    assert own.names[1] == {code: f"Place of locker ({code})" for code in LANGUAGES}


def test_a_known_concept_goes_before_the_place(instead: Instead) -> None:
    own = find(*excerpts_of(PLAIN), SPACE, taxonomy=axes())
    assert own.names[0] == known_names()["courier_never_rang"]


def test_a_cluster_is_none_where_all_phrases_lie_far_from_its_middle(instead: Instead) -> None:
    asked: list[tuple[str, str]] = []

    def read(phrases: list[str], languages: list[str]) -> Vectors:
        asked.extend(zip(phrases, languages, strict=True))
        near = np.stack([np.eye(DIMENSIONS)[("gate" in phrase and 2) or 9] for phrase in phrases])
        return seen_by(SPACE, near.astype(np.float32))

    own = find(*excerpts_of(PLAIN), CLUELESS, read=read)
    assert {code for phrase, code in asked if "gate" in phrase} == {"en"}
    (names,), (keywords,) = own.names, own.keywords
    assert "gate" in names["en"]
    assert set(names) == set(LANGUAGES)
    assert all("gate" in phrase for phrase in keywords["en"])
    assert len(own.clusters.centroids) == len(own.clusters.thresholds) == 1
    assert set(own.clusters.groups.tolist()) == {0}


def test_the_map_begins_from_that_of_the_model_in_use(instead: Instead) -> None:
    made = excerpts_of(PLAIN)
    model = settle(find(*made, SPACE), None, None).model
    find(*made, SPACE, model)
    assert instead.befores == [None, model.atlas]


def test_the_map_begins_anew_where_vectors_have_another_length(instead: Instead) -> None:
    made = excerpts_of(PLAIN)
    model = settle(found(), None, None).model
    shorter = replace(
        model, prototypes=replace(model.prototypes, centroids=model.prototypes.centroids[:, 1:])
    )
    find(*made, SPACE, shorter)
    assert instead.befores == [None]


def test_what_says_nothing_is_named_to_the_search(instead: Instead) -> None:
    find(*excerpts_of(PLAIN), replace(SPACE, names=("a", NOTHING, "b")))
    find(*excerpts_of(PLAIN), SPACE)
    assert [one["boilerplate"] for one in instead.told] == [1, None]
