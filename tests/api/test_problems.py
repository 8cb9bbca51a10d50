"""Every refusal is a problem with a code that lasts, and stands in the description."""

import json
from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from koss.api import ages, description, gate, problems, reads
from koss.api.versions import V1
from koss.ground import clock
from koss.ground.handler import Handler
from payments.models import Credential
from tests.api.callers import Caller, owner

pytestmark = pytest.mark.django_db
ALL = {400, 401, 403, 404, 405, 406, 409, 411, 413, 415, 422, 429, 500, 503}


def refused(response, status, code):
    """The problem that ``response`` is."""
    assert (response.status_code, response["Content-Type"]) == (status, problems.MEDIA_TYPE)
    said = response.json()
    assert (said["status"], said["code"]) == (status, code)
    for name in ("title", "title_en", "detail", "detail_en"):
        assert said[name]
    assert said["type"].endswith(f"/api/#{code}")
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    return said


def breaks(*_args, **_kwargs):
    raise OperationalError("the store is away")


def test_what_is_wrong_with_a_request():
    caller, bare = owner(), Caller()

    challenge = bare.get("key")
    refused(challenge, 401, "unauthorized")
    assert challenge["WWW-Authenticate"].startswith("Bearer")
    for key in ("koss_", "koss_" + "A" * 43, "koss_ä", "x" * 5000):
        wrong = Client(headers={"Authorization": f"Bearer {key}"}).get("/api/v1/key")
        refused(wrong, 401, "unauthorized")
    refused(caller.get("nowhere"), 404, "not_found")
    refused(caller.get("applications/21122310500030459"), 404, "not_found")
    not_taken = caller.send("delete", "key")
    refused(not_taken, 405, "method_not_allowed")
    assert not_taken["Allow"] == "GET"
    refused(caller.get("key", accept="text/html"), 406, "not_acceptable")
    refused(caller.get("key?limt=1"), 422, "invalid")
    refused(bare.get("key?a=%00"), 400, "bad_request")
    refused(Client().get("/api/v9/key"), 404, "not_found")


def test_a_value_that_is_refused_is_named_with_its_reason():
    caller = owner()

    for query, parameter, code in [
        ("limit=0", "limit", "greater_than_equal"),
        ("limit=1e1", "limit", "int_parsing"),
        ("from=2026-13-01", "from", "date_from_datetime_parsing"),
        ("from=1", "from", "date_parsing"),
        ("status=nothing", "status", "enum"),
        ("changed_since=-1", "changed_since", "string_pattern_mismatch"),
        ("page=2026-01-01", "page", "string_pattern_mismatch"),
    ]:
        said = refused(caller.get(f"applications?{query}"), 422, "invalid")
        assert said["errors"][0]["parameter"] == parameter, said
        assert said["errors"][0]["code"] == code, said
        assert said["errors"][0]["detail"] != said["errors"][0]["detail_en"]


def test_a_minute_has_so_many_requests(settings, time_machine):
    settings.KOSS_API_REQUESTS_PER_MINUTE = 3
    caller, other = owner(), owner()
    time_machine.move_to(clock.at(date(2026, 4, 1), hour=9, second=48), tick=False)

    answers = [caller.get("key") for _ in range(3)]
    assert [answer["RateLimit"] for answer in answers] == [
        f'"minute";r={left};t=12' for left in (2, 1, 0)
    ]
    assert answers[0]["RateLimit-Policy"] == '"minute";q=3;w=60'
    too_many = caller.get("key")
    refused(too_many, 429, "too_many_requests")
    assert too_many["Retry-After"] == "12"
    # By key, whatever the address; and used_at is written once a minute.
    assert other.get("key").status_code == 200
    time_machine.shift(13)
    assert caller.get("key")["RateLimit"] == '"minute";r=2;t=59'
    used = Credential.objects.get(pk=caller.credential.pk).used_at
    time_machine.shift(20)
    caller.get("key")
    assert Credential.objects.get(pk=caller.credential.pk).used_at == used


def test_what_breaks_is_a_problem_too(monkeypatch):
    caller = owner()
    monkeypatch.setattr(reads.showing, "lines", lambda *_, **__: 1 / 0)
    refused(caller.get("applications"), 500, "broken")
    monkeypatch.setattr("payments.payer.credentials.find", breaks)
    away = caller.get("key")
    refused(away, 503, "unavailable")
    assert away["Retry-After"] == "30"


def test_every_operation_lists_every_answer():
    described = description.describe(V1)

    assert described["openapi"].startswith("3.1")
    assert {int(status) for status in described["components"]["responses"]} == ALL
    for status, answer in described["components"]["responses"].items():
        assert list(answer["content"]) == [problems.MEDIA_TYPE], status
        assert HTTPStatus(int(status))
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            needed = {400, 401, 403, 405, 406, 429, 500, 503}
            needed |= {404} if "{" in path else set()
            needed |= {409, 411, 413, 415, 422} if method in ("post", "put") else set()
            assert {str(status) for status in needed} <= set(operation["responses"]), path
            assert operation["security"] == [{"ApiKey": []}]
            assert operation["operationId"].count(".") == 0
    assert Client().get("/api/v1/openapi.json").json() == json.loads(json.dumps(described))


def test_what_grows_old_says_so(monkeypatch):
    today = clock.today()
    age = ages.Age(today, today + ages.LEAST_NOTICE)
    monkeypatch.setitem(ages.AGES, "key", age)
    caller = owner()

    answer = caller.get("key")

    assert answer["Deprecation"] == f"@{round(clock.at(today).timestamp())}"
    assert answer["Sunset"].endswith("GMT")
    assert 'rel="deprecation"' in answer["Link"]
    assert "Deprecation" not in caller.get("events")
    assert description.describe(V1)["paths"]["/api/v1/key"]["get"]["deprecated"]
    with pytest.raises(ValueError, match="notice"):
        ages.Age(today, today + timedelta(days=30))


def test_a_body_in_chunks_is_read_as_far_as_the_interface_takes(settings):
    sent = b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 10)

    class Input:
        def read(self, most):
            return sent[:most]

    for path, length in (("/api/v1/key", len(sent)), ("/contact/", 2621441)):
        variables = {"HTTP_TRANSFER_ENCODING": "chunked", "PATH_INFO": path, "wsgi.input": Input()}
        with pytest.raises(KeyError):  # a request needs more than that; its body was read before
            Handler.__call__(Handler.__new__(Handler), variables, None)
        assert variables["CONTENT_LENGTH"] == str(length)


def test_a_body_is_read_by_the_limit_of_its_operation():
    takes = gate.Takes(types=("application/pdf",), most=10)
    echo = gate.around(lambda request: HttpResponse(request.body), "echo", takes, {"POST": ()})

    def post(body, kind="application/pdf"):
        headers = {"Authorization": "Bearer koss_"}
        request = RequestFactory().post("/api/v1/echo", body, content_type=kind, headers=headers)
        return echo(request)

    assert post(b"x" * 10).content == b"x" * 10
    for answer, status, code in [
        (post(b"x" * 11), 413, "too_large"),
        (post(b"x", "application/json"), 415, "unsupported_media_type"),
    ]:
        assert (answer.status_code, json.loads(answer.content)["code"]) == (status, code)
