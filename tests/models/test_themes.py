from __future__ import annotations

import io

import numpy as np
import pytest
from sklearn.metrics import v_measure_score

from models import themes
from models.contracts import ArtifactError, TooFewTextsError
from models.themes import ThemeModel
from tests.models.made_up_texts import A_CAUSE, CAUSES, DIMENSIONS, Corpus, around, corpus, fitted


def test_clusters_that_are_there_are_recovered_across_languages() -> None:
    made = corpus()
    matches = fitted().assign(made.vectors)
    themed = [(cause, match.id) for cause, match in zip(made.causes, matches, strict=True) if match]
    causes, found = zip(*themed, strict=True)
    assert len(themed) >= 0.85 * len(made.texts)
    assert v_measure_score(causes, found) > 0.95
    assert len(fitted().themes) == len(CAUSES)


@pytest.mark.parametrize("known", [True, False])
def test_guides_help_and_texts_without_a_guide_are_no_error(known: bool) -> None:
    made = corpus()
    numbers = [list(CAUSES).index(cause) for cause in made.causes]
    guides = np.array([at if known and at < 2 else -1 for at in numbers])
    model = themes.fit(made.texts, made.languages, made.vectors, guides)
    matches = model.assign(made.vectors)
    pairs = [(cause, match.id) for cause, match in zip(made.causes, matches, strict=True) if match]
    assert v_measure_score(*zip(*pairs, strict=True)) > 0.95


def test_guides_that_put_two_causes_together_do_not_bind() -> None:
    made = corpus()
    guides = np.array([0 if cause in ("refund", "invoice") else -1 for cause in made.causes])
    model = themes.fit(made.texts, made.languages, made.vectors, guides)
    refund, invoice = (
        {m.id for m, c in zip(model.assign(made.vectors), made.causes, strict=True) if m and c == x}
        for x in ("refund", "invoice")
    )
    assert refund
    assert invoice
    assert not refund & invoice


def test_a_guide_of_too_few_texts_to_be_a_theme_changes_nothing() -> None:
    made = corpus()
    rare, none = np.full(len(made.texts), -1), np.full(len(made.texts), -1)
    rare[:2] = 7
    one, other = (
        themes.fit(made.texts, made.languages, made.vectors, guides) for guides in (rare, none)
    )
    assert one.to_bytes() == other.to_bytes()


def test_themes_are_named_by_words_of_their_own_texts() -> None:
    made = corpus()
    matches = fitted().assign(made.vectors)
    for cause, english in (("refund", "refund"), ("locker", "locker"), ("invoice", "invoice")):
        ids = [m.id for c, m in zip(made.causes, matches, strict=True) if m and c == cause]
        (theme,) = [one for one in fitted().themes if one.id == max(set(ids), key=ids.count)]
        assert english in theme.keywords["en"]
        assert set(theme.keywords) == {"en", "pl"}
        assert theme.label == next(m.label for m in matches if m and m.id == theme.id)


def test_the_same_input_gives_the_same_model_to_the_id_and_the_byte() -> None:
    again = corpus().fit()
    assert [theme.id for theme in again.themes] == [theme.id for theme in fitted().themes]
    assert again.version == fitted().version
    assert again.to_bytes() == fitted().to_bytes()


def test_ids_and_labels_are_distinct_and_ids_say_what_they_are() -> None:
    ids = [theme.id for theme in fitted().themes]
    assert len(set(ids)) == len(ids)
    assert all(one.startswith("thm_") for one in ids)
    assert len({theme.label for theme in fitted().themes}) == len(ids)


def test_a_model_that_was_saved_and_loaded_assigns_the_same() -> None:
    unseen = np.concatenate([around(at, 30, 100 + at, spread=0.6) for at in range(6)])
    loaded = ThemeModel.from_bytes(fitted().to_bytes())
    assert loaded.assign(unseen) == fitted().assign(unseen)
    assert loaded.version == fitted().version
    assert loaded.themes == fitted().themes
    assert loaded.to_bytes() == fitted().to_bytes()


def test_a_text_gets_its_theme_whatever_stands_beside_it() -> None:
    unseen = np.concatenate([around(at, 10, 200 + at, spread=0.5) for at in range(4)])
    together = fitted().assign(unseen)
    assert together == [fitted().assign(unseen[at : at + 1])[0] for at in range(len(unseen))]


def test_a_text_about_nothing_known_is_left_without_a_theme() -> None:
    matches = fitted().assign(around(DIMENSIONS - 1, 40, 300))
    assert sum(match is None for match in matches) >= 36


def test_confidences_are_shares_and_fall_between_two_themes() -> None:
    sure = [match for match in fitted().assign(corpus().vectors) if match]
    assert all(0 < match.confidence <= 1 for match in sure)
    assert np.mean([match.confidence for match in sure]) > 0.5


def test_nothing_to_assign_gives_nothing() -> None:
    assert fitted().assign(np.zeros((0, DIMENSIONS), np.float32)) == []


def test_too_few_texts_are_refused_with_their_number() -> None:
    made = corpus()
    with pytest.raises(TooFewTextsError, match=rf"at least {themes.MIN_TEXTS}.*there are 12"):
        themes.fit(made.texts[:12], made.languages[:12], made.vectors[:12])
    with pytest.raises(TooFewTextsError, match="there are 0"):
        themes.fit([], [], np.zeros((0, DIMENSIONS), np.float32))


def test_texts_that_say_the_same_count_once() -> None:
    """Case, punctuation and digits do not make a text another one."""
    texts = [f"{'COURIER' if at % 2 else 'courier'} never came{'!' * at} {at}" for at in range(200)]
    with pytest.raises(TooFewTextsError, match="there are 1"):
        themes.fit(texts, ["en"] * 200, around(0, 200, 1))


def test_boilerplate_never_makes_a_theme() -> None:
    """Answers such as "no comments" stand in their hundreds, in a cloud of their own."""
    short = ["ok", "super", "-", "...", "nothing", "n/a", "👍", ""] * 10
    stock = [f"No comments{'.' * (at % 7)}{' ' * (at % 3)}" for at in range(80)]
    texts = short + stock
    filler = Corpus(texts, ["en"] * len(texts), around(20, len(texts), 9, 0.05), [""] * len(texts))
    model = (corpus() + filler).fit()
    assert all(match is None for match in model.assign(around(20, 20, 10, 0.05)))
    assert len(model.themes) == len(CAUSES)


def test_one_giant_cloud_is_no_error_and_most_of_it_is_themed() -> None:
    made = corpus()
    cloud = Corpus(made.texts, made.languages, around(0, len(made.texts), 4, 0.8), made.causes)
    model = cloud.fit()
    assert len(model.themes) >= 1
    themed = sum(match is not None for match in model.assign(cloud.vectors))
    assert themed >= 0.5 * len(cloud.texts)


def test_different_texts_with_one_and_the_same_vector_make_one_theme() -> None:
    made = corpus()
    same = np.repeat(around(3, 1, 6), len(made.texts), axis=0)
    model = themes.fit(made.texts, made.languages, same)
    assert len(model.themes) == 1
    assert all(match is not None for match in model.assign(same))


def test_the_smallest_corpus_that_is_allowed_can_be_fitted() -> None:
    made = corpus()
    rows = [at for at in range(len(made.texts)) if at % A_CAUSE < 8][: themes.MIN_TEXTS]
    model = themes.fit(
        [made.texts[at] for at in rows], [made.languages[at] for at in rows], made.vectors[rows]
    )
    assert len(model.themes) >= 1


def test_a_stored_model_holds_no_pickled_object() -> None:
    with np.load(io.BytesIO(fitted().to_bytes()), allow_pickle=False) as data:
        assert all(data[name].dtype != object for name in data.files)


def _with_object() -> bytes:
    file = io.BytesIO()
    np.savez(file, head=np.array([{"format": themes.FORMAT}], dtype=object))
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"not a model", _with_object()],
    ids=["empty", "zip-start", "text", "pickled"],
)
def test_what_is_no_theme_model_is_an_artifact_error(content: bytes) -> None:
    with pytest.raises(ArtifactError):
        ThemeModel.from_bytes(content)


@pytest.mark.parametrize("kept", [4, 30, 200, -1, -30])
def test_a_truncated_model_is_an_artifact_error(kept: int) -> None:
    with pytest.raises(ArtifactError):
        ThemeModel.from_bytes(fitted().to_bytes()[:kept])


def test_a_model_of_another_format_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stored = fitted().to_bytes()
    monkeypatch.setattr(themes, "FORMAT", themes.FORMAT + 1)
    with pytest.raises(ArtifactError, match="odzew themes refit"):
        ThemeModel.from_bytes(stored)
