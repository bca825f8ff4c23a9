from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pipelines.contracts import PipelineError
from service.refits import Refit, RefitRunningError, RefitState, newest_refit
from service.storage.file_lock import hold
from service.wiring import Odzew

WORKSPACE = "wsp_1"


def newest(home: Path) -> RefitState:
    found = newest_refit(home, WORKSPACE)
    assert found is not None
    return found


def test_before_the_first_refit_nothing_is_known(tmp_path: Path) -> None:
    assert newest_refit(tmp_path, WORKSPACE) is None


def test_a_refit_says_how_far_it_is_and_what_came_of_it(tmp_path: Path) -> None:
    with Refit(tmp_path, WORKSPACE, "Ewa") as refit:
        assert (newest(tmp_path).state, newest(tmp_path).who) == ("running", "Ewa")
        refit.at(1, excerpts=12)
        assert (newest(tmp_path).step, newest(tmp_path).excerpts) == (1, 12)
        with pytest.raises(RefitRunningError, match="history"):
            Refit(tmp_path, WORKSPACE, "Ola")
        refit.done(7)
    done = newest(tmp_path)
    assert (done.state, done.change, done.usual_s) == ("done", 7, None)
    with Refit(tmp_path, WORKSPACE, "Ola"):
        assert newest(tmp_path).usual_s == pytest.approx(done.took_s)


@pytest.mark.parametrize(
    ("error", "says"),
    [(PipelineError("Too little."), "Too little."), (KeyError("secret"), "on our side")],
)
def test_a_refit_that_fails_says_why_and_no_secret(
    tmp_path: Path, error: Exception, says: str
) -> None:
    with pytest.raises(type(error)), Refit(tmp_path, WORKSPACE, "Ewa"):
        raise error
    found = newest(tmp_path)
    assert (found.state, says in found.problem) == ("failed", True)
    assert "secret" not in found.problem


def test_a_refit_whose_process_ended_is_said_to_have_stopped(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Refit(tmp_path, WORKSPACE, "Ewa"):
        raise KeyboardInterrupt
    assert newest(tmp_path).state == "stopped"


def test_a_file_that_cannot_be_read_is_as_none(tmp_path: Path) -> None:
    (tmp_path / f"refit-{WORKSPACE}.json").write_text('{"state": "done"}', "utf-8")
    assert newest_refit(tmp_path, WORKSPACE) is None


@pytest.mark.usefixtures("loaded")
def test_a_refit_started_from_the_page_is_followed_there(
    signed_in: TestClient, odzew: Odzew
) -> None:
    started = signed_in.post("/themes/refit")
    assert started.url.path == "/themes/refit"
    for refit in odzew._refits:
        refit.join()
    page = signed_in.get("/themes/refit").text
    assert "Nothing came of the fit that Ewa started" in page
    assert "30" in page
    assert "http-equiv" not in page


@pytest.mark.usefixtures("loaded")
def test_a_refit_under_way_is_shown_and_no_other_is_started(
    signed_in: TestClient, odzew: Odzew, workspace: str
) -> None:
    with Refit(odzew.settings.home, workspace, "Ola") as refit:
        refit.at(1, excerpts=1_234)
        page = signed_in.get("/themes/refit").text
        assert "Step 2 of 3" in page
        assert "1,234 excerpts" in page
        assert "started by Ola" in page
        assert '<noscript><meta http-equiv="refresh"' in page
        for path in ("/themes", "/themes/changes"):
            assert "Themes are being fitted" in signed_in.get(path).text
        answer = signed_in.post("/themes/refit")
        assert answer.status_code == 409
        assert 'href="/themes/changes"' in answer.text
        assert 'href="/themes/refit"' in answer.text
    hold(odzew.settings.home / f"refit-{workspace}.lock").close()
