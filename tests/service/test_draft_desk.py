from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from pipelines.followup.book import FACTS
from service.draft_desk import findings, plan_of
from service.review.draft_words import BECAUSE
from service.storage.drafts import DraftRepository
from service.wiring import Odzew


@pytest.mark.parametrize("kept", [{}, {"version": 1, "segment": "passive"}, {"plan": {}}])
def test_a_plan_of_an_earlier_version_is_none(kept: dict[str, object]) -> None:
    assert plan_of(kept) is None


def test_a_draft_of_an_earlier_version_is_not_looked_over(
    client: TestClient, odzew: Odzew, workspace: str
) -> None:
    body = {"text": "The courier was rude.", "score": 1}
    case_id = client.post("/v1/feedback", json=body).json()["case_id"]
    with odzew.database.snapshot() as session:
        draft = DraftRepository(session, workspace).of_case(case_id)[0]
        assert plan_of(draft.plan) is not None
        typed = (draft.subject, "[name]")
        assert findings(odzew, session, workspace, draft, typed)
        session.expunge(draft)
        draft.plan = {"version": 1}
        assert findings(odzew, session, workspace, draft, typed) == []


def test_every_condition_of_a_block_has_words_for_reviewers() -> None:
    assert set(BECAUSE) == FACTS
