from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contracts import PipelineError
from service.sending.received import MOST, new_words, parse


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Thanks.\n\nOn Mon, 3 Nov 2026, Zipako wrote:\n> Hello,\n> we are sorry.\n", "Thanks."),
        ("Dziękuję.\n\nW dniu 3.11 Zipako napisał(a):\n> Dzień dobry\n", "Dziękuję."),
        ("Díky.\n> Dobrý den\n", "Díky."),
        ("Aitäh!\n-----Original Message-----\nFrom: care\nTere", "Aitäh!"),
        ("> all of it\n> is quoted\n", "> all of it\n> is quoted"),
        ("5 > 3 is true\nand so on", "5 > 3 is true\nand so on"),
        ("a\r\nb\r\n", "a\nb"),
        ("x" * (MOST + 5), "x" * MOST),
    ],
)
def test_what_is_quoted_below_is_left_out(text: str, new: str) -> None:
    assert new_words(text) == new


def test_a_page_is_read_without_its_tags() -> None:
    mail = parse(
        b"From: a@b.example\nMessage-ID: <1@b.example>\nContent-Type: text/html; charset=utf-8\n\n"
        b"<html><head><style>p {color: red}</style></head><body><p>Thank you</p><p>A &amp; B</p>"
        b"<script>alert(1)</script></body></html>"
    )
    assert mail.body.split() == ["Thank", "you", "A", "&", "B"]


@pytest.mark.parametrize("charset", ["utf-8", "cp1250", "iso-8859-2"])
@pytest.mark.parametrize("is_named", [True, False])
def test_letters_are_read_also_where_the_mail_names_no_character_set(
    charset: str, is_named: bool
) -> None:
    named = f"; charset={charset}" if is_named else ""
    head = f"From: a@b.example\nContent-Type: text/plain{named}\n\n"
    mail = parse(head.encode() + "Dziękuję, tak.".encode(charset))
    assert mail.body == "Dziękuję, tak."


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Type: text/plain; charset=klingon",
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64",
        b"Content-Type: multipart/mixed; boundary=",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        b"To: <<<>>>,,, @@@",
        b"Subject: =?utf-8?b?////?=",
        b"Message-ID: no brackets",
    ],
)
def test_a_mail_that_is_broken_is_read_as_far_as_it_can_be(head: bytes) -> None:
    mail = parse(b"From: Anna <anna@b.example>\n" + head + b"\n\nZ\xc5\xbc\xc3\xb3\xc5\x82\xff")
    assert mail.sender == "anna@b.example"
    assert "\x00" not in mail.body


@given(st.binary(max_size=400))
def test_any_bytes_after_a_sender_are_a_mail(content: bytes) -> None:
    mail = parse(b"From: a@b.example\n" + content)
    assert len(mail.body) <= MOST
    assert "\x00" not in mail.subject + mail.body + mail.mail_id


@given(st.binary(max_size=400).filter(lambda one: b"from" not in one.lower()))
def test_what_has_no_sender_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(PipelineError, match="message/rfc822"):
        parse(content)
