"""How the example client waits, gives up, and names what was refused."""

import importlib.util
import json

import httpx
import pytest

from koss.api.problems import Problem
from tests.processes import ROOT

ORIGIN = "https://portal.example"


@pytest.fixture(scope="module")
def koss_client():
    file = ROOT / "docs" / "client" / "koss_client.py"
    spec = importlib.util.spec_from_file_location("koss_client", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Wire:
    """Answers with ``answers`` in turn: (status, body, headers), or an error to raise."""

    def __init__(self, *answers):
        self.answers, self.asked, self.slept = list(answers), [], []

    def __call__(self, request):
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body, headers = answer
        return httpx.Response(status, json=body, headers=headers)


@pytest.fixture
def speak(koss_client):
    """``speak(*answers)``: (a client, the wire that it speaks by)."""
    clients = []

    def begin(*answers, patience=120):
        wire = Wire(*answers)
        transport = httpx.MockTransport(wire)
        client = koss_client.Client(
            ORIGIN, "koss_x", patience=patience, transport=transport, sleep=wire.slept.append
        )
        clients.append(client)
        return client, wire

    yield begin
    for client in clients:
        client.http.close()


def refusal(code, headers=None, **more):
    """As the portal itself refuses."""
    answer = Problem(code, headers=headers, **more).response()
    return answer.status_code, json.loads(answer.content), dict(answer.headers.items())


SENT = (202, {"send_number": "1"}, {})
GONE = httpx.ConnectError("gone")


@pytest.mark.parametrize(
    ("first", "slept"),
    [
        (refusal("too_many_requests", {"Retry-After": "17"}), 17),
        (refusal("unavailable", {"Retry-After": "10"}), 10),
        (refusal("in_flight", {"Retry-After": "2"}), 2),
        (refusal("unavailable"), 1),
        (GONE, 1),
    ],
)
def test_it_waits_as_told_and_sends_the_same_with_the_same_key(speak, first, slept):
    client, wire = speak(first, SENT)
    assert client.submit([{"reference": "a"}])["send_number"] == "1"
    assert wire.slept == [slept]
    before, after = wire.asked
    assert before.content == after.content
    assert before.headers["Idempotency-Key"] == after.headers["Idempotency-Key"]


def test_its_patience_ends(speak, koss_client):
    client, wire = speak(refusal("too_many_requests", {"Retry-After": "60"}), patience=30)
    with pytest.raises(koss_client.TooManyRequests) as refused:
        client.key()
    assert (refused.value.retry_after, wire.slept) == (60, [])


def test_what_could_happen_twice_is_not_sent_again(speak):
    client, wire = speak(GONE)
    with pytest.raises(httpx.ConnectError):
        client.call("POST", "sandbox/nights", {})
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("unauthorized", "Unauthorized"),
        ("scope_missing", "Forbidden"),
        ("not_found", "NotFound"),
        ("conflict", "Conflict"),
        ("idempotency_key_reused", "Invalid"),
        ("broken", "Broken"),
        ("too_large", "ApiProblem"),
    ],
)
def test_a_refusal_has_its_type_and_code(speak, koss_client, code, name):
    client, _wire = speak(refusal(code))
    with pytest.raises(koss_client.ApiProblem) as refused:
        client.withdraw("1")
    assert (type(refused.value).__name__, refused.value.code) == (name, code)


def test_a_fault_has_its_place_and_an_answer_of_a_proxy_is_a_refusal_too(speak, koss_client):
    fault = {"pointer": "#/applications/0/plate", "code": "invalid", "detail": "x"}
    client, _wire = speak((422, {"code": "invalid", "errors": [fault]}, {}), (502, [], {}))
    with pytest.raises(koss_client.Invalid) as refused:
        client.check([{}])
    assert [each.place for each in refused.value.faults] == ["#/applications/0/plate"]
    with pytest.raises(koss_client.Broken) as refused:
        client.key()
    assert (refused.value.status, refused.value.code) == (502, "")


def test_the_key_follows_no_link_to_another_host(speak):
    link = {"next": {"href": "https://elsewhere.example/api/v1/applications?page=2-2&limit=1"}}
    client, wire = speak(
        (200, {"items": [{"n": 1}], "has_more": True, "_links": link}, {}),
        (200, {"items": [{"n": 2}], "has_more": False, "_links": {}}, {}),
    )
    assert [each["n"] for each in client.applications(status="received")] == [1, 2]
    assert str(wire.asked[1].url) == f"{ORIGIN}/api/v1/applications?page=2-2&limit=1"


def test_changes_tell_each_application_once_at_its_newest(speak):
    def page(cursor, more, *versions):
        items = [{"receipt_number": number, "version": version} for number, version in versions]
        return 200, {"items": items, "has_more": more, "next_cursor": cursor, "_links": {}}, {}

    client, wire = speak(page("5", True, ("1", 1), ("2", 1)), page("9", False, ("1", 2)))
    found, cursor = client.changes("3")
    assert [(each["receipt_number"], each["version"]) for each in found] == [("2", 1), ("1", 2)]
    assert cursor == "9"
    assert [each.url.params["changed_since"] for each in wire.asked] == ["3", "5"]


def test_a_digest_comes_from_the_portal_and_only_known_files_are_sent(speak):
    client, wire = speak((201, {"digest": "d"}, {}))
    assert client.upload(b"%PDF", "保険.pdf") == "d"
    assert wire.asked[0].headers["Content-Type"] == "application/pdf"
    assert wire.asked[0].url.params["name"] == "保険.pdf"
    with pytest.raises(ValueError, match="not a"):
        client.upload(b"x", "a.exe")


def test_waiting_ends(speak, koss_client):
    client, wire = speak(*[(200, {"status": {"code": "received"}}, {})] * 2)
    with pytest.raises(koss_client.TimedOut) as missed:
        client.wait_for_status("1", "in_review", within=0.3)
    assert missed.value.last["status"]["code"] == "received"
    assert wire.slept == [0.2]
