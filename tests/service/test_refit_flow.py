"""Refits from beginning to end: bad input, interruptions, and what else goes on meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from models.contracts import TooFewTextsError
from pipelines.ports import Change
from pipelines.theme_life import changes, finding
from pipelines.theme_life.refit import compact
from service import wiring
from service.refits import RefitRunningError
from service.storage.theme_history import ThemeHistory
from service.storage.theme_tables import ThemeChange
from service.storage.theme_weeks import theme_history
from service.storage.themes import ThemeRepository
from service.theme_desk import ThemeDesk
from service.wiring import Odzew
from tests.models.made_up_texts import corpus
from tests.service.themed import APP, DELIVERY, put_two_themes


def take_in(client: TestClient, texts: Sequence[str]) -> None:
    """Store comments, each of another customer."""
    items = [{"text": text, "external_id": f"x-{at}"} for at, text in enumerate(texts)]
    assert client.post("/v1/feedback/batch", json={"items": items}).status_code == 200


def state(odzew: Odzew, workspace: str) -> tuple[Any, ...]:
    """The model in use, the theme of each excerpt, and how many changes there were."""
    with odzew.database.snapshot() as session:
        repository = ThemeRepository(session, workspace)
        model = repository.current_model()
        return (
            model and model.version,
            repository.themes_of_excerpts(),
            len(ThemeHistory(session, workspace).listed()),
            [theme.id for theme in repository.living()],
        )


@pytest.fixture
def fitted(odzew: Odzew, workspace: str, client: TestClient) -> list[str]:
    """Ids of the themes of a first fit, the largest first."""
    take_in(client, corpus().texts)
    odzew.refit_themes(workspace)
    return [one["id"] for one in client.get("/v1/themes").json()["items"]]


class Interrupted(Exception):
    """The process was stopped here."""


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (wiring, "find"),
        (changes, "settle"),
        (changes, "shown"),
        (ThemeRepository, "themes_of_excerpts"),
        (ThemeRepository, "_put_themes"),
        (ThemeRepository, "_put_assigned"),
    ],
)
@pytest.mark.parametrize("after", [False, True])
def test_a_refit_that_is_interrupted_anywhere_leaves_everything_as_it_was(
    odzew: Odzew,
    workspace: str,
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    name: str,
    after: bool,
) -> None:
    take_in(client, corpus().texts[:60])
    put_two_themes(odzew, workspace)
    before, whole = state(odzew, workspace), getattr(owner, name)

    def stop(*arguments: Any, **named: Any) -> None:
        if after:
            whole(*arguments, **named)
        raise Interrupted

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, stop)
        with pytest.raises(Interrupted):
            odzew.refit_themes(workspace)
    assert state(odzew, workspace) == before


def test_after_an_interrupted_refit_the_next_one_runs(
    odzew: Odzew, workspace: str, fitted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise Interrupted

    with monkeypatch.context() as patch:
        patch.setattr(changes, "settle", stop)
        with pytest.raises(Interrupted):
            odzew.refit_themes(workspace)
    assert odzew.refit_themes(workspace).kept_share == 1.0
    assert set(state(odzew, workspace)[3]) == set(fitted)


def test_of_two_refits_at_once_one_runs_and_the_other_is_told_so(
    odzew: Odzew, workspace: str, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(client, corpus().texts)
    begun, go_on, find = Event(), Event(), finding.find

    def slow(*arguments: Any, **named: Any) -> Any:
        begun.set()
        assert go_on.wait(60)
        return find(*arguments, **named)

    monkeypatch.setattr(wiring, "find", slow)
    first = Thread(target=odzew.refit_themes, args=(workspace,))
    first.start()
    try:
        assert begun.wait(60)
        with pytest.raises(RefitRunningError, match="Wait for that fit to end"):
            odzew.refit_themes(workspace)
    finally:
        go_on.set()
        first.join()
    assert state(odzew, workspace)[2] == 1


def test_themes_that_are_merged_while_a_refit_runs_on_them_stay_merged(
    odzew: Odzew, workspace: str, fitted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, stays = fitted[:2]
    find = finding.find

    def merged_meanwhile(*arguments: Any, **named: Any) -> Any:
        found = find(*arguments, **named)
        ThemeDesk(odzew, workspace, "Ewa").merge(gone, stays)
        return found

    monkeypatch.setattr(wiring, "find", merged_meanwhile)
    refit = odzew.refit_themes(workspace)
    themes = set(state(odzew, workspace)[1])
    assert gone not in themes
    assert stays in themes
    assert refit.kept_share == 1.0
    assert {fate.kind for fate in refit.fates} == {"kept"}


def test_a_model_of_an_older_version_is_followed_by_one_found_anew(
    odzew: Odzew, workspace: str, fitted: list[str]
) -> None:
    assert fitted
    with odzew.database.transaction() as session:
        session.execute(update(ThemeChange).values(content=b"of long ago", version="old"))
    refit = odzew.refit_themes(workspace)
    assert {fate.kind for fate in refit.fates} == {"new"}
    assert state(odzew, workspace)[0] == refit.version


def test_one_language_alone_has_themes(odzew: Odzew, workspace: str, client: TestClient) -> None:
    texts = [
        text for text, code in zip(corpus().texts, corpus().languages, strict=True) if code == "en"
    ]
    take_in(client, texts)
    refit = odzew.refit_themes(workspace)
    assert refit.themes >= 2
    assert refit.unthemed_share < 0.3
    assert odzew.refit_themes(workspace).kept_share == 1.0


def test_texts_that_are_all_identical_are_too_few_and_leave_the_model_in_use(
    odzew: Odzew, workspace: str, client: TestClient
) -> None:
    take_in(client, ["The courier never rang the bell."] * 60)
    put_two_themes(odzew, workspace)
    before = state(odzew, workspace)
    with pytest.raises(TooFewTextsError, match="there are 1"):
        odzew.refit_themes(workspace)
    assert client.post("/v1/themes/refit").status_code == 409
    assert state(odzew, workspace) == before


def test_one_giant_topic_is_a_theme_that_holds_still(
    odzew: Odzew, workspace: str, client: TestClient
) -> None:
    words = [text.split()[-1] for text in corpus().texts]
    take_in(client, [f"the courier never rang the bell {word}" for word in words])
    refit = odzew.refit_themes(workspace)
    assert refit.themes >= 1
    assert refit.unthemed_share < 0.3
    again = odzew.refit_themes(workspace)
    assert (again.kept_share, again.themes) == (1.0, refit.themes)


def test_a_workspace_without_answers_has_no_themes_and_no_incidents(
    odzew: Odzew, workspace: str, client: TestClient
) -> None:
    with pytest.raises(TooFewTextsError, match="at least 30"):
        odzew.refit_themes(workspace)
    assert client.post("/v1/themes/refit").status_code == 409
    assert odzew.watch_themes(workspace) == 0
    assert not odzew.refit_is_due(workspace)
    assert client.get("/v1/insight/spikes").json() == {"items": []}


@pytest.mark.parametrize(
    ("fate", "reason"),
    [
        ({"kind": "retired", "other": None, "evidence": {}}, "no excerpt has it any more"),
        (
            {"kind": "retired", "other": None, "evidence": {"dimensions": 384.0}},
            "made with another encoder",
        ),
        (
            {"kind": "merged", "other": DELIVERY.id, "evidence": {}},
            f"merged into “{DELIVERY.label}”",
        ),
    ],
)
@pytest.mark.usefixtures("loaded")
def test_a_theme_that_a_refit_takes_away_says_why(
    odzew: Odzew, workspace: str, fate: dict[str, Any], reason: str
) -> None:
    model = put_two_themes(odzew, workspace)
    left = compact(replace(model, prototypes=model.prototypes.of(model.prototypes.owners == 0)))
    with odzew.database.transaction() as session:
        repository = ThemeRepository(session, workspace)
        assigned = left.assign(repository.excerpts()[1])
        report = {"fates": [{"theme": APP.id, **fate}]}
        repository.put(Change("refit", "odzew", left, (APP.id,), report, assigned, 1))
        (gone,) = repository.retired()
    assert (gone.id, gone.retired_reason) == (APP.id, reason)


def test_answers_are_counted_by_week_and_by_language_survey_and_channel(
    odzew: Odzew, workspace: str, client: TestClient
) -> None:
    text = "The courier never rang the bell."
    where: list[dict[str, Any]] = [
        {"survey": "delivery 1", "attributes": {"channel": "web"}},
        {"survey": "delivery 2", "attributes": {"source": "Web"}},
        {"survey": "delivery 1", "attributes": {"channel": "phone"}},
        {"survey": "returns", "attributes": {"channel": "web"}},
        {"survey": "returns", "attributes": {"channel": "web"}, "language": "cs"},
    ]
    items = [
        {"text": text, "occurred_at": f"2025-01-{6 + 7 * (at % 2):02}T10:00:00Z", **one}
        for at, one in enumerate(where)
    ]
    assert client.post("/v1/feedback/batch", json={"items": items}).status_code == 200
    put_two_themes(odzew, workspace)
    with odzew.database.snapshot() as session:
        found = theme_history(session, workspace)
    assert len(found.weeks) == 2
    assert sorted(found.answers.sum(axis=0).tolist()) == [1, 1, 1, 2]
    assert found.answers.sum(axis=1).tolist() == [3, 2]
    assert sum(int(own.sum()) for own in found.counts.values()) == 5
