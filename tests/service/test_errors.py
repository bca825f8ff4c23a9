from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from models.contracts import ArtifactError, BundleError, ModelError, TooFewTextsError
from pipelines.cases import MoveError
from pipelines.contracts import PipelineError, RejectedError
from service import errors
from service.app import create_app
from service.refits import RefitRunningError
from service.storage.conflicts import ConflictError, NotFoundError
from service.wiring import Odzew
from tests.conftest import KeyMaker, sign_in

KEPT = "Anna ma numer 600 700 800"


@pytest.fixture
def lenient(odzew: Odzew, workspace: str, new_key: KeyMaker) -> Iterator[TestClient]:
    """A client that sees a 500 as browsers do, instead of its exception."""
    app = create_app(odzew)
    with TestClient(app, raise_server_exceptions=False) as found:
        found.headers["Authorization"] = f"Bearer {new_key(workspace)}"
        yield found


def fail(client: TestClient, error: Exception) -> None:
    """Add routes that fail with an error."""

    def failing() -> None:
        raise error

    for path in ("/v1/failing", "/failing"):
        client.app.add_api_route(path, failing)  # type: ignore[attr-defined]


def assert_is_problem(answer: object, status: int) -> str:
    body = answer.json()  # type: ignore[attr-defined]
    assert answer.status_code == status  # type: ignore[attr-defined]
    assert answer.headers["content-type"] == errors.PROBLEM  # type: ignore[attr-defined]
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert body["title"]
    return str(body["detail"])


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RejectedError("score: no"), 422),
        (PipelineError("no"), 422),
        (MoveError("no"), 409),
        (ConflictError("no"), 409),
        (RefitRunningError("no"), 409),
        (TooFewTextsError("no"), 409),
        (NotFoundError("no"), 404),
        (ModelError("no"), 503),
        (ArtifactError("no"), 503),
        (BundleError("no"), 503),
    ],
)
def test_each_error_has_its_status_and_keeps_its_message(
    lenient: TestClient, error: Exception, status: int
) -> None:
    fail(lenient, error)
    assert assert_is_problem(lenient.get("/v1/failing"), status) == str(error)
    page = lenient.get("/failing", headers={"Accept": "text/html"})
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert str(error) in page.text


@pytest.mark.parametrize("path", ["/v1/failing", "/failing"])
def test_a_500_shows_an_incident_and_hides_the_exception(
    lenient: TestClient, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    fail(lenient, RuntimeError(KEPT))
    with caplog.at_level(logging.ERROR, "service.errors"):
        answer = lenient.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 500
    incident = re.search(r"Incident ([0-9a-f]{8})", answer.text)
    assert incident
    assert incident[1] in caplog.text
    for hidden in ("Anna", "RuntimeError", "Traceback"):
        assert hidden not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/feedback/fb_none", 404),
        ("GET", "/v1/cases/none", 404),
        ("GET", "/v1/cases/none/drafts", 404),
        ("GET", "/v1/themes/thm_none", 404),
        ("GET", "/v1/themes/thm_none/excerpts", 404),
        ("POST", "/v1/drafts/none/submit", 404),
        ("POST", "/v1/messages/none/cancel", 404),
        ("GET", "/v1/messages/none", 404),
        ("POST", "/v1/cases/none/contact", 404),
        ("POST", "/v1/cases/none/dance", 422),
        ("POST", "/v1/themes/refit", 409),
        ("GET", "/v1/classify", 405),
        ("DELETE", "/v1/feedback", 405),
        ("GET", "/v1/queue?limit=0", 422),
        ("GET", "/v1/queue?limit=9999999999999999999999", 422),
        ("GET", "/v1/queue?sort=random", 422),
        ("GET", "/v1/queue?segment=angry", 422),
        ("GET", "/v1/queue?priority=P9", 422),
        ("GET", "/v1/queue?language=de", 422),
        ("GET", "/v1/queue?state=lost", 422),
        ("GET", "/v1/cases/%ff%00", 404),
        ("GET", "/static/nothing.css", 404),
    ],
)
def test_machines_get_a_problem_document(
    lenient: TestClient, method: str, path: str, status: int
) -> None:
    assert assert_is_problem(lenient.request(method, path), status)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/cases/none", 404),
        ("/cases/%ff%00", 404),
        ("/themes/thm_none", 404),
        ("/queue?sort=random", 422),
        ("/queue?offset=-1", 422),
        ("/queue?state=lost", 422),
        ("/sign-in?token=%ff%00", 401),
        ("/static/../app.py", 404),
        ("/static/%2e%2e/pages.py", 404),
    ],
)
def test_people_get_a_page(
    odzew: Odzew, workspace: str, browser: TestClient, path: str, status: int
) -> None:
    browser.get(sign_in(odzew, workspace))
    answer = browser.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1>" in answer.text


def test_an_invalid_body_is_told_field_by_field(client: TestClient) -> None:
    answer = client.post("/v1/classify", json={"score": "seven", "extra": 1})
    assert assert_is_problem(answer, 422)
    wrong = {one["where"] for one in answer.json()["errors"]}
    assert wrong == {"body.text", "body.score", "body.extra"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"text": "Źle"}'.encode("cp1250"), "The body is not UTF-8 (byte 11). Send JSON"),
        (b"[" * 100_000, "The body is nested too deeply. Send one flat JSON object"),
        (b'{"text": "a", "score": ' + b"9" * 5_000 + b"}", "a number with too many digits"),
        (b"[]", "body: send one JSON object"),
        (b'{"text": "a"', "this is no JSON; send one JSON object"),
    ],
)
def test_a_body_that_cannot_be_read_is_told_what_to_send(
    client: TestClient, content: bytes, said: str
) -> None:
    answer = client.post(
        "/v1/classify", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in (400, 422)
    assert said in assert_is_problem(answer, answer.status_code)


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "text/plain"}])
def test_a_body_without_its_content_type_is_told_to_send_it(
    client: TestClient, headers: dict[str, str]
) -> None:
    answer = client.post("/v1/classify", content=b'{"text": "a"}', headers=headers)
    assert "`Content-Type: application/json`" in assert_is_problem(answer, 422)


def test_a_body_over_the_limit_is_refused(client: TestClient, odzew: Odzew) -> None:
    limit = odzew.settings.max_body_bytes
    body = b'{"text": "' + b"a" * limit + b'"}'
    assert "at most" in assert_is_problem(client.post("/v1/classify", content=body), 413)

    def chunks() -> Iterator[bytes]:
        yield from (b"a" * 1_000_000 for _ in range(limit // 1_000_000 + 1))

    assert_is_problem(client.post("/v1/classify", content=chunks()), 413)


def test_what_customers_write_is_shown_as_text_and_not_run(
    client: TestClient, signed_in: TestClient
) -> None:
    evil = "<script>alert(1)</script> <img src=x onerror=alert(1)> nikt nie odpowiada"
    body = {"text": evil, "score": 0, "respondent": {"id": "<i>1</i>", "name": "<b>Jan</b>"}}
    stored = client.post("/v1/feedback", json={**body, "attributes": {"<u>a</u>": "<s>b</s>"}})
    for path in ("/queue", f"/cases/{stored.json()['case_id']}"):
        page = signed_in.get(path).text
        assert "Jan" in page
        for tag in ("<script>alert", "<img src=x", "<b>Jan", "<u>a", "<s>b"):
            assert tag not in page


def test_answers_forbid_framing_sniffing_and_caching(
    signed_in: TestClient, client: TestClient
) -> None:
    for answer in (signed_in.get("/queue"), client.get("/v1/queue"), client.get("/v1/none")):
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"text": 5}, "text: give text in quotation marks"),
        ({"text": "a", "score": "many"}, "score: give a number"),
        ({"text": "a", "attributes": []}, "attributes: give names with their values"),
        ({"text": "a", "scale": {"min": 0}}, "scale.max: this is missing"),
        ({"text": "a", "scale": 5}, "scale: give text in quotation marks"),
        ({"text": "a", "attributes": {"shop": [1]}}, "attributes.shop: give one value: text, a"),
        ({"text": "a", "attributes": {"shop": {}}}, "attributes.shop: give one value: text, a"),
    ],
)
def test_a_wrong_value_is_told_what_to_send(
    client: TestClient, body: dict[str, object], said: str
) -> None:
    detail = assert_is_problem(client.post("/v1/classify", json=body), 422)
    assert said in detail
    assert "Input should" not in detail


@pytest.mark.parametrize("route", ["/v1/classify", "/v1/feedback/batch"])
@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("1e400", "score is too large for the scale 0 to 10. Send a score on the scale"),
        ("1" + "0" * 400, "score is too large for the scale 0 to 10. Send a score on the scale"),
        ("-1" + "0" * 400, "score is too small for the scale 0 to 10. Send a score on the scale"),
        ("1e300", "score 1e+300 is outside the scale 0 to 10."),
    ],
)
def test_a_huge_score_is_told_the_range(
    client: TestClient, route: str, number: str, said: str
) -> None:
    item = f'{{"text": "a", "score": {number}}}'
    content = f'{{"items": [{item}]}}' if "batch" in route else item
    answer = client.post(route, content=content, headers={"Content-Type": "application/json"})
    assert said in answer.text


@pytest.mark.parametrize("number", ["1e400", "1" + "0" * 400])
def test_a_huge_end_of_a_scale_is_told_the_range(client: TestClient, number: str) -> None:
    content = f'{{"text": "a", "score": 1, "scale": {{"min": 0, "max": {number}}}}}'
    headers = {"Content-Type": "application/json"}
    answer = client.post("/v1/classify", content=content, headers=headers)
    assert assert_is_problem(answer, 422).startswith("scale.max: this number is too large; give")


@pytest.mark.parametrize(
    "path", ["/v1/queue?stat=new", "/v1/themes?langage=pl", "/v1/queue?state=new&limt=3"]
)
def test_a_parameter_nobody_offers_is_refused(client: TestClient, path: str) -> None:
    detail = assert_is_problem(client.get(path), 422)
    assert "There is no parameter" in detail
    assert "Those there are" in detail
