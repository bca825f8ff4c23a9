from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.clear_text import ClearText
from models.contracts import LANGUAGES, OTHER, Encoded
from models.sentiment import SentimentModel
from models.signals import SignalReader
from models.themes import ThemeModel
from pipelines import understanding
from pipelines.contracts import SCORE_TEXT_MISMATCH, Scale, Understanding
from pipelines.page import Comment
from pipelines.ports import StoredExcerpt
from pipelines.segments import NPS
from pipelines.theme_life.finding import find
from pipelines.theme_life.refit import settle
from pipelines.understanding import Reader
from tests.stand_in import StandInEncoder

COMMENTS = {
    "pl": "Kurier się spóźnił, ale pani w punkcie była bardzo miła. Nadal czekam na zwrot!",
    "cs": "Kurýr přijel pozdě, ale paní na pobočce byla moc milá. Volejte mi na 777 123 456.",
    "et": "Kuller jäi hiljaks, aga teenindaja oli väga sõbralik. Raha ei ole ikka tagasi tulnud.",
    "en": "The courier was late, but the lady at the counter was lovely. I am still waiting!",
}
TOUGH = [
    "",
    "   \n\t ",
    "ok",
    "👍🏽 " * 30,
    "e\u0301 ﬁ İ ß\r\n\r\n- raz\n- dwa: jan@example.com, +48 600 000 011!!! ale nic…",
    "ale ale ale, but but; aga kuid",
    "Nie. Nie! NIE?? " * 50,
    "Zażółć\u00a0gęślą\u200bjaźń — „cytat”, potem 12:30 i 3,50 zł.",
]


class CountingEncoder(StandInEncoder):
    """Remembers the texts of each call."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def encode(self, texts: Sequence[str]) -> Encoded:
        self.calls.append(list(texts))
        return super().encode(texts)


def sure_of(reader: Reader, logits: tuple[float, float, float]) -> Reader:
    """The reader with a sentiment network that says the same of every text."""
    width = len(reader.sentiment.mean)
    network = SentimentModel(
        mean=np.zeros(width, np.float32),
        scale=np.ones(width, np.float32),
        hidden=np.zeros((width, 1), np.float32),
        hidden_bias=np.zeros(1, np.float32),
        output=np.zeros((1, 3), np.float32),
        output_bias=np.array(logits, np.float32),
        temperatures={OTHER: 1.0},
    )
    return replace(reader, sentiment=network)


def check(comment: str, read: Understanding) -> None:
    """Everything that was read points at the words it was read in."""
    clear = ClearText.of(comment)
    for excerpt in read.excerpts:
        assert clear.text[slice(*clear.within(excerpt.start, excerpt.end))] == excerpt.text
        for hit in excerpt.signals:
            assert clear.text[slice(*clear.within(hit.start, hit.end))] == hit.text
            assert excerpt.start <= hit.start < hit.end <= excerpt.end
            assert hit.name in read.signals
    for found in read.pii:
        assert 0 <= found.start < found.end <= len(comment)
    assert len(read.vectors) == len(read.excerpts)
    assert (read.sentiment is None) == (not read.excerpts)
    assert list(read.signals) == sorted(set(read.signals))


@pytest.mark.parametrize("text", [*COMMENTS.values(), *TOUGH])
def test_offsets_hold_in_the_whole_comment(text: str, reader: Reader) -> None:
    (read,) = reader.read([Comment(text)], None)
    check(text, read)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.text(max_size=60) | st.sampled_from([*COMMENTS.values(), *TOUGH]),
        max_size=4,
    ),
    st.sampled_from([None, *LANGUAGES, "xx"]),
)
@example(["\x00", "but \x00 but"], None)
def test_offsets_hold_in_any_comments(reader: Reader, texts: list[str], hint: str | None) -> None:
    comments = [Comment(text, language_hint=hint) for text in texts]
    for text, read in zip(texts, reader.read(comments, None), strict=True):
        check(text, read)


def test_a_comment_about_two_things_is_two_excerpts_with_their_own_words(reader: Reader) -> None:
    for code, text in COMMENTS.items():
        (read,) = reader.read([Comment(text)], None)
        assert read.language.code == code
        assert len(read.excerpts) >= 3, [one.text for one in read.excerpts]


def test_signals_and_personal_data_of_later_excerpts_are_found_where_they_stand(
    reader: Reader,
) -> None:
    polish, czech = reader.read([Comment(COMMENTS["pl"]), Comment(COMMENTS["cs"])], None)
    (hit,) = [h for one in polish.excerpts for h in one.signals if h.name == "open_problem"]
    assert hit.start >= COMMENTS["pl"].index("Nadal")
    (phone,) = czech.pii
    assert phone.type == "phone"
    assert COMMENTS["cs"][phone.start : phone.end] == "777 123 456"


def test_a_batch_is_one_encoder_call_with_its_excerpts_in_order(reader: Reader) -> None:
    counting = CountingEncoder()
    comments = [Comment(text) for text in [*COMMENTS.values(), *TOUGH]]
    read = replace(reader, encoder=counting).read(comments, None)
    assert len(counting.calls) == 1
    given = counting.calls[0]
    assert len(given) == sum(len(said.excerpts) for said in read)
    assert COMMENTS["pl"].startswith(given[0])
    assert not any("777 123 456" in text for text in given), "personal data is masked before"


@pytest.mark.parametrize("limit", [1, 150, 400, 10_000])
def test_a_batch_is_read_in_slices_with_the_answers_of_one_pass(
    limit: int, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    comments = [Comment(text, survey="s") for text in [*COMMENTS.values(), *TOUGH]]
    whole = reader.read(comments, None)
    counting = CountingEncoder()
    monkeypatch.setattr(understanding, "SLICE", limit)
    sliced = replace(reader, encoder=counting).read(comments, None)
    assert (len(counting.calls) == 1) is (limit == 10_000)
    for one, other in zip(whole, sliced, strict=True):
        assert np.allclose(one.vectors, other.vectors, atol=2e-3)
        assert replace(one, vectors=other.vectors) == other


def test_answers_come_in_order_and_a_comment_reads_the_same_in_any_batch(reader: Reader) -> None:
    comments = [Comment(text, language_hint=code, survey="s") for code, text in COMMENTS.items()]
    together = reader.read(comments, None)
    for comment, read in zip(comments, together, strict=True):
        (alone,) = reader.read([comment], None)
        assert read.excerpts == alone.excerpts
        assert read.sentiment == alone.sentiment
        assert np.allclose(read.vectors, alone.vectors, atol=2e-3)


def test_no_comments_give_nothing(reader: Reader) -> None:
    assert reader.read([], None) == []


@pytest.mark.parametrize("text", ["", " ", "\n\n\t"])
def test_an_empty_comment_says_nothing_and_has_no_mood(text: str, reader: Reader) -> None:
    (read,) = reader.read([Comment(text, score=0, scale=NPS)], None)
    assert read.sentiment is None
    assert (read.excerpts, read.themes, read.signals, read.pii) == ((), (), (), ())
    assert (read.language.code, read.language.confidence) == (OTHER, 0.0)
    assert read.vectors.shape == (0, reader.concepts.dimensions)


def test_an_empty_comment_among_others_does_not_shift_them(reader: Reader) -> None:
    texts = ["", COMMENTS["en"], " ", COMMENTS["et"], ""]
    read = reader.read([Comment(text) for text in texts], None)
    assert [bool(one.excerpts) for one in read] == [False, True, False, True, False]
    for text, one in zip(texts, read, strict=True):
        check(text, one)


def test_a_named_language_is_believed_and_an_unknown_name_is_not(reader: Reader) -> None:
    named, unknown = reader.read(
        [Comment("ok super", language_hint="cs"), Comment(COMMENTS["pl"], language_hint="xx")],
        None,
    )
    assert (named.language.code, named.language.confidence) == ("cs", 1.0)
    assert unknown.language.code == "pl"


ANGRY, HAPPY, CALM = (9.0, 0.0, 0.0), (0.0, 0.0, 9.0), (0.0, 9.0, 0.0)


@pytest.mark.parametrize(
    ("score", "scale", "logits", "speaks_against"),
    [
        (10, NPS, ANGRY, True),
        (0, NPS, HAPPY, True),
        (0, NPS, ANGRY, False),
        (10, NPS, HAPPY, False),
        (10, NPS, CALM, False),
        (6, NPS, ANGRY, False),
        (5, Scale(1, 5), ANGRY, True),
        (5, Scale(1, 5, higher_is_better=False), ANGRY, False),
        (1, Scale(1, 5, higher_is_better=False), ANGRY, True),
        (None, None, ANGRY, False),
    ],
)
def test_a_score_that_the_text_contradicts_is_a_signal(
    score: float | None,
    scale: Scale | None,
    logits: tuple[float, float, float],
    speaks_against: bool,
    reader: Reader,
) -> None:
    comment = Comment("It is what it is", score=score, scale=scale)
    (read,) = sure_of(reader, logits).read([comment], None)
    assert (SCORE_TEXT_MISMATCH in read.signals) is speaks_against


def test_nobody_is_praised_in_anger_and_nothing_is_broken_or_open_in_joy(reader: Reader) -> None:
    shipped = reader.signals.model
    eager = replace(shipped, thresholds=np.zeros_like(shipped.thresholds))
    willing = replace(reader, signals=SignalReader(eager))
    comment = Comment("The lady at the counter told me so.")
    (angry,) = sure_of(willing, ANGRY).read([comment], None)
    (happy,) = sure_of(willing, HAPPY).read([comment], None)
    assert set(happy.signals) - set(angry.signals) == {"praise_person"}
    assert set(angry.signals) - set(happy.signals) == {"promise_broken", "open_problem"}


def test_the_theme_a_comment_speaks_of_most_comes_first_with_the_mood_of_its_excerpts(
    reader: Reader,
) -> None:
    angry = sure_of(reader, ANGRY)
    model = themes_of(angry)
    for most, least in ((COURIER, REFUND), (REFUND, COURIER)):
        text = f"{least[0]}. {most[0]}. {most[1]}. {most[2]}."
        (read,) = angry.read([Comment(text, language_hint="en")], model)
        assert read.themes_version == model.version
        themed = [one.theme.id for one in read.excerpts if one.theme]
        assert len(themed) >= 3
        assert {mention.id for mention in read.themes} == set(themed)
        assert read.themes[0].id == max(set(themed), key=themed.count)
    for mention in read.themes:
        moods = [e.sentiment.score for e in read.excerpts if e.theme and e.theme.id == mention.id]
        assert mention.sentiment == pytest.approx(np.mean(moods), abs=1e-4)
        assert mention.sentiment < -0.9


def test_before_the_first_fit_there_are_no_themes_and_no_version(reader: Reader) -> None:
    (read,) = reader.read([Comment(COMMENTS["en"])], None)
    assert read.themes == ()
    assert read.themes_version is None
    assert all(one.theme is None for one in read.excerpts)


def test_what_read_a_comment_is_kept_with_it(reader: Reader) -> None:
    (read,) = reader.read([Comment("ok")], None)
    assert read.model == reader.version
    assert reader.encoder.version in reader.version


_WHEN = ("today", "again", "monday", "friday", "twice", "at noon", "this week", "as always")
_WHO = ("for me", "for my mother", "at home", "at the office", "in town", "at the shop")
COURIER = [f"the courier never rang the bell {when} {who}" for when in _WHEN for who in _WHO]
REFUND = [f"my refund money is still missing {when} {who}" for when in _WHEN for who in _WHO]


def themes_of(reader: Reader) -> ThemeModel:
    """Themes of two causes, as the reader sees them."""
    texts = [*COURIER, *REFUND]
    read = reader.read([Comment(text, language_hint="en") for text in texts], None)
    own: list[StoredExcerpt] = []
    vectors = []
    for at, said in enumerate(read):
        for one, row in zip(said.excerpts, said.vectors, strict=True):
            own.append(StoredExcerpt(len(own), str(at), "en", one.text))
            vectors.append(row)
    return settle(find(own, np.stack(vectors), reader.concepts), None, None).model
