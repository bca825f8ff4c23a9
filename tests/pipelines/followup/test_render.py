from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from models.contracts import LANGUAGES
from pipelines.contracts import SEGMENTS, Segment
from pipelines.followup.grammar import NBSP, deadline, gender_of, salutation
from pipelines.followup.names import read_name
from pipelines.followup.plan import VARIANTS, DraftPlan
from pipelines.followup.quotes import in_marks
from pipelines.followup.render import TemplateError, facts, load_blocks, render

NAMES = {
    "pl": ("Anna Kostrzewa", None, "aaa"),
    "cs": ("Jana Nováková", None, "Anonym"),
    "et": ("Mari Tamm", None, "???"),
    "en": ("Anna Smith", None, "x@y.cz"),
}
QUOTES = {
    "pl": "kurier w ogóle nie zadzwonił",
    "cs": "balík přišel celý rozbitý",
    "et": "pakk jõudis kohale katkisena",
    "en": "the parcel came a week late",
}
APOLOGY = {
    "pl": r"[Pp]rzepraszamy|Przykro nam",
    "cs": r"omlouváme|Mrzí nás",
    "et": r"vabandust|Meil on väga kahju",
    "en": r"sorry|apologise",
}
THANKS = {"pl": "dziękujemy", "cs": "děkujeme", "et": r"Täna|[Aa]itäh", "en": r"[Tt]hank"}
RECOMMEND = {"pl": "recenzję", "cs": "recenzi", "et": "arvustus", "en": "review"}
REPLY = {"pl": "na tę wiadomość", "cs": "tuto zprávu", "et": "sellele kirjale", "en": "message"}
BY_PHONE = {"pl": "przez telefon", "cs": "po telefonu", "et": "telefon", "en": "by phone"}
PROMISES = r"rekompensat|odszkodowa|zwrot|refund|compens|odškodn|vrácen|hüvit|tagasimaks|rabat|slev"


def a_plan(language: str, segment: Segment, raw: str | None, gender: str | None) -> DraftPlan:
    name = read_name(raw)
    known = gender or gender_of(name, language)
    return DraftPlan(
        language=language,
        segment=segment,
        name=name.words if name else None,
        gender=known,
        salutation=salutation(name, known, language),
        quote=QUOTES[language],
        praised=None,
        has_comment=True,
        problem_open=False,
        contacted_before=False,
        suggestion=False,
        question=False,
        praise_person=False,
        sensitive=False,
        respond_by=datetime(2026, 11, 24, 15, tzinfo=UTC),
        company="Zipako",
        sender="Ewa Lis",
        contact="opieka@example.com",
        variant=0,
    )


def grid(language: str, segment: Segment) -> Iterator[DraftPlan]:
    people = list(product(NAMES[language], ("f", "m", None)))
    switches = list(product((False, True), repeat=4))
    for number, (person, switch) in enumerate(product(people, switches)):
        (name, gender), (is_open, sensitive, quoted, extras) = person, switch
        yield replace(
            a_plan(language, segment, name, gender),
            quote=QUOTES[language] if quoted else None,
            praised=QUOTES[language].upper()[:1] + QUOTES[language][1:] if extras else None,
            has_comment=quoted or extras,
            problem_open=is_open,
            sensitive=sensitive,
            contacted_before=extras,
            suggestion=extras,
            question=extras,
            praise_person=extras,
            variant=number % VARIANTS,
        )


@pytest.fixture(params=[(la, s) for la in LANGUAGES for s in SEGMENTS], ids="-".join)
def drafts(request: pytest.FixtureRequest) -> list[tuple[DraftPlan, str]]:
    return [(plan, render(plan).body.replace(NBSP, " ")) for plan in grid(*request.param)]


def test_every_draft_opens_with_the_salutation_thanks_and_is_signed(
    drafts: list[tuple[DraftPlan, str]],
) -> None:
    for plan, body in drafts:
        paragraphs = body.split("\n\n")
        assert paragraphs[0] == plan.salutation
        assert re.match(rf"(?:\w+ )?{THANKS[plan.language]}|Suur aitäh", paragraphs[1])
        assert paragraphs[-1].endswith("\nEwa Lis\nZipako")


def test_every_quote_stands_in_its_languages_marks(drafts: list[tuple[DraftPlan, str]]) -> None:
    for plan, body in drafts:
        if plan.quote:
            assert in_marks(plan.quote, plan.language) in body
        assert '"' not in body
        assert bool(re.search("[„“”]", body)) == bool(
            plan.quote or (plan.praised and not plan.sensitive)
        )


def test_no_draft_shows_its_seams(drafts: list[tuple[DraftPlan, str]]) -> None:
    for plan, body in drafts:
        text = f"{render(plan).subject}\n{body}"
        assert not re.search(r"\{\{|\}\}|None|True|False|  | \n|\.\.|[,.:;!?] ?[,.:;]", text)
        assert not re.search(r"aaa|Anonym|\?\?|x@y", text)
        assert not re.search(PROMISES, text)
        assert "http" not in text
        assert "www." not in text


def test_detractors_get_an_apology_a_time_and_a_direct_contact(
    drafts: list[tuple[DraftPlan, str]],
) -> None:
    for plan, body in drafts:
        if plan.segment == "detractor":
            assert re.search(APOLOGY[plan.language], body)
            assert deadline(plan.respond_by, plan.language).replace(NBSP, " ") in body
            assert plan.contact in body
            assert RECOMMEND[plan.language] not in body


def test_passives_get_one_question_a_time_and_are_asked_to_reply(
    drafts: list[tuple[DraftPlan, str]],
) -> None:
    for plan, body in drafts:
        if plan.segment == "passive" and not plan.sensitive:
            assert body.count("?") == 1
            assert REPLY[plan.language] in body
            assert deadline(plan.respond_by, plan.language).replace(NBSP, " ") in body


def test_promoters_are_asked_for_a_recommendation_unless_something_is_unsolved(
    drafts: list[tuple[DraftPlan, str]],
) -> None:
    for plan, body in drafts:
        if plan.segment == "promoter":
            content = not plan.problem_open and not plan.sensitive
            assert (RECOMMEND[plan.language] in body) == content
            assert (plan.contact in body) == (not content)


def test_sensitive_drafts_offer_a_call_first_and_stay_restrained(
    drafts: list[tuple[DraftPlan, str]],
) -> None:
    for plan, body in drafts:
        if plan.sensitive:
            assert BY_PHONE[plan.language] in body
            assert plan.contact in body
            assert "!" not in body.removeprefix(plan.salutation)


def test_polish_drafts_agree_with_the_person_addressed() -> None:
    for segment, variant in product(SEGMENTS, range(VARIANTS)):
        bodies = {
            gender: render(replace(a_plan("pl", segment, None, gender), variant=variant)).body
            for gender in ("f", "m", None)
        }
        assert not re.search(r"\bPan(a|u|em|ie)?\b|Państw", bodies["f"])
        assert not re.search(r"\bPani(ą)?\b|Państw", bodies["m"].replace("Szanowny Panie", ""))
        assert not re.search(r"\bPan(i|ią|a|u|em|ie)?\b", bodies[None] or "")


def test_czech_and_estonian_drafts_address_the_reader_with_capitals() -> None:
    small = {
        "cs": r"\b(vy|vás|vám|vámi|váš|vaše|vaši|vaší|vašich)\b",
        "et": r"\b(teie|teid|teile)\b",
    }
    for language, segment, variant in product(small, SEGMENTS, range(VARIANTS)):
        body = render(replace(a_plan(language, segment, None, None), variant=variant)).body
        assert not re.search(small[language], body)


def test_the_same_plan_gives_the_same_text_and_another_variant_may_not() -> None:
    plan = a_plan("pl", "detractor", "Anna Kostrzewa", "f")
    assert render(plan) == render(replace(plan))
    assert len({render(replace(plan, variant=n)).body for n in range(VARIANTS)}) > VARIANTS // 2


def test_words_of_a_customer_are_never_run_as_a_template() -> None:
    plan = replace(a_plan("en", "detractor", None, None), quote="{{ contact }} {% raw %}")
    assert "“{{ contact }} {% raw %}”" in render(plan).body


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_block_is_used_by_some_plan(language: str) -> None:
    unused = set(load_blocks(language))
    assert len(unused) > 20
    for segment, variant in product(SEGMENTS, range(4)):
        for plan in grid(language, segment):
            bare = replace(plan, quote=None, praised=None, has_comment=variant % 2 == 0)
            facts_of = plan if variant > 1 else bare
            unused -= {block for block in unused if block.applies(facts(facts_of))}
    assert not {block.name for block in unused}


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        ('text = ["a {{ quote }}"]', "at least 2"),
        ('when = ["angry"]\ntext = ["a", "b"]', "unknown condition"),
        ('text = ["a {{ refund }}", "b"]', "unknown slot"),
        ('text = ["a {{ quote", "b"]', "'thanks'"),
        ("text = 1", "TypeError"),
        ("text = [", "Invalid"),
    ],
)
def test_a_template_that_breaks_its_rules_is_refused(
    tmp_path: Path, block: str, complaint: str
) -> None:
    head = '[[block]]\nname = "thanks"\nparagraph = 1\n'
    (tmp_path / "en.toml").write_text(head + block, encoding="utf-8")
    with pytest.raises(TemplateError, match=complaint):
        load_blocks("en", tmp_path)
