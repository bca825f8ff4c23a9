from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.spam import is_spam
from service import sample


@pytest.mark.parametrize(
    "text",
    [
        "https://bit.ly/3xyz",
        "www.best-offers.shop http://a.top/?ref=1",
        "-> cheap-meds.biz",
        "asdfghjkl",
        "qwerty qwerty asdf",
        "hjkl;;; sdfsdf",
        "fghjkhgfd kjhgfd",
        "sdkfjhgkjdfghkj wjkdfhgs",
        "Best online casino with free spins! Click here www.lucky-win.top",
        "Earn $500 a day with crypto trading, contact me on Telegram @trader_joe",
        "Pożyczka bez BIK w 15 minut! Kliknij tutaj: www.szybka-kasa.online kod rabatowy 77",
        "Půjčka bez registru ihned, klikni zde http://penize.site",
        "Kiirlaen 5 minutiga, kliki siia: www.laen-kohe.online",
        "We offer SEO services and backlinks, visit our website seo-rank.net",
    ],
)
def test_links_advertising_and_random_keys_are_spam(text: str) -> None:
    assert is_spam(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "super",
        "hmmmmmmm",
        "Grrrrrr!!!",
        "pffffff",
        "brrr zima",
        "wtf",
        "DSA, GDPR, RODO",
        "Scvrnkls.",
        "čtvrt, zmrzl, vlk",
        "krtkrtkrt",
        "XXL",
        "asd",
        "Power bank qwerty keyboard is great",
        "The link does not work: https://shop.example.com/order/12",
        "Nie działa https://sklep.pl/koszyk",
        "na allegro.pl jest taniej",
        "Zamówienie przez www.sklep.pl, kod rabatowy nie działa",
        "The promo code from your website www.shop.com was refused",
        "I came for the casino night, the hotel was lovely",
        "Chwilówka mnie uratowała, dziękuję",
        "Kiirlaenu intress on liiga suur, vt www.pank.ee",
        "Contact us on WhatsApp does not answer",
        "Napisałem na biuro@sklep.pl i cisza",
        "12345",
        "👍👍👍",
        "Нічого не працює",
    ],
)
def test_what_a_customer_may_say_is_not_spam(text: str) -> None:
    assert not is_spam(text)


def test_no_comment_of_the_sample_is_spam() -> None:
    for path in sorted(Path(sample.FOLDER).glob("feedback_*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            texts = [row["text"] for row in csv.DictReader(file)]
        assert [text for text in texts if is_spam(text)] == []


@given(st.text(max_size=60))
def test_any_text_is_told_about(text: str) -> None:
    assert is_spam(text) in (True, False)


@given(st.text(alphabet="qwertasdf", min_size=300, max_size=400))
def test_long_rows_of_keys_take_no_time(text: str) -> None:
    assert is_spam(text) in (True, False)
