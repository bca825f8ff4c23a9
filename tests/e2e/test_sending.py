"""A draft is edited, approved and sent in a real browser; the mail and the answer are real too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect
from pydantic import SecretStr
from sqlalchemy import select, update

from pipelines.cases import Step
from service.sending.dispatch import Dispatcher
from service.sending.inbound import take_in
from service.storage.answer_tables import Respondent
from service.storage.case_tables import CaseRow
from service.storage.cases import CaseRepository
from tests.conftest import come_in
from tests.e2e.site import IN_A_BROWSER, Site, open_page
from tests.service.conftest import Mailbox, mailbox
from tests.service.sending.clock import NOON
from tests.service.themed import DELIVERY, put_two_themes

__all__ = ["mailbox"]
pytestmark = IN_A_BROWSER
WORDS = {
    "Polish": "Kurierzy dzwonią teraz przed przyjazdem.",
    "Czech": "Kurýři teď před příjezdem zavolají.",
    "Estonian": "Kullerid helistavad nüüd enne tulekut.",
    "English": "Couriers now ring before they come.",
}


@pytest.fixture
def mailing(site: Site, mailbox: Mailbox) -> Site:
    """A site that mails customers, with two people who know each other."""
    addresses = {
        "smtp_url": SecretStr(f"smtp://127.0.0.1:{mailbox.port}"),
        "mail_from": "Zipako <care@zipako.example>",
        "reply_to": "care+{case}@zipako.example",
        "two_approvers": False,
    }
    site.odzew.settings = site.odzew.settings.model_copy(update=addresses)
    come_in(site.odzew, site.workspace, "Jan")
    return site


def test_a_draft_is_edited_with_the_linter_complaining_approved_mailed_and_answered(
    chromium: Browser, mailing: Site, mailbox: Mailbox
) -> None:
    page = open_page(chromium, mailing)
    page.goto(f"{mailing.address}/queue?language=pl")
    page.locator(".queue .name").filter(has_text="Anna Wójcik").click()
    with mailing.odzew.database.transaction() as session:
        session.execute(update(Respondent).values(email="anna@poczta.example"))
    message = page.get_by_label("Message")
    text = message.input_value()
    message.fill(text + "\n\nOferujemy rabat.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("alert")).to_contain_text("Mend this before approving")
    expect(page.locator(".findings .blocking")).to_contain_text("rabat")
    # The browser itself notes that the page that says so is a 409.
    assert [("409" in one) for one in mailing.complaints] == [True]
    mailing.complaints.clear()
    page.get_by_label("Message").fill(text + "\n\nPS. Zadzwonimy.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved by Ewa.")).to_be_visible()
    page.get_by_text("What was changed in the engine’s text").click()
    expect(page.locator(".diff ins")).to_contain_text("Zadzwonimy")
    page.get_by_role("button", name="Send by e-mail").click()
    expect(page.get_by_text("waits to be sent")).to_be_visible()
    later = datetime.now(UTC).replace(hour=NOON.hour) + timedelta(days=1)
    assert Dispatcher(mailing.odzew).round(lambda: later) == 1
    (mail,) = mailbox.mails
    assert mail["To"] == "Anna Wójcik <anna@poczta.example>"
    answer = (
        f"From: Anna <anna@poczta.example>\nTo: {mail['Reply-To']}\nSubject: Re: x\n"
        f"Message-ID: <r1@poczta.example>\nIn-Reply-To: {mail['Message-ID']}\n\n"
        "Dziękuję, czekam na telefon."
    )
    take_in(mailing.odzew, mailing.workspace, answer.encode(), later)
    page.reload()
    expect(page.locator("#replies")).to_contain_text("Dziękuję, czekam na telefon.")
    page.get_by_role("link", name="Outbox").click()
    expect(page.get_by_role("link", name="Anna Wójcik")).to_be_visible()


def test_the_keyboard_reads_approves_and_sends_a_draft_from_the_queue(
    chromium: Browser, mailing: Site
) -> None:
    page = open_page(chromium, mailing)
    names = page.locator(".queue .name")
    before = names.all_inner_texts()
    page.keyboard.press("j")
    page.keyboard.press("p")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Message")).to_be_visible()
    expect(dialog.get_by_role("button", name="Approve")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Approved by Ewa.")).to_be_visible()
    dialog.get_by_role("button", name="I sent it by hand").press("Enter")
    expect(dialog.get_by_role("button", name="Write another message")).to_be_visible()
    page.keyboard.press("Escape")
    expect(names).to_have_text(before[1:])
    expect(names.first).to_be_focused()


def test_those_who_raised_a_theme_are_told_by_mail_what_was_done(
    chromium: Browser, mailing: Site, mailbox: Mailbox
) -> None:
    put_two_themes(mailing.odzew, mailing.workspace)
    now = datetime.now(UTC)
    with mailing.odzew.database.transaction() as session:
        session.execute(update(Respondent).values(email=Respondent.external_id + "@post.example"))
        cases = CaseRepository(session, mailing.workspace)
        for case in session.scalars(select(CaseRow.id)).all():
            clock = mailing.odzew.rules(mailing.workspace).clock
            cases.move(case, Step("close", "Ewa", now, "Called"), clock)
    page = open_page(chromium, mailing)
    page.goto(f"{mailing.address}/themes/{DELIVERY.id}")
    page.get_by_label("What is to be done").fill("Ring before coming")
    page.get_by_role("button", name="Plan it").click()
    page.get_by_text("It is done", exact=True).click()
    done = page.locator("form", has=page.get_by_role("button", name="Done, and this"))
    for language, words in WORDS.items():
        done.get_by_label(language).fill(words)
    page.get_by_role("button", name="Done, and this").click()
    page.get_by_role("button", name="Draft the messages").click()
    letters = page.locator("table.letters tbody tr")
    expect(letters.first).to_be_visible()
    count = letters.count()
    letters.first.locator("summary").click()
    expect(letters.first.locator(".letter")).to_contain_text("care@zipako.example")
    for box in letters.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Approve the ticked").click()
    expect(page.get_by_role("status")).to_contain_text("approved")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("in the outbox")
    later = now.replace(hour=NOON.hour) + timedelta(days=1)
    assert Dispatcher(mailing.odzew).round(lambda: later) == count
    assert len({mail["To"] for mail in mailbox.mails}) == count
    for mail in mailbox.mails:
        plain = mail.get_body(("plain",))
        assert plain is not None
        text = " ".join(str(plain.get_content()).split())
        assert any(words in text for words in WORDS.values())
